"""What of a model an accelerator's cost depends on: the sizes of its layers, by engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import CallOp, FuncOp
from xdsl.ir import BlockArgument, SSAValue

from vaqf.backends.hls.sources import each_layer_of
from vaqf.compiler.estimate import calls_at_once, calls_in
from vaqf.dialects import accel
from vaqf.dialects.accel.memory import ONCHIP, element_width
from vaqf.dialects.accel.schedule import frames_of
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant.activations import MAXIMUM_GELU_SEGMENTS
from vaqf.dialects.shapes import shape_of
from vaqf.passes.accel_functions import engines_of, function_named
from vaqf.passes.bandwidth import Bandwidth
from vaqf.passes.index_values import index_value
from vaqf.passes.partition_arrays import buffer_behind


@dataclass(frozen=True)
class Call:
    """A call of an engine."""

    times: int
    """How often it is executed in a call of the accelerator."""

    numbers: tuple[int, ...]
    """The sizes that it passes, in the order that the engine's record names them."""

    layers: tuple[str, ...] = ()
    """The layers that it computes."""


@dataclass(frozen=True)
class Epilogue:
    """What an engine can do with results."""

    name: str
    bits: int
    """Of the matrix that it writes."""

    shift: int


@dataclass(frozen=True)
class Matmul:
    """An engine for linear layers. Its calls pass tokens, inputs, outputs and the epilogue."""

    name: str
    activation_bits: int
    weight_bits: int
    epilogues: tuple[Epilogue, ...]
    table: tuple[int, int] | None
    """Entries of the table of GELU, and their bits."""

    calls: tuple[Call, ...]

    @cached_property
    def sizes(self) -> tuple[tuple[int, ...], ...]:
        """What calls pass, each once."""
        return tuple(dict.fromkeys(call.numbers for call in self.calls))

    @cached_property
    def most_tokens(self) -> int:
        """Of any call."""
        return max(tokens for tokens, *_ in self.sizes)

    @cached_property
    def most_inputs(self) -> int:
        """Of any call."""
        return max(inputs for _, inputs, *_ in self.sizes)


@dataclass(frozen=True)
class Norm:
    """An engine for LayerNorms. Its calls pass tokens and the epilogue."""

    name: str
    channels: int
    bits: int
    epilogues: tuple[Epilogue, ...]
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Attention:
    """An engine for attention. Its calls pass the first head and how many; none for all."""

    name: str
    tokens: int
    channels: int
    heads: int
    bits: int
    result_bits: int
    probability_bits: int
    value_shift: int
    probability_shift: int | None
    """Absent when probabilities are in units of `2^-bits`."""

    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Patches:
    """An engine that cuts images into patches. Its calls pass nothing."""

    name: str
    image: tuple[int, int, int]
    """Colours, height and width."""

    bits: int
    patches: int
    pixels: int
    """Of a patch, with all colours."""

    width: int
    """Pixels in a row of a patch."""

    order: str
    """Of the pixels, as `accel.extract_patches` has it."""

    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Pooling:
    """An engine for the mean of tokens. Its calls pass tokens."""

    name: str
    channels: int
    bits: int
    result_bits: int
    shift: int
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Loading:
    """An engine that reads a matrix of activations. Its calls pass nothing."""

    name: str
    tokens: int
    channels: int
    bits: int
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Storing:
    """An engine that writes a matrix of activations. Its calls pass nothing."""

    name: str
    tokens: int
    channels: int
    bits: int
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Matrix:
    """Activations on the device."""

    name: str
    tokens: int
    channels: int
    bits: int
    readers: tuple[str, ...]
    """Engines for linear layers that take it, or another one through the same port."""


Engine = Matmul | Norm | Attention | Patches | Pooling | Loading | Storing

Member = tuple[str, tuple[int, ...]]
"""The name of an engine, and the sizes that a call passes."""


@dataclass(frozen=True)
class Spent:
    """What a call of an engine takes."""

    cycles: int

    words: int
    """That it moves from and to the memory outside of the device."""


@dataclass(frozen=True)
class Slot:
    """Calls that run at the same time: the longest of them counts, or the memory for all."""

    times: int
    """How often they are executed in a call of the accelerator."""

    members: tuple[Member, ...]

    def cycles(self, spent: Mapping[Member, Spent], bandwidth: Bandwidth) -> int:
        """Cycles of one execution, given what each call takes."""
        own = [spent[member] for member in self.members]
        moving = bandwidth.cycles(sum(each.words for each in own))
        return max(moving, *(each.cycles for each in own))


