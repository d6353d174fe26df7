"""Where the IR keeps what calibration saw: on the op that computes a value, or on the function."""

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, BlockArgument, OpResult, SSAValue

from vaqf.dialects.diagnostics import fail
from vaqf.dialects.model_reference import input_names
from vaqf.dialects.quant import RangeAttr
from vaqf.dialects.quant.formats import RANGE_ATTRIBUTE


def _argument_attributes(network: FuncOp) -> list[dict[str, Attribute]]:
    if network.arg_attrs is None:
        return [{} for _ in network.args]
    return [dict(each.data) for each in network.arg_attrs.data]


def record_range(network: FuncOp, value: SSAValue, seen: RangeAttr) -> None:
    """Note what was seen of `value`, an argument of the function or a result in it."""
    match value:
        case OpResult():
            value.op.attributes[RANGE_ATTRIBUTE] = seen
        case BlockArgument():
            attributes = _argument_attributes(network)
            attributes[value.index][RANGE_ATTRIBUTE] = seen
            network.arg_attrs = ArrayAttr([DictionaryAttr(each) for each in attributes])
        case _:
            raise ValueError(f"{value} is in no function")


def recorded_range(network: FuncOp, value: SSAValue) -> RangeAttr:
    """
    What was seen of `value`, an argument of the function or a result in it.

    Raises:
        PassFailedException: when nothing was noted.
    """
    match value:
        case OpResult():
            op, subject = value.op, "the result"
            found = op.attributes.get(RANGE_ATTRIBUTE)
        case BlockArgument():
            op, subject = network, f"argument '{input_names(network)[value.index]}'"
            found = _argument_attributes(network)[value.index].get(RANGE_ATTRIBUTE)
        case _:
            raise ValueError(f"{value} is in no function")
    match found:
        case RangeAttr():
            return found
        case None:
            fail(op, f"{subject} has no '{RANGE_ATTRIBUTE}': run calibrate-activations first")
        case _:
            fail(op, f"'{RANGE_ATTRIBUTE}' of {subject} is {found}, expected a #quant.range")


def forget_ranges(network: FuncOp) -> None:
    """Remove all that was noted in a function."""
    for op in network.body.block.ops:
        op.attributes.pop(RANGE_ATTRIBUTE, None)
    attributes = _argument_attributes(network)
    for each in attributes:
        each.pop(RANGE_ATTRIBUTE, None)
    if network.arg_attrs is not None:
        network.arg_attrs = ArrayAttr([DictionaryAttr(each) for each in attributes])
