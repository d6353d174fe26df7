"""The module in a file: IR of any level, or the graph of an ONNX model."""

from pathlib import Path

from xdsl.dialects.builtin import ModuleOp

MODEL_SUFFIX = ".onnx"
"""How the name of a model ends; any other file holds IR."""


def is_model(path: Path) -> bool:
    """Whether a file is an ONNX model."""
    return path.suffix == MODEL_SUFFIX


def read_module(path: Path) -> ModuleOp:
    """
    Read and verify a module.

    Raises:
        OSError: when the file cannot be read.
        UserError, ParseError, VerifyException: when it is not what its name says.
    """
    if is_model(path):
        from vaqf.frontends.onnx import import_model

        return import_model(path, str(path))
    from vaqf.compiler.context import full_context
    from vaqf.compiler.located_parser import parse_ir
    from vaqf.compiler.verification import verify

    module = parse_ir(full_context(), path.read_bytes(), str(path))
    verify(module)
    return module
