"""Cutting the image into patches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vaqf.backends.hls.analysis import multiple_of
from vaqf.backends.hls.body import Body, Function
from vaqf.backends.hls.operations.channels import tile_of
from vaqf.dialects import accel
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of
from vaqf.dialects.vit.patches import COLOURS_FIRST, COLOURS_LAST

ORDERS = {COLOURS_FIRST: "colour, row, column", COLOURS_LAST: "row, column, colour"}
"""How the pixels of a patch follow each other."""


@dataclass(frozen=True)
class Digit:
    """One of the numbers that the number of a pixel within its patch is made of."""

    name: str
    """Of what it counts."""

    size: int
    """How many there are."""

    unit: int
    """How many pixels follow each other until it changes."""


def digits_of(order: str, colours: int, height: int, width: int) -> Iterator[Digit]:
    """The digits of the number of a pixel, from that which changes fastest."""
    sizes = {"column": width, "row": height}
    sizes = {**sizes, "colour": colours} if order == COLOURS_FIRST else {"colour": colours, **sizes}
    unit = 1
    for name, size in sizes.items():
        yield Digit(name, size, unit)
        unit *= size


class Digits:
    """
    The digits of the pixels that the lanes collect.

    Those of lane 0 are divided out once; a lane adds its number to the lowest, and carries.
    """

    def __init__(
        self, function: Function, digits: Sequence[Digit], channel: str, count: int, aligned: int
    ):
        """
        Declare the digits of lane 0.

        Args:
            function: gets variables.
            digits: from that which changes fastest.
            channel: the pixel of lane 0.
            count: number of lanes.
            aligned: what always divides `channel`.
        """
        self.function = function
        self.digits = digits
        self.count = count
        self.is_aligned = aligned % count == 0
        self.first = {each.name: self._first(each, channel, aligned) for each in digits}

    def _first(self, digit: Digit, channel: str, aligned: int) -> str | None:
        """The variable for a digit of lane 0; None when that is 0."""
        is_last = digit is self.digits[-1]
        if not is_last and aligned % (digit.unit * digit.size) == 0:
            return None
        value = channel if digit.unit == 1 else f"{channel} / {digit.unit}"
        name = self.function.names.fresh(f"first_{digit.name}")
        self.function.assign(f"const int {name}", value if is_last else f"{value} % {digit.size}")
        return name

    def of(self, lane: str) -> dict[str, str]:
        """The digits of one lane; the last can be too large where a tile hangs over the end."""
        found: dict[str, str] = {}
        carried: str | None = lane
        for digit in self.digits:
            terms = [term for term in (self.first[digit.name], carried) if term is not None]
            value = " + ".join(terms) or "0"
            # Lanes may all be within one unit of the next digit.
            stays = self.is_aligned and (digit.unit * digit.size) % self.count == 0
            if carried is None or stays or digit is self.digits[-1]:
                found[digit.name], carried = value, None
                continue
            if not value.isidentifier():
                name = self.function.names.fresh(digit.name)
                self.function.assign(f"const int {name}", value)
                value = name
            found[digit.name], carried = f"{value} % {digit.size}", f"{value} / {digit.size}"
        return found


def emit_gather_patch(body: Body, op: accel.GatherPatchOp) -> None:
    """Collect the pixels of some lanes of one patch."""
    colours, rows, columns = shape_of(op.image)
    height, width = op.patch.get_values()
    if rows % height or columns % width:
        fail(op, f"cuts {rows} x {columns} pixels into patches of {height} x {width}")
    count, pixels = op.lanes.value.data, colours * height * width
    order = op.order.data
    lanes = body.unit.lane_names[op, "PixelLanes"]
    function = Function(
        body,
        op,
        "gather_patch",
        f"Collects neighbouring pixels of one patch, in the order {ORDERS[order]}.",
    )
    image = function.local("image", op.image, const=True)
    matrix = function.matrix("patches", op.patches, const=False)
    patch = function.index("patch", op.row)
    element, channel = tile_of(function, matrix, op.channel, count, lanes, "the pixels of a tile")
    across = columns // width
    function.assign("const int top", f"{patch} / {across} * {height}")
    function.assign("const int left", f"{patch} % {across} * {width}")
    kinds = list(digits_of(order, colours, height, width))
    digits = Digits(function, kinds, channel, count, multiple_of(op.channel))
    with function.unrolled("lane", lanes) as lane:
        place, last = digits.of(lane), kinds[-1]
        if pixels % count and not place[last.name].isidentifier():
            name = function.names.fresh(last.name)
            function.assign(f"const int {name}", place[last.name])
            place[last.name] = name
        value = image.array[place["colour"], f"top + {place['row']}", f"left + {place['column']}"]
        if pixels % count:
            value = f"{place[last.name]} < {last.size} ? {value} : {image.array.element}(0)"
        function.assign(f"{element(patch, lane)}", value)
    function.call()
