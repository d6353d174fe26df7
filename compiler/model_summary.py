"""What a Vision Transformer is like, read off its IR at the `vit` level and off its file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Operation, SSAValue

from vaqf.compiler.project import Json
from vaqf.dialects import vit
from vaqf.dialects.shapes import shape_of
from vaqf.frontends.onnx import ModelFile
from vaqf.passes.structure import activations_of, network_of, origin_of

ONNX = "ai.onnx"
"""The domain of ONNX itself, which files mostly leave empty."""


@dataclass(frozen=True)
class Writer:
    """What wrote a model file."""

    producer: str
    """Name and version of the tool; empty when the file does not say."""

    opsets: dict[str, int]
    """Version of the operators of each domain; that of ONNX itself is `ai.onnx`."""

    @staticmethod
    def of(file: ModelFile) -> Writer:
        """What wrote a file."""
        model = file.model
        producer = " ".join(filter(None, [model.producer_name, model.producer_version]))
        opsets = {each.domain or ONNX: each.version for each in model.opset_import}
        return Writer(producer, opsets)

    @property
    def text(self) -> str:
        """All in one line."""
        opsets = [
            f"opset {version}" if domain == ONNX else f"{domain} {version}"
            for domain, version in self.opsets.items()
        ]
        return ", ".join(filter(None, [self.producer, *opsets]))


@dataclass(frozen=True)
class ModelSummary:
    """A Vision Transformer."""

    image: tuple[int, ...]
    """Colours x height x width."""

    patch: tuple[int, ...]
    """Height x width of a patch; empty when nothing cuts the input into patches."""

    tokens: int
    """Tokens in the encoder, with those that stand for no patch."""

    channels: int
    """Channels of a token."""

    blocks: int
    """Blocks of the encoder."""

    heads: int
    """Heads of attention."""

    hidden: int
    """Channels between the linears of a multilayer perceptron."""

    pooling: str
    """Which tokens the outputs are made of."""

    outputs: dict[str, tuple[int, ...]]
    """Shape of each output."""

    has_head: bool
    """Whether the outputs are made by a linear layer; otherwise they are features."""

    quantized: bool
    """Whether the file says what number formats are used."""

    @staticmethod
    def of(module: ModuleOp, output_names: Sequence[str]) -> ModelSummary:
        """The Vision Transformer in a module at the `vit` level."""
        network = network_of(module)
        ops = [op for op in network.walk() if op is not network]
        scores = [op for op in ops if isinstance(op, vit.AttentionScoresOp)]
        (terminator,) = (op for op in ops if isinstance(op, ReturnOp))
        return ModelSummary(
            image=_image(network),
            patch=_patch(ops),
            tokens=max((shape_of(op.key)[0] for op in scores), default=0),
            channels=_most_common([shape_of(_source(op.key))[1] for op in scores]),
            blocks=len(scores),
            heads=_most_common([op.heads.value.data for op in scores]),
            hidden=_most_common(
                [shape_of(op.result)[1] for op in ops if isinstance(op, vit.GeluOp)]
            ),
            pooling=_pooling(network, ops),
            outputs={
                name: shape_of(value)
                for name, value in zip(output_names, terminator.operands, strict=True)
            },
            has_head=all(_is_head(value) for value in terminator.operands),
            quantized=any(op.name.startswith("quant.") for op in ops),
        )

    @property
    def lines(self) -> list[str]:
        """What it is, for people."""
        image = " x ".join(map(str, self.image))
        patches = f"patches of {' x '.join(map(str, self.patch))} of " if self.patch else ""
        outputs = ", ".join(
            f"{name} ({' x '.join(map(str, shape))})" for name, shape in self.outputs.items()
        )
        kind = "linear" if self.has_head else "none, features"
        return [
            f"encoder  {self.blocks} blocks, {self.channels} channels, {self.heads} heads, "
            f"{self.hidden} channels in the MLP",
            f"tokens   {self.tokens}, from {patches}an image of {image}",
            f"head     {kind} on {self.pooling}: {outputs}",
            f"weights  {'quantized' if self.quantized else 'float'}",
        ]

    @property
    def json(self) -> dict[str, Json]:
        """What it is, as data."""
        return {
            "image": list(self.image),
            "patch": list(self.patch),
            "tokens": self.tokens,
            "channels": self.channels,
            "blocks": self.blocks,
            "heads": self.heads,
            "mlp_channels": self.hidden,
            "head": "linear" if self.has_head else "none",
            "pooling": self.pooling,
            "outputs": {name: list(shape) for name, shape in self.outputs.items()},
            "weights": "quantized" if self.quantized else "float",
        }


def _most_common(numbers: Sequence[int]) -> int:
    return Counter(numbers).most_common(1)[0][0] if numbers else 0


def _image(network: FuncOp) -> tuple[int, ...]:
    batch, *image = shape_of(network.args[0])
    return tuple(image) if batch == 1 else (batch, *image)


def _source(value: SSAValue) -> SSAValue:
    """What the linear layer reads that gives a value; the value itself where none does."""
    owner = origin_of(value).owner
    return owner.input if isinstance(owner, vit.LinearOp) else value


def _patch(ops: Sequence[Operation]) -> tuple[int, ...]:
    for op in ops:
        match op:
            case vit.PatchEmbeddingOp():
                return shape_of(op.weight)[2:]
            case vit.ExtractPatchesOp():
                return tuple(op.patch.get_values())
            case _:
                pass
    return ()


def _pooling(network: FuncOp, ops: Sequence[Operation]) -> str:
    if any(isinstance(op, vit.MeanTokensOp) for op in ops):
        return "the mean of the tokens"
    activations = activations_of(network)
    picked = {
        op.token.value.data
        for op in ops
        if isinstance(op, vit.SelectTokenOp) and op.input in activations
    }
    if not picked:
        return "all tokens"
    tokens = "token" if len(picked) == 1 else "tokens"
    return f"{tokens} {' and '.join(map(str, sorted(picked)))}"


def _is_head(value: SSAValue) -> bool:
    """Whether a linear layer, or the sum of two, gives an output."""
    match origin_of(value).owner:
        case vit.LinearOp():
            return True
        case vit.AddOp() as sum:
            return _is_head(sum.left) and _is_head(sum.right)
        case vit.ScaleOp() as scaled:
            return _is_head(scaled.input)
        case _:
            return False
