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


_MOVED = Use(
    RaiseOnnxToVitPass.name, "no operation: the consumer knows where each value comes from"
)
_PICKED = Use(RaiseOnnxToVitPass.name, "`vit.slice`, `vit.select_token`, or a smaller linear layer")
_NORM = Use(FuseOnnxLayerNormalizationPass.name, "part of a layer norm")
_ROUNDED = Use(RaiseOnnxToVitPass.name, "a number format: `quant.quantize`, or an integer weight")

USES: Mapping[type[IRDLOperation], Use] = {
    onnx.ConstantOp: Use(RaiseOnnxToVitPass.name, "a factor, or how another operation computes"),
    onnx.IdentityOp: Use(EraseOnnxIdentitiesPass.name, "its operand"),
    onnx.DropoutOp: Use(EraseOnnxIdentitiesPass.name, "its operand"),
    onnx.CastOp: Use(EraseOnnxIdentitiesPass.name, "its operand, when the type is the same"),
    onnx.AddOp: Use(
        RaiseOnnxToVitPass.name,
        "the bias of a linear layer, or `vit.add`: a residual connection, a position embedding",
    ),
    onnx.SubOp: Use(CanonicalizeOnnxArithmeticPass.name, "a sum"),
    onnx.MulOp: Use(
        RaiseOnnxToVitPass.name,
        "the scale of attention, `vit.scale`, or `vit.scale_channels` (LayerScale)",
    ),
    onnx.DivOp: Use(CanonicalizeOnnxArithmeticPass.name, "a product, when it divides by a number"),
    onnx.NegOp: Use(CanonicalizeOnnxArithmeticPass.name, "a product with -1"),
    onnx.PowOp: Use(CanonicalizeOnnxArithmeticPass.name, "products or roots, for usual exponents"),
    onnx.ReciprocalOp: Use(CanonicalizeOnnxArithmeticPass.name, "a quotient"),
    onnx.SqrtOp: _NORM,
    onnx.ErfOp: Use(FuseOnnxGeluPass.name, "part of a GELU"),
    onnx.TanhOp: Use(FuseOnnxGeluPass.name, "part of a GELU, which is then refused by name"),
    onnx.GeluOp: Use(RaiseOnnxToVitPass.name, "`vit.gelu`, when `approximate` is none"),
    onnx.IsNaNOp: Use(EraseOnnxIdentitiesPass.name, "nothing, when it guards a softmax"),
    onnx.WhereOp: Use(EraseOnnxIdentitiesPass.name, "one branch, when the condition is constant"),
    onnx.MatMulOp: Use(
        RaiseOnnxToVitPass.name, "`vit.linear`, `vit.attention_scores` or `vit.attention_values`"
    ),
    onnx.GemmOp: Use(RaiseOnnxToVitPass.name, "`vit.linear`"),
    onnx.ConvOp: Use(
        RaiseOnnxToVitPass.name, "`vit.patch_embedding`, when its windows lie side by side"
    ),
    onnx.SoftmaxOp: Use(RaiseOnnxToVitPass.name, "`vit.softmax` of attention scores"),
    onnx.LayerNormalizationOp: Use(RaiseOnnxToVitPass.name, "`vit.layer_norm` over the channels"),
    onnx.ReduceMeanOp: Use(RaiseOnnxToVitPass.name, "`vit.mean_tokens`, or part of a layer norm"),
    onnx.AttentionOp: Use(DecomposeOnnxFusedOperatorsPass.name, "MatMul, Mul, Softmax, MatMul"),
    onnx.BiasGeluOp: Use(DecomposeOnnxFusedOperatorsPass.name, "Add, Gelu"),
    onnx.FusedMatMulOp: Use(DecomposeOnnxFusedOperatorsPass.name, "Transpose, MatMul, Mul"),
    onnx.SkipLayerNormalizationOp: Use(
        DecomposeOnnxFusedOperatorsPass.name, "Add, LayerNormalization"
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
    onnx.ConcatOp: Use(RaiseOnnxToVitPass.name, "`vit.concatenate` of tokens"),
    onnx.QuantizeLinearOp: _ROUNDED,
    onnx.DequantizeLinearOp: _ROUNDED,
    onnx.QuantOp: _ROUNDED,
    onnx.BipolarQuantOp: _ROUNDED,
}
"""The operations of the `onnx` level that activations may go through."""

_CONSTANT_ONLY = Use(FoldOnnxConstantsPass.name, "a constant: only where it is known")

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
of these operators. The last two columns are about activations: the pass that takes them, and what
it makes of them.
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
    headings = ("operator", "opset", "accepted", "pass", "becomes")
    for same in domains.values():
        names = " and ".join(f"`{each}`" for each in same if each)
        yield f"### {names or 'ONNX'}\n"
        yield from _table(headings, rows[same[0]])
        yield ""


def _row(name: str, operator: Operator) -> Sequence[str]:
    until = "" if operator.last is None else f" to {operator.last}"
    use = USES.get(operator.operation, _CONSTANT_ONLY)
    return name, f"{operator.first}{until or '+'}", operator.accepted, f"`{use.by}`", use.result


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
