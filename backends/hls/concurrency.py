"""
Stages that run side by side, as functions that share no array.

HLS tools run calls at the same time when neither writes what the other touches. Two weight tiles
that take turns are therefore handed over by name, once for each turn:

    if (slot == 0) {
        load_next_tile(..., tiles[1]);
        accumulate_tokens(..., tiles[0], ...);
    } else {
        load_next_tile(..., tiles[0]);
        accumulate_tokens(..., tiles[1], ...);
    }

In the top function the stages are calls of engines, which stand next to each other there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from xdsl.dialects import func, memref, scf
from xdsl.ir import Block, Operation, Region, SSAValue

from vaqf.backends.hls import pragmas
from vaqf.backends.hls.access import source_of, written_in
from vaqf.backends.hls.analysis import Parity, constant_of, parity
from vaqf.backends.hls.body import Body
from vaqf.backends.hls.identifiers import extended, identifier, plural
from vaqf.backends.hls.interface import Parameter, arguments, declare
from vaqf.backends.hls.schedule import is_scheduled
from vaqf.backends.hls.storage import Dram, Local, Matrix, Place
from vaqf.backends.hls.text import call
from vaqf.dialects import accel
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of

SLOTS = 2
"""Tiles that take turns."""

EmitBlock = Callable[[Body, Block], None]


@dataclass(frozen=True)
class Selection:
    """One of several tiles in an array, chosen by an index."""

    op: accel.SlotOp
    buffer: SSAValue
    slot: SSAValue


def _selection(op: Operation) -> Selection | None:
    """What an op of a stage selects of an array that other stages use as well."""
    if not isinstance(op, accel.SlotOp) or constant_of(op.index) is not None:
        return None
    stages = op.parent_op()
    while stages is not None and not isinstance(stages, accel.ConcurrentOp):
        stages = stages.parent_op()
    if stages is None or _is_inside(op.buffer, stages) or _is_inside(op.index, stages):
        return None
    return Selection(op, op.buffer, op.index)


def _is_inside(value: SSAValue, op: Operation) -> bool:
    """Whether a value is made inside of an op."""
    owner = value.owner
    block = owner if isinstance(owner, Block) else owner.parent_block()
    while block is not None:
        parent = block.parent_op()
        if parent is op:
            return True
        block = None if parent is None else parent.parent_block()
    return False


def _selections(op: Operation) -> Iterator[Selection]:
    for each in op.walk():
        if (selection := _selection(each)) is not None:
            if (slots := shape_of(selection.buffer)[0]) != SLOTS:
                fail(each, f"selects one of {slots} tiles, only {SLOTS} can take turns")
            yield selection


def unnecessary_values(function: Operation) -> set[SSAValue]:
    """
    Values that do nothing but select tiles within concurrent stages, where parameters stand for
    the tiles; without the one by which the turns are told apart.
    """
    slots = set[SSAValue]()
    selectors = set[SSAValue]()
    for op in function.walk():
        if isinstance(op, accel.ConcurrentOp) and (found := list(_selections(op))):
            slots.update(each.slot for each in found)
            selectors.add(found[-1].slot)

    def only_selects(value: SSAValue) -> bool:
        def is_selection(user: Operation, index: int) -> bool:
            selection = _selection(user)
            if selection is not None and user.operands[index] in slots:
                return user.operands[index] is selection.slot and _is_in_stage(user)
            pure = user.dialect_name() == "arith"
            return pure and all(only_selects(each) for each in user.results)

        if value in selectors or not value.uses:
            return False
        return all(is_selection(use.operation, use.index) for use in value.uses)

    return {
        result
        for op in function.walk()
        if op.dialect_name() == "arith"
        for result in op.results
        if only_selects(result)
    }


def _is_in_stage(op: Operation) -> bool:
    parent = op.parent_op()
    return parent is not None and (isinstance(parent, accel.ConcurrentOp) or _is_in_stage(parent))


@dataclass(frozen=True)
class Stage:
    """One stage as a function."""

    name: str
    parameters: Sequence[Parameter]


def _captured(region: Region, body: Body) -> list[Parameter]:
    """What a stage takes from around it, in the order of its use."""
    # An array that is declared where it is first needed is none of the others' business.
    inside: set[SSAValue] = {
        buffer.buffer for buffers in body.postponed.values() for buffer in buffers
    }
    captured: dict[tuple[SSAValue, SSAValue | None], Parameter] = {}
    for op in region.walk():
        inside.update(op.results)
        for each in op.regions:
            inside.update(argument for block in each.blocks for argument in block.args)
        selection = _selection(op)
        for operand in op.operands:
            if operand in inside or operand in body.unnecessary or constant_of(operand) is not None:
                continue
            if selection is not None and operand is selection.slot:
                continue
            slot = selection.slot if selection and operand is selection.buffer else None
            captured.setdefault((operand, slot), Parameter(operand, slot))
    return list(captured.values())


def _stage_name(region: Region) -> str:
    """What a stage does: `prefetch_weights`, `accumulate_tokens`, `requantize_tokens`."""
    ops = [op for op in region.walk() if op.dialect_name() == "accel"]
    loads = [op for op in ops if isinstance(op, accel.LoadOp)]
    work = [op for op in ops if not isinstance(op, accel.LoadOp | accel.SlotOp)]
    if not work and loads:
        names = [_array_name(op.destination) for op in loads]
        return f"prefetch_{'_and_'.join(dict.fromkeys(names))}"
    if any(isinstance(op, accel.ScaleOp) for op in work):
        verbs = "requantize"
    else:
        verbs = "_and_".join(dict.fromkeys(op.name.partition(".")[2] for op in work)) or "run"
    *_, loop = [None, *(op for op in region.walk() if isinstance(op, scf.ForOp))]
    counter = loop.body.block.args[0].name_hint if loop is not None else None
    return f"{verbs}_{plural(identifier(counter))}" if counter else f"{verbs}_stage"


def _array_name(value: SSAValue) -> str:
    """What the array behind a value is called."""
    return identifier(source_of(value).name_hint or "tile")


def _build_stage(body: Body, region: Region, emit_block: EmitBlock) -> Stage:
    parameters = _captured(region, body)
    inner = Body(body.unit)
    inner.unnecessary, inner.postponed = body.unnecessary, body.postponed
    for value, scalar in body.scalars.items():
        if constant_of(value) is not None:
            inner.scalars[value] = scalar

    memories = {
        each.value: place.memory
        for each in parameters
        if isinstance(place := body.places.get(each.value), Dram)
    }

    def place_of(parameter: Parameter, name: str, memory: str) -> Place:
        match body.places[parameter.value]:
            case Dram() as place:
                return Dram(memory, extended(name, "at"), place.shape, place.width, place.unit_rank)
            case Matrix(array=array) as place:
                return Matrix(type(array)(name, array.element, array.sizes), place.width)
            case Local() as place:
                piece = place if parameter.slot is None else place.piece("0")
                return piece.renamed(name)

    written = written_in(region.block.ops, body.unit.emission.design)
    declarations = declare(inner, parameters, memories, place_of, written)
    emit_block(inner, region.block)
    lines = ["/// One of the stages that run at the same time."]
    lines += [*call("void {name}", declarations, " {"), pragmas.keep_function()]
    lines += [*inner.out.lines, "}"]
    name = body.unit.add_function(_stage_name(region), tuple(lines), lines)
    return Stage(name, parameters)


def emit_concurrent(body: Body, op: accel.ConcurrentOp, emit_block: EmitBlock) -> None:
    """
    Calls of the stages.

    Raises:
        PassFailedException: when it cannot be told which tile a stage uses in which turn.
    """
    if body.unit.engine is None:
        _emit_engine_calls(body, op, emit_block)
        return
    selections = list(_selections(op))
    stages = [_build_stage(body, region, emit_block) for region in op.stages]
    body.out.line(
        "// None of these calls writes what another one touches: they run at the same time."
    )
    if not selections:
        _emit_calls(body, stages, {}, 0)
        return
    for stage in stages:
        body.out.pragma(pragmas.one_instance(stage.name))
    selector = selections[-1].slot  # By which turns are told apart.
    distances = {each.slot: _distance(each, selector) for each in selections}
    with body.out.block(f"if ({body.scalar(selector)} == 0)"):
        _emit_calls(body, stages, distances, 0)
    body.out.lines.pop()
    with body.out.block("} else"):
        _emit_calls(body, stages, distances, 1)


def _emit_engine_calls(body: Body, op: accel.ConcurrentOp, emit_block: EmitBlock) -> None:
    """
    Calls of engines by the top function: in functions around them they would not be shared.

    Raises:
        PassFailedException: when a stage does more than call one engine, or two of them touch the
            same array or port.
    """
    scheduled = is_scheduled(body)
    body.out.line("// These engines share no array and no port: they run at the same time.")
    if scheduled:
        body.out.line("SCHEDULE_FORK();")
    taken = set[str]()
    for stage in op.stages:
        work = [each for each in stage.block.ops if not isinstance(each, memref.CastOp)]
        if len(work) != 1 or not isinstance(work[0], func.CallOp):
            fail(op, "does more at the same time than to call one engine each")
        emit_block(body, stage.block)
        touched = set(_touched(body, work[0]))
        if shared := sorted(taken & touched):
            fail(op, f"calls engines at the same time that share {', '.join(shared)}")
        taken |= touched
        if scheduled:
            body.out.line("SCHEDULE_STAGE();")
    if scheduled:
        body.out.line("SCHEDULE_JOIN();")


def _touched(body: Body, call: func.CallOp) -> Iterator[str]:
    """The arrays and memories that a call passes."""
    for value in call.arguments:
        match body.places.get(value):
            case Dram(memory=memory):
                yield memory
            case Matrix(array=array) | Local(array=array):
                yield array.name
            case None:
                pass


def _distance(selection: Selection, selector: SSAValue) -> int:
    """0 when a stage uses the tile that `selector` selects, 1 when it uses the other one."""
    difference: Parity = parity(selection.slot) ^ parity(selector)
    if difference.unknown:
        fail(
            selection.op,
            "selects a tile by an index that is neither always equal to the one of the other "
            "stage nor always different",
        )
    return int(difference.odd)


def _emit_calls(
    body: Body, stages: Sequence[Stage], distances: dict[SSAValue, int], turn: int
) -> None:
    def piece_of(parameter: Parameter) -> Local:
        place = body.places[parameter.value]
        assert isinstance(place, Local) and parameter.slot is not None
        return place.piece(str((turn + distances[parameter.slot]) % SLOTS))

    scheduled = is_scheduled(body)
    if scheduled:
        body.out.line("SCHEDULE_FORK();")
    for stage in stages:
        for line in call(
            stage.name, arguments(body, stage.parameters, piece_of), ";", body.out.depth
        ):
            body.out.line(line)
        if scheduled:
            body.out.line("SCHEDULE_STAGE();")
    if scheduled:
        body.out.line("SCHEDULE_JOIN();")
