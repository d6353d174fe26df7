"""
What the operations of the `onnx` dialect mean, on NumPy arrays in the shapes of their types.

Real arithmetic is that of `float32`, as in ONNX Runtime.
"""

from collections.abc import Callable, Sequence

from xdsl.interpreter import Interpreter, InterpreterFunctions

from vaqf.interpreters.onnx.attention import OnnxAttentionFunctions
from vaqf.interpreters.onnx.copies import OnnxCopyFunctions
from vaqf.interpreters.onnx.data import (
    EVALUATION_FAILURES,
    LARGEST_EVALUATED,
    OnnxDataFunctions,
    constant_array,
    constant_value,
    dtype_of,
    is_constant,
)
from vaqf.interpreters.onnx.elementwise import OnnxElementwiseFunctions
from vaqf.interpreters.onnx.functions import OnnxUnaryFunctions
from vaqf.interpreters.onnx.linear_algebra import OnnxLinearAlgebraFunctions
from vaqf.interpreters.onnx.logic import OnnxLogicFunctions
from vaqf.interpreters.onnx.microsoft import OnnxMicrosoftFunctions
from vaqf.interpreters.onnx.normalization import OnnxNormalizationFunctions
from vaqf.interpreters.onnx.quantization import OnnxQuantizationFunctions
from vaqf.interpreters.onnx.reduction import OnnxReductionFunctions
from vaqf.interpreters.onnx.reshaping import OnnxReshapingFunctions
from vaqf.interpreters.onnx.selection import OnnxSelectionFunctions
from vaqf.interpreters.onnx.sizes import OnnxSizeFunctions

ONNX_FUNCTIONS: Sequence[Callable[[], InterpreterFunctions]] = (
    OnnxDataFunctions,
    OnnxCopyFunctions,
    OnnxElementwiseFunctions,
    OnnxUnaryFunctions,
    OnnxLogicFunctions,
    OnnxLinearAlgebraFunctions,
    OnnxNormalizationFunctions,
    OnnxAttentionFunctions,
    OnnxMicrosoftFunctions,
    OnnxQuantizationFunctions,
    OnnxReductionFunctions,
    OnnxReshapingFunctions,
    OnnxSelectionFunctions,
    OnnxSizeFunctions,
)
"""One entry for each concern."""


def register_onnx_functions(interpreter: Interpreter) -> None:
    """Let an interpreter know every operation of the `onnx` dialect."""
    for functions in ONNX_FUNCTIONS:
        interpreter.register_implementations(functions())


__all__ = [
    "EVALUATION_FAILURES",
    "LARGEST_EVALUATED",
    "ONNX_FUNCTIONS",
    "constant_array",
    "constant_value",
    "dtype_of",
    "is_constant",
    "register_onnx_functions",
]
