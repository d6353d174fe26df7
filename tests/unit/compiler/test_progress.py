"""Tests of what long commands tell."""

import sys
from io import StringIO

import pytest

from vaqf.compiler.progress import Progress

LONG = "vaqf-opt model.onnx -p " + ",".join(["some-pass[bold]"] * 20)


class Terminal(StringIO):
    """A standard error that someone looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [StringIO, Terminal])
def test_lines_are_whole_wherever_they_go(
    stream: type[StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    output = stream()
    monkeypatch.setattr(sys, "stderr", output)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    with Progress([LONG]) as progress:
        assert LONG not in output.getvalue()
        progress.timed("vit", 0.25)
    assert f"{LONG}\n" in output.getvalue()
    assert "    0.250 s  vit\n" in output.getvalue()
