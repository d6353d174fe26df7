"""`vaqf explain`."""

from __future__ import annotations

import argparse
from pathlib import Path

EXAMPLES = """\
examples:
  the layers of a project:
    vaqf explain build/deit
  all about one of them: nodes, IR at each level, numbers, engine, cycles, area, lines of C++:
    vaqf explain build/deit blocks.0.mlp.fc1
  and how much of its number formats some images use:
    vaqf explain build/deit blocks.0.mlp.fc1 --input images.npz -o fc1.md

A layer is named as in the reports, without braces, or by one of its ONNX nodes. The page is
Markdown. The images are those of vaqf run; a few are enough.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("project", metavar="DIR", help="a project that vaqf compile wrote")
    add("layer", metavar="LAYER", nargs="?", help="a layer, or one of its ONNX nodes")
    add("--input", metavar="FILE.npz", help="samples to count values on")
    add("-o", "--output", metavar="FILE.md", help="file to write the page to")


def run(arguments: argparse.Namespace) -> int:
    """Explain; gives the exit code."""
    from vaqf.compiler.arrays import read_samples
    from vaqf.compiler.atomic import write_atomically
    from vaqf.compiler.explanation.layers import Project, read
    from vaqf.compiler.explanation.page import layer_page
    from vaqf.dialects.diagnostics import UserError
    from vaqf.dialects.model_reference import input_names
    from vaqf.interpreters.execute import entry_function

    project = Project.of(Path(arguments.project))
    if arguments.layer is None:
        for flag, value in (("--input", arguments.input), ("-o", arguments.output)):
            if value is not None:
                raise UserError(f"{flag} needs a layer; without it the layers are listed")
        print("\n".join(project.layers))
        return 0
    layer = project.layer(arguments.layer)
    inputs = None
    if arguments.input is not None:
        names = input_names(entry_function(read(project.stage("quantized"))))
        inputs = read_samples(Path(arguments.input), names).inputs
    page = layer_page(project, layer, inputs)
    if arguments.output is None:
        print(page, end="")
    else:
        write_atomically(Path(arguments.output), page)
    return 0
