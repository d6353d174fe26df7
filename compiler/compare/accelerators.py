"""Accelerators, run by the interpreter."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import ModuleOp

from vaqf.compiler.compare.tensors import Array, Network, Tensor
from vaqf.compiler.interface import Interface
from vaqf.dialects.quant import IntType
from vaqf.interpreters.accelerator import Accelerator
from vaqf.interpreters.arithmetic.integers import Floats
from vaqf.interpreters.execute import interpreter_of, network_inputs, telling_why
from vaqf.interpreters.parameters import ParameterSource
from vaqf.interpreters.samples import Input, Samples

Key = tuple[str, int]
"""Label and number of a value that a checkpoint shows."""


@dataclass(frozen=True)
class Shown:
    """What an accelerator shows of a call: the values of its checkpoints, then its outputs."""

    network: Network
    """These as tensors."""

    numbers: Mapping[Key, int]
    """The number of each value that a checkpoint shows."""

    outputs: Sequence[int]
    """The number of each output."""

    @staticmethod
    def of(interface: Interface) -> Shown:
        """What is known of an accelerator."""
        tensors = [
            Tensor(number, each.name, each.shape, IntType(each.bits, each.scale))
            for number, each in enumerate(interface.traced)
        ]
        outputs = [
            Tensor(number, each.name, each.shape, IntType(each.bits, each.scale), is_output=True)
            for number, each in enumerate(interface.outputs, len(tensors))
        ]
        return Shown(
            Network([*tensors, *outputs]),
            {(each.label, each.index): number for number, each in enumerate(interface.traced)},
            [each.number for each in outputs],
        )


@dataclass(frozen=True)
class InterpretedAccelerator:
    """A module at the `accel` level, executed."""

    module: ModuleOp
    parameters: ParameterSource
    inputs: Sequence[Input]
    shown: Shown

    @property
    def network(self) -> Network:
        """See `Side`."""
        return self.shown.network

    @staticmethod
    def of(module: ModuleOp, parameters: ParameterSource) -> InterpretedAccelerator:
        """
        A module at the `accel` level.

        Raises:
            UserError: when it is no accelerator.
        """
        shown = Shown.of(Interface.of(module))
        return InterpretedAccelerator(module, parameters, network_inputs(module), shown)

    def run(
        self, inputs: Mapping[str, Floats], wanted: Collection[int]
    ) -> Iterator[Mapping[int, Array]]:
        """See `Side`."""
        samples = Samples.of(self.inputs, inputs)
        accelerator = Accelerator.of(self.module)
        interpreter = interpreter_of(self.module, self.parameters)
        with telling_why():
            prepared = accelerator.prepare(interpreter)
            for frame in accelerator.run_frames(interpreter, prepared, samples, is_traced=True):
                found: dict[int, Array] = dict(zip(self.shown.outputs, frame.outputs, strict=True))
                for each in frame.checkpoints:
                    number = self.shown.numbers.get((each.label, each.index))
                    if number is not None and number in wanted:
                        found[number] = each.values
                yield found
