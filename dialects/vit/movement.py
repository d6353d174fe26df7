"""Operations that only move values, of any element type."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.dialects.builtin import (
    DenseArrayBase,
    IntegerAttr,
    TensorType,
    i64,
)
from xdsl.ir import SSAValue
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of
from vaqf.dialects.vit.base import expect_same_elements, tensor_like


@irdl_op_definition
class TransposeOp(IRDLOperation):
    """
    Permute the dimensions of a tensor.

    ```mlir
    %weight = vit.transpose %stored by [1, 0] : tensor<192x768xf32> -> tensor<768x192xf32>
    ```
    """

    name = "vit.transpose"

    input = operand_def(TensorType)
    """Any tensor."""

    permutation = prop_def(DenseArrayBase.constr(i64))
    """Dimension of `input` that each dimension of the result comes from."""

    result = result_def(TensorType)
    """The same values, permuted."""

    traits = traits_def(Pure())

    assembly_format = "$input `by` $permutation attr-dict `:` type($input) `->` type($result)"

    def __init__(self, input: SSAValue, permutation: Sequence[int]):
        shape = shape_of(input)
        super().__init__(
            operands=[input],
            properties={"permutation": DenseArrayBase.from_list(i64, permutation)},
            result_types=[tensor_like(input, [shape[source] for source in permutation])],
        )

    def verify_(self) -> None:
        shape = shape_of(self.input)
        order = self.permutation.get_values()
        if sorted(order) != list(range(len(shape))):
            raise VerifyException(
                f"'permutation' is {list(order)}, expected each of 0 to {len(shape) - 1} once"
            )
        expect_shape("result", self.result, tuple(shape[source] for source in order))
        expect_same_elements("result", self.result, self.input)


@irdl_op_definition
class ReshapeOp(IRDLOperation):
    """
    Give a tensor another shape with the same values in the same row-major order.

    ```mlir
    %flat = vit.reshape %kernel : tensor<192x3x16x16xf32> -> tensor<192x768xf32>
    ```
    """

    name = "vit.reshape"

    input = operand_def(TensorType)
    """Any tensor."""

    result = result_def(TensorType)
    """As many values as `input` has."""

    traits = traits_def(Pure())

    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"

    def __init__(self, input: SSAValue, shape: Sequence[int]):
        super().__init__(operands=[input], result_types=[tensor_like(input, shape)])

    def verify_(self) -> None:
        count, expected = prod(shape_of(self.result)), prod(shape_of(self.input))
        if count != expected:
            raise VerifyException(f"'result' has {count} values, expected {expected}")
        expect_same_elements("result", self.result, self.input)


@irdl_op_definition
class SliceOp(IRDLOperation):
    """
    Take consecutive rows: `result = input[first : first + rows of the result]`.

    ```mlir
    %key = vit.slice %qkv from 192 : tensor<576x192xf32> -> tensor<192x192xf32>
    ```
    """

    name = "vit.slice"

    input = operand_def(TensorType)
    """Any tensor of at least one dimension."""

    first = prop_def(IntegerAttr.constr(i64))
    """Index of the first row to take."""

    result = result_def(TensorType)
    """Rows of `input`; the other dimensions are whole."""

    traits = traits_def(Pure())

    assembly_format = "$input `from` $first attr-dict `:` type($input) `->` type($result)"

    def __init__(self, input: SSAValue, first: int, rows: int):
        super().__init__(
            operands=[input],
            properties={"first": IntegerAttr(first, i64)},
            result_types=[tensor_like(input, (rows, *shape_of(input)[1:]))],
        )

    def verify_(self) -> None:
        shape, taken = shape_of(self.input), shape_of(self.result)
        if not shape or shape[1:] != taken[1:]:
            raise VerifyException(f"'result' has shape {taken}, expected rows of {shape}")
        first = self.first.value.data
        if first < 0 or first + taken[0] > shape[0]:
            raise VerifyException(
                f"rows {first} to {first + taken[0]} are outside of the {shape[0]} rows of 'input'"
            )
        expect_same_elements("result", self.result, self.input)


@irdl_op_definition
class ConcatenateOp(IRDLOperation):
    """
    Put tokens one after the other, as a class token before those of the patches.

    ```mlir
    %tokens = vit.concatenate %class, %patches
        : tensor<1x192xf32>, tensor<196x192xf32> -> tensor<197x192xf32>
    ```
    """

    name = "vit.concatenate"

    inputs = var_operand_def(TensorType)
    """Tokens x channels, all with the same channels."""

    result = result_def(TensorType)
    """All tokens, in the order of the inputs."""

    traits = traits_def(Pure())

    assembly_format = "$inputs attr-dict `:` type($inputs) `->` type($result)"

    def __init__(self, inputs: Sequence[SSAValue]):
        rows = sum(shape_of(each)[0] for each in inputs)
        super().__init__(
            operands=[inputs],
            result_types=[tensor_like(inputs[0], (rows, *shape_of(inputs[0])[1:]))],
        )

    def verify_(self) -> None:
        if not self.inputs:
            raise VerifyException("'inputs' is empty, expected at least one tensor")
        shapes = [
            expect_rank(f"input {index}", each, 2, "tokens x channels")
            for index, each in enumerate(self.inputs)
        ]
        for index, shape in enumerate(shapes):
            if shape[1] != shapes[0][1]:
                raise VerifyException(
                    f"input {index} has {shape[1]} channels, expected {shapes[0][1]}"
                )
        expect_shape("result", self.result, (sum(shape[0] for shape in shapes), shapes[0][1]))
        for each in self.inputs:
            expect_same_elements("result", self.result, each)


@irdl_op_definition
class SelectTokenOp(IRDLOperation):
    """
    Keep one token, such as the class token before the head.

    ```mlir
    %class = vit.select_token %tokens[0] : tensor<197x192xf32> -> tensor<1x192xf32>
    ```
    """

    name = "vit.select_token"

    input = operand_def(TensorType)
    """Tokens x channels."""

    token = prop_def(IntegerAttr.constr(i64))
    """Index of the token, from 0."""

    result = result_def(TensorType)
    """One token x channels."""

    traits = traits_def(Pure())

    assembly_format = "$input `[` $token `]` attr-dict `:` type($input) `->` type($result)"

    def __init__(self, input: SSAValue, token: int):
        super().__init__(
            operands=[input],
            properties={"token": IntegerAttr(token, i64)},
            result_types=[tensor_like(input, (1, *shape_of(input)[1:]))],
        )

    def verify_(self) -> None:
        tokens, channels = expect_rank("input", self.input, 2, "tokens x channels")
        if not 0 <= self.token.value.data < tokens:
            raise VerifyException(
                f"'token' is {self.token.value.data}, accepted range is [0, {tokens - 1}]"
            )
        expect_shape("result", self.result, (1, channels))
        expect_same_elements("result", self.result, self.input)
