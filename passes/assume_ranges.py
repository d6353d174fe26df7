"""Ranges of activations without running the network."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from vaqf.compiler.model_resolution import open_parameters
from vaqf.dialects import quant
from vaqf.dialects.diagnostics import UserError
from vaqf.dialects.quant import RangeAttr
from vaqf.interpreters.execute import interpreter_of
from vaqf.passes.constants import note_magnitude
from vaqf.passes.recorded_ranges import record_range
from vaqf.passes.statistics import Statistic
from vaqf.passes.structure import activations_of, is_real, network_of


@dataclass(frozen=True)
class AssumeRangesPass(ModulePass):
    """
    Record the same `#quant.range` for every activation, as `calibrate-activations` records what it
    measures.

    Widths, and so what an accelerator takes, do not depend on ranges: estimates need no samples.
    Accuracy does. The largest scale of each weight is noted as well, so that passes that follow
    need not compute it for each width that is estimated.
    """

    name = "assume-ranges"

    statistics = (Statistic("ranges assumed", marked="quant.range"),)

    magnitude: float = 4.0
    """
    The largest magnitude of all activations, positive; the mean of magnitudes is a quarter of it.
    """

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if not self.magnitude > 0:
            raise UserError(f"magnitude is {self.magnitude}, it must be positive")
        network, largest = network_of(op), self.magnitude
        # Of a normal distribution that reaches its largest values at about three deviations.
        seen = RangeAttr(-largest, largest, largest / 4, largest / 3)
        for value in activations_of(network):
            if is_real(value):
                record_range(network, value, seen)
        interpreter = interpreter_of(op, open_parameters(op))
        scales = [
            each.scale
            for each in network.body.block.ops
            if isinstance(each, quant.BinarizeOp | quant.QuantizeWeightOp)
        ]
        with ThreadPoolExecutor() as pool:
            # A result is taken from each, so that what one refuses is raised.
            list(pool.map(partial(note_magnitude, interpreter), scales))
