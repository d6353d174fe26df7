"""What keeps an accelerator from being faster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import repeat

from vaqf.compiler.search.closed_form import Choice
from vaqf.compiler.search.fastest import Search
from vaqf.compiler.search.found import Found, fastest_within, surely
from vaqf.compiler.search.limit import MEMORY
from vaqf.compiler.search.processes import PROCESSES, processes
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
    roomier = {
        kind: amount + max(amount // 10, 1)
        for kind, amount in budget.named().items()
        if amount and used[kind] >= HARDLY_USED * amount
    }
    tried = {kind: replace(budget, **{kind: amount}) for kind, amount in roomier.items()}
    reference, hint, before = found.reference, found.point.choice, found.cycles
    kinds = list(tried)
    tasks = [
        (reference, {kind: tried[kind] for kind in kinds[number::PROCESSES]})
        for number in range(PROCESSES)
    ]
    if (bits := reference.memory_bits) is not None:
        quicker = replace(reference, memory_bits=bits + max(bits // 10, 1))
        tasks.append((quicker, {MEMORY: budget}))
    cycles: dict[str, float] = {}
    with processes() as pool:
        for each in pool.map(
            _cycles_within, *zip(*tasks, strict=True), repeat(before), repeat(hint)
        ):
            cycles |= each
    if min(cycles.values(), default=before) < before:
        return min(cycles, key=lambda kind: cycles[kind])
    every = {TOGETHER.join(roomier): replace(budget, **roomier)}
    together = _cycles_within(reference, every, before, hint)
    return min(together) if min(together.values()) < before else None


def _cycles_within(
    reference: Reference, budgets: Mapping[str, Resources], before: float, hint: Choice
) -> dict[str, float]:
    """
    Cycles of a frame of accelerators with larger budgets; as before where one is no use.

    Args:
        reference: of the model.
        budgets: each with its name.
        before: cycles of a frame.
        hint: parameters with which it takes so many.
    """
    frames = reference.workload.frames
    most = before * frames - 1
    found: dict[str, float] = {}
    search: Search | None = None
    for name, budget in budgets.items():
        sure = surely(budget)
        search = Search(reference, sure) if search is None else search.within(sure)
        point = search.fastest(hint, most)
        found[name] = before if point is None else point.estimate.cycles_of_frame
    return found
