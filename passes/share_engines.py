"""Let like layers share one engine."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from xdsl.context import Context
from xdsl.dialects import arith, memref
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    IndexType,
    IntegerType,
    MemRefType,
    ModuleOp,
    StringAttr,
)
from xdsl.dialects.func import CallOp, FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Operation, OpResult, Region, SSAValue
from xdsl.irdl import IRDLOperation
from xdsl.passes import ModulePass
from xdsl.utils.hints import isa

from vaqf.dialects import accel
from vaqf.dialects.accel.layers import ADD, BITS_WIDTH
from vaqf.dialects.accel.memory import BufferOp, buffer_type, element_width, is_buffer
from vaqf.dialects.accel.schedule import ENGINE_ATTRIBUTE
from vaqf.dialects.shapes import shape_of
from vaqf.passes.accel_functions import function_named
from vaqf.passes.index_values import index_value
from vaqf.passes.layer_names import fused
from vaqf.passes.statistics import Statistic

Buffer = MemRefType[IntegerType]

ENGINE_KINDS: dict[type[IRDLOperation], str] = {
    accel.ExtractPatchesOp: "extract_patches",
    accel.LoadMatrixOp: "load_matrix",
    accel.StoreMatrixOp: "store_matrix",
    accel.AttentionOp: "attention",
    accel.MeanTokensOp: "mean_tokens",
}
"""What the engines of layers without a choice of epilogues are called."""


def storage_of(matrix: SSAValue) -> SSAValue:
    """The buffer that a matrix lies in, whatever sizes a cast gave it."""
    while isinstance(matrix.owner, accel.ReuseOp | memref.CastOp):
        matrix = matrix.owner.operands[0]
    return matrix


@dataclass
class Group:
    """Layers that will share one engine."""

    kind: str
    """What the engine is called."""

    members: list[IRDLOperation] = field(default_factory=list[IRDLOperation])
    """The layers, in program order."""


def common_type(types: Sequence[Attribute]) -> Attribute:
    """The type of an engine's argument: sizes that differ between callers are dynamic."""
    if len(set(types)) == 1:
        return types[0]
    first = types[0]
    assert is_buffer(first)
    shapes = [each.get_shape() for each in types if is_buffer(each)]
    shape = [
        sizes[0] if len(set(sizes)) == 1 else DYNAMIC_INDEX for sizes in zip(*shapes, strict=True)
    ]
    return MemRefType(first.element_type, shape, memory_space=first.memory_space)


def named_operands(layer: IRDLOperation) -> list[tuple[str, SSAValue]]:
    """The operands of a layer by their names, without those that are absent."""
    names = [name for name, _ in layer.get_irdl_definition().operands]
    values = [getattr(layer, name) for name in names]
    return [
        (name, value) for name, value in zip(names, values, strict=True) if isa(value, SSAValue)
    ]


def group_key(op: Operation) -> Hashable:
    """What layers without a choice of epilogues must have in common to share an engine."""
    widths = tuple(element_width(value) for value in op.operands if is_buffer(value.type))
    match op:
        case accel.StoreMatrixOp():
            # An engine reaches a memory outside of the device through one port.
            port = op.destination
            shapes = port.owner.input if isinstance(port.owner, accel.SelectOp) else port
        case _:
            shapes = tuple(value.type for value in op.operands)
    return (
        op.name,
        widths,
        shapes,
        tuple((name, str(op.properties[name])) for name in op.properties),
    )


EpilogueLayer = accel.LinearOp | accel.LayerNormOp
"""A layer of which an engine has several epilogues."""


@dataclass(frozen=True)
class Epilogue:
    """What an engine can do with its values."""

    name: str
    """Whether they are stored, looked up or added."""

    shift: int
    """Right shift."""

    width: int
    """Width of the elements of the matrix that is written."""

    @staticmethod
    def of(layer: EpilogueLayer) -> Epilogue:
        """The only epilogue of a layer."""
        (name,), (shift,) = layer.epilogue_names, layer.shifts.get_values()
        return Epilogue(name, shift, element_width(layer.destinations[0]))

    @property
    def port(self) -> int:
        """Epilogues that write equal elements share an argument."""
        return self.width


