"""
How the passes to integers read the rounding around an op on real values.

After `quantize-activations` an op takes what `quant.dequantize` gives, and `quant.quantize` takes
its result. The op and the `quant.quantize` together become an op on integers.
"""

from xdsl.ir import Operation, OpResult, SSAValue

from vaqf.dialects import quant
from vaqf.dialects.diagnostics import describe, fail
from vaqf.dialects.quant import IntType, UnsignedType
from vaqf.dialects.quant.formats import element_format


def integers_of(op: Operation, name: str, value: SSAValue) -> SSAValue:
    """
    The integers that an operand of `op` stands for.

    Args:
        op: The op on real values.
        name: Name of the operand, for the message.
        value: The operand.

    Raises:
        PassFailedException: when the operand has not been rounded.
    """
    match value.owner:
        case quant.DequantizeOp() as dequantize:
            return dequantize.input
        case Operation() as producer:
            source = describe(producer)
        case _:
            source = "an argument of the function"
    fail(
        op,
        f"'{name}' comes from {source}, expected 'quant.dequantize': "
        "run quantize-activations and sink-dequantize first",
    )


def int_format(op: Operation, name: str, integers: SSAValue) -> IntType:
    """
    The format of quantized values that have to be signed.

    Raises:
        PassFailedException: when they are not.
    """
    match element_format(integers):
        case IntType() as format:
            return format
        case UnsignedType() as other:
            fail(op, f"'{name}' has elements {other}, expected !quant.int")


def rounding_of(op: Operation, result: OpResult) -> quant.QuantizeOp:
    """
    The op that rounds a result of `op`, and is all that uses it.

    Raises:
        PassFailedException: when the result is used otherwise.
    """
    users = [use.operation for use in result.uses]
    match users:
        case [quant.QuantizeOp() as quantize]:
            return quantize
        case []:
            found = "nothing"
        case _:
            found = ", ".join(describe(user) for user in users)
    fail(
        op,
        f"the result is used by {found}, expected one 'quant.quantize': "
        "run quantize-activations first",
    )


def probability_format(op: Operation, name: str, integers: SSAValue) -> UnsignedType:
    """
    The format of quantized values that have to be probabilities.

    Raises:
        PassFailedException: when they are signed.
    """
    match element_format(integers):
        case UnsignedType() as format:
            return format
        case IntType() as other:
            fail(op, f"'{name}' has elements {other}, expected !quant.uint")
