"""How interpreters reach the weights, which are in the model file and not in the IR."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from xdsl.interpreter import Interpreter, InterpreterFunctions

from vaqf.dialects.diagnostics import UserError


class ParameterSource(Protocol):
    """Something that has tensors by name, such as a model file."""

    def read(self, name: str) -> NDArray[np.float32]:
        """
        The tensor called `name`; callers must not write into it.

        Raises:
            UserError: when there is no such tensor, or it does not hold `float32`.
        """
        ...

    def read_any(self, name: str) -> NDArray[np.generic]:
        """
        The tensor called `name`, whatever it holds; callers must not write into it.

        Raises:
            UserError: when there is no such tensor.
        """
        ...


@dataclass(frozen=True)
class Tensors(ParameterSource):
    """Tensors that are in memory already."""

    arrays: Mapping[str, NDArray[np.generic]]
    """Each tensor by its name."""

    def read(self, name: str) -> NDArray[np.float32]:
        array = self.read_any(name)
        if array.dtype != np.float32:
            raise UserError(f"tensor '{name}' has {array.dtype}, expected float32")
        return array.astype(np.float32, copy=False)

    def read_any(self, name: str) -> NDArray[np.generic]:
        if name not in self.arrays:
            raise UserError(f"there is no tensor '{name}'")
        return self.arrays[name]


class NoTensors(ParameterSource):
    """What an interpreter has until it is given a model."""

    def read(self, name: str) -> NDArray[np.float32]:
        raise UserError(f"tensor '{name}' is needed, but the module names no model file")

    def read_any(self, name: str) -> NDArray[np.generic]:
        return self.read(name)


class ParameterFunctions(InterpreterFunctions):
    """The key under which an interpreter holds its source of parameters."""


def provide_parameters(interpreter: Interpreter, source: ParameterSource) -> None:
    """Let the operations that name tensors of the model find them in `source`."""
    interpreter.set_data(ParameterFunctions, "source", source)


def parameter(interpreter: Interpreter, name: str) -> NDArray[np.float32]:
    """
    The tensor of the model called `name`, of real values.

    Raises:
        UserError: when the interpreter has no source, or the source no such tensor.
    """
    source: ParameterSource = interpreter.get_data(ParameterFunctions, "source", NoTensors)
    return source.read(name)


def integer_parameter(interpreter: Interpreter, name: str) -> NDArray[np.signedinteger]:
    """
    The tensor of the model called `name`, of integers.

    Raises:
        UserError: when the interpreter has no source, or the source no such tensor, or the tensor
            does not hold integers.
    """
    source: ParameterSource = interpreter.get_data(ParameterFunctions, "source", NoTensors)
    array = source.read_any(name)
    for wide in (np.int32, np.int64):
        if np.can_cast(array.dtype, wide):
            return array.astype(wide)
    raise UserError(f"tensor '{name}' has {array.dtype}, expected integers")
