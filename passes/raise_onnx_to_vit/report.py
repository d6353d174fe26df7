"""What stands in the way of raising a model, and how it is told: as text, or as data."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import TensorType
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.utils.hints import isa

from vaqf.dialects import onnx
from vaqf.dialects.diagnostics import ReportError, name_of_location

Shape = tuple[int, ...] | None
"""The sizes of a tensor; None when they are not known."""

_WIDTH = 100
"""Columns of a line; longer ones are broken between names."""


def operator_of(op: Operation) -> str:
    """What ONNX calls the operator of an operation, without its domain."""
    match op:
        case onnx.OpaqueOp():
            return op.op_type.data
        case onnx.ConstantOp():
            return "Constant"
        case _:
            return op.name.removeprefix("onnx.")


def domain_of(op: Operation) -> str:
    """Who defines the operator of an operation; empty for ONNX itself."""
    return op.domain.data if isinstance(op, onnx.OpaqueOp) else ""


def node_of(op: Operation) -> str:
    """The name of the node that an operation comes from."""
    return name_of_location(op.location) or "an unknown location"


def known_shape(value: SSAValue) -> Shape:
    """The shape of a value; None when a size, or their number, is not known."""
    type = value.type
    if not isa(type, TensorType[Attribute]) or not type.has_static_shape():
        return None
    return type.get_shape()


@dataclass(frozen=True)
class Finding:
    """A node, or an input or output of the model, that stands in the way."""

    node: str
    """Its name, as the user knows it."""

    operator: str
    """What ONNX calls its operator; `input` or `output` for one of the model."""

    domain: str
    """Who defines the operator; empty for ONNX itself."""

    inputs: tuple[Shape, ...]
    """The shapes of what the node reads."""

    outputs: tuple[Shape, ...]
    """The shapes of what it gives."""

    reason: str
    """Why it cannot be raised."""

    @staticmethod
    def of(op: Operation, reason: str) -> Finding:
        """An operation of the `onnx` dialect that cannot be raised."""
        return Finding(
            node_of(op),
            operator_of(op),
            domain_of(op),
            tuple(known_shape(each) for each in op.operands),
            tuple(known_shape(each) for each in op.results),
            reason,
        )

    @property
    def kind(self) -> str:
        """The operator with its domain, such as `Relu` or `com.microsoft.Attention`."""
        return f"{self.domain}.{self.operator}" if self.domain else self.operator

    @property
    def shapes(self) -> str:
        """All shapes, such as `1x3x32x32, 8x3x3x3 -> 1x8x30x30`."""
        inputs, outputs = (
            ", ".join(_shape(each) for each in shapes) for shapes in (self.inputs, self.outputs)
        )
        return f"{inputs} -> {outputs}" if inputs else outputs


@dataclass(frozen=True)
class Recognized:
    """Something that a model is known by, which no plain Vision Transformer has."""

    name: str
    """What the literature calls it, and a model that has it."""

    because: str
    """What of it is in the graph, and where."""


def _shape(shape: Shape) -> str:
    match shape:
        case None:
            return "?"
        case ():
            return "number"
        case _:
            return "x".join(map(str, shape))


def group(findings: Sequence[Finding]) -> list[list[Finding]]:
    """The findings of the same operator for the same reason together, most frequent first."""
    groups: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.kind, finding.reason].append(finding)
    return sorted(groups.values(), key=len, reverse=True)


class RaisingError(ReportError):
    """A model that is no plain Vision Transformer, with everything that stands in the way."""

    def __init__(
        self, findings: Sequence[Finding], recognized: Sequence[Recognized], model: str | None
    ):
        """
        Args:
            findings: every root cause, in the order of the graph.
            recognized: what the model seems to be instead.
            model: the model file; None for IR that names none.
        """
        self.findings = findings
        self.recognized = recognized
        super().__init__("\n".join(_lines(findings, recognized, model)))

    @property
    def parts(self) -> Sequence[str]:
        return [
            *(
                f"{each.kind} at {each.node}: {each.reason} ({each.shapes})"
                for each in self.findings
            ),
            *(f"the graph shows {each.name}: {each.because}" for each in self.recognized),
        ]


def _lines(
    findings: Sequence[Finding], recognized: Sequence[Recognized], model: str | None
) -> list[str]:
    count = f"{len(findings)} node{'s' if len(findings) > 1 else ''}"
    where = "" if model is None else f"{model}: "
    lines = [f"{where}{count} cannot become part of a Vision Transformer:"]
    for members in group(findings):
        lines.append(f"  {len(members)} x {members[0].kind}: {members[0].reason}")
        by_shapes: defaultdict[str, list[str]] = defaultdict(list)
        for member in members:
            by_shapes[member.shapes].append(member.node)
        for shapes, nodes in by_shapes.items():
            lines += _wrapped(f"{shapes} at {', '.join(nodes)}", "      ")
    if recognized:
        lines.append("what the graph shows:")
    for each in recognized:
        lines += _wrapped(f"{each.name}: {each.because}", "  ")
    return lines


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
