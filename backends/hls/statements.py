"""Every operation of the final `accel` level as C++ statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xdsl.dialects import arith, func, memref, scf
from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import Block, Operation, SSAValue

from vaqf.backends.hls import pragmas
from vaqf.backends.hls.access import source_of, written_by
from vaqf.backends.hls.analysis import constant_of, trip_counts
from vaqf.backends.hls.body import Body, Scalar
from vaqf.backends.hls.concurrency import emit_concurrent
from vaqf.backends.hls.engine_calls import emit_call
from vaqf.backends.hls.expressions import emit_constant, emit_layer_constant, emit_number
from vaqf.backends.hls.identifiers import comment_text, extended
from vaqf.backends.hls.operations import (
    attention,
    layer_norm,
    linear,
    patches,
    pooling,
    transfers,
)
from vaqf.backends.hls.operations.buffers import (
    array_outside,
    declare_local,
    emit_buffer,
    emit_fill,
    emit_slot,
)
from vaqf.backends.hls.operations.checkpoint import emit_checkpoint
from vaqf.backends.hls.operations.parameters import emit_select, emit_view
from vaqf.backends.hls.schedule import schedule_loop, schedule_tile
from vaqf.backends.hls.unit import variable_name
from vaqf.dialects import accel
from vaqf.dialects.accel.schedule import (
    DISTANCE_ATTRIBUTE,
    FLATTEN_ATTRIBUTE,
    PIPELINE_ATTRIBUTE,
    PipelineAttr,
)
from vaqf.dialects.diagnostics import fail


def emit_block(body: Body, block: Block) -> None:
    """The operations of a block, one after the other."""
    for buffer in body.postponed.pop(block, ()):
        declare_local(body, buffer)
    for op in block.ops:
        schedule_tile(body, op)
        emit(body, op)


def emit(body: Body, op: Operation) -> None:
    """
    One operation.

    Raises:
        PassFailedException: when it has no form in C++.
    """
    match op:
        case arith.ConstantOp():
            emit_constant(body, op)
        case accel.LayerConstantOp():
            emit_layer_constant(body, op)
        case scf.ForOp():
            emit_for(body, op)
        case scf.IfOp():
            emit_if(body, op)
        case scf.IndexSwitchOp():
            emit_switch(body, op)
        case scf.YieldOp() | func.ReturnOp():
            if op.operands and isinstance(op, func.ReturnOp):
                fail(op, "returns values, expected a function that writes into its arguments")
        case accel.ConcurrentOp():
            emit_concurrent(body, op, emit_block)
        case func.CallOp():
            emit_call(body, op)
        case memref.CastOp():
            body.places[op.dest] = body.places[op.source]
        case _ if op.dialect_name() == "arith":
            emit_number(body, op)
        case _:
            emit_storage(body, op)


def emit_storage(body: Body, op: Operation) -> None:
    """One operation on buffers."""
    match op:
        case accel.BufferOp():
            emit_buffer(body, op)
        case accel.ReuseOp():
            body.places[op.matrix] = body.places[op.storage]
        case accel.SlotOp():
            emit_slot(body, op)
        case accel.ViewOp():
            emit_view(body, op)
        case accel.SelectOp():
            emit_select(body, op)
        case accel.CheckpointOp():
            emit_checkpoint(body, op)
        case accel.LoadMatrixOp():
            transfers.emit_load_matrix(body, op)
        case accel.StoreMatrixOp():
            transfers.emit_store_matrix(body, op)
        case accel.LoadOp():
            transfers.emit_load(body, op)
        case accel.FillOp():
            emit_fill(body, op)
        case _:
            emit_tile(body, op)


def emit_tile(body: Body, op: Operation) -> None:
    """What an engine does in one iteration of an innermost loop."""
    match op:
        case accel.AccumulateOp():
            linear.emit_accumulate(body, op)
        case accel.ScaleOp():
            linear.emit_scale(body, op)
        case accel.StoreRoundedOp():
            linear.emit_store_rounded(body, op)
        case accel.StoreLookupOp():
            linear.emit_store_lookup(body, op)
        case accel.AddRoundedOp():
            linear.emit_add_rounded(body, op)
        case accel.GatherPatchOp():
            patches.emit_gather_patch(body, op)
        case accel.AddMomentsOp():
            layer_norm.emit_add_moments(body, op)
        case accel.ReciprocalRootOp():
            layer_norm.emit_reciprocal_root(body, op)
        case accel.NormalizeOp():
            layer_norm.emit_normalize(body, op)
        case accel.CopyRowOp():
            attention.emit_copy_row(body, op)
        case accel.ScoreOp():
            attention.emit_score(body, op)
        case accel.ExponentiateOp():
            attention.emit_exponentiate(body, op)
        case accel.ReciprocalOp():
            attention.emit_reciprocal(body, op)
        case accel.MixOp():
            attention.emit_mix(body, op)
        case accel.StoreRescaledOp():
            attention.emit_store_rescaled(body, op)
        case accel.AddRowOp():
            pooling.emit_add_row(body, op)
        case _:
            fail(op, "has no form in C++; it must be lowered by the passes before")


def _directives(body: Body, op: scf.ForOp) -> list[str]:
    """
    The directives of a loop.

    Raises:
        PassFailedException: when a loop inside of a pipelined one cannot be unrolled.
    """
    pipeline = op.attributes.get(PIPELINE_ATTRIBUTE)
    directives: list[str] = []
    if isinstance(pipeline, PipelineAttr):
        for inner in op.body.walk():
            if isinstance(inner, scf.ForOp) and not _has_constant_bounds(inner):
                fail(inner, "is inside of a pipelined loop, so its bounds must be constants")
        directives.append(pragmas.pipeline(pipeline.interval.data))
        if _is_flattened(op):
            directives += [pragmas.flatten(), *_dependences(body, op)]
    elif body.pipelined:
        directives.append(pragmas.unroll())
    if not _has_constant_bounds(op) and (counts := trip_counts(op, body.unit.engine)):
        directives.append(pragmas.trip_count(*counts))
    return directives


def _is_flattened(op: scf.ForOp) -> bool:
    """Whether a loop is one pipeline with the loop around it."""
    outer = op.parent_op()
    return isinstance(outer, scf.ForOp) and FLATTEN_ATTRIBUTE in outer.attributes


def _dependences(body: Body, op: scf.ForOp) -> Iterator[str]:
    """What a tool cannot see of arrays that one iteration writes and another one reads."""
    told = set[str]()
    for inner in op.body.walk():
        for value in written_by(inner, body.unit.emission.design):
            owner, array = source_of(value).owner, array_outside(body, value)
            if not isinstance(owner, accel.BufferOp):
                continue
            distance = owner.attributes.get(DISTANCE_ATTRIBUTE)
            if isinstance(distance, IntegerAttr) and array is not None and array not in told:
                told.add(array)
                yield pragmas.dependence(array, distance.value.data)


def _has_constant_bounds(op: scf.ForOp) -> bool:
    return None not in (constant_of(op.lb), constant_of(op.ub), constant_of(op.step))


def _step(body: Body, op: scf.ForOp) -> str:
    """The step of a loop; by name, when it counts what an engine computes in parallel."""
    counter, step = op.body.block.args[0], constant_of(op.step)
    name, count = body.unit.step_names.get(counter, ("", 0))
    return name if step == count else body.scalar(op.step)


def emit_for(body: Body, op: scf.ForOp) -> None:
    """A loop; what it carries from one iteration to the next is in variables."""
    counter, *carried = op.body.block.args
    for argument, initial, result in zip(carried, op.iter_args, op.results, strict=True):
        body.declare(argument, "carried", body.scalar(initial), constant=False)
        body.scalars[result] = body.scalars[argument]
    pipeline = op.attributes.get(PIPELINE_ATTRIBUTE)
    if isinstance(pipeline, PipelineAttr):
        body.out.line(f"// II = {pipeline.interval.data}: {comment_text(pipeline.reason.data)}")
    wanted, step = variable_name(counter, "i"), _step(body, op)
    first, last = body.scalar(op.lb), body.scalar(op.ub)
    outside = body.pipelined
    with body.scope():
        name = body.names.fresh(wanted, extended(wanted, "number"))
        body.scalars[counter] = Scalar(name)
        advance = f"++{name}" if step == "1" else f"{name} += {step}"
        head = f"int {name} = {first}; {name} < {last}; {advance}"
        with body.loop(wanted, head, *_directives(body, op)):
            schedule_loop(body, op)
            body.pipelined = outside or isinstance(pipeline, PipelineAttr)
            emit_block(body, op.body.block)
            _assign(body, carried, op.body.block)
            body.pipelined = outside


def _assign(body: Body, targets: Sequence[SSAValue], block: Block) -> None:
    """Give variables the values that a block yields, all at once."""
    yielded = block.last_op
    if not isinstance(yielded, scf.YieldOp) or not targets:
        return
    texts = [body.scalar(each) for each in yielded.arguments]
    names = [body.scalar(each) for each in targets]
    if len(names) > 1:  # One may be the old value of another.
        for number, (target, text) in enumerate(zip(targets, texts, strict=True)):
            temporary = body.names.fresh(f"next_{names[number]}")
            body.out.line(f"const {body.c_type(target)} {temporary} = {text};")
            texts[number] = temporary
    for name, text in zip(names, texts, strict=True):
        body.out.line(f"{name} = {text};")


def _declare_results(body: Body, op: Operation) -> None:
    for result in op.results:
        body.declare(result, "result", "0", constant=False)


def emit_if(body: Body, op: scf.IfOp) -> None:
    """A condition."""
    _declare_results(body, op)
    with body.scope(), body.out.block(f"if ({body.scalar(op.cond)})"):
        emit_block(body, op.true_region.block)
        _assign(body, op.results, op.true_region.block)
    if op.false_region.blocks and any(
        not isinstance(each, scf.YieldOp) or each.operands for each in op.false_region.block.ops
    ):
        body.out.lines.pop()
        with body.scope(), body.out.block("} else"):
            emit_block(body, op.false_region.block)
            _assign(body, op.results, op.false_region.block)


def emit_switch(body: Body, op: scf.IndexSwitchOp) -> None:
    """A choice among several cases."""
    _declare_results(body, op)
    with body.out.block(f"switch ({body.scalar(op.arg)})"):
        cases = [f"case {each}" for each in op.cases.iter_values()]
        regions = [*op.case_regions, op.default_region]
        for head, region in zip([*cases, "default"], regions, strict=True):
            with body.scope(), body.out.block(f"{head}:"):
                emit_block(body, region.block)
                _assign(body, op.results, region.block)
                body.out.line("break;")
