"""Nodes that the dialect has no operation for."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import StringAttr, UnrankedTensorType
from xdsl.ir import Attribute, SSAValue
from xdsl.irdl import (
    AnyOf,
    BaseAttr,
    IRDLOperation,
    irdl_op_definition,
    opt_prop_def,
    prop_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.onnx.base import ANY_TENSOR

_TENSOR = AnyOf(
    (
        ANY_TENSOR,
        BaseAttr[UnrankedTensorType[Attribute]](UnrankedTensorType),
    )
)


def is_known(value: SSAValue) -> bool:
    """Whether a value is a tensor of static shape."""
    return ANY_TENSOR.verifies(value.type) and value.type.has_static_shape()


@irdl_op_definition
class OpaqueOp(IRDLOperation):
    """
    A node that nothing is known of but what it reads and writes. It cannot be executed.

    Nodes of unknown operators become one, nodes that the operation of their operator does not
    allow, weights that are no numbers, and nodes that read what such a node gives in an unknown
    shape. Without `reason` and `follows` there is no operation for the operator.

    ```mlir
    %y = onnx.Opaque "com.example" "Window" (%x)
        : (tensor<1x56x56x96xf32>) -> tensor<*xf32>
    %z = onnx.Opaque "" "Reshape" (%y, %shape) follows "/layers.0/Window"
        : (tensor<*xf32>, tensor<4xi64>) -> tensor<*xf32>
    %c = onnx.Opaque "" "Conv" (%image, %w) reason "auto_pad is SAME_UPPER"
        : (tensor<1x3x32x32xf32>, tensor<8x3x3x3xf32>) -> tensor<1x8x32x32xf32>
    ```
    """

    name = "onnx.Opaque"

    domain = prop_def(StringAttr)
    """Who defines the operator; empty for ONNX itself."""

    op_type = prop_def(StringAttr)
    """Name of the operator."""

    reason = opt_prop_def(StringAttr)
    """Why the operation of this operator cannot stand for the node."""

    follows = opt_prop_def(StringAttr)
    """The node that gives an operand whose shape is not known, where that alone is the reason."""

    inputs = var_operand_def(_TENSOR)
    """What the node reads, without inputs that it leaves out."""

    outputs = var_result_def(_TENSOR)
    """What it writes: `tensor<*xf32>` where the shape is not known."""

    traits = traits_def(Pure())

    assembly_format = (
        "$domain $op_type `(` $inputs `)` (`reason` $reason^)? (`follows` $follows^)? attr-dict "
        "`:` functional-type($inputs, $outputs)"
    )

    def __init__(
        self,
        domain: str,
        op_type: str,
        inputs: Sequence[SSAValue],
        outputs: Sequence[Attribute],
        reason: str | None = None,
        follows: str | None = None,
    ):
        super().__init__(
            operands=[inputs],
            result_types=[outputs],
            properties={
                "domain": StringAttr(domain),
                "op_type": StringAttr(op_type),
                "reason": None if reason is None else StringAttr(reason),
                "follows": None if follows is None else StringAttr(follows),
            },
        )

    @property
    def operator(self) -> str:
        """The operator as messages call it, such as `Relu` or `com.microsoft.Attention`."""
        return ".".join(each.data for each in (self.domain, self.op_type) if each.data)

    @property
    def is_root_cause(self) -> bool:
        """Whether the node is opaque of itself, and not because it reads from another such node."""
        return self.follows is None

    def verify_(self) -> None:
        if not self.op_type.data:
            raise VerifyException("'op_type' is empty, expected the name of an operator")
        if self.follows is None:
            return
        if self.reason is not None:
            raise VerifyException("'reason' and 'follows' are both given, expected one of them")
        if all(is_known(each) for each in self.inputs):
            raise VerifyException("'follows' is given, but the shapes of all operands are known")
