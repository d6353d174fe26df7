"""Tests of telling failures of one kind from others."""

import pytest

from vaqf.compiler.bisection.failure import is_like

REPORT = """\
m.onnx: 3 nodes cannot become part of a Vision Transformer:
  2 x MatMul: it mixes all heads
      1x16x16x2, 2x2 -> 1x16x16x2 at /blocks.0/MatMul
  1 x Conv: its stride is 2
what the graph shows:
  talking heads, at /blocks.0/MatMul
"""

SMALLER = """\
1 node cannot become part of a Vision Transformer:
  1 x MatMul: it mixes all heads
      1x4x4x2, 2x2 -> 1x4x4x2 at /blocks.1/MatMul
"""


@pytest.mark.parametrize(
    ("message", "other", "expected"),
    [
        ("a: 'x.y' at m.mlir:3:7: is 12", "a: 'x.y' at m.mlir:41:9: is 1.5e-3", True),
        ("a: KeyError: <Op object at 0x7f3a>", "a: KeyError: <Op object at 0x12cd>", True),
        ("a: KeyError: 'x'", "a: KeyError: 'y'", False),
        (SMALLER, REPORT, True),
        (REPORT, SMALLER, False),
        (SMALLER, "m.onnx: no such file", False),
    ],
)
def test_kinds(message: str, other: str, expected: bool) -> None:
    assert is_like(message, other) == expected
