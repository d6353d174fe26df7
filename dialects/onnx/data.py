"""Where tensors come from: the model file, or the text itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import (
    AnyDenseElement,
    DenseIntOrFPElementsAttr,
    IntegerType,
    StringAttr,
    SymbolNameConstraint,
    TensorType,
    f32,
    i1,
    i64,
)
from xdsl.ir import AttributeCovT, OpResult, SSAValue
from xdsl.irdl import (
    AnyAttr,
    IRDLOperation,
    ParamAttrConstraint,
    VarConstraint,
    irdl_op_definition,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import ConstantLike, Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.onnx.base import FloatTensor
from vaqf.dialects.shapes import shape_of

MAXIMUM_CONSTANT_ELEMENTS = 1024
"""The largest constant whose elements differ; anything larger belongs in the model file."""


@irdl_op_definition
class InitializerOp(IRDLOperation):
    """
    A tensor of the model file: an initializer, or the value of a `Constant` node.

    ```mlir
    %weight = onnx.initializer @"blocks.0.mlp.fc1.weight" : tensor<768x192xf32>
    ```
    """

    name = "onnx.initializer"

    tensor_name = prop_def(SymbolNameConstraint())
    """Name of the tensor in the model file, exactly as it stands there."""

    value = result_def(FloatTensor)
    """The tensor, in the shape that the file gives it."""

    traits = traits_def(Pure())

    assembly_format = "$tensor_name attr-dict `:` type($value)"

    def __init__(self, tensor_name: str, shape: Sequence[int]):
        super().__init__(
            properties={"tensor_name": StringAttr(tensor_name)},
            result_types=[TensorType(f32, shape)],
        )
