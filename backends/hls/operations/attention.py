"""Attention in integers; the formulas are those of `docs/numerics.md`."""

from __future__ import annotations

from xdsl.ir import SSAValue

from vaqf.backends.hls import pragmas
from vaqf.backends.hls.body import Body, Function
from vaqf.backends.hls.operations.channels import tile_of
from vaqf.backends.hls.operations.packed_products import packed_sums
from vaqf.backends.hls.operations.rounding import rounded, value_bits
from vaqf.backends.hls.roles import magnitude_bits, signed_bits
from vaqf.backends.hls.storage import Array
from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.accel.multipliers import packed_terms, signed_magnitude
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant.activations import EXPONENTIAL_ENTRIES, EXPONENTIAL_FRACTION_BITS
from vaqf.dialects.quant.formats import MULTIPLIER_BITS
from vaqf.dialects.shapes import shape_of

STEP_BITS = EXPONENTIAL_ENTRIES.bit_length() - 1
"""Bits of a step within an octave."""


def emit_copy_row(body: Body, op: accel.CopyRowOp) -> None:
    """Copy the channels of one head of one token into an array of the engine."""
    lanes, count = body.unit.lane_names[op, "HeadChannels"], shape_of(op.destination)[1]
    function = Function(body, op, "copy_row", "Copies the channels of one head of one token.")
    matrix = function.matrix("matrix", op.matrix, const=True)
    row = function.index("row", op.row)
    element, _ = tile_of(function, matrix, op.channel, count, lanes, "the channels of a head")
    destination = function.local("destination", op.destination, const=False).array
    target = function.index("target", op.target)
    with function.unrolled("lane", lanes) as lane:
        function.assign(destination[target, lane], element(row, lane))
    function.call()


def _optional_limit(function: Function, limit: SSAValue | None) -> str | None:
    return None if limit is None else function.index("limit", limit)


def _before(
    function: Function,
    op: accel.ScoreOp | accel.ExponentiateOp | accel.MixOp,
    array: Array,
    indices: tuple[str, ...],
    initial: int,
    restart: str | None = None,
) -> str:
    """What an element held before, or what it starts with."""
    if op.restart is None:
        return array[indices]
    restart = restart or function.number("bool", "restart", function.body.scalar(op.restart))
    return f"({restart} ? {array.element}({initial}) : {array[indices]})"


