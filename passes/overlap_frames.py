"""Work on two frames at a time, each in layers that the other does not need meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, zip_longest

from xdsl.context import Context
from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, IntegerAttr, ModuleOp, i64
from xdsl.dialects.func import ReturnOp
from xdsl.ir import Block, BlockArgument, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import DRAM, ONCHIP, buffer_type, element_width
from vaqf.dialects.accel.schedule import FRAMES_ATTRIBUTE
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of
from vaqf.passes.accel_functions import AccelFunctions
from vaqf.passes.layer_names import fused
from vaqf.passes.statistics import Statistic

FRAMES = 2
"""Frames that are in the accelerator at the same time."""

_LAYERS = (
    accel.AttentionOp,
    accel.ExtractPatchesOp,
    accel.LayerNormOp,
    accel.LinearOp,
    accel.LoadMatrixOp,
    accel.MeanTokensOp,
    accel.StoreMatrixOp,
)


@dataclass
class Step:
    """Layers of one frame that are done at once, and what the testbench looks at behind them."""

    layers: list[Operation]
    checkpoints: list[accel.CheckpointOp] = field(default_factory=list[accel.CheckpointOp])

    @property
    def is_linear(self) -> bool:
        """Whether an engine for linear layers computes it."""
        return isinstance(self.layers[0], accel.LinearOp)

    def clone(self, mapping: dict[SSAValue, SSAValue], frame: int) -> Step:
        """The same of another frame."""
        checkpoints = [each.clone(mapping) for each in self.checkpoints]
        for each in checkpoints:
            each.frame = IntegerAttr(frame, i64)
        return Step([each.clone(mapping) for each in self.layers], checkpoints)

    def detach(self) -> None:
        """Take it out of its block."""
        for each in (*self.layers, *self.checkpoints):
            each.detach()


def steps_of(block: Block) -> list[Step]:
    """
    The layers of a frame, in their order. What the residual stream starts with is loaded while the
    image is cut.

    Raises:
        PassFailedException: for something that is no layer.
    """
    steps: list[Step] = []
    for op in block.ops:
        match op:
            case arith.ConstantOp() | accel.BufferOp() | ReturnOp():
                continue
            case accel.CheckpointOp() if steps:
                steps[-1].checkpoints.append(op)
            case accel.LoadMatrixOp() if steps and isinstance(
                steps[-1].layers[0], accel.ExtractPatchesOp
            ):
                steps[-1].layers.append(op)
            case _ if isinstance(op, _LAYERS):
                steps.append(Step([op]))
            case _:
                fail(op, "is no layer of a frame, expected what lower-vit-to-accel writes")
    return steps


def runs_of(steps: Sequence[Step]) -> list[list[Step]]:
    """Linear layers that follow each other, other layers that do, and so on in turn."""
    return [list(run) for _, run in groupby(steps, lambda step: step.is_linear)]


def merged(
    first: Sequence[Sequence[Step]], second: Sequence[Sequence[Step]], lag: int
) -> Iterator[tuple[Step | None, Step | None]]:
    """
    The steps of two frames that are done at the same time.

    Args:
        first: the runs of one frame.
        second: those of the other.
        lag: how many runs that one is behind; but its first run is done as soon as possible, since
            it waits for nothing.
    """
    starts = {lag + number: run for number, run in enumerate(second)}
    starts[1] = starts.pop(lag, ())
    for time in range(len(first) + lag):
        leading = first[time] if time < len(first) else ()
        yield from zip_longest(leading, starts.get(time, ()))


def step_ops(steps: Sequence[Step]) -> Iterator[Operation]:
    """Steps that are done at the same time, as ops."""
    layers = [layer for each in steps for layer in each.layers]
    if len(layers) == 1:
        yield layers[0]
    else:
        together = accel.ConcurrentOp([Region(Block([each])) for each in layers])
        together.location = fused(layers)
        yield together
    for each in steps:
        yield from each.checkpoints


def split_attention(op: accel.AttentionOp, constants: Constants) -> None:
    """
    Compute the heads of an attention in two parts, the larger one first.

    One after the other they meet the two layers of an MLP.
    """
    heads = op.heads.value.data
    if heads == 1:
        return
    first = heads - heads // 2
    shift = op.probability_shift
    parts = [
        accel.AttentionOp(
            op.query,
            op.key,
            op.value,
            op.exponentials,
            op.softmax_multiplier,
            op.value_multiplier,
            op.result,
            op.probability_multiplier,
            op.bits,
            (constants.index(start), constants.index(count)),
            heads=heads,
            probability_bits=op.probability_bits.value.data,
            softmax_shift=op.softmax_shift.value.data,
            value_shift=op.value_shift.value.data,
            probability_shift=None if shift is None else shift.value.data,
        )
        for start, count in ((0, first), (first, heads - first))
    ]
    for each in parts:
        each.location = op.location
    Rewriter.replace_op(op, parts)


class Constants:
    """Index constants at the top of a function."""

    def __init__(self, block: Block):
        self.block = block
        self.known: dict[int, SSAValue] = {}

    def index(self, value: int) -> SSAValue:
        """One of them."""
        if value not in self.known:
            constant = arith.ConstantOp.from_int_and_width(value, IndexType())
            constant.result.name_hint = f"c{value}"
            first = self.block.first_op
            assert first is not None
            self.block.insert_op_before(constant, first)
            self.known[value] = constant.result
        return self.known[value]


class Ports:
    """The inputs and outputs of several frames."""

    def __init__(self, functions: AccelFunctions, constants: Constants):
        block = functions.forward.body.block
        self.constants = constants
        self.of_frames: list[dict[SSAValue, SSAValue]] = [{} for _ in range(FRAMES)]
        self.selects: list[Operation] = []
        for argument in block.args[: len(functions.ports)]:
            self._select(argument)

    def _select(self, argument: BlockArgument) -> None:
        type = buffer_type(element_width(argument), (FRAMES, *shape_of(argument)), DRAM)
        uses = [use.operation for use in argument.uses]
        wider = Rewriter.replace_value_with_new_type(argument, type)
        for frame, mapping in enumerate(self.of_frames):
            select = accel.SelectOp(wider, self.constants.index(frame))
            select.location = fused(uses)
            select.result.name_hint = wider.name_hint
            self.selects.append(select)
            mapping[wider] = select.result


def copied_buffers(block: Block) -> Iterator[tuple[SSAValue, SSAValue]]:
    """The matrices of a frame, each with one for the other frame, which is put behind it."""
    for op in list(block.ops):
        if isinstance(op, accel.BufferOp) and op.buffer.type.memory_space == ONCHIP:
            copy = op.clone()
            copy.buffer.name_hint = f"second_{op.buffer.name_hint or 'matrix'}"
            block.insert_op_after(copy, op)
            yield op.buffer, copy.buffer


def replace_operands(steps: Sequence[Step], mapping: Mapping[SSAValue, SSAValue]) -> None:
    """Let the layers of a frame use other values."""
    for step in steps:
        for layer in step.layers:
            for index, operand in enumerate(layer.operands):
                if operand in mapping:
                    layer.operands[index] = mapping[operand]


@dataclass(frozen=True)
class OverlapFramesPass(ModulePass):
    """
    Compute two frames in a call: while one is in attention or LayerNorm, the other is in linear
    layers.

    The engines for linear layers are the largest, and idle while others work. Linear layers that
    follow each other are a run, the layers between them another; the second frame is an odd number
    of runs behind the first, so that one of them is in linear layers and the other is not. What is
    done at the same time stands in `accel.concurrent`, one layer each.
    """

    name = "overlap-frames"

    statistics = (Statistic("pairs of layers at the same time", added="accel.concurrent"),)

    lag: int = 3
    """
    How many runs the second frame is behind, an odd number from 1. A block has six: with three,
    attention meets the two layers of the MLP, which take longest.
    """

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.lag < 1 or self.lag % 2 == 0:
            raise PassFailedException(
                f"overlap-frames: 'lag' is {self.lag}, it must be positive and odd: frames are in "
                "runs of another kind"
            )
        functions = AccelFunctions.of(op)
        forward = functions.forward
        if FRAMES_ATTRIBUTE in forward.attributes:
            fail(forward, "computes several frames already")
        block = forward.body.block
        constants = Constants(block)
        for each in list(block.ops):
            if isinstance(each, accel.AttentionOp):
                split_attention(each, constants)
        steps = steps_of(block)
        ports = Ports(functions, constants)
        first, second = ports.of_frames
        mapping = {**second, **dict(copied_buffers(block))}
        copies = [step.clone(mapping, 1) for step in steps]
        replace_operands(steps, first)
        for step in steps:
            step.detach()
        order = [
            each
            for together in merged(runs_of(steps), runs_of(copies), self.lag)
            for each in step_ops([step for step in together if step is not None])
        ]
        terminator = block.last_op
        assert isinstance(terminator, ReturnOp)
        block.insert_ops_before([*ports.selects, *order], terminator)
        forward.attributes[FRAMES_ATTRIBUTE] = IntegerAttr(FRAMES, i64)
        functions.finish()
