"""Writing `vit` operations that know which ONNX node they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from xdsl.dialects.builtin import LocationAttr, NameLoc
from xdsl.ir import Block, Operation, SSAValue
from xdsl.utils.exceptions import VerifyException

_OPERATOR = re.compile(r"[A-Z][A-Za-z]*(_\d+)?")
"""What the names of nodes end with after the path of a module."""

_NOT_IN_A_LABEL = re.compile(r"[^A-Za-z0-9]+")


class CannotRaise(Exception):
    """Why one operation could not be raised; the pass collects these and reports them together."""


def label_of(name: str) -> str:
    """
    What to call an SSA value, made from the name of a node or tensor; empty for a number.

    Exporters write the path of modules, in which each repeats the one that it is in:
    `/blocks/blocks.0/mlp/fc1` gives `blocks_0_mlp_fc1`.
    """
    steps = [step for step in name.split("/") if step]
    own = [step for step, inner in pairwise([*steps, ""]) if not inner.startswith(f"{step}.")]
    label = _NOT_IN_A_LABEL.sub("_", "_".join(own)).strip("_")
    return label if label[:1].isalpha() else ""


@dataclass(frozen=True)
class Origin:
    """The ONNX node that an operation stands for."""

    location: LocationAttr
    """Location of the node."""

    label: str
    """What to call the result in the printed IR; empty for a number."""

    @staticmethod
    def of(op: Operation, role: str = "") -> Origin:
        """
        The origin of what an operation of the `onnx` dialect is raised to.

        Nodes are named after the module that they are in and their operator, which is another one
        where a pass has made one operation of several. So `role` says which node of it this is.
        """
        if not isinstance(op.location, NameLoc):
            return Origin(op.location, label_of(op.results[0].name_hint or "") or role)
        module, _, last = op.location.desc.data.rpartition("/")
        is_operator = "/" in op.location.desc.data and _OPERATOR.fullmatch(last)
        name = module if is_operator else f"{module}/{last}"
        return Origin(op.location, label_of(name)).part(role)

    def part(self, role: str) -> Origin:
        """The origin of one part of what the node computes, such as `query`."""
        return Origin(self.location, "_".join(filter(None, (self.label, role))))


@dataclass
class Emitter:
    """Writes operations into the body of the raised function."""

    block: Block
    """The body."""

    def emit(self, op: Operation, origin: Origin) -> SSAValue:
        """
        Write an operation with one result, and give that result.

        Raises:
            CannotRaise: when the operation does not verify.
        """
        try:
            op.verify()
        except VerifyException as error:
            raise CannotRaise(f"as '{op.name}', {error}") from error
        op.location = origin.location
        (result,) = op.results
        # Values of the same name are numbered when they are printed. xDSL takes off one number by
        # itself; of two, what is left could be the number of another value.
        result.name_hint = re.sub(r"(_\d+)+$", "", origin.label) or None
        self.block.add_op(op)
        return result
