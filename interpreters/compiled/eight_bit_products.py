"""Sums of products in the 8-bit instructions of the machine, where ONNX Runtime is installed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from vaqf.interpreters.arithmetic.integers import EXACT_IN_FLOAT32, Integers
from vaqf.interpreters.compiled.wholes import Wholes, as_rows
from vaqf.interpreters.onnx_runtime import has_onnx_runtime

MOST_BITS = 8
"""Width of the widest signed inputs."""

LARGEST_HALF = 64
"""
Machines without dot products of 8 bits add two products of an unsigned input and a weight in 16
bits, and saturate: `2 * 255 * 64` is below `2^15`. Weights of up to twice that are halved, rounded
down and up, and multiplied half by half.
"""

OPSET = 17
IR_VERSION = 8

Single = NDArray[np.float32]


def eight_bit_product(weight: Integers, bits: int) -> Callable[[Wholes], Single] | None:
    """
    `x @ weight.T` for signed integers `x`, several times as fast as in `float32`.

    Args:
        weight: Output channels x input channels.
        bits: Width of the inputs.

    Returns:
        From ... x input channels to ... x output channels; None where that is not exact, or ONNX
        Runtime is not installed.
    """
    magnitudes = np.abs(weight)
    bound = int(magnitudes.sum(axis=1).max()) << (MOST_BITS - 1)
    if bits > MOST_BITS or magnitudes.max() > 2 * LARGEST_HALF or bound > EXACT_IN_FLOAT32:
        return None
    if not has_onnx_runtime():
        return None
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    # Else each layer keeps the memory that it once needed.
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    session = onnxruntime.InferenceSession(
        _model(weight), options, providers=["CPUExecutionProvider"]
    )

    def multiply(inputs: Wholes) -> Single:
        rows = as_rows(inputs.astype(np.float32, copy=False))
        return session.run(None, {"inputs": rows})[0].reshape(*inputs.shape[:-1], -1)

    return multiply


def _model(weight: Integers) -> bytes:
    """Inputs as unsigned integers with a zero point of 128, their products, and these as reals."""
    outputs, inputs = weight.shape
    parts = [weight]
    if np.abs(weight).max() > LARGEST_HALF:
        parts = [weight >> 1, weight - (weight >> 1)]
    constants: dict[str, NDArray[np.generic]] = {
        "scale": np.ones((), np.float32),
        "zero": np.full((), 1 << (MOST_BITS - 1), np.uint8),
    }
    nodes = [helper.make_node("QuantizeLinear", ["inputs", "scale", "zero"], ["integers"])]
    for number, part in enumerate(parts):
        name = f"weight_{number}"
        constants[name] = np.ascontiguousarray(part.T, np.int8)
        products = [f"products_{number}"]
        nodes.append(helper.make_node("MatMulInteger", ["integers", name, "zero"], products))
    whole = "products_0"
    if len(parts) > 1:
        whole = "products"
        nodes.append(helper.make_node("Add", ["products_0", "products_1"], [whole]))
    nodes.append(helper.make_node("Cast", [whole], ["sums"], to=TensorProto.FLOAT))
    graph = helper.make_graph(
        nodes,
        "product",
        [helper.make_tensor_value_info("inputs", TensorProto.FLOAT, ["rows", inputs])],
        [helper.make_tensor_value_info("sums", TensorProto.FLOAT, ["rows", outputs])],
        [numpy_helper.from_array(values, name) for name, values in constants.items()],
    )
    opsets = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
    return model.SerializeToString()
