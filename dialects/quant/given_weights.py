"""Weights whose scales are given: a quantized model says how each of its weights is rounded."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    Float32Type,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    TensorType,
    f32,
    i64,
)
from xdsl.ir import SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

from vaqf.dialects.quant.formats import MAXIMUM_BITS, BinaryType, largest_magnitude
from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of

FloatTensor = TensorType[Float32Type]


def expect_weight_width(elements: IntegerType, smallest: int, largest: int) -> None:
    """
    Check that a symmetric format of weights holds a range of integers.

    Raises:
        VerifyException: when it does not, or has another width than 2 to 16 bits.
    """
    bits = elements.width.data
    if not 2 <= bits <= MAXIMUM_BITS:
        raise VerifyException(f"'integers' has {bits} bits, accepted range is [2, {MAXIMUM_BITS}]")
    limit = largest_magnitude(elements)
    if not -limit <= smallest <= largest <= limit:
        raise VerifyException(
            f"the integers are {smallest} to {largest}, i{bits} of a weight holds {-limit} to "
            f"{limit}"
        )


@irdl_op_definition
class UniformScaleOp(IRDLOperation):
    """
    One scale for the whole of a weight, once for each of its output channels.

    ```mlir
    %scale = quant.uniform_scale 0.015625 : tensor<768xf32>
    ```
    """

    name = "quant.uniform_scale"

    value = prop_def(FloatAttr[Float32Type])
    """The scale, positive."""

    scale = result_def(FloatTensor)
    """The same number for each output channel."""

    traits = traits_def(Pure())

    assembly_format = "$value attr-dict `:` type($scale)"

    def __init__(self, value: float, channels: int):
        super().__init__(
            properties={"value": FloatAttr(value, f32)}, result_types=[TensorType(f32, (channels,))]
        )

    def verify_(self) -> None:
        expect_rank("scale", self.scale, 1, "output channels")
        if not self.value.value.data > 0:
            raise VerifyException(f"'value' is {self.value.value.data}, it must be positive")


@irdl_op_definition
class WeightSignsOp(IRDLOperation):
    """
    The signs of a weight, whose scales are given elsewhere. A zero counts as positive.

    ```mlir
    %signs = quant.weight_signs %weight : tensor<768x192xf32> -> tensor<768x192x!quant.binary>
    ```
    """

    name = "quant.weight_signs"

    weight = operand_def(FloatTensor)
    """Real weight of any shape."""

    signs = result_def(TensorType[BinaryType])
    """Same shape as `weight`."""

    traits = traits_def(Pure())

    assembly_format = "$weight attr-dict `:` type($weight) `->` type($signs)"

    def __init__(self, weight: SSAValue):
        super().__init__(
            operands=[weight], result_types=[TensorType(BinaryType(), shape_of(weight))]
        )

    def verify_(self) -> None:
        expect_shape("signs", self.signs, shape_of(self.weight))


@irdl_op_definition
class RoundWeightOp(IRDLOperation):
    """
    Round a weight to integers at given scales:
    `clamp(round_half_to_even(weight / scale), smallest, largest)`, in `float32`, row by row.

    That is what QONNX says of a `Quant` on a weight, to the last bit.

    ```mlir
    %integers = quant.round_weight %weight, %scale from -7 to 7
        : tensor<768x192xf32>, tensor<768xf32> -> tensor<768x192xi4>
    ```
    """

    name = "quant.round_weight"

    weight = operand_def(FloatTensor)
    """Real weight, output channels x anything."""

    scale = operand_def(FloatTensor)
    """One scale for each output channel."""

    smallest = prop_def(IntegerAttr.constr(i64))
    """The smallest integer."""

    largest = prop_def(IntegerAttr.constr(i64))
    """The largest integer."""

    integers = result_def(TensorType[IntegerType])
    """Same shape as `weight`; 2 to 16 bits, symmetric: `i4` holds -7 to 7."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$weight `,` $scale `from` $smallest `to` $largest attr-dict `:` "
        "type($weight) `,` type($scale) `->` type($integers)"
    )

    def __init__(
        self, weight: SSAValue, scale: SSAValue, elements: IntegerType, bounds: Sequence[int]
    ):
        smallest, largest = bounds
        super().__init__(
            operands=[weight, scale],
            properties={
                "smallest": IntegerAttr(smallest, i64),
                "largest": IntegerAttr(largest, i64),
            },
            result_types=[TensorType(elements, shape_of(weight))],
        )

    def verify_(self) -> None:
        shape = shape_of(self.weight)
        expect_shape("scale", self.scale, shape[:1])
        expect_shape("integers", self.integers, shape)
        expect_weight_width(
            self.integers.type.element_type, self.smallest.value.data, self.largest.value.data
        )


@irdl_op_definition
class RecentreWeightOp(IRDLOperation):
    """
    Integers of a weight relative to the one that stands for zero: `stored - zero_point`.

    ```mlir
    %integers = quant.recentre_weight %stored by 128 : tensor<768x192xui8> -> tensor<768x192xi8>
    ```
    """

    name = "quant.recentre_weight"

    stored = operand_def(TensorType[IntegerType])
    """Integers of any shape, as the model file has them."""

    zero_point = prop_def(IntegerAttr.constr(i64))
    """The integer that stands for zero."""

    integers = result_def(TensorType[IntegerType])
    """Same shape as `stored`; 2 to 16 bits, symmetric: `i8` holds -127 to 127."""

    traits = traits_def(Pure())

    assembly_format = "$stored `by` $zero_point attr-dict `:` type($stored) `->` type($integers)"

    def __init__(self, stored: SSAValue, zero_point: int, elements: IntegerType):
        super().__init__(
            operands=[stored],
            properties={"zero_point": IntegerAttr(zero_point, i64)},
            result_types=[TensorType(elements, shape_of(stored))],
        )

    def verify_(self) -> None:
        expect_shape("integers", self.integers, shape_of(self.stored))
        elements = self.integers.type.element_type
        assert isa(elements, IntegerType)
        expect_weight_width(elements, 0, 0)
