"""Ctrl-C, also where a library catches what it raises."""

import signal
from contextlib import suppress

import pytest

from vaqf.compiler.errors import INTERRUPTED, expect_no_interrupt, run_tool


def test_an_interrupt_that_was_caught(capsys: pytest.CaptureFixture[str]) -> None:
    steps: list[int] = []

    def work() -> int:
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        steps.append(1)
        expect_no_interrupt()
        steps.append(2)
        return 0

    assert run_tool("vaqf", work) == INTERRUPTED
    assert steps == [1]
    assert capsys.readouterr().err == "vaqf: interrupted\n"


def test_an_earlier_interrupt_is_over() -> None:
    def work() -> int:
        expect_no_interrupt()
        return 0

    assert run_tool("vaqf", work) == 0