@dataclass
class EpilogueGroup:
    """Layers that will share one engine, each with one epilogue."""

    layers: list[EpilogueLayer] = field(default_factory=list[EpilogueLayer])
    """In program order."""

    # Asked for again and again, once all layers are there.
    @cached_property
    def epilogues(self) -> list[Epilogue]:
        """All that the engine can do."""
        return list(dict.fromkeys(Epilogue.of(layer) for layer in self.layers))

    @cached_property
    def ports(self) -> dict[int, str]:
        """The arguments for what is written, and what to call them; what is added to comes last."""
        names = {
            port: "residual" if all(each.name == ADD for each in epilogues) else "result"
            for port, epilogues in self._by_port.items()
        }
        return dict(sorted(names.items(), key=lambda each: each[1] == "residual"))

    @cached_property
    def _written(self) -> dict[int, list[SSAValue]]:
        found: dict[int, list[SSAValue]] = {}
        for layer in self.layers:
            found.setdefault(Epilogue.of(layer).port, []).append(layer.destinations[0])
        return found

    def written_through(self, port: int) -> list[SSAValue]:
        """The matrices that layers write through an argument."""
        return self._written[port]

    @cached_property
    def _by_port(self) -> dict[int, list[Epilogue]]:
        found: dict[int, list[Epilogue]] = {}
        for each in self.epilogues:
            found.setdefault(each.port, []).append(each)
        return found


def linear_groups(layers: Sequence[accel.LinearOp]) -> list[EpilogueGroup]:
    """
    Group linear layers by the elements that they multiply, and by their tables.

    A layer that looks nothing up joins the first engine for the same activations and weights.
    """
    groups: dict[Hashable, EpilogueGroup] = {}
    tables: dict[Hashable, list[Hashable]] = {}

    def key_of(layer: accel.LinearOp) -> tuple[Hashable, Hashable]:
        factors = element_width(layer.activation), element_width(layer.weight)
        return factors, None if layer.table is None else layer.table.type

    for layer in layers:
        factors, table = key_of(layer)
        tables.setdefault(factors, [])
        if table is not None and table not in tables[factors]:
            tables[factors].append(table)
    for layer in layers:
        factors, table = key_of(layer)
        if table is None:
            table = next(iter(tables[factors]), None)
        groups.setdefault((factors, table), EpilogueGroup()).layers.append(layer)
    return list(groups.values())


def layer_norm_groups(layers: Sequence[accel.LayerNormOp]) -> list[EpilogueGroup]:
    """Group LayerNorms by what they compute with."""
    groups: dict[Hashable, EpilogueGroup] = {}
    for layer in layers:
        channels = shape_of(layer.input)[1]
        key = element_width(layer.input), channels, layer.epsilon
        groups.setdefault(key, EpilogueGroup()).layers.append(layer)
    return list(groups.values())


def written(group: EpilogueGroup, remaining: Iterator[SSAValue]) -> list[SSAValue]:
    """The destination of each epilogue in an engine, from its arguments for what is written."""
    ports = dict(zip(group.ports, remaining, strict=False))
    return [ports[each.port] for each in group.epilogues]


def used_beside(layer: Operation) -> list[SSAValue]:
    """The buffers that layers use which run at the same time."""
    stages = layer.parent_op()
    if not isinstance(stages, accel.ConcurrentOp):
        return []
    return [
        value
        for stage in stages.stages
        if layer.parent_region() is not stage
        for op in stage.walk()
        for value in op.operands
        if is_buffer(value.type)
    ]


