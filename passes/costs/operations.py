"""What the operations of an engine cost: their numbers, put into the formulas."""

from __future__ import annotations

from math import ceil

from xdsl.ir import Operation

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.accel.multipliers import signed_magnitude
from vaqf.dialects.quant.activations import MAXIMUM_GELU_SEGMENTS
from vaqf.dialects.quant.formats import MULTIPLIER_BITS, OFFSET_BITS
from vaqf.dialects.quant.widths import LayerNormWidths
from vaqf.dialects.shapes import shape_of
from vaqf.passes.costs import control, vector_units
from vaqf.passes.costs.binary_sums import binary_array
from vaqf.passes.costs.latencies import (
    ACCESS_LATENCY,
    MULTIPLIER_LATENCY,
    adder_tree_latency,
    divider_latency,
    root_latency,
)
from vaqf.passes.costs.products import product_sums, upper_carry_luts
from vaqf.passes.costs.resources import Resources, logic


def depth_of(op: Operation) -> int:
    """Cycles from the start of a tile op in a pipeline to its result."""
    match op:
        case accel.AccumulateOp() if element_width(op.weight) == 1:
            return ACCESS_LATENCY + 2 + adder_tree_latency(shape_of(op.weight)[-1])
        case accel.AccumulateOp():
            depth = adder_tree_latency(shape_of(op.weight)[-1])
            return ACCESS_LATENCY + MULTIPLIER_LATENCY + depth
        case accel.ScoreOp():
            depth = adder_tree_latency(shape_of(op.queries)[1])
            return ACCESS_LATENCY + MULTIPLIER_LATENCY + depth + 2
        case accel.ExponentiateOp():
            depth = adder_tree_latency(op.lanes.value.data)
            return 2 * ACCESS_LATENCY + MULTIPLIER_LATENCY + 2 + depth
        case accel.MixOp():
            depth = adder_tree_latency(op.lanes.value.data)
            return ACCESS_LATENCY + 2 * MULTIPLIER_LATENCY + 1 + depth
        case accel.ReciprocalOp():
            return ACCESS_LATENCY + divider_latency(op.shift.value.data + 1)
        case accel.ReciprocalRootOp():
            widths = LayerNormWidths(op.channels.value.data, op.bits.value.data)
            return ACCESS_LATENCY + root_latency(widths)
        case accel.NormalizeOp():
            return ACCESS_LATENCY + 2 * MULTIPLIER_LATENCY + 2
        case accel.AddMomentsOp():
            depth = adder_tree_latency(op.lanes.value.data)
            return ACCESS_LATENCY + MULTIPLIER_LATENCY + depth
        case accel.ScaleOp() | accel.StoreRescaledOp():
            return ACCESS_LATENCY + MULTIPLIER_LATENCY
        case _:
            return ACCESS_LATENCY


def arithmetic_of(op: Operation, interval: int) -> Resources:
    """Arithmetic that an op needs when it starts every `interval` cycles."""
    match op:
        case accel.AccumulateOp():
            return _accumulate(op)
        case accel.ScaleOp():
            lanes = ceil(shape_of(op.scaled)[0] / interval)
            return vector_units.scale_lane(element_width(op.sums)) * lanes
        case accel.StoreRoundedOp() | accel.AddRoundedOp() | accel.StoreLookupOp():
            return _store(op) * ceil(shape_of(op.scaled)[0] / interval)
        case accel.StoreRescaledOp():
            lanes = ceil(shape_of(op.values)[1] / interval)
            width, bits = element_width(op.values), element_width(op.matrix)
            return vector_units.rescale_lane(width, op.shift.value.data, bits) * lanes
        case accel.NormalizeOp():
            lanes = ceil(shape_of(op.scaled)[0] / interval)
            widths = LayerNormWidths(op.channels.value.data, element_width(op.matrix))
            return vector_units.normalize_lane(widths) * lanes
        case accel.AddMomentsOp():
            widths = LayerNormWidths(1 << 10, element_width(op.matrix))
            return vector_units.moments(ceil(op.lanes.value.data / interval), widths)
        case accel.ReciprocalRootOp():
            widths = LayerNormWidths(op.channels.value.data, op.bits.value.data)
            return vector_units.reciprocal_root(widths)
        case accel.AddRowOp():
            lanes = ceil(shape_of(op.sums)[1] / interval)
            return logic(element_width(op.sums)) * lanes
        case accel.GatherPatchOp():
            width, lanes = element_width(op.image), op.lanes.value.data
            return logic(lanes * width)
        case _:
            return _attention(op)


