"""Whether a model can be compiled: what it is like, or all that stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vaqf.compiler.compilation import compile_file
from vaqf.compiler.model_summary import ONNX, ModelSummary, Writer
from vaqf.compiler.pipeline import Level, Options, stages, until
from vaqf.compiler.project import Json
from vaqf.frontends.onnx import ModelFile
from vaqf.passes.raise_onnx_to_vit.report import Finding, RaisingError, Recognized, Shape, group


@dataclass(frozen=True)
class Compatibility:
    """What was found out about a model."""

    path: Path
    """The model file."""

    writer: Writer
    """What wrote it."""

    summary: ModelSummary | None
    """What it is like; None when it is not supported."""

    refusal: RaisingError | None
    """What stands in the way; None when it is supported."""

    @staticmethod
    def refused(path: Path, error: RaisingError) -> Compatibility:
        """A model that is known not to be supported."""
        return Compatibility(path, Writer.of(ModelFile.open(path)), None, error)

    @property
    def lines(self) -> list[str]:
        """What a supported model is like, for people."""
        described = [] if self.summary is None else self.summary.lines
        return [*described, f"writer   {self.writer.text}"]

    @property
    def json(self) -> dict[str, Json]:
        """Everything, as data; the findings group by group, the most frequent first."""
        findings: Sequence[Finding] = () if self.refusal is None else self.refusal.findings
        recognized: Sequence[Recognized] = () if self.refusal is None else self.refusal.recognized
        return {
            "file": str(self.path),
            "supported": self.refusal is None,
            "findings": [
                _finding(each, number, self.writer)
                for number, members in enumerate(group(findings))
                for each in members
            ],
            "recognized": [_recognized(each) for each in recognized],
            "writer": {"producer": self.writer.producer, "opsets": dict(self.writer.opsets)},
            "model": None if self.summary is None else self.summary.json,
        }


def check_model(path: Path) -> Compatibility:
    """
    Take a model to the `vit` level.

    Raises:
        UserError: when the file is missing, damaged, or not what can be imported at all.
    """
    file = ModelFile.open(path)
    writer = Writer.of(file)
    names = [each.name for each in file.model.graph.output]
    try:
        module = compile_file(file, str(path), until(Level.VIT, stages(Options())))
    except RaisingError as error:
        return Compatibility(path, writer, None, error)
    return Compatibility(path, writer, ModelSummary.of(module, names), None)


def _finding(finding: Finding, group: int, writer: Writer) -> Json:
    return {
        "node": finding.node,
        "operator": finding.operator,
        "domain": finding.domain,
        "opset": writer.opsets.get(finding.domain or ONNX),
        "inputs": _shapes(finding.inputs),
        "outputs": _shapes(finding.outputs),
        "reason": finding.reason,
        "group": group,
    }


def _recognized(recognized: Recognized) -> Json:
    return {"name": recognized.name, "because": recognized.because}


def _shapes(shapes: Sequence[Shape]) -> Json:
    return [None if shape is None else list(shape) for shape in shapes]
