"""
A network in torch, made of the IR between the passes `quantize-activations` and `sink-dequantize`.

That IR still computes in float and says of every weight and every activation which format it will
have. So what is trained has the structure, the widths and the names of what is compiled, for every
model that can be imported.
"""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import torch
from torch import Tensor, nn
from xdsl.dialects.builtin import IntegerType, ModuleOp
from xdsl.dialects.func import ReturnOp
from xdsl.interpreter import Interpreter
from xdsl.ir import Operation, SSAValue
from xdsl.utils.hints import isa

from vaqf.dialects import quant, vit
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.model_reference import input_names, output_names
from vaqf.dialects.quant.formats import element_format, element_of
from vaqf.dialects.shapes import shape_of
from vaqf.frontends.onnx import ModelFile
from vaqf.interpreters.execute import interpreter_of
from vaqf.passes.activation_formats import residual_stream, sums_of_heads
from vaqf.passes.constants import evaluate
from vaqf.passes.shifts import shared_shifts
from vaqf.passes.structure import network_of, origin_of
from vaqf.training import layers
from vaqf.training.precision import Precision, rounded_network
from vaqf.training.quantizer import Quantizer
from vaqf.training.settings import Settings
from vaqf.training.weights import BinaryWeight, IntegerWeight, TernaryWeight, WeightFormat


class Answer(NamedTuple):
    """What a network says of images."""

    logits: Tensor
    """Images x classes."""

    tokens: Tensor
    """The residual stream as it leaves the last block: images x tokens x channels."""


@dataclass(frozen=True)
class Instruction:
    """One step of a network."""

    op: Operation | None
    """What it computes in the IR; None for what follows from weights alone."""

    module: str
    """Name of the module that computes it."""

    arguments: Sequence[int]
    """Numbers of the values that it takes."""

    result: int
    """Number of the value that it gives; 0 is the image."""


class Network(nn.Module):
    """
    A Vision Transformer that can be trained to the formats of an accelerator.

    It starts in float; `settings` says how much is rounded.
    """

    def __init__(
        self,
        model: ModelFile,
        precision: Precision,
        *,
        seed: int = 0,
        rounded: ModuleOp | None = None,
    ):
        """
        Args:
            model: In float; its weights are where training starts.
            precision: The formats.
            seed: Of the order in which weights become binary.
            rounded: `rounded_network(model, precision)`, where that is known already.

        Raises:
            UserError, ReportError, PassFailedException: as `rounded_network` does.
        """
        super().__init__()
        self.precision, self.settings = precision, Settings()
        module = rounded or rounded_network(model, precision)
        builder = _Builder(module, model, self.settings, precision, seed)
        builder.build()
        self.steps = nn.ModuleDict(builder.modules)
        self.instructions = tuple(builder.instructions)
        self.logits, self.tokens = builder.logits, builder.tokens
        self.input_name, self.output_name = builder.input_name, builder.output_name
        self.image_shape, self.classes = builder.image_shape, builder.classes

    def forward(self, images: Tensor) -> Answer:
        """Run on images, batch x colours x height x width, as the model expects them."""
        values: dict[int, Tensor] = {0: images[:, None]}
        for each in self.instructions:
            arguments = [values[number] for number in each.arguments]
            values[each.result] = self.steps[each.module](*arguments)
        return Answer(values[self.logits].flatten(1), values[self.tokens])

    def train(self, mode: bool = True) -> Self:
        """
        Train, or evaluate: then, once integer functions are used, to the last bit.

        Raises:
            PassFailedException: when a layer needs numbers that the accelerator does not have.
        """
        super().train(mode)
        self.settings.is_exact = self.settings.uses_integers and not mode
        if self.settings.is_exact:
            self._share_shifts()
        return self

    @torch.no_grad()
    def _share_shifts(self) -> None:
        """Choose the shifts of all layers as the passes to integers do."""
        found = [(each.op, self.steps[each.module]) for each in self.instructions]
        for kind in (
            layers.Linear,
            layers.LayerNorm,
            layers.Softmax,
            layers.AttentionValues,
            layers.MeanTokens,
        ):
            members = {op: each for op, each in found if op is not None and isinstance(each, kind)}
            shifts = shared_shifts(
                {op: (each.group, each.epilogue) for op, each in members.items()}
            )
            for op, each in members.items():
                each.shift = shifts[op]

    @property
    def quantizers(self) -> Mapping[str, Quantizer]:
        """What rounds activations, by name."""
        found = self.steps.items()
        return {name: each for name, each in found if isinstance(each, Quantizer)}

    def choose_steps(self, images: Sequence[Tensor], *, only_measured: bool = False) -> None:
        """
        Set the steps of all formats from what activations are on some images.

        Args:
            images: Batches.
            only_measured: Leave steps alone that are learned.
        """
        self.settings.observes = True
        with torch.no_grad():
            for batch in images:
                self(batch)
        self.settings.observes = False
        for each in self.quantizers.values():
            if only_measured and isinstance(each.log_step, nn.Parameter):
                each.forget()
            else:
                each.choose_step()


