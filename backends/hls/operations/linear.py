"""Sums of products, and what linear layers do with them."""

from __future__ import annotations

from collections.abc import Callable

from vaqf.backends.hls import pragmas
from vaqf.backends.hls.body import Body, Function
from vaqf.backends.hls.operations.channels import tile_of
from vaqf.backends.hls.operations.rounding import rounded, value_bits
from vaqf.backends.hls.roles import magnitude_bits, signed_bits
from vaqf.backends.hls.storage import Array, Local
from vaqf.backends.hls.unit import Unit
from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant.activations import MAXIMUM_GELU_SEGMENTS, gelu_table_entries
from vaqf.dialects.shapes import shape_of


def emit_accumulate(body: Body, op: accel.AccumulateOp) -> None:
    """Add the products of a tile of activations and a tile of weights to the partial sums."""
    unit = body.unit
    binary = element_width(op.weight) == 1
    kind = "one-bit weights" if binary else "weights"
    function = Function(
        body,
        op,
        "accumulate",
        f"Adds the products of a tile of activations and a tile of {kind} to the partial sums.",
        *(BINARY_EXPLANATION if binary else ()),
    )
    activation = function.matrix("activation", op.activation, const=True)
    token = function.index("token", op.token)
    tokens, inputs, outputs = (
        unit.lane_names[op, name] for name in ("TokenLanes", "InputLanes", "OutputLanes")
    )
    unit.require(f"kTokenSlots % {tokens} == 0", "the last tile of tokens lies within a matrix")
    count = shape_of(op.weight)[-1]
    element, channel = tile_of(
        function, activation, op.channel, count, inputs, "the input channels of a tile"
    )
    weight = function.local("weight", op.weight, list(op.slot), const=True)
    sums = function.local("sums", op.sums, const=False).array
    restart = None
    if op.restart is not None:
        restart = function.number("bool", "restart", body.scalar(op.restart))
    limit = None if op.limit is None else function.index("limit", op.limit)
    sum_type = _tile_sum_type(unit, op)
    lanes = Array("lanes", activation.element, (inputs,))
    with function.unrolled("step", tokens) as step:
        row = f"{token} + {step}"
        function.line(f"{lanes.declaration()};")
        function.out.pragma(pragmas.partition(lanes.name, 1, 0))
        with function.unrolled("input", inputs) as lane:
            value = element(row, lane)
            if limit is not None:
                value = f"{channel} + {lane} < {limit} ? {value} : {activation.element}(0)"
            function.assign(lanes[lane], value)
        products = (_binary_products if binary else _products)(function, lanes, weight, sum_type)
        with function.unrolled("lane", outputs) as lane:
            products(lane)
            target = sums[row, lane]
            if restart is None:
                function.line(f"{target} += products;")
            else:
                before = f"{restart} ? {sums.element}(0) : {target}"
                function.const(sums.element, "before", before)
                function.assign(target, "before + products")
    function.call()


BINARY_EXPLANATION = (
    "",
    "Nothing is multiplied. For weights of +1 and -1, sum(w * a) = 2 * sum(a where w = +1) - "
    "sum(a), and sum(a) is computed once a token and shared by all output lanes.",
)


def _tile_sum_type(unit: Unit, op: accel.AccumulateOp) -> str:
    """The type of a sum over the lanes of one tile."""
    count, width = shape_of(op.weight)[-1], element_width(op.weight)
    power = magnitude_bits(element_width(op.activation))
    magnitude = 1 if width == 1 else (1 << (width - 1)) - 1
    factor = "" if width == 1 else f" * {magnitude}"
    return unit.type(
        "tile_sum",
        f"ap_int<{signed_bits(count * magnitude << power)}>",
        f"|sum| <= {count} lanes * 2^{power}{factor}",
    )


WriteProducts = Callable[[str], None]
"""Writes the statements that give `products`, the sum of products of one output lane."""


def _binary_products(
    function: Function, lanes: Array, weight: Local, sum_type: str
) -> WriteProducts:
    """Twice the selected activations minus all of them."""
    select = Function(
        function.body,
        function.op,
        "sum_selected",
        "Sum of the lanes whose bit in `select` is set, as a balanced adder tree.",
    )
    select.parameters += [f"const {lanes.declaration('lanes')}", f"{weight.array.element} select"]
    select.variable(sum_type, "sum", "0")
    with select.unrolled("lane", lanes.sizes[0]) as lane:
        select.line(f"sum += select[{lane}] ? {sum_type}(lanes[{lane}]) : {sum_type}(0);")
    select.line("return sum;")
    sum_selected = select.finish(sum_type)
    function.variable(sum_type, "total", "0")
    with function.unrolled("addend", lanes.sizes[0]) as lane:
        function.line(f"total += {lanes[lane]};")

    def write(lane: str) -> None:
        selected = f"{sum_selected}({lanes.name}, {weight.array[lane]})"
        function.const(sum_type, "selected", selected)
        function.const(sum_type, "products", "2 * selected - total")

    return write


