"""Sums of products in the 8-bit instructions of the machine, where ONNX Runtime is installed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import cast

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

from vaqf.interpreters.arithmetic.integers import Integers
from vaqf.interpreters.compiled.kernels import Bytes, Products, kernels
from vaqf.interpreters.compiled.wholes import Wholes, as_rows
from vaqf.interpreters.onnx_runtime import has_onnx_runtime

BYTE_BITS = 8
ZERO = 1 << (BYTE_BITS - 1)
"""What a byte stands for is counted from here."""

LARGEST_HALF = 64
"""
Machines without dot products of 8 bits add two products of an unsigned input and a weight in 16
bits, and saturate: `2 * 255 * 64` is below `2^15`. Weights of up to twice that are halved there,
rounded down and up, and multiplied half by half.
"""

MOST_INPUTS = 1 << 16
"""Sums of as many products of a byte and a weight stay below `2^31`."""

OPSET = 17
IR_VERSION = 8

Multiply = Callable[[Bytes], Products]
"""Bytes x the weight, input channels x output channels."""


@dataclass(frozen=True)
class EightBitProduct:
    """
    `x @ weight.T` for signed integers `x`, several times as fast as in `float32`.

    Those of more than 8 bits are two bytes, of which each is multiplied by itself. With both bytes
    counted from 128, `x` is 256 times the upper plus the lower plus 128.
    """

    multiply: Multiply
    is_wide: bool
    """Whether inputs have two bytes."""

    offset: Integers
    """128 times the sum of the weights of each output channel."""

    @staticmethod
    def of(weight: Integers, bits: int) -> EightBitProduct | None:
        """
        The product with a weight.

        Args:
            weight: Output channels x input channels.
            bits: Width of the inputs.

        Returns:
            None where that is not exact, or ONNX Runtime is not installed.
        """
        smallest, largest = int(weight.min()), int(weight.max())
        if bits > 2 * BYTE_BITS or smallest < -ZERO or largest >= ZERO:
            return None
        if weight.shape[1] > MOST_INPUTS:
            return None
        if not has_onnx_runtime():
            return None
        parts = [weight]
        if max(-smallest, largest) > LARGEST_HALF and not multiplies_exactly():
            parts = [weight >> 1, weight - (weight >> 1)]
        offset = weight.sum(axis=1) * ZERO
        return EightBitProduct(_multiplication(parts), bits > BYTE_BITS, offset)

    def __call__(self, inputs: Wholes) -> Wholes:
        """From ... x input channels to ... x output channels."""
        rows = as_rows(inputs)
        if self.is_wide:
            upper, lower = self.of_bytes(rows)
            sums = float(1 << BYTE_BITS) * upper + lower + self.offset
        else:
            native, singles = kernels(), rows.astype(np.float32, order="C", copy=False)
            sums = self.multiply(
                (singles + ZERO).astype(np.uint8) if native is None else native.one_byte(singles)
            )
        return sums.reshape(*inputs.shape[:-1], -1)

    def of_bytes(self, rows: Wholes) -> Products:
        """
        From rows x input channels, of more than 8 bits, to 2 x rows x output channels.

        The sums are 256 times the first, plus the second, plus the offset.
        """
        native, singles = kernels(), rows.astype(np.float32, order="C", copy=False)
        if native is None:
            counted = singles.astype(np.int32) + (ZERO << BYTE_BITS)
            both = np.stack([counted >> BYTE_BITS, counted & 0xFF]).astype(np.uint8)
        else:
            both = native.two_bytes(singles)
        return self.multiply(as_rows(both)).reshape(2, len(rows), -1)


@cache
def multiplies_exactly() -> bool:
    """
    Whether the machine multiplies without saturating: whether products are right that would not be.
    """
    generator = np.random.default_rng(0)
    weight = generator.choice([-ZERO, ZERO - 1], (64, 256))
    multiply = _multiplication([weight])
    for rows in (1, 2, 64):
        inputs = generator.choice([-ZERO, ZERO - 1], (rows, weight.shape[1]))
        if not np.array_equal(multiply((inputs + ZERO).astype(np.uint8)), inputs @ weight.T):
            return False
    return True


def _multiplication(parts: list[Integers]) -> Multiply:
    """With a weight that is the sum of some parts, each output channels x input channels."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    # Else each layer keeps the memory that it once needed.
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    session = onnxruntime.InferenceSession(
        _model(parts), options, providers=["CPUExecutionProvider"]
    )
    return lambda bytes: cast(Products, session.run(None, {"bytes": bytes})[0])


def _model(parts: list[Integers]) -> bytes:
    """Bytes counted from 128, multiplied by each part, and the sum of that."""
    outputs, inputs = parts[0].shape
    constants: dict[str, NDArray[np.generic]] = {"zero": np.full((), ZERO, np.uint8)}
    nodes: list[NodeProto] = []
    for number, part in enumerate(parts):
        name = f"weight_{number}"
        constants[name] = np.ascontiguousarray(part.T, np.int8)
        products = [f"products_{number}"]
        nodes.append(helper.make_node("MatMulInteger", ["bytes", name, "zero"], products))
    result = "products_0"
    if len(parts) > 1:
        result = "products"
        nodes.append(helper.make_node("Add", ["products_0", "products_1"], [result]))
    graph = helper.make_graph(
        nodes,
        "product",
        [helper.make_tensor_value_info("bytes", TensorProto.UINT8, ["rows", inputs])],
        [helper.make_tensor_value_info(result, TensorProto.INT32, ["rows", outputs])],
        [numpy_helper.from_array(values, name) for name, values in constants.items()],
    )
    opsets = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
    return model.SerializeToString()
