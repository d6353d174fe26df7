"""How far an accelerator is from what a budget could do at best, and what takes the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vaqf.compiler.search.closed_form import Choice, cost, products
from vaqf.compiler.search.combination import Point
from vaqf.compiler.search.reference import Reference
from vaqf.compiler.search.workload import Attention, Engine, Matmul, Member, Spent, Workload
from vaqf.dialects.accel.multipliers import packed_terms, signed_magnitude
from vaqf.dialects.accel.tiles import BINARY_FORMS
from vaqf.passes.costs.binary_sums import binary_array
from vaqf.passes.costs.resources import Resources

LARGE = 64
"""Tokens, outputs and inputs of an array so large that what they share costs nothing."""

TILES, MEMORY, OTHERS = "tiles", "memory", "others"
"""Why adders are idle, beside the engines that they wait for."""


@dataclass(frozen=True)
class Limit:
    """What a budget could do, and what an accelerator makes of it."""

    cycles: float
    """
    Of a frame, when all LUTs were adders for one-bit weights and all DSPs multiplied, in every
    cycle.
    """

    reached: float
    """The share of that rate that the accelerator has."""

    adders: float
    """The share of the budget's LUTs that are its adders for one-bit weights."""

    busy: float
    """The share of all cycles in which these add something that is needed."""

    idle: Mapping[str, float]
    """
    The other cycles, by why they are idle: `tiles`, pipelines that fill and tiles that hang over;
    the engine that they wait for; `memory`, words that are not there yet, of all that runs at the
    same time; `others`, everything else.
    """


def products_of(engine: Engine) -> int:
    """Products that an engine forms in a call of the accelerator."""
    match engine:
        case Matmul():
            return sum(
                call.times * call.numbers[0] * call.numbers[1] * call.numbers[2]
                for call in engine.calls
            )
        case Attention():
            depth = engine.channels // engine.heads
            heads = sum(call.times * (call.numbers[1] or engine.heads) for call in engine.calls)
            return 2 * heads * depth * engine.tokens**2
        case _:
            return 0


def at_once(engine: Engine) -> int:
    """Products that a DSP forms in a cycle: two where both fit."""
    match engine:
        case Matmul():
            widths = engine.activation_bits, engine.weight_bits
        case Attention():
            widths = engine.bits, engine.bits
        case _:
            return 1
    one, other = map(signed_magnitude, widths)
    return 2 if packed_terms(one, other) else 1


def luts_of_product(engine: Matmul) -> float:
    """LUTs for a product with a one-bit weight in a cycle, in the form that takes fewest."""
    size = {"tokens": LARGE, "outputs": LARGE, "inputs": LARGE}
    arrays = (
        binary_array(form, **size, bits=engine.activation_bits, sum_bits=0) for form in BINARY_FORMS
    )
    return min(each.lut for each in arrays) / LARGE**3


def is_binary(engine: Engine) -> bool:
    """Whether an engine multiplies with weights of one bit."""
    return isinstance(engine, Matmul) and engine.weight_bits == 1


def least_cycles(workload: Workload, budget: Resources) -> float:
    """Cycles of a frame when all LUTs were adders and all DSPs multiplied, in every cycle."""
    binary = [each for each in workload.engines if isinstance(each, Matmul) and is_binary(each)]
    luts = sum(products_of(each) * luts_of_product(each) for each in binary)
    others = (each for each in workload.engines if not is_binary(each))
    slices = sum(products_of(each) / at_once(each) for each in others)
    return max(luts / max(budget.lut, 1), slices / max(budget.dsp, 1)) / workload.frames


def limit_of(reference: Reference, point: Point, budget: Resources) -> Limit:
    """
    How far an accelerator is from what its budget could do.

    Args:
        reference: of the model.
        point: the accelerator.
        budget: what it may take.
    """
    engines = reference.workload.engines
    binary = [each for each in engines if isinstance(each, Matmul) and is_binary(each)]
    least = least_cycles(reference.workload, budget)
    estimate, choice = point.estimate, point.choice
    useful = sum(products_of(each) / products_a_cycle(each, choice) for each in binary)
    adders = sum(products(each, choice).lut for each in binary)
    idle = idle_cycles(reference, choice, binary) if binary else {}
    idle[TILES] = idle.get(TILES, 0) - useful
    return Limit(
        cycles=least,
        reached=least / estimate.cycles_of_frame,
        adders=adders / max(budget.lut, 1),
        busy=useful / estimate.cycles,
        idle={why: cycles / estimate.cycles for why, cycles in idle.items()} if binary else {},
    )


def products_a_cycle(engine: Matmul, choice: Choice) -> int:
    """Products that an engine can form in a cycle."""
    outputs, inputs, tokens = choice.matmul_tile(engine)
    return outputs * inputs * tokens


def idle_cycles(reference: Reference, choice: Choice, binary: Iterable[Engine]) -> dict[str, float]:
    """
    Cycles of a call in which adders wait for another engine, by its name; and under `tiles` all in
    which they run.
    """
    spent: dict[Member, Spent] = {}
    for engine in reference.workload.engines:
        spent |= cost(engine, choice).members(engine)
    names = {engine.name for engine in binary}
    found: dict[str, float] = {OTHERS: reference.rest_cycles}
    for slot in reference.workload.slots:
        running = max((spent[each].cycles for each in slot.members if each[0] in names), default=0)
        longest = max(slot.members, key=lambda each: spent[each].cycles)
        found[TILES] = found.get(TILES, 0) + slot.times * running
        if waiting := spent[longest].cycles - running:
            found[longest[0]] = found.get(longest[0], 0) + slot.times * waiting
        if late := slot.cycles(spent, reference.bandwidth) - spent[longest].cycles:
            found[MEMORY] = found.get(MEMORY, 0) + slot.times * late
    return found
