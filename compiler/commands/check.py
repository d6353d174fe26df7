"""`vaqf check`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

EXAMPLES = """\
examples:
  is this a model that vaqf compile takes?
    vaqf check model.onnx
  the same for a script:
    vaqf check model.onnx --json

A supported model is described: blocks, channels, heads, tokens, head, and what wrote the file.
Otherwise every node that stands in the way is listed with its shapes and the reason, those that
are most frequent first, and then what the graph shows: windowed attention, a convolution stem, ...
docs/supported-onnx.md lists all operators that are accepted.

The exit code is 0 when the model is supported, 1 when it is not, 2 when it cannot be read.

The JSON object has `supported`, `findings` (each with node, operator, domain, opset, inputs and
outputs as shapes, reason, and the number of its group), `recognized` (name, because), `writer`, and
for a supported model `model`; for a file that cannot be read it has `supported` and `error`.
"""

NOT_SUPPORTED = 1
"""Exit code for a model that is no plain Vision Transformer."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("model", metavar="MODEL.onnx", help="the model, from any exporter")
    add("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Check; gives the exit code."""
    from vaqf.compiler.compatibility import check_model
    from vaqf.dialects.diagnostics import UserError

    path = Path(arguments.model)
    try:
        result = check_model(path)
    except UserError as error:
        if arguments.json:
            unread = {"file": str(path), "supported": False, "error": str(error)}
            print(json.dumps(unread, indent=2))
        raise
    if arguments.json:
        print(json.dumps(result.json, indent=2))
    elif result.refusal is None:
        print("\n".join([f"{path}: supported", *(f"  {line}" for line in result.lines)]))
    else:
        print(result.refusal, file=sys.stderr)
    return 0 if result.refusal is None else NOT_SUPPORTED
