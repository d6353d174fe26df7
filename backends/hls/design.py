"""What of a module becomes hardware: the top function, its ports, and its engines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from xdsl.dialects.builtin import (
    DictionaryAttr,
    IntegerType,
    MemRefType,
    ModuleOp,
    StringAttr,
)
from xdsl.dialects.func import CallOp, FuncOp
from xdsl.ir import BlockArgument, SSAValue
from xdsl.traits import SymbolTable

from vaqf.backends.hls.fixed_names import port_name
from vaqf.backends.hls.hardware import Hardware
from vaqf.backends.hls.identifiers import Names, identifier
from vaqf.dialects.accel.memory import DRAM, is_buffer, packed_words
from vaqf.dialects.accel.schedule import (
    ENGINE_ATTRIBUTE,
    FORMAT_ATTRIBUTE,
    PORT_ATTRIBUTE,
    frames_of,
)
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.model_reference import input_names
from vaqf.dialects.quant.formats import IntType
from vaqf.dialects.shapes import is_memref

TOP = "vaqf_top"
"""Name of the top function."""

ENTRY = "forward"
"""Symbol of the function that is the whole network."""

INPUT, OUTPUT, PARAMETER = "input", "output", "parameter"

Buffer = MemRefType[IntegerType]


@dataclass(frozen=True)
class Port:
    """A memory outside of the device, behind a port of its own."""

    argument: BlockArgument
    """Of the top function."""

    name: str
    """In C++."""

    model_name: str
    """Name of the input or output in the model."""

    kind: str
    """`input`, `output` or `parameter`."""

    shape: tuple[int, ...]
    """Of what it holds for one frame; of parameters, their number of words."""

    width: int
    """Bits of one element; of parameters, of one word."""

    format: IntType | None
    """How elements stand for real values, where known."""

    frames: int
    """How many frames it holds, one after the other; each starts at a word."""

    frame_words: int
    """Words of one frame."""

    @property
    def words(self) -> int:
        """Size of the memory."""
        return self.frames * self.frame_words


@dataclass(frozen=True)
class Engine:
    """A function that layers share."""

    function: FuncOp
    """The engine in the IR."""

    name: str
    """In C++, and so of its files."""

    calls: Sequence[CallOp]
    """Where it is called, in program order."""

    @property
    def arguments(self) -> tuple[BlockArgument, ...]:
        """Of the function in the IR."""
        return self.function.args

    def passed(self, argument: BlockArgument) -> list[SSAValue]:
        """What callers pass for an argument, one value a call."""
        return [call.arguments[argument.index] for call in self.calls]


def is_dram(value: SSAValue) -> bool:
    """Whether a value is memory outside of the device."""
    return is_memref(value.type) and value.type.memory_space == DRAM


@dataclass(frozen=True)
class Design:
    """Everything of a module that becomes hardware."""

    module: ModuleOp
    hardware: Hardware
    forward: FuncOp
    ports: Sequence[Port]
    engines: Sequence[Engine]

    @staticmethod
    def of(module: ModuleOp) -> Design:
        """
        The design that a module describes.

        Raises:
            PassFailedException: when it has no top function, no hardware sizes, or not one image
                and at least one result, or when an argument of the top function is no port.
        """
        hardware = Hardware.of(module)
        forward = SymbolTable.lookup_symbol(module, ENTRY)
        if not isinstance(forward, FuncOp) or forward.is_declaration:
            fail(module, f"defines no function '@{ENTRY}', which is the accelerator")
        ports = _ports(forward, hardware)
        if (count := sum(port.kind == INPUT for port in ports)) != 1:
            fail(forward, f"has {count} arguments with {PORT_ATTRIBUTE} = '{INPUT}', expected 1")
        if not any(port.kind == OUTPUT for port in ports):
            fail(forward, f"has no argument with {PORT_ATTRIBUTE} = '{OUTPUT}', expected a result")
        names = Names([TOP, *(port.name for port in ports)])
        engines = [
            Engine(op, names.fresh(identifier(op.sym_name.data, "engine")), _calls(forward, op))
            for op in module.ops
            if isinstance(op, FuncOp) and ENGINE_ATTRIBUTE in op.attributes
        ]
        return Design(module, hardware, forward, ports, [each for each in engines if each.calls])

    @cached_property
    def ports_by_argument(self) -> dict[SSAValue, Port]:
        """Each port by the argument of the top function that it is."""
        return {port.argument: port for port in self.ports}

    @cached_property
    def engines_by_symbol(self) -> dict[str, Engine]:
        """Each engine by its name in the IR."""
        return {each.function.sym_name.data: each for each in self.engines}

    @property
    def frames(self) -> int:
        """How many frames a call computes."""
        return frames_of(self.forward)

    @property
    def image(self) -> Port:
        """The port of the input."""
        return next(port for port in self.ports if port.kind == INPUT)

    @property
    def results(self) -> list[Port]:
        """The ports of the outputs, in the order of the model."""
        return [port for port in self.ports if port.kind == OUTPUT]

    @property
    def parameters(self) -> list[Port]:
        """The ports of prepared parameters, in the order in which `@parameters` returns them."""
        return [port for port in self.ports if port.kind == PARAMETER]


def _calls(forward: FuncOp, engine: FuncOp) -> list[CallOp]:
    symbol = engine.sym_name.data
    return [
        op for op in forward.walk() if isinstance(op, CallOp) and op.callee.string_value() == symbol
    ]


def _ports(forward: FuncOp, hardware: Hardware) -> list[Port]:
    attributes = (
        forward.arg_attrs.data if forward.arg_attrs else (DictionaryAttr({}),) * len(forward.args)
    )
    names = Names([TOP])
    ports: list[Port] = []
    of_call = frames_of(forward)
    for argument, data, model_name in zip(
        forward.args, attributes, input_names(forward), strict=True
    ):
        kind = data.data.get(PORT_ATTRIBUTE)
        if not isinstance(kind, StringAttr) or kind.data not in (INPUT, OUTPUT, PARAMETER):
            fail(
                forward,
                f"argument {argument.index} has {PORT_ATTRIBUTE} = {kind}, "
                f"expected '{INPUT}', '{OUTPUT}' or '{PARAMETER}'",
            )
        type, format = argument.type, data.data.get(FORMAT_ATTRIBUTE)
        if not is_buffer(type) or type.memory_space != DRAM or min(type.get_shape()) < 1:
            fail(forward, f"argument {argument.index} is {type}, expected integers in DRAM")
        shape, width = type.get_shape(), type.element_type.width.data
        frames = 1 if kind.data == PARAMETER else of_call
        if kind.data == PARAMETER and (width != hardware.word_bits or len(shape) != 1):
            fail(
                forward,
                f"argument {argument.index} is {type}, expected {hardware.word_bits}-bit words: "
                "run pack-parameters",
            )
        if frames > 1:
            shape = shape[1:]
        ports.append(
            Port(
                argument,
                names.fresh(port_name(identifier(argument.name_hint or model_name, kind.data))),
                model_name,
                kind.data,
                shape,
                width,
                format if isinstance(format, IntType) else None,
                frames,
                packed_words(shape, width, hardware.word_bits),
            )
        )
    return ports
