"""Vision Transformers of any small size, at the vit level, with random weights."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser

from vaqf.compiler.context import full_context
from vaqf.dialects.model_reference import ModelReference
from vaqf.frontends.onnx import ModelFile

INPUT, OUTPUT = "pixel_values", "logits"


Pooling = Literal["class", "mean", "mean of patches only"]


@dataclass(frozen=True)
class RandomVit:
    """The sizes of a Vision Transformer."""

    blocks: int = 2
    heads: int = 2
    head_channels: int = 3
    hidden: int = 10
    """Channels between the two linears of a multilayer perceptron."""
    colours: int = 1
    patch: tuple[int, int] = (2, 2)
    """Height and width of a patch, in pixels."""
    grid: tuple[int, int] = (2, 2)
    """Rows and columns of patches; the class token is one token more."""
    classes: int = 3
    bias: bool = True
    """Whether queries, keys and values have a bias."""
    norm_bias: bool = True
    """Whether a LayerNorm has a bias."""
    pooling: Pooling = "class"
    """What the head takes: the class token, or the mean of all tokens or of all others."""
    norm_after_pooling: bool = True
    """Whether one token is normalised, or all of them before the mean is taken."""
    head: bool = True
    """Whether there is a head; without one, features are returned."""
    seed: int = 0
    """Of the weights."""

    @property
    def channels(self) -> int:
        """Channels of a token."""
        return self.heads * self.head_channels

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Colours x height x width."""
        (rows, columns), (height, width) = self.grid, self.patch
        return self.colours, rows * height, columns * width

    @property
    def results(self) -> int:
        """Channels of what is returned."""
        return self.classes if self.head else self.channels

    def images(self, count: int) -> NDArray[np.float32]:
        """Random images."""
        generator = np.random.default_rng(self.seed + 1)
        return generator.standard_normal((count, *self.image_shape), np.float32)

    def write(self, folder: Path) -> tuple[ModuleOp, ModelFile]:
        """
        The network at the vit level, and the file that has its weights.

        Args:
            folder: Where to write the file.
        """
        text = _Text(self)
        text.network()
        generator = np.random.default_rng(self.seed)
        tensors = [
            numpy_helper.from_array(_weight(generator, name, shape), name)
            for name, shape in text.parameters.items()
        ]
        path = folder / "random_vit.onnx"
        logits = helper.make_tensor_value_info(OUTPUT, onnx.TensorProto.FLOAT, [1, self.results])
        graph = helper.make_graph([], "random_vit", [], [logits], tensors)
        path.write_bytes(helper.make_model(graph).SerializeToString())
        model = ModelFile.open(path)
        module = Parser(full_context(), "\n".join(text.lines)).parse_module()
        ModelReference(str(path), model.sha256).record_in(module)
        module.verify()
        return module, model


def _weight(
    generator: np.random.Generator, name: str, shape: tuple[int, ...]
) -> NDArray[np.float32]:
    """Weights with which activations keep about their size."""
    normal = generator.standard_normal(shape, np.float32)
    if name.endswith("gamma"):
        return 1 + np.float32(0.2) * normal
    return np.float32(0.2 if len(shape) == 1 else shape[-1] ** -0.5) * normal


