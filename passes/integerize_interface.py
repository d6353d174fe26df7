"""Let a network take and return integers, and be sure that it computes on nothing else."""

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import BlockArgument, Operation
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.transforms.dead_code_elimination import dce
from xdsl.utils.exceptions import PassFailedException

from vaqf.dialects import quant
from vaqf.dialects.diagnostics import describe, fail
from vaqf.dialects.model_reference import input_names, output_names
from vaqf.passes.statistics import Statistic
from vaqf.passes.structure import activations_of, is_real, network_of

LISTED_OPS = 10
"""Ops that a message names before it only counts."""


def take_integers(network: FuncOp, argument: BlockArgument, name: str) -> None:
    """
    Replace a real argument and its rounding by a quantized argument.

    Raises:
        PassFailedException: when the argument is used otherwise than by one `quant.quantize`.
    """
    users = [use.operation for use in argument.uses]
    match users:
        case [quant.QuantizeOp() as quantize]:
            integers = Rewriter.replace_value_with_new_type(argument, quantize.result.type)
            quantize.result.replace_all_uses_with(integers)
            Rewriter.erase_op(quantize)
        case _:
            found = ", ".join(map(describe, users)) or "nothing"
            fail(
                network,
                f"argument '{name}' is used by {found}, expected one 'quant.quantize': "
                "run quantize-activations first",
            )


def return_integers(last: Operation, index: int, name: str) -> None:
    """
    Return what would have become real at the exit.

    Raises:
        PassFailedException: when the returned value has not been rounded.
    """
    producer = last.operands[index].owner
    if not isinstance(producer, quant.DequantizeOp):
        found = describe(producer) if isinstance(producer, Operation) else "an argument"
        fail(
            last,
            f"result '{name}' comes from {found}, expected 'quant.dequantize': "
            "run quantize-activations and sink-dequantize first",
        )
    last.operands[index] = producer.input


def check_integers(network: FuncOp) -> None:
    """
    Check that no op computes on real values that depend on an argument.

    Raises:
        PassFailedException: naming the ops that do.
    """
    activations = activations_of(network)
    real = [
        op
        for op in network.body.block.ops
        if not activations.isdisjoint(op.operands)
        if any(is_real(value) for value in (*op.operands, *op.results) if value in activations)
    ]
    if real:
        listed = ", ".join(map(describe, real[:LISTED_OPS]))
        more = len(real) - LISTED_OPS
        rest = f" and {more} more" if more > 0 else ""
        raise PassFailedException(
            f"ops still compute on real values: {listed}{rest}; "
            "run the other integerize passes first"
        )


class IntegerizeInterfacePass(ModulePass):
    """
    Change real arguments and results of the network to the integers that they are rounded to.

    This ends the way to the `quantized` level: nothing may compute on real values any more, but
    for the preparation of weights.
    """

    name = "integerize-interface"

    statistics = (Statistic("conversions left to the host", removed="quant.*"),)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        network = network_of(op)
        for argument, name in zip(network.args, input_names(network), strict=True):
            if is_real(argument):
                take_integers(network, argument, name)
        last = network.body.block.last_op
        if last is not None:
            for index, name in enumerate(output_names(network)):
                if is_real(last.operands[index]):
                    return_integers(last, index, name)
        network.update_function_type()
        dce(op)
        check_integers(network)
