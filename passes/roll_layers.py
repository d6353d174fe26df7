"""Turn equal blocks of layers into one loop."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from xdsl.context import Context
from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import (
    IndexType,
    IntegerAttr,
    IntegerType,
    LocationAttr,
    ModuleOp,
    UnknownLoc,
)
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
from vaqf.passes.statistics import Statistic


def is_layer(op: Operation) -> bool:
    """Whether an op is part of the sequence of layers, not storage or a number."""
    return not isinstance(
        op, arith.ConstantOp | accel.BufferOp | accel.ReuseOp | accel.SelectOp | ReturnOp
    )


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
        tuple(
            tuple(key_of(each, position, positions) for each in region.block.ops)
            for region in op.regions
        ),
    )


def location_of(value: SSAValue) -> LocationAttr:
    """Where a prepared parameter comes from."""
    return value.owner.location if isinstance(value.owner, Operation) else UnknownLoc()


def common_name(names: Sequence[str | None]) -> str | None:
    """What names have in common, part by part: `blocks_fc1` of `blocks_0_fc1`, `blocks_1_fc1`."""
    parts = [name.split("_") for name in names if name]
    if len(parts) < len(names) or len({len(each) for each in parts}) != 1:
        return names[0]
    return "_".join(each[0] for each in zip(*parts, strict=True) if len(set(each)) == 1)


Parameters = tuple[BlockArgument, ...]
"""Parameters of layers that follow each other."""


@dataclass(frozen=True)
class Place:
    """Where parameters are among others."""

    stack: Parameters
    """Those that are stacked with them."""

    first: int
    """The position of the first."""


def places_of(sequences: Iterable[Parameters]) -> dict[Parameters, Place]:
    """
    Where parameters are stacked.

    Those that overlap, as of two frames of which one is a layer behind, have one stack.
    """
    following: dict[BlockArgument, BlockArgument] = {}
    before: dict[BlockArgument, BlockArgument] = {}
    places: dict[Parameters, Place] = {}
    chained: list[Parameters] = []
    for each in sequences:
        if len(set(each)) == len(each) and all(
            following.get(one, other) is other and before.get(other, one) is one
            for one, other in pairwise(each)
        ):
            following.update(pairwise(each))
            before.update((other, one) for one, other in pairwise(each))
            chained.append(each)
        else:
            places[each] = Place(each, 0)
    for each in chained:
        stack = [each[0]]
        while (value := before.get(stack[0])) is not None and value not in stack:
            stack.insert(0, value)
        first = len(stack) - 1
        while (value := following.get(stack[-1])) is not None and value not in stack:
            stack.append(value)
        places[each] = Place(tuple(stack), first)
    return places


class Body:
    """The body of the loop, under construction."""

    def __init__(self, functions: AccelFunctions, places: Mapping[Parameters, Place]):
        self.functions = functions
        self.places = places
        self.stacks: dict[Parameters, BlockArgument] = {}
        self.counts: dict[tuple[int, int], SSAValue] = {}
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
        if (first, step) not in self.counts:
            count = self.layer
            for neutral, other, operation in ((1, step, arith.MuliOp), (0, first, arith.AddiOp)):
                if other != neutral:
                    constant = arith.ConstantOp.from_int_and_width(other, IndexType())
                    computed = operation(count, constant)
                    computed.result.name_hint = "count"
                    self.block.add_ops([constant, computed])
                    count = computed.result
            self.counts[first, step] = count
        return self.counts[first, step]

    def parameter(self, user: Operation, values: Parameters) -> SSAValue:
        """The parameter of one layer, of all of theirs."""
        if values not in self.selected:
            place = self.places[values]
            stack = self.stack(user, place.stack)
            select = accel.SelectOp(stack, self.count(place.first, 1))
            select.location = user.location
            select.result.name_hint = stack.name_hint
            self.block.add_op(select)
            self.selected[values] = select.result
        return self.selected[values]

    def stack(self, user: Operation, values: Parameters) -> BlockArgument:
        """Parameters one after the other."""
        if values not in self.stacks:
            prepared = self.functions.prepared
            stack = accel.StackOp([prepared[value] for value in values])
            stack.location = user.location
            self.functions.prepare(stack)
            name = common_name([value.name_hint for value in values])
            self.stacks[values] = self.functions.add(stack.result, name)
        return self.stacks[values]

    def select_outside(self, anchor: Operation) -> None:
        """Let layers that are not part of the loop use stacked parameters as well."""
        for values, stack in self.stacks.items():
            for number, value in enumerate(values):
                if not value.uses:
                    continue
                index = arith.ConstantOp.from_int_and_width(number, IndexType())
                index.result.name_hint = f"layer{number}"
                select = accel.SelectOp(stack, index.result)
                select.location = location_of(self.functions.prepared[value])
                select.result.name_hint = value.name_hint
                self.functions.forward.body.block.insert_ops_before([index, select], anchor)
                value.replace_all_uses_with(select.result)

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
        self.block.add_op(self.merged(equal))

    def merged(self, equal: tuple[Operation, ...]) -> Operation:
        """What stands for equal layers; for layers side by side, what stands for each of them."""
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
            regions=[
                Region(Block([self.merged(ops) for ops in zip(*blocks, strict=True)]))
                for blocks in zip(
                    *([region.block.ops for region in each.regions] for each in equal),
                    strict=True,
                )
            ],
        )
        new.location = fused(equal)
        for before, after in zip(first.results, new.results, strict=True):
            after.name_hint = before.name_hint
            self.mapping[before] = after
        return new


def operands_of(equal: Sequence[Operation]) -> Iterator[tuple[SSAValue, ...]]:
    """For every operand of equal layers, and of what is in them, those of all."""
    for ops in zip(*(each.walk() for each in equal), strict=True):
        yield from zip(*(each.operands for each in ops), strict=True)


@dataclass(frozen=True)
class RollLayersPass(ModulePass):
    """
    Replace the blocks of a network, equal but for their parameters, by a loop over them.

    Their parameters are stacked, and selected by the layer. One block alone stays as it is.
    """

    name = "roll-layers"

    statistics = (
        Statistic("loops over layers", added="scf.for"),
        Statistic("parameters stacked", added="accel.stack"),
    )

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
        sequences = [
            values
            for equal in zip(*repeats, strict=True)
            for values in operands_of(equal)
            if isa(values, tuple[BlockArgument, ...]) and len(set(values)) > 1
        ]
        body = Body(functions, places_of(sequences))
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
        operands = [value for each in rolled for op in each.walk() for value in op.operands]
        for each in reversed(rolled):
            each.detach()
            each.erase()
        body.select_outside(next(each for each in block.ops if is_layer(each)))
        operands += [value for values in body.stacks for value in values]
        functions.remove_unused([value for value in operands if isinstance(value, BlockArgument)])
        for constant in dict.fromkeys(value.owner for value in operands):
            if isinstance(constant, arith.ConstantOp) and not constant.result.uses:
                Rewriter.erase_op(constant)
        functions.finish()