@dataclass
class _Text:
    """The network as text, line by line."""

    vit: RandomVit
    lines: list[str] = field(default_factory=list[str])
    parameters: dict[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])

    def op(self, result: str, op: str, inputs: dict[str, str], type: str) -> tuple[str, str]:
        """Append an op; gives its result and the type of that."""
        operands, types = ", ".join(inputs), ", ".join(inputs.values())
        op, _, attributes = op.partition(" ")
        self.lines.append(f"%{result} = vit.{op} {operands} {attributes} : {types} -> {type}")
        return f"%{result}", type

    def parameter(self, name: str, *shape: int) -> tuple[str, str]:
        """A tensor of the model."""
        self.parameters[name] = shape
        value, type = f"%{name.replace('.', '_')}", _tensor(*shape)
        self.lines.append(f'{value} = vit.parameter @"{name}" : {type}')
        return value, type

    def linear(
        self, name: str, x: tuple[str, str], rows: int, inputs: int, outputs: int, bias: bool = True
    ) -> tuple[str, str]:
        operands = [x, self.parameter(f"{name}.weight", outputs, inputs)]
        if bias:
            operands.append(self.parameter(f"{name}.bias", outputs))
        return self.op(name.replace(".", "_"), "linear", dict(operands), _tensor(rows, outputs))

    def norm(self, name: str, x: tuple[str, str]) -> tuple[str, str]:
        channels = self.vit.channels
        operands = [x, self.parameter(f"{name}.gamma", channels)]
        if self.vit.norm_bias:
            operands.append(self.parameter(f"{name}.beta", channels))
        return self.op(
            name.replace(".", "_"), "layer_norm {epsilon = 1.0e-06 : f64}", dict(operands), x[1]
        )

    def block(self, name: str, x: tuple[str, str], tokens: int) -> tuple[str, str]:
        vit, channels = self.vit, self.vit.channels
        normed = self.norm(f"{name}.norm1", x)
        query, key, value = (
            self.linear(f"{name}.{role}", normed, tokens, channels, channels, vit.bias)
            for role in ("query", "key", "value")
        )
        scores = _tensor(vit.heads, tokens, tokens)
        scale = float(np.float32(vit.head_channels**-0.5))
        attributes = f"{{heads = {vit.heads} : i64, scale = {scale} : f64}}"
        prefix = name.replace(".", "_")
        self.lines.append(
            f"%{prefix}_scores = vit.attention_scores {query[0]}, {key[0]} {attributes} "
            f": {query[1]}, {key[1]} -> {scores}"
        )
        softmax = self.op(f"{prefix}_softmax", "softmax", {f"%{prefix}_scores": scores}, scores)
        mixed = self.op(f"{prefix}_mixed", "attention_values", dict((softmax, value)), x[1])
        projected = self.linear(f"{name}.proj", mixed, tokens, channels, channels)
        x = self.op(f"{prefix}_attended", "add", dict((x, projected)), x[1])
        normed = self.norm(f"{name}.norm2", x)
        hidden = self.linear(f"{name}.fc1", normed, tokens, channels, vit.hidden)
        activated = self.op(f"{prefix}_gelu", "gelu", dict((hidden,)), hidden[1])
        update = self.linear(f"{name}.fc2", activated, tokens, vit.hidden, channels)
        return self.op(f"{prefix}_result", "add", dict((x, update)), x[1])

    def network(self) -> None:
        vit, channels = self.vit, self.vit.channels
        image, logits = _tensor(1, *vit.image_shape), _tensor(1, vit.results)
        self.lines.append(
            f'func.func @forward(%pixels: {image} {{vaqf.name = "{INPUT}"}}) -> '
            f'({logits} {{vaqf.name = "{OUTPUT}"}}) {{'
        )
        patches = vit.grid[0] * vit.grid[1]
        flat = self.op("image", "reshape", {"%pixels": image}, _tensor(*vit.image_shape))
        kernel = self.parameter("patch.weight", channels, vit.colours, *vit.patch)
        bias = self.parameter("patch.bias", channels)
        embedding = self.op(
            "patches", "patch_embedding", dict((flat, kernel, bias)), _tensor(patches, channels)
        )
        class_token = self.parameter("class", 1, channels)
        tokens = _tensor(patches + 1, channels)
        joined = self.op("tokens", "concatenate", dict((class_token, embedding)), tokens)
        position = self.parameter("position", patches + 1, channels)
        x = self.op("positioned", "add", dict((joined, position)), tokens)
        for index in range(vit.blocks):
            x = self.block(f"blocks.{index}", x, patches + 1)
        result = self.pooled(x, patches)
        if vit.head:
            result = self.linear("head", result, 1, channels, vit.classes)
        self.lines += [f"func.return {result[0]} : {logits}", "}"]

    def pooled(self, x: tuple[str, str], patches: int) -> tuple[str, str]:
        """The one token that stands for all of them."""
        if not self.vit.norm_after_pooling:
            x = self.norm("norm", x)
        tokens, token = x[1], _tensor(1, self.vit.channels)
        if self.vit.pooling == "class":
            self.lines.append(f"%pooled = vit.select_token {x[0]}[0] : {tokens} -> {token}")
        else:
            if self.vit.pooling == "mean of patches only":
                rows = _tensor(patches, self.vit.channels)
                self.lines.append(f"%rows = vit.slice {x[0]} from 1 : {tokens} -> {rows}")
                x = "%rows", rows
            self.op("pooled", "mean_tokens", dict((x,)), token)
        pooled = "%pooled", token
        return self.norm("norm", pooled) if self.vit.norm_after_pooling else pooled


def _tensor(*shape: int) -> str:
    return f"tensor<{'x'.join(map(str, shape))}xf32>"
