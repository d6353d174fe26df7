"""`vaqf compile`."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from vaqf.compiler.atomic import write_atomically
from vaqf.compiler.board import Board
from vaqf.compiler.commands.choices import DEFAULT_WEIGHT_BITS, add_choices
from vaqf.compiler.commands.search import NOT_REACHED
from vaqf.compiler.commands.trained import Training, measure, train

if TYPE_CHECKING:
    from vaqf.compiler.pipeline import Options
    from vaqf.compiler.progress import Progress

EXAMPLES = """\
examples:
  an accelerator with binary weights and 8-bit activations:
    vaqf compile deit_tiny.onnx --calibration images.npz -o build/deit
  the widest activations that reach a frame rate, see vaqf search:
    vaqf compile deit_tiny.onnx --calibration images.npz --fps 300 -o build/deit
  what vaqf search --json found, perhaps edited:
    vaqf compile deit_tiny.onnx --calibration images.npz --config choice.json -o build/deit
  fewer bits:
    vaqf compile deit_tiny.onnx --calibration images.npz --activation-bits 6 -o build/deit
  other widths for some layers, see docs/recipes.md:
    vaqf compile deit_tiny.onnx --recipe 'blocks[0-5].mlp: a6; head: w16' -o build/deit
  a smaller engine:
    vaqf compile deit_tiny.onnx -o build/deit --tile 'binary-matmul=64,32,2 integer-matmul=64,4,1'
  train to the widths that reach a rate, compile, and classify images in C++, see vaqf train:
    vaqf compile deit_tiny.onnx --fps 300 --train-data photos -o build/deit
  look at the integers, without hardware:
    vaqf compile deit_tiny.onnx --stop-after quantized

The calibration file is an .npz with an array of float32 under the name of the model's input,
samples x colours x height x width, prepared as the model wants its images.

Flags go before what --config chooses. With --fps and --calibration, attention gets a width of its
own where that costs less accuracy, unless a recipe gives widths. With --fps the exit code is 3 when
no accelerator is as fast.

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
        metavar="BITS",
        help="width of activations inside the encoder, 1 to 16 (default: 8)",
    )
    add_choices(parser)
    add("--calibration", metavar="FILE.npz", help="samples to choose the number formats with")
    add("--tile", metavar="OPTIONS", help="options of the pass tile-engines")
    add(
        "--vector-lanes",
        type=int,
        metavar="LANES",
        help="elements that vector units take in a cycle (default: 32)",
    )
    add(
        "--fps",
        type=float,
        metavar="RATE",
        help="search the widest activations that reach this rate, and the sizes of engines",
    )
    add(
        "--config",
        metavar="FILE.json",
        help="board, widths and sizes of engines, as vaqf search --json prints them",
    )
    add(
        "--train-data",
        metavar="DIR",
        help="images to train the model with first, as vaqf train takes them; the files of the "
        "training lie in a folder beside the project",
    )
    add(
        "--train-options",
        default="",
        metavar="OPTIONS",
        help="further options of vaqf train, such as '--epochs 30 --augment shapes'",
    )
    add(
        "--stop-after",
        choices=("onnx", "vit", "quantized", "accel"),
        help="write the IR of this level instead of a project",
    )
    add(
        "--json",
        action="store_true",
        help="print one JSON object: the project and its estimate, or all that stands in the way; "
        "where a rate is not reached, what vaqf search --json prints",
    )


