"""What the operations of the `vit` dialect mean: `float32`, and any number for moving values."""

from __future__ import annotations

import numpy as np
from xdsl.interpreter import (
    Interpreter,
    InterpreterFunctions,
    PythonValues,
    impl,
    register_impls,
)
from xdsl.utils.hints import isa

from vaqf.dialects import vit
from vaqf.dialects.diagnostics import UserError
from vaqf.dialects.shapes import shape_of
from vaqf.dialects.vit.base import FloatTensor
from vaqf.interpreters.arithmetic.layout import extract_patches, join_heads, split_heads
from vaqf.interpreters.error_function import error_function
from vaqf.interpreters.parameters import integer_parameter, parameter


@register_impls
class VitFunctions(InterpreterFunctions):
    """Every value is a NumPy array in the shape of its type."""

    @impl(vit.ParameterOp)
    def parameter(
        self, interpreter: Interpreter, op: vit.ParameterOp, args: PythonValues
    ) -> PythonValues:
        name, expected = op.tensor_name.data, shape_of(op.value)
        is_real = isa(op.value.type, FloatTensor)
        value = (parameter if is_real else integer_parameter)(interpreter, name)
        if value.shape != expected:
            raise UserError(f"tensor '{name}' has shape {value.shape}, expected {expected}")
        return (value,)

    @impl(vit.ConstantOp)
    def constant(
        self, interpreter: Interpreter, op: vit.ConstantOp, args: PythonValues
    ) -> PythonValues:
        return (np.full(shape_of(op.result), op.value.get_values()[0], np.float32),)

    @impl(vit.TransposeOp)
    def transpose(
        self, interpreter: Interpreter, op: vit.TransposeOp, args: PythonValues
    ) -> PythonValues:
        return (np.transpose(args[0], op.permutation.get_values()),)

    @impl(vit.ReshapeOp)
    def reshape(
        self, interpreter: Interpreter, op: vit.ReshapeOp, args: PythonValues
    ) -> PythonValues:
        return (np.reshape(args[0], shape_of(op.result)),)

    @impl(vit.SliceOp)
    def slice(self, interpreter: Interpreter, op: vit.SliceOp, args: PythonValues) -> PythonValues:
        first = op.first.value.data
        return (args[0][first : first + shape_of(op.result)[0]],)

    @impl(vit.ConcatenateOp)
    def concatenate(
        self, interpreter: Interpreter, op: vit.ConcatenateOp, args: PythonValues
    ) -> PythonValues:
        return (np.concatenate(args),)

    @impl(vit.SelectTokenOp)
    def select_token(
        self, interpreter: Interpreter, op: vit.SelectTokenOp, args: PythonValues
    ) -> PythonValues:
        token = op.token.value.data
        return (args[0][token : token + 1],)

    @impl(vit.PatchEmbeddingOp)
    def patch_embedding(
        self, interpreter: Interpreter, op: vit.PatchEmbeddingOp, args: PythonValues
    ) -> PythonValues:
        image, weight, *bias = args
        patches = extract_patches(image, *weight.shape[2:])
        return (sum(bias, start=patches @ weight.reshape(len(weight), -1).T),)

    @impl(vit.ExtractPatchesOp)
    def extract_patches(
        self, interpreter: Interpreter, op: vit.ExtractPatchesOp, args: PythonValues
    ) -> PythonValues:
        return (extract_patches(args[0], *op.patch.get_values(), order=op.order.data),)

    @impl(vit.LinearOp)
    def linear(
        self, interpreter: Interpreter, op: vit.LinearOp, args: PythonValues
    ) -> PythonValues:
        input, weight, *bias = args
        return (sum(bias, start=input @ weight.T),)

    @impl(vit.LayerNormOp)
    def layer_norm(
        self, interpreter: Interpreter, op: vit.LayerNormOp, args: PythonValues
    ) -> PythonValues:
        input, weight, *bias = args
        centred = input - input.mean(axis=-1, keepdims=True)
        variance = np.square(centred).mean(axis=-1, keepdims=True)
        epsilon = np.float32(op.epsilon.value.data)
        return (sum(bias, start=centred / np.sqrt(variance + epsilon) * weight),)

    @impl(vit.AttentionScoresOp)
    def attention_scores(
        self, interpreter: Interpreter, op: vit.AttentionScoresOp, args: PythonValues
    ) -> PythonValues:
        heads = op.heads.value.data
        query, key = (split_heads(each, heads) for each in args)
        return (np.float32(op.scale.value.data) * (query @ key.transpose(0, 2, 1)),)

    @impl(vit.SoftmaxOp)
    def softmax(
        self, interpreter: Interpreter, op: vit.SoftmaxOp, args: PythonValues
    ) -> PythonValues:
        # Subtracting the maximum changes nothing but keeps the exponentials from overflowing.
        exponentials = np.exp(args[0] - args[0].max(axis=-1, keepdims=True))
        return (exponentials / exponentials.sum(axis=-1, keepdims=True),)

    @impl(vit.AttentionValuesOp)
    def attention_values(
        self, interpreter: Interpreter, op: vit.AttentionValuesOp, args: PythonValues
    ) -> PythonValues:
        probabilities, value = args
        return (join_heads(probabilities @ split_heads(value, len(probabilities))),)

    @impl(vit.GeluOp)
    def gelu(self, interpreter: Interpreter, op: vit.GeluOp, args: PythonValues) -> PythonValues:
        half = np.float32(0.5) * args[0]
        return (half + half * error_function(args[0] / np.sqrt(np.float32(2))),)

    @impl(vit.AddOp)
    def add(self, interpreter: Interpreter, op: vit.AddOp, args: PythonValues) -> PythonValues:
        return (args[0] + args[1],)

    @impl(vit.MeanTokensOp)
    def mean_tokens(
        self, interpreter: Interpreter, op: vit.MeanTokensOp, args: PythonValues
    ) -> PythonValues:
        return (args[0].mean(axis=0, keepdims=True),)

    @impl(vit.ScaleChannelsOp)
    def scale_channels(
        self, interpreter: Interpreter, op: vit.ScaleChannelsOp, args: PythonValues
    ) -> PythonValues:
        return (args[0] * args[1],)

    @impl(vit.ScaleRowsOp)
    def scale_rows(
        self, interpreter: Interpreter, op: vit.ScaleRowsOp, args: PythonValues
    ) -> PythonValues:
        value, factor = args
        return (value * factor.reshape(-1, *(1,) * (value.ndim - 1)),)

    @impl(vit.ScaleOp)
    def scale(self, interpreter: Interpreter, op: vit.ScaleOp, args: PythonValues) -> PythonValues:
        return (args[0] * np.float32(op.factor.value.data),)
