"""Tensors that are in no file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, TensorType, f32
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


@irdl_op_definition
class ConstantOp(IRDLOperation):
    """
    One number in place of a weight, such as the factor of a LayerNorm that has no parameters.

    ```mlir
    %ones = vit.constant dense<1.0> : tensor<192xf32>
    ```
    """

    name = "vit.constant"

    _T: ClassVar = VarConstraint("T", TensorType.constr(f32))

    value = prop_def(ParamAttrConstraint(DenseIntOrFPElementsAttr, (_T, AnyAttr())))
    """The elements, all of them equal."""

    result = result_def(_T)
    """The tensor."""

    traits = traits_def(Pure(), ConstantLike())

    assembly_format = "$value attr-dict"

    def __init__(self, number: float, shape: Sequence[int]):
        type = TensorType(f32, shape)
        super().__init__(
            properties={"value": DenseIntOrFPElementsAttr.from_list(type, [number])},
            result_types=[type],
        )

    def verify_(self) -> None:
        if not self.value.is_splat():
            raise VerifyException("'value' has different elements, expected equal ones")
