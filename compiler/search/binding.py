"""What keeps an accelerator from being faster."""

from __future__ import annotations

from dataclasses import replace
from itertools import repeat

from vaqf.compiler.search.closed_form import Choice
from vaqf.compiler.search.found import Found, fastest_within
from vaqf.compiler.search.limit import MEMORY
from vaqf.compiler.search.processes import processes
from vaqf.compiler.search.reference import Reference
from vaqf.passes.costs.resources import Resources

MUCH_MORE = 8
"""Times a budget that is enough for some accelerator."""

TOGETHER = " + "
"""Between kinds of resources that bind together."""

HARDLY_USED = 0.9
"""The share of a budget below which a tenth more of it is of no use: as much is left over."""


def binds(found: Found, budget: Resources) -> str | None:
    """
    The kind of resource of which a tenth more makes an accelerator fastest, or `memory` where
    that is the rate of the memory outside of the device. Where more of one alone does not
    help, those of which more of all does, with `TOGETHER` between them; None without these.

    Where no accelerator fits, the kind of which there is too little whatever there is of the
    others; None when that is true of none.
    """
    if found.point is None:
        others = budget * MUCH_MORE
        for kind, amount in budget.named().items():
            if fastest_within(found.reference, replace(others, **{kind: amount})) is None:
                return kind
        return None
    used = found.point.estimate.resources.named()
    more = {
        kind: (found.reference, replace(budget, **{kind: amount + max(amount // 10, 1)}))
        for kind, amount in budget.named().items()
        if amount and used[kind] >= HARDLY_USED * amount
    }
    if (bits := found.reference.memory_bits) is not None:
        quicker = replace(found.reference, memory_bits=bits + max(bits // 10, 1))
        more[MEMORY] = quicker, budget
    before, point = found.cycles, found.point
    with processes() as pool:
        faster = pool.map(
            _faster_within,
            *zip(*more.values(), strict=True),
            repeat(before),
            repeat(point.choice),
        )
        cycles = dict(zip(more, faster, strict=True))
    if min(cycles.values()) < before:
        return min(cycles, key=lambda kind: cycles[kind])
    short = {kind: budget.named()[kind] for kind in more if kind != MEMORY}
    roomier = {kind: amount + max(amount // 10, 1) for kind, amount in short.items()}
    together = _faster_within(found.reference, replace(budget, **roomier), before, point.choice)
    return TOGETHER.join(short) if together < before else None


def _faster_within(reference: Reference, budget: Resources, before: float, hint: Choice) -> float:
    """Cycles of a frame of an accelerator with a larger budget; as before where that is no use."""
    frames = reference.workload.frames
    point = fastest_within(reference, budget, (before * frames - 1) / frames, hint)
    return before if point is None else point.estimate.cycles_of_frame
