"""Changes to an ONNX model that change nothing in what it computes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from random import Random

from onnx import ModelProto, NodeProto, TensorProto

Mutation = Callable[[ModelProto, Random], None]
"""Changes a model in place. The random numbers say what is changed."""

COMMUTATIVE = ("Add", "Mul")


def rename_everything(model: ModelProto, random: Random) -> None:
    """
    Give all nodes and tensors other names: meaningless ones, or those of each other.

    What exporters say about modules beside the names goes.
    """
    graph = model.graph
    names = sorted(_tensor_names(model))
    others = names[:] if random.random() < 0.5 else [f"t{index}" for index in range(len(names))]
    random.shuffle(others)
    renamed = {"": "", **dict(zip(names, others, strict=True))}
    node_names = [node.name for node in graph.node]
    random.shuffle(node_names)
    are_anonymous = random.random() < 0.5
    for node, name in zip(graph.node, node_names, strict=True):
        node.name = "" if are_anonymous else name
        node.input[:] = [renamed[each] for each in node.input]
        node.output[:] = [renamed[each] for each in node.output]
        del node.metadata_props[:]
    for item in (*graph.initializer, *graph.input, *graph.output):
        item.name = renamed[item.name]
    del graph.value_info[:]


def shuffle_nodes(model: ModelProto, random: Random) -> None:
    """Put the nodes into another order in which each still follows what it reads."""
    nodes = list(model.graph.node)
    made_by = {name: index for index, node in enumerate(nodes) for name in node.output if name}
    waits_for = [{made_by[name] for name in node.input if name in made_by} for node in nodes]
    readers: defaultdict[int, list[int]] = defaultdict(list)
    for index, makers in enumerate(waits_for):
        for maker in makers:
            readers[maker].append(index)
    ready = [index for index, makers in enumerate(waits_for) if not makers]
    order: list[NodeProto] = []
    while ready:
        index = ready.pop(random.randrange(len(ready)))
        order.append(nodes[index])
        for reader in readers[index]:
            waits_for[reader].remove(index)
            if not waits_for[reader]:
                ready.append(reader)
    _replace_nodes(model, order)


def swap_operands(model: ModelProto, random: Random) -> None:
    """Exchange the operands of some sums and products."""
    for node in model.graph.node:
        if node.op_type in COMMUTATIVE and not node.domain and random.random() < 0.5:
            node.input[:] = node.input[::-1]


def duplicate_constants(model: ModelProto, random: Random) -> None:
    """Give some readers of shared constants and initializers copies of their own."""
    tensors = {each.name: each for each in model.graph.initializer}
    constants = {each.output[0]: each for each in model.graph.node if each.op_type == "Constant"}
    used: set[str] = set()
    nodes: list[NodeProto] = []
    for node in model.graph.node:
        for index, name in enumerate(node.input):
            is_shared = name in used
            used.add(name)
            if not is_shared or random.random() < 0.5:
                continue
            copy = f"{name}_copy_{len(used)}_{len(nodes)}_{index}"
            if name in tensors:
                duplicate = TensorProto.FromString(tensors[name].SerializeToString())
                duplicate.name = copy
                model.graph.initializer.append(duplicate)
            elif name in constants:
                constant = NodeProto.FromString(constants[name].SerializeToString())
                constant.name, constant.output[0] = copy, copy
                nodes.append(constant)
            else:
                continue
            node.input[index] = copy
        nodes.append(node)
    _replace_nodes(model, nodes)


MUTATIONS: tuple[Mutation, ...] = (
    rename_everything,
    shuffle_nodes,
    swap_operands,
    duplicate_constants,
)


def _tensor_names(model: ModelProto) -> set[str]:
    graph = model.graph
    names = {each.name for each in (*graph.initializer, *graph.input, *graph.output)}
    names |= {name for node in graph.node for name in (*node.input, *node.output)}
    return names - {""}


def _replace_nodes(model: ModelProto, nodes: list[NodeProto]) -> None:
    copies = [NodeProto.FromString(node.SerializeToString()) for node in nodes]
    del model.graph.node[:]
    model.graph.node.extend(copies)
