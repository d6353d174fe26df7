"""One source file while it is written: what its functions share."""

from __future__ import annotations

from dataclasses import dataclass, field

from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, SSAValue

from vaqf.backends.hls.definitions import Emission
from vaqf.backends.hls.design import Engine
from vaqf.backends.hls.identifiers import Names, camel_case, extended, identifier, singular
from vaqf.backends.hls.parallelism import lanes_of
from vaqf.backends.hls.roles import Kind, Role, roles_in
from vaqf.backends.hls.storage import Array, Local, Matrix
from vaqf.dialects.accel.memory import BufferOp, element_width, is_buffer
from vaqf.dialects.accel.slots import array_behind
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant.formats import MULTIPLIER_BITS, OFFSET_BITS
from vaqf.dialects.shapes import shape_of

GENERAL = "all engines"
"""Section of what no engine has of its own."""


@dataclass
class Unit:
    """One source file while it is written."""

    emission: Emission
    function: FuncOp
    """The function of the IR that the file is made of."""

    engine: Engine | None
    """What it is an engine for; None for the top function."""

    names: Names
    roles: dict[SSAValue, Role]
    functions: dict[tuple[str, ...], tuple[str, list[str]]] = field(
        default_factory=dict[tuple[str, ...], tuple[str, list[str]]]
    )
    """Static functions, by what they consist of: their names and their lines."""

    assertions: dict[str, str] = field(default_factory=dict[str, str])
    """Conditions that the code relies on, each with a sentence that says why it does."""

    dimension_names: dict[tuple[SSAValue, int], str] = field(
        default_factory=dict[tuple[SSAValue, int], str]
    )
    """Constants that are the size of a dimension of a buffer."""

    lane_names: dict[tuple[Operation, str], str] = field(
        default_factory=dict[tuple[Operation, str], str]
    )
    """Constants that are a number of lanes of an op."""

    step_names: dict[SSAValue, tuple[str, int]] = field(
        default_factory=dict[SSAValue, tuple[str, int]]
    )
    """For the counter of a loop, the constant that it may count in steps of, and its value."""

    @staticmethod
    def of(emission: Emission, function: FuncOp, engine: Engine | None) -> Unit:
        """The start of a file for a function of the IR."""
        unit = Unit(emission, function, engine, emission.names.inside(), roles_in(function, engine))
        for op in function.walk():
            unit._name_lanes(op)
        return unit

    @property
    def section(self) -> str:
        """Title of the definitions that belong to this file."""
        return "the top function" if self.engine is None else f"engine {self.engine.name}"

    @property
    def prefix(self) -> str:
        """What types of this file begin with."""
        return "top" if self.engine is None else self.engine.name

    @property
    def lanes(self) -> int:
        """Channels in a word of a matrix."""
        return self.emission.design.hardware.lanes

    def _name_lanes(self, op: Operation) -> None:
        for lanes in lanes_of(op):
            dimensions = [
                _of_whole_array(value, dimension % len(shape_of(value)))
                for value, dimension in lanes.dimensions
            ]
            known = [
                self.dimension_names[each] for each in dimensions if each in self.dimension_names
            ]
            name = known[0] if known else self.parallel(lanes.name, lanes.count, lanes.comment)
            self.lane_names[op, lanes.name] = name
            for each in dimensions:
                self.dimension_names.setdefault(each, name)
            for counter in lanes.counters:
                self.step_names.setdefault(counter, (name, lanes.count))

    def parallel(self, name: str, count: int, comment: str) -> str:
        """A constant of `hardware.hpp` for a number of lanes of this engine."""
        constant = f"k{camel_case(self.prefix)}{name}"
        return self.emission.parallelism.define(self.section, constant, str(count), comment)

    def type(self, name: str, value: str, comment: str) -> str:
        """A type of `formats.hpp` for numbers of this engine."""
        wanted = extended(self.prefix, f"{name}_t")
        return self.emission.formats.define(self.section, wanted, value, comment)

    def general_type(self, name: str, value: str, comment: str) -> str:
        """A type of `formats.hpp` for numbers of all engines."""
        return self.emission.formats.define(GENERAL, name, value, comment)

    def activation_type(self, width: int) -> str:
        """The type of activations in the matrices of `width` bits."""
        if width == 1:
            return self.general_type(
                "activation1_t", "ap_int<2>", "an activation of one bit: -1 or +1"
            )
        return self.general_type(
            f"activation{width}_t", f"ap_int<{width}>", f"an activation of {width} bits"
        )

    def multiplier_type(self) -> str:
        """The type of requantization multipliers."""
        return self.general_type(
            "multiplier_t",
            f"ap_int<{MULTIPLIER_BITS}>",
            "fits the narrow port of a DSP48E2 multiplier",
        )

    def offset_type(self) -> str:
        """The type of requantization offsets."""
        return self.general_type(
            "offset_t", f"ap_int<{OFFSET_BITS}>", "fits the accumulator port of a DSP48E2"
        )

    def require(self, condition: str, sentence: str) -> None:
        """Let the file state a condition that it relies on."""
        self.assertions.setdefault(condition, sentence)

    def add_function(self, base: str, signature: tuple[str, ...], lines: list[str]) -> str:
        """
        The name of a static function of this file; equal ones are written once.

        Args:
            base: What to call it.
            signature: Everything that it consists of.
            lines: Its text, with `{name}` for its name.
        """
        key = (base, *signature)
        if key not in self.functions:
            name = self.names.fresh(base)
            self.functions[key] = (name, [line.replace("{name}", name, 1) for line in lines])
        return self.functions[key][0]

    # Storage

    def size(self, value: SSAValue, dimension: int) -> str:
        """The size of a dimension of a local array, by name where it has one."""
        if (value, dimension) in self.dimension_names:
            return self.dimension_names[value, dimension]
        shape = shape_of(value)
        # Vectors and matrices have one row a token; an image may be as high by chance.
        counts_tokens = dimension == 0 and len(shape) <= 2
        if counts_tokens and shape[dimension] == self.emission.design.hardware.token_slots:
            return "kTokenSlots"
        return str(shape[dimension])

    def local(self, value: SSAValue, name: str) -> Local:
        """The C++ array of a local buffer."""
        shape, role = shape_of(value), self.roles.get(value)
        sizes = [self.size(value, dimension) for dimension in range(len(shape))]
        partition = partition_factors(value)
        if role is not None and role.kind is Kind.BITS:
            element = self._bits_type(value, name, sizes.pop(), role)
            dimensions = tuple(partition.get(each, 1) for each in range(len(shape) - 1))
            return Local(
                Array(name, element, tuple(sizes)), shape, bits=True, dimensions=dimensions
            )
        element = self._element_type(value, name, role)
        dimensions = tuple(partition.get(each, 1) for each in range(len(shape)))
        copies = copies_of(value)
        if copies > 1:
            sizes.insert(0, str(copies))
        return Local(
            Array(name, element, tuple(sizes)), shape, copies=copies, dimensions=dimensions
        )

    def _bits_type(self, value: SSAValue, name: str, size: str, role: Role) -> str:
        return self.type(f"{singular(name)}_row", f"ap_uint<{size}>", role.why)

    def _element_type(self, value: SSAValue, name: str, role: Role | None) -> str:
        width = element_width(value)
        if role is None:
            return self.type(singular(name), f"ap_int<{width}>", "as wide as the IR says")
        match role.kind:
            case Kind.ACTIVATION:
                return self.activation_type(width)
            case Kind.MULTIPLIER:
                return self.multiplier_type()
            case Kind.OFFSET:
                return self.offset_type()
            case Kind.UNSIGNED:
                return self.type(singular(name), f"ap_uint<{width}>", role.why)
            case _:
                return self.type(singular(name), f"ap_int<{width}>", role.why)

    def matrix(self, value: SSAValue, name: str, words: str) -> Matrix:
        """The C++ array of an on-chip matrix, with room for `words` words of channels."""
        width = element_width(value)
        element = self.activation_type(width)
        return Matrix(Array(name, element, (words, "kTokenSlots", "kLanes")), width)


