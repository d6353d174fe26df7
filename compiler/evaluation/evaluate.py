"""An evaluation from beginning to end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vaqf.compiler.evaluation.answers import ask, available_processors
from vaqf.compiler.evaluation.data import Batch, Data, image_shape, open_data
from vaqf.compiler.evaluation.predictors import Predictor, Target
from vaqf.compiler.evaluation.preprocessing import Preprocessing
from vaqf.compiler.evaluation.report import Evaluated, Evaluation
from vaqf.compiler.evaluation.scores import Scores
from vaqf.compiler.images import spread
from vaqf.compiler.progress import Progress
from vaqf.dialects.diagnostics import UserError

TELL_EVERY = 5.0
"""Seconds between lines that tell how far it is."""


def evaluate(
    network: Target,
    data: Path,
    preprocessing: Callable[[tuple[int, ...]], Preprocessing],
    *,
    find_reference: bool,
    reference: Target | None,
    samples: int | None,
    processes: int | None,
    progress: Progress,
) -> Evaluation:
    """
    Ask a network about labelled images, and perhaps another one about the same.

    Args:
        network: What is evaluated.
        data: A folder of images, or an `.npz` file.
        preprocessing: For the shape of the network's input.
        find_reference: Compare with the float model that the network was made from.
        reference: What to compare with.
        samples: How many images; None for all.
        processes: None for one a processor.
        progress: Told how far it is.

    Raises:
        UserError: when there is no such network, or the images are not what it takes.
    """
    source = network.source if find_reference else None
    other = reference if source is None else Target(source)
    targets = [network, *([] if other is None else [other])]
    predictors = [each.open() for each in targets]
    first = predictors[0]
    _expect_comparable(targets, predictors)
    images = open_data(
        data, first.input, first.classes, lambda: preprocessing(image_shape(first.input))
    )
    if samples is not None:
        images = _spread(images, samples)
    told = time.perf_counter()

    def on_done(done: int) -> None:
        nonlocal told
        if time.perf_counter() - told > TELL_EVERY or done == len(images):
            told = time.perf_counter()
            progress.line(f"{done} of {len(images)} images")

    answers = ask(targets, predictors, images, processes or available_processors(), on_done)
    evaluated = [
        Evaluated(target.path, predictor.how, Scores(each, images.labels, images.classes))
        for target, predictor, each in zip(targets, predictors, answers, strict=True)
    ]
    return Evaluation(data, evaluated[0], evaluated[1] if other is not None else None)


def _expect_comparable(targets: list[Target], predictors: list[Predictor]) -> None:
    """
    Check that networks take and tell the same.

    Raises:
        UserError: when they do not.
    """
    first, shape = predictors[0], image_shape(predictors[0].input)
    for target, each in zip(targets, predictors, strict=True):
        its = image_shape(each.input)
        if its != shape or each.classes != first.classes:
            raise UserError(
                f"{target.path} takes {its} and tells {each.classes} classes, "
                f"but {targets[0].path} takes {shape} and tells {first.classes}"
            )


def _spread(data: Data, count: int) -> Data:
    """So many of the images, of all classes."""
    chosen = spread(len(data), count)

    def part(some: NDArray[np.intp]) -> Batch:
        return data.part(chosen[some])

    return replace(data, labels=data.labels[chosen], part=part)
