"""The number formats of a layer, and how much of them samples use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp
from xdsl.interpreter import PythonValues
from xdsl.ir import Operation

from vaqf.compiler.explanation.layers import Layer
from vaqf.dialects.quant import IntType, UnsignedType
from vaqf.dialects.shapes import is_tensor
from vaqf.interpreters.execute import execute
from vaqf.interpreters.parameters import ParameterSource


@dataclass
class Used:
    """The values of a tensor, over several samples."""

    least: int
    """The smallest integer."""

    most: int
    """The largest one."""

    at_bounds: int = 0
    """How many are the smallest or the largest of their format: these may have been cut off."""

    count: int = 0
    """How many there are."""

    def add(self, values: NDArray[np.int64], bounds: tuple[int, int]) -> None:
        """Take down the values of one sample."""
        self.least = min(self.least, int(values.min()))
        self.most = max(self.most, int(values.max()))
        self.at_bounds += int(np.isin(values, bounds).sum())
        self.count += values.size


@dataclass(frozen=True)
class Numbers:
    """A tensor of a layer."""

    name: str
    """Of the value in the IR."""

    format: IntType | UnsignedType
    used: Used | None
    """None where no sample was given."""

    @property
    def row(self) -> tuple[str, ...]:
        """For a table: name, format, scale, range, range of the samples, values at its bounds."""
        low, high = self.format.bounds
        scale = self.format.scale.data
        sign = "signed" if isinstance(self.format, IntType) else "unsigned"
        told = (
            f"%{self.name}",
            f"{self.format.bits.data} bits, {sign}",
            f"{scale:.6g}",
            f"{low * scale:.5g} to {high * scale:.5g}",
        )
        if self.used is None:
            return told
        if self.format.bits.data == 1:
            return (*told, "-1 or 1", "-")
        used = self.used
        return (
            *told,
            f"{used.least * scale:.5g} to {used.most * scale:.5g}",
            f"{used.at_bounds:,} of {used.count:,} ({used.at_bounds / max(used.count, 1):.2%})",
        )


def numbers_of(
    module: ModuleOp,
    layer: Layer,
    inputs: Mapping[str, NDArray[np.float32]] | None,
    parameters: ParameterSource,
) -> Sequence[Numbers]:
    """
    The activations of a layer.

    Args:
        module: the quantized level.
        layer: whose they are.
        inputs: samples by the name of the input, on which they are counted; None for none.
        parameters: the weights.

    Raises:
        UserError: when the inputs are not what the network takes.
    """
    formats: dict[Operation, IntType | UnsignedType] = {}
    for op in layer.operations(module):
        for result in op.results:
            if is_tensor(result.type) and isinstance(
                result.type.element_type, IntType | UnsignedType
            ):
                formats[op] = result.type.element_type
    used: dict[Operation, Used] = {}

    def count(op: Operation, values: PythonValues) -> None:
        if op in formats:
            integers: NDArray[np.int64] = np.asarray(values[0], np.int64)
            found = used.setdefault(op, Used(int(integers.min()), int(integers.max())))
            found.add(integers, formats[op].bounds)

    if inputs is not None:
        execute(module, inputs, parameters, on_value=count)
    return [
        Numbers(op.results[0].name_hint or "value", format, used.get(op))
        for op, format in formats.items()
    ]
