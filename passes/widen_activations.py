"""Store activations that one engine takes in elements of one width."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects import arith
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, BlockArgument, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from vaqf.dialects import accel
from vaqf.dialects.accel import BufferOp
from vaqf.dialects.accel.layers import ADD, BITS_WIDTH, GELU, STORE
from vaqf.dialects.accel.memory import ONCHIP, buffer_type, element_width
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant.activations import MAXIMUM_GELU_SEGMENTS
from vaqf.dialects.shapes import shape_of
from vaqf.passes.accel_functions import AccelFunctions
from vaqf.passes.statistics import Statistic

Writer = accel.LinearOp | accel.LayerNormOp | accel.AttentionOp
"""A layer that can bring its values to fewer bits than the elements of its destination have."""

Copy = accel.ExtractPatchesOp
"""A layer that writes values as it finds them."""


def destination_of(op: Writer) -> SSAValue:
    """The matrix that a layer writes, or adds to."""
    return op.result if isinstance(op, accel.AttentionOp) else op.destinations[0]


def epilogue_of(op: Writer) -> str:
    """What a layer does with its values."""
    return STORE if isinstance(op, accel.AttentionOp) else op.epilogue_names[0]


def takers_of(op: Operation) -> Iterator[tuple[SSAValue, Hashable]]:
    """The activations that a layer takes, each with what other layers take in the same elements."""
    match op:
        case accel.LinearOp():
            yield op.activation, ("linear", element_width(op.weight))
        case accel.AttentionOp():
            yield from ((each, "attention") for each in (op.query, op.key, op.value))
        case _:
            return


@dataclass
class Activation:
    """A matrix of activations, and what touches it."""

    buffer: BufferOp
    """Where it is."""

    writers: list[Operation] = field(default_factory=list[Operation])
    """Layers that write it."""

    takers: list[Hashable] = field(default_factory=list[Hashable])
    """What takes it, of which each takes all activations in equal elements."""

    others: list[Operation] = field(default_factory=list[Operation])
    """Layers that read it otherwise."""

    @property
    def bits(self) -> int:
        """Width of the values."""
        return element_width(self.buffer.buffer)

    @property
    def is_updated(self) -> bool:
        """Whether it is part of the residual stream, or the sum of two heads."""
        return any(isinstance(op, Writer) and epilogue_of(op) == ADD for op in self.writers)

    def can_have(self, width: int) -> bool:
        """
        Whether its elements can be that wide, and its values remain as they are.

        One bit is -1 and +1, another format. A table of GELU has an entry for each value only up to
        10 bits.
        """
        writers = [op for op in self.writers if isinstance(op, Writer)]
        return (
            self.bits > 1
            and not self.others
            and not self.is_updated
            and (
                width == self.bits
                or 1 << width <= MAXIMUM_GELU_SEGMENTS
                or all(epilogue_of(op) != GELU for op in writers)
            )
        )


def activations_in(block: Block) -> list[Activation]:
    """All matrices of activations, in the order of the text."""
    found = {
        op.buffer: Activation(op)
        for op in block.ops
        if isinstance(op, BufferOp) and op.buffer.type.memory_space == ONCHIP
    }
    for activation in found.values():
        for op in dict.fromkeys(use.operation for use in activation.buffer.buffer.uses):
            takers = [taker for value, taker in takers_of(op) if value is activation.buffer.buffer]
            activation.takers += takers
            if isinstance(op, Copy) or (
                isinstance(op, Writer) and destination_of(op) is activation.buffer.buffer
            ):
                activation.writers.append(op)
            elif not takers and not isinstance(op, accel.CheckpointOp):
                activation.others.append(op)
    return list(found.values())


def grouped(activations: Sequence[Activation]) -> list[list[Activation]]:
    """Activations that are taken alike, directly or because something else takes two of them."""
    groups: list[tuple[set[Hashable], list[Activation]]] = []
    for activation in activations:
        takers, members = set(activation.takers), [activation]
        if not takers:
            continue
        apart: list[tuple[set[Hashable], list[Activation]]] = []
        for group in groups:
            if group[0].isdisjoint(takers):
                apart.append(group)
            else:
                takers, members = takers | group[0], group[1] + members
        groups = [*apart, (takers, members)]
    return [members for _, members in groups]


class Widening:
    """The rewriting of one module."""

    def __init__(self, functions: AccelFunctions):
        self.functions = functions
        self.tables: dict[tuple[SSAValue, int], BlockArgument] = {}

    def number(self, bits: int, op: Operation) -> SSAValue:
        """A constant that counts the bits of what `op` writes."""
        constant = arith.ConstantOp.from_int_and_width(bits, BITS_WIDTH)
        constant.result.name_hint = "bits"
        constant.location = op.location
        Rewriter.insert_op(constant, InsertPoint.before(op))
        return constant.result

    def table(self, op: Operation, table: SSAValue, width: int) -> SSAValue:
        """
        The table of a GELU for all values of `width` bits.

        Raises:
            PassFailedException: when it is no parameter.
        """
        if (known := self.tables.get((table, width))) is not None:
            return known
        if not isinstance(table, BlockArgument) or table not in self.functions.prepared:
            fail(op, "takes a table that is not a parameter of '@forward'")
        extended = accel.ExtendTableOp(self.functions.prepared[table], width, width)
        extended.location = op.location
        self.functions.prepare(extended)
        added = self.functions.add(extended.result, table.name_hint)
        self.tables[table, width] = added
        return added

    def widen(self, activation: Activation, width: int) -> None:
        """Give an activation elements of `width` bits, and let layers write its values in them."""
        bits, buffer = activation.bits, activation.buffer
        for op in activation.writers:
            if isinstance(op, Writer) and epilogue_of(op) == STORE:
                with_bits = storing(op, self.number(bits, op))
                with_bits.location = op.location
                Rewriter.replace_op(op, with_bits)
            elif isinstance(op, accel.LinearOp) and op.table is not None and bits < width:
                table = op.table
                op.operands[TABLE_OPERAND] = self.table(op, table, width)
                if isinstance(table, BlockArgument):
                    self.functions.remove_unused([table])
        if bits == width:
            return
        wide = BufferOp(buffer_type(width, shape_of(buffer.buffer), ONCHIP))
        wide.buffer.name_hint = buffer.buffer.name_hint
        wide.location = buffer.location
        Rewriter.replace_op(buffer, wide)


TABLE_OPERAND = 4
"""Position of the table among the operands of an `accel.linear` that has one."""


def storing(op: Writer, bits: SSAValue) -> Writer:
    """A layer that stores its values in wider elements."""
    match op:
        case accel.LinearOp():
            return accel.LinearOp(
                op.activation,
                op.weight,
                op.multiplier,
                op.offset,
                table=op.table,
                destinations=op.destinations,
                first=op.first,
                sizes=(op.tokens, op.inputs, op.outputs),
                bits=bits,
                epilogues=op.epilogue_names,
                shifts=op.shifts.get_values(),
            )
        case accel.LayerNormOp():
            return accel.LayerNormOp(
                op.input,
                op.first_read,
                op.multiplier,
                op.offset,
                destinations=op.destinations,
                first=op.first,
                sizes=(op.tokens, op.channels),
                bits=bits,
                epsilon=op.epsilon.value.data,
                epilogues=op.epilogue_names,
                shifts=op.shifts.get_values(),
            )
        case accel.AttentionOp():
            shift = op.probability_shift
            return accel.AttentionOp(
                op.query,
                op.key,
                op.value,
                op.exponentials,
                op.softmax_multiplier,
                op.value_multiplier,
                op.result,
                op.probability_multiplier,
                bits,
                None
                if op.first_head is None or op.head_count is None
                else (op.first_head, op.head_count),
                heads=op.heads.value.data,
                probability_bits=op.probability_bits.value.data,
                softmax_shift=op.softmax_shift.value.data,
                value_shift=op.value_shift.value.data,
                probability_shift=None if shift is None else shift.value.data,
            )


@dataclass(frozen=True)
class WidenActivationsPass(ModulePass):
    """
    Store the activations that layers of one engine take in elements of one width, the largest.

    An engine has memories of one width for an argument. With several widths of activations, linear
    layers with one kind of weight, or attentions, would each need several engines. Values remain as
    they are: a layer is told how many bits they have where its destination has more.

    One bit is another format, -1 and +1, and stays. So does what a GELU gives where the elements
    would have more than 10 bits: its table then has no entry for each value.
    """

    name = "widen-activations"

    statistics = (Statistic("buffers widened", retyped="accel.buffer"),)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        functions = AccelFunctions.of(op)
        widening = Widening(functions)
        for members in grouped(activations_in(functions.forward.body.block)):
            movable = [each for each in members if each.can_have(each.bits)]
            width = max((each.bits for each in movable), default=0)
            widened = [each for each in movable if each.can_have(width)]
            if all(each.bits == width for each in widened):
                continue
            for activation in widened:
                widening.widen(activation, width)
        functions.finish()
