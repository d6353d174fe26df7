"""Multiply weights in the place of activations."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.passes import ModulePass

from vaqf.dialects.model_reference import ModelReference
from vaqf.passes.raise_onnx_to_vit.factors import stuck_factors
from vaqf.passes.raise_onnx_to_vit.report import RaisingError
from vaqf.passes.scale_folding import fold_scales
from vaqf.passes.statistics import Statistic


@dataclass(frozen=True)
class FoldScalesIntoLinearsPass(ModulePass):
    """
    Move factors on activations into weights and biases, so that no time is spent on them.

    LayerScale (Touvron et al., "Going deeper with Image Transformers", 2021) and the half of the
    mean of two heads go away so. Weights in integers keep those; their scales change.

    Raises:
        RaisingError: with every factor that no linear layer can take.
    """

    name = "fold-scales-into-linears"

    statistics = (Statistic("scales folded", removed="vit.scale*"),)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        fold_scales(op)
        functions = (each for each in op.ops if isinstance(each, FuncOp))
        findings = [
            finding
            for function in functions
            if not function.is_declaration
            for finding in stuck_factors(function)
        ]
        if findings:
            reference = ModelReference.of(op)
            raise RaisingError(findings, (), None if reference is None else reference.file)
