"""`vaqf train`."""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vaqf.training.session import Outcome, Request
    from vaqf.training.trainer import Plan

EXAMPLES = """\
examples:
  a model of timm with binary weights and 8-bit activations, on a folder of images:
    vaqf train --model timm:deit_tiny_patch16_224 --data photos --epochs 100 -o runs/deit
  6-bit activations, and other widths for single layers:
    vaqf train --model timm:deit_tiny_patch16_224 --data photos --epochs 100 --activation-bits 6 \\
        --recipe 'blocks[0].*: a8; blocks[*].attn: a8' -o runs/deit
  a small model for 28 x 28 pixels in grey:
    vaqf train --model timm:vit_tiny_patch16_224 --model-args img_size=28 patch_size=4 in_chans=1 \\
        embed_dim=64 depth=4 num_heads=4 --data digits.npz --augment shapes -o runs/digits
  start from a model that has learned in float already:
    vaqf train --model runs/digits/float.onnx --data digits.npz --phases 0,10,20,5 -o runs/w1a4
  go on after it was stopped, at whatever moment:
    vaqf train ... -o runs/deit --resume
  four processes, one for each GPU:
    torchrun --nproc-per-node 4 --no-python vaqf train --model ... --data photos -o runs/deit
  and then:
    vaqf compile runs/deit/trained.onnx -o build/deit

The data is DIR/train/CLASS/*.png with DIR/val/CLASS/*.png (or validation, valid, test, in this
order); or DIR/CLASS/*.png; or an .npz file with `images` (uint8, N x height x width, perhaps x 3),
`labels` and perhaps `split`, 0 for training and 1 for validation. Where nothing says which are for
validation, every tenth of each class is.

Training has four phases: float; a growing share of the weights binary; activations rounded too; and
GELU, softmax and LayerNorm in integers. From the second on, the network in float is the teacher.
`vaqf train` divides the epochs 5 : 2 : 2 : 1, --phases gives each its own.

What is written: trained.onnx with all scales and widths (QONNX), trained_weights.onnx without those
of activations, which other tools read and calibration may give other widths, float.onnx, the
learning curve as history.csv, curve.png and for TensorBoard, checkpoint.pt, report.json, and
samples as .npz files.
The same command on the same machine gives the same weights, interrupted or not.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    _add_what(parser)
    _add_precision(parser.add_argument_group("precision"))
    _add_how(parser.add_argument_group("training"))
    _add_where(parser.add_argument_group("processes and files"))


def _add_what(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--model",
        required=True,
        metavar="MODEL",
        help="timm:NAME; hf:TYPE (vit, deit) or hf:FOLDER; or an ONNX file, in float",
    )
    add("--data", required=True, metavar="DIR", help="folder of images, or an .npz file; see below")
    add("-o", "--output", required=True, metavar="DIR", help="folder for everything written")
    add(
        "--model-args",
        nargs="+",
        default=[],
        metavar="NAME=VALUE",
        help="arguments of a model that timm or transformers makes, such as depth=4",
    )
    add("--pretrained", action="store_true", help="start from the weights that timm or FOLDER has")
    add(
        "--mean",
        type=float,
        nargs="+",
        metavar="X",
        help="of each colour, for pixels of 0 to 1 (default: what the model expects)",
    )
    add("--std", type=float, nargs="+", metavar="X", help="deviation of each colour")


def _add_precision(group: argparse._ArgumentGroup) -> None:  # pyright: ignore[reportPrivateUsage]
    add = group.add_argument
    add("--weight-bits", type=int, default=1, metavar="BITS", help="1, 8 or 16 (default: 1)")
    add("--activation-bits", type=int, default=8, metavar="BITS", help="1 to 16 (default: 8)")
    add("--recipe", metavar="RECIPE", help="widths of single layers; @FILE reads them from a file")
    add("--ternary", action="store_true", help="weights of 1 bit may be 0 as well, with 2 bits")
    add("--per-tensor", action="store_true", help="one scale for all of a binary weight")


def _add_how(group: argparse._ArgumentGroup) -> None:  # pyright: ignore[reportPrivateUsage]
    add = group.add_argument
    add("--epochs", type=int, default=100, metavar="N", help="of all phases (default: 100)")
    add(
        "--phases",
        metavar="F,B,A,I",
        help="epochs in float, binarizing, with rounded activations, in integers",
    )
    add("--batch-size", type=int, default=64, metavar="N", help="of all processes (default: 64)")
    add("--rate", type=float, default=1e-3, metavar="X", help="in float (default: 0.001)")
    add("--quantized-rate", type=float, default=5e-4, metavar="X", help="later (default: 0.0005)")
    add("--weight-decay", type=float, default=0.05, metavar="X", help="in float (default: 0.05)")
    add(
        "--augment",
        choices=("none", "shapes", "photos", "strong"),
        default="photos",
        help="how images are changed: shapes, such as digits, are not mirrored; strong is for "
        "photos that a network learns by heart (default: photos)",
    )
    add(
        "--distill",
        type=float,
        default=0.5,
        metavar="SHARE",
        help="share of the loss that the teacher decides; 0 for none of it (default: 0.5)",
    )
    add("--temperature", type=float, default=3.0, metavar="X", help="of its logits (default: 3)")
    add(
        "--distill-tokens",
        type=float,
        default=0.0,
        metavar="X",
        help="weight of the difference of tokens behind the last block (default: 0)",
    )
    add("--seed", type=int, default=0, metavar="N", help="of everything random (default: 0)")


def _add_where(group: argparse._ArgumentGroup) -> None:  # pyright: ignore[reportPrivateUsage]
    add = group.add_argument
    add("--resume", action="store_true", help="go on with the checkpoint in the folder")
    add(
        "--checkpoint-seconds",
        type=float,
        default=300.0,
        metavar="S",
        help="time between checkpoints within an epoch; there is one after each (default: 300)",
    )
    add("--device", choices=("cpu", "cuda"), help="default: a GPU where there is one")
    add("--mixed-precision", action="store_true", help="linear layers in bfloat16, for GPUs")
    add("--threads", type=int, default=2, metavar="N", help="that read images (default: 2)")
    add(
        "--check",
        type=int,
        default=64,
        metavar="N",
        help="images on which the result is compared with its IR in integers (default: 64)",
    )


POSITIVE = ("rate", "quantized_rate", "batch_size", "temperature", "threads", "check")
NOT_NEGATIVE = ("weight_decay", "distill_tokens", "checkpoint_seconds")
"""What numbers have to be."""


def plan_of(arguments: argparse.Namespace) -> Plan:
    """
    How to train.

    Raises:
        UserError: for numbers that are not accepted.
    """
    from vaqf.compiler.commands.choices import recipe_of
    from vaqf.dialects.diagnostics import UserError
    from vaqf.training.distillation import Distillation
    from vaqf.training.precision import Precision
    from vaqf.training.schedule import Schedule
    from vaqf.training.trainer import Plan

    for name in POSITIVE + NOT_NEGATIVE:
        value = getattr(arguments, name)
        if not isfinite(value) or value < 0 or (value == 0 and name in POSITIVE):
            option = name.replace("_", "-")
            expected = "positive" if name in POSITIVE else "0 or more"
            raise UserError(f"--{option} is {value}, it must be {expected}")
    if not 0 <= arguments.distill <= 1:
        raise UserError(f"--distill is {arguments.distill}, accepted range is [0, 1]")
    if not 0 <= arguments.seed < 1 << 32:
        raise UserError(f"--seed is {arguments.seed}, accepted range is [0, {(1 << 32) - 1}]")
    if arguments.per_tensor and arguments.weight_bits != 1:
        raise UserError("--per-tensor is for weights of 1 bit")
    if arguments.ternary and (arguments.per_tensor or arguments.weight_bits != 1):
        raise UserError("--ternary has a scale for each channel, of weights of 1 bit that may be 0")
    rate, quantized_rate = arguments.rate, arguments.quantized_rate
    if arguments.phases is None:
        schedule = Schedule.of(arguments.epochs, rate, quantized_rate)
    else:
        counts = arguments.phases.split(",")
        if len(counts) != 4 or not all(each.strip().isdecimal() for each in counts):
            raise UserError(f"--phases is '{arguments.phases}', expected four such as 60,10,20,5")
        f, b, a, i = map(int, counts)
        schedule = Schedule(f, b, a, i, rate, quantized_rate)
    precision = Precision(
        arguments.weight_bits,
        arguments.activation_bits,
        recipe_of(arguments.recipe),
        per_tensor=arguments.per_tensor,
        ternary=arguments.ternary,
    )
    teaches = arguments.distill > 0 or arguments.distill_tokens > 0
    distillation = Distillation(arguments.distill, arguments.temperature, arguments.distill_tokens)
    return Plan(
        schedule,
        precision,
        distillation if teaches else None,
        batch_size=arguments.batch_size,
        augmentation=arguments.augment,
        weight_decay=arguments.weight_decay,
        seed=arguments.seed,
        mixed_precision=arguments.mixed_precision,
    )


def request_of(arguments: argparse.Namespace) -> Request:
    """
    What the user asks for.

    Raises:
        UserError: for numbers that are not accepted.
    """
    from vaqf.dialects.diagnostics import UserError
    from vaqf.training.session import Request
    from vaqf.training.sources import parse_arguments

    mean: list[float] | None = arguments.mean
    std: list[float] | None = arguments.std
    if (mean is None) != (std is None):
        raise UserError("--mean and --std go together")
    if mean is not None and not all(map(isfinite, mean)):
        raise UserError(f"--mean is {', '.join(map(str, mean))}, expected real numbers")
    if std is not None and not all(isfinite(each) and each > 0 for each in std):
        raise UserError(f"--std is {', '.join(map(str, std))}, it must be positive")
    pixels = None if mean is None or std is None else (mean, std)
    return Request(
        arguments.model,
        Path(arguments.data),
        Path(arguments.output),
        plan_of(arguments),
        parse_arguments(arguments.model_args),
        pretrained=arguments.pretrained,
        pixels=pixels,
        device=arguments.device,
        threads=arguments.threads,
        resume=arguments.resume,
        checkpoint_seconds=arguments.checkpoint_seconds,
        checked_images=arguments.check,
    )


def train(arguments: argparse.Namespace) -> Outcome | None:
    """
    Train; gives nothing in a process that is not the first.

    Raises:
        UserError: for what the user gave, or when torch is not installed.
    """
    from vaqf.dialects.diagnostics import UserError

    if find_spec("torch") is None or find_spec("PIL") is None:
        raise UserError("training needs torch and Pillow: pip install 'vaqf[train]'")
    from vaqf.training import session

    return session.train(request_of(arguments))


def run(arguments: argparse.Namespace) -> int:
    """Train, and tell what became of it; gives the exit code."""
    outcome = train(arguments)
    if outcome is not None:
        print("\n".join(outcome.lines))
    return 0