def emit_score(body: Body, op: accel.ScoreOp) -> None:
    """Compare one query with the keys of the lanes, and keep its largest score."""
    unit = body.unit
    key_lanes, channels = (unit.lane_names[op, name] for name in ("KeyLanes", "HeadChannels"))
    function = Function(
        body,
        op,
        "score",
        "Multiplies one query with the keys of the lanes, and keeps its largest score.",
    )
    queries = function.local("queries", op.queries, const=True).array
    query = function.index("query", op.query)
    keys = function.local("keys", op.keys, const=True).array
    key = function.index("key", op.key)
    scores = function.local("scores", op.scores, const=False).array
    maxima = function.local("maxima", op.maxima, const=False).array
    limit = _optional_limit(function, op.limit)
    smallest = -(1 << (element_width(op.maxima) - 1))
    function.variable(maxima.element, "maximum", _before(function, op, maxima, (query,), smallest))

    def take(position: str, score: str) -> None:
        function.assign(scores[query, position], score)
        counts = "" if limit is None else f"{position} < {limit} && "
        with function.only_if(f"{counts}{score} > maximum"):
            function.assign("maximum", score)

    lanes, magnitude = op.lanes.value.data, signed_magnitude(element_width(op.queries))
    terms = packed_terms(magnitude, magnitude)
    if terms:
        multiply = packed_sums(
            function,
            shared=queries.element,
            packed=keys.element,
            sum_type=scores.element,
            size=channels,
            count=shape_of(op.queries)[1],
            terms=terms,
        )
        with function.unrolled("pair", str(lanes // 2)) as pair:
            position = f"{key} + 2 * {pair}"
            function.line(f"{scores.element} low, high;")
            rows = f"{keys.piece(position).name}, {keys.piece(f'{position} + 1').name}"
            function.line(f"{multiply}({queries.piece(query).name}, {rows}, low, high);")
            take(position, "low")
            take(f"{position} + 1", "high")

    def multiply_alone(position: str) -> None:
        function.variable(scores.element, "score", "0")
        with function.unrolled("channel", channels) as channel:
            function.line(f"score += {queries[query, channel]} * {keys[position, channel]};")
        take(position, "score")

    if not terms:
        with function.unrolled("lane", key_lanes) as lane:
            multiply_alone(f"{key} + {lane}")
    elif lanes % 2:
        multiply_alone(f"{key} + {lanes - 1}")
    function.assign(maxima[query], "maximum")
    function.call()


def emit_exponentiate(body: Body, op: accel.ExponentiateOp) -> None:
    """Turn scores of one query into exponentials and add them to its sum."""
    unit, shift = body.unit, op.shift.value.data
    score_bits, count = element_width(op.scores), op.lanes.value.data
    product_bits = max(score_bits + MULTIPLIER_BITS, shift) + 1
    if product_bits > 63:
        fail(op, f"needs products of {product_bits} bits, at most 63 are possible")
    distance_type = unit.type(
        "distance", f"ap_uint<{score_bits}>", "from the largest score down to another"
    )
    factor_type = unit.type("factor", f"ap_uint<{MULTIPLIER_BITS}>", "a multiplier without sign")
    steps_type = unit.type(
        "steps",
        f"ap_uint<{product_bits}>",
        f"{score_bits} bits times {MULTIPLIER_BITS}, and the half of rounding",
    )
    fraction_type = unit.type(
        "fraction", f"ap_uint<{STEP_BITS}>", f"steps of 1/{EXPONENTIAL_ENTRIES} octave"
    )
    octaves_type = unit.type(
        "octaves",
        f"ap_uint<{EXPONENTIAL_FRACTION_BITS.bit_length()}>",
        f"0 to {EXPONENTIAL_FRACTION_BITS}: further down, an exponential vanishes",
    )
    total_type = unit.type(
        "lane_total",
        f"ap_uint<{(count << EXPONENTIAL_FRACTION_BITS).bit_length()}>",
        f"{count} exponentials of at most 2^{EXPONENTIAL_FRACTION_BITS}",
    )
    function = Function(
        body,
        op,
        "exponentiate",
        "Turns scores of one query into exponentials and adds them to its sum.",
        "",
        f"A step is 1/{EXPONENTIAL_ENTRIES} octave. The table has one octave; whole octaves are "
        "shifts.",
    )
    scores = function.local("scores", op.scores, const=True).array
    query = function.index("query", op.query)
    key = function.index("key", op.key)
    maxima = function.local("maxima", op.maxima, const=True).array
    table = function.local("table", op.table, const=True)
    multiplier = function.number(
        body.c_type(op.multiplier), "multiplier", body.scalar(op.multiplier)
    )
    exponentials = function.local("exponentials", op.exponentials, const=False).array
    sums = function.local("sums", op.sums, const=False).array
    limit = _optional_limit(function, op.limit)
    power_type = exponentials.element
    function.const(factor_type, "factor", multiplier)
    function.const(steps_type, "half", f"{steps_type}(1) << {shift - 1}")
    function.variable(total_type, "total", "0")
    with function.unrolled("lane", unit.lane_names[op, "KeyLanes"]) as lane:
        position = f"{key} + {lane}"
        entries = table.table(lane)
        function.const(distance_type, "distance", f"{maxima[query]} - {scores[query, position]}")
        function.const(steps_type, "steps", f"(distance * factor + half) >> {shift}")
        function.const(fraction_type, "fraction", "steps")
        function.const(octaves_type, "octaves", f"steps >> {STEP_BITS}")
        vanishes = f"steps >= {steps_type}({(EXPONENTIAL_FRACTION_BITS + 1) << STEP_BITS})"
        counts = "" if limit is None else f"{position} >= {limit} || "
        function.const("bool", "vanishes", f"{counts}{vanishes}")
        power = f"{power_type}({entries['fraction']} >> octaves)"
        function.const(power_type, "power", f"vanishes ? {power_type}(0) : {power}")
        function.assign(exponentials[query, position], "power")
        function.line("total += power;")
    if op.restart is None:
        function.line(f"{sums[query]} += total;")
    else:
        before = _before(function, op, sums, (query,), 0)
        function.assign(sums[query], f"{before} + total")
    function.call()


def emit_reciprocal(body: Body, op: accel.ReciprocalOp) -> None:
    """The reciprocal of one sum of exponentials."""
    shift = op.shift.value.data
    bits, why = shift + 1, f"2^{shift}"
    if op.multiplier is not None:
        bits, why = shift + MULTIPLIER_BITS - 1, f"a multiplier times 2^{shift}"
    if bits > 63:
        fail(op, f"divides {bits} bits, at most 63 are possible")
    dividend_type = body.unit.type("dividend", f"ap_uint<{bits}>", why)
    function = Function(body, op, "reciprocal", "The reciprocal of one sum of exponentials.")
    sums = function.local("sums", op.sums, const=True).array
    inverses = function.local("inverses", op.inverses, const=False).array
    query = function.index("query", op.query)
    factor = "1"
    if op.multiplier is not None:
        type = body.c_type(op.multiplier)
        factor = function.number(type, "multiplier", body.scalar(op.multiplier))
    function.const(dividend_type, "dividend", f"{dividend_type}({factor}) << {shift}")
    function.assign(inverses[query], f"dividend / {sums[query]}")
    function.call()


def emit_mix(body: Body, op: accel.MixOp) -> None:
    """Turn exponentials of one query into probabilities, and add the values weighted by them."""
    unit, bits, shift = body.unit, op.bits.value.data, op.shift.value.data
    key_lanes, channels = (unit.lane_names[op, name] for name in ("KeyLanes", "HeadChannels"))
    product_bits = max(element_width(op.exponentials) + element_width(op.inverses), shift) + 1
    if product_bits > 63:
        fail(op, f"needs products of {product_bits} bits, at most 63 are possible")
    largest, count = (1 << bits) - 1, op.lanes.value.data
    power = magnitude_bits(element_width(op.values))
    probability_type = unit.type("probability", f"ap_uint<{bits}>", f"units of 2^-{bits}")
    product_type = unit.type(
        "quotient", f"ap_uint<{product_bits}>", "exponential times reciprocal, and half of a unit"
    )
    sum_type = unit.type(
        "lane_mix",
        f"ap_int<{signed_bits(count * largest << power)}>",
        f"|sum| <= {count} keys * (2^{bits} - 1) * 2^{power}",
    )
    function = Function(
        body,
        op,
        "mix",
        "Turns exponentials of one query into probabilities, and adds the values weighted by them.",
    )
    exponentials = function.local("exponentials", op.exponentials, const=True).array
    query = function.index("query", op.query)
    key = function.index("key", op.key)
    inverses = function.local("inverses", op.inverses, const=True).array
    values = function.local("values", op.values, const=True).array
    mixed = function.local("mixed", op.mixed, const=False).array
    limit = _optional_limit(function, op.limit)
    function.line(f"{probability_type} probabilities[{key_lanes}];")
    function.out.pragma(pragmas.partition("probabilities", 1, 0))
    function.const(product_type, "half", f"{product_type}(1) << {shift - 1}")
    function.const(product_type, "largest", str(largest))
    with function.unrolled("lane", key_lanes) as lane:
        position = f"{key} + {lane}"
        product = f"{exponentials[query, position]} * {inverses[query]} + half"
        function.const(product_type, "quotient", f"({product}) >> {shift}")
        function.const(
            probability_type,
            "probability",
            f"quotient > largest ? {probability_type}(largest) : {probability_type}(quotient)",
        )
        value = "probability"
        if limit is not None:
            value = f"{position} < {limit} ? probability : {probability_type}(0)"
        function.assign(f"probabilities[{lane}]", value)
    restart = None
    if op.restart is not None:
        restart = function.number("bool", "restart", body.scalar(op.restart))

    def add(channel: str, sum: str) -> None:
        if restart is None:
            function.line(f"{mixed[query, channel]} += {sum};")
        else:
            before = _before(function, op, mixed, (query, channel), 0, restart)
            function.assign(mixed[query, channel], f"{before} + {sum}")

    def mix_alone(channel: str) -> None:
        function.variable(sum_type, "sum", "0")
        with function.unrolled("factor", key_lanes) as factor:
            function.line(
                f"sum += probabilities[{factor}] * {values[f'{key} + {factor}', channel]};"
            )
        add(channel, "sum")

    depth = shape_of(op.values)[1]
    terms = packed_terms(largest, signed_magnitude(element_width(op.values)))
    if not terms or op.packed is None:
        with function.unrolled("channel", channels) as channel:
            mix_alone(channel)
        function.call()
        return
    multiply = packed_sums(
        function,
        shared=probability_type,
        packed=values.element,
        sum_type=sum_type,
        size=key_lanes,
        count=count,
        terms=terms,
    )
    with function.unrolled("pair", str(depth // 2)) as pair:
        columns = [Array(name, values.element, (key_lanes,)) for name in ("even", "odd")]
        for column in columns:
            function.line(f"{column.declaration()};")
            function.out.pragma(pragmas.partition(column.name, 1, 0))
        with function.unrolled("factor", key_lanes) as factor:
            for number, column in enumerate(columns):
                channel = f"2 * {pair} + {number}" if number else f"2 * {pair}"
                function.assign(column[factor], values[f"{key} + {factor}", channel])
        function.line(f"{sum_type} low, high;")
        function.line(f"{multiply}(probabilities, even, odd, low, high);")
        add(f"2 * {pair}", "low")
        add(f"2 * {pair} + 1", "high")
    if depth % 2:
        mix_alone(str(depth - 1))
    function.call()


def emit_store_rescaled(body: Body, op: accel.StoreRescaledOp) -> None:
    """Requantize one row with one multiplier."""
    unit, shift, width = body.unit, op.shift.value.data, element_width(op.values)
    count = shape_of(op.values)[1]
    product_bits = max(width + MULTIPLIER_BITS, shift + 1) + 1
    if product_bits > 63:
        fail(op, f"needs products of {product_bits} bits, at most 63 are possible")
    function = Function(body, op, "store_rescaled", "Requantizes one row with one multiplier.")
    values = function.local("values", op.values, const=True).array
    token = function.index("token", op.token)
    matrix = function.matrix("matrix", op.matrix, const=False)
    row = function.index("row", op.row)
    lanes = values.sizes[1]
    element, _ = tile_of(function, matrix, op.channel, count, lanes, "the channels of a row")
    if matrix.width == 1:  # The multiplier is positive: the sign needs none.
        with function.unrolled("lane", lanes) as lane:
            function.assign(element(row, lane), rounded(values[token, lane], 0, matrix))
        function.call()
        return
    product_type = unit.type(
        "rescaled",
        f"ap_int<{product_bits}>",
        f"{width} bits times {MULTIPLIER_BITS}, and the half of rounding",
    )
    multiplier = function.number(
        body.c_type(op.multiplier), "multiplier", body.scalar(op.multiplier)
    )
    bits = value_bits(function, op)
    function.const(product_type, "half", f"{product_type}(1) << {shift - 1}")
    with function.unrolled("lane", lanes) as lane:
        function.const(product_type, "rescaled", f"{values[token, lane]} * {multiplier} + half")
        function.assign(element(row, lane), rounded("rescaled", shift, matrix, bits))
    function.call()
