"""The passes of `vaqf compile` under one name for each level that they reach."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.passes import ModulePass

NAMED = {
    "vaqf-vit": "from a graph of ONNX to the vit level",
    "vaqf-quantize": "from the vit level to the quantized level, with the options' defaults",
    "vaqf-lower": "from the quantized level to an accelerator, with the options' defaults",
}
"""What each does."""


def named_pipelines(names: Sequence[str]) -> tuple[ModulePass, ...]:
    """The passes of some of `NAMED`, in the order of the levels."""
    if not names:
        return ()
    from vaqf.compiler.board import DEFAULT_BOARD, Board
    from vaqf.compiler.pipeline import Level, Options, passes_of, stages

    board = Board.of(DEFAULT_BOARD)
    options = Options(word_bits=board.memory.port_bits, memory_bits=board.memory_bits)
    levels = {
        "vaqf-vit": Level.VIT,
        "vaqf-quantize": Level.QUANTIZED,
        "vaqf-lower": Level.ACCEL,
    }
    wanted = [levels[name] for name in NAMED if name in names]
    return passes_of([each for each in stages(options) if each.level in wanted])
