"""Patch embeddings, linear layers, layer norms, and the tokens that are put before others."""

from __future__ import annotations

from math import prod

import numpy as np
from xdsl.ir import SSAValue

from vaqf.dialects import onnx, vit
from vaqf.dialects.shapes import shape_of
from vaqf.passes.raise_onnx_to_vit.arithmetic import add_weight
from vaqf.passes.raise_onnx_to_vit.arrangement import in_order
from vaqf.passes.raise_onnx_to_vit.emission import CannotRaise, Origin
from vaqf.passes.raise_onnx_to_vit.graph import Graph
from vaqf.passes.raise_onnx_to_vit.meanings import Meaning, View
from vaqf.passes.raise_onnx_to_vit.sources import Linear, Tensor
from vaqf.passes.raise_onnx_to_vit.weights import Weight


def convolve(graph: Graph, op: onnx.ConvOp) -> Meaning:
    """A patch embedding: a convolution whose windows lie side by side."""
    kernel, strides = op.kernel_shape.get_values(), op.strides.get_values()
    if len(shape := shape_of(op.input)) != 4 or shape[0] != 1:
        raise CannotRaise(
            f"'input' has shape {shape}, expected one image of colours x height x width"
        )
    if strides != kernel:
        raise CannotRaise(
            f"'strides' is {list(strides)}, expected {list(kernel)}: "
            "only convolutions that cut an image into patches are accepted"
        )
    if any(op.pads.get_values()):
        raise CannotRaise(f"'pads' is {list(op.pads.get_values())}, accepted are zeros only")
    if any(dilation != 1 for dilation in op.dilations.get_values()):
        raise CannotRaise(
            f"'dilations' is {list(op.dilations.get_values())}, accepted are ones only"
        )
    origin = Origin.of(op)
    image = graph.view("input", op.input).whole()
    weight = graph.weight("weight", op.weight).emit(graph.emitter, origin)
    bias = None if op.bias is None else graph.weight("bias", op.bias).emit(graph.emitter, origin)
    tokens = graph.emitter.emit(vit.PatchEmbeddingOp(image, weight, bias), origin)
    _, channels, *grid = shape_of(op.result)
    positions = in_order((prod(grid), channels)).T.reshape(shape_of(op.result))
    return View(Tensor(graph.emitter, tokens, origin), positions, origin)


def multiply_by_weight(
    graph: Graph, op: onnx.MatMulOp | onnx.GemmOp, input: View, weight: Weight
) -> View:
    """A fully connected layer, whose bias may come later; `weight` is input x output channels."""
    if weight.size != prod(weight.shape[-2:]):
        raise CannotRaise(f"a weight has shape {weight.shape}, expected a matrix")
    weight = weight.reshape(weight.shape[-2:]).transpose((1, 0))
    origin = Origin.of(op)
    return graph.result(op, Linear(graph.emitter, input.matrix(), weight, None, origin), origin)


def general_multiply(graph: Graph, op: onnx.GemmOp) -> Meaning:
    """A fully connected layer with its bias."""
    for name, factor in (("alpha", op.alpha), ("beta", op.beta)):
        if factor.value.data != 1.0:
            raise CannotRaise(f"'{name}' is {factor.value.data}, accepted is 1.0")
    if op.trans_a.value.data:
        raise CannotRaise("'transA' is 1, accepted is 0")
    input, weight = graph.view("left", op.left), graph.weight("right", op.right)
    weight = weight.transpose((1, 0)) if op.trans_b.value.data else weight
    product = multiply_by_weight(graph, op, input, weight)
    if op.bias is None:
        return product
    return add_weight(graph, op, product, graph.weight("bias", op.bias))


def normalise(graph: Graph, op: onnx.LayerNormalizationOp) -> Meaning:
    """
    A layer norm over the channels.

    Its epsilon becomes the shortest number that rounds to that of the graph, `1e-06` say.
    """
    if op.bias is None:
        raise CannotRaise("it has no bias, expected one")
    origin = Origin.of(op)
    input = graph.view("input", op.input).matrix()
    scale = graph.weight("scale", op.scale).emit(graph.emitter, origin)
    bias = graph.weight("bias", op.bias).emit(graph.emitter, origin)
    epsilon = float(np.format_float_positional(np.float32(op.epsilon.value.data)))
    norm = vit.LayerNormOp(input, scale, bias, epsilon)
    return graph.written(op, graph.emitter.emit(norm, origin), origin)


def concatenate(graph: Graph, op: onnx.ConcatOp) -> Meaning:
    """Tokens of the model, such as a class token, beside those of the image."""
    shape = shape_of(op.result)
    if op.dimension != len(shape) - 2 or prod(shape[:-2]) != 1:
        raise CannotRaise(
            f"'axis' is {op.axis.value.data} for shape {shape}, only tokens can be concatenated: "
            "the dimension before the last"
        )
    origin = Origin.of(op, "tokens")

    def tokens(value: SSAValue) -> SSAValue:
        match graph.meanings[value]:
            case Weight() as weight:
                return weight.reshape(weight.shape[-2:]).emit(graph.emitter, origin)
            case View() as view:
                return view.matrix()
            case _:
                raise CannotRaise("it concatenates what are neither activations nor weights")

    inputs = [tokens(value) for value in op.inputs]
    return graph.written(op, graph.emitter.emit(vit.ConcatenateOp(inputs), origin), origin)
