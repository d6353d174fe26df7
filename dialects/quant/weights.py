"""Bringing weights into integers. These ops run once, when a project is written."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    AnyFloat,
    Float32Type,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    TensorType,
    UnitAttr,
    f32,
    i64,
)
from xdsl.ir import Attribute, SSAValue
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

from vaqf.dialects.quant.formats import (
    MAXIMUM_BITS,
    MULTIPLIER_BITS,
    OFFSET_BITS,
    BinaryType,
    IntType,
)
from vaqf.dialects.shapes import expect_rank, expect_shape, is_tensor, shape_of

FloatTensor = TensorType[Float32Type]


def expect_shift(shift: int) -> None:
    """
    Check the amount of a right shift.

    Raises:
        VerifyException: outside of 1 to 47.
    """
    if not 1 <= shift < OFFSET_BITS:
        raise VerifyException(f"'shift' is {shift}, accepted range is [1, {OFFSET_BITS - 1}]")


def expect_integers(name: str, value: SSAValue, width: int) -> None:
    """
    Check the element type of a tensor of plain integers.

    Raises:
        VerifyException: `'name' has elements ..., expected i<width>`.
    """
    expected = IntegerType(width)
    if not is_tensor(value.type) or value.type.element_type != expected:
        raise VerifyException(f"'{name}' is {value.type}, expected a tensor of {expected}")


@irdl_op_definition
class BinarizeOp(IRDLOperation):
    """
    Replace each row of a weight by its signs and one scale, the mean magnitude of the row.

    This is the closest binary row in the least-squares sense (Rastegari et al., XNOR-Net,
    2016, section 3.1). A zero counts as positive. With `per_tensor` all rows get the same scale,
    the mean magnitude of the whole weight.

    ```mlir
    %signs, %scale = quant.binarize %weight : tensor<768x192xf32>
        -> tensor<768x192x!quant.binary>, tensor<768xf32>
    ```
    """

    name = "quant.binarize"

    weight = operand_def(FloatTensor)
    """Real weight, output channels x input channels."""

    per_tensor = opt_prop_def(UnitAttr)
    """One scale for the whole weight instead of one a row."""

    signs = result_def(TensorType[BinaryType])
    """Same shape as `weight`."""

    scale = result_def(FloatTensor)
    """One scale for each output channel."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = "$weight attr-dict `:` type($weight) `->` type($signs) `,` type($scale)"

    def __init__(self, weight: SSAValue, *, per_tensor: bool = False):
        shape = shape_of(weight)
        super().__init__(
            operands=[weight],
            properties={"per_tensor": UnitAttr() if per_tensor else None},
            result_types=[TensorType(BinaryType(), shape), TensorType(f32, shape[:1])],
        )

    def verify_(self) -> None:
        shape = expect_rank("weight", self.weight, 2, "output x input channels")
        expect_shape("signs", self.signs, shape)
        expect_shape("scale", self.scale, shape[:1])


@irdl_op_definition
class QuantizeWeightOp(IRDLOperation):
    """
    Round each row of a weight to symmetric integers: `scale = max|row| / (2^(bits - 1) - 1)`.

    A row of zeros gets the scale 1.

    ```mlir
    %integers, %scale = quant.quantize_weight %weight : tensor<1000x192xf32>
        -> tensor<1000x192xi8>, tensor<1000xf32>
    ```
    """

    name = "quant.quantize_weight"

    weight = operand_def(FloatTensor)
    """Real weight, output channels x input channels."""

    integers = result_def(TensorType[IntegerType])
    """Same shape as `weight`; 2 to 16 bits, symmetric: `i8` holds -127 to 127."""

    scale = result_def(FloatTensor)
    """One scale for each output channel."""

    traits = traits_def(Pure())

    assembly_format = "$weight attr-dict `:` type($weight) `->` type($integers) `,` type($scale)"

    def __init__(self, weight: SSAValue, bits: int):
        shape = shape_of(weight)
        super().__init__(
            operands=[weight],
            result_types=[TensorType(IntegerType(bits), shape), TensorType(f32, shape[:1])],
        )

    def verify_(self) -> None:
        shape = expect_rank("weight", self.weight, 2, "output x input channels")
        expect_shape("integers", self.integers, shape)
        expect_shape("scale", self.scale, shape[:1])
        bits = self.integers.type.element_type.width.data
        if not 2 <= bits <= MAXIMUM_BITS:
            raise VerifyException(
                f"'integers' has {bits} bits, accepted range is [2, {MAXIMUM_BITS}]"
            )


