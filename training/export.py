"""
A trained network as ONNX with QONNX nodes, from which the importer reads every format.

A weight is written as the reals that its integers stand for, behind a `Quant` or `BipolarQuant`
with the scale of each output channel; an activation is followed by a `Quant` with its width and
step. Nodes are named after the layers, so that recipes, reports and diffs have the same names.
"""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from xdsl.ir import Operation

from vaqf.dialects import quant, vit
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of
from vaqf.passes.layer_names import identifier
from vaqf.passes.layer_precision import layer_name
from vaqf.training import layers
from vaqf.training.network import Instruction, Network
from vaqf.training.qonnx_functions import QONNX, qonnx_functions
from vaqf.training.quantizer import Quantizer

OPSET = 20
"""The first with `Gelu`."""

IR_VERSION = 10
"""What ONNX Runtime 1.20 and newer read."""

Array = NDArray[np.generic]


@dataclass
class _Graph:
    """What has been written so far."""

    nodes: list[onnx.NodeProto] = field(default_factory=list[onnx.NodeProto])
    tensors: list[TensorProto] = field(default_factory=list[TensorProto])
    names: Counter[str] = field(default_factory=Counter[str])

    def unique(self, name: str) -> str:
        """A name that nothing has yet."""
        self.names[name] += 1
        return name if self.names[name] == 1 else self.unique(f"{name}_{self.names[name] - 1}")

    def tensor(self, name: str, values: Array) -> str:
        """Store an array."""
        name = self.unique(name)
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(
        self,
        operator: str,
        inputs: Sequence[str],
        path: str,
        *,
        domain: str = "",
        **attributes: int | float | str | Sequence[int],
    ) -> str:
        """Write a node in a layer whose path is `/blocks.0/mlp/fc1`; gives its result."""
        name = self.unique(f"{path}/{operator}")
        result = f"{name}_output_0"
        node = helper.make_node(operator, inputs, [result], name, domain=domain)
        node.attribute.extend(helper.make_attribute(key, attributes[key]) for key in attributes)
        self.nodes.append(node)
        return result

    def reshape(self, value: str, shape: Sequence[int], path: str) -> str:
        """Write a change of shape."""
        target = self.tensor(f"{path}/shape", np.array(shape, np.int64))
        return self.node("Reshape", [value, target], path)


class Rounded(Enum):
    """What of a network is rounded when it is written."""

    NOTHING = auto()
    """The network in float."""

    WEIGHTS = auto()
    """Weights are the reals that their integers stand for; nothing says how activations are."""

    ALL = auto()
    """With all formats, in QONNX."""


