"""LayerNorm in integers; the formulas are those of `docs/numerics.md`."""

from __future__ import annotations

from vaqf.backends.hls.body import Body, Function
from vaqf.backends.hls.operations.channels import tile_of
from vaqf.backends.hls.roles import magnitude_bits, signed_bits
from vaqf.backends.hls.unit import Unit
from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant.formats import MULTIPLIER_BITS
from vaqf.dialects.quant.widths import INVERSE_ROOT_BITS, LayerNormWidths
from vaqf.dialects.shapes import shape_of

INVERSE_BITS = INVERSE_ROOT_BITS + 2
"""Unsigned width of the reciprocal root, which reaches 2^17."""


def emit_add_moments(body: Body, op: accel.AddMomentsOp) -> None:
    """Add the lanes of one token to its sum and to its sum of squares."""
    unit, count = body.unit, op.lanes.value.data
    power = magnitude_bits(element_width(op.matrix))
    sum_type = unit.type(
        "lane_sum", f"ap_int<{signed_bits(count << power)}>", f"|sum| <= {count} lanes * 2^{power}"
    )
    squares_type = unit.type(
        "lane_squares",
        f"ap_uint<{(count << 2 * power).bit_length()}>",
        f"{count} squares of at most 2^{2 * power}",
    )
    lanes = unit.lane_names[op, "ChannelLanes"]
    function = Function(
        body, op, "add_moments", "Adds the lanes of one token to its sum and its sum of squares."
    )
    matrix = function.matrix("matrix", op.matrix, const=True)
    row = function.index("row", op.row)
    element, channel = tile_of(function, matrix, op.channel, count, lanes, "the channels of a tile")
    sums = function.local("sums", op.sums, const=False).array
    squares = function.local("squares", op.squares, const=False).array
    token = function.index("token", op.token)
    limit = None if op.limit is None else function.index("limit", op.limit)
    function.variable(sum_type, "lane_sum", "0")
    function.variable(squares_type, "lane_squares", "0")
    with function.unrolled("lane", lanes) as lane:
        value = element(row, lane)
        if limit is not None:
            value = f"{channel} + {lane} < {limit} ? {value} : {matrix.element}(0)"
        function.const(matrix.element, "value", value)
        function.line("lane_sum += value;")
        function.line(f"lane_squares += {squares_type}(value * value);")
    restart = None
    if op.restart is not None:
        restart = function.number("bool", "restart", body.scalar(op.restart))
    for array, added in ((sums, "lane_sum"), (squares, "lane_squares")):
        if restart is None:
            function.line(f"{array[token]} += {added};")
        else:
            before = f"({restart} ? {array.element}(0) : {array[token]})"
            function.assign(array[token], f"{before} + {added}")
    function.call()


def _channels_type(unit: Unit, channels: int) -> str:
    return unit.type(
        "channels", f"ap_uint<{channels.bit_length()}>", f"the number of channels, {channels}"
    )


def _integer_root(function: Function, square_type: str, root_type: str, bits: int) -> str:
    """The name of the function that takes an integer root of `bits` bits."""
    steps = bits // 2
    remainder = function.unit.type(
        "remainder", f"ap_uint<{steps + 2}>", "below four times the final root"
    )
    root = Function(
        function.body,
        function.op,
        "integer_root",
        "floor(sqrt(square)), one bit after the other, from the highest.",
    )
    square = root.number(square_type, "square", "")
    root.variable(root_type, "root", "0")
    root.variable(remainder, "rest", "0")
    with root.unrolled("bit", str(steps)):
        root.const(remainder, "next", f"(rest << 2) + {remainder}({square} >> {bits - 2})")
        root.const(remainder, "trial", f"({remainder}(root) << 2) + 1")
        root.const("bool", "fits", "next >= trial")
        root.assign("rest", f"fits ? {remainder}(next - trial) : next")
        root.assign("root", f"(root << 1) + {root_type}(fits)")
        root.assign(square, f"{square} << 2")
    root.line("return root;")
    return root.finish(root_type)


