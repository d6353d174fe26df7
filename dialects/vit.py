"""
Vision Transformers, one op for each thing that an engineer of them would name.

There is no batch dimension: a matrix of activations is tokens x channels. Weights are named, never
written out: `vit.parameter` refers to a tensor of the model file that the module records.

Ops that only move values (`transpose`, `reshape`, `slice`, `concatenate`, `select_token`) take any
element type; the others compute on `f32`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.dialects.builtin import (
    AnyFloat,
    DenseArrayBase,
    Float32Type,
    FloatAttr,
    IntegerAttr,
    StringAttr,
    SymbolNameConstraint,
    TensorType,
    f32,
    i64,
)
from xdsl.ir import Attribute, Dialect, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of

FloatTensor = TensorType[Float32Type]
"""A tensor of real values."""


def tensor_like(value: SSAValue, shape: Sequence[int]) -> TensorType[Attribute]:
    """The type of a tensor with the elements of `value` and another shape."""
    if not isa(value.type, TensorType[Attribute]):
        raise VerifyException(f"expected a tensor, got {value.type}")
    return TensorType(value.type.element_type, shape)


def expect_same_elements(name: str, value: SSAValue, other: SSAValue) -> None:
    """
    Check that moving values did not change what they stand for.

    Raises:
        VerifyException: when the element types of the two tensors differ.
    """
    mine, expected = tensor_like(value, ()).element_type, tensor_like(other, ()).element_type
    if mine != expected:
        raise VerifyException(f"'{name}' has elements {mine}, expected {expected}")


@irdl_op_definition
class ParameterOp(IRDLOperation):
    """
    A tensor of the model file.

    ```mlir
    %weight = vit.parameter @"blocks.0.mlp.fc1.weight" : tensor<768x192xf32>
    ```
    """

    name = "vit.parameter"

    tensor_name = prop_def(SymbolNameConstraint())
    """Name of the tensor in the model file, exactly as it stands there."""

    value = result_def(FloatTensor)
    """The tensor, in the shape that the file gives it."""

    traits = traits_def(Pure())

    assembly_format = "$tensor_name attr-dict `:` type($value)"

    def __init__(self, tensor_name: str, shape: Sequence[int]):
        super().__init__(
            properties={"tensor_name": StringAttr(tensor_name)},
            result_types=[TensorType(f32, shape)],
        )


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


@irdl_op_definition
class PatchEmbeddingOp(IRDLOperation):
    """
    Cut an image into square patches and map each to a token (Dosovitskiy et al., 2021, equation 1).

    Patches are in row-major order over the image. The stride equals the size of a patch.

    ```mlir
    %tokens = vit.patch_embedding %image, %weight, %bias
        : tensor<3x224x224xf32>, tensor<192x3x16x16xf32>, tensor<192xf32> -> tensor<196x192xf32>
    ```
    """

    name = "vit.patch_embedding"

    image = operand_def(FloatTensor)
    """Colours x height x width."""

    weight = operand_def(FloatTensor)
    """Channels x colours x patch height x patch width."""

    bias = opt_operand_def(FloatTensor)
    """One value for each channel."""

    result = result_def(FloatTensor)
    """Patches x channels."""

    traits = traits_def(Pure())

    assembly_format = (
        "$image `,` $weight (`,` $bias^)? attr-dict `:` "
        "type($image) `,` type($weight) (`,` type($bias)^)? `->` type($result)"
    )

    def __init__(self, image: SSAValue, weight: SSAValue, bias: SSAValue | None):
        _, height, width = shape_of(image)
        channels, _, patch_height, patch_width = shape_of(weight)
        patches = (height // patch_height) * (width // patch_width)
        super().__init__(
            operands=[image, weight, bias],
            result_types=[TensorType(f32, (patches, channels))],
        )

    def verify_(self) -> None:
        colours, height, width = expect_rank("image", self.image, 3, "colours x height x width")
        channels, weight_colours, patch_height, patch_width = expect_rank(
            "weight", self.weight, 4, "channels x colours x patch height x patch width"
        )
        if weight_colours != colours:
            raise VerifyException(f"'weight' has {weight_colours} colours, expected {colours}")
        if height % patch_height or width % patch_width:
            raise VerifyException(
                f"an image of {height} x {width} does not divide into patches of "
                f"{patch_height} x {patch_width}"
            )
        if self.bias is not None:
            expect_shape("bias", self.bias, (channels,))
        patches = (height // patch_height) * (width // patch_width)
        expect_shape("result", self.result, (patches, channels))


@irdl_op_definition
class LinearOp(IRDLOperation):
    """
    A fully connected layer on every token: `result = input x transpose(weight) + bias`.

    ```mlir
    %hidden = vit.linear %normed, %weight, %bias
        : tensor<197x192xf32>, tensor<768x192xf32>, tensor<768xf32> -> tensor<197x768xf32>
    ```
    """

    name = "vit.linear"

    input = operand_def(FloatTensor)
    """Tokens x input channels."""

    weight = operand_def(FloatTensor)
    """Output channels x input channels."""

    bias = opt_operand_def(FloatTensor)
    """One value for each output channel."""

    result = result_def(FloatTensor)
    """Tokens x output channels."""

    traits = traits_def(Pure())

    assembly_format = (
        "$input `,` $weight (`,` $bias^)? attr-dict `:` "
        "type($input) `,` type($weight) (`,` type($bias)^)? `->` type($result)"
    )

    def __init__(self, input: SSAValue, weight: SSAValue, bias: SSAValue | None):
        super().__init__(
            operands=[input, weight, bias],
            result_types=[TensorType(f32, (shape_of(input)[0], shape_of(weight)[0]))],
        )

    def verify_(self) -> None:
        tokens, inputs = expect_rank("input", self.input, 2, "tokens x input channels")
        outputs, weight_inputs = expect_rank("weight", self.weight, 2, "output x input channels")
        if weight_inputs != inputs:
            raise VerifyException(f"'weight' has {weight_inputs} input channels, expected {inputs}")
        if self.bias is not None:
            expect_shape("bias", self.bias, (outputs,))
        expect_shape("result", self.result, (tokens, outputs))


@irdl_op_definition
class LayerNormOp(IRDLOperation):
    """
    Normalise every token over its channels (Ba et al., 2016, equation 4):
    `(input - mean) / sqrt(variance + epsilon) * weight + bias`, with the biased variance.

    ```mlir
    %normed = vit.layer_norm %x, %weight, %bias {epsilon = 1.0e-06 : f64}
        : tensor<197x192xf32>, tensor<192xf32>, tensor<192xf32> -> tensor<197x192xf32>
    ```
    """

    name = "vit.layer_norm"

    input = operand_def(FloatTensor)
    """Tokens x channels."""

    weight = operand_def(FloatTensor)
    """Factor for each channel, often called gamma."""

    bias = operand_def(FloatTensor)
    """Offset for each channel, often called beta."""

    epsilon = prop_def(FloatAttr[AnyFloat])
    """Added to the variance, not negative."""

    result = result_def(FloatTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$input `,` $weight `,` $bias attr-dict `:` "
        "type($input) `,` type($weight) `,` type($bias) `->` type($result)"
    )

    def __init__(self, input: SSAValue, weight: SSAValue, bias: SSAValue, epsilon: float):
        super().__init__(
            operands=[input, weight, bias],
            properties={"epsilon": FloatAttr(epsilon, 64)},
            result_types=[input.type],
        )

    def verify_(self) -> None:
        tokens, channels = expect_rank("input", self.input, 2, "tokens x channels")
        expect_shape("weight", self.weight, (channels,))
        expect_shape("bias", self.bias, (channels,))
        expect_shape("result", self.result, (tokens, channels))
        if self.epsilon.value.data < 0:
            raise VerifyException(
                f"'epsilon' is {self.epsilon.value.data}, it must not be negative"
            )


def expect_heads(channels: int, heads: int) -> None:
    """
    Check that channels divide into heads.

    Raises:
        VerifyException: when they do not.
    """
    if heads < 1 or channels % heads:
        raise VerifyException(f"'heads' is {heads}, it must divide the {channels} channels")


@irdl_op_definition
class AttentionScoresOp(IRDLOperation):
    """
    Compare every query with every key: `scale * query x transpose(key)`, head by head
    (Vaswani et al., 2017, equation 1). Head `h` has the channels `h * d` to `(h + 1) * d`.

    ```mlir
    %scores = vit.attention_scores %query, %key {heads = 3 : i64, scale = 0.125 : f64}
        : tensor<197x192xf32>, tensor<197x192xf32> -> tensor<3x197x197xf32>
    ```
    """

    name = "vit.attention_scores"

    query = operand_def(FloatTensor)
    """Tokens x channels."""

    key = operand_def(FloatTensor)
    """Tokens x channels."""

    heads = prop_def(IntegerAttr.constr(i64))
    """Number of heads; it divides the channels."""

    scale = prop_def(FloatAttr[AnyFloat])
    """Factor on the products, positive; usually one over the root of the channels of a head."""

    result = result_def(FloatTensor)
    """Heads x query tokens x key tokens."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = "$query `,` $key attr-dict `:` type($query) `,` type($key) `->` type($result)"

    def __init__(self, query: SSAValue, key: SSAValue, heads: int, scale: float):
        super().__init__(
            operands=[query, key],
            properties={"heads": IntegerAttr(heads, i64), "scale": FloatAttr(scale, 64)},
            result_types=[TensorType(f32, (heads, shape_of(query)[0], shape_of(key)[0]))],
        )

    def verify_(self) -> None:
        tokens, channels = expect_rank("query", self.query, 2, "tokens x channels")
        keys, key_channels = expect_rank("key", self.key, 2, "tokens x channels")
        heads = self.heads.value.data
        if key_channels != channels:
            raise VerifyException(f"'key' has {key_channels} channels, expected {channels}")
        expect_heads(channels, heads)
        expect_shape("result", self.result, (heads, tokens, keys))
        if not self.scale.value.data > 0:
            raise VerifyException(f"'scale' is {self.scale.value.data}, it must be positive")


