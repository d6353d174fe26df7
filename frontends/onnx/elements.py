"""Element types of ONNX, and those that stand for them."""

from collections.abc import Mapping
from functools import cache

from onnx import TensorProto
from xdsl.dialects.builtin import (
    AnyFloat,
    IntegerType,
    Signedness,
    TensorType,
    bf16,
    f16,
    f32,
    f64,
    i1,
    i8,
    i16,
    i32,
    i64,
)
from xdsl.ir import Attribute

ELEMENTS: Mapping[int, AnyFloat | IntegerType] = {
    TensorProto.FLOAT: f32,
    TensorProto.DOUBLE: f64,
    TensorProto.FLOAT16: f16,
    TensorProto.BFLOAT16: bf16,
    TensorProto.BOOL: i1,
    TensorProto.INT4: IntegerType(4),
    TensorProto.INT8: i8,
    TensorProto.INT16: i16,
    TensorProto.INT32: i32,
    TensorProto.INT64: i64,
    TensorProto.UINT4: IntegerType(4, Signedness.UNSIGNED),
    TensorProto.UINT8: IntegerType(8, Signedness.UNSIGNED),
    TensorProto.UINT16: IntegerType(16, Signedness.UNSIGNED),
    TensorProto.UINT32: IntegerType(32, Signedness.UNSIGNED),
    TensorProto.UINT64: IntegerType(64, Signedness.UNSIGNED),
}
"""The numbers that tensors are made of."""

ACCEPTED = "real numbers, integers and conditions"
"""These types in words."""


@cache
def ranked_tensor(elements: int, shape: tuple[int, ...]) -> TensorType[Attribute]:
    """The type of a tensor; a model has few, which take long to make."""
    return TensorType(ELEMENTS[elements], shape)


def type_name(elements: int) -> str:
    """What ONNX calls a type of elements."""
    return TensorProto.DataType.Name(elements)