def emit_reciprocal_root(body: Body, op: accel.ReciprocalRootOp) -> None:
    """The reciprocal standard deviation of one token, as an integer and an exponent."""
    unit = body.unit
    widths = LayerNormWidths(op.channels.value.data, op.bits.value.data)
    bits, half = widths.variance_bits, widths.variance_bits // 2
    if bits > 60:
        fail(op, f"needs a variance of {bits} bits, at most 60 are possible")
    power = half + INVERSE_ROOT_BITS
    channels_type = _channels_type(unit, widths.channels)
    variance_type = unit.type(
        "variance",
        f"ap_uint<{bits}>",
        f"{widths.channels}^2 * 2^{2 * widths.bits - 2}, room for epsilon, an even number of bits",
    )
    root_type = unit.type("root", f"ap_uint<{half}>", f"the root of {bits} bits")
    dividend_type = unit.type("dividend", f"ap_uint<{power + 1}>", f"2^{power}")
    function = Function(
        body,
        op,
        "reciprocal_root",
        "The reciprocal standard deviation of one token, as an integer and an exponent.",
        "",
        f"channels^2 * variance + epsilon is shifted up, in steps of two bits, to use all {bits} "
        f"bits; `exponent` counts the steps. Then inverse = 2^{power} / root.",
    )
    sums = function.local("sums", op.sums, const=True).array
    squares = function.local("squares", op.squares, const=True).array
    inverses = function.local("inverses", op.inverses, const=False).array
    exponents = function.local("exponents", op.exponents, const=False).array
    token = function.index("token", op.token)
    integer_root = _integer_root(function, variance_type, root_type, bits)
    function.const(channels_type, "channels", str(widths.channels))
    squared_sum = f"{sums[token]} * {sums[token]}"
    function.variable(variance_type, "variance", f"channels * {squares[token]} - {squared_sum}")
    function.line(f"variance += {op.epsilon.value.data}ULL;")
    function.variable(exponents.element, "exponent", "0")
    with (
        function.unrolled("step", str(half - 1)),
        function.out.block(f"if (variance < ({variance_type}(1) << {bits - 2}))"),
    ):
        function.assign("variance", "variance << 2")
        function.line("exponent += 1;")
    function.const(root_type, "root", f"{integer_root}(variance)")
    function.const(dividend_type, "dividend", f"{dividend_type}(1) << {power}")
    function.assign(inverses[token], "dividend / root")
    function.assign(exponents[token], "exponent")
    function.call()


def emit_normalize(body: Body, op: accel.NormalizeOp) -> None:
    """Normalize the lanes of one token, multiply and add the offsets."""
    unit, width = body.unit, element_width(op.matrix)
    widths = LayerNormWidths(op.channels.value.data, width)
    product_bits = widths.centered_bits + INVERSE_BITS + 1
    if product_bits > 63:
        fail(op, f"needs products of {product_bits} bits, at most 63 are possible")
    largest_shift = widths.variance_bits // 2 + INVERSE_ROOT_BITS - widths.fraction_bits
    channels_type = _channels_type(unit, widths.channels)
    centered_type = unit.type(
        "centered",
        f"ap_int<{widths.centered_bits}>",
        f"|{widths.channels} * x - sum| < {widths.channels} * 2^{width}",
    )
    product_type = unit.type(
        "product",
        f"ap_int<{product_bits}>",
        f"{widths.centered_bits} bits times {INVERSE_BITS}, and the half of rounding",
    )
    normalized_type = unit.type(
        "normalized",
        f"ap_int<{MULTIPLIER_BITS}>",
        f"units of 2^-{widths.fraction_bits}, at most the root of {widths.channels}",
    )
    shift_type = unit.type(
        "shift", f"ap_uint<{largest_shift.bit_length()}>", f"{largest_shift} less the exponent"
    )
    lanes, count = unit.lane_names[op, "ChannelLanes"], shape_of(op.scaled)[0]
    function = Function(
        body,
        op,
        "normalize",
        "Brings the lanes of one token to mean 0 and variance 1, then multiplies and adds offsets.",
    )
    matrix = function.matrix("matrix", op.matrix, const=True)
    row = function.index("row", op.row)
    element, _ = tile_of(function, matrix, op.channel, count, lanes, "the channels of a tile")
    sums = function.local("sums", op.sums, const=True).array
    inverses = function.local("inverses", op.inverses, const=True).array
    exponents = function.local("exponents", op.exponents, const=True).array
    token = function.index("token", op.token)
    multipliers = function.local("multipliers", op.multipliers, const=True).array
    offsets = function.local("offsets", op.offsets, const=True).array
    scaled = function.local("scaled", op.scaled, const=False).array
    function.const(channels_type, "channels", str(widths.channels))
    function.const(sums.element, "sum", sums[token])
    function.const(inverses.element, "inverse", inverses[token])
    function.const(shift_type, "shift", f"{largest_shift} - {exponents[token]}")
    function.const(shift_type, "half_shift", "shift - 1")
    function.const(product_type, "half", f"{product_type}(1) << half_shift")
    with function.unrolled("lane", lanes) as lane:
        function.const(centered_type, "centered", f"channels * {element(row, lane)} - sum")
        function.const(product_type, "product", "centered * inverse + half")
        function.const(normalized_type, "normalized", "product >> shift")
        function.assign(scaled[lane], f"normalized * {multipliers[lane]} + {offsets[lane]}")
    function.call()
