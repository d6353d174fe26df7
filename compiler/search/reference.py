"""One lowered accelerator for a model, from which those with other parameters are computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from vaqf.compiler.context import full_context
from vaqf.compiler.estimate import cycles_of, resources_of
from vaqf.compiler.search.closed_form import Choice, cost, matrices
from vaqf.compiler.search.workload import Member, Spent, Workload, workload_of
from vaqf.dialects.accel.schedule import frames_of
from vaqf.passes.accel_functions import engines_of, function_named
from vaqf.passes.bandwidth import Bandwidth
from vaqf.passes.costs.resources import Resources
from vaqf.passes.double_buffer import DoubleBufferPass
from vaqf.passes.estimate_performance import EstimatePerformancePass
from vaqf.passes.pack_parameters import PackParametersPass
from vaqf.passes.partition_arrays import PartitionArraysPass
from vaqf.passes.pipeline_loops import PipelineLoopsPass
from vaqf.passes.tile_engines import TileEnginesPass


@dataclass(frozen=True)
class Estimate:
    """What an accelerator takes."""

    cycles: int
    """Of a call."""

    resources: Resources

    frames: int = 1
    """How many frames a call computes."""

    @property
    def cycles_of_frame(self) -> float:
        """Cycles for each frame."""
        return self.cycles / self.frames


def estimated(module: ModuleOp) -> Estimate:
    """
    What `estimate-performance` wrote on a module.

    Raises:
        PassFailedException: when it has not run.
    """
    forward = function_named(module, "forward")
    resources = Resources(**resources_of(forward))
    return Estimate(cycles_of(forward), resources, frames_of(forward))


def lowering(choice: Choice) -> tuple[ModulePass, ...]:
    """The passes that give shared engines their parameters, and estimate what follows."""
    return (
        choice.tiling,
        DoubleBufferPass(),
        PipelineLoopsPass(vector_lanes=choice.vector_lanes),
        PartitionArraysPass(uram=choice.uram),
        PackParametersPass(word_bits=choice.word_bits),
        EstimatePerformancePass(memory_bits=choice.memory_bits),
    )


@dataclass(frozen=True)
class Reference:
    """What an accelerator takes for any parameters, given what it takes for some."""

    workload: Workload

    word_bits: int
    """Width of the ports."""

    memory_bits: int | None
    """Bits a cycle of all ports together; None for as many as they take."""

    control: Mapping[str, Resources]
    """Loops and indices of engines, which depend on no parameter."""

    rest: Resources
    """Everything that is part of no engine, but for the matrices of activations."""

    rest_cycles: int
    """Cycles outside of calls."""

    @staticmethod
    def of(module: ModuleOp, word_bits: int, memory_bits: int | None = None) -> Reference:
        """
        That of a module after `share-engines`, which stays as it is.

        Args:
            module: the model.
            word_bits: width of the ports.
            memory_bits: bits a cycle of all ports together.

        Raises:
            PassFailedException: when the model cannot be lowered.
        """
        workload = workload_of(module)
        choice = Choice(
            TileEnginesPass(),
            PipelineLoopsPass.vector_lanes,
            word_bits,
            memory_bits=memory_bits,
        )
        lowered, context = module.clone(), full_context()
        for each in lowering(choice):
            each.apply(context, lowered)
        engines = {each.sym_name.data: each for each in engines_of(lowered)}
        whole = estimated(lowered)
        control: dict[str, Resources] = {}
        rest, members = whole.resources, dict[Member, Spent]()
        for engine in workload.engines:
            costs = cost(engine, choice)
            actual = Resources(**resources_of(engines[engine.name]))
            control[engine.name] = actual - costs.resources
            rest -= actual
            members |= costs.members(engine)
        rest -= matrices(workload, choice)
        rest_cycles = whole.cycles - workload.cycles(members, choice.bandwidth)
        return Reference(workload, word_bits, memory_bits, control, rest, rest_cycles)

    @property
    def bandwidth(self) -> Bandwidth:
        """What the memory outside of the device gives."""
        return Bandwidth(self.word_bits, self.memory_bits)

    def at(self, here: int, there: int) -> Reference:
        """The same for another width of encoder activations: see `Workload.at`."""
        return replace(self, workload=self.workload.at(here, there))

    def estimate(self, choice: Choice) -> Estimate:
        """What the accelerator takes with other parameters."""
        members, total = dict[Member, Spent](), self.rest
        for engine in self.workload.engines:
            costs = cost(engine, choice)
            members |= costs.members(engine)
            total += costs.resources + self.control[engine.name]
        total += matrices(self.workload, choice)
        cycles = self.rest_cycles + self.workload.cycles(members, choice.bandwidth)
        return Estimate(cycles, total, self.workload.frames)
