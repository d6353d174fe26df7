"""Bringing IR into upstream form."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice
from typing import cast

from xdsl.context import Context
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import (
    DenseArrayBase,
    IndexType,
    ModuleOp,
    TupleType,
    UnitAttr,
    UnrealizedConversionCastOp,
    i32,
    i64,
)
from xdsl.dialects.scf import IndexSwitchOp, ParallelOp, ReduceOp, YieldOp
from xdsl.ir import Block, Operation, Region, SSAValue, TypeAttribute
from xdsl.irdl import IRDLOperation
from xdsl.rewriter import Rewriter

from vaqf.compiler.universe import DIALECTS
from vaqf.compiler.upstream.names import upstream_name
from vaqf.dialects.accel import ConcurrentOp

CONCURRENT_ATTRIBUTE = ConcurrentOp.name
"""Name of the attribute of an `scf.parallel` that is an `accel.concurrent`."""

OPERAND_SEGMENTS = "operandSegmentSizes"
"""Name of the attribute that says how many operands belong together."""

UNREGISTERED = Context(allow_unregistered=True)
"""Where operations are made that are defined in IRDL alone."""


def to_upstream(module: ModuleOp) -> ModuleOp:
    """
    A copy of a module in upstream form, but for the parameters of types and attributes, which
    `printing` writes.

    - Our operations have attributes instead of properties, and names with small letters.
    - Operands of a variable number that differ in type are one tuple, and so are such results:
      in IRDL all of them have one type.
    - An `accel.concurrent` is an `scf.parallel` with a case for each stage: IRDL knows neither
      terminators nor a variable number of regions.
    """
    module = module.clone()
    for op in list(module.walk()):
        if isinstance(op, ConcurrentOp):
            _spread_stages(op)
        elif isinstance(op, IRDLOperation) and op.dialect_name() in DIALECTS:
            _restate(op)
    return module


def _spread_stages(op: ConcurrentOp) -> None:
    stages = [op.detach_region(each) for each in op.stages]
    for stage in stages:
        stage.block.add_op(YieldOp())
    bounds = [ConstantOp.from_int_and_width(each, IndexType()) for each in (0, len(stages), 1)]
    body = Block(arg_types=[IndexType()])
    numbers = DenseArrayBase.from_list(i64, range(len(stages)))
    no_stage = Region(Block([YieldOp()]))
    body.add_ops([IndexSwitchOp(body.args[0], numbers, no_stage, stages, ()), ReduceOp()])
    first, limit, step = bounds
    loop = ParallelOp([first], [limit], [step], Region(body))
    loop.attributes = {**op.attributes, CONCURRENT_ATTRIBUTE: UnitAttr()}
    _replace(op, [*bounds, loop], [])


def _restate(op: IRDLOperation) -> None:
    definition = op.get_irdl_definition()
    packings: list[Operation] = []
    operands: list[SSAValue] = []
    sizes: list[int] = []
    for values in (_values(op, name) for name, _ in definition.operands):
        if _differ(values):
            packings.append(UnrealizedConversionCastOp.get(values, [_tuple_of(values)]))
            values = packings[-1].results
        operands += values
        sizes.append(len(values))
    attributes = op.attributes | op.properties
    if OPERAND_SEGMENTS in attributes:
        attributes[OPERAND_SEGMENTS] = DenseArrayBase.from_list(i32, sizes)

    groups = [_values(op, name) for name, _ in definition.results]
    types = [
        [_tuple_of(each)] if _differ(each) else [value.type for value in each] for each in groups
    ]
    new = UNREGISTERED.get_op(upstream_name(op.name)).create(
        operands=operands,
        result_types=list(chain.from_iterable(types)),
        attributes=attributes,
    )
    given = iter(new.results)
    unpackings: list[Operation] = []
    results: list[SSAValue] = []
    for values in groups:
        if _differ(values):
            unpacking = UnrealizedConversionCastOp.get(
                [next(given)], [each.type for each in values]
            )
            unpackings.append(unpacking)
            results += unpacking.results
        else:
            results += islice(given, len(values))
    _replace(op, [*packings, new, *unpackings], results)


def _values(op: IRDLOperation, name: str) -> Sequence[SSAValue]:
    """The operands, or results, that a definition calls by one name."""
    match cast(SSAValue | Sequence[SSAValue] | None, getattr(op, name)):
        case None:
            return ()
        case SSAValue() as value:
            return (value,)
        case values:
            return values


def _differ(values: Sequence[SSAValue]) -> bool:
    return any(each.type != values[0].type for each in values)


def _tuple_of(values: Sequence[SSAValue]) -> TupleType:
    return TupleType(tuple(cast(TypeAttribute, each.type) for each in values))


def _replace(op: Operation, new: Sequence[Operation], results: Sequence[SSAValue]) -> None:
    for each in new:
        each.location = op.location
    Rewriter.replace_op(op, new, results)
