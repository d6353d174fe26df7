"""What the operations that make, prepare and select buffers mean."""

import numpy as np
from xdsl.dialects import memref
from xdsl.dialects.builtin import DYNAMIC_INDEX
from xdsl.interpreter import (
    Interpreter,
    InterpreterFunctions,
    PythonValues,
    impl,
    register_impls,
)
from xdsl.utils.exceptions import InterpretationError

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width, parameter_words
from vaqf.dialects.diagnostics import describe
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.accel import packing
from vaqf.interpreters.accel.buffers import fitting, new_buffer


@register_impls
class MemoryFunctions(InterpreterFunctions):
    """A memory of words is an array of bytes, words x bytes of a word."""

    @impl(accel.BufferOp)
    def buffer(
        self, interpreter: Interpreter, op: accel.BufferOp, args: PythonValues
    ) -> PythonValues:
        return (new_buffer(shape_of(op.buffer)),)

    @impl(memref.CastOp)
    def cast(self, interpreter: Interpreter, op: memref.CastOp, args: PythonValues) -> PythonValues:
        sizes = zip(shape_of(op.dest), args[0].shape, strict=True)
        if any(expected not in (DYNAMIC_INDEX, size) for expected, size in sizes):
            raise InterpretationError(
                f"{describe(op)}: the source has shape {args[0].shape}, which is no {op.dest.type}"
            )
        return args

    @impl(accel.ParameterOp)
    def parameter(
        self, interpreter: Interpreter, op: accel.ParameterOp, args: PythonValues
    ) -> PythonValues:
        try:
            return (fitting(args[0], element_width(op.buffer)),)
        except InterpretationError as error:
            raise InterpretationError(f"{describe(op)}: {error}") from error

    @impl(accel.StackOp)
    def stack(
        self, interpreter: Interpreter, op: accel.StackOp, args: PythonValues
    ) -> PythonValues:
        return (np.stack(args),)

    @impl(accel.TileOp)
    def tile(self, interpreter: Interpreter, op: accel.TileOp, args: PythonValues) -> PythonValues:
        shape = tuple(op.tile.get_values())
        return (packing.tile(args[0], shape, element_width(op.input)),)

    @impl(accel.ExtendTableOp)
    def extend_table(
        self, interpreter: Interpreter, op: accel.ExtendTableOp, args: PythonValues
    ) -> PythonValues:
        more = (shape_of(op.result)[0] - len(args[0])) // 2
        return (np.pad(args[0], more, mode="edge"),)

    @impl(accel.PackOp)
    def pack(self, interpreter: Interpreter, op: accel.PackOp, args: PythonValues) -> PythonValues:
        word_bits = element_width(op.memory)
        packed = [
            packing.pack(array, element_width(each), rank, word_bits)
            for array, each, rank in zip(args, op.inputs, op.unit_ranks.get_values(), strict=True)
        ]
        return (np.concatenate(packed),)

    @impl(accel.ViewOp)
    def view(self, interpreter: Interpreter, op: accel.ViewOp, args: PythonValues) -> PythonValues:
        rank, first = op.unit_rank.value.data, op.word.value.data
        count = parameter_words(op.result, rank, element_width(op.memory))
        words = args[0][first : first + count]
        return (packing.unpack(words, element_width(op.result), shape_of(op.result), rank),)

    @impl(accel.SelectOp)
    def select(
        self, interpreter: Interpreter, op: accel.SelectOp, args: PythonValues
    ) -> PythonValues:
        values, index = args
        return (values[index],)

    @impl(accel.ReuseOp)
    def reuse(
        self, interpreter: Interpreter, op: accel.ReuseOp, args: PythonValues
    ) -> PythonValues:
        tokens, channels = shape_of(op.matrix)
        return (args[0][:tokens, :channels],)

    @impl(accel.SlotOp)
    def slot(self, interpreter: Interpreter, op: accel.SlotOp, args: PythonValues) -> PythonValues:
        buffer, index = args
        if not 0 <= index < len(buffer):
            raise InterpretationError(f"{describe(op)}: slot {index} of {len(buffer)}")
        return (buffer[index],)

    @impl(accel.LayerConstantOp)
    def layer_constant(
        self, interpreter: Interpreter, op: accel.LayerConstantOp, args: PythonValues
    ) -> PythonValues:
        layer: int = args[0]
        return (op.values.get_values()[layer],)
