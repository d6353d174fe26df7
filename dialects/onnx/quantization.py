"""Rounding to integers: the operators of ONNX itself, and those of QONNX."""

from __future__ import annotations

from xdsl.dialects.builtin import IntegerType, Signedness, StringAttr, TensorType
from xdsl.ir import SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.onnx.base import (
    INTEGER,
    FloatTensor,
    broadcast,
    counted_from_front,
    expect_elements,
    expect_same_elements,
)
from vaqf.dialects.shapes import expect_shape, shape_of

INTEGER_ELEMENTS = tuple(
    IntegerType(bits, signedness)
    for bits in (2, 4, 8, 16, 32)
    for signedness in (Signedness.SIGNLESS, Signedness.UNSIGNED)
)
"""Integers of ONNX that stand for rounded values; those without a sign are `ui8` and so on."""


def scale_axis(
    input: SSAValue, scale: SSAValue, zero_point: SSAValue | None, axis: int, block_size: int
) -> int | None:
    """
    The dimension of `input` whose entries have scales of their own; None for one scale for all.

    Raises:
        VerifyException: when the shapes of scale and zero point do not fit.
    """
    shape, scales = shape_of(input), shape_of(scale)
    zeros = scales if zero_point is None else shape_of(zero_point)
    if scales in ((), (1,)) and zeros in ((), (1,)) and not block_size:
        return None
    if zero_point is not None:
        expect_shape("zero_point", zero_point, scales)
    dimension = counted_from_front("axis", axis, len(shape))
    if block_size:
        size = shape[dimension]
        blocks = -(-size // block_size)
        expect_shape("scale", scale, (*shape[:dimension], blocks, *shape[dimension + 1 :]))
    else:
        expect_shape("scale", scale, shape[dimension : dimension + 1])
    return dimension


@irdl_op_definition
class QuantizeLinearOp(IRDLOperation):
    """
    Round real values to integers: `saturate(round_half_to_even(input / scale) + zero_point)`.

    ```mlir
    %integers = onnx.QuantizeLinear %x, %scale, %zero axis = 1
        : tensor<1x197x192xf32>, tensor<f32>, tensor<i8> -> tensor<1x197x192xi8>
    ```
    """

    name = "onnx.QuantizeLinear"

    input = operand_def(FloatTensor)
    """Any shape."""

    scale = operand_def(FloatTensor)
    """One scale, or one for each entry of `axis`, or one for each block along `axis`."""

    zero_point = opt_operand_def(TensorType)
    """The integers that zero becomes, in the shape of `scale`; absent means zeros."""

    axis = prop_def(INTEGER)
    """The dimension with scales of its own; negative ones count from the back."""

    block_size = opt_prop_def(INTEGER)
    """How many entries of `axis` share a scale; 0 means all, or none when there are as many."""

    result = result_def(TensorType)
    """Same shape as `input`, the elements of `zero_point`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $scale (`,` $zero_point^)? `axis` `=` $axis (`blocks` `=` $block_size^)? "
        "attr-dict `:` type($input) `,` type($scale) (`,` type($zero_point)^)? `->` type($result)"
    )

    @property
    def dimension(self) -> int | None:
        """`axis`, counted from the front; None for one scale for all."""
        return scale_axis(
            self.input,
            self.scale,
            self.zero_point,
            self.axis.value.data,
            self.block_size.value.data if self.block_size else 0,
        )

    def verify_(self) -> None:
        _ = self.dimension
        expect_shape("result", self.result, shape_of(self.input))
        expect_elements("result", self.result, INTEGER_ELEMENTS)
        if self.zero_point is not None:
            expect_same_elements("zero_point", self.zero_point, self.result)


@irdl_op_definition
class DequantizeLinearOp(IRDLOperation):
    """
    The real values that integers stand for: `(input - zero_point) * scale`.

    ```mlir
    %weight = onnx.DequantizeLinear %integers, %scale, %zero axis = 1
        : tensor<192x768xi8>, tensor<768xf32>, tensor<768xi8> -> tensor<192x768xf32>
    ```
    """

    name = "onnx.DequantizeLinear"

    input = operand_def(TensorType)
    """Integers of any shape."""

    scale = operand_def(FloatTensor)
    """One scale, or one for each entry of `axis`, or one for each block along `axis`."""

    zero_point = opt_operand_def(TensorType)
    """The integers that stand for zero, in the shape of `scale`; absent means zeros."""

    axis = prop_def(INTEGER)
    """The dimension with scales of its own; negative ones count from the back."""

    block_size = opt_prop_def(INTEGER)
    """How many entries of `axis` share a scale; 0 means all, or none when there are as many."""

    result = result_def(FloatTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $scale (`,` $zero_point^)? `axis` `=` $axis (`blocks` `=` $block_size^)? "
        "attr-dict `:` type($input) `,` type($scale) (`,` type($zero_point)^)? `->` type($result)"
    )

    @property
    def dimension(self) -> int | None:
        """`axis`, counted from the front; None for one scale for all."""
        return scale_axis(
            self.input,
            self.scale,
            self.zero_point,
            self.axis.value.data,
            self.block_size.value.data if self.block_size else 0,
        )

    def verify_(self) -> None:
        _ = self.dimension
        expect_shape("result", self.result, shape_of(self.input))
        expect_elements("input", self.input, INTEGER_ELEMENTS)
        if self.zero_point is not None:
            expect_same_elements("zero_point", self.zero_point, self.input)


@irdl_op_definition
class QuantOp(IRDLOperation):
    """
    Round real values to multiples of a scale (QONNX, "Quant" and "IntQuant"):
    `(round(clamp(input / scale + zero_point)) - zero_point) * scale`.

    The range of `b` bits is -2^(b-1) to 2^(b-1) - 1 when `signed`, one less at the lower end when
    `narrow`; else 0 to 2^b - 1, one less at the upper end when `narrow`.

    ```mlir
    %y = onnx.Quant %x, %scale, %zero, %bits {narrow = 0 : i64, rounding_mode = "ROUND",
        signed = 1 : i64}
        : tensor<1x197x192xf32>, tensor<f32>, tensor<f32>, tensor<f32> -> tensor<1x197x192xf32>
    ```
    """

    name = "onnx.Quant"

    input = operand_def(FloatTensor)
    """Any shape."""

    scale = operand_def(FloatTensor)
    """Broadcasts to `input`; one scale for all has one element."""

    zero_point = operand_def(FloatTensor)
    """Broadcasts to `input`."""

    bits = operand_def(FloatTensor)
    """Width of the integers, a whole number."""

    signed = prop_def(INTEGER)
    """1 when there are negative integers."""

    narrow = prop_def(INTEGER)
    """1 when the range lacks one end."""

    rounding_mode = prop_def(StringAttr)
    """How to round: `ROUND` is to the nearest, half to even."""

    result = result_def(FloatTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$input `,` $scale `,` $zero_point `,` $bits attr-dict `:` type($input) `,` "
        "type($scale) `,` type($zero_point) `,` type($bits) `->` type($result)"
    )

    def verify_(self) -> None:
        shape = shape_of(self.input)
        expect_shape("result", self.result, shape)
        for name, value in (("scale", self.scale), ("zero_point", self.zero_point)):
            if broadcast(shape, shape_of(value)) != shape:
                raise VerifyException(f"'{name}' has shape {shape_of(value)}, 'input' has {shape}")
        for name, value in (("signed", self.signed), ("narrow", self.narrow)):
            if value.value.data not in (0, 1):
                raise VerifyException(f"'{name}' is {value.value.data}, accepted are 0 and 1")


@irdl_op_definition
class BipolarQuantOp(IRDLOperation):
    """
    Replace each value by its sign times a scale, +1 for zero (QONNX, "BipolarQuant").

    ```mlir
    %y = onnx.BipolarQuant %weight, %scale
        : tensor<768x192xf32>, tensor<768x1xf32> -> tensor<768x192xf32>
    ```
    """

    name = "onnx.BipolarQuant"

    input = operand_def(FloatTensor)
    """Any shape."""

    scale = operand_def(FloatTensor)
    """Broadcasts to `input`; one scale for all has one element."""

    result = result_def(FloatTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $scale attr-dict `:` type($input) `,` type($scale) `->` type($result)"
    )

    def verify_(self) -> None:
        shape = shape_of(self.input)
        expect_shape("result", self.result, shape)
        if broadcast(shape, shape_of(self.scale)) != shape:
            raise VerifyException(f"'scale' has shape {shape_of(self.scale)}, 'input' has {shape}")
