"""One walk over a network, from its first op to its last."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass

from vaqf.dialects import accel, quant, vit
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.model_reference import input_names, output_names
from vaqf.dialects.shapes import shape_of
from vaqf.passes.lower_vit_to_accel.attention import lower_rescale
from vaqf.passes.lower_vit_to_accel.forward import Forward, Matrix, location_of
from vaqf.passes.lower_vit_to_accel.layer_norm import lower_layer_norm
from vaqf.passes.lower_vit_to_accel.linear import lower_lookup, lower_requantize
from vaqf.passes.lower_vit_to_accel.pooling import lower_mean_tokens, lower_slice
from vaqf.passes.lower_vit_to_accel.residual import lower_together
from vaqf.passes.statistics import Statistic
from vaqf.passes.structure import network_of


def without_batch(value: SSAValue) -> SSAValue:
    """A returned value before a reshape gave it the shape that the model has."""
    while isinstance(value.owner, vit.ReshapeOp):
        value = value.owner.input
    return value


def lower_reshape(forward: Forward, op: vit.ReshapeOp) -> None:
    """
    A reshape moves nothing: it drops the batch of the image, or gives a result one.

    Raises:
        PassFailedException: for any other.
    """
    if op.input in forward.images:
        forward.images[op.result] = forward.images[op.input]
    elif shape_of(op.result) == shape_of(op.input):
        forward.matrices[op.result] = forward.matrix(op, op.input)
    elif not all(isinstance(use.operation, ReturnOp) for use in op.result.uses):
        fail(op, "changes the shape of an activation, expected that of an image or a result")


def lower_patches(forward: Forward, op: quant.ExtractPatchesOp) -> None:
    """
    Emit the cutting of the image.

    Raises:
        PassFailedException: when it is not what the network takes.
    """
    if op.image not in forward.images:
        fail(op, "expected patches of the image that the network takes")
    patches = forward.new_buffer(op.result, "patches")
    image, patch = forward.images[op.image], op.patch.get_values()
    forward.emit(accel.ExtractPatchesOp(image, patches, patch, op.order.data), op)


def lower(forward: Forward, op: Operation) -> None:
    """
    Emit what one op of the network becomes.

    Raises:
        PassFailedException: when the accelerator has no layer for it.
    """
    match op:
        case vit.ReshapeOp():
            lower_reshape(forward, op)
        case quant.ExtractPatchesOp():
            lower_patches(forward, op)
        case quant.LinearOp():
            if not op.result.has_one_use():
                fail(op, "expected one requantization of the sums")
        case quant.RequantizeOp():
            lower_requantize(forward, op)
        case quant.LookupOp():
            lower_lookup(forward, op)
        case quant.AddOp() | vit.ConcatenateOp():
            lower_together(forward, op)
        case vit.SelectTokenOp():
            matrix, token = forward.matrix(op, op.input), op.token.value.data
            forward.matrices[op.result] = Matrix(matrix.buffer, matrix.first + token)
        case vit.SliceOp():
            lower_slice(forward, op)
        case quant.LayerNormOp():
            lower_layer_norm(forward, op)
        case quant.MeanTokensOp():
            lower_mean_tokens(forward, op)
        case quant.AttentionScoresOp() | quant.SoftmaxOp() | quant.AttentionValuesOp():
            pass  # Part of the layer that the rescaling of its values ends.
        case quant.RescaleOp():
            lower_rescale(forward, op)
        case _:
            fail(op, "has no layer on the accelerator")


def lower_network(network: FuncOp) -> tuple[FuncOp, FuncOp]:
    """
    `@parameters` and `@forward` of a network in integers.

    Raises:
        PassFailedException: when a part of it has no form on the accelerator.
    """
    forward = Forward(network)
    terminator = network.body.block.last_op
    assert isinstance(terminator, ReturnOp)
    for argument, name in zip(network.args, input_names(network), strict=True):
        # The batch is 1, and the first thing that a network does is to drop it.
        users = [use.operation for use in argument.uses]
        reshaped = [user.result for user in users if isinstance(user, vit.ReshapeOp)]
        shape = shape_of(reshaped[0] if reshaped else argument)
        forward.images[argument] = forward.port("input", name, argument, shape)
    results = [without_batch(value) for value in terminator.arguments]
    outputs = [
        forward.port("output", name, value, shape_of(value))
        for name, value in zip(output_names(network), results, strict=True)
    ]
    for op in network.body.block.ops:
        if op is not terminator and not forward.activations.isdisjoint(op.results):
            lower(forward, op)
    for value, output in zip(results, outputs, strict=True):
        store = accel.StoreMatrixOp(forward.whole_matrix(terminator, value), output)
        forward.emit(store, terminator)
        store.location = location_of(value)
    functions = forward.parameters.function(), forward.function()
    for function in functions:
        function.location = network.location
    return functions


@dataclass(frozen=True)
class LowerVitToAccelPass(ModulePass):
    """
    Give every activation a buffer, every weight a place in DRAM, and every layer an op on them.

    The function becomes two: `@parameters` prepares weights and tables, `@forward` is the
    accelerator. A linear layer takes along its requantization and one epilogue; the residual
    stream is one buffer, updated in place.
    """

    name = "lower-vit-to-accel"

    statistics = (
        Statistic("linear layers lowered", added="accel.linear"),
        Statistic("attentions lowered", added="accel.attention"),
        Statistic("LayerNorms lowered", added="accel.layer_norm"),
        Statistic("buffers allocated", added="accel.buffer"),
        Statistic("parameters put into DRAM", added="accel.parameter"),
    )

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        network = network_of(op)
        parameters, forward = lower_network(network)
        network.detach()
        network.erase()
        op.body.block.add_ops([parameters, forward])
