"""
Where values live, and how they get there.

A buffer is a `memref` of plain integers; its memory space says what it is made of:

- `#accel.dram`: outside of the device, behind an AXI port, read in bursts of wide words;
- `#accel.onchip`: a matrix of activations, tokens x channels, that engines share. It is stored in
  words of as many neighbouring channels as the accelerator has lanes, word after word of one group
  of channels for all tokens;
- `#accel.local`: an array inside of one engine, in the order of its dimensions.

Integers keep their logical width (`i1` is a binary weight, `i6` a 6-bit activation). The only type
whose bits are not two's complement is `i1`: set means +1, clear means -1.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, prod
from typing import TypeGuard

from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    IndexType,
    IntAttr,
    IntegerAttr,
    IntegerType,
    MemRefType,
    StringAttr,
    TensorType,
    UnitAttr,
    i64,
)
from xdsl.ir import Attribute, Operation, ParametrizedAttribute, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.parameters import parse_integer, parse_text
from vaqf.dialects.quant.formats import BinaryType, IntType, element_of
from vaqf.dialects.shapes import expect_rank, expect_shape, is_memref, shape_of

Buffer = MemRefType[IntegerType]
"""Storage of plain integers."""


def is_buffer(type: Attribute) -> TypeGuard[Buffer]:
    """Whether a type is that of storage of plain integers."""
    return is_memref(type) and isinstance(type.element_type, IntegerType)


@irdl_attr_definition
class DramAttr(ParametrizedAttribute):
    """Memory outside of the device."""

    name = "accel.dram"


@irdl_attr_definition
class OnchipAttr(ParametrizedAttribute):
    """A matrix of activations that engines share."""

    name = "accel.onchip"


@irdl_attr_definition
class LocalAttr(ParametrizedAttribute):
    """An array inside of one engine."""

    name = "accel.local"


DRAM, ONCHIP, LOCAL = DramAttr(), OnchipAttr(), LocalAttr()


@irdl_attr_definition
class PartitionAttr(ParametrizedAttribute):
    """
    How a dimension of an array is split over memories, and which accesses need it.

    Factor 0 splits completely, into registers or one memory an element; another factor deals the
    elements out in turn.

    ```mlir
    #accel.partition<dim = 0, factor = 4, "4 tokens are read in one cycle">
    ```
    """

    name = "accel.partition"

    dimension: IntAttr
    """Index of the dimension, from 0."""

    factor: IntAttr
    """Number of memories, 0 for one an element."""

    reason: StringAttr
    """Which accesses of one cycle need it."""

    def __init__(self, dimension: int, factor: int, reason: str):
        super().__init__(IntAttr(dimension), IntAttr(factor), StringAttr(reason))

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            dimension = parse_integer(parser, "dim")
            parser.parse_punctuation(",")
            factor = parse_integer(parser, "factor")
            parser.parse_punctuation(",")
            reason = parse_text(parser)
        return dimension, factor, reason

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(f"dim = {self.dimension.data}, factor = {self.factor.data}, ")
            printer.print_string_literal(self.reason.data)


def buffer_type(
    width: int, shape: Sequence[int], space: DramAttr | OnchipAttr | LocalAttr
) -> MemRefType[IntegerType]:
    """The type of a buffer of signed integers of `width` bits."""
    return MemRefType(IntegerType(width), shape, memory_space=space)


def element_width(value: SSAValue) -> int:
    """
    Bits of one element of a buffer.

    Raises:
        VerifyException: when `value` is no buffer of integers.
    """
    # `isa` with a parametrized type would take most of the time of whole passes.
    match value.type:
        case MemRefType(element_type=IntegerType() as element):
            return element.width.data
        case _:
            raise VerifyException(f"expected a memref of integers, got {value.type}")


def expect_space(name: str, value: SSAValue, *spaces: Attribute) -> None:
    """
    Check the memory space of a buffer.

    Raises:
        VerifyException: `'name' is in ..., expected ...`.
    """
    match value.type:
        case MemRefType(memory_space=Attribute() as space):
            pass
        case other:
            space = other
    if space not in spaces:
        expected = " or ".join(str(each) for each in spaces)
        raise VerifyException(f"'{name}' is in {space}, expected {expected}")


def expect_width(name: str, value: SSAValue, width: int) -> None:
    """
    Check how many bits the elements of a buffer have.

    Raises:
        VerifyException: `'name' has elements of ... bits, expected ...`.
    """
    if (actual := element_width(value)) != width:
        raise VerifyException(f"'{name}' has elements of {actual} bits, expected {width}")


def expect_least_width(name: str, value: SSAValue, width: int) -> None:
    """
    Check that elements hold values of a width as they are: one bit is -1 and +1, another format.

    Raises:
        VerifyException: for narrower elements, or others than one bit for one bit.
    """
    found = element_width(value)
    if found < width or (width == 1) != (found == 1):
        expected = "1" if width == 1 else f"at least {width}"
        raise VerifyException(f"'{name}' has elements of {found} bits, expected {expected}")


def element_bounds(width: int) -> tuple[int, int]:
    """The smallest and the largest integer of `width` bits; one bit is -1 or +1."""
    return (-1, 1) if width == 1 else (-(1 << (width - 1)), (1 << (width - 1)) - 1)


def stored_width(element: Attribute) -> int | None:
    """Bits of an element of a tensor in a buffer; None when it is no signed integer."""
    match element:
        case IntType():
            return element.bits.data
        case BinaryType():
            return 1
        case IntegerType():
            return element.width.data
        case _:
            return None


def storage_bits(width: int) -> int:
    """Bits that an integer of `width` bits takes in DRAM: the next power of two."""
    return 1 << (width - 1).bit_length()


def packed_words(unit: Sequence[int], width: int, word_bits: int) -> int:
    """
    Words that one unit takes in DRAM. A unit starts at a word; no element crosses into the next.
    """
    return ceil(prod(unit) * storage_bits(width) / word_bits)


@irdl_op_definition
class BufferOp(IRDLOperation):
    """
    Storage on the device. Its contents are undefined until they are written.

    ```mlir
    %hidden = accel.buffer : memref<197x768xi8, #accel.onchip>
    ```
    """

    name = "accel.buffer"

    partition = opt_prop_def(ArrayAttr[PartitionAttr])
    """How the array is split, set by `partition-arrays`."""

    copies = opt_prop_def(IntegerAttr.constr(i64))
    """
    How many memories hold all of the array, so that more of its elements can be read in one cycle,
    two from each, wherever they are. Set by `partition-arrays`; one when absent.
    """

    word = opt_prop_def(UnitAttr)
    """
    Whether the elements along the last dimension, which are used together, are one word of memory
    instead of a memory each. Set by `partition-arrays`.
    """

    ultra = opt_prop_def(UnitAttr)
    """Whether a matrix lies in UltraRAMs. Set by `partition-arrays`."""

    buffer = result_def(MemRefType[IntegerType])
    """On-chip or local memory with a static shape."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = "attr-dict `:` type($buffer)"

    def __init__(self, type: MemRefType[IntegerType]):
        super().__init__(result_types=[type])

    def verify_(self) -> None:
        expect_space("buffer", self.buffer, ONCHIP, LOCAL)
        shape = shape_of(self.buffer)
        if min(shape, default=0) < 1:
            raise VerifyException(f"'buffer' has shape {shape}, every dimension must be positive")
        for each in self.partition or ():
            if each.dimension.data >= len(shape):
                raise VerifyException(
                    f"'partition' splits dimension {each.dimension.data} of a buffer of rank "
                    f"{len(shape)}"
                )
        if self.copies is not None and self.copies.value.data < 1:
            raise VerifyException(f"'copies' is {self.copies.value.data}, it must be positive")
        if self.ultra is not None:
            expect_space("buffer", self.buffer, ONCHIP)


