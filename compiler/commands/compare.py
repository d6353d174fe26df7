"""`vaqf compare`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

EXAMPLES = """\
examples:
  does VAQF read the model as ONNX Runtime does?
    vaqf compare onnxruntime:deit_tiny.onnx deit_tiny.onnx --input images.npz
  what do the passes up to the vit level change?
    vaqf compare deit_tiny.onnx build/deit/ir/01-vit.mlir --input images.npz
  what do low-bit integers cost, layer by layer, on 16 images?
    vaqf compare build/deit/ir/01-vit.mlir build/deit/ir/02-quantized.mlir \\
        --input images.npz --samples 16 --plot noise.png
  do the engines compute the same bits as the integer network? does the C++?
    vaqf compare build/deit/ir/02-quantized.mlir build/deit/ir/13-estimate-performance.mlir \\
        --input images.npz --exact
    vaqf compare build/deit/ir/02-quantized.mlir build/deit --input images.npz --exact

A and B are each a model (.onnx), executed by VAQF; onnxruntime:MODEL.onnx, executed by ONNX
Runtime; IR of any level (.mlir); or the folder of a project, whose C++ is built and run. A is the
reference. Layers have the names of ONNX nodes, and are compared where both sides have one of the
same name and shape, but for a batch of 1. Integers are compared as the reals that they stand for.

A layer is equal when its largest error, divided by the largest magnitude that the reference has
there, is at most --tolerance; with --exact, when no bit differs. The first divergence is the first
layer in the order of the program that is not. The table has the worst layers, the worst first, with
a ! before those that are not equal:
  max error   largest distance of two values
  relative    that, divided by the largest magnitude of the reference in this layer
  SQNR dB     ratio of the squares of the reference and of the errors; inf where all are equal
  cosine      of the angle between both tensors
  differ      how many values differ in any bit

The exit code is 0 when all layers are equal, 1 when not, 2 when they cannot be compared.

The JSON object has `equal`, `first_divergence`, and `layers`, the worst first, each with `name`,
`position` in the program, `max_error`, `relative_error`, `sqnr_db`, `cosine`, `differing` of
`values`, and `worst`: at most ten values. Numbers that are not finite are null.
"""

NOT_EQUAL = 1
"""Exit code when a layer is beyond what is accepted."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("reference", metavar="A", help="the reference: a model, IR, or a project")
    add("other", metavar="B", help="what is compared with it")
    add("--input", required=True, metavar="FILE.npz", help="arrays for the inputs")
    add(
        "--samples",
        type=int,
        default=1,
        metavar="N",
        help="how many samples of the input to compare, from the first on (default: 1)",
    )
    add(
        "--tolerance",
        type=float,
        metavar="T",
        help="accepted error of a layer, as a part of its largest magnitude (default: 0.001)",
    )
    add("--exact", action="store_true", help="accept no differing bit")
    add("--model", metavar="MODEL.onnx", help="the model file, wherever the IR says it is")
    add("--verbose", action="store_true", help="tell all layers, and what only one side has")
    add("--json", action="store_true", help="print one JSON object")
    add("--plot", metavar="FILE.png", help="draw noise and error of all layers in their order")


def run(arguments: argparse.Namespace) -> int:
    """Compare; gives the exit code."""
    from vaqf.compiler.arrays import read_samples
    from vaqf.compiler.atomic import write_atomically
    from vaqf.compiler.compare.comparison import DEFAULT_TOLERANCE, Criterion, compare
    from vaqf.compiler.compare.report import as_json, report
    from vaqf.compiler.compare.sides import open_side
    from vaqf.compiler.pictures import expect_place_for_picture
    from vaqf.compiler.progress import Progress
    from vaqf.dialects.diagnostics import UserError

    if arguments.exact and arguments.tolerance is not None:
        raise UserError("--exact accepts nothing: give it, or --tolerance")
    if arguments.samples < 1:
        raise UserError(f"--samples is {arguments.samples}, it must be positive")
    tolerance = DEFAULT_TOLERANCE if arguments.tolerance is None else arguments.tolerance
    criterion = Criterion(tolerance, arguments.exact)
    if arguments.plot is not None:
        expect_place_for_picture(Path(arguments.plot))
    names = (arguments.reference, arguments.other)
    model = arguments.model and Path(arguments.model)
    with Progress([f"comparing {names[1]} with {names[0]}"]) as progress:
        reference, other = open_side(names[0], model), open_side(names[1], model)
        given, expected = ({each.name for each in side.inputs} for side in (other, reference))
        if given != expected:
            raise UserError(
                f"{names[1]} takes {', '.join(sorted(given))}, "
                f"but {names[0]} {', '.join(sorted(expected))}"
            )
        inputs = read_samples(Path(arguments.input), [each.name for each in reference.inputs])
        told = compare(
            reference, other, inputs.inputs, criterion, arguments.samples, progress.timed
        )
    if arguments.plot is not None:
        from vaqf.compiler.compare.picture import comparison_picture

        write_atomically(Path(arguments.plot), comparison_picture(told, names))
        print(f"wrote {arguments.plot}", file=sys.stderr)
    if arguments.json:
        print(json.dumps(as_json(told, names), indent=2))
    else:
        print("\n".join(report(told, verbose=arguments.verbose)))
    return 0 if told.first_divergence is None else NOT_EQUAL
