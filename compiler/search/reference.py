"""One lowered accelerator for a model, from which those with other parameters are computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from vaqf.compiler.context import full_context
from vaqf.compiler.estimate import cycles_of, resources_of
from vaqf.compiler.search.closed_form import Choice, cost, matrix
from vaqf.compiler.search.workload import Workload, workload_of
from vaqf.passes.accel_functions import engines_of, function_named
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
    """Of a frame."""

    resources: Resources


def estimated(module: ModuleOp) -> Estimate:
    """
    What `estimate-performance` wrote on a module.

    Raises:
        PassFailedException: when it has not run.
    """
    forward = function_named(module, "forward")
    return Estimate(cycles_of(forward), Resources(**resources_of(forward)))


def lowering(choice: Choice) -> tuple[ModulePass, ...]:
    """The passes that give shared engines their parameters, and estimate what follows."""
    return (
        choice.tiling,
        DoubleBufferPass(),
        PipelineLoopsPass(vector_lanes=choice.vector_lanes),
        PartitionArraysPass(),
        PackParametersPass(word_bits=choice.word_bits),
        EstimatePerformancePass(),
    )


@dataclass(frozen=True)
class Reference:
    """What an accelerator takes for any parameters, given what it takes for some."""

    workload: Workload

    word_bits: int
    """Width of the ports."""

    control: Mapping[str, Resources]
    """Loops and indices of engines, which depend on no parameter."""

    rest: Resources
    """Everything that is part of no engine in `control`, but for the matrices of activations."""

    rest_cycles: int
    """Cycles of a frame outside of those engines."""

    @staticmethod
    def of(module: ModuleOp, word_bits: int) -> Reference:
        """
        That of a module after `share-engines`, which stays as it is.

        Args:
            module: the model.
            word_bits: width of the ports.

        Raises:
            PassFailedException: when the model cannot be lowered.
        """
        workload = workload_of(module)
        choice = Choice(TileEnginesPass(), PipelineLoopsPass.vector_lanes, word_bits)
        lowered, context = module.clone(), full_context()
        for each in lowering(choice):
            each.apply(context, lowered)
        engines = {each.sym_name.data: each for each in engines_of(lowered)}
        whole = estimated(lowered)
        control: dict[str, Resources] = {}
        rest, rest_cycles = whole.resources, whole.cycles
        for engine in workload.engines:
            costs = cost(engine, choice)
            actual = Resources(**resources_of(engines[engine.name]))
            control[engine.name] = actual - costs.resources
            rest -= actual
            rest_cycles -= costs.frame(engine.calls)
        for each in workload.matrices:
            rest -= matrix(each, workload, choice)
        return Reference(workload, word_bits, control, rest, rest_cycles)

    def at(self, here: int, there: int) -> Reference:
        """The same for another width of encoder activations: see `Workload.at`."""
        return replace(self, workload=self.workload.at(here, there))

    def estimate(self, choice: Choice) -> Estimate:
        """What the accelerator takes with other parameters."""
        cycles, total = self.rest_cycles, self.rest
        for engine in self.workload.engines:
            costs = cost(engine, choice)
            cycles += costs.frame(engine.calls)
            total += costs.resources + self.control[engine.name]
        for each in self.workload.matrices:
            total += matrix(each, self.workload, choice)
        return Estimate(cycles, total)
