"""Patch embeddings, linear layers, layer norms, pooling, and tokens that are put before others."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
from xdsl.ir import SSAValue

from vaqf.dialects import onnx, vit
from vaqf.dialects.shapes import shape_of
from vaqf.passes.onnx_values import number_of
from vaqf.passes.raise_onnx_to_vit.arithmetic import add_weight
from vaqf.passes.raise_onnx_to_vit.arrangement import Block, Patches, in_order
from vaqf.passes.raise_onnx_to_vit.emission import CannotRaise, Origin
from vaqf.passes.raise_onnx_to_vit.graph import Graph
from vaqf.passes.raise_onnx_to_vit.meanings import Constant, Meaning, View
from vaqf.passes.raise_onnx_to_vit.sources import Image, Linear, PatchEmbedding
from vaqf.passes.raise_onnx_to_vit.weights import Weight


def convolve(graph: Graph, op: onnx.ConvOp) -> Meaning:
    """A patch embedding: a convolution whose windows lie side by side."""
    _expect_patches(op)
    view = graph.view("input", op.input)
    if not isinstance(view.source.unrounded, Image):
        raise CannotRaise(
            "it is a convolution of feature maps, accepted is one convolution, "
            "which cuts the image into patches"
        )
    weight = graph.weight("weight", op.weight)
    bias = None if op.bias is None else graph.weight("bias", op.bias)
    source = PatchEmbedding(graph.emitter, view.whole(), weight, bias, Origin.of(op))
    _, channels, *grid = shape_of(op.result)
    positions = in_order((prod(grid), channels)).T.reshape(shape_of(op.result))
    return View(source, positions, source.origin)


def _expect_patches(op: onnx.ConvOp) -> None:
    """
    Check that a convolution cuts an image into patches.

    Raises:
        CannotRaise: when its windows overlap, or see anything else.
    """
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
    if op.group.value.data != 1:
        raise CannotRaise(f"'group' is {op.group.value.data}, accepted is 1")
    if any(size % step for size, step in zip(shape[2:], kernel, strict=True)):
        raise CannotRaise(
            f"an image of {shape[2]} x {shape[3]} does not divide into patches of "
            f"{kernel[0]} x {kernel[1]}"
        )


def multiply_by_weight(
    graph: Graph, op: onnx.MatMulOp | onnx.GemmOp, input: View, weight: Weight
) -> View:
    """A fully connected layer, whose bias may come later; `weight` is input x output channels."""
    if weight.size != prod(weight.shape[-2:]):
        raise CannotRaise(f"a weight has shape {weight.shape}, expected a matrix")
    weight = weight.reshape(weight.shape[-2:]).transpose((1, 0))
    origin = Origin.of(op)
    source = _patch_embedding(graph, input, weight, origin)
    if source is None:
        source = Linear(graph.emitter, input.matrix(), weight, None, origin)
    return graph.result(op, source, origin)


def _patch_embedding(
    graph: Graph, input: View, weight: Weight, origin: Origin
) -> PatchEmbedding | None:
    """
    A layer on the pixels of patches, in the form that convolutions have.

    Returns:
        None when the input is anything else than an image in patches.
    """
    patches = input.source.find(input.positions)
    if not isinstance(patches, Patches) or input.factor != 1.0:
        return None
    image = input.source.ask(input.source.whole, 1.0, input.origin, "")
    channels, colours = weight.shape[0], shape_of(image)[0]
    if patches.order == vit.COLOURS_FIRST:
        kernel = weight.reshape((channels, colours, patches.height, patches.width))
    else:
        last = weight.reshape((channels, patches.height, patches.width, colours))
        kernel = last.transpose((0, 3, 1, 2))
    return PatchEmbedding(graph.emitter, image, kernel, None, origin)


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

    Its epsilon becomes the shortest number that rounds to that of the graph, `1e-06` say. Layer
    norms without parameters have a constant of ones, and perhaps one of zeros.
    """
    origin = Origin.of(op)
    input = graph.view("input", op.input).matrix()
    scale = _weight_or_constant(graph, "scale", op.scale, origin)
    bias = None
    if op.bias is not None and number_of(op.bias) != 0:
        bias = _weight_or_constant(graph, "bias", op.bias, origin)
    epsilon = float(np.format_float_positional(np.float32(op.epsilon.value.data)))
    norm = vit.LayerNormOp(input, scale, bias, epsilon)
    return graph.written(op, graph.emitter.emit(norm, origin), origin)