@irdl_op_definition
class ParameterOp(IRDLOperation):
    """
    Put a prepared weight or table into DRAM.

    ```mlir
    %weight = accel.parameter %signs
        : tensor<768x192x!quant.binary> -> memref<768x192xi1, #accel.dram>
    ```
    """

    name = "accel.parameter"

    value = operand_def(TensorType)
    """Integers in any format."""

    buffer = result_def(MemRefType[IntegerType])
    """Same shape, in DRAM."""

    traits = traits_def(Pure())

    assembly_format = "$value attr-dict `:` type($value) `->` type($buffer)"

    def __init__(self, value: SSAValue, width: int):
        super().__init__(operands=[value], result_types=[buffer_type(width, shape_of(value), DRAM)])

    def verify_(self) -> None:
        expect_shape("buffer", self.buffer, shape_of(self.value))
        expect_space("buffer", self.buffer, DRAM)
        width = stored_width(element_of(self.value))
        if width is None:
            raise VerifyException(f"'value' is {self.value.type}, expected signed integers")
        expect_width("buffer", self.buffer, width)


@irdl_op_definition
class StackOp(IRDLOperation):
    """
    Put the equal-shaped parameters of several layers one after the other.

    ```mlir
    %weights = accel.stack %w0, %w1
        : memref<768x192xi1, #accel.dram>, memref<768x192xi1, #accel.dram>
        -> memref<2x768x192xi1, #accel.dram>
    ```
    """

    name = "accel.stack"

    inputs = var_operand_def(MemRefType[IntegerType])
    """Parameters in DRAM, all of one type."""

    result = result_def(MemRefType[IntegerType])
    """One more dimension in front: the layer."""

    traits = traits_def(Pure())

    assembly_format = "$inputs attr-dict `:` type($inputs) `->` type($result)"

    def __init__(self, inputs: Sequence[SSAValue]):
        super().__init__(
            operands=[inputs],
            result_types=[
                buffer_type(element_width(inputs[0]), (len(inputs), *shape_of(inputs[0])), DRAM)
            ],
        )

    def verify_(self) -> None:
        if not self.inputs:
            raise VerifyException("'inputs' is empty, expected at least one parameter")
        for index, each in enumerate(self.inputs):
            expect_space(f"input {index}", each, DRAM)
            if each.type != self.inputs[0].type:
                raise VerifyException(
                    f"input {index} is {each.type}, expected {self.inputs[0].type}"
                )
        expect_shape("result", self.result, (len(self.inputs), *shape_of(self.inputs[0])))
        expect_space("result", self.result, DRAM)
        expect_width("result", self.result, element_width(self.inputs[0]))


