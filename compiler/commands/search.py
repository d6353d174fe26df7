"""`vaqf search`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from vaqf.compiler.atomic import write_atomically
from vaqf.compiler.commands.choices import DEFAULT_WEIGHT_BITS, add_choices

EXAMPLES = """\
examples:
  how many bits can activations have at 24 frames a second?
    vaqf search deit_base.onnx --board zcu102 --fps 24
  with another width for attention, where rounding costs less on your images:
    vaqf search deit_base.onnx --fps 100 --calibration images.npz
  at another clock, with part of the board:
    vaqf search deit_base.onnx --fps 60 --recipe 'board zcu102 { lut 60%; clock 150MHz }'
  keep the answer, edit it, and compile it:
    vaqf search deit_base.onnx --fps 24 --json > choice.json
    vaqf compile deit_base.onnx --config choice.json --calibration images.npz -o build/deit
  or at once:
    vaqf compile deit_base.onnx --fps 24 --calibration images.npz -o build/deit

Where they fit, two frames are computed at once: while one is in attention, the other is in linear
layers. That gives most frames a second, but each takes longer; --frames 1 computes one at a time.

For every width of activations from 16 down to 1 the fastest accelerator within the budget of the
board is found; the answer is the widest that reaches the rate. The estimate of each is what
`vaqf compile` estimates; only LUTs can differ, by less than one in a hundred, since ranges of
activations are assumed.

The exit code is 0 when the rate is reached and 3 when it is not; then the fastest accelerator is
told, what binds it, and the smallest board on which the rate is reached.

The JSON object has `activation_bits`, `fps`, `clock_mhz`, `frames`, `cycles` (of a call, which
computes so many frames), `resources` (used, available and all of the device, by kind), `binds`,
`parameters`, `layers` and `frontier`, among others.
"""

NOT_REACHED = 3
"""Exit code when no accelerator is as fast as was wanted."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("model", metavar="MODEL.onnx", help="the model; vaqf check tells whether it is supported")
    add(
        "--fps",
        type=float,
        required=True,
        metavar="RATE",
        help="frames a second that are wanted",
    )
    add_choices(parser)
    add(
        "--calibration",
        metavar="FILE.npz",
        help="measure on samples where bits matter, and give attention a width of its own when "
        "that keeps more of them there",
    )
    add("--json", action="store_true", help="print one JSON object")
    add(
        "--plot",
        metavar="DIR",
        help="write the frontier and the time of layers as pictures into this folder",
    )


def run(arguments: argparse.Namespace) -> int:
    """Search; gives the exit code."""
    from vaqf.compiler.search.processes import without_collection

    with without_collection():
        return _search(arguments)


def _search(arguments: argparse.Namespace) -> int:
    from vaqf.compiler.commands.choices import board_of, expect_rate, recipe_of
    from vaqf.compiler.pipeline import Options
    from vaqf.compiler.progress import Progress
    from vaqf.compiler.search.answer import answer, rate, table
    from vaqf.compiler.search.frontier import Found
    from vaqf.dialects.diagnostics import UserError

    model = Path(arguments.model)
    recipe = recipe_of(arguments.recipe)
    board = board_of(arguments.board, recipe, arguments.clock_mhz)
    expect_rate(arguments.fps)
    if not model.exists():
        raise UserError(f"{model}: no such file")
    weight_bits: int | None = arguments.weight_bits
    options = Options(
        weight_bits=DEFAULT_WEIGHT_BITS if weight_bits is None else weight_bits,
        word_bits=board.memory.port_bits,
        memory_bits=board.memory_bits,
        rules=recipe.rules,
    )
    folder = None if arguments.plot is None else Path(arguments.plot)
    if folder is not None:
        from vaqf.compiler.pictures import expect_matplotlib

        expect_matplotlib()
        # What keeps pictures from being written is found before the search, not after it.
        folder.mkdir(parents=True, exist_ok=True)
    notes = [f"searching accelerators for {model} on {board.name}"]
    if arguments.calibration is not None:
        if not Path(arguments.calibration).exists():
            raise UserError(f"{arguments.calibration}: no such file")
        notes.insert(0, f"measuring on {arguments.calibration} where bits matter")
    with Progress(notes) as progress:

        def tell(found: Found) -> None:
            reached = rate(board, found.point)
            what = f"{reached:9,.1f} frames a second" if reached else "       nothing fits"
            progress.line(f"{found.bits:4} bits  {what}, {found.frames} at once")

        told = answer(
            model,
            board,
            options,
            arguments.fps,
            tell,
            board_name=arguments.board,
            frames=arguments.frames,
            calibration=None if arguments.calibration is None else Path(arguments.calibration),
        )
    if folder is not None:
        from vaqf.compiler.pictures import frontier_picture, layers_picture

        write_atomically(folder / "frontier.png", frontier_picture(told))
        write_atomically(folder / "layers.png", layers_picture(told))
        print(f"wrote {folder}/frontier.png and {folder}/layers.png", file=sys.stderr)
    if arguments.json:
        print(json.dumps(told.json, indent=2))
    else:
        print("\n".join(table(told)))
    return 0 if told.reached else NOT_REACHED
