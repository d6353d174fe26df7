"""What an accelerator lets one look at: its checkpoints, and the values that they show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, StringAttr, TensorType
from xdsl.ir import Attribute, Operation
from xdsl.utils.hints import isa

from vaqf.dialects.diagnostics import UserError
from vaqf.dialects.quant import IntType

CHECKPOINTS_ATTRIBUTE = "accel.checkpoints"
"""
Name of the attribute of `@forward` that tells of the values of its checkpoints in the order of the
program: the `label` of the checkpoint, the ONNX `node` whose value it is, and the `type` that the
value has in the network of integers. Values of one label are numbered from 0.
"""


@dataclass(frozen=True)
class CheckpointValue:
    """A value that a checkpoint shows."""

    label: str
    """Of the checkpoint."""

    index: int
    """Which of the values of that label."""

    node: str
    """The ONNX node that it is the value of; empty when that is not known."""

    shape: tuple[int, ...]
    """Tokens x channels."""

    format: IntType
    """What its integers stand for."""


def checkpoints_attribute(
    values: Sequence[tuple[str, str, TensorType[Attribute]]],
) -> ArrayAttr[DictionaryAttr]:
    """The attribute for values, each with its label, node and type, in the order of the program."""
    return ArrayAttr(
        [
            DictionaryAttr({"label": StringAttr(label), "node": StringAttr(node), "type": type})
            for label, node, type in values
        ]
    )


def checkpoint_values(forward: Operation) -> list[CheckpointValue]:
    """
    The values of the checkpoints of `@forward`, in the order of the program.

    Raises:
        UserError: when the attribute is damaged.
    """
    counts = Counter[str]()
    found: list[CheckpointValue] = []
    attribute = forward.attributes.get(CHECKPOINTS_ATTRIBUTE)
    entries = attribute if isa(attribute, ArrayAttr[Attribute]) else ArrayAttr[Attribute](())
    for entry in entries:
        match entry:
            case DictionaryAttr(
                data={"label": StringAttr(data=label), "node": StringAttr(data=node), "type": type}
            ) if isa(type, TensorType[IntType]):
                value = CheckpointValue(
                    label, counts[label], node, type.get_shape(), type.element_type
                )
                found.append(value)
                counts[label] += 1
            case other:
                raise UserError(
                    f"attribute '{CHECKPOINTS_ATTRIBUTE}' has {other}, expected "
                    '{label = "...", node = "...", type = tensor<...x!quant.int<...>>}'
                )
    return found
