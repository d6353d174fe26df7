"""What the passes from `vit` to `quantized` ask of a network: where values come from and go to."""

from collections.abc import Sequence

from xdsl.dialects.builtin import Float32Type, ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Operation, OpResult, SSAValue

from vaqf.dialects import quant, vit
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import is_tensor
from vaqf.interpreters.execute import entry_function

Move = vit.ReshapeOp | vit.TransposeOp | vit.SliceOp | vit.SelectTokenOp
"""An op whose result holds values of its one input, of any type, unchanged."""

Rounding = quant.QuantizeOp | quant.DequantizeOp
"""What rounds activations: both together are the identity on values in a number format."""


def network_of(module: ModuleOp) -> FuncOp:
    """
    The function that is the whole network, with its ops in one block.

    Raises:
        UserError: when there is no function of that name.
        PassFailedException: when there is control flow in it.
    """
    network = entry_function(module)
    if len(network.body.blocks) != 1:
        fail(network, f"has {len(network.body.blocks)} blocks, expected one")
    return network


def origin_of(value: SSAValue) -> SSAValue:
    """The value that `value` was before ops moved it about without changing it."""
    while isinstance(value, OpResult) and isinstance(value.op, Move | vit.ExtractPatchesOp):
        value = value.op.operands[0]
    return value


def activations_of(network: FuncOp) -> set[SSAValue]:
    """All values that depend on an argument of the function; the others follow from weights."""
    dependent: set[SSAValue] = set(network.args)
    for op in network.body.block.ops:
        if not dependent.isdisjoint(op.operands):
            dependent.update(op.results)
    return dependent


def is_real(value: SSAValue) -> bool:
    """Whether a value is a tensor of reals."""
    return is_tensor(value.type) and isinstance(value.type.element_type, Float32Type)


def is_real_weight(weight: SSAValue) -> bool:
    """Whether no pass has brought `weight` to a number format yet."""
    return not isinstance(origin_of(weight).owner, quant.DequantizeWeightOp)


def source_of(value: SSAValue) -> SSAValue:
    """The value that `value` was before ops moved it about or rounded it."""
    while True:
        value = origin_of(value)
        if not isinstance(value, OpResult) or not isinstance(value.op, Rounding):
            return value
        value = value.op.input


def users_of(value: SSAValue) -> Sequence[Operation]:
    """The ops that compute with a value, or return it, perhaps after it was moved or rounded."""
    users: list[Operation] = []
    values = [value]
    while values:
        for use in values.pop().uses:
            if isinstance(use.operation, Move | vit.ExtractPatchesOp | Rounding):
                values += use.operation.results
            else:
                users.append(use.operation)
    return users


def is_returned(value: SSAValue) -> bool:
    """Whether the function returns `value`, perhaps moved or rounded."""
    return any(isinstance(user, ReturnOp) for user in users_of(value))


def is_sum_of_heads(add: vit.AddOp) -> bool:
    """Whether the function returns the sum of two linears: it has two heads."""
    return is_returned(add.result) and all(
        isinstance(source_of(operand).owner, vit.LinearOp) for operand in add.operands
    )


def is_head(linear: vit.LinearOp) -> bool:
    """Whether the function returns what `linear` computes, perhaps added to another head."""
    return any(
        isinstance(user, ReturnOp) or (isinstance(user, vit.AddOp) and is_sum_of_heads(user))
        for user in users_of(linear.result)
    )


def is_patch_embedding(linear: vit.LinearOp) -> bool:
    """Whether `linear` takes the patches of an image, perhaps normalised."""
    value = linear.input
    while isinstance(owner := value.owner, Move | Rounding | vit.LayerNormOp):
        value = owner.input
    return isinstance(owner, vit.ExtractPatchesOp)
