"""Bringing IR in upstream form back into ours."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice

from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import (
    DenseArrayBase,
    ModuleOp,
    TupleType,
    UnrealizedConversionCastOp,
    i32,
)
from xdsl.dialects.scf import IndexSwitchOp, ParallelOp, ReduceOp
from xdsl.ir import Operation, SSAValue
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import VerifyException

from vaqf.compiler.universe import DIALECTS
from vaqf.compiler.upstream.writing import CONCURRENT_ATTRIBUTE, OPERAND_SEGMENTS
from vaqf.dialects.accel import ConcurrentOp
from vaqf.dialects.diagnostics import describe


def from_upstream(module: ModuleOp) -> None:
    """
    Undo what `to_upstream` did to a module. IR that is not in upstream form stays as it is.

    Names and parameters are known to the parser.

    Raises:
        VerifyException: when other tools have changed too much.
    """
    for op in list(module.walk()):
        if isinstance(op, ParallelOp) and CONCURRENT_ATTRIBUTE in op.attributes:
            _gather_stages(op)
        elif isinstance(op, UnrealizedConversionCastOp):
            _unpack_tuple(op)
        elif op.dialect_name() in DIALECTS:
            _unpack_operands(op)
            _unpack_results(op)
    for op in list(module.walk()):
        if isinstance(op, UnrealizedConversionCastOp) and _is_packing(op):
            _erase_unused(op)


def _gather_stages(op: ParallelOp) -> None:
    match list(op.body.block.ops):
        case [IndexSwitchOp(arg=arg) as switch, ReduceOp()] if arg is op.body.block.args[0]:
            pass
        case _:
            raise VerifyException(
                f"{describe(op)}: is marked as {CONCURRENT_ATTRIBUTE}, "
                "expected an scf.index_switch over its stages and nothing else"
            )
    stages = [switch.detach_region(each) for each in switch.case_regions]
    for stage in stages:
        if (end := stage.block.last_op) is not None:
            end.detach()
            end.erase()
    concurrent = ConcurrentOp(stages)
    concurrent.attributes = {
        name: value for name, value in op.attributes.items() if name != CONCURRENT_ATTRIBUTE
    }
    concurrent.location = op.location
    bounds = dict.fromkeys(each.owner for each in op.operands)
    Rewriter.replace_op(op, concurrent, [])
    for each in bounds:
        if isinstance(each, ConstantOp):
            _erase_unused(each)


def _unpack_operands(op: Operation) -> None:
    groups = [_elements(each) or (each,) for each in op.operands]
    sizes = op.properties.get(OPERAND_SEGMENTS)
    if isinstance(sizes, DenseArrayBase):
        each = iter(groups)
        counted = [sum(map(len, islice(each, size))) for size in sizes.iter_values()]
        op.properties[OPERAND_SEGMENTS] = DenseArrayBase.from_list(i32, counted)
    op.operands = [value for group in groups for value in group]


def _unpack_results(op: Operation) -> None:
    """Give every element of a tuple a result; the tuple is then made of them."""
    types = [
        list(each.type.types) if isinstance(each.type, TupleType) else [each.type]
        for each in op.results
    ]
    if not any(isinstance(each.type, TupleType) for each in op.results):
        return
    new = type(op).create(
        operands=op.operands,
        result_types=list(chain.from_iterable(types)),
        properties=op.properties,
        attributes=op.attributes,
        location=op.location,
    )
    given = iter(new.results)
    packings: list[Operation] = []
    results: list[SSAValue] = []
    for old in op.results:
        if isinstance(old.type, TupleType):
            elements = list(islice(given, len(old.type.types)))
            packings.append(UnrealizedConversionCastOp.get(elements, [old.type]))
            results += packings[-1].results
        else:
            results.append(next(given))
    Rewriter.replace_op(op, [new, *packings], results)


def _unpack_tuple(op: UnrealizedConversionCastOp) -> None:
    if len(op.inputs) == 1 and (elements := _elements(op.inputs[0])):
        Rewriter.replace_op(op, [], elements)


def _elements(value: SSAValue) -> Sequence[SSAValue]:
    """What a tuple was made of; nothing when `value` is no tuple, or came another way."""
    owner = value.owner
    return (
        owner.inputs if isinstance(owner, UnrealizedConversionCastOp) and _is_packing(owner) else ()
    )


def _is_packing(op: UnrealizedConversionCastOp) -> bool:
    return len(op.outputs) == 1 and isinstance(op.outputs[0].type, TupleType)


def _erase_unused(op: Operation) -> None:
    if not any(each.uses for each in op.results):
        op.detach()
        op.erase()
