"""Lay all parameters out in two memories of wide words."""

from __future__ import annotations

from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects import memref
from xdsl.dialects.builtin import (
    DictionaryAttr,
    IntegerAttr,
    IntegerType,
    LocationAttr,
    MemRefType,
    ModuleOp,
    UnknownLoc,
    i64,
)
from xdsl.dialects.func import CallOp, FuncOp
from xdsl.ir import BlockArgument, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.traits import SymbolTable
from xdsl.utils.exceptions import PassFailedException
from xdsl.utils.hints import isa

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width, parameter_words, storage_bits
from vaqf.dialects.accel.schedule import HARDWARE_ATTRIBUTE
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of
from vaqf.passes.accel_functions import AccelFunctions

WEIGHTS, CONSTANTS = "weights", "constants"
"""The two memories: what matmuls stream, and everything else."""


@dataclass(frozen=True)
class Reading:
    """How an engine reads a parameter."""

    memory: str
    """In which memory it lies."""

    unit_rank: int
    """How many of its last dimensions are read in one burst."""


@dataclass
class Memory:
    """One memory, as it fills."""

    parameters: list[tuple[BlockArgument, Reading]] = field(
        default_factory=list[tuple[BlockArgument, Reading]]
    )


def readings(value: SSAValue, module: ModuleOp) -> list[Reading]:
    """How the engines read what `value` holds, wherever it is passed."""
    found: list[Reading] = []
    for use in value.uses:
        op = use.operation
        match op:
            case accel.SelectOp() | memref.CastOp():
                found += readings(op.results[0], module)
            case CallOp():
                engine = SymbolTable.lookup_symbol(module, op.callee)
                if not isinstance(engine, FuncOp):
                    fail(op, f"calls '{op.callee.string_value()}', which is no engine")
                found += readings(engine.args[use.index], module)
            case accel.LoadOp():
                multiplied = any(
                    isinstance(other.operation, accel.AccumulateOp) for other in op.destination.uses
                )
                rank = len(shape_of(op.source)) - len(op.indices)
                # The dimension of slots of a pair of tiles is not part of what is read.
                found.append(Reading(WEIGHTS if multiplied and rank == 2 else CONSTANTS, rank))
            case accel.LoadMatrixOp():
                found.append(Reading(CONSTANTS, 1))
            case _:
                fail(op, "reads a parameter as a whole, expected tiles: run tile-engines first")
    return found


def reading_of(parameter: BlockArgument, module: ModuleOp, user: Operation) -> Reading:
    """
    How the engines read a parameter.

    Raises:
        PassFailedException: when nothing reads it, or it is read in different ways.
    """
    found = set(readings(parameter, module))
    if len(found) != 1:
        what = "is never read" if not found else "is read in different ways"
        fail(user, f"parameter '%{parameter.name_hint or parameter.index}' {what}")
    return found.pop()


def buffer_type_of(value: SSAValue) -> MemRefType[IntegerType]:
    """The type of a parameter, which `@parameters` made."""
    assert isa(value.type, MemRefType[IntegerType])
    return value.type


def location_of(value: SSAValue) -> LocationAttr:
    """Where a prepared value comes from."""
    return value.owner.location if isinstance(value.owner, Operation) else UnknownLoc()


@dataclass(frozen=True)
class PackParametersPass(ModulePass):
    """
    Put the parameters into the words of two memories: weights that matmuls stream, and the rest.

    `@forward` then takes the two memories and views each parameter in them.
    """

    name = "pack-parameters"

    word_bits: int = 128
    """Width of a word, that of the port to DRAM: a power of two from 64 to 1024."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.word_bits not in (64, 128, 256, 512, 1024):
            raise PassFailedException(
                f"pack-parameters: 'word-bits' is {self.word_bits}, "
                "accepted are 64, 128, 256, 512 and 1024"
            )
        match op.attributes.get(HARDWARE_ATTRIBUTE):
            case DictionaryAttr(data=hardware):
                pass
            case _:
                raise PassFailedException(
                    f"the module has no attribute '{HARDWARE_ATTRIBUTE}': run tile-engines first"
                )
        functions = AccelFunctions.of(op)
        memories = {WEIGHTS: Memory(), CONSTANTS: Memory()}
        for parameter in functions.prepared:
            width = element_width(parameter)
            if storage_bits(width) > self.word_bits:
                fail(
                    functions.forward,
                    f"parameter '%{parameter.name_hint}' has elements of {width} bits, "
                    f"more than a word of {self.word_bits}",
                )
            reading = reading_of(parameter, op, functions.forward)
            memories[reading.memory].parameters.append((parameter, reading))
        for name, memory in memories.items():
            if memory.parameters:
                self.pack(functions, name, memory)
        functions.finish()
        op.attributes[HARDWARE_ATTRIBUTE] = DictionaryAttr(
            {**hardware, "word_bits": IntegerAttr(self.word_bits, i64)}
        )

    def pack(self, functions: AccelFunctions, name: str, memory: Memory) -> None:
        """Replace the parameters of one memory by views of it."""
        pack = accel.PackOp(
            [functions.prepared[parameter] for parameter, _ in memory.parameters],
            [reading.unit_rank for _, reading in memory.parameters],
            self.word_bits,
        )
        pack.location = functions.parameters.location
        functions.prepare(pack)
        argument = functions.add(pack.memory, name)
        block = functions.forward.body.block
        first = block.first_op
        assert first is not None
        word = 0
        for parameter, reading in memory.parameters:
            view = accel.ViewOp(argument, word, reading.unit_rank, buffer_type_of(parameter))
            view.location = location_of(functions.prepared[parameter])
            view.result.name_hint = parameter.name_hint
            block.insert_op_before(view, first)
            word += parameter_words(parameter, reading.unit_rank, self.word_bits)
            parameter.replace_all_uses_with(view.result)
        functions.remove_unused([parameter for parameter, _ in memory.parameters])
