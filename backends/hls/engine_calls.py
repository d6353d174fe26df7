"""Engines as functions, and calls of them."""

from __future__ import annotations

from xdsl.dialects.func import CallOp
from xdsl.ir import Operation, SSAValue

from vaqf.backends.hls.access import source_of
from vaqf.backends.hls.analysis import evaluate
from vaqf.backends.hls.body import Body
from vaqf.backends.hls.design import Design, Engine
from vaqf.backends.hls.interface import Parameter, arguments
from vaqf.backends.hls.sources import layers_of
from vaqf.backends.hls.storage import Matrix
from vaqf.backends.hls.text import call, wrap
from vaqf.backends.hls.unit import variable_name
from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.diagnostics import fail


def used_arguments(engine: Engine) -> list[int]:
    """Positions of the arguments that an engine does something with."""
    return [
        argument.index
        for argument in engine.arguments
        if not all(_is_idle(use.operation, use.index) for use in argument.uses)
    ]


def _is_idle(op: Operation, index: int) -> bool:
    """Whether an op does nothing with an operand: a sign needs no positive multiplier."""
    return (
        isinstance(op, accel.StoreRescaledOp)
        and element_width(op.matrix) == 1
        and op.operands[index] is op.multiplier
    )


def idle_values(design: Design) -> set[SSAValue]:
    """Numbers of the top function that are only passed to engines that do nothing with them."""

    def is_idle(op: Operation, index: int) -> bool:
        if not isinstance(op, CallOp):
            return False
        engine = design.engines_by_symbol.get(op.callee.string_value())
        return engine is not None and index not in used_arguments(engine)

    return {
        result
        for op in design.forward.walk()
        for result in op.results
        if result.uses and all(is_idle(use.operation, use.index) for use in result.uses)
    }


def emit_call(body: Body, op: CallOp) -> None:
    """
    A call of an engine.

    Raises:
        PassFailedException: when no such engine exists, or when the call cannot be hardware.
    """
    symbol = op.callee.string_value()
    engine = body.unit.emission.design.engines_by_symbol.get(symbol)
    if engine is None:
        fail(op, f"calls '@{symbol}', which is no engine")
    passed = [op.arguments[index] for index in used_arguments(engine)]
    matrices = [source_of(each) for each in passed if isinstance(body.places.get(each), Matrix)]
    for each in matrices:
        if matrices.count(each) > 1:
            fail(
                op,
                f"passes '{each.name_hint}' twice: hardware needs a different array for each "
                "argument",
            )
    texts = arguments(body, [Parameter(each) for each in passed])
    memories = len(texts) - len(passed)
    for position, (index, value) in enumerate(zip(used_arguments(engine), passed, strict=True)):
        name = variable_name(engine.arguments[index], "argument")
        if evaluate(value, {}) is not None:
            texts[memories + position] = f"/*{name}=*/{texts[memories + position]}"
    if layers := layers_of([op]):
        for line in wrap(", ".join(layers), "//"):
            body.out.line(line)
    for line in call(engine.name, texts, ";", body.out.depth):
        body.out.line(line)
