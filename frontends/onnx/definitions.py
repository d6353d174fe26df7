"""Where the values of a graph are defined: once each, and before they are used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from onnx import GraphProto, NodeProto

from vaqf.frontends.onnx.model_file import ModelFile


def check_defined_once(file: ModelFile) -> None:
    """
    Check that no two values of a model have the same name. An input may have an initializer.

    Raises:
        UserError: naming the value, and what defines it.
    """
    definitions: dict[str, str] = {}
    for name, definition in _definitions(file.model.graph):
        if name in definitions:
            raise file.error(
                f"value '{name}' is defined twice, by {definitions[name]} and by {definition}"
            )
        definitions[name] = definition


def _definitions(graph: GraphProto) -> Iterator[tuple[str, str]]:
    """Each value, and what defines it."""
    initializers = {tensor.name for tensor in graph.initializer}
    for tensor in graph.initializer:
        yield tensor.name, "an initializer"
    for input in graph.input:
        if input.name not in initializers:
            yield input.name, "an input"
    for node in graph.node:
        for name in node.output:
            if name:
                yield name, f"node '{node.name}' ({node.op_type})"


def why_undefined(nodes: Iterable[NodeProto], reader: NodeProto, name: str) -> str:
    """Why nothing before a node defines a value that the node reads."""
    givers = {output: node for node in nodes for output in node.output if output}
    if name not in givers:
        return "which nothing defines"
    pending, needed = [name], set[str]()
    while pending:
        value = pending.pop()
        if value in givers and value not in needed:
            needed.add(value)
            pending += givers[value].input
    if needed.intersection(reader.output):
        return "which depends on what the node itself gives: the graph has a cycle"
    return (
        f"which node '{givers[name].name}' gives only after it: "
        "the nodes are not in topological order"
    )
