"""The boards that accelerators are made for."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from vaqf.compiler.hints import did_you_mean
from vaqf.dialects.diagnostics import UserError


@dataclass(frozen=True)
class Board:
    """What an accelerator may use. One file of `compiler/boards` describes one board."""

    name: str
    """As on the command line: the name of the file."""

    part: str
    """Device, package and speed grade, as the vendor's tools spell it."""

    clock_mhz: int
    """Clock that designs aim at."""

    luts: int
    """Look-up tables."""

    dsps: int
    """DSP slices."""

    block_rams: int
    """Block RAMs of 36 Kbit."""

    ultra_rams: int
    """UltraRAMs of 288 Kbit."""

    port_bits: int
    """Width of one port to the memory outside of the device."""

    memory_gigabytes_per_second: float
    """What all ports together can read and write."""

    @staticmethod
    def of(name: str) -> "Board":
        """
        The board of that name.

        Raises:
            UserError: when there is none.
        """
        known = board_names()
        if name not in known:
            hint = did_you_mean(name, known) or f", boards are {', '.join(known)}"
            raise UserError(f"unknown board '{name}'{hint}")
        text = (files("vaqf.compiler") / "boards" / f"{name}.toml").read_text()
        return Board(name=name, **tomllib.loads(text))


def board_names() -> list[str]:
    """Names of all boards, sorted."""
    folder = files("vaqf.compiler") / "boards"
    return sorted(
        each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml")
    )
