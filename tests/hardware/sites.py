"""Sites that tables and carry chains of a netlist take, two tables in one where they fit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

Net = int | str
"""A net of a netlist; constants are texts."""

SHARED_INPUTS = 5
"""Two functions fit one LUT6 when they have at most so many inputs together."""


@dataclass(frozen=True)
class Cell:
    """A primitive of a netlist."""

    kind: str
    """Its name."""

    pins: dict[str, list[Net]]
    """Nets of each port, least significant bit first."""

    @property
    def is_table(self) -> bool:
        """Whether it is a look-up table."""
        return self.kind == "INV" or (self.kind.startswith("LUT") and len(self.kind) == 4)


def count_sites(cells: list[Cell]) -> int:
    """
    Sites that look-up tables and carry chains take.

    Each position of a chain has a site of its own, whose table drives its S; the one that drives
    its DI shares the site when both fit. Positions that have the same S have one each. The other
    tables share sites two by two.
    """
    tables = {cell.pins["O"][0]: _inputs(cell) for cell in cells if cell.is_table}
    positions = [
        (select, data)
        for cell in cells
        if cell.kind == "CARRY4"
        for select, data in zip(cell.pins["S"], cell.pins["DI"], strict=True)
        if isinstance(select, int) or isinstance(data, int)
    ]
    in_chains = {select for select, _ in positions} | _beside(cells, tables, positions)
    return len(positions) + _paired([nets for net, nets in tables.items() if net not in in_chains])


def _inputs(cell: Cell) -> frozenset[Net]:
    return frozenset(
        net for pin, nets in cell.pins.items() if pin != "O" for net in nets if isinstance(net, int)
    )


def _beside(
    cells: list[Cell], tables: dict[Net, frozenset[Net]], positions: list[tuple[Net, Net]]
) -> set[Net]:
    """Tables that drive DI only, in sites that they share with those that drive S."""
    selects: defaultdict[Net, set[Net]] = defaultdict(set)
    for select, data in positions:
        selects[data].add(select)
    other_readers: defaultdict[Net, set[Net]] = defaultdict(set)
    for cell in cells:
        reader = cell.pins["O"][0] if cell.is_table else "another cell"
        for pin, nets in cell.pins.items():
            if (cell.is_table and pin == "O") or (cell.kind == "CARRY4" and pin == "DI"):
                continue
            for net in nets:
                other_readers[net].add(reader)
    found = set[Net]()
    for data, its in selects.items():
        if data not in tables or not other_readers[data] <= its:
            continue
        joint = [(tables.get(each, frozenset({each})) - {data}) | tables[data] for each in its]
        if all(len(nets) <= SHARED_INPUTS for nets in joint):
            found.add(data)
    return found


def _paired(tables: list[frozenset[Net]]) -> int:
    """Sites of tables, each with the one that adds the fewest inputs."""
    free = sorted(tables, key=lambda nets: (-len(nets), sorted(map(str, nets))))
    sites = 0
    while free:
        first = free.pop(0)
        sites += 1
        fitting = [other for other in free if len(first | other) <= SHARED_INPUTS]
        if fitting:
            free.remove(min(fitting, key=lambda other: len(first | other)))
    return sites