@irdl_op_definition
class DequantizeWeightOp(IRDLOperation):
    """
    The real weight that integers and their scales stand for: `integers * scale`, row by row.

    ```mlir
    %weight = quant.dequantize_weight %signs, %scale
        : tensor<768x192x!quant.binary>, tensor<768xf32> -> tensor<768x192xf32>
    ```
    """

    name = "quant.dequantize_weight"

    integers = operand_def(TensorType[BinaryType] | TensorType[IntegerType])
    """Output channels x input channels, or the integers of a bias, one for each output channel."""

    scale = operand_def(FloatTensor)
    """One scale for each output channel."""

    weight = result_def(FloatTensor)
    """Same shape as `integers`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$integers `,` $scale attr-dict `:` type($integers) `,` type($scale) `->` type($weight)"
    )

    def __init__(self, integers: SSAValue, scale: SSAValue):
        super().__init__(
            operands=[integers, scale],
            result_types=[TensorType(f32, shape_of(integers))],
        )

    def verify_(self) -> None:
        shape = shape_of(self.integers)
        if len(shape) not in (1, 2):
            raise VerifyException(
                f"'integers' has rank {len(shape)}, expected 1 or 2 (output x input channels)"
            )
        expect_shape("scale", self.scale, shape[:1])
        expect_shape("weight", self.weight, shape)


def _multiplier_and_offset(channels: int) -> Sequence[Attribute]:
    return (
        TensorType(IntegerType(MULTIPLIER_BITS), (channels,)),
        TensorType(IntegerType(OFFSET_BITS), (channels,)),
    )


@irdl_op_definition
class RequantizeParametersOp(IRDLOperation):
    """
    The integers by which accumulators become the next activation; see `quant.requantize`.

    For output channel `c`, with `s` the scale of the output:
    `multiplier[c] = round(input_scale * weight_scale[c] / s * 2^shift)` and
    `offset[c] = round(bias[c] / s * 2^shift)`, plus the half `2^(shift - 1)` that makes the shift
    round, unless the output has one bit.

    ```mlir
    %multiplier, %offset = quant.requantize_parameters %scale, %bias
        {input_scale = 3.125e-02 : f64, output = !quant.int<8, 0.0518>, shift = 20 : i64}
        : tensor<768xf32>, tensor<768xf32> -> tensor<768xi18>, tensor<768xi48>
    ```
    """

    name = "quant.requantize_parameters"

    weight_scale = operand_def(FloatTensor)
    """One scale for each output channel."""

    bias = opt_operand_def(FloatTensor)
    """One real value for each output channel; absent means zero."""

    input_scale = prop_def(FloatAttr[AnyFloat])
    """Scale of the activations that were multiplied, or the product of two scales."""

    output = prop_def(IntType)
    """Format of the result of the requantization."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Right shift after the multiplication, 1 to 47."""

    multiplier = result_def(TensorType[IntegerType])
    """`i18`, one for each output channel; its magnitude has at most 17 bits."""

    offset = result_def(TensorType[IntegerType])
    """`i48`, one for each output channel."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$weight_scale (`,` $bias^)? attr-dict `:` type($weight_scale) (`,` type($bias)^)? "
        "`->` type($multiplier) `,` type($offset)"
    )

    def __init__(
        self,
        weight_scale: SSAValue,
        bias: SSAValue | None,
        *,
        input_scale: float,
        output: IntType,
        shift: int,
    ):
        super().__init__(
            operands=[weight_scale, bias],
            properties={
                "input_scale": FloatAttr(input_scale, 64),
                "output": output,
                "shift": IntegerAttr(shift, i64),
            },
            result_types=_multiplier_and_offset(shape_of(weight_scale)[0]),
        )

    def verify_(self) -> None:
        shape = expect_rank("weight_scale", self.weight_scale, 1, "output channels")
        if self.bias is not None:
            expect_shape("bias", self.bias, shape)
        expect_shape("multiplier", self.multiplier, shape)
        expect_shape("offset", self.offset, shape)
        expect_integers("multiplier", self.multiplier, MULTIPLIER_BITS)
        expect_integers("offset", self.offset, OFFSET_BITS)
        expect_shift(self.shift.value.data)
        if not self.input_scale.value.data > 0:
            raise VerifyException(
                f"'input_scale' is {self.input_scale.value.data}, it must be positive"
            )


@irdl_op_definition
class LayerNormParametersOp(IRDLOperation):
    """
    The integers of a LayerNorm's per-channel factor and offset; see `quant.layer_norm`.

    With `F` the fraction bits of a normalized value: `multiplier = round(weight / scale of output
    * 2^(shift - F))` and `offset = round(bias / scale of output * 2^shift)`, plus the half
    `2^(shift - 1)` that makes the shift round, unless the output has one bit.

    ```mlir
    %multiplier, %offset = quant.layer_norm_parameters %weight, %bias
        {output = !quant.int<8, 0.0312>, shift = 20 : i64}
        : tensor<192xf32>, tensor<192xf32> -> tensor<192xi18>, tensor<192xi48>
    ```
    """

    name = "quant.layer_norm_parameters"

    weight = operand_def(FloatTensor)
    """Factor for each channel."""

    bias = opt_operand_def(FloatTensor)
    """Offset for each channel; absent means zero."""

    output = prop_def(IntType)
    """Format of the normalized activations."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Right shift after the multiplication, 1 to 47."""

    multiplier = result_def(TensorType[IntegerType])
    """`i18`, one for each channel; its magnitude has at most 17 bits."""

    offset = result_def(TensorType[IntegerType])
    """`i48`, one for each channel."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$weight (`,` $bias^)? attr-dict `:` type($weight) (`,` type($bias)^)? "
        "`->` type($multiplier) `,` type($offset)"
    )

    def __init__(self, weight: SSAValue, bias: SSAValue | None, *, output: IntType, shift: int):
        super().__init__(
            operands=[weight, bias],
            properties={"output": output, "shift": IntegerAttr(shift, i64)},
            result_types=_multiplier_and_offset(shape_of(weight)[0]),
        )

    def verify_(self) -> None:
        shape = expect_rank("weight", self.weight, 1, "channels")
        if self.bias is not None:
            expect_shape("bias", self.bias, shape)
        expect_shape("multiplier", self.multiplier, shape)
        expect_shape("offset", self.offset, shape)
        expect_integers("multiplier", self.multiplier, MULTIPLIER_BITS)
        expect_integers("offset", self.offset, OFFSET_BITS)
        expect_shift(self.shift.value.data)
