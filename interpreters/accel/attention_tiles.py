"""What is done with one tile of attention."""

from __future__ import annotations

import numpy as np
from xdsl.interpreter import Interpreter, PythonValues, impl, register_impls

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.accel.buffers import (
    counting,
    defined,
    fitting,
    largest_magnitude,
    overlap,
)
from vaqf.interpreters.accel.kernels import Kernel, KernelFunctions
from vaqf.interpreters.arithmetic import requantize, softmax
from vaqf.interpreters.arithmetic.matmul import exact_matmul


def copy_row(op: accel.CopyRowOp) -> Kernel:
    lanes = shape_of(op.destination)[1]

    def kernel(args: PythonValues) -> None:
        matrix, row, channel, destination, target = args
        count = counting(channel, lanes, matrix.shape[1], None)
        destination[target] = defined(matrix[row, channel : channel + count])

    return kernel


def score(op: accel.ScoreOp) -> Kernel:
    lanes, bits = op.lanes.value.data, element_width(op.scores)
    slots, channels = shape_of(op.keys)
    bound = (
        channels
        * largest_magnitude(element_width(op.queries))
        * largest_magnitude(element_width(op.keys))
    )
    restarts, limited = op.restart is not None, op.limit is not None

    def kernel(args: PythonValues) -> None:
        queries, query, keys, key, scores, maxima = args[:6]
        count = counting(key, lanes, slots, args[-1] if limited else None)
        here = slice(query, query + 1)
        products = exact_matmul(defined(queries[here]), defined(keys[key : key + count]).T, bound)
        scores[here, key : key + count] = fitting(products, bits)
        largest = products.max(axis=1)
        if not (restarts and args[6]):
            largest = np.maximum(largest, defined(maxima[here]))
        maxima[here] = largest

    return kernel


def exponentiate(op: accel.ExponentiateOp) -> Kernel:
    lanes, shift = op.lanes.value.data, op.shift.value.data
    slots = shape_of(op.scores)[1]
    bits, sum_bits = element_width(op.exponentials), element_width(op.sums)
    restarts, limited = op.restart is not None, op.limit is not None

    def kernel(args: PythonValues) -> None:
        scores, query, key, maxima, table, multiplier, exponentials, sums = args[:8]
        count = counting(key, lanes, slots, args[-1] if limited else None)
        here = slice(query, query + 1)
        powers = softmax.exponentials(
            defined(scores[query, key : key + count]),
            defined(maxima[here]),
            defined(table),
            multiplier,
            shift,
        )
        exponentials[query, key : key + count] = fitting(powers, bits)
        exponentials[query, key + count : key + lanes] = 0
        before = 0 if restarts and args[8] else defined(sums[here])
        sums[here] = fitting(before + powers.sum(keepdims=True), sum_bits)

    return kernel


def reciprocal(op: accel.ReciprocalOp) -> Kernel:
    shift, bits = op.shift.value.data, element_width(op.inverses)

    def kernel(args: PythonValues) -> None:
        sums, inverses, query, *multiplier = args
        here = slice(query, query + 1)
        inverse = softmax.reciprocal(defined(sums[here]), shift, *multiplier)
        inverses[here] = fitting(inverse, bits)

    return kernel


def mix(op: accel.MixOp) -> Kernel:
    lanes, bits, shift = op.lanes.value.data, op.bits.value.data, op.shift.value.data
    slots, mixed_bits = shape_of(op.values)[0], element_width(op.mixed)
    bound = (lanes << bits) * largest_magnitude(element_width(op.values))
    restarts, limited = op.restart is not None, op.limit is not None

    def kernel(args: PythonValues) -> None:
        exponentials, query, key, inverses, values, mixed = args[:6]
        count = counting(key, lanes, slots, args[-1] if limited else None)
        here = slice(query, query + 1)
        probabilities = softmax.probabilities(
            defined(exponentials[here, key : key + count]), defined(inverses[here]), shift, bits
        )
        weighted = exact_matmul(probabilities, defined(values[key : key + count]), bound)
        if not (restarts and args[6]):
            weighted += defined(mixed[here])
        mixed[here] = fitting(weighted, mixed_bits)

    return kernel


def store_rescaled(op: accel.StoreRescaledOp) -> Kernel:
    shift, bits = op.shift.value.data, element_width(op.matrix)

    def kernel(args: PythonValues) -> None:
        values, token, multiplier, matrix, row, channel, *given = args
        lanes = overlap(channel, values.shape[1], matrix.shape[1])
        matrix[row, channel : channel + lanes] = requantize.rescale(
            defined(values[token, :lanes]), multiplier, shift, given[0] if given else bits
        )

    return kernel


@register_impls
class AttentionTileFunctions(KernelFunctions):
    """The attention engine."""

    @impl(accel.CopyRowOp)
    def copy_row(
        self, interpreter: Interpreter, op: accel.CopyRowOp, args: PythonValues
    ) -> PythonValues:
        return self.run(op, copy_row, args)

    @impl(accel.ScoreOp)
    def score(
        self, interpreter: Interpreter, op: accel.ScoreOp, args: PythonValues
    ) -> PythonValues:
        return self.run(op, score, args)

    @impl(accel.ExponentiateOp)
    def exponentiate(
        self, interpreter: Interpreter, op: accel.ExponentiateOp, args: PythonValues
    ) -> PythonValues:
        return self.run(op, exponentiate, args)

    @impl(accel.ReciprocalOp)
    def reciprocal(
        self, interpreter: Interpreter, op: accel.ReciprocalOp, args: PythonValues
    ) -> PythonValues:
        return self.run(op, reciprocal, args)

    @impl(accel.MixOp)
    def mix(self, interpreter: Interpreter, op: accel.MixOp, args: PythonValues) -> PythonValues:
        return self.run(op, mix, args)

    @impl(accel.StoreRescaledOp)
    def store_rescaled(
        self, interpreter: Interpreter, op: accel.StoreRescaledOp, args: PythonValues
    ) -> PythonValues:
        return self.run(op, store_rescaled, args)