class _Exporter:
    """Writes instructions one after the other. Matrices are 1 x tokens x channels."""

    def __init__(self, network: Network, rounded: Rounded):
        self.network, self.rounded, self.graph = network, rounded, _Graph()
        self.values = {0: network.input_name}

    def model(self) -> onnx.ModelProto:
        """The whole model."""
        for each in self.network.instructions:
            self.values[each.result] = self._write(each)
        network, graph = self.network, self.graph
        logits = helper.make_node(
            "Reshape",
            [
                self.values[network.logits],
                graph.tensor("logits_shape", np.array([1, -1], np.int64)),
            ],
            [network.output_name],
            "/logits/Reshape",
        )
        image = (1, *network.image_shape)
        return helper.make_model(
            helper.make_graph(
                [*graph.nodes, logits],
                "vaqf",
                [helper.make_tensor_value_info(network.input_name, TensorProto.FLOAT, image)],
                [
                    helper.make_tensor_value_info(
                        network.output_name, TensorProto.FLOAT, (1, network.classes)
                    )
                ],
                graph.tensors,
            ),
            opset_imports=[
                helper.make_opsetid("", OPSET),
                *([helper.make_opsetid(QONNX, 1)] if self.rounded is Rounded.ALL else []),
            ],
            ir_version=IR_VERSION,
            producer_name="vaqf",
            functions=qonnx_functions() if self.rounded is Rounded.ALL else (),
        )

    def _path(self, each: Instruction) -> str:
        """
        The path of nodes for a step, as exporters write it.

        Query, key and value of one fused layer are told apart by their names in the IR.
        """
        name = "" if each.op is None else layer_name(each.op)
        if not name:
            return f"/{each.module}"
        base, own = identifier(name), each.module
        part = own[len(base) + 1 :] if own.startswith(f"{base}_") else ""
        if isinstance(each.op, vit.LinearOp) and part in ("query", "key", "value"):
            name = f"{name}.{part}"
        return "/" + name.replace(".", "/")

    def _write(self, each: Instruction) -> str:
        """Write the nodes of one step; gives the name of its result."""
        module = self.network.steps[each.module]
        inputs = [self.values[number] for number in each.arguments]
        path, graph, op = self._path(each), self.graph, each.op
        match module:
            case layers.Constant():
                return self._constant(each.module, module)
            case Quantizer():
                return self._quantize(module, inputs[0], path)
            case layers.Linear():
                return self._linear(module, inputs[0], path)
            case layers.LayerNorm():
                scales = [self._parameter(path, "weight", module.weight)]
                if module.bias is not None:
                    scales.append(self._parameter(path, "bias", module.bias))
                operands = [inputs[0], *scales]
                return graph.node(
                    "LayerNormalization", operands, path, axis=-1, epsilon=module.epsilon
                )
            case layers.Gelu():
                return graph.node("Gelu", inputs, path)
            case layers.AttentionScores():
                query = self._split(inputs[0], module.heads, (0, 2, 1, 3), path)
                key = self._split(inputs[1], module.heads, (0, 2, 3, 1), path)
                product = graph.node("MatMul", [query, key], path)
                scale = graph.tensor(f"{path[1:]}.scale", np.array(module.scale, np.float32))
                return graph.node("Mul", [product, scale], path)
            case layers.Softmax():
                return graph.node("Softmax", inputs, path, axis=-1)
            case layers.AttentionValues():
                assert isinstance(op, vit.AttentionValuesOp)
                heads = shape_of(op.probabilities)[0]
                value = self._split(inputs[1], heads, (0, 2, 1, 3), path)
                mixed = graph.node("MatMul", [inputs[0], value], path)
                joined = graph.node("Transpose", [mixed], path, perm=(0, 2, 1, 3))
                return graph.reshape(joined, (1, *shape_of(op.result)), path)
            case layers.Add():
                return graph.node("Add", inputs, path)
            case layers.Concatenate():
                return graph.node("Concat", inputs, path, axis=1)
            case layers.MeanTokens():
                axes = graph.tensor(f"{path}/axes", np.array([1], np.int64))
                return graph.node("ReduceMean", [inputs[0], axes], path, keepdims=1)
            case layers.Reshape():
                # An image has its batch in the IR as well, which its shape says first.
                if _is_image(op):
                    return inputs[0]
                return graph.reshape(inputs[0], (1, *module.shape), path)
            case layers.Transpose():
                return graph.node("Transpose", inputs, path, perm=(0, *module.permutation))
            case layers.Rows():
                starts, ends, axes = (
                    graph.tensor(f"{path}/{name}", np.array([number], np.int64))
                    for name, number in (
                        ("start", module.first),
                        ("end", module.first + module.rows),
                        ("axis", 1),
                    )
                )
                return graph.node("Slice", [inputs[0], starts, ends, axes], path)
            case layers.Patches():
                assert isinstance(op, vit.ExtractPatchesOp)
                return self._patches(module, op, inputs[0], path)
            case _:
                assert op is not None
                fail(op, "cannot be written as ONNX")

    def _constant(self, name: str, module: layers.Constant) -> str:
        values = _array(module.value)
        # Matrices have a batch; what is stored with one already keeps it.
        return self.graph.tensor(name, values if values.ndim > 2 else values[None])

    def _quantize(self, module: Quantizer, value: str, path: str) -> str:
        """Round activations, unless they are parameters: the stream gives those its format."""
        stored = {each.name for each in self.graph.tensors}
        if self.rounded is not Rounded.ALL or value in stored:
            return value
        format = module.format
        scale = self.graph.tensor(f"{path}/step", np.array(format.scale.data, np.float32))
        if module.is_signed and module.bits == 1:
            return self.graph.node("BipolarQuant", [value, scale], path, domain=QONNX)
        return self._quant(value, scale, module.bits, path, signed=module.is_signed, narrow=False)

    def _quant(
        self, value: str, scale: str, bits: int, path: str, *, signed: bool, narrow: bool
    ) -> str:
        zero = self.graph.tensor(f"{path}/zero", np.array(0, np.float32))
        width = self.graph.tensor(f"{path}/bits", np.array(bits, np.float32))
        return self.graph.node(
            "Quant",
            [value, scale, zero, width],
            path,
            domain=QONNX,
            signed=int(signed),
            narrow=int(narrow),
            rounding_mode="ROUND",
        )

    def _weight(self, module: layers.Linear, shape: Sequence[int], path: str) -> str:
        """The weight that is multiplied, in a shape that begins with the output channels."""
        format = module.format
        if self.rounded is Rounded.NOTHING:
            return self._parameter(path, "weight", module.weight.reshape(*shape))
        with torch.no_grad():
            integers, scale = format.integers(module.weight)
        stored = self._parameter(path, "weight", (integers * scale).reshape(*shape))
        if self.rounded is Rounded.WEIGHTS:
            return stored
        each_row = (-1, *(1,) * (len(shape) - 1))
        scales = self._parameter(path, "weight_scale", scale.reshape(*each_row))
        if format.bits == 1:
            return self.graph.node("BipolarQuant", [stored, scales], path, domain=QONNX)
        return self._quant(stored, scales, format.bits, path, signed=True, narrow=True)

    def _parameter(self, path: str, name: str, values: torch.Tensor) -> str:
        """Store a parameter of a layer under its name, as torch would."""
        layer = path[1:].replace("/", ".")
        return self.graph.tensor(f"{layer}.{name}", _array(values))

    def _linear(self, module: layers.Linear, value: str, path: str) -> str:
        graph = self.graph
        bias = [] if module.bias is None else [self._parameter(path, "bias", module.bias)]
        if module.patch is not None:
            outputs = len(module.weight)
            shape = (outputs, self.network.image_shape[0], *module.patch)
            weight = self._weight(module, shape, path)
            patches = graph.node(
                "Conv",
                [value, weight, *bias],
                path,
                kernel_shape=module.patch,
                strides=module.patch,
            )
            flat = graph.reshape(patches, (1, outputs, -1), path)
            return graph.node("Transpose", [flat], path, perm=(0, 2, 1))
        weight = self._weight(module, module.weight.shape, path)
        turned = graph.node("Transpose", [weight], path, perm=(1, 0))
        product = graph.node("MatMul", [value, turned], path)
        return graph.node("Add", [product, *bias], path) if bias else product

    def _split(self, value: str, heads: int, order: Sequence[int], path: str) -> str:
        """1 x tokens x channels to heads, with the other dimensions in an order."""
        split = self.graph.reshape(value, (1, 0, heads, -1), path)
        return self.graph.node("Transpose", [split], path, perm=order)

    def _patches(
        self, module: layers.Patches, op: vit.ExtractPatchesOp, value: str, path: str
    ) -> str:
        colours, rows, columns = shape_of(op.image)
        height, width = module.patch
        grid = (1, colours, rows // height, height, columns // width, width)
        order = (0, 2, 4, 1, 3, 5) if module.colours_first else (0, 2, 4, 3, 5, 1)
        cut = self.graph.reshape(value, grid, path)
        turned = self.graph.node("Transpose", [cut], path, perm=order)
        return self.graph.reshape(turned, (1, *shape_of(op.result)), path)


def _is_image(op: Operation | None) -> bool:
    """Whether an op takes the image, perhaps rounded, as it comes."""
    while isinstance(op, vit.ReshapeOp | quant.QuantizeOp | quant.DequantizeOp):
        owner = op.operands[0].owner
        if not isinstance(owner, Operation):
            return True
        op = owner
    return False


def _array(values: torch.Tensor) -> NDArray[np.float32]:
    return values.detach().float().cpu().numpy()


def export(network: Network, rounded: Rounded = Rounded.ALL) -> onnx.ModelProto:
    """
    A network as ONNX, for one image.

    Args:
        network: As it is trained.
        rounded: What is rounded; standard operators alone say the rest.
    """
    return _Exporter(network, rounded).model()
