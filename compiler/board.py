"""The boards that accelerators are made for: TOML files, ours and those of users."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import NoReturn, TypeVar

from xdsl.utils.hints import isa

from vaqf.compiler.hints import did_you_mean
from vaqf.dialects.diagnostics import UserError

DEFAULT_BOARD = "zcu102"
"""Where none is named."""

DSP_KINDS = ("DSP48E1", "DSP48E2", "DSP58")
"""Multipliers of 25 x 18, 27 x 18 and 27 x 24 bits."""


@dataclass(frozen=True)
class Resources:
    """What the programmable logic of a device has."""

    lut: int
    """Look-up tables of 6 inputs."""

    ff: int
    """Flip-flops."""

    dsp: int
    """DSP slices."""

    bram36: int
    """Block RAMs of 36 Kbit."""

    uram: int
    """UltraRAMs of 288 Kbit; 0 where the device has none."""


@dataclass(frozen=True)
class Usable:
    """The share of each resource that a design can fill and still meet timing, above 0 to 1."""

    lut: float
    ff: float
    dsp: float
    bram36: float
    uram: float


@dataclass(frozen=True)
class Memory:
    """What an accelerator can reach of the memory outside of the device."""

    ports: int
    """Number of AXI ports."""

    port_bits: int
    """Width of each."""

    gigabytes_per_second: float
    """What all of them together can read and write: what is sustained, not the peak."""


@dataclass(frozen=True)
class Board:
    """A board. Its file has these fields, but for `name`, and a table for each group of them."""

    name: str
    """As on the command line: the name of the file."""

    description: str
    """What the vendor calls it."""

    part: str
    """Device, package and speed grade, as the vendor's tools spell it."""

    clock_mhz: int
    """Clock that designs aim at, 1 to 1000."""

    dsp_kind: str
    """Kind of the DSP slices."""

    resources: Resources
    usable: Usable
    memory: Memory

    @property
    def memory_bits(self) -> int:
        """Bits that all ports together move in a cycle of the clock."""
        sustained = self.memory.gigabytes_per_second * 8e3 / self.clock_mhz
        return max(1, min(self.memory.ports * self.memory.port_bits, int(sustained)))

    @staticmethod
    def of(name: str) -> Board:
        """
        A board of ours by its name, or that of a file, whose name then ends in `.toml`.

        Raises:
            UserError: when there is none, or when the file is no description of a board.
        """
        if name.endswith(".toml"):
            return read_board(Path(name))
        known = board_names()
        if name not in known:
            hint = did_you_mean(name, known) or f", boards are {', '.join(known)}"
            raise UserError(f"unknown board '{name}'{hint}")
        text = (files("vaqf.compiler") / "boards" / f"{name}.toml").read_text()
        return parse_board(text, name, f"{name}.toml")


def board_names() -> list[str]:
    """Names of all boards of ours, sorted."""
    folder = files("vaqf.compiler") / "boards"
    return sorted(
        each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml")
    )


def read_board(path: Path) -> Board:
    """
    The board that a file describes.

    Raises:
        UserError: when it cannot be read, or naming the field that is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise UserError(f"{path}: cannot be read: {reason}") from None
    return parse_board(text, path.stem, str(path))


def parse_board(text: str, name: str, source: str) -> Board:
    """
    The board that a text in TOML describes.

    Args:
        text: the description.
        name: what to call the board.
        source: where the text is from, for messages.

    Raises:
        UserError: naming the field that is missing, unknown, of another type or out of range.
    """
    try:
        table: dict[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{source}: is not TOML: {error}") from None
    fields_of = _Table(source, "", table)
    fields_of.expect({each.name for each in fields(Board)} - {"name"})
    resources = fields_of.table("resources", Resources)
    usable = fields_of.table("usable", Usable)
    memory = fields_of.table("memory", Memory)
    return Board(
        name=name,
        description=fields_of.text("description"),
        part=fields_of.text("part"),
        clock_mhz=fields_of.integer("clock_mhz", 1, 1000),
        dsp_kind=fields_of.text("dsp_kind", DSP_KINDS),
        resources=Resources(
            lut=resources.integer("lut", 1),
            ff=resources.integer("ff", 1),
            dsp=resources.integer("dsp", 0),
            bram36=resources.integer("bram36", 1),
            uram=resources.integer("uram", 0),
        ),
        usable=Usable(**{each.name: usable.share(each.name) for each in fields(Usable)}),
        memory=Memory(
            ports=memory.integer("ports", 1),
            port_bits=memory.power_of_two("port_bits", 32, 1024),
            gigabytes_per_second=memory.positive("gigabytes_per_second"),
        ),
    )


_Group = TypeVar("_Group", Resources, Usable, Memory)


@dataclass(frozen=True)
class _Table:
    """A table of a TOML file, whose fields are checked as they are read."""

    source: str
    prefix: str
    values: Mapping[str, object]

    def expect(self, known: set[str]) -> None:
        """Refuse fields that are not `known`, and the lack of one that is."""
        for name in self.values:
            if name not in known:
                hint = did_you_mean(name, known) or f", fields are {', '.join(sorted(known))}"
                raise UserError(f"{self.source}: unknown field '{self.prefix}{name}'{hint}")
        for name in sorted(known):
            if name not in self.values:
                raise UserError(f"{self.source}: field '{self.prefix}{name}' is missing")

    def table(self, name: str, group: type[_Group]) -> _Table:
        """A table in this one, which must have the fields of a group."""
        value = self.values[name]
        if not isa(value, dict[str, object]):
            self._refuse(name, "a table")
        table = _Table(self.source, f"{self.prefix}{name}.", value)
        table.expect({each.name for each in fields(group)})
        return table

    def text(self, name: str, accepted: tuple[str, ...] = ()) -> str:
        """A text that is not empty, one of `accepted` if there are any."""
        match self.values[name]:
            case str() as value if value and (not accepted or value in accepted):
                return value
            case _:
                self._refuse(name, f"one of {', '.join(accepted)}" if accepted else "a text")

    def integer(self, name: str, first: int, last: int | None = None) -> int:
        """A whole number in a range."""
        match self.values[name]:
            case bool():
                pass
            case int() as value if first <= value and (last is None or value <= last):
                return value
            case _:
                pass
        reach = f"at least {first}" if last is None else f"{first} to {last}"
        self._refuse(name, f"a whole number, {reach}")

    def power_of_two(self, name: str, first: int, last: int) -> int:
        """A power of two in a range."""
        value = self.integer(name, first, last)
        if value & (value - 1):
            self._refuse(name, f"a power of two, {first} to {last}")
        return value

    def positive(self, name: str) -> float:
        """A finite number above zero."""
        match self.values[name]:
            case bool():
                pass
            case (int() | float()) as value if 0 < value < float("inf"):
                return float(value)
            case _:
                pass
        self._refuse(name, "a number above 0")

    def share(self, name: str) -> float:
        """A number above zero, and at most one."""
        value = self.positive(name)
        if value > 1:
            self._refuse(name, "a share, above 0 and at most 1")
        return value

    def _refuse(self, name: str, expected: str) -> NoReturn:
        raise UserError(
            f"{self.source}: '{self.prefix}{name}' is {self.values[name]!r}, expected {expected}"
        )
