"""Passes that are broken, for `vaqf bisect` to find."""

from dataclasses import dataclass

import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, TensorType, f32
from xdsl.dialects.func import ReturnOp
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from vaqf.compiler.universe import VAQF_UNIVERSE
from vaqf.dialects import quant, vit
from vaqf.dialects.diagnostics import fail


def gelus(module: ModuleOp) -> list[vit.GeluOp]:
    return [op for op in module.walk() if isinstance(op, vit.GeluOp)]


def returns(module: ModuleOp) -> list[ReturnOp]:
    return [op for op in module.walk() if isinstance(op, ReturnOp)]


@dataclass(frozen=True)
class GiveUpPass(ModulePass):
    """Refuses the second GELU. A module with less than two of them is fine."""

    name = "plant-give-up"

    message: str = "has 24 elements"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for each in gelus(op)[1:]:
            fail(each, self.message)


@dataclass(frozen=True)
class CrashPass(ModulePass):
    """Has no rule for an addition, and crashes otherwise when there is no GELU."""

    name = "plant-crash"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for each in op.walk():
            if isinstance(each, vit.AddOp):
                raise KeyError(f"no rule for {each.name}")
        raise IndexError("nothing to do")


@dataclass(frozen=True)
class BreakTypePass(ModulePass):
    """Gives the last GELU another shape."""

    name = "plant-break-type"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        Rewriter.replace_value_with_new_type(gelus(op)[-1].result, TensorType(f32, [5, 6]))


@dataclass(frozen=True)
class DropGeluPass(ModulePass):
    """Uses the input of the last GELU in its place."""

    name = "plant-drop-gelu"

    result: str | None = None
    """Only where its result has this name."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for each in gelus(op)[-1:]:
            if self.result in (None, each.result.name_hint):
                Rewriter.replace_op(each, [], [each.input])


@dataclass(frozen=True)
class RoundPass(ModulePass):
    """Rounds the result of every addition, as it should, and drops the last GELU."""

    name = "plant-round"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for each in list(op.walk()):
            if isinstance(each, vit.AddOp):
                integers = quant.QuantizeOp(each.result, quant.IntType(8, 0.1))
                rounded = quant.DequantizeOp(integers.result)
                each.result.replace_uses_with_if(
                    rounded.result, lambda use, integers=integers: use.operation is not integers
                )
                Rewriter.insert_op([integers, rounded], InsertPoint.after(each))
        DropGeluPass().apply(ctx, op)


@dataclass(frozen=True)
class DoublePass(ModulePass):
    """Doubles the first result."""

    name = "plant-double"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for each in returns(op):
            first, *others = each.operands
            added = vit.AddOp(first, first)
            Rewriter.insert_op(added, InsertPoint.before(each))
            each.operands = [added.result, *others]


@dataclass(frozen=True)
class HalvePass(ModulePass):
    """Undoes `plant-double`."""

    name = "plant-halve"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for each in returns(op):
            added = each.operands[0].owner
            assert isinstance(added, vit.AddOp)
            Rewriter.replace_op(added, [], [added.left])


@dataclass(frozen=True)
class LoseNamePass(ModulePass):
    """Takes the function away that is executed."""

    name = "plant-lose-name"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for each in returns(op):
            function = each.parent_op()
            assert function is not None
            function.detach()


PLANTED = (
    GiveUpPass,
    CrashPass,
    BreakTypePass,
    DropGeluPass,
    RoundPass,
    DoublePass,
    HalvePass,
    LoseNamePass,
)


def plant(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tools know these passes."""
    for each in PLANTED:
        monkeypatch.setitem(VAQF_UNIVERSE.all_passes, each.name, lambda each=each: each)