def _weight_or_constant(graph: Graph, name: str, value: SSAValue, origin: Origin) -> SSAValue:
    match graph.meanings[value]:
        case Constant() as constant:
            number = vit.ConstantOp(constant.factor, constant.value.shape)
            return graph.emitter.emit(number, origin.part(name))
        case _:
            return graph.weight(name, value).emit(graph.emitter, origin)


def average(graph: Graph, op: onnx.ReduceMeanOp) -> Meaning:
    """Average pooling: the mean of all tokens, or of some, channel by channel."""
    view = graph.view("input", op.input)
    tokens = op.dimensions
    channels = [each for each in range(view.positions.ndim) if each not in tokens]
    count = prod(view.positions.shape[each] for each in tokens)
    rows = view.positions.transpose((*tokens, *channels)).reshape(count, -1)
    part = view.source.find(rows)
    if not isinstance(part, Block) or part.columns != view.source.columns:
        raise CannotRaise("it averages something else than the channels of consecutive tokens")
    origin = Origin.of(op, "mean")
    pooled = vit.MeanTokensOp(view.moved(rows, view.origin).matrix())
    return graph.written(op, graph.emitter.emit(pooled, origin), origin)


def concatenate(graph: Graph, op: onnx.ConcatOp) -> Meaning:
    """Tokens of the model, such as a class token, beside those of the image; or parts of it."""
    inputs = [each for each in op.inputs if 0 not in shape_of(each)]
    meanings = [graph.meanings[each] for each in inputs]
    match meanings:
        case [alone]:
            return alone
        case [View(source=Image() as image) as first, *others] if all(
            isinstance(each, View) and each.source is image and each.factor == first.factor
            for each in others
        ):
            parts = [each.positions for each in meanings if isinstance(each, View)]
            return first.moved(np.concatenate(parts, op.dimension), image.origin)
        case _:
            return _put_behind(graph, op, inputs)


def _put_behind(graph: Graph, op: onnx.ConcatOp, inputs: Sequence[SSAValue]) -> Meaning:
    """Tokens behind each other."""
    shape, order = shape_of(op.result), _order_of_tokens(op)
    *_, axis, channels = order
    origin = Origin.of(op, "tokens")

    def tokens(value: SSAValue) -> SSAValue:
        match graph.meanings[value]:
            case Weight() as weight:
                matrix = weight.shape[axis], shape[channels]
                turned = weight.transpose(order) if channels < axis else weight
                return turned.reshape(matrix).emit(graph.emitter, origin)
            case View() as view:
                turned = view.transposed(order)
                if axis == len(shape) - 1 and turned.source.find(turned.positions) is None:
                    raise CannotRaise(_not_tokens(op))
                return turned.matrix()
            case _:
                raise CannotRaise("it concatenates what are neither activations nor weights")

    values = [tokens(value) for value in inputs]
    value = graph.emitter.emit(vit.ConcatenateOp(values), origin)
    return graph.written(op, value, origin, order)


def _order_of_tokens(op: onnx.ConcatOp) -> tuple[int, ...]:
    """
    The dimensions of a concatenation: those of one, that of the tokens, that of the channels.

    Raises:
        CannotRaise: when there are more.
    """
    shape, axis = shape_of(op.result), op.dimension
    others = [dimension for dimension in range(len(shape)) if dimension != axis]
    ones = [dimension for dimension in others if shape[dimension] == 1]
    if len(others) - len(ones) != 1:
        raise CannotRaise(_not_tokens(op))
    (channels,) = set(others) - set(ones)
    return (*ones, axis, channels)


def _not_tokens(op: onnx.ConcatOp) -> str:
    return (
        f"'axis' is {op.axis.value.data} for shape {shape_of(op.result)}, "
        "only tokens can be concatenated"
    )
