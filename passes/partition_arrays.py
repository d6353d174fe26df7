"""Split arrays over memories, so that one cycle finds all that it needs."""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm

from xdsl.context import Context
from xdsl.dialects import memref
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, IntegerAttr, ModuleOp
from xdsl.dialects.func import CallOp
from xdsl.ir import BlockArgument, SSAValue
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import ONCHIP
from vaqf.dialects.accel.schedule import HARDWARE_ATTRIBUTE
from vaqf.dialects.diagnostics import fail
from vaqf.passes.accel_functions import engines_of, function_named
from vaqf.passes.parallel_access import COMPLETE, Access, accesses


@dataclass
class Split:
    """How one dimension of an array is split."""

    factor: int
    reason: str

    def also(self, factor: int, reason: str) -> None:
        """Serve another access too."""
        merged = COMPLETE if COMPLETE in (factor, self.factor) else lcm(factor, self.factor)
        if merged != self.factor:
            self.factor, self.reason = merged, reason


class Splits:
    """How all arrays are split, as far as is known."""

    def __init__(self) -> None:
        self.found: dict[SSAValue, dict[int, Split]] = {}

    def add(self, access: Access) -> None:
        """Serve an access."""
        dimensions = self.found.setdefault(access.buffer, {})
        if access.dimension in dimensions:
            dimensions[access.dimension].also(access.factor, access.reason)
        elif access.factor != 1:
            dimensions[access.dimension] = Split(access.factor, access.reason)

    def attribute(self, buffer: SSAValue) -> ArrayAttr[accel.PartitionAttr] | None:
        """What an array says about it; None when it is one memory."""
        dimensions = sorted(self.found.get(buffer, {}).items())
        if not dimensions:
            return None
        return ArrayAttr(
            [
                accel.PartitionAttr(dimension, split.factor, split.reason)
                for dimension, split in dimensions
            ]
        )


def buffer_behind(value: SSAValue) -> SSAValue:
    """The buffer that a call passes."""
    while isinstance(value.owner, memref.CastOp):
        value = value.owner.source
    return value


def lanes_of(module: ModuleOp) -> int:
    """
    Channels in a word of a matrix.

    Raises:
        PassFailedException: when the engines have no tiles yet.
    """
    match module.attributes.get(HARDWARE_ATTRIBUTE):
        case DictionaryAttr(data={"lanes": IntegerAttr() as lanes}):
            return lanes.value.data
        case _:
            raise PassFailedException(
                f"the module has no attribute '{HARDWARE_ATTRIBUTE}': run tile-engines first"
            )


@dataclass(frozen=True)
class PartitionArraysPass(ModulePass):
    """
    Say of every buffer how it is split, and which accesses of one cycle need it.

    What an engine needs of a matrix of activations, every matrix that it is called with gets. The
    lanes of such a matrix are one wide word.
    """

    name = "partition-arrays"

    vector_lanes: int = 16
    """Elements that a vector unit takes in one cycle, as in pipeline-loops."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        lanes = lanes_of(op)
        splits = Splits()
        for engine in engines_of(op):
            for each in engine.walk():
                for access in accesses(each, self.vector_lanes):
                    splits.add(access)
        needed = {
            engine.sym_name.data: {
                argument.index: splits.found.get(argument, {}) for argument in engine.args
            }
            for engine in engines_of(op)
        }
        forward = function_named(op, "forward")
        for call in forward.walk():
            if not isinstance(call, CallOp):
                continue
            for index, dimensions in needed[call.callee.string_value()].items():
                buffer = buffer_behind(call.arguments[index])
                if dimensions and isinstance(buffer, BlockArgument):
                    fail(call, f"argument {index} is split, expected a buffer on the device")
                for dimension, split in dimensions.items():
                    splits.add(Access(buffer, dimension, split.factor, split.reason))
        for each in op.walk():
            if isinstance(each, accel.BufferOp):
                if each.buffer.type.memory_space == ONCHIP:
                    splits.add(Access(each.buffer, 1, lanes, f"{lanes} channels are one word"))
                each.partition = splits.attribute(each.buffer)
