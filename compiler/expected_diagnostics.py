"""
Errors that a file of IR says it has, in comments as MLIR has them.

```mlir
// expected-error@+1 {{'result' has shape (4, 5), expected (4, 6)}}
%y = vit.relu %x : tensor<4x6xf32> -> tensor<4x5xf32>
```

The place is the line of the comment; or `@+N` and `@-N` lines from it; or `@above` or `@below`, the
next line in that direction without such a comment; or `@unknown` for an operation whose location is
a name. The text is a part of the message without its place; after `-re`, what stands in `{{...}}`
within it is a regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xdsl.utils.exceptions import DiagnosticException, ParseError

from vaqf.compiler.errors import in_one_line
from vaqf.dialects.diagnostics import ReportError, UserError

_BEGINS = re.compile(r"expected-(error|warning|note|remark)")

_COMMENT = re.compile(
    r"expected-(?P<kind>error|warning|note|remark)(?P<regex>-re)?"
    r" *(?:@(?P<place>[+-]\d+|above|below|unknown))? *\{\{(?P<text>.*)\}\} *$"
)


@dataclass(frozen=True)
class Diagnostic:
    """Something that was told about a file."""

    line: int | None
    """In the file, from 1; None when the place is no line of it."""

    column: int | None
    """In that line, from 1."""

    message: str
    """In one line, without the place."""

    @staticmethod
    def of(name: str, text: str) -> Diagnostic:
        """What a message about the file called `name` tells."""
        place = re.search(rf"(?: at )?{re.escape(name)}:(\d+):(\d+)(?:: )?", text)
        # The first place is that of the message, others belong to what it mentions.
        if place is None or " at " in text[: place.start()]:
            return Diagnostic(None, None, text)
        before, after = text[: place.start()], text[place.end() :]
        colon = ": " if place[0].startswith(" at ") and place[0].endswith(": ") else ""
        return Diagnostic(int(place[1]), int(place[2]), f"{before}{colon}{after}")

    @staticmethod
    def all_of(name: str, error: DiagnosticException | ParseError) -> Sequence[Diagnostic]:
        """What an error tells about the file called `name`."""
        match error:
            case ParseError():
                texts = [f"{error.span.get_location()}: {error.msg}"]
            case ReportError():
                texts = error.parts
            case _:
                texts = [str(error)]
        return [Diagnostic.of(name, in_one_line(text)) for text in texts]


@dataclass(frozen=True)
class Expectation:
    """A comment."""

    place: str
    """`line:column` where it stands."""

    kind: str
    """`error`; what VAQF never tells is `warning`, `note` and `remark`."""

    line: int | None
    """Of what it expects; None where the place is unknown."""

    text: str
    """What stands between the braces."""

    pattern: re.Pattern[str]
    """Found in the message that it expects."""

    def is_met_by(self, diagnostic: Diagnostic) -> bool:
        """Whether this is what was expected."""
        is_there = self.kind == "error" and self.line == diagnostic.line
        return is_there and self.pattern.search(diagnostic.message) is not None


def _pattern(text: str, is_regex: bool) -> re.Pattern[str]:
    if not is_regex:
        return re.compile(re.escape(text))
    parts = re.split(r"\{\{(.*?)\}\}", text)
    return re.compile(
        "".join(f"(?:{each})" if index % 2 else re.escape(each) for index, each in enumerate(parts))
    )


def expectations(name: str, text: str, first_line: int = 1) -> Sequence[Expectation]:
    """
    What the comments of a text expect.

    Args:
        name: of the file, for messages.
        text: the file, or a part of it.
        first_line: where in the file the text begins.

    Raises:
        UserError: for a comment that cannot be read.
    """
    lines = text.split("\n")
    is_comment = [_BEGINS.search(line) is not None for line in lines]
    found: list[Expectation] = []
    for index, line in enumerate(lines):
        if (begin := _BEGINS.search(line)) is None:
            continue
        place = f"{first_line + index}:{begin.start() + 1}"
        comment = _COMMENT.match(line, begin.start())
        if comment is None:
            raise UserError(
                f"{name}:{place}: cannot be read, accepted is expected-error, perhaps with -re, "
                "then perhaps @+N, @-N, @above, @below or @unknown, then {{text}} at the end of "
                "the line"
            )
        match comment["place"]:
            case None:
                target = index
            case "unknown":
                target = None
            case "above" | "below" as side:
                step = 1 if side == "below" else -1
                target = index + step
                while 0 <= target < len(lines) and is_comment[target]:
                    target += step
            case distance:
                target = index + int(distance)
        found.append(
            Expectation(
                place,
                comment["kind"],
                None if target is None else first_line + target,
                comment["text"],
                _pattern(comment["text"], comment["regex"] is not None),
            )
        )
    return found


def differences(
    name: str, expected: Iterable[Expectation], told: Iterable[Diagnostic]
) -> Sequence[str]:
    """A line for each error that was told but not expected, or expected but not told."""
    open = list(expected)
    lines: list[str] = []
    for diagnostic in told:
        meets = next((each for each in open if each.is_met_by(diagnostic)), None)
        if meets is None:
            place = "" if diagnostic.line is None else f":{diagnostic.line}:{diagnostic.column}"
            lines.append(f"{name}{place}: error: unexpected error: {diagnostic.message}")
        else:
            open.remove(meets)
    lines += [
        f'{name}:{each.place}: error: expected {each.kind} "{each.text}" was not produced'
        for each in open
    ]
    return lines
