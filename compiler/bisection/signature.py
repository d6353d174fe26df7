"""Changing what a function takes and returns; inputs and outputs of a network keep their names."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, ModuleOp, StringAttr
from xdsl.dialects.func import CallOp, FuncOp
from xdsl.ir import Block, SSAValue
from xdsl.traits import SymbolTable

from vaqf.dialects.model_reference import NAME_ATTRIBUTE, input_names, output_names
from vaqf.interpreters.accelerator import PARAMETERS, is_accelerator
from vaqf.interpreters.execute import ENTRY


def function_of(value: SSAValue) -> FuncOp | None:
    """The function that a value is computed in."""
    parent = value.owner.parent_op()
    while parent is not None and not isinstance(parent, FuncOp):
        parent = parent.parent_op()
    return parent


def is_called(function: FuncOp) -> bool:
    """Whether an operation calls a function."""
    module = function.parent_op()
    calls = () if module is None else module.walk()
    return any(
        isinstance(op, CallOp) and op.callee.root_reference == function.sym_name for op in calls
    )


def is_fixed(function: FuncOp) -> bool:
    """Whether what a function returns has a meaning: for its callers, or for an accelerator."""
    return is_called(function) or is_accelerator(function) or function.sym_name.data == PARAMETERS


def prepares(module: ModuleOp) -> FuncOp | None:
    """The function that returns the last arguments of an accelerator; None when there is none."""
    function = SymbolTable.lookup_symbol(module, PARAMETERS)
    return function if isinstance(function, FuncOp) and not function.is_declaration else None


def add_argument(function: FuncOp, like: SSAValue) -> tuple[SSAValue, str]:
    """
    Give a function one more argument.

    Args:
        function: with a body of one block.
        like: a value of the same type and name.

    Returns:
        The argument, and its name as an input.
    """
    attributes = _input_attributes(function)
    location = None if isinstance(like.owner, Block) else like.owner.location
    argument = function.body.block.insert_arg(like.type, len(attributes), location)
    name = _unique(like.name_hint or "value", input_names(function))
    argument.name_hint = name
    _set_inputs(function, [*attributes, _named(function, name)])
    return argument, name


def drop_arguments(function: FuncOp, dropped: Collection[int]) -> None:
    """
    Take away arguments of a function that nothing uses.

    Args:
        function: with a body of one block.
        dropped: their numbers.
    """
    attributes = _input_attributes(function)
    for index in sorted(dropped, reverse=True):
        block = function.body.block
        block.erase_arg(block.args[index])
        del attributes[index]
    _set_inputs(function, attributes)


def set_returned(function: FuncOp, kept: Collection[int], more: Sequence[SSAValue] = ()) -> None:
    """
    Change what a function returns.

    Args:
        function: with a body of one block.
        kept: which of what it returns now it still does.
        more: what it returns as well.
    """
    terminator = function.get_return_op()
    assert terminator is not None, "the body of a function ends in a return"
    count = len(terminator.operands)
    names = list(output_names(function))
    attributes = list(function.res_attrs or [_named(function, name) for name in names])
    for value in more:
        names.append(_unique(value.name_hint or "value", names))
        attributes.append(_named(function, names[-1]))
    wanted = [*sorted(kept), *range(count, count + len(more))]
    operands = (*terminator.operands, *more)
    terminator.operands = [operands[index] for index in wanted]
    function.res_attrs = _unless_empty([attributes[index] for index in wanted])
    function.update_function_type()


def _input_attributes(function: FuncOp) -> list[DictionaryAttr]:
    return list(function.arg_attrs or [_named(function, name) for name in input_names(function)])


def _set_inputs(function: FuncOp, attributes: Sequence[DictionaryAttr]) -> None:
    function.arg_attrs = _unless_empty(attributes)
    function.update_function_type()


def _named(function: FuncOp, name: str) -> DictionaryAttr:
    """The attributes of an input or output. Only those of the network need a name."""
    is_network = function.sym_name.data == ENTRY
    return DictionaryAttr({NAME_ATTRIBUTE: StringAttr(name)} if is_network else {})


def _unless_empty(attributes: Sequence[DictionaryAttr]) -> ArrayAttr[DictionaryAttr] | None:
    return ArrayAttr(attributes) if any(each.data for each in attributes) else None


def _unique(name: str, taken: Sequence[str]) -> str:
    """A name that is not taken, with a number where needed."""
    numbered = (f"{name}_{number}" for number in range(1, len(taken) + 1))
    return next(each for each in (name, *numbered) if each not in taken)
