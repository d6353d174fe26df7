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

INPUT, OUTPUT, FEATURES = "pixel_values", "logits", "features"


Pooling = Literal["class", "mean", "mean of patches only", "none"]

Embedding = Literal["convolution", "patches", "normed patches"]

Position = Literal["after class tokens", "before class tokens", "none"]


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
    """Rows and columns of patches; the class tokens come in front of them."""
    embedding: Embedding = "convolution"
    """How patches become tokens; those that are normed are so before and after their linear."""
    class_tokens: int = 1
    """Tokens that are parameters: the class token, others like it, and registers."""
    position: Position = "after class tokens"
    """Where the position is added, if anywhere: to all tokens, or to those of the patches."""
    more_channels: int = 0
    """Channels of a token that the heads of attention do not have."""
    classes: int = 3
    bias: bool = True
    """Whether queries, keys and values have a bias."""
    norm_weight: bool = True
    """Whether a LayerNorm has a factor for each channel; without them, all are one."""
    norm_bias: bool = True
    """Whether a LayerNorm has a bias."""
    pooling: Pooling = "class"
    """
    What the head takes: the class token, or the mean of all tokens or of all others. With none, all
    tokens are returned.
    """
    norm_after_pooling: bool = True
    """Whether one token is normalised, or all of them before the mean is taken."""
    head: bool = True
    """Whether there is a head; without one, features are returned."""
    heads_out: int = 1
    """1, or 2 for heads of the first two class tokens, whose results are added."""
    also_tokens: bool = False
    """Whether all tokens are returned, too: those that were normalised before one was taken."""
    seed: int = 0
    """Of the weights."""

    @property
    def channels(self) -> int:
        """Channels of a token."""
        return self.inner_channels + self.more_channels

    @property
    def inner_channels(self) -> int:
        """Channels of all heads of attention."""
        return self.heads * self.head_channels

    @property
    def patches(self) -> int:
        """Number of patches."""
        return self.grid[0] * self.grid[1]

    @property
    def tokens(self) -> int:
        """Number of tokens."""
        return self.class_tokens + self.patches

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Colours x height x width."""
        (rows, columns), (height, width) = self.grid, self.patch
        return self.colours, rows * height, columns * width

    @property
    def result_shape(self) -> tuple[int, ...]:
        """The shape of what is returned."""
        if self.pooling == "none":
            return self.token_shape
        return 1, self.classes if self.head else self.channels

    @property
    def result_shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of all that is returned, by name."""
        shapes = {OUTPUT: self.result_shape}
        return {**shapes, FEATURES: self.token_shape} if self.also_tokens else shapes

    @property
    def token_shape(self) -> tuple[int, ...]:
        """The shape of all tokens, as they are returned."""
        return 1, self.tokens, self.channels

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
        results = [
            helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)
            for name, shape in self.result_shapes.items()
        ]
        graph = helper.make_graph([], "random_vit", [], results, tensors)
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

    def op(
        self, result: str, op: str, inputs: dict[str, str], type: str, layer: str = ""
    ) -> tuple[str, str]:
        """Append an op, perhaps of a layer with a name; gives its result and the type of that."""
        operands, types = ", ".join(inputs), ", ".join(inputs.values())
        op, _, attributes = op.partition(" ")
        location = f' loc("/{layer}/Op")' if layer else ""
        self.lines.append(
            f"%{result} = vit.{op} {operands} {attributes} : {types} -> {type}{location}"
        )
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
        result = name.replace(".", "_")
        return self.op(result, "linear", dict(operands), _tensor(rows, outputs), name)

    def norm(self, name: str, x: tuple[str, str]) -> tuple[str, str]:
        channels = int(x[1].split("x")[1])
        operands = [x, self.factors(name, channels)]
        if self.vit.norm_bias:
            operands.append(self.parameter(f"{name}.beta", channels))
        return self.op(
            name.replace(".", "_"), "layer_norm {epsilon = 1.0e-06 : f64}", dict(operands), x[1]
        )

    def factors(self, name: str, channels: int) -> tuple[str, str]:
        """What a LayerNorm multiplies by."""
        if self.vit.norm_weight:
            return self.parameter(f"{name}.gamma", channels)
        ones, type = f"%{name.replace('.', '_')}_ones", _tensor(channels)
        self.lines.append(f"{ones} = vit.constant dense<1.0> : {type}")
        return ones, type

    def block(self, name: str, x: tuple[str, str]) -> tuple[str, str]:
        vit, tokens = self.vit, self.vit.tokens
        channels, inner = vit.channels, vit.inner_channels
        normed = self.norm(f"{name}.norm1", x)
        query, key, value = (
            self.linear(f"{name}.{role}", normed, tokens, channels, inner, vit.bias)
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
        mixed = self.op(
            f"{prefix}_mixed", "attention_values", dict((softmax, value)), value[1], f"{name}.attn"
        )
        projected = self.linear(f"{name}.proj", mixed, tokens, inner, channels)
        x = self.op(f"{prefix}_attended", "add", dict((x, projected)), x[1])
        normed = self.norm(f"{name}.norm2", x)
        hidden = self.linear(f"{name}.fc1", normed, tokens, channels, vit.hidden)
        activated = self.op(f"{prefix}_gelu", "gelu", dict((hidden,)), hidden[1])
        update = self.linear(f"{name}.fc2", activated, tokens, vit.hidden, channels)
        return self.op(f"{prefix}_result", "add", dict((x, update)), x[1])

    def network(self) -> None:
        vit = self.vit
        image = _tensor(1, *vit.image_shape)
        results = ", ".join(
            f'{_tensor(*shape)} {{vaqf.name = "{name}"}}'
            for name, shape in vit.result_shapes.items()
        )
        self.lines.append(
            f'func.func @forward(%pixels: {image} {{vaqf.name = "{INPUT}"}}) -> ({results}) {{'
        )
        flat = self.op("image", "reshape", {"%pixels": image}, _tensor(*vit.image_shape))
        x = self.stream(self.patches(flat))
        for index in range(vit.blocks):
            x = self.block(f"blocks.{index}", x)
        values, types = zip(*self.results(x), strict=True)
        self.lines += [f"func.return {', '.join(values)} : {', '.join(types)}", "}"]

    def patches(self, image: tuple[str, str]) -> tuple[str, str]:
        """One token for each patch of the image."""
        vit, (height, width) = self.vit, self.vit.patch
        tokens = _tensor(vit.patches, vit.channels)
        if vit.embedding == "convolution":
            kernel = self.parameter("patch.weight", vit.channels, vit.colours, height, width)
            bias = self.parameter("patch.bias", vit.channels)
            operands = dict((image, kernel, bias))
            return self.op("embedded", "patch_embedding", operands, tokens, "patch")
        normed, pixels = vit.embedding == "normed patches", vit.colours * height * width
        order = "colours_last" if normed else "colours_first"
        attributes = f'{{patch = array<i64: {height}, {width}>, order = "{order}"}}'
        op = f"extract_patches {attributes}"
        x = self.op("patches", op, dict((image,)), _tensor(vit.patches, pixels))
        if normed:
            x = self.norm("patch_norm", x)
        x = self.linear("patch", x, vit.patches, pixels, vit.channels)
        return self.norm("embedding_norm", x) if normed else x

    def stream(self, x: tuple[str, str]) -> tuple[str, str]:
        """The tokens of the patches with positions, and the class tokens in front of them."""
        vit = self.vit
        if vit.position == "before class tokens":
            x = self.positioned(x, vit.patches)
        if vit.class_tokens:
            tokens = [
                self.parameter(f"class.{number}", 1, vit.channels)
                for number in range(vit.class_tokens)
            ]
            joined = _tensor(vit.tokens, vit.channels)
            x = self.op("tokens", "concatenate", dict((*tokens, x)), joined)
        return self.positioned(x, vit.tokens) if vit.position == "after class tokens" else x

    def positioned(self, x: tuple[str, str], tokens: int) -> tuple[str, str]:
        """Tokens with their positions."""
        position = self.parameter("position", tokens, self.vit.channels)
        return self.op("positioned", "add", dict((x, position)), x[1])

    def results(self, x: tuple[str, str]) -> list[tuple[str, str]]:
        """What the network returns."""
        vit = self.vit
        if vit.pooling == "none":
            return [self.features(self.norm("norm", x))]
        if vit.also_tokens:
            x = self.norm("norm", x)
            scores = self.linear("head", self.token(x, 0), 1, vit.channels, vit.classes)
            return [scores, self.features(x)]
        return [self.result(x)]

    def features(self, x: tuple[str, str]) -> tuple[str, str]:
        """All tokens, with a batch."""
        return self.op("features", "reshape", dict((x,)), _tensor(*self.vit.token_shape))

    def result(self, x: tuple[str, str]) -> tuple[str, str]:
        """What stands for all tokens, or follows from that."""
        vit = self.vit
        result = self.pooled(x)
        if not vit.head:
            return result
        result = self.linear("head", result, 1, vit.channels, vit.classes)
        if vit.heads_out == 2:
            other = self.norm("second_norm", self.token(x, 1))
            other = self.linear("second_head", other, 1, vit.channels, vit.classes)
            result = self.op("logits", "add", dict((result, other)), result[1])
        return result

    def token(self, x: tuple[str, str], index: int) -> tuple[str, str]:
        """One token."""
        name, type = f"%token_{index}", _tensor(1, self.vit.channels)
        self.lines.append(f"{name} = vit.select_token {x[0]}[{index}] : {x[1]} -> {type}")
        return name, type

    def pooled(self, x: tuple[str, str]) -> tuple[str, str]:
        """The one token that stands for all of them."""
        vit = self.vit
        if not vit.norm_after_pooling:
            x = self.norm("norm", x)
        if vit.pooling == "class":
            pooled = self.token(x, 0)
        else:
            if vit.pooling == "mean of patches only" and vit.class_tokens:
                rows = _tensor(vit.patches, vit.channels)
                self.lines.append(
                    f"%rows = vit.slice {x[0]} from {vit.class_tokens} : {x[1]} -> {rows}"
                )
                x = "%rows", rows
            pooled = self.op("pooled", "mean_tokens", dict((x,)), _tensor(1, vit.channels))
        return self.norm("norm", pooled) if vit.norm_after_pooling else pooled


def _tensor(*shape: int) -> str:
    return f"tensor<{'x'.join(map(str, shape))}xf32>"