@irdl_op_definition
class TileOp(IRDLOperation):
    """
    Cut the last dimensions of a parameter into tiles, in row-major order, padded with zeros (clear
    bits): the order in which an engine reads them.

    The leading dimensions stay; the tiled ones become one dimension that counts tiles, followed by
    the dimensions of a tile.

    ```mlir
    %tiles = accel.tile %weight by [64, 64]
        : memref<768x192xi1, #accel.dram> -> memref<36x64x64xi1, #accel.dram>
    ```
    """

    name = "accel.tile"

    input = operand_def(MemRefType[IntegerType])
    """A parameter in DRAM, with at least as many dimensions as a tile."""

    tile = prop_def(DenseArrayBase.constr(i64))
    """Shape of a tile."""

    result = result_def(MemRefType[IntegerType])
    """Leading dimensions x tiles x shape of a tile."""

    traits = traits_def(Pure())

    assembly_format = "$input `by` $tile attr-dict `:` type($input) `->` type($result)"

    def __init__(self, input: SSAValue, tile: Sequence[int]):
        super().__init__(
            operands=[input],
            properties={"tile": DenseArrayBase.from_list(i64, tile)},
            result_types=[
                buffer_type(element_width(input), self.tiled_shape(shape_of(input), tile), DRAM)
            ],
        )

    @staticmethod
    def tiled_shape(shape: Sequence[int], tile: Sequence[int]) -> tuple[int, ...]:
        """The shape of the result."""
        leading, tiled = shape[: len(shape) - len(tile)], shape[len(shape) - len(tile) :]
        count = prod(ceil(size / step) for size, step in zip(tiled, tile, strict=True))
        return *leading, count, *tile

    def verify_(self) -> None:
        shape, tile = shape_of(self.input), tuple(self.tile.get_values())
        if not 1 <= len(tile) <= len(shape) or min(tile) < 1:
            raise VerifyException(
                f"'tile' is {list(tile)}, expected 1 to {len(shape)} positive sizes"
            )
        expect_space("input", self.input, DRAM)
        expect_space("result", self.result, DRAM)
        expect_shape("result", self.result, self.tiled_shape(shape, tile))
        expect_width("result", self.result, element_width(self.input))