def run(arguments: argparse.Namespace) -> int:
    """Compile; gives the exit code."""
    from vaqf.compiler.compilation import compile_model, print_ir
    from vaqf.compiler.pipeline import Level, passes_of, stages, until
    from vaqf.compiler.progress import Progress
    from vaqf.compiler.specification import print_pipeline
    from vaqf.dialects.diagnostics import UserError

    model = Path(arguments.model)
    if arguments.fps is not None:
        _expect_one_choice(arguments)
    board, options = _choices(arguments)
    stop_after: str | None = arguments.stop_after
    output = None if arguments.output is None else Path(arguments.output)
    if stop_after is None and output is None:
        raise UserError("give a folder for the project with -o, or a level with --stop-after")
    if arguments.train_data is not None and (output is None or stop_after is not None):
        raise UserError("--train-data makes a project: give a folder with -o, and no --stop-after")
    if arguments.train_options and arguments.train_data is None:
        raise UserError("--train-options are those of a training: give images with --train-data")
    if stop_after is not None and arguments.json:
        raise UserError("--json describes a project, --stop-after writes none")
    for file in (model, *([] if options.calibration is None else [Path(options.calibration)])):
        if not file.exists():
            raise UserError(f"{file}: no such file")
    if arguments.fps is not None:
        with Progress([f"searching accelerators for {model}"]) as progress:
            found = _search(model, board, options, arguments, progress)
        if found is None:
            return NOT_REACHED
        options = found
    training: Training | None = None
    if arguments.train_data is not None and output is not None:
        folder = output.with_name(f"{output.name}-training")
        training = train(model, arguments.train_data, arguments.train_options, folder, options)
        model, options = training.model, training.options(options)
    level = Level(stop_after or Level.ACCEL)
    to_run = until(level, stages(options))
    pipeline = print_pipeline(passes_of(to_run))
    notes = [f"vaqf-opt {shlex.quote(str(model))} -p {shlex.quote(pipeline)}"]
    if options.calibration is None and level in (Level.QUANTIZED, Level.ACCEL):
        notes.append(
            "warning: without --calibration, number formats that the model does not give itself "
            "are chosen on noise, which costs accuracy"
        )
    with Progress(notes) as progress, _telling(model, arguments.json):
        if output is not None and stop_after is None:
            from vaqf.compiler.build import build_project

            estimate = build_project(model, to_run, options, board, output, progress)
            progress.line(f"wrote {output}, next: make -C {shlex.quote(str(output))} csim")
            lines: list[str] = []
            code = 0
            accuracy: dict[str, object] = {}
            if training is not None:
                progress.line("building the C++, to classify images for validation")
                lines += measure(training, output)
                accuracy["training"] = json.loads((training.folder / "report.json").read_text())
                reached = cast(float, estimate["frames_per_second"])
                if arguments.fps is not None and reached < arguments.fps:
                    missed = f"warning: what was trained reaches {reached:,.1f} frames a second, "
                    progress.line(f"{missed}not {arguments.fps:,.1f}: --train-options changed it")
                    code = NOT_REACHED
            if arguments.json:
                project = {"file": str(model), "supported": True, "project": str(output)}
                print(json.dumps({**project, "estimate": estimate, **accuracy}, indent=2))
            elif lines:
                print("\n".join(lines))
            return code
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
    from vaqf.compiler.commands.choices import board_of, recipe_of
    from vaqf.compiler.configuration import Configuration, read_configuration
    from vaqf.compiler.pipeline import Options
    from vaqf.compiler.specification import parse_options
    from vaqf.passes.pipeline_loops import PipelineLoopsPass
    from vaqf.passes.tile_engines import TileEnginesPass

    given = Configuration()
    if arguments.config is not None:
        given = read_configuration(Path(arguments.config))
    recipe = recipe_of(arguments.recipe)
    if arguments.recipe is None and given.recipe is not None:
        recipe = given.recipe
    name: str | None = arguments.board
    if name is None and recipe.board is None:
        name = given.board
    clock: int | None = arguments.clock_mhz
    if clock is None and arguments.board is None:
        clock = given.clock_mhz
    board = board_of(name, recipe, clock)
    tiling = given.tiling or TileEnginesPass()
    if arguments.tile is not None:
        tiling = parse_options(TileEnginesPass, arguments.tile)
    lanes = _first(arguments.vector_lanes, given.vector_lanes, PipelineLoopsPass.vector_lanes)
    return board, Options(
        weight_bits=_first(arguments.weight_bits, given.weight_bits, DEFAULT_WEIGHT_BITS),
        activation_bits=_first(arguments.activation_bits, given.activation_bits, 8),
        calibration=arguments.calibration,
        tiling=tiling,
        pipelining=PipelineLoopsPass(vector_lanes=lanes),
        frames=_first(arguments.frames, given.frames, 1),
        word_bits=board.memory.port_bits,
        memory_bits=board.memory_bits,
        uram=_first(given.uram, int(board.resources.uram * board.usable.uram)),
        rules=recipe.rules,
    )


def _first(*numbers: int | None) -> int:
    """The first that is given; the last one is."""
    return next(number for number in numbers if number is not None)


def _expect_one_choice(arguments: argparse.Namespace) -> None:
    """
    Refuse flags beside `--fps` that choose what it searches.

    Raises:
        UserError: naming both.
    """
    from vaqf.compiler.commands.choices import expect_rate
    from vaqf.dialects.diagnostics import UserError

    expect_rate(arguments.fps)
    for flag, value in (
        ("--activation-bits", arguments.activation_bits),
        ("--tile", arguments.tile),
        ("--vector-lanes", arguments.vector_lanes),
        ("--config", arguments.config),
    ):
        if value is not None:
            raise UserError(f"--fps searches what {flag} chooses, give one of them")


def _search(
    model: Path,
    board: Board,
    options: Options,
    arguments: argparse.Namespace,
    progress: Progress,
) -> Options | None:
    """What reaches a rate; None, once it is told why, when nothing does."""
    from vaqf.compiler.search.answer import answer, verdict

    # Widths that rules give are kept: there is nothing to measure for.
    measured = None if options.rules or options.calibration is None else Path(options.calibration)
    told = answer(
        model,
        board,
        options,
        arguments.fps,
        lambda _: None,
        board_name=arguments.board,
        frames=arguments.frames,
        calibration=measured,
    )
    for line in verdict(told):
        progress.line(line)
    if told.reached:
        return told.found_options
    if arguments.json:
        print(json.dumps(told.json, indent=2))
    return None