@irdl_op_definition
class SoftmaxOp(IRDLOperation):
    """
    Turn each row of scores into probabilities: `exp(input) / sum(exp(input))` over the last
    dimension.

    ```mlir
    %probabilities = vit.softmax %scores : tensor<3x197x197xf32> -> tensor<3x197x197xf32>
    ```
    """

    name = "vit.softmax"

    input = operand_def(FloatTensor)
    """Heads x query tokens x key tokens."""

    result = result_def(FloatTensor)
    """Same shape; every row sums to one."""

    traits = traits_def(Pure())

    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"

    def __init__(self, input: SSAValue):
        super().__init__(operands=[input], result_types=[input.type])

    def verify_(self) -> None:
        expect_rank("input", self.input, 3, "heads x query tokens x key tokens")
        expect_shape("result", self.result, shape_of(self.input))


@irdl_op_definition
class AttentionValuesOp(IRDLOperation):
    """
    Mix values by their probabilities, head by head, and put the heads side by side again.

    ```mlir
    %mixed = vit.attention_values %probabilities, %value
        : tensor<3x197x197xf32>, tensor<197x192xf32> -> tensor<197x192xf32>
    ```
    """

    name = "vit.attention_values"

    probabilities = operand_def(FloatTensor)
    """Heads x query tokens x key tokens."""

    value = operand_def(FloatTensor)
    """Key tokens x channels."""

    result = result_def(FloatTensor)
    """Query tokens x channels."""

    traits = traits_def(Pure())

    assembly_format = (
        "$probabilities `,` $value attr-dict `:` "
        "type($probabilities) `,` type($value) `->` type($result)"
    )

    def __init__(self, probabilities: SSAValue, value: SSAValue):
        super().__init__(
            operands=[probabilities, value],
            result_types=[TensorType(f32, (shape_of(probabilities)[1], shape_of(value)[1]))],
        )

    def verify_(self) -> None:
        heads, tokens, keys = expect_rank(
            "probabilities", self.probabilities, 3, "heads x query tokens x key tokens"
        )
        values, channels = expect_rank("value", self.value, 2, "tokens x channels")
        if values != keys:
            raise VerifyException(f"'value' has {values} tokens, expected {keys}")
        expect_heads(channels, heads)
        expect_shape("result", self.result, (tokens, channels))