@irdl_op_definition
class PackOp(IRDLOperation):
    """
    Lay parameters out as the words of one memory, in the order given.

    Elements take a power of two of bits, the lowest bits of a word first. The last `unit_ranks[i]`
    dimensions of input `i` are a unit: it starts at a word, and units follow each other.

    ```mlir
    %memory = accel.pack %weights, %tables {unit_ranks = array<i64: 2, 1>}
        : memref<12x36x64x64xi1, #accel.dram>, memref<12x256xi8, #accel.dram>
        -> memref<14016xi128, #accel.dram>
    ```
    """

    name = "accel.pack"

    inputs = var_operand_def(MemRefType[IntegerType])
    """Parameters in DRAM."""

    unit_ranks = prop_def(DenseArrayBase.constr(i64))
    """For each input, how many of its last dimensions make a unit."""

    memory = result_def(MemRefType[IntegerType])
    """Words."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = "$inputs attr-dict `:` type($inputs) `->` type($memory)"

    def __init__(self, inputs: Sequence[SSAValue], unit_ranks: Sequence[int], word_bits: int):
        words = sum(
            parameter_words(each, rank, word_bits)
            for each, rank in zip(inputs, unit_ranks, strict=True)
        )
        super().__init__(
            operands=[inputs],
            properties={"unit_ranks": DenseArrayBase.from_list(i64, unit_ranks)},
            result_types=[buffer_type(word_bits, (words,), DRAM)],
        )

    def verify_(self) -> None:
        ranks = self.unit_ranks.get_values()
        if len(ranks) != len(self.inputs):
            raise VerifyException(
                f"'unit_ranks' has {len(ranks)} entries, expected {len(self.inputs)}"
            )
        for index, (each, rank) in enumerate(zip(self.inputs, ranks, strict=True)):
            expect_space(f"input {index}", each, DRAM)
            if not 1 <= rank <= len(shape_of(each)):
                raise VerifyException(
                    f"unit rank {index} is {rank}, accepted range is [1, {len(shape_of(each))}]"
                )
        word_bits = element_width(self.memory)
        words = sum(
            parameter_words(each, rank, word_bits)
            for each, rank in zip(self.inputs, ranks, strict=True)
        )
        expect_shape("memory", self.memory, (words,))
        expect_space("memory", self.memory, DRAM)


def parameter_words(parameter: SSAValue, unit_rank: int, word_bits: int) -> int:
    """Words that a whole parameter takes in a memory of `word_bits`-bit words."""
    shape = shape_of(parameter)
    units, unit = shape[: len(shape) - unit_rank], shape[len(shape) - unit_rank :]
    return prod(units) * packed_words(unit, element_width(parameter), word_bits)


@irdl_op_definition
class ViewOp(IRDLOperation):
    """
    Read a part of a memory of words as the parameter that `accel.pack` put there.

    ```mlir
    %weights = accel.view %memory at 0 {unit_rank = 2 : i64}
        : memref<14016xi128, #accel.dram> -> memref<12x36x64x64xi1, #accel.dram>
    ```
    """

    name = "accel.view"

    memory = operand_def(MemRefType[IntegerType])
    """Words in DRAM."""

    word = prop_def(IntegerAttr.constr(i64))
    """Index of the first word."""

    unit_rank = prop_def(IntegerAttr.constr(i64))
    """How many of the last dimensions of the result make a unit, which starts at a word."""

    result = result_def(MemRefType[IntegerType])
    """The parameter."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = "$memory `at` $word attr-dict `:` type($memory) `->` type($result)"

    def __init__(self, memory: SSAValue, word: int, unit_rank: int, type: MemRefType[IntegerType]):
        super().__init__(
            operands=[memory],
            properties={
                "word": IntegerAttr(word, i64),
                "unit_rank": IntegerAttr(unit_rank, i64),
            },
            result_types=[type],
        )

    def verify_(self) -> None:
        expect_space("memory", self.memory, DRAM)
        expect_space("result", self.result, DRAM)
        rank, unit_rank = len(shape_of(self.result)), self.unit_rank.value.data
        if not 1 <= unit_rank <= rank:
            raise VerifyException(f"'unit_rank' is {unit_rank}, accepted range is [1, {rank}]")
        (words,) = expect_rank("memory", self.memory, 1, "words")
        last = self.word.value.data + parameter_words(
            self.result, unit_rank, element_width(self.memory)
        )
        if self.word.value.data < 0 or last > words:
            raise VerifyException(
                f"words {self.word.value.data} to {last} are outside of the {words} of 'memory'"
            )


