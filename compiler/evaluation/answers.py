"""Asking networks about many images, spread over processes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from itertools import pairwise
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from vaqf.compiler.evaluation.data import Batch, Data
from vaqf.compiler.evaluation.predictors import Predictor, Target
from vaqf.compiler.evaluation.scores import best_classes
from vaqf.dialects.diagnostics import UserError

TOGETHER = 32
"""Images that a process gets at a time."""

PROBE = 4
"""Images that are timed, to see how long all will take."""

WORTH_PROCESSES = 20.0
"""Seconds of work for which starting processes, which all prepare the networks, pays."""

Answers = Sequence[NDArray[np.int64]]
"""Of each network, images x the best classes."""

OnDone = Callable[[int], None]
"""Called with the number of images that are done so far."""

_opened: list[Predictor] = []
"""The networks of this process, when it is one of several."""


def available_processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ask(
    targets: Sequence[Target],
    predictors: Sequence[Predictor],
    data: Data,
    processes: int,
    on_done: OnDone,
) -> Answers:
    """
    The best classes that networks find for all images.

    Args:
        targets: The networks.
        predictors: The same, opened here.
        data: The images.
        processes: How many to use, where the work is worth it.
        on_done: Called from time to time.

    Raises:
        UserError: when an image is broken, or is not what a network takes.
    """
    numbers = np.arange(len(data))
    # The first image has the networks prepared, the next ones show how long the rest takes.
    ends = [0, 1, *range(1 + PROBE, len(data), TOGETHER), len(data)]
    ranges = [numbers[first:last] for first, last in pairwise(ends) if first < last]
    found: dict[int, Answers] = {}
    done = 0

    def add(number: int, answers: Answers) -> None:
        nonlocal done
        found[number] = answers
        done += len(answers[0])
        on_done(done)

    left = 0.0
    for number in range(min(2, len(ranges))):
        started = time.perf_counter()
        add(number, _answers(predictors, data.part(ranges[number])))
        taken = time.perf_counter() - started
        left = taken * (len(data) - done) / len(ranges[number])
    processes = min(processes, len(ranges) - 2)
    if processes <= 1 or left < WORTH_PROCESSES:
        for number in range(2, len(ranges)):
            add(number, _answers(predictors, data.part(ranges[number])))
    else:
        with _pool(targets, processes) as pool:
            futures = {
                pool.submit(_answers_here, data.part(ranges[number])): number
                for number in range(2, len(ranges))
            }
            for future in as_completed(futures):
                add(futures[future], future.result())
    return [
        np.concatenate([found[number][each] for number in range(len(ranges))])
        for each in range(len(targets))
    ]


def _answers(predictors: Sequence[Predictor], batch: Batch) -> Answers:
    images = batch.load()
    return [best_classes(_finite(each.scores(images), each.how)) for each in predictors]


def _finite(scores: NDArray[np.floating], how: str) -> NDArray[np.floating]:
    """
    The scores of classes.

    Raises:
        UserError: when there is no best one.
    """
    if not np.isfinite(scores).all():
        raise UserError(f"a network (executed by {how}) gives scores that are not finite numbers")
    return scores


def _open(targets: Sequence[Target]) -> None:
    _opened.extend(each.open() for each in targets)


def _answers_here(batch: Batch) -> Answers:
    return _answers(_opened, batch)


@contextmanager
def _pool(targets: Sequence[Target], processes: int) -> Generator[ProcessPoolExecutor]:
    """Processes that have the networks open; none of them works on when one fails."""
    # Not forked: libraries that are loaded already have started their threads.
    pool = ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_open, initargs=(targets,)
    )
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