@irdl_op_definition
class GeluOp(IRDLOperation):
    """
    Gaussian error linear unit (Hendrycks and Gimpel, 2016):
    `input / 2 * (1 + erf(input / sqrt(2)))`.

    ```mlir
    %activated = vit.gelu %hidden : tensor<197x768xf32> -> tensor<197x768xf32>
    ```
    """

    name = "vit.gelu"

    input = operand_def(FloatTensor)
    """Any shape."""

    result = result_def(FloatTensor)
    """Same shape as `input`."""

    traits = traits_def(Pure())

    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"

    def __init__(self, input: SSAValue):
        super().__init__(operands=[input], result_types=[input.type])

    def verify_(self) -> None:
        expect_shape("result", self.result, shape_of(self.input))


@irdl_op_definition
class AddOp(IRDLOperation):
    """
    Add two tensors, as a residual connection or a position embedding does.

    ```mlir
    %x1 = vit.add %x0, %mixed : tensor<197x192xf32>, tensor<197x192xf32> -> tensor<197x192xf32>
    ```
    """

    name = "vit.add"

    left = operand_def(FloatTensor)
    """Any shape."""

    right = operand_def(FloatTensor)
    """Same shape as `left`."""

    result = result_def(FloatTensor)
    """Same shape as `left`."""

    traits = traits_def(Pure())

    assembly_format = (
        "$left `,` $right attr-dict `:` type($left) `,` type($right) `->` type($result)"
    )

    def __init__(self, left: SSAValue, right: SSAValue):
        super().__init__(operands=[left, right], result_types=[left.type])

    def verify_(self) -> None:
        expect_shape("right", self.right, shape_of(self.left))
        expect_shape("result", self.result, shape_of(self.left))


ViT = Dialect(
    "vit",
    [
        ParameterOp,
        TransposeOp,
        ReshapeOp,
        SliceOp,
        ConcatenateOp,
        SelectTokenOp,
        PatchEmbeddingOp,
        LinearOp,
        LayerNormOp,
        AttentionScoresOp,
        SoftmaxOp,
        AttentionValuesOp,
        GeluOp,
        AddOp,
    ],
)
