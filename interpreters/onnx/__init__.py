"""
What the operations of the `onnx` dialect mean, on NumPy arrays in the shapes of their types.

Real arithmetic is that of `float32`, as in ONNX Runtime.
"""

from collections.abc import Callable, Sequence

from xdsl.interpreter import Interpreter, InterpreterFunctions

from vaqf.interpreters.onnx.data import OnnxDataFunctions, constant_array
from vaqf.interpreters.onnx.elementwise import OnnxElementwiseFunctions
from vaqf.interpreters.onnx.linear_algebra import OnnxLinearAlgebraFunctions
from vaqf.interpreters.onnx.normalization import OnnxNormalizationFunctions
from vaqf.interpreters.onnx.reshaping import OnnxReshapingFunctions
from vaqf.interpreters.onnx.selection import OnnxSelectionFunctions

ONNX_FUNCTIONS: Sequence[Callable[[], InterpreterFunctions]] = (
    OnnxDataFunctions,
    OnnxElementwiseFunctions,
    OnnxLinearAlgebraFunctions,
    OnnxNormalizationFunctions,
    OnnxReshapingFunctions,
    OnnxSelectionFunctions,
)
"""One entry for each concern."""


def register_onnx_functions(interpreter: Interpreter) -> None:
    """Let an interpreter know every operation of the `onnx` dialect."""
    for functions in ONNX_FUNCTIONS:
        interpreter.register_implementations(functions())


__all__ = ["ONNX_FUNCTIONS", "constant_array", "register_onnx_functions"]
