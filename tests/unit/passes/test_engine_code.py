"""Writing loops, and reading sizes off the callers of an engine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, ModuleOp, NameLoc, StringAttr, UnknownLoc
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, SSAValue
from xdsl.utils.exceptions import PassFailedException

from tests.unit.passes.accel_ir import operations, parse
from vaqf.passes.engines.code import Code
from vaqf.passes.engines.tiling import argument_values, rounded_up


def new_code(arguments: int = 0) -> Code:
    location = NameLoc(StringAttr("/fc1/MatMul"), UnknownLoc())
    return Code(Block(arg_types=[IndexType()] * arguments), location)


def text(code: Code) -> list[str]:
    return [str(op) for op in code.top.ops]


def test_buffers_and_constants_come_first_in_their_order():
    code = new_code()
    size = code.constant(6)
    with code.loop("token", size, 2):
        code.buffer("sums", 20, 6, 4)
        code.constant(3)
    names = [op.results[0].name_hint for op in code.top.ops if op.results]
    assert names == ["c6", "sums", "c3", "c0", "c2"]
    assert [op.name for op in code.top.ops][-1] == "scf.for"


def test_constants_are_written_once_also_those_of_before():
    code = new_code()
    assert code.constant(6) is code.constant(6)
    again = Code(code.top, code.location)
    assert again.constant(6) is code.constant(6)
    assert again.constant(7) is not again.constant(6)
    assert len(list(code.top.ops)) == 2


def test_constant_with_a_name_of_its_own_is_left_alone():
    code = new_code()
    code.constant(6).name_hint = "tokens"
    assert Code(code.top, code.location).constant(6).name_hint == "c6"


def test_nothing_is_computed_to_add_zero():
    code = new_code(arguments=1)
    (argument,) = code.top.args
    assert code.plus(argument, code.constant(0), "sum") is argument
    assert code.plus(code.constant(0), argument, "sum") is argument
    assert isinstance(code.plus(argument, code.constant(1), "sum").owner, arith.AddiOp)


def test_every_op_has_the_location():
    code = new_code(arguments=1)
    (argument,) = code.top.args
    with code.loop("token", argument, 2) as token:
        is_first = code.is_equal(token, 0, "is_first")
        with code.when(is_first):
            code.times(token, 3, "product")
        code.select(token, [Block(), Block()])
    assert {op.location for each in code.top.ops for op in each.walk()} == {code.location}


def test_last_of_the_cases_is_for_all_larger_numbers():
    code = new_code(arguments=1)
    code.select(code.top.args[0], [Block(), Block(), Block()])
    assert "case 0" in text(code)[0]
    assert "case 1" in text(code)[0]
    assert "case 2" not in text(code)[0]
    assert "default" in text(code)[0]


@given(st.integers(0, 1000), st.integers(1, 100))
def test_rounded_up(value: int, step: int):
    result = rounded_up(value, step)
    assert result % step == 0
    assert value <= result < value + step


CALLS = """
builtin.module {
  func.func private @engine(%tokens: index) {
    %inputs = arith.constant 36 : index
    %double = arith.addi %tokens, %tokens : index
    func.return
  }
  func.func private @unused(%tokens: index) {
    func.return
  }
  func.func @forward(%tokens: index) {
    %c17 = arith.constant 17 : index
    %c1 = arith.constant 1 : index
    func.call @engine(%c17) : (index) -> ()
    func.call @engine(%c1) : (index) -> ()
    func.call @engine(%c17) : (index) -> ()
    func.return
  }
}
"""


def function(module: ModuleOp, index: int) -> FuncOp:
    found = operations(module, "func.func")[index]
    assert isinstance(found, FuncOp)
    return found


def test_sizes_are_those_of_all_calls_in_their_order():
    module = parse(CALLS)
    engine = function(module, 0)
    (inputs,) = operations(module, "arith.constant")[:1]
    assert argument_values(module, engine, engine.args[0]) == [17, 1, 17]
    assert argument_values(module, engine, inputs.results[0]) == [36]


def test_size_that_is_computed():
    module = parse(CALLS)
    (double,) = operations(module, "arith.addi")
    refuses(module, function(module, 0), double.results[0], "a size is computed inside")


def test_engine_that_nothing_calls():
    module = parse(CALLS)
    refuses(module, function(module, 1), function(module, 1).args[0], "is never called")


def test_size_that_a_caller_does_not_know():
    module = parse(CALLS.replace("@engine(%c1)", "@engine(%tokens)"))
    message = "'func.call'.*: argument 0 is not constant, expected a size"
    refuses(module, function(module, 0), function(module, 0).args[0], message)


def refuses(module: ModuleOp, engine: FuncOp, value: SSAValue, message: str):
    with pytest.raises(PassFailedException, match=message):
        argument_values(module, engine, value)
