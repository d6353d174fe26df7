"""Numbers and conditions of the IR as C++ expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, IntegerType
from xdsl.ir import Operation

from vaqf.backends.hls.analysis import COMPARISONS, constant_of
from vaqf.backends.hls.body import (
    ATOM,
    CHOICE,
    CONJUNCTION,
    EQUALITY,
    PRODUCT,
    RELATION,
    SUM,
    Body,
    Scalar,
)
from vaqf.backends.hls.identifiers import constant_name, identifier
from vaqf.dialects.accel import LayerConstantOp
from vaqf.dialects.diagnostics import fail

INFIX: Mapping[type[Operation], tuple[str, int, str]] = {
    arith.AddiOp: ("+", SUM, "sum"),
    arith.SubiOp: ("-", SUM, "difference"),
    arith.MuliOp: ("*", PRODUCT, "product"),
    arith.DivUIOp: ("/", PRODUCT, "quotient"),
    arith.RemUIOp: ("%", PRODUCT, "remainder"),
}
"""Operators of C++, how tightly they bind, and what to call a result that has no name."""

CALLS: Mapping[type[Operation], tuple[str, str]] = {
    arith.CeilDivUIOp: ("divide_up", "count"),
    arith.MinUIOp: ("smaller", "least"),
    arith.MaxUIOp: ("larger", "largest"),
}
"""Functions of `arithmetic.hpp`, and what to call a result that has no name."""

LOGIC: Mapping[type[Operation], tuple[str, str]] = {
    arith.AndIOp: ("&&", "both"),
    arith.OrIOp: ("||", "either"),
}
"""Operators on conditions, and what to call a result that has no name."""


def expression(body: Body, op: Operation) -> tuple[Scalar, str]:
    """
    The expression for the result of an op, and what to call it when it has no name.

    Raises:
        PassFailedException: when it has no form in C++.
    """
    match op:
        case arith.CmpiOp():
            operator, _ = COMPARISONS[op.predicate.value.data]
            binding = EQUALITY if operator in ("==", "!=") else RELATION
            left, right = (body.scalar(each, binding + 1) for each in op.operands)
            return Scalar(f"{left} {operator} {right}", binding), "condition"
        case arith.SelectOp():
            condition, left, right = (body.scalar(each, CHOICE + 1) for each in op.operands)
            return Scalar(f"{condition} ? {left} : {right}", CHOICE), "choice"
        case arith.AndIOp() | arith.OrIOp() if op.result.type == IntegerType(1):
            operator, name = LOGIC[type(op)]
            left, right = (body.scalar(each, CONJUNCTION + 1) for each in op.operands)
            return Scalar(f"{left} {operator} {right}", CONJUNCTION), name
        case _ if type(op) in INFIX and isinstance(op.results[0].type, IndexType):
            operator, binding, name = INFIX[type(op)]
            left = body.scalar(op.operands[0], binding)
            right = body.scalar(op.operands[1], binding + 1)
            return Scalar(f"{left} {operator} {right}", binding), name
        case _ if type(op) in CALLS and isinstance(op.results[0].type, IndexType):
            function, name = CALLS[type(op)]
            return Scalar(f"{function}({', '.join(map(body.scalar, op.operands))})", ATOM), name
        case _:
            fail(op, f"has no form in C++ for {op.results[0].type if op.results else 'no result'}")


def emit_number(body: Body, op: Operation) -> None:
    """
    Make the result of an op known: as a variable, or within the only expression that needs it.

    A value gets a variable when it has a name in the IR, or is used more than once or in an inner
    block.
    """
    (result,) = op.results
    if result in body.unnecessary or not result.uses:
        return
    scalar, otherwise = expression(body, op)
    uses = list(result.uses)
    nearby = len(uses) == 1 and uses[0].operation.parent_block() is op.parent_block()
    if nearby and not result.name_hint:
        body.scalars[result] = scalar
    else:
        body.declare(result, otherwise, scalar.text)


def emit_constant(body: Body, op: arith.ConstantOp) -> None:
    """
    A constant: a number where it is used, or a name for a size of the model.

    What is called `c12` or `step` is just a number, and so are 0 and 1.
    """
    hint, number = op.result.name_hint, constant_of(op.result)
    plain = hint is None or re.fullmatch(r"c_?\d+\w*|step\w*", hint)
    if plain or number is None or number < 2 or not isinstance(op.result.type, IndexType):
        return
    unit = body.unit
    owner = "" if unit.engine is None else f"{unit.engine.name}_"
    wanted = constant_name(owner + identifier(hint or ""))
    name = unit.emission.sizes.define(unit.section, wanted, str(number), f"`{hint}` of the IR")
    body.scalars[op.result] = Scalar(name)


def emit_layer_constant(body: Body, op: LayerConstantOp) -> None:
    """A number of each layer: a constant array, indexed by the layer."""
    if op.result in body.unnecessary or not op.result.uses:
        return
    emission = body.unit.emission
    name = emission.names.fresh(
        constant_name(identifier(op.result.name_hint or "layer_constant", "layer_constant"))
    )
    emission.add_layer_constant(name, body.c_type(op.result), op.values.get_values())
    body.declare(op.result, "constant", f"{name}[{body.scalar(op.index)}]")
