"""Signs of networks without attention, and of their parts in others."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import Operation

from vaqf.passes.raise_onnx_to_vit.exported import ExportedGraph
from vaqf.passes.raise_onnx_to_vit.report import known_shape, operator_of
from vaqf.passes.raise_onnx_to_vit.signs import Sign, name_operator, operators


def _convolutions(graph: ExportedGraph) -> Sequence[Operation]:
    return graph.named("Conv", "ConvInteger", "ConvTranspose", "QLinearConv")


def _after_attention(graph: ExportedGraph) -> Sequence[Operation]:
    order = {op: index for index, op in enumerate(graph.ops)}
    first = min((order[each] for each in graph.softmaxes), default=len(order))
    return [op for op in _convolutions(graph) if order[op] > first]


def _stem(graph: ExportedGraph) -> Sequence[Operation]:
    convolutions = _convolutions(graph)
    is_stem = len(convolutions) > 1 and graph.softmaxes and not _after_attention(graph)
    return convolutions if is_stem else ()


def _network(graph: ExportedGraph) -> Sequence[Operation]:
    convolutions = _convolutions(graph)
    return convolutions if len(convolutions) > 1 and not graph.softmaxes else ()


def _count(graph: ExportedGraph, op: Operation) -> str:
    return f"there are {len(_convolutions(graph))} convolutions and no attention"


def _count_before(graph: ExportedGraph, op: Operation) -> str:
    return f"{len(_convolutions(graph))} convolutions come before the first attention"


def _depthwise(graph: ExportedGraph) -> Sequence[Operation]:
    def is_depthwise(op: Operation) -> bool:
        match [known_shape(each) for each in op.operands[:2]]:
            case [(_, channels, *_), (_, filtered, *_)]:
                return filtered == 1 < channels
            case _:
                return False

    return [op for op in graph.named("Conv") if is_depthwise(op)]


def _resized_weights(graph: ExportedGraph) -> Sequence[Operation]:
    """Interpolation of what does not depend on the image."""
    return [
        op
        for op in graph.ops
        if operator_of(op) in ("Resize", "Upsample") and not graph.is_activation(op.results[0])
    ]


def _linears_alone(graph: ExportedGraph) -> Sequence[Operation]:
    """The linear layers of a network that mixes tokens neither by attention nor by convolutions."""
    if graph.softmaxes or len(_convolutions(graph)) > 1:
        return ()
    linears = graph.named("MatMul", "Gemm")
    return linears if len(linears) > 2 else ()


def _count_linears(graph: ExportedGraph, op: Operation) -> str:
    return f"there are {len(_linears_alone(graph))} linear layers and no attention"


SIGNS_OF_CONVOLUTIONS = (
    Sign("a convolutional network, such as ResNet", _network, _count),
    Sign("a network of linear layers, such as MLP-Mixer", _linears_alone, _count_linears),
    Sign("a convolution stem, as in hybrid ViTs and LeViT", _stem, _count_before),
    Sign(
        "convolutions among attention, as in MobileViT and CvT",
        _after_attention,
        "convolutions follow after attention",
    ),
    Sign(
        "depthwise convolutions, as in ConvNeXt, EfficientNet and MobileNet",
        _depthwise,
        "each channel is filtered by itself",
    ),
    Sign("batch normalisation", operators("BatchNormalization"), name_operator),
    Sign(
        "pooling layers",
        operators("AveragePool", "GlobalAveragePool", "GlobalMaxPool", "LpPool", "MaxPool"),
        name_operator,
    ),
    Sign(
        "a position embedding that is interpolated in the graph",
        _resized_weights,
        "a weight is resized when the model runs",
        "it interpolates a weight, such as a position embedding: export for a fixed size of image",
    ),
)
