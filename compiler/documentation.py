"""
Pages of the documentation that are generated from the code.

    python -m vaqf.compiler.documentation > docs/supported-onnx.md
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xdsl.irdl import IRDLOperation

from vaqf.dialects import onnx
from vaqf.frontends.onnx.registry import OLDEST_OPSET, OPERATORS, Operator
from vaqf.passes.canonicalize_onnx_arithmetic import CanonicalizeOnnxArithmeticPass
from vaqf.passes.decompose_onnx_fused_operators import DecomposeOnnxFusedOperatorsPass
from vaqf.passes.erase_onnx_identities import EraseOnnxIdentitiesPass
from vaqf.passes.fold_onnx_constants import FoldOnnxConstantsPass
from vaqf.passes.fuse_onnx_gelu import FuseOnnxGeluPass
from vaqf.passes.fuse_onnx_layer_normalization import FuseOnnxLayerNormalizationPass
from vaqf.passes.raise_onnx_to_vit import RaiseOnnxToVitPass
from vaqf.passes.raise_onnx_to_vit.reasons import OPERATOR_REASONS
from vaqf.passes.raise_onnx_to_vit.recognition import SIGNS

REFRESH = "python -m vaqf.compiler.documentation > docs/supported-onnx.md"
"""The command that writes the page, in the folder of the repository."""


@dataclass(frozen=True)
class Use:
    """What becomes of an operator where it works on activations."""

    by: str
    """The pass that takes it."""

    result: str
    """What that makes of it."""

    accepted: str = "everything"
    """What is accepted of it there."""


_MOVED = Use(
    RaiseOnnxToVitPass.name,
    "no operation: the consumer knows where each value comes from",
    "every order that the consumer takes: tokens x channels, heads, patches",
)
_PICKED = Use(
    RaiseOnnxToVitPass.name,
    "`vit.slice`, `vit.select_token`, or a smaller linear layer",
    "consecutive tokens, and channels of a linear layer",
)
_NORM = Use(FuseOnnxLayerNormalizationPass.name, "part of a layer norm", "in a layer norm")
_ROUNDED = Use(
    RaiseOnnxToVitPass.name,
    "a number format: `quant.quantize`, or an integer weight",
    "see [quantized-onnx.md](quantized-onnx.md)",
)

USES: Mapping[type[IRDLOperation], Use] = {
    onnx.ConstantOp: Use(
        RaiseOnnxToVitPass.name,
        "a factor, or how another operation computes",
        "a single number, or what says how another operation computes",
    ),
    onnx.IdentityOp: Use(EraseOnnxIdentitiesPass.name, "its operand"),
    onnx.DropoutOp: Use(EraseOnnxIdentitiesPass.name, "its operand", "what drops nothing"),
    onnx.CastOp: Use(
        EraseOnnxIdentitiesPass.name, "its operand, when the type is the same", "the same type"
    ),
    onnx.AddOp: Use(
        RaiseOnnxToVitPass.name,
        "the bias of a linear layer, or `vit.add`: a residual connection, a position embedding",
        "a bias for each channel of a linear layer or convolution, activations of the "
        "same shape (a residual connection), a weight of the same shape (a position "
        "embedding)",
    ),
    onnx.SubOp: Use(
        CanonicalizeOnnxArithmeticPass.name,
        "a sum",
        "constants only: neither activations nor weights, but for the mean in a layer norm",
    ),
    onnx.MulOp: Use(
        RaiseOnnxToVitPass.name,
        "the scale of attention, `vit.scale`, or `vit.scale_channels` (LayerScale)",
        "a number, or a weight for each channel, that a linear layer before or behind it "
        "can take; a number on attention scores",
    ),
    onnx.DivOp: Use(
        CanonicalizeOnnxArithmeticPass.name,
        "a product, when it divides by a number",
        "by a number, but for the root in a layer norm",
    ),
    onnx.NegOp: Use(
        CanonicalizeOnnxArithmeticPass.name,
        "a product with -1",
        "what a product with -1 is accepted of",
    ),
    onnx.PowOp: Use(
        CanonicalizeOnnxArithmeticPass.name,
        "products or roots, for usual exponents",
        "squares and roots in a layer norm",
    ),
    onnx.ReciprocalOp: Use(
        CanonicalizeOnnxArithmeticPass.name, "a quotient", "of a root in a layer norm"
    ),
    onnx.SqrtOp: _NORM,
    onnx.ErfOp: Use(FuseOnnxGeluPass.name, "part of a GELU", "in x / 2 * (1 + erf(x / sqrt(2)))"),
    onnx.TanhOp: Use(
        FuseOnnxGeluPass.name, "part of a GELU, which is then refused by name", "nothing"
    ),
    onnx.GeluOp: Use(
        RaiseOnnxToVitPass.name, "`vit.gelu`, when `approximate` is none", "`approximate` none"
    ),
    onnx.IsNaNOp: Use(
        EraseOnnxIdentitiesPass.name,
        "nothing, when it guards a softmax",
        "of the result of a softmax",
    ),
    onnx.WhereOp: Use(
        EraseOnnxIdentitiesPass.name,
        "one branch, when the condition is constant",
        "a constant condition, all true or all false; what guards a softmax",
    ),
    onnx.MatMulOp: Use(
        RaiseOnnxToVitPass.name,
        "`vit.linear`, `vit.attention_scores` or `vit.attention_values`",
        "activations by a weight, which is a matrix; queries by keys; probabilities by values",
    ),
    onnx.GemmOp: Use(
        RaiseOnnxToVitPass.name,
        "`vit.linear`",
        "`transA` 0; `alpha` and `beta` the same, or no bias; a bias for each output channel",
    ),
    onnx.ConvOp: Use(
        RaiseOnnxToVitPass.name,
        "`vit.patch_embedding`, when its windows lie side by side",
        "one, of the image, into patches: `strides` as large as the kernel, `pads` 0, "
        "`dilations` 1, `group` 1, an image that divides into patches",
    ),
    onnx.SoftmaxOp: Use(
        RaiseOnnxToVitPass.name,
        "`vit.softmax` of attention scores",
        "the last axis, of attention scores",
    ),
    onnx.LayerNormalizationOp: Use(
        RaiseOnnxToVitPass.name,
        "`vit.layer_norm` over the channels",
        "the last axis, a scale and a bias for each channel",
    ),
    onnx.ReduceMeanOp: Use(
        RaiseOnnxToVitPass.name,
        "`vit.mean_tokens`, or part of a layer norm",
        "the mean of consecutive tokens, with all channels; in a layer norm that of the channels",
    ),
    onnx.AttentionOp: Use(
        DecomposeOnnxFusedOperatorsPass.name,
        "MatMul, Mul, Softmax, MatMul",
        "what MatMul and Softmax are accepted of",
    ),
    onnx.BiasGeluOp: Use(
        DecomposeOnnxFusedOperatorsPass.name, "Add, Gelu", "what Add and Gelu are accepted of"
    ),
    onnx.FusedMatMulOp: Use(
        DecomposeOnnxFusedOperatorsPass.name,
        "Transpose, MatMul, Mul",
        "what MatMul and Mul are accepted of",
    ),
    onnx.SkipLayerNormalizationOp: Use(
        DecomposeOnnxFusedOperatorsPass.name,
        "Add, LayerNormalization",
        "what Add and LayerNormalization are accepted of",
    ),
    onnx.ReshapeOp: _MOVED,
    onnx.FlattenOp: _MOVED,
    onnx.TransposeOp: _MOVED,
    onnx.SqueezeOp: _MOVED,
    onnx.UnsqueezeOp: _MOVED,
    onnx.ExpandOp: _MOVED,
    onnx.SliceOp: _PICKED,
    onnx.SplitOp: _PICKED,
    onnx.GatherOp: _PICKED,
    onnx.ConcatOp: Use(
        RaiseOnnxToVitPass.name,
        "`vit.concatenate` of tokens",
        "tokens: activations, and weights such as a class token",
    ),
    onnx.QuantizeLinearOp: _ROUNDED,
    onnx.DequantizeLinearOp: _ROUNDED,
    onnx.QuantOp: _ROUNDED,
    onnx.BipolarQuantOp: _ROUNDED,
}
"""The operations of the `onnx` level that activations may go through."""

_CONSTANT_ONLY = Use(FoldOnnxConstantsPass.name, "a constant: only where it is known", "nothing")

_INTRODUCTION = f"""\
<!-- Generated by `{REFRESH}`: do not edit. -->

