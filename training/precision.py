"""Which formats a network is trained to, and the IR that says so layer by layer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from xdsl.dialects.builtin import ModuleOp

from vaqf.compiler.compilation import Finished, compile_file
from vaqf.compiler.pipeline import Level, Options, Stage, passes_of, stages
from vaqf.compiler.recipe import Recipe, print_recipe
from vaqf.dialects.diagnostics import fail
from vaqf.frontends.onnx import ModelFile
from vaqf.passes.binarize_weights import BinarizeWeightsPass
from vaqf.passes.quantize_activations import QuantizeActivationsPass
from vaqf.passes.structure import network_of


@dataclass(frozen=True)
class Precision:
    """Which formats a network is trained to."""

    weight_bits: int = 1
    """Width of encoder weights: 1, 8 or 16."""

    activation_bits: int = 8
    """Width of encoder activations: 1 to 16."""

    recipe: Recipe = field(default_factory=Recipe)
    """Other widths of single layers."""

    per_tensor: bool = False
    """One scale for all of a binary weight, not one for each output channel."""

    ternary: bool = False
    """Whether weights of one bit may be zero as well; they have two bits then."""

    @property
    def options(self) -> Options:
        """
        What the compiler is told. Ranges are no matter here: training chooses the scales.

        Raises:
            UserError: for a width that is not accepted.
        """
        return Options(
            weight_bits=self.weight_bits,
            activation_bits=self.activation_bits,
            rules=self.recipe.rules,
            assume_ranges=True,
        )

    def __str__(self) -> str:
        """As tables write it: `w1a8`, with what is different in some layers."""
        kind = " ternary" if self.ternary else ""
        shared = " per tensor" if self.per_tensor else ""
        rules = print_recipe(Recipe(self.recipe.rules))
        others = f" ({rules})" if rules else ""
        return f"w{self.weight_bits}a{self.activation_bits}{kind}{shared}{others}"


def rounded_network(model: ModelFile, precision: Precision) -> ModuleOp:
    """
    A model as IR that rounds all weights and activations, and computes in float.

    Raises:
        UserError, ReportError: when the model cannot be compiled, or a rule of the recipe is wrong.
        PassFailedException: when the model is quantized already.
    """
    all_stages = stages(precision.options)
    rounding = passes_of([each for each in all_stages if each.level == Level.QUANTIZED])
    last = next(i for i, each in enumerate(rounding) if isinstance(each, QuantizeActivationsPass))
    steps = tuple(
        replace(each, per_tensor=precision.per_tensor)
        if isinstance(each, BinarizeWeightsPass)
        else each
        for each in rounding[: last + 1]
    )

    def expect_float(finished: Finished) -> None:
        if finished.name == Level.VIT:
            for op in network_of(finished.module).body.block.ops:
                if op.name.startswith("quant."):
                    fail(op, "the model is quantized already, expected one in float to train")

    vit_level = [each for each in all_stages if each.level == Level.VIT]
    rounded = Stage("rounded", Level.QUANTIZED, steps)
    levels = (*vit_level, rounded)
    return compile_file(model, str(model.path), levels, expect_float, is_verified=False)
