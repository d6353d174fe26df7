"""`vaqf eval`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

EXAMPLES = """\
examples:
  the accuracy of a float model, of the integers, and of the accelerator's C++:
    vaqf eval deit_tiny.onnx --data imagenet/val
    vaqf eval build/deit/ir/02-quantized.mlir --data imagenet/val
    vaqf eval build/deit --data imagenet/val --samples 50
  with a picture of what is taken for what:
    vaqf eval build/deit/ir/02-quantized.mlir --data imagenet/val --plot confusion.png
  arrays that are preprocessed already:
    vaqf eval examples/mnist/mnist_vit.onnx --data examples/mnist/digits.npz
  do the integers answer as another model does?
    vaqf eval quantized.mlir --data imagenet/val --against deit_tiny.onnx

The data is either a folder with a folder for each class, in the order of their names the classes
of the model; where there is one that is called val or test, that is taken. Or it is an .npz file
with an array under the name of the model's input, as the model takes it, and `labels`; or one that
`vaqf train` takes, with pixels in `images`, of which those for validation are taken.

Images are resized, so that their shorter edge has --resize pixels, their centre is cropped to
the size that the model takes, and each colour is normalized, (value / 255 - mean) / std. What the
model was trained with is right: models of `vaqf train` say it, timm as `model.default_cfg`.

A model is executed by ONNX Runtime, and by VAQF where that is not installed or knows no QONNX;
IR by VAQF, fastest where g++ and ONNX Runtime are installed; a project is built, and its C++ run,
which is slow; slowest is IR with tiles. The top-1 share is how often the best class is right, the
top-5 share how often it is among the best five. The interval (Wilson's) has the share of all images
that there are with 95 % confidence. IR and projects are compared with the model that they were made
from, where that is there.

The JSON object has `network` and `reference`, each with `top1` and `top5` (`count`, `share`,
`interval`), `agreement`, `confusion` (right class x answer) and `predictions`.
"""


INTERPOLATIONS = ("bicubic", "bilinear", "nearest")
"""How pictures can be resized."""

THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")
"""What tells libraries of linear algebra how many threads to use, when they are loaded."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("network", metavar="NETWORK", help="an ONNX model, IR of any level, or a project's folder")
    add(
        "--data",
        required=True,
        metavar="DIR",
        help="a folder of images by class, of which all count, or those in DIR/val if there is "
        "one; or an .npz file",
    )
    add("--samples", type=int, metavar="N", help="evaluate so many images, spread over all classes")
    add(
        "--against",
        metavar="NETWORK",
        help="compare the answers with those of another one; 'none' for no comparison "
        "(default: the model that IR or a project was made from)",
    )
    add("--model", metavar="MODEL.onnx", help="the model file, wherever the IR says it is")
    add("--processes", type=int, metavar="N", help="processes to use (default: one a processor)")
    add("--json", action="store_true", help="print one JSON object")
    add("--plot", metavar="FILE.png", help="draw the confusion of classes")
    images = parser.add_argument_group("images")
    images.add_argument(
        "--resize",
        type=int,
        metavar="PIXELS",
        help="length of the shorter edge before cropping (default: 256 for a model of 224 x 224; "
        "images of its size are left as they are)",
    )
    images.add_argument(
        "--interpolation",
        choices=INTERPOLATIONS,
        default=INTERPOLATIONS[0],
        help="how to resize (default: bicubic)",
    )
    for name, what in (("--mean", "mean"), ("--std", "standard deviation")):
        images.add_argument(
            name,
            type=float,
            nargs="+",
            metavar="X",
            help=f"{what} of the values, from 0 to 1, one or one a colour "
            "(default: what a model of vaqf train says, else ImageNet's)",
        )


def run(arguments: argparse.Namespace) -> int:
    """Evaluate; gives the exit code."""
    # Processes share the work, each with a processor for itself: before NumPy is loaded.
    for name in THREADS:
        os.environ.setdefault(name, "1")
    from vaqf.compiler.atomic import write_atomically
    from vaqf.compiler.evaluation.evaluate import evaluate
    from vaqf.compiler.evaluation.predictors import Target
    from vaqf.compiler.evaluation.preprocessing import Preprocessing
    from vaqf.compiler.evaluation.report import as_json, report
    from vaqf.compiler.pictures import expect_place_for_picture
    from vaqf.compiler.progress import Progress
    from vaqf.dialects.diagnostics import UserError

    for name in ("samples", "processes"):
        given: int | None = getattr(arguments, name)
        if given is not None and given < 1:
            raise UserError(f"--{name} is {given}, it must be positive")
    if arguments.plot is not None:
        expect_place_for_picture(Path(arguments.plot))
    model = arguments.model and Path(arguments.model)
    network = Target(Path(arguments.network), model)
    against: str | None = arguments.against

    def preprocessing(shape: tuple[int, ...]) -> Preprocessing:
        mean, std = network.recorded_pixels or (None, None)
        return Preprocessing.of(
            shape,
            resize=arguments.resize,
            interpolation=arguments.interpolation,
            mean=tuple(arguments.mean) if arguments.mean else mean,
            std=tuple(arguments.std) if arguments.std else std,
        )

    with Progress([f"evaluating {network.path} on {arguments.data}"]) as progress:
        told = evaluate(
            network,
            Path(arguments.data),
            preprocessing,
            find_reference=against is None,
            reference=None if against in (None, "none") else Target(Path(against)),
            samples=arguments.samples,
            processes=arguments.processes,
            progress=progress,
        )
    if arguments.plot is not None:
        from vaqf.compiler.evaluation.picture import confusion_picture

        write_atomically(Path(arguments.plot), confusion_picture(told))
        print(f"wrote {arguments.plot}", file=sys.stderr)
    if arguments.json:
        print(json.dumps(as_json(told), indent=2))
    else:
        print("\n".join(report(told)))
    return 0