def _products(function: Function, lanes: Array, weight: Local, sum_type: str) -> WriteProducts:
    """The sum of the products of all lanes."""

    def write(lane: str) -> None:
        function.variable(sum_type, "products", "0")
        with function.unrolled("factor", lanes.sizes[0]) as factor:
            function.line(f"products += {lanes[factor]} * {weight.array[lane, factor]};")

    return write


def emit_scale(body: Body, op: accel.ScaleOp) -> None:
    """Multiply the sums of a token and add the offsets."""
    function = Function(
        body, op, "scale", "Multiplies the sums of one token and adds the offsets, lane by lane."
    )
    sums = function.local("sums", op.sums, const=True)
    token = function.index("token", op.token)
    multipliers = function.local("multipliers", op.multipliers, const=True)
    offsets = function.local("offsets", op.offsets, const=True)
    scaled = function.local("scaled", op.scaled, const=False)
    with function.unrolled("lane", scaled.array.sizes[0]) as lane:
        product = f"{sums.array[token, lane]} * {multipliers.array[lane]}"
        function.assign(f"{scaled.array[lane]}", f"{product} + {offsets.array[lane]}")
    function.call()


def _store(body: Body, op: accel.StoreRoundedOp | accel.AddRoundedOp, base: str, doc: str) -> None:
    function = Function(body, op, base, doc)
    scaled = function.local("scaled", op.scaled, const=True)
    matrix = function.matrix("matrix", op.matrix, const=False)
    row = function.index("row", op.row)
    count = shape_of(op.scaled)[0]
    element, _ = tile_of(function, matrix, op.channel, count, scaled.array.sizes[0])
    bits = value_bits(function, op) if isinstance(op, accel.StoreRoundedOp) else None
    with function.unrolled("lane", scaled.array.sizes[0]) as lane:
        value = rounded(scaled.array[lane], op.shift.value.data, matrix, bits)
        target = element(row, lane)
        if isinstance(op, accel.AddRoundedOp):
            value = f"clamp<{matrix.width}>({target} + {value})"
        function.assign(target, value)
    function.call()


def emit_store_rounded(body: Body, op: accel.StoreRoundedOp) -> None:
    """Round scaled values into a matrix."""
    _store(body, op, "store_rounded", "Rounds scaled values into the format of a matrix.")


def emit_add_rounded(body: Body, op: accel.AddRoundedOp) -> None:
    """Round scaled values and add them to the residual stream."""
    if element_width(op.matrix) == 1:
        fail(op, "adds to a matrix of one bit, expected a residual stream of more")
    _store(
        body,
        op,
        "add_rounded",
        "Rounds scaled values and adds them to the residual stream, both with saturation.",
    )


def emit_store_lookup(body: Body, op: accel.StoreLookupOp) -> None:
    """Round scaled values and store their entries in a table."""
    function = Function(
        body, op, "store_lookup", "Rounds scaled values and stores what a table has for them."
    )
    scaled = function.local("scaled", op.scaled, const=True).array
    table = function.local("table", op.table, const=True)
    matrix = function.matrix("matrix", op.matrix, const=False)
    row = function.index("row", op.row)
    count, width, shift = shape_of(op.scaled)[0], matrix.width, op.shift.value.data
    if (entries := shape_of(op.table)[0]) != gelu_table_entries(width):
        fail(op, f"has a table of {entries} entries, expected {gelu_table_entries(width)}")
    element, _ = tile_of(function, matrix, op.channel, count, scaled.sizes[0])
    with function.unrolled("lane", scaled.sizes[0]) as lane:
        copy = table.table(lane)
        steps_type = function.unit.type(
            "table_steps", f"ap_uint<{width}>", "an input, counted from the smallest one"
        )
        steps = f"clamp<{width}>({scaled[lane]} >> {shift}) + {1 << (width - 1)}"
        if width == 1:
            steps = f"{scaled[lane]} < 0 ? 0 : 1"
        function.const(steps_type, "steps", steps)
        if 1 << width <= MAXIMUM_GELU_SEGMENTS:
            function.assign(element(row, lane), copy["steps"])
        else:
            _interpolate(function, width, copy, element(row, lane))
    function.call()


def _interpolate(function: Function, width: int, entries: Array, target: str) -> None:
    """Between the two entries around a value, with rounding."""
    unit = function.unit
    segment_bits = width + 1 - MAXIMUM_GELU_SEGMENTS.bit_length()
    index = unit.type(
        "table_index",
        f"ap_uint<{width - segment_bits}>",
        f"one of {MAXIMUM_GELU_SEGMENTS} segments of {1 << segment_bits} inputs",
    )
    within = unit.type("within_segment", f"ap_uint<{segment_bits}>", "position in a segment")
    slope = unit.type("slope", f"ap_int<{width + 1}>", f"difference of two entries of {width} bits")
    function.const(index, "index", f"steps >> {segment_bits}")
    function.const(within, "within", "steps")
    function.const(slope, "slope", f"{entries['index + 1']} - {entries['index']}")
    half = 1 << (segment_bits - 1)
    rise = f"(slope * within + {half}) >> {segment_bits}"
    function.assign(target, f"{entries['index']} + ({rise})")
