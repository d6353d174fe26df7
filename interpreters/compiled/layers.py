"""Which computation in floating point an operation of the quantized level is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from xdsl.ir import Operation, SSAValue

from vaqf.dialects import quant
from vaqf.dialects.quant.formats import element_format, element_of, largest_magnitude
from vaqf.dialects.quant.widths import SoftmaxWidths
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.arithmetic.integers import AnyIntegers, Integers, signed_bounds
from vaqf.interpreters.arithmetic.tables import lookup
from vaqf.interpreters.compiled.attention import (
    Scores,
    Softmax,
    Values,
    exact_type,
    largest_row,
)
from vaqf.interpreters.compiled.eight_bit_products import EightBitProduct
from vaqf.interpreters.compiled.kernels import kernels
from vaqf.interpreters.compiled.normalization import LayerNorm
from vaqf.interpreters.compiled.products import Product, largest_sum
from vaqf.interpreters.compiled.rounding import Rounding
from vaqf.interpreters.compiled.wholes import Wholes, as_rows, chunks
from vaqf.interpreters.quant import bits_of

Single = NDArray[np.float32]

SUMS_IN_CACHE = 1 << 18
"""As many sums of products of wide inputs are computed at a time."""

Layer = Callable[[Sequence[Wholes]], Wholes]
"""From the operands that are not within the layer to the result."""


@dataclass(frozen=True)
class Computation:
    """What computes a value."""

    layer: Layer
    operands: Sequence[SSAValue]
    """What it is given; weights, multipliers and tables are within the layer."""

    result: SSAValue


@dataclass(frozen=True)
class Requantize:
    """Accumulators to the format of the result, and through a table where one follows."""

    rounding: Rounding
    overwrites: bool
    """Whether nothing else needs the accumulators."""

    def __call__(self, operands: Sequence[Wholes]) -> Wholes:
        """... x channels."""
        sums = as_rows(operands[0])
        if self.overwrites and sums.dtype == np.float32:
            out = sums.astype(np.float32, copy=False)
        else:
            out = np.empty(sums.shape, np.float32)
        self.rounding(sums, out)
        return out.reshape(operands[0].shape)


@dataclass(frozen=True)
class RequantizedLinear:
    """
    The sums of products of wide inputs, requantized without being put together from those of bytes,
    and some rows at a time: before they leave the cache.
    """

    product: EightBitProduct
    rounding: Rounding
    """Of sums without the offset of the product."""
    channels: int
    """Of the result."""

    def __call__(self, operands: Sequence[Wholes]) -> Wholes:
        """... x channels."""
        rows = as_rows(operands[0])
        out = np.empty((len(rows), self.channels), np.float32)
        for some in chunks(*out.shape, SUMS_IN_CACHE):
            self.rounding(self.product.of_bytes(rows[some]), out[some])
        return out.reshape(*operands[0].shape[:-1], -1)


@dataclass(frozen=True)
class Lookup:
    """Integers of a format through a table."""

    table: Single
    """An entry for each value, from the smallest."""

    bits: int
    """Of what it is looked up with."""

    def __call__(self, operands: Sequence[Wholes]) -> Wholes:
        """Any shape."""
        (values,) = operands
        low = signed_bounds(self.bits)[0]
        index = (values - np.float32(low)).astype(np.int32)
        return np.take(self.table, index >> 1 if self.bits == 1 else index, mode="clip")


@dataclass(frozen=True)
class Add:
    """The saturating sum of two values of one format, from two bits on."""

    bits: int

    def __call__(self, operands: Sequence[Wholes]) -> Wholes:
        """Any shape."""
        left, right = (np.asarray(each, np.float32, order="C") for each in operands)
        native, limits = kernels(), signed_bounds(self.bits)
        if native is not None and left.shape == right.shape:
            return native.add(left, right, limits)
        out = left + right
        return np.clip(out, *limits, out=out)


def table_of_values(op: quant.LookupOp, table: AnyIntegers) -> Single:
    """The result for each value of the input, interpolated ones too."""
    bits = bits_of(op.input)
    low, high = signed_bounds(bits)
    values = np.array([low, high]) if bits == 1 else np.arange(low, high + 1)
    return lookup(values, table, bits, bits_of(op.result)).astype(np.float32)


@dataclass(frozen=True)
class Layers:
    """Makes the computations of a network's operations."""

    parameters: Mapping[SSAValue, NDArray[np.number]]
    """What follows from the weights alone."""

    bounds: dict[SSAValue, int]
    """Magnitudes that sums do not exceed, where more is known than their width says."""

    def bound(self, value: SSAValue) -> int:
        """What no element of a value exceeds in magnitude."""
        known = self.bounds.get(value)
        return largest_magnitude(element_of(value)) if known is None else known

    def integers(self, value: SSAValue) -> Integers | None:
        """A parameter; None when the value depends on the input."""
        found = self.parameters.get(value)
        return None if found is None else found.astype(np.int64, copy=False)

    def of(self, op: Operation) -> Computation | None:
        """
        The computation of an operation, and of the table behind a `quant.requantize`; that of wide
        inputs times weights has also what requantizes it.

        Returns:
            None when there is none that is proven exact: then the operation is to be interpreted.
        """
        match op:
            case quant.LinearOp():
                return self._linear(op)
            case quant.RequantizeOp() | quant.RescaleOp():
                after = _lookup_after(op)
                rounding = self._rounding(op, after)
                if rounding is None:
                    return None
                # What was only moved may be a view of something that is needed later.
                overwrites = op.input.has_one_use() and isinstance(
                    op.input.owner, quant.LinearOp | quant.AttentionValuesOp
                )
                return Computation(
                    Requantize(rounding, overwrites), [op.input], (after or op).result
                )
            case quant.LookupOp():
                layer, operands = self._lookup(op), [op.input]
            case quant.AddOp() if bits_of(op.result) > 1:
                layer, operands = Add(bits_of(op.result)), [op.left, op.right]
            case quant.LayerNormOp():
                layer, operands = self._layer_norm(op), [op.input]
            case quant.AttentionScoresOp():
                layer, operands = self._scores(op), [op.query, op.key]
            case quant.SoftmaxOp():
                layer, operands = self._softmax(op), [op.input]
            case quant.AttentionValuesOp():
                layer, operands = self._values(op), [op.probabilities, op.value]
            case _:
                return None
        return None if layer is None else Computation(layer, operands, op.results[0])

    def _linear(self, op: quant.LinearOp) -> Computation | None:
        weight, input = self.integers(op.weight), element_format(op.input)
        if weight is None:
            return None
        in_bytes = None
        if isinstance(input, quant.IntType):
            in_bytes = EightBitProduct.of(weight, input.bits.data)
        multiply = in_bytes or Product.of(weight, self.bound(op.input))
        if multiply is None:
            return None
        self.bounds[op.result] = largest_sum(weight, self.bound(op.input))
        if in_bytes is not None and in_bytes.is_wide and op.result.has_one_use():
            (use,) = op.result.uses
            if isinstance(use.operation, quant.RequantizeOp | quant.RescaleOp):
                after = _lookup_after(use.operation)
                rounding = self._rounding(use.operation, after, in_bytes.offset)
                if rounding is not None:
                    layer = RequantizedLinear(in_bytes, rounding, len(weight))
                    return Computation(layer, [op.input], (after or use.operation).result)
        return Computation(lambda operands: multiply(operands[0]), [op.input], op.result)

    def _rounding(
        self,
        op: quant.RequantizeOp | quant.RescaleOp,
        after: quant.LookupOp | None,
        missing: Integers | None = None,
    ) -> Rounding | None:
        """
        To the result of an operation, or of the table behind it.

        Args:
            op: The operation.
            after: The table.
            missing: What accumulators are without, for each channel.
        """
        bits, shift = bits_of(op.result), op.shift.value.data
        if not shape_of(op.input):
            return None
        if isinstance(op, quant.RescaleOp):
            channels = shape_of(op.input)[-1]
            # One bit is the sign of the accumulator itself, whatever it is multiplied with.
            multiplier = np.full(channels, 1 if bits == 1 else op.multiplier.value.data)
            offset = np.full(channels, 0 if bits == 1 else 1 << (shift - 1))
        else:
            multiplier, offset = self.integers(op.multiplier), self.integers(op.offset)
        if multiplier is None or offset is None:
            return None
        table = None
        if after is not None:
            entries = self.integers(after.table)
            if entries is None:
                return None
            table = table_of_values(after, entries)
        bound = self.bound(op.input)
        if missing is not None:
            offset = offset + missing * multiplier
            bound += int(np.abs(missing).max())
        return Rounding.of(multiplier, offset, shift, bits, bound, table)

    def _lookup(self, op: quant.LookupOp) -> Layer | None:
        table = self.integers(op.table)
        return None if table is None else Lookup(table_of_values(op, table), bits_of(op.input))

    def _layer_norm(self, op: quant.LayerNormOp) -> Layer | None:
        multiplier, offset = self.integers(op.multiplier), self.integers(op.offset)
        if multiplier is None or offset is None:
            return None
        norm = LayerNorm.of(
            multiplier,
            offset,
            epsilon=op.epsilon.value.data,
            shift=op.shift.value.data,
            input_bits=bits_of(op.input),
            output_bits=bits_of(op.result),
        )
        return lambda operands: norm(operands[0])

    def _scores(self, op: quant.AttentionScoresOp) -> Layer | None:
        heads = op.heads.value.data
        channels = shape_of(op.query)[1] // heads
        bound = channels * self.bound(op.query) * self.bound(op.key)
        type = exact_type(bound)
        if type is None:
            return None
        self.bounds[op.result] = bound
        scores = Scores(heads, type)
        return lambda operands: scores(*operands)

    def _softmax(self, op: quant.SoftmaxOp) -> Layer | None:
        table = self.integers(op.table)
        if table is None:
            return None
        softmax = Softmax.of(
            table,
            op.multiplier.value.data,
            op.shift.value.data,
            self.bound(op.input),
            _softmax_widths(op),
            _probability_multiplier(op),
        )
        return None if softmax is None else lambda operands: softmax(operands[0])

    def _values(self, op: quant.AttentionValuesOp) -> Layer | None:
        keys = shape_of(op.value)[0]
        row = keys * self.bound(op.probabilities)
        softmax = op.probabilities.owner
        # Rows of other tables than those of exponentials may sum up to more.
        if isinstance(softmax, quant.SoftmaxOp) and self._softmax(softmax) is not None:
            widths = _softmax_widths(softmax)
            row = min(row, largest_row(keys, widths, _probability_multiplier(softmax)))
        bound = row * self.bound(op.value)
        type = exact_type(bound)
        if type is None:
            return None
        self.bounds[op.result] = bound
        values = Values(type)
        return lambda operands: values(*operands)


def _lookup_after(op: quant.RequantizeOp | quant.RescaleOp) -> quant.LookupOp | None:
    """The table that all of a requantized value goes through."""
    if not op.result.has_one_use():
        return None
    (use,) = op.result.uses
    return use.operation if isinstance(use.operation, quant.LookupOp) else None


def _softmax_widths(op: quant.SoftmaxOp) -> SoftmaxWidths:
    shift = op.probability_shift
    return SoftmaxWidths(
        shape_of(op.input)[-1], bits_of(op.result), None if shift is None else shift.value.data
    )


def _probability_multiplier(op: quant.SoftmaxOp) -> int:
    multiplier = op.probability_multiplier
    return 1 if multiplier is None else multiplier.value.data