_STORAGE = (arith.ConstantOp, BufferOp, accel.ReuseOp, memref.CastOp, accel.SelectOp, accel.ViewOp)
"""What stands at the top of the function, before the layers."""


class Sharing:
    """The rewriting of one module."""

    def __init__(self, forward: FuncOp):
        self.forward = forward
        self.engines: list[FuncOp] = []
        self.names: dict[str, int] = {}
        self.indices: dict[int, SSAValue] = {}
        self.counts_of_bits: dict[int, SSAValue] = {}
        self.first_tables: dict[SSAValue, SSAValue] = {}
        self.casts: dict[tuple[SSAValue, Attribute], SSAValue] = {}

    def top(self, op: Operation) -> SSAValue:
        """Put an op behind the buffers and constants at the top of the function."""
        block = self.forward.body.block
        anchor = next(each for each in block.ops if not isinstance(each, _STORAGE))
        block.insert_op_before(op, anchor)
        return op.results[0]

    def cast(self, call_site: Operation, value: SSAValue, type: Attribute) -> SSAValue:
        """`value` with the sizes of an engine's argument."""
        if value.type == type:
            return value
        assert is_buffer(type)
        at_top = (
            isinstance(value.owner, BufferOp | accel.ReuseOp)
            or value.owner is self.forward.body.block
        )
        if at_top and (value, type) in self.casts:
            return self.casts[value, type]
        cast = memref.CastOp.get(value, type)
        cast.dest.name_hint = value.name_hint
        cast.location = call_site.location
        if at_top:
            self.casts[value, type] = self.top(cast)
        else:
            block = call_site.parent_block()
            assert block is not None
            block.insert_op_before(cast, call_site)
        return cast.dest

    def outline(
        self,
        group: Group,
        operands: Sequence[Sequence[tuple[str, SSAValue]]],
        build: Callable[[Sequence[SSAValue]], Operation],
    ) -> None:
        """
        Make an engine of a group, and its layers calls of it.

        Args:
            group: the layers.
            operands: for each layer, what the engine needs of it, by the names of its arguments.
            build: makes the engine's layer from what stands for those operands in it.
        """
        count = self.names.get(group.kind, 0) + 1
        self.names[group.kind] = count
        name = group.kind if count == 1 else f"{group.kind}_{count}"
        body = Block()
        inner: list[SSAValue] = []
        passed: list[tuple[int, Attribute]] = []
        for slot, named in enumerate(zip(*operands, strict=True)):
            argument_name, values = named[0][0], [value for _, value in named]
            number = index_value(values[0])
            if number is not None and all(index_value(each) == number for each in values):
                constant = arith.ConstantOp.from_int_and_width(number, IndexType())
                body.add_op(constant)
                inner.append(constant.result)
            else:
                type = common_type([each.type for each in values])
                inner.append(body.insert_arg(type, len(body.args)))
                passed.append((slot, type))
            inner[-1].name_hint = argument_name
        layer = build(inner)
        layer.location = fused(group.members)
        body.add_ops([layer, ReturnOp()])
        engine = FuncOp(
            name,
            ([each.type for each in body.args], []),
            Region(body),
            visibility="private",
        )
        engine.attributes[ENGINE_ATTRIBUTE] = StringAttr(group.kind)
        engine.location = layer.location
        self.engines.append(engine)
        for member, named in zip(group.members, operands, strict=True):
            arguments = [self.cast(member, named[slot][1], type) for slot, type in passed]
            call = CallOp(name, arguments, [])
            call.location = member.location
            block = member.parent_block()
            assert block is not None
            block.insert_op_before(call, member)
            member.detach()
            member.erase()

    def share(self, group: Group) -> None:
        """One engine for layers without a choice of epilogues."""
        first = group.members[0]

        def build(operands: Sequence[SSAValue]) -> Operation:
            return first.create(operands=operands, properties=first.properties)

        self.outline(group, [named_operands(each) for each in group.members], build)

    def untouched(self, passed: Sequence[SSAValue], matrices: Sequence[SSAValue]) -> SSAValue:
        """
        A matrix that an engine gets because its type asks for one, and that it leaves alone.

        Args:
            passed: what it gets as well; hardware needs different matrices.
            matrices: what other layers pass: of these one is best, since ports lead there already.
        """
        width = element_width(matrices[0])
        buffers = [op.buffer for op in self.forward.body.block.ops if isinstance(op, BufferOp)]
        used = {storage_of(each) for each in passed}
        for each in (*matrices, *buffers):
            if (
                element_width(each) == width
                and storage_of(each) not in used
                and len(shape_of(each)) == 2
            ):
                return each
        op = BufferOp(buffer_type(width, (1, 1), accel.OnchipAttr()))
        op.buffer.name_hint = "unused"
        op.location = fused(each.owner for each in matrices if isinstance(each, OpResult))
        return self.top(op)

    def destinations(self, group: EpilogueGroup, layer: EpilogueLayer) -> list[SSAValue]:
        """What a call passes for each of the engine's ports."""
        # Hardware runs calls at the same time only where they get different matrices.
        passed = [value for value in layer.operands if is_buffer(value.type)]
        passed += used_beside(layer)
        found: list[SSAValue] = []
        for port in group.ports:
            if Epilogue.of(layer).port == port:
                found.append(layer.destinations[0])
                continue
            of_others = group.written_through(port)
            found.append(self.untouched([*passed, *found], of_others))
        return found

    def epilogue_operands(
        self, group: EpilogueGroup, layer: EpilogueLayer
    ) -> list[tuple[str, SSAValue]]:
        """Which epilogue a call selects, and the width of its values; where that differs."""
        operands: list[tuple[str, SSAValue]] = []
        if len(group.epilogues) > 1:
            chosen = group.epilogues.index(Epilogue.of(layer))
            operands.append(("epilogue", self.index(chosen)))
        if any(each.bits for each in group.layers):
            bits = layer.bits or self.bits(element_width(layer.destinations[0]))
            operands.append(("bits", bits))
        return operands

    def share_linear(self, group: EpilogueGroup) -> None:
        """One engine for linear layers, with all their epilogues."""
        layers = [layer for layer in group.layers if isinstance(layer, accel.LinearOp)]
        tables = [layer.table for layer in layers if layer.table is not None]

        def operands(layer: accel.LinearOp) -> list[tuple[str, SSAValue]]:
            values = [
                ("activation", layer.activation),
                ("weight", layer.weight),
                ("multiplier", layer.multiplier),
                ("offset", layer.offset),
            ]
            if tables:
                values.append(("table", layer.table or self.some_table(tables[0])))
            names = group.ports.values()
            values += zip(names, self.destinations(group, layer), strict=True)
            values += [
                ("first", layer.first),
                ("tokens", layer.tokens),
                ("inputs", layer.inputs),
                ("outputs", layer.outputs),
            ]
            return values + self.epilogue_operands(group, layer)

        def build(values: Sequence[SSAValue]) -> Operation:
            remaining = iter(values)
            activation, weight, multiplier, offset = islice(remaining, 4)
            return accel.LinearOp(
                activation,
                weight,
                multiplier,
                offset,
                table=next(remaining) if tables else None,
                destinations=written(group, remaining),
                first=next(remaining),
                sizes=(next(remaining), next(remaining), next(remaining)),
                epilogue=next(remaining) if len(group.epilogues) > 1 else None,
                bits=next(remaining, None),
                epilogues=[each.name for each in group.epilogues],
                shifts=[each.shift for each in group.epilogues],
            )

        kind = "binary_matmul" if element_width(layers[0].weight) == 1 else "integer_matmul"
        self.outline(Group(kind, [*layers]), [operands(layer) for layer in layers], build)

    def share_layer_norms(self, group: EpilogueGroup) -> None:
        """One engine for LayerNorms, with all their epilogues."""
        layers = [layer for layer in group.layers if isinstance(layer, accel.LayerNormOp)]

        def operands(layer: accel.LayerNormOp) -> list[tuple[str, SSAValue]]:
            names = group.ports.values()
            return [
                ("input", layer.input),
                ("first_read", layer.first_read),
                ("multiplier", layer.multiplier),
                ("offset", layer.offset),
                *zip(names, self.destinations(group, layer), strict=True),
                ("first", layer.first),
                ("tokens", layer.tokens),
                ("channels", layer.channels),
                *self.epilogue_operands(group, layer),
            ]

        def build(values: Sequence[SSAValue]) -> Operation:
            remaining = iter(values)
            input, first_read, multiplier, offset = islice(remaining, 4)
            return accel.LayerNormOp(
                input,
                first_read,
                multiplier,
                offset,
                destinations=written(group, remaining),
                first=next(remaining),
                sizes=(next(remaining), next(remaining)),
                epilogue=next(remaining) if len(group.epilogues) > 1 else None,
                bits=next(remaining, None),
                epsilon=layers[0].epsilon.value.data,
                epilogues=[each.name for each in group.epilogues],
                shifts=[each.shift for each in group.epilogues],
            )

        self.outline(Group("layer_norm", [*layers]), [operands(layer) for layer in layers], build)

    def bits(self, value: int) -> SSAValue:
        """A constant that counts bits, at the top of the function."""
        if value not in self.counts_of_bits:
            constant = arith.ConstantOp.from_int_and_width(value, BITS_WIDTH)
            constant.result.name_hint = "bits"
            self.counts_of_bits[value] = self.top(constant)
        return self.counts_of_bits[value]

    def index(self, value: int) -> SSAValue:
        """An index constant at the top of the function."""
        if value not in self.indices:
            constant = arith.ConstantOp.from_int_and_width(value, IndexType())
            constant.result.name_hint = f"c{value}"
            self.indices[value] = self.top(constant)
        return self.indices[value]

    def some_table(self, table: SSAValue) -> SSAValue:
        """A table for layers that look nothing up: that of the first layer."""
        if not isinstance(select := table.owner, accel.SelectOp):
            return table
        if select.input not in self.first_tables:
            first = accel.SelectOp(select.input, self.index(0))
            first.result.name_hint = select.input.name_hint
            first.location = select.location
            self.first_tables[select.input] = self.top(first)
        return self.first_tables[select.input]


