"""What a search answers: the widest activations that reach a rate, and what comes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import product, repeat
from pathlib import Path

from vaqf.backends.hls.sources import compressed, in_any_block
from vaqf.compiler.board import Board, board_names
from vaqf.compiler.configuration import choices_of, parameters_of
from vaqf.compiler.pipeline import Options
from vaqf.compiler.project import Json
from vaqf.compiler.search.binding import TOGETHER, binds
from vaqf.compiler.search.closed_form import cost
from vaqf.compiler.search.combination import Point
from vaqf.compiler.search.fastest import share
from vaqf.compiler.search.found import Found, fastest_within
from vaqf.compiler.search.frontier import Frontier, budget_of, by_frames, frontier_of, lowered_at
from vaqf.compiler.search.limit import Limit, least_cycles, limit_of
from vaqf.compiler.search.lowered import float_model, of_weights, reference_for
from vaqf.compiler.search.mixed import Mixed, Noise, mixed_precision
from vaqf.compiler.search.processes import processes
from vaqf.compiler.search.reference import Reference
from vaqf.compiler.search.workload import Call
from vaqf.dialects.diagnostics import UserError
from vaqf.passes.costs.resources import Resources
from vaqf.passes.pipeline_loops import PipelineLoopsPass

HARDLY_ANY = 0.002
"""A share of cycles that is not worth telling."""

ANY_NUMBER = 1 << 40
"""More of a resource than any device has."""

NARROW = (1, 2, 3)
"""Widths that smaller boards are tried with; one bit is not always the fastest."""


@dataclass(frozen=True)
class Answer:
    """The outcome of a search."""

    model: Path
    board: Board

    board_name: str
    """As the user names it: a name, or the path of a file."""

    options: Options
    """What was decided before."""

    wanted_fps: float
    """Frames a second."""

    frontier: Frontier

    chosen: Found
    """The widest that reaches the rate; where none does, the fastest."""

    binds: str | None
    """
    The resource of which a little more would help most, or `memory`: bandwidth of the memory
    outside of the device; several with `TOGETHER` between them where only more of all helps; None
    when more of none would. Where no
    accelerator fits, that which is too little even for the smallest; None when that is several.
    """

    would_do: str | None = None
    """Where the rate is not reached: the smallest board on which it is, if there is one."""

    noise: Noise | None = None
    """What rounding activations costs, where it was measured to find widths of attention."""

    mixed: Mixed | None = None
    """What is chosen, when that has another width for attention."""

    @property
    def point(self) -> Point | None:
        """The accelerator; None when none fits."""
        return self.chosen.point

    @property
    def fps(self) -> float:
        """Frames a second of the accelerator."""
        return rate(self.board, self.point)

    @property
    def reached(self) -> bool:
        """Whether it is as fast as was wanted."""
        return self.fps >= self.wanted_fps

    @property
    def found_options(self) -> Options:
        """
        Everything that is decided now.

        Raises:
            UserError: when no accelerator fits.
        """
        if self.point is None:
            raise UserError(f"{self.model}: no accelerator fits on {self.board.name}")
        choice = self.point.choice
        return replace(
            self.options,
            activation_bits=self.chosen.bits,
            rules=self.options.rules if self.mixed is None else self.mixed.rules,
            tiling=choice.tiling,
            pipelining=PipelineLoopsPass(vector_lanes=choice.vector_lanes),
            frames=self.chosen.frames,
            uram=choice.uram,
        )

    @property
    def limit(self) -> Limit | None:
        """How far the accelerator is from what its budget could do; None when there is none."""
        if self.point is None:
            return None
        return limit_of(self.chosen.reference, self.point, self.frontier.budget)

    @property
    def json(self) -> dict[str, Json]:
        """The answer as data, which `read_configuration` reads."""
        told: dict[str, Json] = {
            "model": str(self.model),
            "wanted_fps": self.wanted_fps,
            "reached": self.reached,
            "would_do": self.would_do,
            "fps": round(self.fps, 2),
            "binds": self.binds,
        }
        if self.point is not None:
            told |= choices_of(self.board_name, self.board.clock_mhz, self.found_options)
            told |= {
                "milliseconds": round(self.point.estimate.cycles / self.board.clock_mhz / 1e3, 4),
                "cycles": self.point.estimate.cycles,
                "resources": self._resources(self.point.estimate.resources),
                "limit": self._limit(),
                "attention_bits": self.chosen.attention_bits or self.chosen.bits,
                "noise": self._noise(),
                "layers": [
                    {"layers": name, "engine": engine, "calls": times, "cycles": cycles}
                    for name, engine, times, cycles in self.layers
                ],
            }
        else:
            available, device = self.frontier.budget.named(), device_of(self.board).named()
            told |= {
                "board": self.board_name,
                "clock_mhz": self.board.clock_mhz,
                "weight_bits": self.options.weight_bits,
                "activation_bits": None,
                "cycles": None,
                "resources": {
                    kind: {"used": None, "available": amount, "device": device[kind]}
                    for kind, amount in available.items()
                },
                "parameters": None,
            }
        told["frontier"] = [self._on_frontier(each) for each in self.frontier.found]
        return told

    @property
    def layers(self) -> list[tuple[str, str, int, int]]:
        """
        Layers, their engine, how often it is called for them, and cycles of these calls: a layer of
        all blocks, with all its parts and in all frames, is one.
        """
        if self.point is None:
            return []
        choice = self.point.choice
        found: dict[tuple[tuple[str, ...], str], list[tuple[Call, int]]] = {}
        for engine in self.chosen.reference.workload.engines:
            for call, spent in zip(engine.calls, cost(engine, choice).calls, strict=True):
                alone = max(spent.cycles, choice.bandwidth.cycles(spent.words))
                own = found.setdefault((in_any_block(call.layers), engine.name), [])
                own.append((call, alone * call.times))
        rows: list[tuple[str, str, int, int]] = []
        for (_, engine), own in found.items():
            names = compressed(list(dict.fromkeys(name for call, _ in own for name in call.layers)))
            times = sum(call.times for call, _ in own)
            rows.append((", ".join(names), engine, times, sum(cycles for _, cycles in own)))
        return rows

    def _resources(self, used: Resources) -> dict[str, Json]:
        available, device = self.frontier.budget.named(), device_of(self.board).named()
        return {
            kind: {"used": amount, "available": available[kind], "device": device[kind]}
            for kind, amount in used.named().items()
        }

    def _limit(self) -> Json:
        if (limit := self.limit) is None:
            return None
        return {
            "fps": round(self.board.clock_mhz * 1e6 / limit.cycles, 2),
            "reached": round(limit.reached, 4),
            "adders": round(limit.adders, 4),
            "busy": round(limit.busy, 4),
            "idle": {why: round(share, 4) for why, share in limit.idle.items()},
        }

    def _noise(self) -> Json:
        if self.noise is None:
            return None
        widths = self.chosen.bits, self.chosen.attention_bits or self.chosen.bits
        return {
            "decibels": round(self.noise.decibels(*widths), 2),
            "groups": {
                str(group): {
                    str(bits): round(self.noise.sensitivity.decibels(group, bits), 2)
                    for bits, loss in each.items()
                    if loss
                }
                for group, each in self.noise.sensitivity.measured.items()
            },
        }

    def _on_frontier(self, found: Found) -> dict[str, Json]:
        told: dict[str, Json] = {"activation_bits": found.bits, "fits": found.point is not None}
        if found.point is None:
            return told
        choice, estimate = found.point.choice, found.point.estimate
        return {
            **told,
            "fps": round(rate(self.board, found.point), 2),
            "frames": found.frames,
            "cycles": estimate.cycles,
            "resources": dict(estimate.resources.named()),
            "parameters": parameters_of(choice.tiling, choice.vector_lanes, choice.uram),
        }


def rate(board: Board, point: Point | None) -> float:
    """Frames a second; 0 where nothing fits."""
    return 0.0 if point is None else board.clock_mhz * 1e6 / point.estimate.cycles_of_frame


def device_of(board: Board) -> Resources:
    """All that a board has."""
    there = board.resources
    return Resources(there.lut, there.ff, there.dsp, 2 * there.bram36, there.uram)


def choose(found: tuple[Found, ...], board: Board, wanted_fps: float) -> Found:
    """The widest that reaches a rate; where none does, the fastest, and of these the widest."""
    reaching = [each for each in found if rate(board, each.point) >= wanted_fps]
    if reaching:
        return max(reaching, key=lambda each: each.bits)
    return max(found, key=lambda each: (rate(board, each.point), each.bits))


def answer(
    model: Path,
    board: Board,
    options: Options,
    wanted_fps: float,
    tell: Callable[[Found], None],
    *,
    board_name: str | None = None,
    frames: int | None = None,
    calibration: Path | None = None,
) -> Answer:
    """
    The widest activations with which a model reaches a rate on a board.

    Args:
        model: the ONNX file.
        board: with its clock and what of it can be used.
        options: what is decided already; the width of activations and the sizes are not.
        wanted_fps: frames a second.
        tell: called with what is found, in any order.
        board_name: as the user names the board; that of the board itself when absent.
        frames: how many a call computes; None for two where they fit, else one.
        calibration: samples on which it is measured where bits matter; attention may then have
            another width.

    Raises:
        UserError: when the model cannot be compiled.
        ReportError: as well, with all reasons.
    """
    noise = None if calibration is None else measured_noise(model, options, calibration)
    frontier = frontier_of(model, options, budget_of(board), tell, frames=frames)
    chosen = choose(frontier.found, board, wanted_fps)
    name = board_name or board.name
    first = Answer(model, board, name, options, wanted_fps, frontier, chosen, None)
    if not first.reached:
        first = replace(first, would_do=smallest_board(first, frames))
    elif noise is not None:
        first = with_mixed_precision(first, noise)
    return replace(first, binds=binds(first.chosen, frontier.budget))


def measured_noise(model: Path, options: Options, calibration: Path) -> Noise:
    """
    What rounding activations costs.

    Raises:
        UserError: when the samples cannot be used, or rules give widths already.
    """
    if options.rules:
        raise UserError("a recipe gives widths to layers: a search for other widths needs none")
    return Noise.of(model, options, calibration)


def with_mixed_precision(first: Answer, noise: Noise) -> Answer:
    """An answer whose attention has another width where that is better."""
    cycles = first.board.clock_mhz * 1e6 / first.wanted_fps
    budget = first.frontier.budget
    mixed = mixed_precision(first.model, first.options, first.chosen, noise, budget, cycles)
    if mixed is None:
        return replace(first, noise=noise)
    return replace(first, noise=noise, mixed=mixed, chosen=mixed.found)


def smallest_board(unreached: Answer, frames: int | None) -> str | None:
    """The board with the fewest LUTs on which the rate is reached with some width."""
    boards = sorted(map(Board.of, board_names()), key=lambda each: each.resources.lut)
    others = [each for each in boards if each.name != unreached.board.name]
    others = [each for each in others if _may_reach(unreached, each)]
    float_model(unreached.model, of_weights(unreached.options))
    with processes() as pool:
        reached = pool.map(_reaches, repeat(unreached), others, repeat(frames))
        for board, is_reached in zip(others, reached, strict=True):
            if is_reached:
                pool.shutdown(cancel_futures=True)
                return board.name
    return None


def _may_reach(unreached: Answer, board: Board) -> bool:
    """Whether the rate is within what another board could do at best."""
    # With few bits attention multiplies in LUTs: too few DSPs rule nothing out.
    budget, wanted = replace(budget_of(board), dsp=ANY_NUMBER), unreached.wanted_fps
    workloads = (
        each.reference.workload for each in unreached.frontier.found if each.bits in NARROW
    )
    return any(board.clock_mhz * 1e6 / least_cycles(each, budget) >= wanted for each in workloads)


def _reaches(unreached: Answer, board: Board, frames: int | None) -> bool:
    """Whether the rate is reached on another board."""
    for count, bits in product(by_frames(frames), NARROW):
        here = bits if unreached.options.rules else lowered_at(bits)
        options = replace(
            unreached.options,
            word_bits=board.memory.port_bits,
            memory_bits=board.memory_bits,
            frames=count,
        )
        reference = _reference(unreached.model, options, here).at(here, bits)
        point = fastest_within(
            reference, budget_of(board), board.clock_mhz * 1e6 / unreached.wanted_fps
        )
        if rate(board, point) >= unreached.wanted_fps:
            return True
    return False


@cache
def _reference(model: Path, options: Options, here: int) -> Reference:
    """A reference, which several boards can have in common."""
    return reference_for(model, options, here)


def table(told: Answer) -> list[str]:
    """The frontier and the choice, for people."""
    kinds = [kind for kind, amount in told.frontier.budget.named().items() if amount]
    rows = [("bits", "frames/s", "at once", "cycles", *kinds, "parameters")]
    every = list(told.frontier.found)
    if told.mixed is not None:
        every.append(told.chosen)
    for each in every:
        mark = "*" if each is told.chosen else " "
        if each.point is None:
            nothing = ("" for _ in kinds)
            rows.append((f"{mark}{each.bits}", "-", "", "does not fit", *nothing, ""))
            continue
        used = each.point.estimate.resources.named()
        rows.append(
            (
                f"{mark}{each.name}",
                f"{rate(told.board, each.point):,.1f}",
                str(each.frames),
                f"{each.point.estimate.cycles:,}",
                *(f"{used[kind]:,}" for kind in kinds),
                parameters_text(each.point),
            )
        )
    rows.append(
        ("", "", "", "budget", *(f"{told.frontier.budget.named()[kind]:,}" for kind in kinds), "")
    )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if number == len(row) - 1 else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return [*lines, "", *verdict(told)]


def parameters_text(point: Point) -> str:
    """The parameters that matter most, on a line."""
    tiling = point.choice.tiling
    sizes = [
        f"binary {'x'.join(map(str, tiling.binary_matmul))}",
        f"integer {'x'.join(map(str, tiling.integer_matmul))}",
        f"keys {tiling.keys}{' packed' if tiling.pack_values else ''}",
        f"lanes {point.choice.vector_lanes}",
    ]
    return ", ".join(sizes)


def verdict(told: Answer) -> list[str]:
    """What was found, in sentences."""
    where = f"{told.board.name} at {told.board.clock_mhz} MHz"
    if told.point is None:
        lines = [f"no accelerator for {told.model} fits on {where}"]
    else:
        budget = told.frontier.budget
        fullest = share(told.point.estimate.resources, budget)
        reaches = "reach" if told.reached else "reach no more than"
        widths = f"{told.chosen.bits}-bit activations"
        if told.chosen.attention_bits is not None:
            widths += f", {told.chosen.attention_bits} bits in attention,"
        lines = [
            f"{widths} {reaches} {told.fps:,.1f} frames a second on "
            f"{where}, {told.wanted_fps:g} wanted; {fullest:.0%} of the budget is used"
        ]
    if told.point is None:
        lines.append(
            "of several resources there is too little"
            if told.binds is None
            else f"there is too little {told.binds} even for the smallest engines"
        )
    elif told.binds is None:
        lines.append(
            "nothing binds: a tenth more of any resource, or of the rate of the memory, would not "
            "make it faster"
        )
    else:
        several = TOGETHER in told.binds
        how = "bind together: with a tenth more of all" if several else "binds: with a tenth more"
        lines.append(f"{told.binds} {how} it would be faster")
    if told.noise is not None:
        lines += heard(told, told.noise)
    if (limit := told.limit) is not None:
        lines += distance(limit, told.board)
    if not told.reached:
        lines.append(
            "no board that is known reaches the rate"
            if told.would_do is None
            else f"the smallest board that reaches the rate is {told.would_do}"
        )
    return lines


def heard(told: Answer, noise: Noise) -> list[str]:
    """What rounding activations costs, in sentences."""
    uniform = choose(told.frontier.found, told.board, told.wanted_fps).bits
    before = noise.decibels(uniform, uniform)
    if told.mixed is None:
        return [
            f"the error of rounding is {before:.1f} dB below the results; no other width of "
            "attention has less and is fast enough"
        ]
    return [
        f"the error of rounding is {told.mixed.decibels:.1f} dB below the results, with {uniform} "
        f"bits everywhere {before:.1f} dB"
    ]


def distance(limit: Limit, board: Board) -> list[str]:
    """How far an accelerator is from what its budget could do, in sentences."""
    best = board.clock_mhz * 1e6 / limit.cycles
    lines = [
        f"were all LUTs adders and all DSPs multipliers in every cycle, it would be {best:,.1f} "
        f"frames a second: {limit.reached:.0%} of that is reached"
    ]
    if limit.adders:
        idle = sorted(limit.idle.items(), key=lambda each: -each[1])
        named = ", ".join(f"{share:.1%} {why}" for why, share in idle if share >= HARDLY_ANY)
        lines.append(
            f"{limit.adders:.0%} of the LUTs are adders for one-bit weights, which are busy in "
            f"{limit.busy:.0%} of the cycles; idle: {named}"
        )
    return lines
