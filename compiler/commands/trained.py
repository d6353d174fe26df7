"""What `vaqf compile --train-data` does beside compiling: train before it, and measure after it."""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vaqf.compiler.pipeline import Options
    from vaqf.training.session import Outcome

SIMULATED = 100
"""Images for validation that the accelerator's C++ classifies, at most."""


@dataclass(frozen=True)
class Training:
    """What was trained."""

    folder: Path
    """Where all files of the training are."""

    outcome: Outcome
    """How well it went."""

    @property
    def model(self) -> Path:
        """What is to be compiled."""
        return self.folder / "trained.onnx"

    def options(self, options: Options) -> Options:
        """Those to compile with: the model has all formats, samples are those of the training."""
        return replace(options, calibration=str(self.folder / "calibration.npz"))


def train(model: Path, data: str, more: str, folder: Path, options: Options) -> Training:
    """
    Train a model to the widths that it is compiled with.

    Args:
        model: In float.
        data: Images, as `vaqf train` takes them.
        more: Further options of `vaqf train`.
        folder: Of the training.
        options: With the widths.

    Raises:
        UserError: as `vaqf train` does.
    """
    from vaqf.compiler.cli import OneLineParser
    from vaqf.compiler.commands import train as command
    from vaqf.compiler.recipe import Recipe, print_recipe
    from vaqf.dialects.diagnostics import UserError

    parser = OneLineParser(prog="vaqf train", add_help=False, allow_abbrev=False)
    command.add_arguments(parser)
    given = ["--model", str(model), "--data", data, "-o", str(folder)]
    given += ["--weight-bits", str(options.weight_bits)]
    given += ["--activation-bits", str(options.activation_bits)]
    if options.rules:
        given += ["--recipe", print_recipe(Recipe(options.rules))]
    try:
        further = shlex.split(more)
    except ValueError as error:
        raise UserError(f"--train-options: {str(error)[:1].lower()}{str(error)[1:]}") from None
    decided = {each for each in given if each.startswith("-")}
    for each in further:
        name = each.partition("=")[0] if each.startswith("--") else each[:2]
        if name in decided | {"--output", "--recipe"}:
            raise UserError(f"--train-options has {each}, which vaqf compile decides")
    arguments: argparse.Namespace = parser.parse_args([*given, *further])
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists() and not arguments.resume:
        raise UserError(f"{checkpoint}: is there already; --train-options=--resume goes on with it")
    outcome = command.train(arguments)
    if outcome is None:
        raise UserError("--train-data trains in one process; train by torchrun vaqf train")
    return Training(folder, outcome)


def measure(training: Training, project: Path) -> Sequence[str]:
    """
    Let the C++ of a project classify images for validation.

    Returns:
        Lines that say what float, the trained network and the accelerator reach.
    """
    from vaqf.compiler.arrays import read_samples
    from vaqf.compiler.atomic import write_atomically
    from vaqf.compiler.images import spread
    from vaqf.compiler.simulation import Simulation

    simulation = Simulation.of(project)
    name = simulation.input.name
    samples = read_samples(training.folder / "validation.npz", [name])
    assert samples.labels is not None
    chosen = spread(len(samples.labels), SIMULATED)
    images, labels = samples.inputs[name][chosen], samples.labels[chosen]
    simulation.build()
    frames = simulation.frames(simulation.images(images))
    logits = next(iter(simulation.real_results(frames).values()))
    right = int((logits.reshape(len(images), -1).argmax(axis=1) == labels).sum())
    share = 100 * right / len(images)
    report = training.folder / "report.json"
    told = {**json.loads(report.read_text()), "accelerator_images": len(images)}
    told["accelerator_accuracy"] = share
    write_atomically(report, json.dumps(told, indent=2) + "\n")
    accelerator = f"{'accelerator':<16} {share:6.2f} % of {len(images)} of them, in C++"
    return [*training.outcome.lines[:3], accelerator]
