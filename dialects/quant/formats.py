"""
Number formats: how the integers of a tensor are read.

A quantized tensor is an ordinary `tensor` whose element type is one of these. Nothing about the
arithmetic of a layer hides elsewhere: the types are the contract. Plain integers without a scale
(accumulators, multipliers, tables) are builtin types such as `i20`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import FloatData, IntAttr, IntegerType
from xdsl.ir import Attribute, ParametrizedAttribute, SSAValue, TypeAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.parameters import parse_integer, parse_real, real_text
from vaqf.dialects.shapes import is_tensor

MAXIMUM_BITS = 16
"""The widest activation: products and sums then still fit the engines' DSP48E2."""

MULTIPLIER_BITS = 18
"""Signed width of a requantization multiplier: the narrow port of a DSP48E2 (27 x 18)."""

OFFSET_BITS = 48
"""Signed width of a requantization offset: the accumulator port of a DSP48E2."""


# A base that is no dataclass would leave its fields out of what makes two types equal.
@dataclass(frozen=True, init=False)
class _ScaledType(ParametrizedAttribute, TypeAttribute):
    """What the signed and the unsigned format share: a width, a scale, and their syntax."""

    bits: IntAttr
    """Width of the integer, 1 to 16."""

    scale: FloatData
    """Real value of one step, positive, in the units of the float model."""

    def verify(self) -> None:
        if not 1 <= self.bits.data <= MAXIMUM_BITS:
            raise VerifyException(
                f"!{self.name}: bits is {self.bits.data}, accepted range is [1, {MAXIMUM_BITS}]"
            )
        if not self.scale.data > 0:
            raise VerifyException(f"!{self.name}: scale is {self.scale.data}, it must be positive")

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            bits = parse_integer(parser)
            parser.parse_punctuation(",")
            scale = parse_real(parser)
        return bits, scale

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(f"{self.bits.data}, {real_text(self.scale.data)}")


@irdl_attr_definition
class IntType(_ScaledType):
    """
    A signed integer of `bits` bits that stands for `scale` times its value.

    One bit means -1 or +1, never 0; from two bits on it is two's complement.

    ```mlir
    tensor<197x192x!quant.int<8, 0.03125>>
    ```
    """

    name = "quant.int"

    def __init__(self, bits: int, scale: float):
        super().__init__(IntAttr(bits), FloatData(scale))

    @property
    def bounds(self) -> tuple[int, int]:
        """The smallest and the largest integer of this format."""
        if self.bits.data == 1:
            return -1, 1
        half = 1 << (self.bits.data - 1)
        return -half, half - 1


@irdl_attr_definition
class UnsignedType(_ScaledType):
    """
    An unsigned integer of `bits` bits that stands for `scale` times its value.

    ```mlir
    tensor<3x197x197x!quant.uint<8, 0.00390625>>
    ```
    """

    name = "quant.uint"

    def __init__(self, bits: int, scale: float):
        super().__init__(IntAttr(bits), FloatData(scale))

    @property
    def bounds(self) -> tuple[int, int]:
        """The smallest and the largest integer of this format."""
        return 0, (1 << self.bits.data) - 1


@irdl_attr_definition
class BinaryType(ParametrizedAttribute, TypeAttribute):
    """One bit that stands for +1 (set) or -1 (clear)."""

    name = "quant.binary"


@irdl_attr_definition
class RangeAttr(ParametrizedAttribute):
    """
    What calibration saw of a value, in real units, over all elements and all samples.

    ```mlir
    #quant.range<-3.5, 4.25, mean_magnitude = 0.75, root_mean_square = 1.0>
    ```
    """

    name = "quant.range"

    minimum: FloatData
    """The smallest element."""

    maximum: FloatData
    """The largest element."""

    mean_magnitude: FloatData
    """Mean of the absolute values."""

    root_mean_square: FloatData
    """Root of the mean of the squares."""

    def __init__(
        self, minimum: float, maximum: float, mean_magnitude: float, root_mean_square: float
    ):
        super().__init__(
            FloatData(minimum),
            FloatData(maximum),
            FloatData(mean_magnitude),
            FloatData(root_mean_square),
        )

    def verify(self) -> None:
        if not self.minimum.data <= self.maximum.data:
            raise VerifyException(
                f"#quant.range: minimum is {self.minimum.data}, "
                f"above the maximum {self.maximum.data}"
            )

    @property
    def largest_magnitude(self) -> float:
        """The largest absolute value that was seen."""
        return max(-self.minimum.data, self.maximum.data)

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            minimum = parse_real(parser)
            parser.parse_punctuation(",")
            maximum = parse_real(parser)
            parser.parse_punctuation(",")
            mean_magnitude = parse_real(parser, "mean_magnitude")
            parser.parse_punctuation(",")
            root_mean_square = parse_real(parser, "root_mean_square")
        return minimum, maximum, mean_magnitude, root_mean_square

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(
                f"{real_text(self.minimum.data)}, {real_text(self.maximum.data)}, "
                f"mean_magnitude = {real_text(self.mean_magnitude.data)}, "
                f"root_mean_square = {real_text(self.root_mean_square.data)}"
            )


RANGE_ATTRIBUTE = "quant.range"
"""Name of the attribute by which an op, or a function's argument, carries a `#quant.range`."""

Format = IntType | UnsignedType
"""A format with a scale: what activations have."""


def element_of(value: SSAValue) -> Attribute:
    """The element type of a tensor that the constraints of an op have already checked."""
    assert is_tensor(value.type)
    return value.type.element_type


def element_format(value: SSAValue) -> Format:
    """
    The number format of a quantized tensor.

    Raises:
        VerifyException: when the elements have no scale.
    """
    if is_tensor(value.type) and isinstance(value.type.element_type, Format):
        return value.type.element_type
    raise VerifyException(f"expected a tensor of !quant.int or !quant.uint, got {value.type}")


def largest_magnitude(element: Attribute) -> int:
    """
    The largest absolute value of one element, which bounds the sums that it goes into.

    Weights in a builtin integer type are symmetric: `i8` holds -127 to 127.

    Raises:
        VerifyException: for a type that is no integer format.
    """
    match element:
        case IntType() | UnsignedType():
            return max(-element.bounds[0], element.bounds[1])
        case BinaryType():
            return 1
        case IntegerType():
            return (1 << (element.width.data - 1)) - 1
        case _:
            raise VerifyException(f"expected an integer format, got {element}")


def sum_bits(count: int, element: Attribute) -> int:
    """Signed width of the sum of `count` elements, exactly as wide as it can need."""
    return (count * largest_magnitude(element)).bit_length() + 1


def accumulator_type(count: int, left: Attribute, right: Attribute) -> IntegerType:
    """
    The narrowest signed integer that holds every sum of `count` products of a `left` by a `right`.
    """
    bound = count * largest_magnitude(left) * largest_magnitude(right)
    return IntegerType(bound.bit_length() + 1)
