"""Lay all parameters out in memories of wide words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from xdsl.context import Context
from xdsl.dialects import memref
from xdsl.dialects.builtin import (
    IntegerType,
    LocationAttr,
    MemRefType,
    ModuleOp,
    UnknownLoc,
)
from xdsl.dialects.func import CallOp, FuncOp
from xdsl.ir import BlockArgument, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.traits import SymbolTable
from xdsl.utils.exceptions import PassFailedException

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width, is_buffer, parameter_words, storage_bits
from vaqf.dialects.accel.schedule import ENGINE_ATTRIBUTE
from vaqf.dialects.accel.slots import array_behind
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of
from vaqf.passes.accel_functions import AccelFunctions, engines_of, function_named
from vaqf.passes.hardware import hardware_size, record_size
from vaqf.passes.statistics import Statistic

WEIGHTS, CONSTANTS, TABLES = "weights", "constants", "tables"
"""
The memories: what matmuls stream; what else engines read; and of that what other engines than
matmuls read, where these run at the same time.
"""


def is_multiplied(array: SSAValue) -> bool:
    """Whether activations are multiplied by what an array, or a slot of it, holds."""
    return any(
        is_multiplied(use.operation.result)
        if isinstance(use.operation, accel.SlotOp)
        else isinstance(use.operation, accel.AccumulateOp) and use.operation.weight is array
        for use in array.uses
    )


@dataclass(frozen=True, order=True)
class Reading:
    """How an engine reads a parameter."""

    memory: str
    """In which memory it lies."""

    unit_rank: int
    """How many of its last dimensions are read in one burst."""


def run_beside_matmuls(module: ModuleOp) -> frozenset[str]:
    """The engines that run at the same time as matmuls, and are none."""
    matmuls = {
        engine.sym_name.data
        for engine in engines_of(module)
        if any(isinstance(op, accel.AccumulateOp) for op in engine.walk())
    }
    beside: set[str] = set()
    for op in function_named(module, "forward").walk():
        if isinstance(op, accel.ConcurrentOp):
            beside.update(
                call.callee.string_value() for call in op.walk() if isinstance(call, CallOp)
            )
    return frozenset(beside - matmuls)


def readings(
    value: SSAValue, module: ModuleOp, beside: frozenset[str], memory: str = CONSTANTS
) -> list[Reading]:
    """
    How the engines read what `value` holds, wherever it is passed.

    Args:
        value: a parameter, or an engine's argument for it.
        module: where it is.
        beside: engines that run at the same time as matmuls.
        memory: for what is not multiplied.

    Raises:
        PassFailedException: when something else uses it.
    """
    found: list[Reading] = []
    for use in value.uses:
        op = use.operation
        match op:
            case accel.SelectOp() | memref.CastOp():
                found += readings(op.results[0], module, beside, memory)
            case CallOp():
                name = op.callee.string_value()
                engine = SymbolTable.lookup_symbol(module, op.callee)
                if not isinstance(engine, FuncOp) or ENGINE_ATTRIBUTE not in engine.attributes:
                    fail(op, f"calls '{name}', which is no engine")
                other = TABLES if name in beside else CONSTANTS
                found += readings(engine.args[use.index], module, beside, other)
            case accel.LoadOp():
                multiplied = is_multiplied(array_behind(op.destination)[0])
                rank = len(shape_of(op.source)) - len(op.indices)
                found.append(Reading(WEIGHTS if multiplied else memory, rank))
            case accel.LoadMatrixOp():
                found.append(Reading(memory, 1))
            case accel.ViewOp():
                fail(op, "views a memory of words already: pack-parameters has run before")
            case _:
                fail(op, "reads a parameter, expected an engine that loads it in units")
    return found


def reading_of(
    parameter: BlockArgument, functions: AccelFunctions, module: ModuleOp, beside: frozenset[str]
) -> Reading:
    """
    How the engines read a parameter.

    Raises:
        PassFailedException: when nothing reads it, or it is read in different ways.
    """
    found = sorted(set(readings(parameter, module, beside)))
    if len(found) != 1:
        what = "is never read" if not found else "is read in different ways"
        ways = ", ".join(f"units of rank {each.unit_rank} as {each.memory}" for each in found)
        refuse(parameter, functions, f"{what}{': ' if ways else ''}{ways}")
    return found[0]


def refuse(parameter: BlockArgument, functions: AccelFunctions, problem: str) -> NoReturn:
    """
    Give up because of a parameter.

    Raises:
        PassFailedException: always, at what prepares the parameter.
    """
    origin = functions.prepared[parameter].owner
    fail(
        origin if isinstance(origin, Operation) else functions.forward,
        f"parameter '%{parameter.name_hint or parameter.index}' of '@forward' {problem}",
    )


def buffer_type_of(value: SSAValue) -> MemRefType[IntegerType]:
    """The type of a parameter, which `@parameters` made."""
    assert is_buffer(value.type)
    return value.type


def location_of(value: SSAValue) -> LocationAttr:
    """Where a prepared value comes from."""
    return value.owner.location if isinstance(value.owner, Operation) else UnknownLoc()


@dataclass(frozen=True)
class PackParametersPass(ModulePass):
    """
    Put the parameters into the words of two memories: weights that matmuls stream, and the rest.

    Where other engines run at the same time as matmuls, what they read lies in a memory of its own:
    two that run at the same time need a port each. `@forward` then takes the memories and views
    each parameter in them.
    """

    name = "pack-parameters"

    statistics = (
        Statistic("parameters packed", added="accel.view"),
        Statistic("memories filled", added="accel.pack"),
    )

    word_bits: int = 128
    """Width of a word, that of the port to DRAM: a power of two from 64 to 1024."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.word_bits not in (64, 128, 256, 512, 1024):
            raise PassFailedException(
                f"pack-parameters: 'word-bits' is {self.word_bits}, "
                "accepted are 64, 128, 256, 512 and 1024"
            )
        hardware_size(op, "lanes")
        functions = AccelFunctions.of(op)
        memories: dict[str, list[tuple[BlockArgument, int]]] = {
            WEIGHTS: [],
            CONSTANTS: [],
            TABLES: [],
        }
        beside = run_beside_matmuls(op)
        for parameter in functions.prepared:
            width = element_width(parameter)
            if storage_bits(width) > self.word_bits:
                refuse(
                    parameter,
                    functions,
                    f"has elements of {width} bits, more than a word of {self.word_bits}",
                )
            reading = reading_of(parameter, functions, op, beside)
            memories[reading.memory].append((parameter, reading.unit_rank))
        for name, parameters in memories.items():
            if parameters:
                self.pack(functions, name, parameters)
        functions.finish()
        record_size(op, "word_bits", self.word_bits)

    def pack(
        self, functions: AccelFunctions, name: str, parameters: Sequence[tuple[BlockArgument, int]]
    ) -> None:
        """Replace parameters, each with the rank of its units, by views of one memory."""
        pack = accel.PackOp(
            [functions.prepared[parameter] for parameter, _ in parameters],
            [unit_rank for _, unit_rank in parameters],
            self.word_bits,
        )
        pack.location = functions.parameters.location
        functions.prepare(pack)
        argument = functions.add(pack.memory, name)
        block = functions.forward.body.block
        first = next(op for op in block.ops if not isinstance(op, accel.ViewOp))
        word = 0
        for parameter, unit_rank in parameters:
            view = accel.ViewOp(argument, word, unit_rank, buffer_type_of(parameter))
            view.location = location_of(functions.prepared[parameter])
            view.result.name_hint = parameter.name_hint
            block.insert_op_before(view, first)
            word += parameter_words(parameter, unit_rank, self.word_bits)
            parameter.replace_all_uses_with(view.result)
        functions.remove_unused([parameter for parameter, _ in parameters])
