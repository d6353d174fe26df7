"""The arrays that a user gives, as the arguments of a network for one sample after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import Float32Type, TensorType
from xdsl.ir import Attribute
from xdsl.utils.hints import isa

from vaqf.dialects.diagnostics import UserError
from vaqf.dialects.quant import IntType, UnsignedType
from vaqf.dialects.quant.formats import Format
from vaqf.interpreters.arithmetic.integers import Floats, OutOfRangeError
from vaqf.interpreters.quant import quantize_to

Array = NDArray[np.number]


@dataclass(frozen=True)
class Input:
    """An argument of a network, and how a user gives it."""

    name: str
    """Its name in the model."""

    shape: tuple[int, ...]
    """Its shape for one sample."""

    format: Format | None
    """How integers stand for the real values that are given; None where those are the argument."""

    @staticmethod
    def of(name: str, type: Attribute) -> Input:
        """
        The input of that name and type.

        Raises:
            UserError: when its elements are neither real nor quantized.
        """
        if isa(type, TensorType[Float32Type]):
            return Input(name, type.get_shape(), None)
        if isa(type, TensorType[IntType] | TensorType[UnsignedType]):
            return Input(name, type.get_shape(), type.element_type)
        raise UserError(f"input '{name}' is {type}, only real or quantized tensors can be given")

    def __str__(self) -> str:
        return (
            f"'{self.name}': float32 of shape {self.shape}, or samples of that along a first axis"
        )

    def split(self, array: Floats) -> tuple[Floats, bool]:
        """
        Real values with an axis of samples in front, and whether the user gave that axis.

        Raises:
            UserError: when the array is not what the network takes.
        """
        if array.dtype != np.float32:
            raise UserError(f"input '{self.name}' is {array.dtype}, expected {self}")
        if array.shape == self.shape:
            return array[np.newaxis], False
        if array.shape[1:] == self.shape and len(array) > 0:
            return array, True
        if self.shape[:1] == (1,) and array.shape[1:] == self.shape[1:] and len(array) > 0:
            return array[:, np.newaxis], True
        raise UserError(f"input '{self.name}' has shape {array.shape}, expected {self}")

    def argument(self, sample: Floats) -> Array:
        """
        What the function takes for one sample.

        Raises:
            UserError: for a value that is not a number, where integers have to stand for it.
        """
        if self.format is None:
            return sample
        try:
            return quantize_to(sample, self.format)
        except OutOfRangeError as error:
            raise UserError(f"input '{self.name}': {error}") from error


@dataclass(frozen=True)
class Samples:
    """The inputs of a network for one or several samples."""

    inputs: tuple[Input, ...]
    """The arguments of the network."""

    arrays: tuple[Floats, ...]
    """Samples x shape of the input, for each of them."""

    several: bool
    """Whether the user gave an axis of samples, and so expects one."""

    @staticmethod
    def of(inputs: Sequence[Input], arrays: Mapping[str, Floats]) -> Samples:
        """
        The samples that are in arrays named as the inputs of a network.

        Raises:
            UserError: when the arrays are not those inputs.
        """
        expected = "; ".join(map(str, inputs))
        for name in arrays:
            if name not in (each.name for each in inputs):
                raise UserError(f"there is no input '{name}', expected {expected}")
        for each in inputs:
            if each.name not in arrays:
                raise UserError(f"input '{each.name}' is missing, expected {expected}")
        split = [each.split(arrays[each.name]) for each in inputs]
        counts = {each.name: len(array) for each, (array, _) in zip(inputs, split, strict=True)}
        if len(set(counts.values())) > 1:
            listed = ", ".join(f"'{name}' has {count}" for name, count in counts.items())
            raise UserError(f"inputs have different numbers of samples: {listed}")
        return Samples(
            tuple(inputs), tuple(array for array, _ in split), any(given for _, given in split)
        )

    def __len__(self) -> int:
        """How many there are."""
        return len(self.arrays[0]) if self.arrays else 1

    def __iter__(self) -> Iterator[tuple[Array, ...]]:
        """
        The arguments for each sample.

        Raises:
            UserError: for a value that is not a number, where integers have to stand for it.
        """
        if not self.inputs:
            yield ()
        for sample in zip(*self.arrays, strict=True):
            yield tuple(each.argument(real) for each, real in zip(self.inputs, sample, strict=True))
