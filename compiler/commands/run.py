"""`vaqf run`."""

from __future__ import annotations

import argparse
from pathlib import Path

EXAMPLES = """\
examples:
  vaqf run deit_tiny.onnx --input images.npz -o logits.npz
  vaqf run build/deit/ir/02-quantized.mlir --input images.npz -o logits.npz
  vaqf run quantized.mlir --model elsewhere/deit_tiny.onnx --input images.npz --raw

The .npz files have an array for each input and output, under its name in the model. Inputs are
float32, for one sample or for several along the first axis. Without -o the classes are printed; an
input file with `labels` also gives the accuracy.

IR names its model file: a relative path is looked up beside the IR, then in the working directory.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("file", metavar="FILE", help="an ONNX model, or IR of any level")
    add("--input", required=True, metavar="FILE.npz", help="arrays for the inputs")
    add("-o", "--output", metavar="FILE.npz", help="file to write the outputs to")
    add("--model", metavar="MODEL.onnx", help="the model file, wherever the IR says it is")
    add("--raw", action="store_true", help="give the integers of quantized outputs as they are")


def run(arguments: argparse.Namespace) -> int:
    """Execute; gives the exit code."""
    from vaqf.compiler.arrays import read_samples, summarize, write_arrays
    from vaqf.compiler.model_resolution import ModelSearch, open_parameters, searching_models
    from vaqf.compiler.module_file import is_model, read_module
    from vaqf.dialects.diagnostics import UserError
    from vaqf.interpreters.execute import execute, network_inputs

    file = Path(arguments.file)
    if file.is_dir():
        raise UserError(f"{file}: is a folder, expected a model or IR; vaqf csim runs a project")
    module = read_module(file)
    override = file if is_model(file) else arguments.model and Path(arguments.model)
    samples = read_samples(Path(arguments.input), [each.name for each in network_inputs(module)])
    with searching_models(ModelSearch(ir_file=file, override=override)):
        outputs = execute(module, samples.inputs, open_parameters(module), raw=arguments.raw)
    if arguments.output is None:
        for name, values in outputs.items():
            print("\n".join(summarize(name, values, samples.labels)))
    else:
        write_arrays(Path(arguments.output), outputs)
    return 0
