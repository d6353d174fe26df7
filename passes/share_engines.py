"""Let like layers share one engine."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

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
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.irdl import IRDLOperation
from xdsl.passes import ModulePass
from xdsl.utils.hints import isa

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import BufferOp, buffer_type, element_width
from vaqf.dialects.accel.schedule import ENGINE_ATTRIBUTE
from vaqf.dialects.shapes import shape_of
from vaqf.passes.accel_functions import function_named
from vaqf.passes.index_values import index_value
from vaqf.passes.layer_names import fused

Buffer = MemRefType[IntegerType]

ENGINE_KINDS: dict[type[IRDLOperation], str] = {
    accel.ExtractPatchesOp: "extract_patches",
    accel.LoadMatrixOp: "load_matrix",
    accel.StoreMatrixOp: "store_matrix",
    accel.LayerNormOp: "layer_norm",
    accel.AttentionOp: "attention",
    accel.MeanTokensOp: "mean_tokens",
}
"""What the engines of layers other than linear ones are called."""


def storage_of(matrix: SSAValue) -> SSAValue:
    """The buffer that a matrix lies in."""
    return matrix.owner.storage if isinstance(matrix.owner, accel.ReuseOp) else matrix


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
    assert isa(first, Buffer)
    shapes = [each.get_shape() for each in types if isa(each, Buffer)]
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
    """What layers other than linear ones must have in common to share an engine."""
    widths = tuple(
        element_width(value) for value in op.operands if isa(value.type, MemRefType[IntegerType])
    )
    match op:
        case accel.LayerNormOp():
            shapes = shape_of(op.input)[1]
        case accel.StoreMatrixOp():
            # An engine reaches a memory outside of the device through one port.
            shapes = op.destination
        case _:
            shapes = tuple(value.type for value in op.operands)
    return (
        op.name,
        widths,
        shapes,
        tuple((name, str(op.properties[name])) for name in op.properties),
    )


@dataclass
class LinearGroup:
    """Linear layers that will share one engine."""

    factors: tuple[int, int]
    """Widths of an activation and a weight."""

    width: int | None
    """Width of what `store` and `gelu` write; None when the layers only add."""

    shifts: dict[str, int] = field(default_factory=dict[str, int])
    """Right shift of each epilogue."""

    layers: list[accel.LinearOp] = field(default_factory=list[accel.LinearOp])
    """The layers."""

    def takes(self, layer: accel.LinearOp) -> bool:
        """Whether this engine can do what `layer` needs."""
        (name,), (shift,) = layer.epilogue_names, layer.shifts.get_values()
        return (
            self.factors == (element_width(layer.activation), element_width(layer.weight))
            and (layer.result is None or self.width == element_width(layer.result))
            and self.shifts.get(name, shift) == shift
        )

    def add(self, layer: accel.LinearOp) -> None:
        """Take a layer."""
        self.shifts.update(zip(layer.epilogue_names, layer.shifts.get_values(), strict=True))
        self.layers.append(layer)


def linear_groups(layers: Sequence[accel.LinearOp]) -> list[LinearGroup]:
    """
    Group linear layers by the elements that they multiply and write.

    A layer that adds to the residual stream joins an engine for the same activations and weights.
    """
    groups: list[LinearGroup] = []
    for layer in sorted(layers, key=lambda layer: layer.result is None):
        group = next((group for group in groups if group.takes(layer)), None)
        if group is None:
            group = LinearGroup(
                (element_width(layer.activation), element_width(layer.weight)),
                None if layer.result is None else element_width(layer.result),
            )
            groups.append(group)
        group.add(layer)
    for group in groups:
        group.layers.sort(key=layers.index)
    return sorted(groups, key=lambda group: layers.index(group.layers[0]))


_STORAGE = (arith.ConstantOp, BufferOp, accel.ReuseOp, memref.CastOp, accel.SelectOp, accel.ViewOp)
"""What stands at the top of the function, before the layers."""


class Sharing:
    """The rewriting of one module."""

    def __init__(self, forward: FuncOp):
        self.forward = forward
        self.engines: list[FuncOp] = []
        self.names: dict[str, int] = {}
        self.indices: dict[int, SSAValue] = {}
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
        assert isa(type, Buffer)
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
        """One engine for layers other than linear ones."""
        first = group.members[0]

        def build(operands: Sequence[SSAValue]) -> Operation:
            return first.create(operands=operands, properties=first.properties)

        self.outline(group, [named_operands(each) for each in group.members], build)

    def untouched(self, layer: accel.LinearOp, matrices: Sequence[SSAValue]) -> SSAValue:
        """
        A matrix that an engine gets because its type asks for one, and that it leaves alone.

        Args:
            layer: what is done instead.
            matrices: what other layers pass: of these one is best, since ports lead there already.
        """
        width = element_width(matrices[0])
        buffers = [op.buffer for op in self.forward.body.block.ops if isinstance(op, BufferOp)]
        used = {storage_of(each) for each in layer.operands}
        for each in (*matrices, *buffers):
            if (
                element_width(each) == width
                and storage_of(each) not in used
                and len(shape_of(each)) == 2
            ):
                return each
        op = BufferOp(buffer_type(width, (1, 1), accel.OnchipAttr()))
        op.buffer.name_hint = "unused"
        return self.top(op)

    def share_linear(self, group: LinearGroup) -> None:
        """One engine for linear layers, with all their epilogues."""
        layers, names = group.layers, list(group.shifts)
        results = [layer.result for layer in layers if layer.result is not None]
        residuals = [layer.residual for layer in layers if layer.residual is not None]
        tables = [layer.table for layer in layers if layer.table is not None]
        several = len(names) > 1

        def operands(layer: accel.LinearOp) -> list[tuple[str, SSAValue]]:
            values = [
                ("activation", layer.activation),
                ("weight", layer.weight),
                ("multiplier", layer.multiplier),
                ("offset", layer.offset),
            ]
            if tables:
                values.append(("table", layer.table or self.some_table(tables[0])))
            if results:
                values.append(("result", layer.result or self.untouched(layer, results)))
            if residuals:
                values.append(("residual", layer.residual or self.untouched(layer, residuals)))
            values += [
                ("first", layer.first),
                ("tokens", layer.tokens),
                ("inputs", layer.inputs),
                ("outputs", layer.outputs),
            ]
            if several:
                values.append(("epilogue", self.index(names.index(layer.epilogue_names[0]))))
            return values

        def build(values: Sequence[SSAValue]) -> Operation:
            remaining = list(values)

            def take(needed: bool) -> SSAValue | None:
                return remaining.pop(0) if needed else None

            activation, weight, multiplier, offset = (remaining.pop(0) for _ in range(4))
            return accel.LinearOp(
                activation,
                weight,
                multiplier,
                offset,
                table=take(bool(tables)),
                result=take(bool(results)),
                residual=take(bool(residuals)),
                first=remaining.pop(0),
                sizes=(remaining.pop(0), remaining.pop(0), remaining.pop(0)),
                epilogue=take(several),
                epilogues=names,
                shifts=list(group.shifts.values()),
            )

        kind = "binary_matmul" if group.factors[1] == 1 else "integer_matmul"
        self.outline(Group(kind, list(layers)), [operands(layer) for layer in layers], build)

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
    Make one engine for all layers of a kind that have equal element types, and call it for each.

    Sizes that differ between the layers become arguments of the engine, others constants in it. An
    engine for linear layers has the epilogues of all of them, and each call selects one.
    """

    name = "share-engines"

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
        for group in linear_groups([each for each in layers if isinstance(each, accel.LinearOp)]):
            sharing.share_linear(group)
        op.body.block.insert_ops_before(sharing.engines, forward)
