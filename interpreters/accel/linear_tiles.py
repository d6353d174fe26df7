"""What is done with one tile of a linear layer, and with one of the image."""

from __future__ import annotations

from xdsl.interpreter import Interpreter, PythonValues, impl, register_impls
from xdsl.utils.exceptions import InterpretationError

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
from vaqf.interpreters.arithmetic import layout, requantize, tables
from vaqf.interpreters.arithmetic.matmul import exact_matmul


def load(op: accel.LoadOp) -> Kernel:
    indices = len(op.indices)

    def kernel(args: PythonValues) -> None:
        source, destination = args[0], args[-1]
        leading: tuple[int, ...] = args[1 : 1 + indices]
        if op.count is None:
            destination[:] = defined(source[leading])
            return
        *outer, first = leading
        count: int = args[-2]
        units = source[tuple(outer)][first : first + count]
        if len(units) != count or count > len(destination):
            raise InterpretationError(
                f"reads {count} units from {first} on, there are {len(source[tuple(outer)])} and "
                f"room for {len(destination)}"
            )
        destination[:count] = defined(units)

    return kernel


def fill(op: accel.FillOp) -> Kernel:
    value = op.value.value.data

    def kernel(args: PythonValues) -> None:
        buffer, *indices = args
        buffer[tuple(indices)] = value

    return kernel


def accumulate(op: accel.AccumulateOp) -> Kernel:
    tokens, sum_bits = op.tokens.value.data, element_width(op.sums)
    lanes = shape_of(op.weight)[-1]
    largest_product = largest_magnitude(element_width(op.activation)) * largest_magnitude(
        element_width(op.weight)
    )
    restarts, limited = op.restart is not None, op.limit is not None

    def kernel(args: PythonValues) -> None:
        activation, token, channel, weight, sums = args[:5]
        limit = args[-1] if limited else None
        count = counting(channel, lanes, activation.shape[1], limit)
        rows = defined(activation[token : token + tokens, channel : channel + count])
        tile = defined(weight[:, :count])
        total = exact_matmul(rows, tile.T, lanes * largest_product)
        region = sums[token : token + len(rows)]
        if not (restarts and args[5]):
            total += defined(region)
        region[:] = fitting(total, sum_bits)

    return kernel


def scale(op: accel.ScaleOp) -> Kernel:
    bits = element_width(op.scaled)

    def kernel(args: PythonValues) -> None:
        sums, token, multipliers, offsets, scaled = args
        scaled[:] = fitting(
            requantize.scale(defined(sums[token]), defined(multipliers), defined(offsets)), bits
        )

    return kernel


def store_rounded(op: accel.StoreRoundedOp) -> Kernel:
    shift, bits = op.shift.value.data, element_width(op.matrix)

    def kernel(args: PythonValues) -> None:
        scaled, matrix, row, channel, *given = args
        lanes = overlap(channel, len(scaled), matrix.shape[1])
        matrix[row, channel : channel + lanes] = requantize.round_scaled(
            defined(scaled[:lanes]), shift, given[0] if given else bits
        )

    return kernel


def store_lookup(op: accel.StoreLookupOp) -> Kernel:
    shift, bits = op.shift.value.data, element_width(op.matrix)

    def kernel(args: PythonValues) -> None:
        scaled, table, matrix, row, channel = args
        lanes = overlap(channel, len(scaled), matrix.shape[1])
        rounded = requantize.round_scaled(defined(scaled[:lanes]), shift, bits)
        entries = tables.lookup(rounded, defined(table), bits, bits)
        matrix[row, channel : channel + lanes] = fitting(entries, bits)

    return kernel


def add_rounded(op: accel.AddRoundedOp) -> Kernel:
    shift, bits = op.shift.value.data, element_width(op.matrix)

    def kernel(args: PythonValues) -> None:
        scaled, matrix, row, channel = args
        lanes = overlap(channel, len(scaled), matrix.shape[1])
        rounded = requantize.round_scaled(defined(scaled[:lanes]), shift, bits)
        region = matrix[row, channel : channel + lanes]
        region[:] = requantize.saturating_add(defined(region), rounded, bits)

    return kernel


def gather_patch(op: accel.GatherPatchOp) -> Kernel:
    count, (height, width) = op.lanes.value.data, op.patch.get_values()
    order = op.order.data

    def kernel(args: PythonValues) -> None:
        image, patches, patch, channel = args
        row, column = divmod(patch, image.shape[2] // width)
        window = image[:, row * height : (row + 1) * height, column * width : (column + 1) * width]
        (pixels,) = layout.extract_patches(window, height, width, order)
        lanes = overlap(channel, count, patches.shape[1])
        patches[patch, channel : channel + lanes] = defined(pixels[channel : channel + lanes])

    return kernel


@register_impls
class LinearTileFunctions(KernelFunctions):
    """The engines that multiply, and the one that cuts the image."""

    @impl(accel.LoadOp)
    def load(self, interpreter: Interpreter, op: accel.LoadOp, args: PythonValues) -> PythonValues:
        return self.run(op, load, args)

    @impl(accel.FillOp)
    def fill(self, interpreter: Interpreter, op: accel.FillOp, args: PythonValues) -> PythonValues:
        return self.run(op, fill, args)

    @impl(accel.AccumulateOp)
    def accumulate(
        self, interpreter: Interpreter, op: accel.AccumulateOp, args: PythonValues
    ) -> PythonValues:
        return self.run(op, accumulate, args)

    @impl(accel.ScaleOp)
    def scale(
        self, interpreter: Interpreter, op: accel.ScaleOp, args: PythonValues
    ) -> PythonValues:
        return self.run(op, scale, args)

    @impl(accel.StoreRoundedOp)
    def store_rounded(
        self, interpreter: Interpreter, op: accel.StoreRoundedOp, args: PythonValues
    ) -> PythonValues:
        return self.run(op, store_rounded, args)

    @impl(accel.StoreLookupOp)
    def store_lookup(
        self, interpreter: Interpreter, op: accel.StoreLookupOp, args: PythonValues
    ) -> PythonValues:
        return self.run(op, store_lookup, args)

    @impl(accel.AddRoundedOp)
    def add_rounded(
        self, interpreter: Interpreter, op: accel.AddRoundedOp, args: PythonValues
    ) -> PythonValues:
        return self.run(op, add_rounded, args)

    @impl(accel.GatherPatchOp)
    def gather_patch(
        self, interpreter: Interpreter, op: accel.GatherPatchOp, args: PythonValues
    ) -> PythonValues:
        return self.run(op, gather_patch, args)
