"""Running a module at the `accel` level: parameters are prepared once, then call after call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from xdsl.dialects.builtin import DictionaryAttr, ModuleOp, StringAttr
from xdsl.dialects.func import FuncOp
from xdsl.interpreter import Interpreter
from xdsl.traits import SymbolTable
from xdsl.utils.exceptions import InterpretationError

from vaqf.dialects.accel import CheckpointOp
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.accel.schedule import FORMAT_ATTRIBUTE, PORT_ATTRIBUTE, frames_of
from vaqf.dialects.diagnostics import UserError, describe
from vaqf.dialects.model_reference import input_names
from vaqf.dialects.quant import IntType
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.accel import observe_checkpoints
from vaqf.interpreters.accel.buffers import defined, fitting, is_defined, new_buffer
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
    """What a buffer held at an `accel.checkpoint`, for one frame."""

    label: str
    """What the values are called."""

    index: int
    """Which of several values of that name, as the layer."""

    values: Integers
    """In the shape of the buffer."""


@dataclass(frozen=True)
class Frame:
    """What an accelerator gives for one frame."""

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
        raise UserError(
            f"{describe(module)}: does not define the function '@{name}' that is executed"
        )
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

    frames: int = 1
    """How many frames a call of `forward` computes."""

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
        frames, ports = frames_of(forward), list[Port]()
        names = input_names(forward)
        for name, argument, each in zip(names, forward.args, attributes, strict=True):
            if _kind(each) == "parameter":
                continue
            format = each.data.get(FORMAT_ATTRIBUTE)
            if not isinstance(format, IntType):
                raise UserError(f"port '{name}' has the format {format}, expected a !quant.int")
            shape = shape_of(argument)
            ports.append(Port(name, shape if frames == 1 else shape[1:], format))
        return Accelerator(
            parameters, forward, tuple(ports[:inputs]), tuple(ports[inputs:]), frames
        )

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
        """What the accelerator gives for one frame, see `call`."""
        return self.call(interpreter, prepared, [inputs])[0]

    def call(
        self,
        interpreter: Interpreter,
        prepared: Sequence[Array],
        frames: Sequence[Sequence[Array]],
        *,
        is_traced: bool = False,
    ) -> list[Frame]:
        """
        Call the accelerator once.

        Args:
            interpreter: Knows the operations of all levels.
            prepared: What `prepare` gave.
            frames: The integers of each input, for each of at least one and at most as many frames
                as a call computes.
            is_traced: Note what checkpoints show that are for tracing only, too.

        Returns:
            What it gives for each of them.

        Raises:
            InterpretationError: when an operation cannot be executed, an input does not fit its
                format, or an output is not written completely.
        """
        found = [
            Frame(tuple(new_buffer(each.shape) for each in self.outputs))
            for _ in range(self.frames)
        ]

        def on_checkpoint(op: CheckpointOp, index: int, values: Integers) -> None:
            if is_traced or op.trace_only is None:
                checkpoint = Checkpoint(op.label.data, index, defined(values).copy())
                found[op.frame_number].checkpoints.append(checkpoint)

        observe_checkpoints(interpreter, on_checkpoint)
        # What is missing to a full call is the last frame again.
        whole = [frames[min(number, len(frames) - 1)] for number in range(self.frames)]
        for inputs in whole:
            for port, argument, values in zip(self.inputs, self.forward.args, inputs, strict=False):
                try:
                    fitting(values.astype(np.int64), element_width(argument))
                except InterpretationError as error:
                    raise InterpretationError(f"input '{port.name}': {error}") from error
        given = [self._together(each) for each in zip(*whole, strict=True)]
        outputs = zip(*(frame.outputs for frame in found), strict=True)
        written = [self._together(each) for each in outputs]
        interpreter.call_op(self.forward, (*given, *written, *prepared))
        if self.frames > 1:
            found = [
                Frame(tuple(each[number] for each in written), frame.checkpoints)
                for number, frame in enumerate(found)
            ]
        for frame in found:
            for port, values in zip(self.outputs, frame.outputs, strict=True):
                if not is_defined(values):
                    raise InterpretationError(f"output '{port.name}' is not written completely")
        return found[: len(frames)]

    def _together(self, frames: Sequence[Array]) -> Integers:
        """The values of an input or output for all frames of a call, as its port holds them."""
        arrays = [each.astype(np.int64, copy=False) for each in frames]
        return arrays[0] if self.frames == 1 else np.stack(arrays)

    def run_frames(
        self,
        interpreter: Interpreter,
        prepared: Sequence[Array],
        frames: Iterable[Sequence[Array]],
        *,
        is_traced: bool = False,
    ) -> Iterator[Frame]:
        """What the accelerator gives for any number of frames, see `call`."""
        waiting = iter(frames)
        while together := list(islice(waiting, self.frames)):
            yield from self.call(interpreter, prepared, together, is_traced=is_traced)
