"""Factors on activations, and on the weights that they move into."""

from __future__ import annotations

from math import isfinite

from xdsl.dialects.builtin import (
    AnyFloat,
    FloatAttr,
)
from xdsl.ir import SSAValue
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of
from vaqf.dialects.vit.base import FloatTensor


@irdl_op_definition
class ScaleChannelsOp(IRDLOperation):
    """
    Multiply each channel of all tokens by its factor, as LayerScale does
    (Touvron et al., "Going deeper with Image Transformers", 2021, equation 4).

    ```mlir
    %scaled = vit.scale_channels %mixed, %gamma
        : tensor<197x192xf32>, tensor<192xf32> -> tensor<197x192xf32>
    ```
    """

    name = "vit.scale_channels"

    input = operand_def(FloatTensor)
    """Tokens x channels."""

    factor = operand_def(FloatTensor)
    """One factor for each channel."""

    result = result_def(FloatTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $factor attr-dict `:` type($input) `,` type($factor) `->` type($result)"
    )

    def __init__(self, input: SSAValue, factor: SSAValue):
        super().__init__(operands=[input, factor], result_types=[input.type])

    def verify_(self) -> None:
        shape = expect_rank("input", self.input, 2, "tokens x channels")
        expect_shape("factor", self.factor, shape[1:])
        expect_shape("result", self.result, shape)


@irdl_op_definition
class ScaleRowsOp(IRDLOperation):
    """
    Multiply each row of a weight, or each value of a bias, by its factor.

    A linear layer whose weight and bias are scaled so gives results whose channels are.

    ```mlir
    %scaled = vit.scale_rows %weight, %gamma
        : tensor<192x768xf32>, tensor<192xf32> -> tensor<192x768xf32>
    ```
    """

    name = "vit.scale_rows"

    input = operand_def(FloatTensor)
    """Any shape of at least one dimension."""

    factor = operand_def(FloatTensor)
    """One factor for each index of the first dimension."""

    result = result_def(FloatTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $factor attr-dict `:` type($input) `,` type($factor) `->` type($result)"
    )

    def __init__(self, input: SSAValue, factor: SSAValue):
        super().__init__(operands=[input, factor], result_types=[input.type])

    def verify_(self) -> None:
        shape = shape_of(self.input)
        if not shape:
            raise VerifyException("'input' has no dimensions, expected rows")
        expect_shape("factor", self.factor, shape[:1])
        expect_shape("result", self.result, shape)


@irdl_op_definition
class ScaleOp(IRDLOperation):
    """
    Multiply all values by one number, such as the half of the mean of two heads.

    ```mlir
    %logits = vit.scale %sum by 0.5 : f64 : tensor<1x1000xf32> -> tensor<1x1000xf32>
    ```
    """

    name = "vit.scale"

    input = operand_def(FloatTensor)
    """Any shape."""

    factor = prop_def(FloatAttr[AnyFloat])
    """The number; finite."""

    result = result_def(FloatTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    assembly_format = "$input `by` $factor attr-dict `:` type($input) `->` type($result)"

    def __init__(self, input: SSAValue, factor: float):
        super().__init__(
            operands=[input],
            properties={"factor": FloatAttr(factor, 64)},
            result_types=[input.type],
        )

    def verify_(self) -> None:
        if not isfinite(self.factor.value.data):
            raise VerifyException(f"'factor' is {self.factor.value.data}, it must be finite")
        expect_shape("result", self.result, shape_of(self.input))