def _accumulate(op: accel.AccumulateOp) -> Resources:
    outputs, inputs = shape_of(op.weight)[-2:]
    tokens, bits, sum_bits = (
        op.tokens.value.data,
        element_width(op.activation),
        element_width(op.sums),
    )
    if op.form is not None:
        return binary_array(
            op.form.data,
            tokens=tokens,
            outputs=outputs,
            inputs=inputs,
            bits=bits,
            sum_bits=sum_bits,
        )
    weight_bits = element_width(op.weight)
    sums = product_sums(
        outputs,
        inputs,
        shared=signed_magnitude(bits),
        own=(1 << (weight_bits - 1)) - 1,
        shared_bits=bits,
        own_bits=weight_bits,
    )
    return (sums + logic(sum_bits) * outputs) * tokens


def _store(op: accel.StoreRoundedOp | accel.AddRoundedOp | accel.StoreLookupOp) -> Resources:
    """One lane of what follows a multiplication and an offset."""
    scaled, bits, shift = (
        element_width(op.scaled),
        element_width(op.matrix),
        op.shift.value.data,
    )
    match op:
        case accel.AddRoundedOp():
            return vector_units.add_lane(scaled, shift, bits)
        case accel.StoreLookupOp():
            interpolated = 1 << bits > MAXIMUM_GELU_SEGMENTS
            return vector_units.lookup_lane(scaled, shift, bits, interpolated)
        case _:
            return vector_units.round_lane(scaled, shift, bits)


def _attention(op: Operation) -> Resources:
    match op:
        case accel.ScoreOp():
            depth, bits = shape_of(op.queries)[1], element_width(op.queries)
            lanes, magnitude = op.lanes.value.data, signed_magnitude(bits)
            width = element_width(op.scores)
            largest = vector_units.maximum_luts(lanes, width)
            carries = upper_carry_luts(lanes, width, shared=magnitude, own=magnitude)
            return logic(largest + carries) + product_sums(
                lanes, depth, shared=magnitude, own=magnitude, shared_bits=bits, own_bits=bits
            )
        case accel.ExponentiateOp():
            lanes = op.lanes.value.data
            return vector_units.exponentials(
                lanes, element_width(op.scores), element_width(op.sums)
            )
        case accel.ReciprocalOp():
            dividend = op.shift.value.data + 1
            if op.multiplier is not None:
                dividend += MULTIPLIER_BITS - 1
            return vector_units.divider(dividend, element_width(op.sums))
        case accel.MixOp():
            depth, bits = shape_of(op.values)[1], element_width(op.values)
            lanes, probability = op.lanes.value.data, op.bits.value.data
            inverse = element_width(op.inverses) - 1
            # One sum at a time packs nothing.
            at_once = depth if op.packed is not None else 1
            sums = product_sums(
                at_once,
                lanes,
                shared=(1 << probability) - 1,
                own=signed_magnitude(bits),
                shared_bits=probability + 1,
                own_bits=bits,
            ) * (depth // at_once)
            accumulators = logic(element_width(op.mixed)) * depth
            return sums + accumulators + vector_units.probability_lane(inverse, probability) * lanes
        case accel.LoadOp() | accel.LoadMatrixOp() | accel.StoreMatrixOp():
            return control.unpacking(2 * OFFSET_BITS)
        case _ if op.dialect_name() == "arith" and op.operands:
            return control.index_arithmetic()
        case _:
            return Resources()