@dataclass(frozen=True)
class ShareEnginesPass(ModulePass):
    """
    Make one engine for all layers of a kind that take equal element types, and call it for each.

    Sizes that differ between the layers become arguments of the engine, others constants in it. An
    engine for linear layers or LayerNorms has the epilogues of all of them, and each call selects
    one. It gets one matrix for all epilogues that write equal elements.
    """

    name = "share-engines"

    statistics = (
        Statistic("engines built", added="func.func"),
        Statistic("calls of engines", added="func.call"),
    )

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        forward = function_named(op, "forward")
        sharing = Sharing(forward)
        layers = [each for each in forward.walk() if isinstance(each, IRDLOperation)]
        others: dict[Hashable, Group] = {}
        for layer in layers:
            if (kind := ENGINE_KINDS.get(type(layer))) is not None:
                others.setdefault(group_key(layer), Group(kind)).members.append(layer)
        for group in others.values():
            sharing.share(group)
        norms = [each for each in layers if isinstance(each, accel.LayerNormOp)]
        for norm_group in layer_norm_groups(norms):
            sharing.share_layer_norms(norm_group)
        linears = [each for each in layers if isinstance(each, accel.LinearOp)]
        for linear_group in linear_groups(linears):
            sharing.share_linear(linear_group)
        op.body.block.insert_ops_before(sharing.engines, forward)
