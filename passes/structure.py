"""What the passes from `vit` to `quantized` ask of a network: where values come from and go to."""

from xdsl.dialects.builtin import Float32Type, ModuleOp, TensorType
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import OpResult, SSAValue
from xdsl.utils.hints import isa

from vaqf.dialects import quant, vit
from vaqf.dialects.diagnostics import fail
from vaqf.interpreters.execute import entry_function

Move = vit.ReshapeOp | vit.TransposeOp | vit.SliceOp | vit.SelectTokenOp
"""An op whose result holds values of its one input, unchanged."""


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
    while isinstance(value, OpResult) and isinstance(value.op, Move):
        value = value.op.input
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
    return isa(value.type, TensorType[Float32Type])


def is_real_weight(weight: SSAValue) -> bool:
    """Whether no pass has brought `weight` to a number format yet."""
    return not isinstance(origin_of(weight).owner, quant.DequantizeWeightOp)


def is_head(linear: vit.LinearOp) -> bool:
    """Whether the function returns what `linear` computes, perhaps moved or rounded."""
    values: list[SSAValue] = [linear.result]
    while values:
        for use in values.pop().uses:
            if isinstance(use.operation, ReturnOp):
                return True
            if isinstance(use.operation, Move | quant.QuantizeOp | quant.DequantizeOp):
                values.append(use.operation.result)
    return False