@irdl_op_definition
class SelectOp(IRDLOperation):
    """
    The parameters of one layer: one element of the first dimension.

    ```mlir
    %weight = accel.select %weights[%layer]
        : memref<12x36x64x64xi1, #accel.dram> -> memref<36x64x64xi1, #accel.dram>
    ```
    """

    name = "accel.select"

    input = operand_def(MemRefType[IntegerType])
    """Parameters in DRAM; the first dimension is the layer."""

    index = operand_def(IndexType)
    """Which layer."""

    result = result_def(MemRefType[IntegerType])
    """The other dimensions."""

    traits = traits_def(Pure())

    assembly_format = "$input `[` $index `]` attr-dict `:` type($input) `->` type($result)"

    def __init__(self, input: SSAValue, index: SSAValue | Operation):
        super().__init__(
            operands=[input, index],
            result_types=[buffer_type(element_width(input), shape_of(input)[1:], DRAM)],
        )

    def verify_(self) -> None:
        expect_space("input", self.input, DRAM)
        expect_space("result", self.result, DRAM)
        expect_shape("result", self.result, shape_of(self.input)[1:])
        expect_width("result", self.result, element_width(self.input))


@irdl_op_definition
class LayerConstantOp(IRDLOperation):
    """
    A number that each layer has of its own.

    ```mlir
    %multiplier = accel.layer_constant [94548, 93211][%layer] : i18
    ```
    """

    name = "accel.layer_constant"

    values = prop_def(DenseArrayBase.constr(i64))
    """One number a layer."""

    index = operand_def(IndexType)
    """Which layer."""

    result = result_def(IntegerType)
    """The number; signed, of the width that its use has."""

    traits = traits_def(Pure())

    assembly_format = "$values `[` $index `]` attr-dict `:` type($result)"

    def __init__(self, values: Sequence[int], index: SSAValue, type: IntegerType):
        super().__init__(
            operands=[index],
            properties={"values": DenseArrayBase.from_list(i64, values)},
            result_types=[type],
        )

    def verify_(self) -> None:
        width = self.result.type.width.data
        if len(self.values) == 0:
            raise VerifyException("'values' is empty, expected one number a layer")
        for value in self.values.get_values():
            if not -(1 << (width - 1)) <= value < 1 << (width - 1):
                raise VerifyException(f"{value} does not fit {self.result.type}")
