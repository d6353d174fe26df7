"""`vaqf compile`."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from vaqf.compiler.atomic import write_atomically
from vaqf.compiler.board import Board

if TYPE_CHECKING:
    from vaqf.compiler.pipeline import Options
    from vaqf.compiler.recipe import Recipe

DEFAULT_BOARD = "zcu102"

EXAMPLES = """\
examples:
  an accelerator with binary weights and 8-bit activations:
    vaqf compile deit_tiny.onnx --calibration images.npz -o build/deit
  fewer bits:
    vaqf compile deit_tiny.onnx --calibration images.npz --activation-bits 6 -o build/deit
  other widths for some layers, see docs/recipes.md:
    vaqf compile deit_tiny.onnx --recipe 'blocks[0-5].mlp: a6; head: w16' -o build/deit
  a smaller engine:
    vaqf compile deit_tiny.onnx -o build/deit --tile 'binary-matmul=64,32,2 integer-matmul=64,4,1'
  look at the integers, without hardware:
    vaqf compile deit_tiny.onnx --stop-after quantized

The calibration file is an .npz with an array of float32 under the name of the model's input,
samples x colours x height x width, prepared as the model wants its images.

The command prints the passes that it runs; `vaqf-opt` with them gives the same IR.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("model", metavar="MODEL.onnx", help="the model; vaqf check tells whether it is supported")
    add("-o", "--output", metavar="DIR", help="folder for the project; a file with --stop-after")
    add(
        "--activation-bits",
        type=int,
        default=8,
        metavar="BITS",
        help="width of activations inside the encoder, 1 to 16 (default: 8)",
    )
    add(
        "--weight-bits",
        type=int,
        default=1,
        metavar="BITS",
        help="width of encoder weights, 1, 8 or 16 (default: 1)",
    )
    add(
        "--recipe",
        metavar="RECIPE",
        help="widths of single layers, and limits of a board; @FILE reads them from a file",
    )
    add(
        "--board",
        metavar="BOARD",
        help="name of a board, see vaqf boards, or a .toml file of yours (default: zcu102)",
    )
    add("--calibration", metavar="FILE.npz", help="samples to choose the number formats with")
    add("--tile", default="", metavar="OPTIONS", help="options of the pass tile-engines")
    add(
        "--stop-after",
        choices=("onnx", "vit", "quantized", "accel"),
        help="write the IR of this level instead of a project",
    )
    add(
        "--json",
        action="store_true",
        help="print one JSON object: the project and its estimate, or all that stands in the way",
    )


def run(arguments: argparse.Namespace) -> int:
    """Compile; gives the exit code."""
    from vaqf.compiler.compilation import compile_model, print_ir
    from vaqf.compiler.pipeline import Level, passes_of, stages, until
    from vaqf.compiler.progress import Progress
    from vaqf.compiler.specification import print_pipeline
    from vaqf.dialects.diagnostics import UserError

    model = Path(arguments.model)
    board, options = _choices(arguments)
    stop_after: str | None = arguments.stop_after
    output = None if arguments.output is None else Path(arguments.output)
    if stop_after is None and output is None:
        raise UserError("give a folder for the project with -o, or a level with --stop-after")
    if stop_after is not None and arguments.json:
        raise UserError("--json describes a project, --stop-after writes none")
    for file in (model, *([] if options.calibration is None else [Path(options.calibration)])):
        if not file.exists():
            raise UserError(f"{file}: no such file")
    level = Level(stop_after or Level.ACCEL)
    to_run = until(level, stages(options))
    pipeline = print_pipeline(passes_of(to_run))
    notes = [f"vaqf-opt {shlex.quote(str(model))} -p {shlex.quote(pipeline)}"]
    if options.calibration is None and level in (Level.QUANTIZED, Level.ACCEL):
        notes.append(
            "warning: without --calibration, number formats are chosen on noise, "
            "which costs accuracy"
        )
    with Progress(notes) as progress, _telling(model, arguments.json):
        if output is not None and stop_after is None:
            from vaqf.compiler.build import build_project

            estimate = build_project(model, to_run, options, board, output, progress)
            progress.line(f"wrote {output}, next: make -C {shlex.quote(str(output))} csim")
            if arguments.json:
                project = {"file": str(model), "supported": True, "project": str(output)}
                print(json.dumps({**project, "estimate": estimate}, indent=2))
            return 0
        module, _ = compile_model(model, str(model), to_run, progress.finished)
    text = print_ir(module)
    if output is None:
        sys.stdout.write(text)
    else:
        write_atomically(output, text)
    return 0


@contextmanager
def _telling(model: Path, as_data: bool) -> Generator[None]:
    """When `model` is refused, print why, as data where that is wanted."""
    from vaqf.compiler.compatibility import Compatibility
    from vaqf.passes.raise_onnx_to_vit.report import RaisingError

    try:
        yield
    except RaisingError as error:
        if as_data:
            print(json.dumps(Compatibility.refused(model, error).json, indent=2))
        raise


def _choices(arguments: argparse.Namespace) -> tuple[Board, Options]:
    """The board, and what the user decided about the accelerator."""
    from vaqf.compiler.pipeline import Options
    from vaqf.compiler.recipe import Recipe, read_recipe
    from vaqf.compiler.specification import parse_options
    from vaqf.passes.tile_engines import TileEnginesPass

    recipe = Recipe() if arguments.recipe is None else read_recipe(arguments.recipe)
    board = _board(arguments.board, recipe)
    options = Options(
        weight_bits=arguments.weight_bits,
        activation_bits=arguments.activation_bits,
        calibration=arguments.calibration,
        tiling=parse_options(TileEnginesPass, arguments.tile),
        word_bits=board.memory.port_bits,
        rules=recipe.rules,
    )
    return board, options


def _board(name: str | None, recipe: Recipe) -> Board:
    """
    The board that the user names, or the recipe does.

    Raises:
        UserError: when both do, and differ, or when it is unknown.
    """
    from vaqf.compiler.recipe import limited_board
    from vaqf.dialects.diagnostics import UserError

    if recipe.board is None:
        return Board.of(name or DEFAULT_BOARD)
    if name not in (None, recipe.board.name):
        raise UserError(f"--board is '{name}', and the recipe is for '{recipe.board.name}'")
    return limited_board(recipe.board)
