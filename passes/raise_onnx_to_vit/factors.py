"""Factors on activations that no layer of a Vision Transformer can take."""

from __future__ import annotations

from collections.abc import Iterable

from xdsl.dialects.builtin import FunctionType, ModuleOp, UnknownLoc
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Region, SSAValue

from vaqf.passes.raise_onnx_to_vit.report import Finding, known_shape, node_of
from vaqf.passes.scale_folding import Scaling, fold_scales, stuck_scales


def stuck_factors(network: FuncOp) -> list[Finding]:
    """The factors that `fold-scales-into-linears` left in a network."""
    return _findings(stuck_scales(network))


def factors_that_stay(raised: Block) -> list[Finding]:
    """
    The factors that `fold-scales-into-linears` will not be able to move, as it shows on a copy.

    Args:
        raised: what became of a model; behind operations that failed, it reads values of others.
    """
    network, strangers = _copy(raised)
    fold_scales(ModuleOp([network]))
    # What failed may have stood for a linear layer before the factor, or behind it.
    return _findings(
        (scaling, reason)
        for scaling, reason in stuck_scales(network)
        if scaling.input not in strangers and scaling.result.uses
    )


def _findings(stuck: Iterable[tuple[Scaling, str]]) -> list[Finding]:
    """Each node once: a factor on a sum has become one on each of its terms."""
    findings: dict[object, Finding] = {}
    for op, reason in stuck:
        inputs, outputs = map(known_shape, op.operands), map(known_shape, op.results)
        finding = Finding(node_of(op), "Mul", "", tuple(inputs), tuple(outputs), reason)
        findings.setdefault(op if isinstance(op.location, UnknownLoc) else op.location, finding)
    return list(findings.values())


def _copy(raised: Block) -> tuple[FuncOp, set[SSAValue]]:
    """A function with a copy of a block, and its arguments that stand for values of others."""
    copy = Block(arg_types=raised.arg_types)
    values: dict[SSAValue, SSAValue] = dict(zip(raised.args, copy.args, strict=True))
    strangers: set[SSAValue] = set()
    for op in raised.ops:
        for operand in op.operands:
            if operand not in values:
                values[operand] = copy.insert_arg(operand.type, len(copy.args))
                strangers.add(values[operand])
        copy.add_op(op.clone(values))
    type = FunctionType.from_lists([each.type for each in copy.args], [])
    return FuncOp("network", type, Region(copy)), strangers
