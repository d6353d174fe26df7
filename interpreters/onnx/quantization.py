"""Rounding to integers, as ONNX and QONNX define it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import IntegerType, Signedness
from xdsl.interpreter import (
    Interpreter,
    InterpreterFunctions,
    PythonValues,
    impl,
    register_impls,
)
from xdsl.ir import Attribute
from xdsl.utils.hints import isa

from vaqf.dialects import onnx
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.onnx.base import elements_of

Floats = NDArray[np.float32]
Array = NDArray[np.generic]

ROUNDINGS: Mapping[str, Callable[[Floats], Floats]] = {
    "ROUND": np.rint,
    "HALF_EVEN": np.rint,
    "CEIL": np.ceil,
    "FLOOR": np.floor,
    "UP": lambda x: np.sign(x) * np.ceil(np.abs(x)),
    "DOWN": np.trunc,
    "HALF_UP": lambda x: np.sign(x) * np.floor(np.abs(x) + np.float32(0.5)),
    "HALF_DOWN": lambda x: np.sign(x) * np.ceil(np.abs(x) - np.float32(0.5)),
}
"""The rounding modes of QONNX by their names in capitals."""


def integer_bounds(elements: Attribute) -> tuple[int, int]:
    """The smallest and the largest integer of a builtin type."""
    assert isa(elements, IntegerType)
    bits = elements.width.data
    if elements.signedness.data == Signedness.UNSIGNED:
        return 0, (1 << bits) - 1
    return -(1 << (bits - 1)), (1 << (bits - 1)) - 1


def _dtype(elements: Attribute) -> np.dtype[np.integer]:
    """What holds integers of a builtin type; those of less than 8 bits take 8."""
    assert isa(elements, IntegerType)
    is_unsigned = elements.signedness.data == Signedness.UNSIGNED
    return np.dtype(f"{'u' if is_unsigned else ''}int{max(8, elements.width.data)}")


def quant_bounds(bits: int, *, signed: bool, narrow: bool) -> tuple[int, int]:
    """The smallest and the largest integer of a `Quant` of QONNX."""
    if signed:
        return -(1 << (bits - 1)) + narrow, (1 << (bits - 1)) - 1
    return 0, (1 << bits) - 1 - narrow


def _along(values: Array, shape: tuple[int, ...], axis: int | None, block_size: int) -> Array:
    """Scales or zero points, in a shape that broadcasts to the values that they are for."""
    if axis is None:
        return values.reshape(())
    if block_size:
        return np.repeat(values, block_size, axis).take(range(shape[axis]), axis)
    return values.reshape([size if index == axis else 1 for index, size in enumerate(shape)])


@register_impls
class OnnxQuantizationFunctions(InterpreterFunctions):
    """What is rounded and real again is `float32`."""

    @impl(onnx.QuantizeLinearOp)
    def quantize_linear(
        self, interpreter: Interpreter, op: onnx.QuantizeLinearOp, args: PythonValues
    ) -> PythonValues:
        x, scale, *rest = args
        block = op.block_size.value.data if op.block_size else 0
        zero = rest[0] if rest else np.zeros_like(scale, np.int64)
        steps = np.rint(x / _along(scale, x.shape, op.dimension, block))
        zeros = _along(np.asarray(zero, np.int64), x.shape, op.dimension, block)
        smallest, largest = integer_bounds(elements_of(op.result))
        integers = np.clip(steps.astype(np.float64) + zeros, smallest, largest)
        return (integers.astype(_dtype(elements_of(op.result))),)

    @impl(onnx.DequantizeLinearOp)
    def dequantize_linear(
        self, interpreter: Interpreter, op: onnx.DequantizeLinearOp, args: PythonValues
    ) -> PythonValues:
        x, scale, *rest = args
        block = op.block_size.value.data if op.block_size else 0
        zero = rest[0] if rest else np.zeros_like(scale, np.int64)
        zeros = _along(np.asarray(zero, np.int64), x.shape, op.dimension, block)
        steps = (x.astype(np.int64) - zeros).astype(np.float32)
        return (steps * _along(scale, x.shape, op.dimension, block),)

    @impl(onnx.QuantOp)
    def quant(self, interpreter: Interpreter, op: onnx.QuantOp, args: PythonValues) -> PythonValues:
        x, scale, zero, width = args
        bits, mode = int(width.item()), op.rounding_mode.data.upper()
        if mode not in ROUNDINGS:
            fail(op, f"'rounding_mode' is \"{mode}\", accepted are {', '.join(ROUNDINGS)}")
        is_signed, is_narrow = bool(op.signed.value.data), bool(op.narrow.value.data)
        steps = x / scale + zero
        if bits == 1 and is_signed:
            integers = np.where(steps >= 0, np.float32(1), np.float32(-1))
        else:
            smallest, largest = quant_bounds(bits, signed=is_signed, narrow=is_narrow)
            integers = ROUNDINGS[mode](np.clip(steps, np.float32(smallest), np.float32(largest)))
        return ((integers - zero) * scale,)

    @impl(onnx.BipolarQuantOp)
    def bipolar_quant(
        self, interpreter: Interpreter, op: onnx.BipolarQuantOp, args: PythonValues
    ) -> PythonValues:
        x, scale = args
        return (np.where(x >= 0, np.float32(1), np.float32(-1)) * scale,)
