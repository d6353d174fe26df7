"""Which rule finds the meaning of which operation."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import Operation

from vaqf.dialects import onnx
from vaqf.dialects.onnx.base import elements_of
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.onnx import constant_array
from vaqf.passes.raise_onnx_to_vit.arithmetic import add, gelu, multiply
from vaqf.passes.raise_onnx_to_vit.attention import multiply_matrices, softmax
from vaqf.passes.raise_onnx_to_vit.emission import CannotRaise
from vaqf.passes.raise_onnx_to_vit.graph import Graph
from vaqf.passes.raise_onnx_to_vit.layers import (
    average,
    concatenate,
    convolve,
    general_multiply,
    normalise,
)
from vaqf.passes.raise_onnx_to_vit.meanings import Constant, Meaning
from vaqf.passes.raise_onnx_to_vit.movement import Movement, move
from vaqf.passes.raise_onnx_to_vit.quantization import (
    bipolar_quant,
    dequantize,
    quant_node,
    quantize,
)
from vaqf.passes.raise_onnx_to_vit.weights import Weight


def meanings_of(graph: Graph, op: Operation) -> Sequence[Meaning]:
    """
    What each result of an operation stands for.

    Raises:
        CannotRaise: when it stands for nothing that Vision Transformers are made of.
    """
    match op:
        case onnx.InitializerOp():
            shape = shape_of(op.value)
            elements = elements_of(op.value)
            return [Weight(op.tensor_name.data, shape, shape, elements=elements)]
        case onnx.ConstantOp():
            return [Constant(constant_array(op.elements))]
        case onnx.AddOp():
            return [add(graph, op)]
        case onnx.MulOp():
            return [multiply(graph, op)]
        case onnx.ErfOp():
            raise CannotRaise("it is part of no GELU, x / 2 * (1 + erf(x / sqrt(2)))")
        case onnx.GeluOp():
            return [gelu(graph, op)]
        case onnx.ConvOp():
            return [convolve(graph, op)]
        case onnx.MatMulOp():
            return [multiply_matrices(graph, op)]
        case onnx.GemmOp():
            return [general_multiply(graph, op)]
        case onnx.SoftmaxOp():
            return [softmax(graph, op)]
        case onnx.LayerNormalizationOp():
            return [normalise(graph, op)]
        case onnx.ReduceMeanOp():
            return [average(graph, op)]
        case onnx.ConcatOp():
            return [concatenate(graph, op)]
        case onnx.QuantizeLinearOp():
            return [quantize(graph, op)]
        case onnx.DequantizeLinearOp():
            return [dequantize(graph, op)]
        case onnx.QuantOp():
            return [quant_node(graph, op)]
        case onnx.BipolarQuantOp():
            return [bipolar_quant(graph, op)]
        case _ if isinstance(op, Movement):
            return move(graph, op)
        case _:
            raise CannotRaise("no operation of the vit dialect stands for it")
