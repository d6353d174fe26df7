"""What whole layers on buffers mean, and what happens around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xdsl.interpreter import (
    Interpreter,
    InterpreterFunctions,
    PythonValues,
    impl,
    register_impls,
)
from xdsl.ir import SSAValue
from xdsl.utils.exceptions import InterpretationError

from vaqf.dialects import accel
from vaqf.dialects.accel.layers import ADD, GELU, STORE
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.diagnostics import describe
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.accel.buffers import defined, largest_magnitude
from vaqf.interpreters.arithmetic import layer_norm, layout, matmul, requantize, softmax, tables
from vaqf.interpreters.arithmetic.integers import Integers

OnCheckpoint = Callable[[accel.CheckpointOp, int, Integers], None]
"""Called with a checkpoint, its index, and the buffer, which changes later."""


class FrameFunctions(InterpreterFunctions):
    """The key under which an interpreter holds how it runs frames."""


def observe_checkpoints(interpreter: Interpreter, on_checkpoint: OnCheckpoint) -> None:
    """Call `on_checkpoint` at each checkpoint from now on."""
    interpreter.set_data(FrameFunctions, "on_checkpoint", on_checkpoint)


def run_stages_backwards(interpreter: Interpreter) -> None:
    """
    Run the stages of `accel.concurrent` from the last to the first from now on.

    They run side by side in hardware: when no stage writes what another touches, every order gives
    the same.
    """
    interpreter.set_data(FrameFunctions, "is_backwards", True)


def product_bound(count: int, left: SSAValue, right: SSAValue) -> int:
    """What no sum of `count` products of an element of one buffer by one of another exceeds."""
    return count * largest_magnitude(element_width(left)) * largest_magnitude(element_width(right))


def chosen_epilogue(
    op: accel.LinearOp | accel.LayerNormOp, given: Mapping[SSAValue, int]
) -> tuple[str, int, SSAValue, int]:
    """The epilogue that a layer runs: its name, shift and destination, and the width of values."""
    chosen = 0 if op.epilogue is None else given[op.epilogue]
    name, destination = op.epilogue_names[chosen], op.destinations[chosen]
    bits = element_width(destination)
    if name == STORE and op.bits is not None:
        bits = given[op.bits]
    return name, op.shifts.get_values()[chosen], destination, bits


@register_impls
class LayerFunctions(InterpreterFunctions):
    """Layers write into the buffers that they are given."""

    @impl(accel.LinearOp)
    def linear(
        self, interpreter: Interpreter, op: accel.LinearOp, args: PythonValues
    ) -> PythonValues:
        given = dict(zip(op.operands, args, strict=True))
        first, tokens = given[op.first], given[op.tokens]
        inputs, outputs = given[op.inputs], given[op.outputs]
        activation, weight = given[op.activation][:tokens, :inputs], given[op.weight]
        if activation.shape != (tokens, inputs) or weight.shape != (outputs, inputs):
            raise InterpretationError(
                f"{describe(op)}: multiplies {activation.shape} by {weight.shape}, expected "
                f"{(tokens, inputs)} by {(outputs, inputs)}"
            )
        bound = product_bound(inputs, op.activation, op.weight)
        sums = matmul.exact_matmul(defined(activation), weight.T, bound)
        name, shift, written, bits = chosen_epilogue(op, given)
        rounded = requantize.requantize(sums, given[op.multiplier], given[op.offset], shift, bits)
        region = given[written][first : first + tokens, :outputs]
        if name == ADD:
            region[:] = requantize.saturating_add(defined(region), rounded, bits)
        elif name == GELU:
            assert op.table is not None
            region[:] = tables.lookup(rounded, given[op.table], bits, bits)
        else:
            region[:] = rounded
        return ()

    @impl(accel.LayerNormOp)
    def layer_norm(
        self, interpreter: Interpreter, op: accel.LayerNormOp, args: PythonValues
    ) -> PythonValues:
        given = dict(zip(op.operands, args, strict=True))
        tokens, channels = given[op.tokens], given[op.channels]
        first_read, first = given[op.first_read], given[op.first]
        name, shift, written, bits = chosen_epilogue(op, given)
        normalized = layer_norm.layer_norm(
            defined(given[op.input][first_read : first_read + tokens, :channels]),
            given[op.multiplier],
            given[op.offset],
            epsilon=op.epsilon.value.data,
            shift=shift,
            input_bits=element_width(op.input),
            output_bits=bits,
        )
        region = given[written][first : first + tokens, :channels]
        if name == ADD:
            region[:] = requantize.saturating_add(defined(region), normalized, bits)
        else:
            region[:] = normalized
        return ()

    @impl(accel.AttentionOp)
    def attention(
        self, interpreter: Interpreter, op: accel.AttentionOp, args: PythonValues
    ) -> PythonValues:
        given = dict(zip(op.operands, args, strict=True))
        query, key, value, result = (
            given[each] for each in (op.query, op.key, op.value, op.result)
        )
        probability_multiplier = op.probability_multiplier
        tokens, channels = shape_of(op.query)
        heads, bits = op.heads.value.data, op.probability_bits.value.data
        if op.first_head is not None and op.head_count is not None:
            first, count, depth = given[op.first_head], given[op.head_count], channels // heads
            if count < 1 or first + count > heads:
                raise InterpretationError(
                    f"{describe(op)}: computes {count} heads from {first} on, there are {heads}"
                )
            of_heads = slice(first * depth, (first + count) * depth)
            query, key, value, result = (each[:, of_heads] for each in (query, key, value, result))
            heads, channels = count, count * depth
        scores = matmul.attention_scores(
            defined(query), defined(key), heads, product_bound(channels // heads, op.query, op.key)
        )
        probabilities = softmax.softmax(
            scores,
            given[op.exponentials],
            given[op.softmax_multiplier],
            op.softmax_shift.value.data,
            bits,
            probability_multiplier=(
                1 if probability_multiplier is None else given[probability_multiplier]
            ),
            probability_shift=op.probability_shift.value.data if op.probability_shift else None,
        )
        bound = (tokens << bits) * largest_magnitude(element_width(op.value))
        mixed = matmul.attention_values(probabilities, defined(value), bound)
        result[:] = requantize.rescale(
            mixed,
            given[op.value_multiplier],
            op.value_shift.value.data,
            element_width(op.result) if op.bits is None else given[op.bits],
        )
        return ()

    @impl(accel.ExtractPatchesOp)
    def extract_patches(
        self, interpreter: Interpreter, op: accel.ExtractPatchesOp, args: PythonValues
    ) -> PythonValues:
        image, patches = args
        height, width = op.patch.get_values()
        patches[:] = layout.extract_patches(defined(image), height, width, op.order.data)
        return ()

    @impl(accel.LoadMatrixOp)
    def load_matrix(
        self, interpreter: Interpreter, op: accel.LoadMatrixOp, args: PythonValues
    ) -> PythonValues:
        source, matrix = args
        if source.ndim == 3:
            tiles, tokens, channels = source.shape
            source = source.transpose(1, 0, 2).reshape(tokens, tiles * channels)
        matrix[: len(source)] = source[:, : matrix.shape[1]]
        return ()

    @impl(accel.StoreMatrixOp)
    def store_matrix(
        self, interpreter: Interpreter, op: accel.StoreMatrixOp, args: PythonValues
    ) -> PythonValues:
        matrix, destination = args
        destination[:] = defined(matrix)
        return ()

    @impl(accel.CheckpointOp)
    def checkpoint(
        self, interpreter: Interpreter, op: accel.CheckpointOp, args: PythonValues
    ) -> PythonValues:
        index, buffer = args
        on_checkpoint: OnCheckpoint | None = interpreter.get_data(
            FrameFunctions, "on_checkpoint", lambda: None
        )
        if on_checkpoint is not None:
            on_checkpoint(op, index, buffer)
        return ()

    @impl(accel.ConcurrentOp)
    def concurrent(
        self, interpreter: Interpreter, op: accel.ConcurrentOp, args: PythonValues
    ) -> PythonValues:
        is_backwards: bool = interpreter.get_data(FrameFunctions, "is_backwards", bool)
        for stage in reversed(op.stages) if is_backwards else op.stages:
            interpreter.run_ssacfg_region(stage, ())
        return ()