class _Builder:
    """From IR to modules and instructions."""

    def __init__(
        self,
        module: ModuleOp,
        model: ModelFile,
        settings: Settings,
        precision: Precision,
        seed: int,
    ):
        self.network = network_of(module)
        self.settings, self.precision = settings, precision
        self.interpreter: Interpreter = interpreter_of(module, model)
        self.generator = torch.Generator().manual_seed(seed)
        self.modules: dict[str, nn.Module] = {}
        self.instructions: list[Instruction] = []
        self.numbers: dict[SSAValue, int] = {}
        self.quantizers: dict[SSAValue, Quantizer] = {}
        """What rounds a value, by the value that it gives."""
        self.producers: dict[SSAValue, nn.Module] = {}
        """What computes a value."""
        self.shared: dict[SSAValue, str] = {}
        """Names of the quantizers that several values share, by the values that are rounded."""
        self.count = 0
        (self.input_name,) = self._one("inputs", input_names(self.network))
        (self.output_name, *_) = output_names(self.network)
        colours, height, width = shape_of(self.network.args[0])[1:]
        self.image_shape = colours, height, width
        self.logits = self.tokens = self.classes = 0

    def _one(self, what: str, names: Sequence[str]) -> Sequence[str]:
        if len(names) != 1:
            fail(self.network, f"the network has {len(names)} {what}, expected one to train")
        return names

    def build(self) -> None:
        """Do it."""
        stream = residual_stream(self.network)
        self.shared = dict.fromkeys(stream, "residual_stream")
        for number, heads in enumerate(sums_of_heads(self.network)):
            self.shared.update(dict.fromkeys(heads, f"heads_{number}"))
        self.numbers[self.network.args[0]] = 0
        for op in self.network.body.block.ops:
            match op:
                case quant.DequantizeOp() if op.input in self.numbers:
                    self.numbers[op.result] = self.numbers[op.input]
                    self.quantizers[op.result] = self.quantizers[op.input]
                case quant.QuantizeOp():
                    self._quantize(op)
                case ReturnOp():
                    self.logits = self.numbers[op.operands[0]]
                    self.classes = shape_of(op.operands[0])[-1]
                case _ if any(each in self.numbers for each in op.operands):
                    self._add(op, self._module(op), op.operands)
                case _:
                    pass  # it prepares weights, which are evaluated where they are used
        self.tokens = self.numbers[stream[-1]]

    def _add(self, op: Operation, module: nn.Module, operands: Sequence[SSAValue]) -> None:
        """Let a module compute the result of an op."""
        (result,) = op.results
        if isinstance(op, vit.LinearOp | vit.PatchEmbeddingOp | vit.LayerNormOp):
            operands = operands[:1]  # the module has the weights
        arguments = [self._number(op, each) for each in operands]
        self._instruct(op, self._unique(result.name_hint or "step"), module, arguments)
        self.numbers[result] = self.count
        self.producers[result] = module

    def _instruct(
        self, op: Operation | None, name: str, module: nn.Module, arguments: Sequence[int]
    ) -> None:
        self.modules[name] = module
        self.count += 1
        self.instructions.append(Instruction(op, name, arguments, self.count))

    def _unique(self, name: str) -> str:
        count = sum(each == name or each.startswith(f"{name}__") for each in self.modules)
        return f"{name}__{count}" if count else name

    def _number(self, op: Operation, value: SSAValue) -> int:
        """The number of a value; what follows from weights becomes a parameter."""
        if value not in self.numbers:
            constant = layers.Constant(self._evaluate(op, "operand", value))
            name = self._unique(value.name_hint or "constant")
            self._instruct(None, name, constant, ())
            self.numbers[value] = self.count
        return self.numbers[value]

    def _evaluate(self, op: Operation, name: str, value: SSAValue) -> Tensor:
        array = evaluate(self.interpreter, value, op, name)
        return torch.from_numpy(np.array(array, np.float32))

    def _optional(self, op: Operation, name: str, value: SSAValue | None) -> Tensor | None:
        return None if value is None else self._evaluate(op, name, value)

    def _quantize(self, op: quant.QuantizeOp) -> None:
        """Round a value, with the quantizer that it shares with others if it does."""
        argument = self._number(op, op.input)
        shared = self.shared.get(op.input)
        name = shared or self._unique(op.result.name_hint or "integers")
        known = self.modules.get(name)
        module = (
            known
            if isinstance(known, Quantizer)
            else Quantizer(element_format(op.result), self.settings)
        )
        self._instruct(op, name, module, [argument])
        self.numbers[op.result] = self.count
        self.quantizers[op.result] = module
        match self.producers.get(op.input):
            case layers.Requantized() | layers.Gelu() as producer:
                producer.output = (module,)
            case _:
                pass

    def _weight(self, op: vit.LinearOp | vit.PatchEmbeddingOp) -> tuple[Tensor, WeightFormat]:
        """The real weight of a layer, output x input channels, and what it becomes."""
        dequantize = origin_of(op.weight).owner
        assert isinstance(dequantize, quant.DequantizeWeightOp)
        rounding = dequantize.integers.owner
        assert isinstance(rounding, quant.BinarizeOp | quant.QuantizeWeightOp)
        weight = self._evaluate(op, "weight", rounding.weight)
        if isa(element := element_of(dequantize.integers), IntegerType):
            return weight, IntegerWeight(element.width.data, self.settings)
        if self.precision.ternary:
            return weight, TernaryWeight(weight.shape, self.settings, self.generator)
        return weight, BinaryWeight(
            weight.shape, self.settings, self.generator, per_tensor=self.precision.per_tensor
        )

    def _quantizer(self, op: Operation, name: str, value: SSAValue) -> Quantizer:
        value = origin_of(value)
        while isinstance(owner := value.owner, vit.ConcatenateOp):
            value = origin_of(owner.inputs[0])
        found = self.quantizers.get(value)
        if found is None:
            fail(op, f"'{name}' is not rounded, expected 'quant.quantize' before it")
        return found

    def _module(self, op: Operation) -> nn.Module:
        """What computes an op."""
        match op:
            case vit.LinearOp():
                weight, format = self._weight(op)
                bias = self._optional(op, "bias", op.bias)
                input = self._quantizer(op, "input", op.input)
                return layers.Linear(weight, bias, format, input, self.settings)
            case vit.PatchEmbeddingOp():
                weight, format = self._weight(op)
                bias = self._optional(op, "bias", op.bias)
                input, patch = self._quantizer(op, "image", op.image), shape_of(op.weight)[2:]
                return layers.Linear(weight, bias, format, input, self.settings, patch)
            case vit.LayerNormOp():
                return layers.LayerNorm(
                    self._evaluate(op, "weight", op.weight),
                    self._optional(op, "bias", op.bias),
                    op.epsilon.value.data,
                    self._quantizer(op, "input", op.input),
                    self.settings,
                )
            case vit.GeluOp():
                return layers.Gelu(self._quantizer(op, "input", op.input), self.settings)
            case vit.AttentionScoresOp():
                return layers.AttentionScores(
                    op.heads.value.data,
                    float(np.float32(op.scale.value.data)),  # as a model file holds it
                    self._quantizer(op, "query", op.query),
                    self._quantizer(op, "key", op.key),
                    self.settings,
                )
            case vit.SoftmaxOp():
                return self._softmax(op)
            case vit.AttentionValuesOp():
                return layers.AttentionValues(
                    self._quantizer(op, "probabilities", op.probabilities),
                    self._quantizer(op, "value", op.value),
                    self.settings,
                )
            case vit.AddOp():
                return layers.Add()
            case vit.ConcatenateOp():
                return layers.Concatenate()
            case vit.MeanTokensOp():
                input = self._quantizer(op, "input", op.input)
                return layers.MeanTokens(shape_of(op.input)[0], input, self.settings)
            case vit.ReshapeOp():
                return layers.Reshape(shape_of(op.result))
            case vit.TransposeOp():
                return layers.Transpose(op.permutation.get_values())
            case vit.SliceOp():
                return layers.Rows(op.first.value.data, shape_of(op.result)[0])
            case vit.SelectTokenOp():
                return layers.Rows(op.token.value.data, 1)
            case vit.ExtractPatchesOp():
                is_first = op.order.data == vit.COLOURS_FIRST
                return layers.Patches(op.patch.get_values(), colours_first=is_first)
            case _:
                fail(op, "cannot be trained, expected an op of the dialect 'vit' on activations")

    def _softmax(self, op: vit.SoftmaxOp) -> nn.Module:
        scores = self.producers.get(op.input)
        (rounding,) = (use.operation for use in op.result.uses)
        if not isinstance(scores, layers.AttentionScores) or not isinstance(
            rounding, quant.QuantizeOp
        ):
            fail(op, "expected scores of attention before it, and 'quant.quantize' after it")
        bits = element_format(rounding.result).bits.data
        return layers.Softmax(scores, bits, self.settings)
