"""Turn equal blocks of layers into one loop."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from xdsl.context import Context
from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import IndexType, IntegerAttr, IntegerType, ModuleOp
from xdsl.dialects.func import ReturnOp
from xdsl.ir import Block, BlockArgument, Operation, OpResult, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.hints import isa

from vaqf.dialects import accel
from vaqf.dialects.diagnostics import fail
from vaqf.passes.accel_functions import AccelFunctions
from vaqf.passes.index_values import index_value
from vaqf.passes.layer_names import fused
from vaqf.passes.repetition import longest_repetition


def is_layer(op: Operation) -> bool:
    """Whether an op is part of the sequence of layers, not storage or a number."""
    return not isinstance(op, arith.ConstantOp | accel.BufferOp | accel.ReuseOp | ReturnOp)


def number_of(value: SSAValue) -> int | None:
    """The value of a constant that is no index, such as a multiplier."""
    match value.owner:
        case arith.ConstantOp(value=IntegerAttr() as attribute) if isinstance(
            value.type, IntegerType
        ):
            return attribute.value.data
        case _:
            return None


def key_of(op: Operation, position: int, positions: dict[Operation, int]) -> Hashable:
    """
    What makes two layers equal: all but their parameters, their own numbers, and how often
    something was counted before.
    """

    def operand_key(value: SSAValue) -> Hashable:
        match value:
            case OpResult(op=owner) if owner in positions:
                return position - positions[owner], value.index
            case BlockArgument():
                return value.type
            case _ if isinstance(op, accel.CheckpointOp) and index_value(value) is not None:
                return "count"
            case _ if number_of(value) is not None:
                return value.type
            case _:
                return value

    return (
        op.name,
        tuple(sorted((name, str(value)) for name, value in op.properties.items())),
        tuple(operand_key(value) for value in op.operands),
        tuple(result.type for result in op.results),
    )


def common_name(names: Sequence[str | None]) -> str | None:
    """What names have in common, part by part: `blocks_fc1` of `blocks_0_fc1`, `blocks_1_fc1`."""
    parts = [name.split("_") for name in names if name]
    if len(parts) < len(names) or len({len(each) for each in parts}) != 1:
        return names[0]
    return "_".join(each[0] for each in zip(*parts, strict=True) if len(set(each)) == 1)


class Body:
    """The body of the loop, under construction."""

    def __init__(self, functions: AccelFunctions):
        self.functions = functions
        self.block = Block(arg_types=[IndexType()])
        self.block.args[0].name_hint = "layer"
        self.mapping: dict[SSAValue, SSAValue] = {}
        self.selected: dict[tuple[SSAValue, ...], SSAValue] = {}

    @property
    def layer(self) -> SSAValue:
        """The induction variable."""
        return self.block.args[0]

    def operand(self, user: Operation, values: tuple[SSAValue, ...]) -> SSAValue:
        """What stands in the body for the operands of equal layers."""
        if len(set(values)) == 1:
            return self.mapping.get(values[0], values[0])
        if values[0] in self.mapping:
            return self.mapping[values[0]]
        arguments = tuple(value for value in values if isinstance(value, BlockArgument))
        if len(arguments) == len(values):
            return self.parameter(user, arguments)
        numbers = [number for value in values if (number := number_of(value)) is not None]
        if len(numbers) == len(values):
            return self.number(values, numbers)
        counts = [count for value in values if (count := index_value(value)) is not None]
        steps = {after - before for before, after in pairwise(counts)}
        if len(counts) == len(values) and len(steps) == 1:
            return self.count(counts[0], steps.pop())
        fail(user, "the operands of the equal layers cannot be selected by the layer")

    def count(self, first: int, step: int) -> SSAValue:
        """`first + step * layer`, for what is counted in all of the network."""
        count = self.layer
        for neutral, other, operation in ((1, step, arith.MuliOp), (0, first, arith.AddiOp)):
            if other != neutral:
                constant = arith.ConstantOp.from_int_and_width(other, IndexType())
                computed = operation(count, constant)
                computed.result.name_hint = "count"
                self.block.add_ops([constant, computed])
                count = computed.result
        return count

    def parameter(self, user: Operation, values: tuple[BlockArgument, ...]) -> SSAValue:
        """The parameter of one layer, of all of theirs."""
        if values not in self.selected:
            name = common_name([value.name_hint for value in values])
            prepared = self.functions.prepared
            stack = accel.StackOp([prepared[value] for value in values])
            stack.location = user.location
            self.functions.prepare(stack)
            select = accel.SelectOp(self.functions.add(stack.result, name), self.layer)
            select.location = user.location
            select.result.name_hint = name
            self.block.add_op(select)
            self.selected[values] = select.result
        return self.selected[values]

    def number(self, values: tuple[SSAValue, ...], numbers: Sequence[int]) -> SSAValue:
        """The number of one layer, of all of theirs."""
        if values not in self.selected:
            type = values[0].type
            assert isa(type, IntegerType)
            constant = accel.LayerConstantOp(numbers, self.layer, type)
            constant.location = fused(
                value.owner for value in values if isinstance(value.owner, Operation)
            )
            constant.result.name_hint = values[0].name_hint
            self.block.add_op(constant)
            self.selected[values] = constant.result
        return self.selected[values]

    def add(self, equal: tuple[Operation, ...]) -> None:
        """Append what stands for equal layers."""
        first = equal[0]
        operands = [
            self.operand(first, values)
            for values in zip(*(each.operands for each in equal), strict=True)
        ]
        new = first.create(
            operands=operands,
            result_types=first.result_types,
            properties=first.properties,
            attributes=first.attributes,
        )
        new.location = fused(equal)
        for before, after in zip(first.results, new.results, strict=True):
            after.name_hint = before.name_hint
            self.mapping[before] = after
        self.block.add_op(new)


@dataclass(frozen=True)
class RollLayersPass(ModulePass):
    """
    Replace the blocks of a network, equal but for their parameters, by a loop over them.

    Their parameters are stacked, and selected by the layer. One block alone stays as it is.
    """

    name = "roll-layers"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        functions = AccelFunctions.of(op)
        block = functions.forward.body.block
        layers = [each for each in block.ops if is_layer(each)]
        positions = {each: position for position, each in enumerate(layers)}
        keys = [key_of(each, positions[each], positions) for each in layers]
        found = longest_repetition(keys)
        if found is None:
            return
        rolled = layers[found.start : found.start + found.length]
        repeats = [
            rolled[start : start + found.period] for start in range(0, found.length, found.period)
        ]
        body = Body(functions)
        for equal in zip(*repeats, strict=True):
            body.add(equal)
        body.block.add_op(scf.YieldOp())
        first, last, step = (
            arith.ConstantOp.from_int_and_width(value, IndexType()) for value in (0, found.count, 1)
        )
        first.result.name_hint, last.result.name_hint = "first_layer", "layers"
        step.result.name_hint = "step"
        loop = scf.ForOp(first, last, step, [], Region(body.block))
        loop.location = fused(rolled)
        block.insert_ops_before([first, last, step, loop], rolled[0])
        operands = [value for each in rolled for value in each.operands]
        for each in reversed(rolled):
            each.detach()
            each.erase()
        functions.remove_unused([value for value in operands if isinstance(value, BlockArgument)])
        for constant in dict.fromkeys(value.owner for value in operands):
            if isinstance(constant, arith.ConstantOp) and not constant.result.uses:
                Rewriter.erase_op(constant)
        functions.finish()
