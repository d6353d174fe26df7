"""
The integers of the quantized level beside ONNX Runtime, in `float32` and with dynamic `int8`.

With weights and activations of several widths, as `vaqf eval` executes them. Each runs in a
process of its own with one thread, and they take turns, so that whatever else the machine does
slows all of them down. Compare the ratios of one run, not images a second of different machines.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.models.full_size import Name, write_full_size_model
from vaqf.compiler.compilation import compile_model
from vaqf.compiler.pipeline import Level, Options, stages, until
from vaqf.interpreters.execute import OpenNetwork

THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")
"""What tells libraries of linear algebra how many threads to use, when they are loaded."""

INPUT = "pixel_values"
MODELS: dict[str, Name | None] = {
    "MNIST": None,
    "DeiT-tiny": "deit_tiny.legacy17",
    "DeiT-base": "deit_base.legacy17",
}
"""With the name of a full-size model, or None for the bundled example."""

MNIST = Path(__file__).parents[1] / "examples/mnist/mnist_vit.onnx"

Images = NDArray[np.float32]
Network = Callable[[Images], object]


def onnx_runtime(file: Path) -> Network:
    """A model as it is."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    # A model may take one image at a time, and no more.
    takes_one = session.get_inputs()[0].shape[0] == 1

    def run(images: Images) -> object:
        at_a_time = np.split(images, len(images)) if takes_one else [images]
        return [session.run(None, {INPUT: each}) for each in at_a_time]

    return run


def dynamic_int8(file: Path) -> Network:
    """A model whose weights ONNX Runtime has rounded; it rounds activations as it goes."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder:
        rounded = Path(folder) / "int8.onnx"
        # Another process does it, so that it is no part of the memory that is measured.
        worker = get_context("spawn").Process(
            target=quantize_dynamic, args=(file, rounded), kwargs={"weight_type": QuantType.QInt8}
        )
        worker.start()
        worker.join()
        return onnx_runtime(rounded)


def integers(weight_bits: int, activation_bits: int, file: Path) -> Network:
    """Our integers."""
    options = Options(weight_bits=weight_bits, activation_bits=activation_bits)
    levels = until(Level.QUANTIZED, stages(options))
    module, parameters = compile_model(file, str(file), levels, lambda _: None)
    network = OpenNetwork.of(module, parameters, is_fast=True)
    return lambda images: network.execute({INPUT: images})


NETWORKS: dict[str, Callable[[Path], Network]] = {
    "ONNX Runtime float32": onnx_runtime,
    "ONNX Runtime dynamic int8": dynamic_int8,
    "VAQF W1A8 integers": partial(integers, 1, 8),
    "VAQF W8A8 integers": partial(integers, 8, 8),
    "VAQF W1A12 integers": partial(integers, 1, 12),
    "VAQF W8A12 integers": partial(integers, 8, 12),
}


def serve(label: str, file: Path, requests: Connection) -> None:
    """In a process: run a network on what is asked, and tell seconds, at the end mebibytes."""
    network = NETWORKS[label](file)
    requests.send(None)
    while (images := requests.recv()) is not None:
        started = time.perf_counter()
        network(images)
        requests.send(time.perf_counter() - started)
    # Not `ru_maxrss`, which begins with what the process that started this one had.
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    requests.send(int(peak) / 1024)


@dataclass(frozen=True)
class Measurement:
    """A network, run several times."""

    seconds: list[float]
    """For each image."""

    mebibytes: float
    """Largest resident set, what the network was prepared with included."""


def measure(file: Path, shape: tuple[int, ...], batch: int, rounds: int) -> dict[str, Measurement]:
    """Let all networks take turns on images of a shape."""
    context = get_context("spawn")
    os.environ.update(dict.fromkeys(THREADS, "1"))
    images = np.random.default_rng(0).standard_normal((batch, *shape), np.float32)
    ours: dict[str, Connection] = {}
    workers: list[SpawnProcess] = []
    for label in NETWORKS:
        ours[label], theirs = context.Pipe()
        worker = context.Process(target=serve, args=(label, file, theirs))
        worker.start()
        workers.append(worker)
        ours[label].recv()
    seconds: dict[str, list[float]] = {label: [] for label in NETWORKS}
    # The first round warms up.
    for number in range(rounds + 1):
        for label, network in ours.items():
            network.send(images)
            taken = network.recv()
            if number:
                seconds[label].append(taken / batch)
    found: dict[str, Measurement] = {}
    for label, network in ours.items():
        network.send(None)
        found[label] = Measurement(seconds[label], network.recv())
    for worker in workers:
        worker.join()
    return found


def main() -> None:
    """Print a table for each model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=8, help="images at a time (default: 8)")
    parser.add_argument("--rounds", type=int, default=20, help="turns of each (default: 20)")
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    arguments = parser.parse_args()
    for model in arguments.models:
        with tempfile.TemporaryDirectory() as folder:
            name = MODELS[model]
            file = MNIST if name is None else write_full_size_model(name, Path(folder))
            shape = (1, 28, 28) if name is None else (3, 224, 224)
            found = measure(file, shape, arguments.batch, arguments.rounds)
        reference = found["ONNX Runtime float32"].seconds
        print(f"{model}, {arguments.batch} at a time: median and best of {arguments.rounds}")
        print(f"{'':28} {'images/s':>9} {'best':>7} {'x float32':>10} {'best':>6} {'peak MiB':>9}")
        for label, each in found.items():
            print(
                f"{label:28} {1 / median(each.seconds):9.2f} {1 / min(each.seconds):7.2f} "
                f"{median(reference) / median(each.seconds):10.2f} "
                f"{min(reference) / min(each.seconds):6.2f} {each.mebibytes:9.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