@dataclass(frozen=True)
class Workload:
    """A model as its accelerator sees it."""

    engines: tuple[Engine, ...]

    slots: tuple[Slot, ...]
    """All calls, those that are equal together."""

    matrices: tuple[Matrix, ...]

    frames: int = 1
    """How many frames a call of the accelerator computes."""

    @cached_property
    def matrices_alike(self) -> tuple[tuple[Matrix, int], ...]:
        """Matrices that differ in nothing but their name, and how many there are of each."""
        return tuple(Counter(replace(each, name="") for each in self.matrices).items())

    @cached_property
    def tokens(self) -> int:
        """The most tokens of any matrix."""
        return max(each.tokens for each in self.matrices)

    def cycles(self, spent: Mapping[Member, Spent], bandwidth: Bandwidth) -> int:
        """Cycles of all calls, given what each takes."""
        return sum(slot.times * slot.cycles(spent, bandwidth) for slot in self.slots)

    def at(self, here: int, there: int) -> Workload:
        """
        The workload of the same model with encoder activations of another width.

        Widths and cycles are those that the passes arrive at. Shifts follow the width, where the
        passes choose them by the scales of the layers: they change a few LUTs of rounding.

        Args:
            here: the width of this one: 7 for 2 to 7 bits, 8 for 8 to 15, 1 and 16 for themselves:
                other activations share storage and engines with these.
            there: the other width.
        """
        if here == there:
            return self

        def width(bits: int) -> int:
            return there if bits == here else bits

        def epilogue(each: Epilogue, wider: int = 0) -> Epilogue:
            # Where the factors alone change, so does the shift.
            shift = each.shift + (wider if width(each.bits) == each.bits else 0)
            return replace(each, bits=width(each.bits), shift=max(0, shift))

        def engine(each: Engine) -> Engine:
            match each:
                case Matmul(table=table):
                    if table is not None:
                        entries = min(1 << there, MAXIMUM_GELU_SEGMENTS)
                        is_interpolated = 1 << there > MAXIMUM_GELU_SEGMENTS
                        table = entries + is_interpolated, max(2, there)
                    wider = width(each.activation_bits) - each.activation_bits
                    return replace(
                        each,
                        activation_bits=width(each.activation_bits),
                        epilogues=tuple(epilogue(one, wider) for one in each.epilogues),
                        table=table,
                    )
                case Norm():
                    return replace(each, epilogues=tuple(map(epilogue, each.epilogues)))
                case Attention():
                    # Probabilities have no fewer bits than the narrowest reference has.
                    is_wider = there > here
                    return replace(
                        each,
                        bits=width(each.bits),
                        result_bits=width(each.result_bits),
                        probability_bits=there if is_wider else each.probability_bits,
                        value_shift=each.value_shift + (there - here if is_wider else 0),
                    )
                case Pooling():
                    bits, result_bits = width(each.bits), width(each.result_bits)
                    return replace(each, bits=bits, result_bits=result_bits)
                case Patches() | Loading() | Storing():
                    return each

        return replace(
            self,
            engines=tuple(map(engine, self.engines)),
            matrices=tuple(replace(each, bits=width(each.bits)) for each in self.matrices),
        )


class Reading:
    """Reads one engine."""

    def __init__(self, engine: FuncOp, calls: list[tuple[CallOp, int]]):
        self.engine = engine
        self.calls = calls

    def number(self, call: CallOp, value: SSAValue | None) -> int:
        """An index of the engine's layer in one call; 0 where there is none."""
        if value is None:
            return 0
        if isinstance(value, BlockArgument):
            value = call.arguments[value.index]
        number = index_value(value)
        if number is None:
            fail(call, "passes a size that is not constant")
        return number

    def all(self, *values: SSAValue | None) -> tuple[Call, ...]:
        """The sizes of all calls."""
        return tuple(
            Call(
                times,
                tuple(self.number(call, value) for value in values),
                tuple(each_layer_of([call])),
            )
            for call, times in self.calls
        )


def epilogues_of(layer: accel.LinearOp | accel.LayerNormOp) -> tuple[Epilogue, ...]:
    """What a layer can do with its results."""
    return tuple(
        Epilogue(name.data, element_width(destination), shift)
        for name, destination, shift in zip(
            layer.epilogues, layer.destinations, layer.shifts.get_values(), strict=True
        )
    )


