"""Text of C++ files, with its indentation."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager

INDENT = "    "

LINE_LENGTH = 110
"""Where parameter lists and comments are broken."""


class Writer:
    """Lines, each at the depth of the blocks that are open."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.depth = 0

    def line(self, text: str = "") -> None:
        """One line, or an empty one."""
        self.lines.append(f"{INDENT * self.depth}{text}" if text else "")

    def paragraph(self, *lines: str) -> None:
        """Several lines."""
        for each in lines:
            self.line(each)

    def pragma(self, text: str) -> None:
        """A directive, which stands at the margin."""
        self.lines.append(text)

    def label(self, name: str) -> None:
        """A label, one level further out than what it names."""
        self.lines.append(f"{INDENT * (self.depth - 1)}{name}:")

    def assign(self, target: str, value: str) -> None:
        """`target = value;`, over several lines when one is not enough."""
        room = LINE_LENGTH - len(INDENT) * self.depth
        if len(target) + len(value) + 4 <= room:
            self.line(f"{target} = {value};")
            return
        self.line(f"{target} =")
        condition, question, rest = value.partition(" ? ")
        choice, colon, otherwise = rest.rpartition(" : ")
        if len(INDENT) + len(value) + 1 <= room or not question or not colon:
            self.line(f"{INDENT}{value};")
            return
        self.line(f"{INDENT}{condition}")
        self.line(f"{INDENT * 2}? {choice}")
        self.line(f"{INDENT * 2}: {otherwise};")

    @contextmanager
    def block(self, header: str, end: str = "}") -> Generator[None]:
        """Lines in braces."""
        self.line(f"{header} {{")
        self.depth += 1
        yield
        self.depth -= 1
        self.line(end)

    def append(self, other: Writer) -> None:
        """The lines of another writer, one after these."""
        self.lines += [f"{INDENT * self.depth}{each}" if each else "" for each in other.lines]

    def text(self) -> str:
        """All lines."""
        return "".join(f"{each}\n" for each in self.lines)


def call(head: str, arguments: Sequence[str], tail: str, depth: int = 0) -> list[str]:
    """
    A call or a signature, broken before the line gets too long.

    Args:
        head: What comes before the parenthesis.
        arguments: What is within.
        tail: What comes after.
        depth: Levels of indentation that will stand in front.
    """
    joined = f"{head}({', '.join(arguments)}){tail}"
    if len(joined) + len(INDENT) * depth <= LINE_LENGTH:
        return [joined]
    lines = [f"{head}("]
    for position, argument in enumerate(arguments):
        last = position == len(arguments) - 1
        piece = f"{argument}){tail}" if last else f"{argument},"
        room = LINE_LENGTH - len(INDENT) * depth - len(piece) - 1
        if len(lines) > 1 and len(lines[-1]) <= room:
            lines[-1] += f" {piece}"
        else:
            lines.append(f"{INDENT * 2}{piece}")
    return lines


def wrap(text: str, prefix: str) -> list[str]:
    """A comment over as many lines as it needs, each with `prefix`."""
    lines, line = list[str](), prefix
    for word in text.split():
        if len(line) + 1 + len(word) > LINE_LENGTH and line != prefix:
            lines.append(line)
            line = prefix
        line += f" {word}"
    return [*lines, line]
