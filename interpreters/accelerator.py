"""Running a module at the `accel` level: parameters are prepared once, then frame after frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from xdsl.dialects.builtin import DictionaryAttr, ModuleOp, StringAttr
from xdsl.dialects.func import FuncOp
from xdsl.interpreter import Interpreter
from xdsl.traits import SymbolTable
from xdsl.utils.exceptions import InterpretationError

from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.accel.schedule import FORMAT_ATTRIBUTE, PORT_ATTRIBUTE
from vaqf.dialects.diagnostics import UserError
from vaqf.dialects.model_reference import input_names
from vaqf.dialects.quant import IntType
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.accel import observe_checkpoints
from vaqf.interpreters.accel.buffers import fitting, is_defined, new_buffer
from vaqf.interpreters.arithmetic.integers import Integers
from vaqf.interpreters.schedule import Array, run

PARAMETERS = "parameters"
"""Name of the function that prepares what lies in DRAM."""

FORWARD = "forward"
"""Name of the function that is the accelerator."""


@dataclass(frozen=True)
class Port:
    """An input or output of an accelerator: integers in DRAM."""

    name: str
    """Its name in the model."""

    shape: tuple[int, ...]
    """Its shape, for one frame."""

    format: IntType
    """What its integers stand for."""


@dataclass(frozen=True)
class Checkpoint:
    """What a buffer held at an `accel.checkpoint`."""

    label: str
    """What the values are called."""

    index: int
    """Which of several values of that name, as the layer."""

    values: Integers
    """In the shape of the buffer."""


@dataclass(frozen=True)
class Frame:
    """What one run of an accelerator gives."""

    outputs: tuple[Integers, ...]
    """The values of its outputs."""

    checkpoints: list[Checkpoint] = field(default_factory=list[Checkpoint])
    """The checkpoints, in the order in which they were passed."""


def is_accelerator(function: FuncOp) -> bool:
    """Whether a function takes ports of an accelerator."""
    return any(PORT_ATTRIBUTE in each.data for each in function.arg_attrs or ())


def _function(module: ModuleOp, name: str) -> FuncOp:
    """
    A function of a module.

    Raises:
        UserError: when the module does not define it.
    """
    function = SymbolTable.lookup_symbol(module, name)
    if not isinstance(function, FuncOp) or function.is_declaration:
        raise UserError(f"the module does not define the function '@{name}' that is executed")
    return function


def _kind(attributes: DictionaryAttr) -> str | None:
    """What kind of port an argument is."""
    kind = attributes.data.get(PORT_ATTRIBUTE)
    return kind.data if isinstance(kind, StringAttr) else None


@dataclass(frozen=True)
class Accelerator:
    """The two functions of a module at the `accel` level."""

    parameters: FuncOp
    """Prepares weights and tables; no arguments."""

    forward: FuncOp
    """Takes inputs, outputs, and what `parameters` returns."""

    inputs: tuple[Port, ...]
    """The first arguments of `forward`."""

    outputs: tuple[Port, ...]
    """The arguments of `forward` after them."""

    @staticmethod
    def of(module: ModuleOp) -> Accelerator:
        """
        The accelerator of a module.

        Raises:
            UserError: when a function is missing, or an argument does not say what it is.
        """
        parameters, forward = _function(module, PARAMETERS), _function(module, FORWARD)
        attributes = list(forward.arg_attrs or ())
        kinds = [_kind(each) for each in attributes]
        count = len(parameters.function_type.outputs)
        inputs, outputs = kinds.count("input"), kinds.count("output")
        if kinds != ["input"] * inputs + ["output"] * outputs + ["parameter"] * count:
            raise UserError(
                f"the arguments of '@{FORWARD}' are {kinds}, expected inputs, outputs, and the "
                f"{count} parameters that '@{PARAMETERS}' returns"
            )
        ports: list[Port] = []
        names = input_names(forward)
        for name, argument, each in zip(names, forward.args, attributes, strict=True):
            if _kind(each) == "parameter":
                continue
            format = each.data.get(FORMAT_ATTRIBUTE)
            if not isinstance(format, IntType):
                raise UserError(f"port '{name}' has the format {format}, expected a !quant.int")
            ports.append(Port(name, shape_of(argument), format))
        return Accelerator(parameters, forward, tuple(ports[:inputs]), tuple(ports[inputs:]))

    def prepare(self, interpreter: Interpreter) -> tuple[Array, ...]:
        """
        What lies in DRAM: the results of `@parameters`.

        A parameter is an array in the shape of its type; a memory of words that `accel.pack` made
        is an array of bytes, words x bytes of a word.
        """
        *ops, terminator = self.parameters.body.block.ops
        results = run(interpreter, ops, {}, terminator.operands)
        return tuple(results[each] for each in terminator.operands)

    def run(
        self,
        interpreter: Interpreter,
        prepared: Sequence[Array],
        inputs: Sequence[Array],
    ) -> Frame:
        """
        Run one frame.

        Args:
            interpreter: Knows the operations of all levels.
            prepared: What `prepare` gave.
            inputs: The integers of each input.

        Raises:
            InterpretationError: when an operation cannot be executed, an input does not fit its
                format, or an output is not written completely.
        """
        frame = Frame(tuple(new_buffer(each.shape) for each in self.outputs))

        def on_checkpoint(label: str, index: int, values: Integers) -> None:
            frame.checkpoints.append(Checkpoint(label, index, values))

        observe_checkpoints(interpreter, on_checkpoint)
        given = [values.astype(np.int64) for values in inputs]
        for port, argument, values in zip(self.inputs, self.forward.args, given, strict=False):
            try:
                fitting(values, element_width(argument))
            except InterpretationError as error:
                raise InterpretationError(f"input '{port.name}': {error}") from error
        interpreter.call_op(self.forward, (*given, *frame.outputs, *prepared))
        for port, values in zip(self.outputs, frame.outputs, strict=True):
            if not is_defined(values):
                raise InterpretationError(f"output '{port.name}' is not written completely")
        return frame

    def run_samples(
        self, interpreter: Interpreter, samples: Iterable[Sequence[Array]]
    ) -> Iterator[tuple[Integers, ...]]:
        """The outputs for each sample; parameters are prepared once."""
        prepared = self.prepare(interpreter)
        for inputs in samples:
            yield self.run(interpreter, prepared, inputs).outputs
