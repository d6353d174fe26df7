"""
What the arrays inside of engines hold, and so in which C++ type, and why that is wide enough.

The IR says how wide elements are. Their use says whether they are signed, and how wide they must
be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from xdsl.dialects import arith
from xdsl.ir import Operation, SSAValue

from vaqf.backends.hls.analysis import constant_of, induction_loop, trip_counts, values_at_calls
from vaqf.backends.hls.design import Engine
from vaqf.dialects import accel
from vaqf.dialects.accel.memory import LOCAL, element_width, is_buffer
from vaqf.dialects.accel.slots import array_behind
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant.activations import EXPONENTIAL_FRACTION_BITS
from vaqf.dialects.quant.formats import MULTIPLIER_BITS, OFFSET_BITS
from vaqf.dialects.quant.widths import INVERSE_ROOT_BITS, LayerNormWidths
from vaqf.dialects.shapes import shape_of


class Kind(Enum):
    """How the integers of an array are read."""

    ACTIVATION = auto()
    """As those of a matrix: one bit is -1 or +1."""

    BITS = auto()
    """Rows of one-bit weights: set means +1."""

    MULTIPLIER = auto()
    OFFSET = auto()
    SIGNED = auto()
    UNSIGNED = auto()


@dataclass(frozen=True)
class Role:
    """What one array is for."""

    kind: Kind
    needed: int | None
    """Bits that its largest value needs; None when only the model knows."""

    why: str
    """Where that value comes from, for a comment."""


def magnitude_bits(width: int) -> int:
    """The largest magnitude of an activation is 2 to this power: one bit is -1 or +1."""
    return width - 1


def signed_bits(largest: int) -> int:
    """Signed width for magnitudes up to `largest`, both signs included."""
    return largest.bit_length() + 1


def _is_local(value: SSAValue) -> bool:
    return is_buffer(value.type) and value.type.memory_space == LOCAL


def _longest_sum(op: accel.AccumulateOp, engine: Engine | None) -> int | None:
    """The largest number of products in one sum, over all callers."""
    limit, factor = op.limit, 1
    if limit is None:
        channel = op.channel
        if isinstance(owner := channel.owner, arith.MuliOp):
            channel, factor = owner.lhs, constant_of(owner.rhs) or 0
        loop = induction_loop(channel)
        limit = None if loop is None or not factor else loop.ub
    numbers = None if limit is None else values_at_calls(limit, engine)
    return max(numbers) * factor if numbers else None


def _accumulate(op: accel.AccumulateOp, engine: Engine | None) -> Iterator[tuple[SSAValue, Role]]:
    width, weight_width = element_width(op.activation), element_width(op.weight)
    if weight_width == 1:
        yield op.weight, Role(Kind.BITS, 1, "bit n is the weight of input lane n: 1 is +1, 0 is -1")
        weight_magnitude, factor = 1, ""
    else:
        yield op.weight, Role(Kind.SIGNED, None, "one weight, symmetric")
        weight_magnitude = (1 << (weight_width - 1)) - 1
        factor = f" * {weight_magnitude}"
    longest = _longest_sum(op, engine)
    if longest is None:
        yield op.sums, Role(Kind.SIGNED, None, "the longest sum of products of any layer")
        return
    largest = longest * weight_magnitude << magnitude_bits(width)
    yield (
        op.sums,
        Role(
            Kind.SIGNED,
            signed_bits(largest),
            f"|sum| <= {longest} * 2^{magnitude_bits(width)}{factor}, the longest row of any layer",
        ),
    )


def _scaled(op: accel.ScaleOp | accel.NormalizeOp) -> Iterator[tuple[SSAValue, Role]]:
    yield op.multipliers, Role(Kind.MULTIPLIER, MULTIPLIER_BITS, "")
    yield op.offsets, Role(Kind.OFFSET, OFFSET_BITS, "")
    width = MULTIPLIER_BITS
    if isinstance(op, accel.ScaleOp):
        width = element_width(op.sums)
        yield op.sums, Role(Kind.SIGNED, None, "the longest sum of products of any layer")
    needed = max(width + MULTIPLIER_BITS, OFFSET_BITS) + 1
    yield (
        op.scaled,
        Role(
            Kind.SIGNED,
            needed,
            f"a product of {width} and {MULTIPLIER_BITS} bits plus an offset of {OFFSET_BITS}",
        ),
    )


def _moments(op: accel.AddMomentsOp) -> Iterator[tuple[SSAValue, Role]]:
    yield op.sums, Role(Kind.SIGNED, None, "sum of the channels of a token")
    yield op.squares, Role(Kind.UNSIGNED, None, "sum of the squares of the channels of a token")


def _root(op: accel.ReciprocalRootOp) -> Iterator[tuple[SSAValue, Role]]:
    widths = LayerNormWidths(op.channels.value.data, op.bits.value.data)
    channels, bits = widths.channels, widths.bits
    yield (
        op.sums,
        Role(Kind.SIGNED, widths.sum_bits, f"|sum| <= {channels} channels * 2^{bits - 1}"),
    )
    yield (
        op.squares,
        Role(Kind.UNSIGNED, widths.squares_bits, f"{channels} squares of at most 2^{2 * bits - 2}"),
    )
    yield (
        op.inverses,
        Role(Kind.UNSIGNED, INVERSE_ROOT_BITS + 2, f"at most 2^{INVERSE_ROOT_BITS + 1}, inclusive"),
    )
    steps = widths.variance_bits // 2 - 1
    yield (
        op.exponents,
        Role(Kind.UNSIGNED, steps.bit_length(), f"0 to {steps} doublings of the root"),
    )


def _score(op: accel.ScoreOp) -> Iterator[tuple[SSAValue, Role]]:
    yield op.queries, Role(Kind.ACTIVATION, None, "")
    yield op.keys, Role(Kind.ACTIVATION, None, "")
    channels = shape_of(op.queries)[1]
    power = 2 * magnitude_bits(element_width(op.queries))
    needed = signed_bits(channels << power)
    why = f"|score| <= {channels} channels of a head * 2^{power}"
    yield op.scores, Role(Kind.SIGNED, needed, why)
    yield op.maxima, Role(Kind.SIGNED, needed, why)


def _keys(limit: SSAValue | None, slots: int, engine: Engine | None) -> int:
    """The largest number of keys that count."""
    numbers = None if limit is None else values_at_calls(limit, engine)
    return max(numbers) if numbers else slots


def _exponentiate(
    op: accel.ExponentiateOp, engine: Engine | None
) -> Iterator[tuple[SSAValue, Role]]:
    largest = f"at most 2^{EXPONENTIAL_FRACTION_BITS}, inclusive"
    bits = EXPONENTIAL_FRACTION_BITS + 1
    yield op.scores, Role(Kind.SIGNED, None, "a score")
    yield op.maxima, Role(Kind.SIGNED, None, "the largest score of a query")
    yield op.table, Role(Kind.UNSIGNED, bits, largest)
    yield op.exponentials, Role(Kind.UNSIGNED, bits, largest)
    keys = _keys(op.limit, shape_of(op.exponentials)[1], engine)
    needed = (keys << EXPONENTIAL_FRACTION_BITS).bit_length()
    why = f"sum of {keys} exponentials of at most 2^{EXPONENTIAL_FRACTION_BITS}"
    yield op.sums, Role(Kind.UNSIGNED, needed, why)


def _reciprocal(op: accel.ReciprocalOp) -> Iterator[tuple[SSAValue, Role]]:
    yield op.sums, Role(Kind.UNSIGNED, None, "sum of the exponentials of all keys")
    # No sum is smaller than the exponential of the largest score.
    power = op.shift.value.data - EXPONENTIAL_FRACTION_BITS
    if op.multiplier is not None:
        power += MULTIPLIER_BITS - 1
    yield op.inverses, Role(Kind.UNSIGNED, power + 1, f"at most 2^{power}, inclusive")


def _mix(op: accel.MixOp, engine: Engine | None) -> Iterator[tuple[SSAValue, Role]]:
    yield op.exponentials, Role(Kind.UNSIGNED, None, "an exponential")
    yield op.inverses, Role(Kind.UNSIGNED, None, "the reciprocal of a sum of exponentials")
    yield op.values, Role(Kind.ACTIVATION, None, "")
    count = _keys(op.limit, shape_of(op.values)[0], engine)
    bits, power = op.bits.value.data, magnitude_bits(element_width(op.values))
    yield (
        op.mixed,
        Role(
            Kind.SIGNED,
            signed_bits(count * ((1 << bits) - 1) << power),
            f"|sum| <= {count} keys * (2^{bits} - 1) * 2^{power}",
        ),
    )


def _rows_added(op: accel.AddRowOp, engine: Engine | None) -> int | None:
    """How many rows go into one sum at most; None when that is not known."""
    row = op.row
    while (loop := induction_loop(row)) is None:
        if not isinstance(addition := row.owner, arith.AddiOp):
            return None
        row = addition.rhs
    counts = trip_counts(loop, engine)
    return None if counts is None else counts[1]


def _add_row(op: accel.AddRowOp, engine: Engine | None) -> Iterator[tuple[SSAValue, Role]]:
    rows, power = _rows_added(op, engine), magnitude_bits(element_width(op.matrix))
    if rows is None:
        yield op.sums, Role(Kind.SIGNED, None, "sum of a channel over the tokens")
        return
    yield (
        op.sums,
        Role(Kind.SIGNED, signed_bits(rows << power), f"|sum| <= {rows} tokens * 2^{power}"),
    )


def _roles(op: Operation, engine: Engine | None) -> Iterator[tuple[SSAValue, Role]]:
    """The arrays that an op uses, and what it needs of them."""
    match op:
        case accel.AccumulateOp():
            yield from _accumulate(op, engine)
        case accel.ScaleOp():
            yield from _scaled(op)
        case accel.StoreLookupOp():
            yield op.table, Role(Kind.SIGNED, None, "an entry of a table")
        case accel.GatherPatchOp():
            yield op.image, Role(Kind.ACTIVATION, None, "")
        case accel.AddMomentsOp():
            yield from _moments(op)
        case accel.ReciprocalRootOp():
            yield from _root(op)
        case accel.NormalizeOp():
            yield from _scaled(op)
        case accel.CopyRowOp():
            yield op.destination, Role(Kind.ACTIVATION, None, "")
        case accel.ScoreOp():
            yield from _score(op)
        case accel.ExponentiateOp():
            yield from _exponentiate(op, engine)
        case accel.ReciprocalOp():
            yield from _reciprocal(op)
        case accel.MixOp():
            yield from _mix(op, engine)
        case accel.AddRowOp():
            yield from _add_row(op, engine)
        case _:
            pass


def roles_in(function: Operation, engine: Engine | None) -> dict[SSAValue, Role]:
    """
    The role of every local array of a function.

    Args:
        function: Of the IR.
        engine: What it is an engine for; None for the top function.

    Raises:
        PassFailedException: when the elements of an array are too narrow, or are used in ways that
            differ.
    """
    found: dict[SSAValue, Role] = {}
    for op in function.walk():
        for used, role in _roles(op, engine):
            value, _ = array_behind(used)
            if not _is_local(value):
                continue
            width, known = element_width(value), found.get(value)
            if role.needed is not None and width < role.needed:
                fail(
                    op,
                    f"'{value.name_hint or 'an array'}' has elements of {width} bits, it needs "
                    f"{role.needed}: {role.why}",
                )
            if known is not None and known.kind != role.kind:
                fail(
                    op,
                    f"'{value.name_hint or 'an array'}' is used as {role.kind.name.lower()} and as "
                    f"{known.kind.name.lower()}",
                )
            if known is None or known.needed is None:
                found[value] = role
    return found
