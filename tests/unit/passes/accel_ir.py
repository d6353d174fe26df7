"""Reading IR of the `accel` level in tests."""

from functools import cache

from xdsl.context import Context
from xdsl.dialects.arith import Arith
from xdsl.dialects.builtin import Builtin, ModuleOp
from xdsl.dialects.func import Func
from xdsl.dialects.memref import MemRef
from xdsl.dialects.scf import Scf
from xdsl.dialects.test import Test
from xdsl.ir import Operation
from xdsl.parser import Parser

from vaqf.dialects.accel import Accel


@cache
def context() -> Context:
    """A context with the dialects of the level."""
    context = Context()
    for dialect in (Builtin, Func, Arith, Scf, MemRef, Test, Accel):
        context.load_dialect(dialect)
    return context


def parse(text: str) -> ModuleOp:
    """The verified module that IR text stands for."""
    module = Parser(context(), text).parse_module()
    module.verify()
    return module


def operations(module: ModuleOp, name: str) -> list[Operation]:
    """The ops of one name, in the order of the text."""
    return [op for op in module.walk() if op.name == name]
