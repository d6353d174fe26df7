"""How interpreters find the weights."""

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.interpreter import Interpreter

from vaqf.dialects.diagnostics import UserError
from vaqf.interpreters.parameters import Tensors, parameter, provide_parameters


def test_parameter():
    interpreter = Interpreter(ModuleOp([]))
    provide_parameters(interpreter, Tensors({"w": np.ones(3, np.float32)}))
    assert np.array_equal(parameter(interpreter, "w"), np.ones(3))
    with pytest.raises(UserError, match=r"^there is no tensor 'b'$"):
        parameter(interpreter, "b")


def test_no_model():
    with pytest.raises(UserError, match=r"^tensor 'w' is needed, but the module names no model"):
        parameter(Interpreter(ModuleOp([])), "w")
