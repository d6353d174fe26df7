"""Sums of products, and what linear layers do with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vaqf.backends.hls import pragmas
from vaqf.backends.hls.body import Body, Function
from vaqf.backends.hls.operations.channels import tile_of
from vaqf.backends.hls.operations.packed_products import packed_sums
from vaqf.backends.hls.operations.rounding import rounded, value_bits
from vaqf.backends.hls.roles import magnitude_bits, signed_bits
from vaqf.backends.hls.storage import Array, Local
from vaqf.backends.hls.unit import Unit
from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.accel.multipliers import packed_terms, signed_magnitude
from vaqf.dialects.accel.tiles import CONDITIONAL_NEGATION, PAIRED_SUM, SELECTED_SUM
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant.activations import MAXIMUM_GELU_SEGMENTS, gelu_table_entries
from vaqf.dialects.shapes import shape_of


def emit_accumulate(body: Body, op: accel.AccumulateOp) -> None:
    """Add the products of a tile of activations and a tile of weights to the partial sums."""
    unit = body.unit
    kind = "one-bit weights" if op.form is not None else "weights"
    function = Function(
        body,
        op,
        "accumulate",
        f"Adds the products of a tile of activations and a tile of {kind} to the partial sums.",
        *(("", EXPLANATIONS[op.form.data]) if op.form is not None else ()),
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
    weight = function.local("weight", op.weight, const=True)
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

        def update(lane: str, products: str) -> None:
            target = sums[row, lane]
            if restart is None:
                function.line(f"{target} += {products};")
            else:
                before = f"{restart} ? {sums.element}(0) : {target}"
                function.assign(target, f"({before}) + {products}")

        write = FORMS[op.form.data] if op.form is not None else _products
        write(Products(function, op, lanes, weight, sum_type, outputs, update))
    function.call()


EXPLANATIONS = {
    CONDITIONAL_NEGATION: "Nothing is multiplied: a weight of -1 turns the sign of an activation.",
    SELECTED_SUM: "Nothing is multiplied. For weights of +1 and -1, sum(w * a) = 2 * sum(a where "
    "w = +1) - sum(a), and sum(a) is computed once a token and shared by all output lanes.",
    PAIRED_SUM: "Nothing is multiplied. Of two neighbouring lanes, with weights of +1 or -1, the "
    "sum of products is one of a0 + a1, a0 - a1 and their negatives. Both are computed once a "
    "token and shared by all output lanes, which choose, turn the sign and add: one adder for two "
    "lanes.",
}
"""Why each form of a sum needs no multiplier."""


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


@dataclass(frozen=True)
class Products:
    """Sums of products that are to be written, one an output lane."""

    function: Function
    op: accel.AccumulateOp
    lanes: Array
    """Activations of a token."""

    weight: Local
    sum_type: str
    outputs: str
    """Name of the number of output lanes."""

    update: Callable[[str, str], None]
    """Writes what happens to the sum of an output lane."""


def _negated_products(each: Products) -> None:
    """Sums of activations, some with their sign turned."""
    function, lanes, sum_type = each.function, each.lanes, each.sum_type
    negate = Function(
        function.body,
        function.op,
        "sum_negated",
        "Sum of the lanes, with the sign turned where the bit in `keep` is clear.",
    )
    negate.parameters += [
        f"const {lanes.declaration('lanes')}",
        f"{each.weight.array.element} keep",
    ]
    negate.variable(sum_type, "sum", "0")
    with negate.unrolled("lane", lanes.sizes[0]) as lane:
        negate.line(
            f"sum += keep[{lane}] ? {sum_type}(lanes[{lane}]) : {sum_type}(-lanes[{lane}]);"
        )
    negate.line("return sum;")
    sum_negated = negate.finish(sum_type)
    with function.unrolled("lane", each.outputs) as lane:
        products = f"{sum_negated}({lanes.name}, {each.weight.array[lane]})"
        function.const(sum_type, "products", products)
        each.update(lane, "products")


def _selected_products(each: Products) -> None:
    """Twice the selected activations minus all of them."""
    function, lanes, sum_type = each.function, each.lanes, each.sum_type
    select = Function(
        function.body,
        function.op,
        "sum_selected",
        "Sum of the lanes whose bit in `select` is set, as a balanced adder tree.",
    )
    select.parameters += [
        f"const {lanes.declaration('lanes')}",
        f"{each.weight.array.element} select",
    ]
    select.variable(sum_type, "sum", "0")
    with select.unrolled("lane", lanes.sizes[0]) as lane:
        select.line(f"sum += select[{lane}] ? {sum_type}(lanes[{lane}]) : {sum_type}(0);")
    select.line("return sum;")
    sum_selected = select.finish(sum_type)
    function.variable(sum_type, "total", "0")
    with function.unrolled("addend", lanes.sizes[0]) as lane:
        function.line(f"total += {lanes[lane]};")
    with function.unrolled("lane", each.outputs) as lane:
        selected = f"{sum_selected}({lanes.name}, {each.weight.array[lane]})"
        function.const(sum_type, "selected", selected)
        function.const(sum_type, "products", "2 * selected - total")
        each.update(lane, "products")


def _paired_products(each: Products) -> None:
    """Sums and differences of neighbouring activations, chosen and added in chains."""
    function, sum_type = each.function, each.sum_type
    count = shape_of(each.op.weight)[-1]
    if count < 2:
        _negated_products(each)
        return
    pairs = count // 2
    power = magnitude_bits(element_width(each.op.activation))
    pair_type = function.unit.type(
        "pair",
        f"ap_int<{signed_bits(2 << power)}>",
        f"sum or difference of two of at most 2^{power}",
    )
    sums = Array("pair_sums", pair_type, (str(pairs),))
    differences = Array("pair_differences", pair_type, (str(pairs),))
    for array in (sums, differences):
        function.line(f"{array.declaration()};")
        function.out.pragma(pragmas.partition(array.name, 1, 0))
    with function.unrolled("pair", str(pairs)) as pair:
        left, right = each.lanes[f"2 * {pair}"], each.lanes[f"2 * {pair} + 1"]
        function.assign(sums[pair], f"{left} + {right}")
        function.assign(differences[pair], f"{left} - {right}")
    add_pairs = _add_pairs(each, sums, differences)
    last = each.lanes[str(count - 1)] if count % 2 else None
    with function.unrolled("lane", each.outputs) as lane:
        row = each.weight.array[lane]
        paired = f"{add_pairs}({sums.name}, {differences.name}, {row})"
        if last is None:
            function.const(sum_type, "products", paired)
        else:
            function.const(sum_type, "paired", paired)
            alone = f"{row}[{count - 1}] ? {sum_type}({last}) : {sum_type}(-{last})"
            function.const(sum_type, "products", f"paired + ({alone})")
        each.update(lane, "products")


PAIRS_OF_CHAIN = 8
"""Pairs that are added one after the other before chains are added in a tree."""


def _add_pairs(each: Products, sums: Array, differences: Array) -> str:
    """The name of the function that adds the pairs of one output lane."""
    pairs, sum_type = int(sums.sizes[0]), each.sum_type
    add = Function(
        each.function.body,
        each.function.op,
        "add_pairs",
        f"Sum of all pairs: chains of {PAIRS_OF_CHAIN}, whose ends are added in a balanced tree.",
        "",
        "Equal signs take the sum of a pair, others its difference; the first sign says whether it "
        "is added or subtracted. -term is ~term + 1, and the one is carried in from a bit below "
        "the lowest: both choices and the adder of a bit are one LUT.",
    )
    add.parameters += [
        f"const {sums.declaration('sums')}",
        f"const {differences.declaration('differences')}",
        f"{each.weight.array.element} signs",
    ]
    chains = -(-pairs // PAIRS_OF_CHAIN)
    width = 1 + signed_bits(2 * pairs << magnitude_bits(element_width(each.op.activation)))
    carried = each.function.unit.type(
        "carried", f"ap_int<{width}>", "a sum of pairs, and a bit below it"
    )
    add.variable(sum_type, "sum", "0")
    with add.unrolled("chain", str(chains)) as chain:
        add.variable(sum_type, "chain_sum", "0")
        with add.unrolled("link", str(min(pairs, PAIRS_OF_CHAIN))) as link:
            add.const("int", "pair", f"{PAIRS_OF_CHAIN} * {chain} + {link}" if chains > 1 else link)
            with add.only_if(f"pair < {pairs}" if pairs % PAIRS_OF_CHAIN and chains > 1 else None):
                add.const("bool", "first", "signs[2 * pair]")
                add.const("bool", "second", "signs[2 * pair + 1]")
                term = "first == second ? sums[pair] : differences[pair]"
                add.const(sums.element, "term", term)
                add.const(sums.element, "turned", f"first ? term : {sums.element}(~term)")
                add.const(carried, "before", f"({carried}(chain_sum) << 1) | {carried}(1)")
                below = f"{carried}(first ? 0 : 1)"
                add.const(carried, "addend", f"({carried}(turned) << 1) | {below}")
                add.assign("chain_sum", "(before + addend) >> 1")
        add.line("sum += chain_sum;")
    add.line("return sum;")
    return add.finish(sum_type)


FORMS = {
    CONDITIONAL_NEGATION: _negated_products,
    SELECTED_SUM: _selected_products,
    PAIRED_SUM: _paired_products,
}
"""What writes each form of a sum with one-bit weights."""


def _products(each: Products) -> None:
    """Sums of products; two output lanes share multipliers where their weights are narrow."""
    function, sum_type, weight = each.function, each.sum_type, each.weight.array
    outputs, count = shape_of(each.op.weight)[-2:]
    largest_weight = (1 << (element_width(each.op.weight) - 1)) - 1
    activation = signed_magnitude(element_width(each.op.activation))
    terms = packed_terms(activation, largest_weight)
    if terms and outputs > 1:
        multiply = packed_sums(
            function,
            shared=each.lanes.element,
            packed=weight.element,
            sum_type=sum_type,
            size=each.lanes.sizes[0],
            count=count,
            terms=terms,
        )
        with function.unrolled("pair", str(outputs // 2)) as pair:
            function.line(f"{sum_type} low, high;")
            rows = f"{weight.piece(f'2 * {pair}').name}, {weight.piece(f'2 * {pair} + 1').name}"
            function.line(f"{multiply}({each.lanes.name}, {rows}, low, high);")
            each.update(f"2 * {pair}", "low")
            each.update(f"2 * {pair} + 1", "high")
        if outputs % 2 == 0:
            return

    def write(lane: str) -> None:
        function.variable(sum_type, "products", "0")
        with function.unrolled("factor", each.lanes.sizes[0]) as factor:
            function.line(f"products += {each.lanes[factor]} * {weight[lane, factor]};")
        each.update(lane, "products")

    if terms and outputs > 1:
        write(str(outputs - 1))
        return
    with function.unrolled("lane", each.outputs) as lane:
        write(lane)


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
