"""How buffers are C++ arrays: their types, sizes, elements, and pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Array:
    """A C++ array, or a piece of one."""

    name: str
    """An expression, as `tiles` or `tiles[1]`."""

    element: str
    """Type of an element."""

    sizes: tuple[str, ...]
    """Number of elements in each dimension of the piece."""

    def declaration(self, name: str | None = None) -> str:
        """The type, a name, and the sizes, as a variable or a parameter is declared."""
        sizes = "".join(f"[{size}]" for size in self.sizes)
        return f"{self.element} {name or self.name}{sizes}"

    def parameter(self, name: str) -> str:
        """A parameter that takes such an array, with any number of rows when it has several."""
        sizes = "".join(f"[{size}]" for size in self.sizes[1:])
        return f"{self.element} {name}[]{sizes}" if sizes else self.declaration(name)

    def piece(self, *indices: str) -> Array:
        """What the leading indices select."""
        subscripts = "".join(f"[{index}]" for index in indices)
        return replace(self, name=self.name + subscripts, sizes=self.sizes[len(indices) :])

    def __getitem__(self, indices: str | tuple[str, ...]) -> str:
        """One element."""
        subscripts = (indices,) if isinstance(indices, str) else indices
        assert len(subscripts) == len(self.sizes)
        return self.piece(*subscripts).name


@dataclass(frozen=True)
class Matrix:
    """An on-chip matrix: words of channels x token slots x lanes."""

    array: Array
    width: int
    """Bits of one activation; one bit is kept as -1 or +1 in two."""

    @property
    def element(self) -> str:
        """Type of an activation."""
        return self.array.element


@dataclass(frozen=True)
class Local:
    """A buffer inside of an engine."""

    array: Array
    shape: tuple[int, ...]
    """In the IR, of the piece."""

    bits: bool = False
    """Whether the last dimension of the IR is the bits of an element."""

    copies: int = 1
    """How many memories hold all of it; when several, they are the array's first dimension."""

    dimensions: tuple[int, ...] = ()
    """For each dimension of the IR, its memories: 0 when it is split completely, 1 when not."""

    def piece(self, *indices: str) -> Local:
        """What leading indices select."""
        count = len(indices)
        return replace(
            self,
            array=self.array.piece(*indices),
            shape=self.shape[count:],
            dimensions=self.dimensions[count:],
        )

    def table(self, lane: str) -> Array:
        """The copy of a table that a lane reads."""
        return self.array.piece(f"{lane} % {self.copies}") if self.copies > 1 else self.array

    def renamed(self, name: str) -> Local:
        """The same, as a parameter of that name."""
        return replace(self, array=replace(self.array, name=name))


@dataclass(frozen=True)
class Dram:
    """A parameter, image or result outside of the device."""

    memory: str
    """The pointer to the words of its port."""

    at: str
    """Index of its first word."""

    shape: tuple[int, ...]
    """In the IR; the first dimension may be unknown."""

    width: int
    """Bits of an element."""

    unit_rank: int | None
    """How many of the last dimensions are a unit, which starts at a word; None in an engine."""


Place = Matrix | Local | Dram
"""Where a buffer is."""


def product(factors: Sequence[str]) -> str:
    """Factors as a C++ product; those that are 1 are left out."""
    return " * ".join(factor for factor in factors if factor != "1") or "1"
