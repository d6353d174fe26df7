"""`vaqf csim`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

EXAMPLES = """\
examples:
  check a project against its golden vectors:
    vaqf csim build/deit
  run images through the accelerator's C++:
    vaqf csim build/deit --input images.npz -o logits.npz
  and keep what every layer computes:
    vaqf csim build/deit --input images.npz --trace layers.npz

The project is built with make and g++; no vendor tool is needed. The input file has an array of
float32 under the name of the model's input; with `labels` in it the accuracy is printed, too. The
output file has an array for each output, under its name in the model. The trace has one for each
layer, images x tokens x channels, under the name of the ONNX node that it is the value of; where a
node has several, as query, key and value, they are numbered. vaqf compare compares layers.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("project", metavar="DIR", help="a project that vaqf compile wrote")
    add("--input", metavar="FILE.npz", help="images to run (default: a self-check)")
    add("-o", "--output", metavar="FILE.npz", help="file to write the results to")
    add("--trace", metavar="FILE.npz", help="file to write what every layer computes to")


def run(arguments: argparse.Namespace) -> int:
    """Simulate; gives the exit code."""
    from vaqf.compiler.arrays import read_samples, summarize, write_arrays
    from vaqf.compiler.simulation import Simulation
    from vaqf.dialects.diagnostics import UserError

    simulation = Simulation.of(Path(arguments.project))
    if arguments.input is None:
        for option, file in (("-o", arguments.output), ("--trace", arguments.trace)):
            if file is not None:
                raise UserError(f"{option} needs images: give them with --input")
        print(f"building {simulation.folder}", file=sys.stderr)
        simulation.build()
        sys.stdout.write(simulation.check())
        return 0
    if arguments.trace is not None:
        simulation.expect_traced()
    port = simulation.input
    samples = read_samples(Path(arguments.input), [port.name])
    images = simulation.images(samples.inputs[port.name])
    print(f"building {simulation.folder}", file=sys.stderr)
    simulation.build()
    count = "1 image" if len(images) == 1 else f"{len(images)} images"
    print(f"simulating {count}", file=sys.stderr)
    frames = simulation.frames(images, is_traced=arguments.trace is not None)
    results = simulation.real_results(frames)
    for name, values in results.items():
        print("\n".join(summarize(name, values, samples.labels)))
    if arguments.output is not None:
        write_arrays(Path(arguments.output), results)
        print(f"wrote {arguments.output}", file=sys.stderr)
    if arguments.trace is not None:
        write_arrays(Path(arguments.trace), simulation.real_trace(frames))
        print(f"wrote {arguments.trace}", file=sys.stderr)
    return 0
