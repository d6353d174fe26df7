"""The estimate of a project as a page for people: where time and area go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vaqf.compiler.project import Json, is_json_object


def estimate_page(estimate: dict[str, Json]) -> str:
    """
    `report/estimate.md`: layers by their cycles, engines by their area.

    Args:
        estimate: as `estimate_of` gives it.
    """
    resources, device = numbers(estimate["resources"]), numbers(estimate["device"])
    kinds = [kind for kind, amount in device.items() if amount]
    engines = objects(estimate["engines"])
    layers = sorted(
        (each for each in items(estimate["layers"]) if is_json_object(each)),
        key=lambda each: -number(each["cycles"]),
    )
    lines = [
        "# Estimate",
        "",
        f"{number(estimate['frames_per_second']):,.1f} frames a second on {estimate['board']} at "
        f"{estimate['clock_mhz']} MHz: {number(estimate['cycles']):,.0f} cycles, "
        f"{number(estimate['milliseconds']):,.2f} ms, for {_frames(estimate)}.",
        *memory(estimate["memory"]),
        f"Not counted: {estimate['not_counted']}.",
        "",
        "## Time",
        "",
        "What binds a layer is what most of its cycles are spent on: `compute`, sums of products;",
        "`vector`, units that work on lanes of numbers; `memory`, bursts from and to the memory",
        "outside of the device; `control`, starts and ends of loops and calls.",
        *(
            ["Layers of two frames run at the same time: together they have more than 100 %."]
            if number(estimate["frames"]) > 1
            else []
        ),
        "",
        *table(
            ("layers", "engine", "calls", "cycles", "%", "KB", "binds"),
            (
                (
                    ", ".join(map(str, items(each["layers"]))) or "-",
                    str(each["engine"]),
                    f"{number(each['calls']):,.0f}",
                    f"{number(each['cycles']):,.0f}",
                    f"{100 * number(each['share']):.1f}",
                    f"{number(each['bytes']) / 1e3:,.1f}",
                    str(each["binds"]),
                )
                for each in layers
            ),
        ),
        "",
        "## Area",
        "",
        *table(
            ("engine", *kinds),
            (
                (name, *(f"{numbers(each['resources'])[kind]:,.0f}" for kind in kinds))
                for name, each in engines.items()
            ),
            (
                (
                    "activations, ports, top",
                    *(f"{amount:,.0f}" for amount in rest(resources, engines, kinds)),
                ),
                ("all", *(f"{resources[kind]:,.0f}" for kind in kinds)),
                (
                    "of the device",
                    *(f"{100 * resources[kind] / device[kind]:.1f} %" for kind in kinds),
                ),
            ),
        ),
    ]
    return "\n".join(lines) + "\n"


def _frames(estimate: dict[str, Json]) -> str:
    frames = number(estimate["frames"])
    return "a frame" if frames == 1 else f"{frames:,.0f} frames"


def memory(told: Json) -> list[str]:
    """What is moved from and to the memory outside of the device, in sentences."""
    if not is_json_object(told) or not is_json_object(board := told["board"]):
        return []
    lines = [
        f"It moves {number(told['bytes']) / 1e6:,.1f} MB from and to the memory outside of the "
        f"device, {number(told['gigabytes_per_second']):,.1f} GB/s of the "
        f"{number(board['gigabytes_per_second']):,.1f} that the board sustains; what runs at the "
        "same time waits when it needs more."
    ]
    if (ports := number(told["ports"])) > number(board["ports"]):
        lines.append(
            f"Of its {ports:.0f} memory ports some share one of the {number(board['ports']):.0f} "
            "that the board has, through an interconnect: all of them together move no more words "
            "in a cycle than the board has ports."
        )
    return lines


def rest(
    resources: dict[str, float], engines: dict[str, dict[str, Json]], kinds: Sequence[str]
) -> list[float]:
    """What is part of no engine, by kind."""
    return [
        resources[kind] - sum(numbers(each["resources"])[kind] for each in engines.values())
        for kind in kinds
    ]


def table(header: Sequence[str], *parts: Iterable[Sequence[str]]) -> list[str]:
    """A table in Markdown, whose text columns are the first, numbers the others."""
    rows = [row for part in parts for row in part]
    return [
        f"| {' | '.join(header)} |",
        f"|---|{'---:|' * (len(header) - 1)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def number(value: Json) -> float:
    """A number of an estimate; 0 for anything else."""
    return value if isinstance(value, int | float) else 0


def items(value: Json) -> list[Json]:
    """A list of an estimate."""
    return value if isinstance(value, list) else []


def numbers(value: Json) -> dict[str, float]:
    """An object of numbers."""
    return {name: number(each) for name, each in value.items()} if is_json_object(value) else {}


def objects(value: Json) -> dict[str, dict[str, Json]]:
    """An object of objects."""
    if not is_json_object(value):
        return {}
    return {name: each for name, each in value.items() if is_json_object(each)}
