"""Tensors of the model file."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    IntegerType,
    StringAttr,
    SymbolNameConstraint,
    TensorType,
    f32,
)
from xdsl.ir import Attribute
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from vaqf.dialects.vit.base import FloatTensor


@irdl_op_definition
class ParameterOp(IRDLOperation):
    """
    A tensor of the model file.

    ```mlir
    %weight = vit.parameter @"blocks.0.mlp.fc1.weight" : tensor<768x192xf32>
    %rounded = vit.parameter @"blocks.0.mlp.fc2.weight_quantized" : tensor<192x768xi8>
    ```
    """

    name = "vit.parameter"

    tensor_name = prop_def(SymbolNameConstraint())
    """Name of the tensor in the model file, exactly as it stands there."""

    value = result_def(FloatTensor | TensorType[IntegerType])
    """The tensor, in the shape that the file gives it: real values, or integers of any width."""

    traits = traits_def(Pure())

    assembly_format = "$tensor_name attr-dict `:` type($value)"

    def __init__(self, tensor_name: str, shape: Sequence[int], elements: Attribute = f32):
        super().__init__(
            properties={"tensor_name": StringAttr(tensor_name)},
            result_types=[TensorType(elements, shape)],
        )
