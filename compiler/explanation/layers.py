"""The layers of a project, and the operations of the IR that are of one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation
from xdsl.printer import Printer

from vaqf.backends.hls.sources import layer_of, names_in
from vaqf.compiler.context import full_context
from vaqf.compiler.hints import did_you_mean
from vaqf.compiler.located_parser import parse_ir
from vaqf.compiler.project import Json, read_manifest
from vaqf.dialects.accel.schedule import ENGINE_ATTRIBUTE
from vaqf.dialects.diagnostics import UserError


@dataclass(frozen=True)
class Project:
    """A project that `vaqf compile` wrote."""

    folder: Path
    manifest: dict[str, Json]

    @staticmethod
    def of(folder: Path) -> Project:
        """
        The project in a folder.

        Raises:
            UserError: when it is none, or has no IR.
        """
        project = Project(folder, read_manifest(folder))
        if not project.stages:
            raise UserError(f"{folder}/ir: has no IR, compile the model again")
        return project

    @cached_property
    def stages(self) -> Sequence[Path]:
        """The IR after every stage, in order."""
        return sorted((self.folder / "ir").glob("*.mlir"))

    def stage(self, name: str) -> Path:
        """
        The IR after a stage.

        Raises:
            UserError: when the project does not have it.
        """
        for each in self.stages:
            if each.stem.partition("-")[2] == name:
                return each
        raise UserError(f"{self.folder}/ir: has no stage '{name}', compile the model again")

    @cached_property
    def nodes(self) -> dict[str, list[str]]:
        """The ONNX nodes of every layer, by its name, in the order of the model."""
        found: dict[str, list[str]] = {}
        for op in read(self.stages[0]).walk():
            for node in names_in(op.location):
                nodes = found.setdefault(layer_of(node), [])
                if node not in nodes:
                    nodes.append(node)
        return found

    @cached_property
    def layers(self) -> list[str]:
        """The layers that are more than constants and shapes, in the order of the model."""
        left = {
            layer_of(node)
            for op in read(self.stage("vit")).walk()
            for node in names_in(op.location)
        }
        return [each for each in self.nodes if each in left]

    def layer(self, name: str) -> Layer:
        """
        A layer by its name, or by that of one of its nodes.

        Raises:
            UserError: when there is none, with the nearest or those within it.
        """
        nodes = self.nodes
        for layer, its in nodes.items():
            if name == layer or name in its:
                return Layer(layer, frozenset(its))
        within = [layer for layer in self.layers if layer.startswith(f"{name}.")]
        if within:
            raise UserError(f"'{name}' is several layers: {', '.join(within)}")
        hint = did_you_mean(name, nodes) or f", vaqf explain {self.folder} lists them"
        raise UserError(f"{self.folder}: the model has no layer '{name}'{hint}")


@dataclass(frozen=True)
class Layer:
    """A layer of the model."""

    name: str
    nodes: frozenset[str]

    def has(self, op: Operation) -> bool:
        """Whether an operation is of this layer, perhaps among others."""
        return not self.nodes.isdisjoint(names_in(op.location))

    def operations(self, module: ModuleOp, function: str | None = None) -> Iterator[Operation]:
        """
        Its operations, in order; of engines, which many layers share, only the calls.

        Args:
            module: IR of the project.
            function: which one to look in; None for all.
        """
        for each in module.ops:
            if not isinstance(each, FuncOp) or ENGINE_ATTRIBUTE in each.attributes:
                continue
            if function in (None, each.sym_name.data):
                yield from (op for op in each.body.walk() if not op.regions and self.has(op))


def read(file: Path) -> ModuleOp:
    """
    The IR in a file.

    Raises:
        UserError: when it cannot be read.
    """
    try:
        text = file.read_bytes()
    except OSError as error:
        raise UserError(f"{file}: cannot be read: {error.strerror}") from None
    return parse_ir(full_context(), text, str(file))


def texts_of(module: ModuleOp, wanted: Sequence[Operation]) -> list[str]:
    """Some operations of a module as its IR is printed, without locations."""
    printed: list[str] = []
    out = StringIO()
    printer = Printer(out)
    # Names of values follow from all that was printed before.
    for op in module.walk():
        for result in op.results:
            printer.print_ssa_value(result)
    for op in wanted:
        out.seek(0)
        out.truncate()
        printer.print_op(op)
        printed.append(out.getvalue())
    return printed