# Supported ONNX

What `vaqf compile` and `vaqf check` accept. [supported-models.md](supported-models.md) shows which
families of models work from which exporters and optimisers.

`vaqf check MODEL.onnx` tells whether a model is supported, and names every node that is not. Files
have opset {OLDEST_OPSET} or later, an image of static size as input (the batch may be dynamic), and
their weights inside or beside them. Inputs that no output depends on are left out.
[quantized-onnx.md](quantized-onnx.md) is about files that say how numbers are rounded.

## Operators

Whatever depends on neither the input nor the weights is computed by `fold-onnx-constants`, from all
of these operators. The last three columns are about activations: what is accepted of an operator,
the pass that takes it, and what it makes of it. Whatever else is imported is refused by name.
"""

_REFUSALS = """\
## Other operators

Any other operator is imported as `onnx.Opaque`, and is refused. These are known by name:
"""

_SIGNS = """\
## Other models

What is told about models that are no plain Vision Transformers:
"""


def supported_onnx() -> str:
    """The page `docs/supported-onnx.md`."""
    return "\n".join(
        [
            _INTRODUCTION,
            *_operator_tables(),
            _REFUSALS,
            *_table(("operators", "why they are refused"), _refusals()),
            "",
            _SIGNS,
            *_table(("what is recognised", "why its nodes are refused"), _signs()),
            "",
        ]
    )


def _operator_tables() -> Iterator[str]:
    """A table for each domain, or for several that have the same operators."""
    domains: defaultdict[str, list[str]] = defaultdict(list)
    rows: defaultdict[str, list[Sequence[str]]] = defaultdict(list)
    for (domain, name), operator in OPERATORS.items():
        rows[domain].append(_row(name, operator))
    for domain, own in rows.items():
        domains[repr(own)].append(domain)
    headings = ("operator", "opset", "imported", "accepted of activations", "pass", "becomes")
    for same in domains.values():
        names = " and ".join(f"`{each}`" for each in same if each)
        yield f"### {names or 'ONNX'}\n"
        yield from _table(headings, rows[same[0]])
        yield ""


def _row(name: str, operator: Operator) -> Sequence[str]:
    until = "" if operator.last is None else f" to {operator.last}"
    use = USES.get(operator.operation, _CONSTANT_ONLY)
    opsets = f"{operator.first}{until or '+'}"
    return name, opsets, operator.accepted, use.accepted, f"`{use.by}`", use.result


def _refusals() -> Iterator[Sequence[str]]:
    operators: defaultdict[str, list[str]] = defaultdict(list)
    for name, reason in OPERATOR_REASONS.items():
        operators[reason].append(name)
    for reason, names in operators.items():
        yield ", ".join(names), reason


def _signs() -> Iterator[Sequence[str]]:
    for sign in SIGNS:
        yield sign.name, sign.reason or "each for a reason of its own"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    sys.stdout.write(supported_onnx())