def _of_whole_array(value: SSAValue, dimension: int) -> tuple[SSAValue, int]:
    """The array that a value is a slot of, and the number of a dimension in it."""
    array, slots = array_behind(value)
    return array, slots + dimension


def variable_name(value: SSAValue, otherwise: str) -> str:
    """What to call the variable for a value."""
    return identifier(value.name_hint or otherwise, otherwise)


def partition_factors(value: SSAValue) -> dict[int, int]:
    """
    For each dimension of a buffer that is split, the number of memories; 0 for one an element.

    Raises:
        PassFailedException: when a dimension is split twice.
    """
    op = value.owner
    if not isinstance(op, BufferOp) or op.partition is None:
        return {}
    factors: dict[int, int] = {}
    for each in op.partition:
        if each.dimension.data in factors:
            fail(op, f"'partition' splits dimension {each.dimension.data} twice")
        factors[each.dimension.data] = each.factor.data
    return factors


def copies_of(value: SSAValue) -> int:
    """How many memories hold all of a buffer."""
    op = value.owner
    return op.copies.value.data if isinstance(op, BufferOp) and op.copies is not None else 1


def is_integer_buffer(value: SSAValue) -> bool:
    """Whether a value is a buffer of integers, wherever it is."""
    return is_buffer(value.type)