def engine_of(engine: FuncOp, calls: list[tuple[CallOp, int]]) -> Engine:
    """
    The record of an engine.

    Raises:
        PassFailedException: when it is of no known kind.
    """
    layer = next(op for op in engine.body.block.ops if not op.results)
    reading, name = Reading(engine, calls), engine.sym_name.data
    match layer:
        case accel.LinearOp():
            table = None
            if layer.table is not None:
                table = shape_of(layer.table)[0], element_width(layer.table)
            return Matmul(
                name,
                element_width(layer.activation),
                element_width(layer.weight),
                epilogues_of(layer),
                table,
                reading.all(layer.tokens, layer.inputs, layer.outputs, layer.epilogue),
            )
        case accel.LayerNormOp():
            channels = reading.number(calls[0][0], layer.channels)
            return Norm(
                name,
                channels,
                element_width(layer.input),
                epilogues_of(layer),
                reading.all(layer.tokens, layer.epilogue),
            )
        case accel.AttentionOp():
            tokens, channels = shape_of(layer.query)
            shift = layer.probability_shift
            return Attention(
                name,
                tokens,
                channels,
                layer.heads.value.data,
                element_width(layer.query),
                element_width(layer.result),
                layer.probability_bits.value.data,
                layer.value_shift.value.data,
                None if shift is None else shift.value.data,
                reading.all(layer.first_head, layer.head_count),
            )
        case accel.ExtractPatchesOp():
            colours, height, width = shape_of(layer.image)
            patches, pixels = shape_of(layer.patches)
            return Patches(
                name,
                (colours, height, width),
                element_width(layer.image),
                patches,
                pixels,
                layer.patch.get_values()[1],
                layer.order.data,
                reading.all(),
            )
        case accel.MeanTokensOp():
            return Pooling(
                name,
                reading.number(calls[0][0], layer.channels),
                element_width(layer.input),
                element_width(layer.result),
                layer.shift.value.data,
                reading.all(layer.tokens),
            )
        case accel.LoadMatrixOp():
            tokens, channels = shape_of(layer.source)
            return Loading(name, tokens, channels, element_width(layer.source), reading.all())
        case accel.StoreMatrixOp():
            tokens, channels = shape_of(layer.matrix)
            return Storing(name, tokens, channels, element_width(layer.matrix), reading.all())
        case _:
            fail(layer, "is not the layer of an engine, expected one that share-engines makes")


def workload_of(module: ModuleOp) -> Workload:
    """
    The workload of a module after `share-engines`.

    Raises:
        PassFailedException: when a size is not constant.
    """
    forward = function_named(module, "forward")
    calls = list(calls_in(forward))
    found: list[Engine] = []
    readers: dict[SSAValue, dict[str, None]] = {}
    for engine in engines_of(module):
        name = engine.sym_name.data
        own = [(call, times) for call, times in calls if call.callee.string_value() == name]
        record = engine_of(engine, own)
        found.append(record)
        if isinstance(record, Matmul):
            layer = next(op for op in engine.body.block.ops if isinstance(op, accel.LinearOp))
            assert isinstance(layer.activation, BlockArgument)
            for call, _ in own:
                matrix = buffer_behind(call.arguments[layer.activation.index])
                readers.setdefault(matrix, {})[name] = None
    matrices = [
        op
        for op in forward.body.block.ops
        if isinstance(op, accel.BufferOp) and op.buffer.type.memory_space == ONCHIP
    ]
    shared = _split_alike(module, [call for call, _ in calls])
    records: list[Matrix] = []
    for op in matrices:
        tokens, channels = shape_of(op.buffer)
        names: dict[str, None] = {}
        for other in shared.get(op.buffer, {op.buffer}):
            names.update(readers.get(other, {}))
        width = element_width(op.buffer)
        hint = op.buffer.name_hint or "matrix"
        records.append(Matrix(hint, tokens, channels, width, tuple(sorted(names))))
    slots = _slots(forward, {each.name: each for each in found})
    return Workload(tuple(found), slots, tuple(records), frames_of(forward))


def _slots(forward: FuncOp, engines: dict[str, Engine]) -> tuple[Slot, ...]:
    """What runs at the same time, and how often."""
    seen: dict[str, int] = {}

    def member(call: CallOp) -> Member:
        name = call.callee.string_value()
        number = seen.get(name, 0)
        seen[name] = number + 1
        return name, engines[name].calls[number].numbers

    times: dict[tuple[Member, ...], int] = {}
    for calls, count in calls_at_once(forward):
        members = tuple(map(member, calls))
        times[members] = times.get(members, 0) + count
    return tuple(Slot(count, members) for members, count in times.items())


def _split_alike(module: ModuleOp, calls: list[CallOp]) -> dict[SSAValue, set[SSAValue]]:
    """For each matrix, those that are split alike: engines get them for one argument."""
    groups: dict[SSAValue, set[SSAValue]] = {}
    first: dict[tuple[str, int], SSAValue] = {}
    for call in calls:
        for index, argument in enumerate(call.arguments):
            buffer = buffer_behind(argument)
            if not isinstance(buffer.owner, accel.BufferOp):
                continue
            key = call.callee.string_value(), index
            other = first.setdefault(key, buffer)
            joined = groups.get(buffer, {buffer}) | groups.get(other, {other})
            for each in joined:
                groups[each] = joined
    return groups
