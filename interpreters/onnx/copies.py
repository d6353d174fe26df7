"""The same values again, as they are or with other elements."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from xdsl.interpreter import (
    Interpreter,
    InterpreterFunctions,
    PythonValues,
    impl,
    register_impls,
)

from vaqf.dialects import onnx
from vaqf.dialects.onnx.base import elements_of
from vaqf.interpreters.onnx.data import dtype_of


@register_impls
class OnnxCopyFunctions(InterpreterFunctions):
    """Copies, whatever the elements."""

    @impl(onnx.IdentityOp)
    def identity(
        self, interpreter: Interpreter, op: onnx.IdentityOp, args: PythonValues
    ) -> PythonValues:
        return (args[0],)

    @impl(onnx.DropoutOp)
    def dropout(
        self, interpreter: Interpreter, op: onnx.DropoutOp, args: PythonValues
    ) -> PythonValues:
        return (args[0],)

    @impl(onnx.CastOp)
    def cast(self, interpreter: Interpreter, op: onnx.CastOp, args: PythonValues) -> PythonValues:
        array: NDArray[np.generic] = args[0]
        return (array.astype(dtype_of(elements_of(op.result))),)
