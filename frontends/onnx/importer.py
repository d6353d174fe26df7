"""From an ONNX file to a module of the `onnx` dialect."""

from __future__ import annotations

from collections.abc import Container, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from onnx import GraphProto, NodeProto, ValueInfoProto, defs
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Region

from vaqf.dialects.diagnostics import remember_place
from vaqf.dialects.model_reference import ModelReference, named
from vaqf.frontends.onnx.constants import constant_of, weights_of
from vaqf.frontends.onnx.definitions import check_defined_once
from vaqf.frontends.onnx.elements import ACCEPTED, ELEMENTS, type_name
from vaqf.frontends.onnx.emission import Emitter
from vaqf.frontends.onnx.graph import Graph, static_shape
from vaqf.frontends.onnx.model_file import ModelFile
from vaqf.frontends.onnx.names import node_names
from vaqf.frontends.onnx.registry import OLDEST_OPSET


def import_model(path: Path, recorded_name: str | None = None) -> ModuleOp:
    """
    Import an ONNX model, whose weights stay in its file.

    Nodes and inputs that the outputs depend on become part of the module. The batch is fixed at
    one, and shapes are inferred; what has no operation becomes an `onnx.Opaque`.

    Args:
        path: the model file.
        recorded_name: what the module calls that file; `path` when None.

    Returns:
        A module that refers to the file, with one function `forward` on those inputs.

    Raises:
        UserError: when the file or its weights are missing or damaged, when it is no valid model,
            or when the shape of an input is not known.
    """
    return import_file(ModelFile.open(path), recorded_name)


def import_file(file: ModelFile, recorded_name: str | None = None) -> ModuleOp:
    """As `import_model`, for a file that is open already."""
    name = str(file.path) if recorded_name is None else recorded_name
    with ThreadPoolExecutor(1) as pool:
        # To read all of the file takes as long as to import what is in it.
        digest = pool.submit(lambda: file.sha256)
        module = _import_graph(file)
        ModelReference(name, digest.result()).record_in(module)
    return module


def _import_graph(file: ModelFile) -> ModuleOp:
    proto = file.model.graph
    graph = Graph(file, _versions(file))
    outputs = [each.name for each in proto.output]
    _name_nodes(proto)
    check_defined_once(file)
    nodes = _live_nodes(proto, outputs)
    used = frozenset((*outputs, *(name for node in nodes for name in node.input)))
    inputs = _inputs(file, used)
    _define_tensors(graph, nodes)

    block = Block(arg_types=[_input_type(file, each) for each in inputs])
    emitter = Emitter(graph, block, used)
    for input, argument in zip(inputs, block.args, strict=True):
        graph.types[input.name] = input.type
        graph.origins[input.name] = input.name
        emitter.bind(input.name, argument)
    for node in nodes:
        emitter.emit(node)
    for name in outputs:
        if name not in graph.origins:
            raise file.error(f"output '{name}' is not defined")
    results = [emitter.value(name) for name in outputs]
    block.add_op(ReturnOp(*results))

    function = FuncOp(
        "forward",
        ([each.type for each in block.args], [result.type for result in results]),
        Region(block),
        arg_attrs=named([each.name for each in inputs]),
        res_attrs=named(outputs),
    )
    module = ModuleOp([function])
    for op in (module, function, function.get_return_op()):
        if op is not None:
            remember_place(op, str(file.path))
    return module


def _versions(file: ModelFile) -> dict[str, int]:
    """Version of the operators of each domain."""
    newest = defs.onnx_opset_version()
    versions = {_domain(each.domain): each.version for each in file.model.opset_import}
    opset = versions.setdefault("", 0)
    if not OLDEST_OPSET <= opset <= newest:
        raise file.error(f"opset is {opset}, accepted range is [{OLDEST_OPSET}, {newest}]")
    return versions


def _domain(name: str) -> str:
    """The name of a domain: ONNX itself has two."""
    return "" if name == "ai.onnx" else name


def _inputs(file: ModelFile, used: Container[str]) -> Sequence[ValueInfoProto]:
    """The inputs that are not weights, with a batch of one; all of them when none is used."""
    given = [each for each in file.model.graph.input if each.name not in file.tensors]
    if not given:
        raise file.error("there is no input, expected images")
    inputs = [each for each in given if each.name in used] or given
    for index, input in enumerate(inputs):
        where = f"input '{input.name}'"
        sizes = input.type.tensor_type.shape.dim
        if not input.type.tensor_type.HasField("shape") or (not index and not sizes):
            raise file.error(f"{where} has no shape, expected batch x colours x height x width")
        if sizes and sizes[0].dim_value < 1:
            sizes[0].dim_value = 1
        if not index and sizes[0].dim_value > 1:
            raise file.error(f"{where} has a batch of {sizes[0].dim_value}, expected 1 or a symbol")
        for dimension, size in enumerate(sizes):
            if not size.HasField("dim_value"):
                raise file.error(
                    f"{where}: dimension {dimension} is '{size.dim_param or '?'}', expected a "
                    "number: only the batch, dimension 0, may be dynamic"
                )
            if size.dim_value < 1:
                raise file.error(
                    f"{where}: dimension {dimension} is {size.dim_value}, expected a positive "
                    "number"
                )
    return inputs


def _input_type(file: ModelFile, input: ValueInfoProto) -> TensorType:
    elements, shape = input.type.tensor_type.elem_type, static_shape(input.type)
    if elements not in ELEMENTS or shape is None:
        raise file.error(
            f"input '{input.name}' has elements {type_name(elements)}, accepted are {ACCEPTED}"
        )
    return TensorType(ELEMENTS[elements], shape)


def _name_nodes(proto: GraphProto) -> None:
    """Give every node its name as users know it."""
    for node, name in zip(proto.node, node_names(proto.node), strict=True):
        node.name = name
        node.domain = _domain(node.domain)


def _live_nodes(proto: GraphProto, outputs: Sequence[str]) -> list[NodeProto]:
    """The nodes that the outputs depend on, in order."""
    needed = set(outputs)
    nodes: list[NodeProto] = []
    for node in reversed(proto.node):
        if needed.intersection(node.output):
            nodes.append(node)
            needed.update(node.input)
    return nodes[::-1]


def _define_tensors(graph: Graph, nodes: Sequence[NodeProto]) -> None:
    """Note what is known of the tensors of the model."""
    weights = weights_of(nodes)
    for tensor in graph.file.model.graph.initializer:
        name = tensor.name
        value = None if name in weights else constant_of(graph.file, tensor, name)
        if value is None:
            graph.define_weight(name, tensor, name)
        else:
            graph.define(name, value, name)
