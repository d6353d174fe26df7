"""From an ONNX file to a module of the `onnx` dialect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from onnx import NodeProto, TensorProto, ValueInfoProto, defs
from xdsl.dialects.builtin import ModuleOp, TensorType, f32
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Region

from vaqf.dialects.model_reference import ModelReference, named
from vaqf.frontends.onnx.emission import Emitter, type_name
from vaqf.frontends.onnx.folding import FOLDED_ONLY, FoldedGraph, fold
from vaqf.frontends.onnx.model_file import ModelFile
from vaqf.frontends.onnx.registry import OLDEST_OPSET, OPERATORS

_NAMES_SHOWN = 3
"""How many unsupported nodes of each kind an error names."""


def import_model(path: Path, recorded_name: str | None = None) -> ModuleOp:
    """
    Import an ONNX model, whose weights stay in its file.

    The batch is fixed at one, shapes are inferred, and what depends on neither the input nor the
    weights is computed.

    Args:
        path: the model file.
        recorded_name: what the module calls that file; `path` when None.

    Returns:
        A module that refers to the file, with one function `forward` on one input, the images.

    Raises:
        UserError: when the file or its weights are missing or damaged, when a shape is not known,
            or when the model has nodes that are not supported, with all of them.
    """
    return import_file(ModelFile.open(path), recorded_name)


def import_file(file: ModelFile, recorded_name: str | None = None) -> ModuleOp:
    """As `import_model`, for a file that is open already."""
    path, proto = file.path, file.model.graph
    input = _image_input(file)
    graph = fold(file, _opset(file), input, frozenset(op_type for _, op_type in OPERATORS))
    for output in proto.output:
        if output.name not in graph.origins:
            raise file.error(f"output '{output.name}' is not defined")
    outputs = [graph.resolve(output.name) for output in proto.output]
    nodes = _live_nodes(graph, outputs)
    _refuse_unsupported(graph, nodes)

    image_type = TensorType(f32, graph.shape(input.name) or ())
    block = Block(arg_types=[image_type])
    emitter = Emitter(graph, block)
    emitter.bind(input.name, block.args[0])
    for node in nodes:
        emitter.emit(node)
    results = [emitter.value(name) for name in outputs]
    block.add_op(ReturnOp(*results))

    function = FuncOp(
        "forward",
        ([image_type], [result.type for result in results]),
        Region(block),
        arg_attrs=named([input.name]),
        res_attrs=named([output.name for output in proto.output]),
    )
    module = ModuleOp([function])
    ModelReference(str(path) if recorded_name is None else recorded_name, file.sha256).record_in(
        module
    )
    return module


def _opset(file: ModelFile) -> int:
    newest = defs.onnx_opset_version()
    versions = {each.domain: each.version for each in file.model.opset_import}
    opset = versions.get("", versions.get("ai.onnx", 0))
    if not OLDEST_OPSET <= opset <= newest:
        raise file.error(f"opset is {opset}, accepted range is [{OLDEST_OPSET}, {newest}]")
    return opset


def _image_input(file: ModelFile) -> ValueInfoProto:
    """The only input that is not a weight, with a batch of one."""
    inputs = [each for each in file.model.graph.input if each.name not in file.tensors]
    if len(inputs) != 1:
        names = ", ".join(f"'{each.name}'" for each in inputs)
        raise file.error(f"there are {len(inputs)} inputs ({names}), expected one")
    input = inputs[0]
    where = f"input '{input.name}'"
    tensor = input.type.tensor_type
    if tensor.elem_type != TensorProto.FLOAT:
        raise file.error(f"{where} has elements {type_name(tensor.elem_type)}, accepted is FLOAT")
    if not tensor.shape.dim:
        raise file.error(f"{where} has no shape, expected batch x colours x height x width")
    batch, *others = tensor.shape.dim
    if batch.dim_value > 1:
        raise file.error(f"{where} has a batch of {batch.dim_value}, expected 1 or a symbol")
    batch.dim_value = 1
    for index, dim in enumerate(others, 1):
        if dim.dim_value < 1:
            raise file.error(
                f"{where}: dimension {index} is '{dim.dim_param or '?'}', expected a number: "
                "only the batch, dimension 0, may be dynamic"
            )
    return input


def _live_nodes(graph: FoldedGraph, outputs: Sequence[str]) -> list[NodeProto]:
    """The nodes that the outputs depend on, in order."""
    needed = set(outputs)
    nodes: list[NodeProto] = []
    for node in reversed(graph.nodes):
        if needed.intersection(node.output):
            nodes.append(node)
            needed.update(node.input)
    return nodes[::-1]


def _refuse_unsupported(graph: FoldedGraph, nodes: Sequence[NodeProto]) -> None:
    """Report every node that the dialect has no operation for, the most frequent kinds first."""
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for node in nodes:
        if node.domain:
            kinds[f"{node.domain}.{node.op_type}"].append(node.name)
        elif (node.domain, node.op_type) not in OPERATORS and not _follows_unknown(graph, node):
            kinds[node.op_type].append(node.name)
    if not kinds:
        return
    count = sum(len(names) for names in kinds.values())
    reports = [
        f"{len(names)} {kind} ({_some(names)})"
        for kind, names in sorted(kinds.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
    are = "nodes are" if count > 1 else "node is"
    raise graph.file.error(f"{count} {are} not supported: {', '.join(reports)}")


def _follows_unknown(graph: FoldedGraph, node: NodeProto) -> bool:
    """Whether a node could not be computed only because another one is not supported."""
    return node.op_type in FOLDED_ONLY and any(
        name not in graph.types for name in node.input if name
    )


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:_NAMES_SHOWN])
    return f"{shown} and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else shown
