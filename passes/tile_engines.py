"""Turn the layer of each engine into loops over tiles."""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm

from xdsl.context import Context
from xdsl.dialects import memref
from xdsl.dialects.builtin import (
    DictionaryAttr,
    IntegerAttr,
    ModuleOp,
    i64,
)
from xdsl.dialects.func import CallOp, FuncOp, ReturnOp
from xdsl.ir import Attribute, BlockArgument, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import ONCHIP, element_width, is_buffer
from vaqf.dialects.accel.schedule import HARDWARE_ATTRIBUTE
from vaqf.dialects.accel.tiles import BINARY_FORMS, PAIRED_SUM
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.shapes import shape_of
from vaqf.passes.accel_functions import AccelFunctions, engines_of
from vaqf.passes.engines.attention import expand_attention
from vaqf.passes.engines.code import Code
from vaqf.passes.engines.layer_norm import expand_layer_norm
from vaqf.passes.engines.linear import expand_linear
from vaqf.passes.engines.mean_tokens import expand_mean_tokens
from vaqf.passes.engines.patches import expand_extract_patches
from vaqf.passes.engines.tiling import (
    NEVER_CALLED,
    MatmulTile,
    Tiling,
    argument_values,
    rounded_up,
)
from vaqf.passes.share_engines import common_type
from vaqf.passes.statistics import Statistic


def linear_tile(layer: accel.LinearOp, tiling: Tiling) -> MatmulTile:
    """The tile of a matmul engine: its weights decide which."""
    return tiling.binary_matmul if element_width(layer.weight) == 1 else tiling.integer_matmul


def parameter_tiles(layer: Operation, tiling: Tiling) -> list[tuple[SSAValue, tuple[int, ...]]]:
    """The parameters that an engine reads in tiles, and the shape of a tile of each."""
    match layer:
        case accel.LinearOp():
            tile = linear_tile(layer, tiling)
            return [
                (layer.weight, (tile.outputs, tile.inputs)),
                (layer.multiplier, (tile.outputs,)),
                (layer.offset, (tile.outputs,)),
            ]
        case accel.LayerNormOp():
            return [(layer.multiplier, (tiling.lanes,)), (layer.offset, (tiling.lanes,))]
        case accel.LoadMatrixOp():
            tokens, _ = shape_of(layer.source)
            return [(layer.source, (tokens, tiling.lanes))]
        case _:
            return []


class ParameterTiling:
    """Tiles parameters where they are prepared, and all the types that follow."""

    def __init__(self, module: ModuleOp):
        self.module = module
        self.functions = AccelFunctions.of(module)
        self.tiled: dict[BlockArgument, tuple[tuple[int, ...], BlockArgument]] = {}

    def source(self, value: SSAValue) -> SSAValue:
        """The parameter of `@forward` that a call's argument comes from."""
        while isinstance(value.owner, memref.CastOp | accel.SelectOp):
            value = value.owner.operands[0]
        return value

    def tile_source(self, call: CallOp, value: SSAValue, tile: tuple[int, ...]) -> None:
        """Tile the parameter that a call's argument comes from, once."""
        source = self.source(value)
        if any(new is source for _, new in self.tiled.values()):
            return
        if not isinstance(source, BlockArgument) or source not in self.functions.prepared:
            fail(call, "takes a weight that is not a parameter of '@forward'")
        operation = accel.TileOp(self.functions.prepared[source], tile)
        operation.location = call.location
        self.functions.prepare(operation)
        new = self.functions.add(operation.result, source.name_hint)
        self.tiled[source] = tile, new
        source.replace_all_uses_with(new)
        self.functions.remove_unused([source])
        self.retype(new)

    def retype(self, value: SSAValue) -> None:
        """Let the selections of a parameter have the type that follows."""
        for use in list(value.uses):
            if isinstance(use.operation, accel.SelectOp):
                select = accel.SelectOp(value, use.operation.index)
                select.location = use.operation.location
                Rewriter.replace_op(use.operation, select)

    def run(self, engine: FuncOp, argument: SSAValue, tile: tuple[int, ...]) -> None:
        """Tile what all callers of an engine pass for one of its arguments."""
        assert isinstance(argument, BlockArgument)
        calls = [
            op
            for op in self.functions.forward.walk()
            if isinstance(op, CallOp) and op.callee.root_reference == engine.sym_name
        ]
        if not calls:
            fail(engine, NEVER_CALLED)
        for call in calls:
            self.tile_source(call, call.arguments[argument.index], tile)
        uncast = {call: self.uncast(call.arguments[argument.index]) for call in calls}
        type = common_type([value.type for value in uncast.values()])
        for call, value in uncast.items():
            self.recast(call, argument.index, value, type)
        Rewriter.replace_value_with_new_type(argument, type)

    def uncast(self, value: SSAValue) -> SSAValue:
        """A call's argument before its sizes became dynamic."""
        return value.owner.source if isinstance(value.owner, memref.CastOp) else value

    def recast(self, call: CallOp, index: int, value: SSAValue, type: Attribute) -> None:
        """Let a call pass `value` with the sizes of the engine's argument."""
        before = call.arguments[index]
        if value.type != type:
            assert is_buffer(type)
            cast = memref.CastOp.get(value, type)
            cast.dest.name_hint = before.name_hint
            cast.location = call.location
            block = call.parent_block()
            assert block is not None
            block.insert_op_before(cast, call)
            value = cast.dest
        call.operands[index] = value
        if isinstance(before.owner, memref.CastOp) and not before.uses:
            Rewriter.erase_op(before.owner)


def largest_matrix(module: ModuleOp) -> int:
    """The most tokens of any matrix of activations."""
    return max(
        (
            shape_of(op.buffer)[0]
            for op in module.walk()
            if isinstance(op, accel.BufferOp) and op.buffer.type.memory_space == ONCHIP
        ),
        default=1,
    )


@dataclass(frozen=True)
class TileEnginesPass(ModulePass):
    """
    Replace the layer in each engine by loops over tiles, bursts, and what is done with one tile.

    Parameters are tiled to match, so that an engine reads each tile in one burst.
    """

    name = "tile-engines"

    statistics = (
        Statistic("loops over tiles", added="scf.for"),
        Statistic("parameters tiled", added="accel.tile"),
    )

    lanes: int = 64
    """Neighbouring channels in one word of a matrix of activations, at least 1."""

    binary_matmul: tuple[int, ...] = (64, 64, 4)
    """
    Output channels, input channels and tokens of one cycle of the engine with binary weights:
    a multiple of the lanes, a divisor of the lanes, and at least 1.
    """

    binary_form: str = PAIRED_SUM
    """
    How sums with one-bit weights are built, from the largest to the smallest: conditional_negation,
    selected_sum or paired_sum.
    """

    integer_matmul: tuple[int, ...] = (64, 4, 1)
    """The same for the engine with integer weights."""

    keys: int = 8
    """
    Keys that attention compares with one query in a cycle, at least 1. With a power of two, the
    memory that a key lies in follows from the low bits of its number.
    """

    queries: int = 16
    """
    Queries whose attention is computed together, at least 1: what belongs to one of them, such as
    its largest score, is needed again after as many cycles.
    """

    pack_values: bool = False
    """
    Whether attention multiplies two channels of a value in one multiplier: half the multipliers,
    but adders of LUTs behind each.
    """

    norm_tokens: int = 32
    """Tokens whose LayerNorm is computed together, at least 1."""

    def tile(self, option: str, sizes: tuple[int, ...]) -> MatmulTile:
        """
        The tile that an option gives.

        Raises:
            PassFailedException: when it cannot work.
        """
        if len(sizes) != 3 or min(sizes) < 1:
            raise PassFailedException(
                f"tile-engines: '{option}' is {','.join(map(str, sizes))}, expected three positive "
                "sizes: output channels, input channels, tokens"
            )
        tile = MatmulTile(*sizes)
        if self.lanes % tile.inputs:
            raise PassFailedException(
                f"tile-engines: '{option}' has {tile.inputs} input channels, they must divide the "
                f"{self.lanes} lanes of a word"
            )
        if tile.outputs % self.lanes:
            raise PassFailedException(
                f"tile-engines: '{option}' has {tile.outputs} output channels, they must be a "
                f"multiple of the {self.lanes} lanes of a word"
            )
        return tile

    def tiling(self, module: ModuleOp) -> Tiling:
        """
        The parallelism that the options ask for.

        Raises:
            PassFailedException: when it cannot work.
        """
        for option, value in (
            ("lanes", self.lanes),
            ("keys", self.keys),
            ("queries", self.queries),
            ("norm-tokens", self.norm_tokens),
        ):
            if value < 1:
                raise PassFailedException(
                    f"tile-engines: '{option}' is {value}, it must be positive"
                )
        if self.binary_form not in BINARY_FORMS:
            raise PassFailedException(
                f"tile-engines: 'binary-form' is {self.binary_form!r}, accepted are "
                f"{', '.join(BINARY_FORMS)}"
            )
        binary = self.tile("binary-matmul", self.binary_matmul)
        integer = self.tile("integer-matmul", self.integer_matmul)
        slots = rounded_up(largest_matrix(module), lcm(binary.tokens, integer.tokens))
        return Tiling(
            self.lanes,
            binary,
            self.binary_form,
            integer,
            self.keys,
            self.queries,
            self.pack_values,
            self.norm_tokens,
            slots,
            lcm(binary.outputs, integer.outputs),
        )

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        tiling = self.tiling(op)
        parameters = ParameterTiling(op)
        for engine in engines_of(op):
            layer = next(each for each in engine.body.block.ops if not each.results)
            for argument, tile in parameter_tiles(layer, tiling):
                parameters.run(engine, argument, tile)
            engine.update_function_type()
            self.expand(op, engine, layer, tiling)
        parameters.functions.finish()
        op.attributes[HARDWARE_ATTRIBUTE] = DictionaryAttr(
            {
                "lanes": IntegerAttr(tiling.lanes, i64),
                "token_slots": IntegerAttr(tiling.token_slots, i64),
                "channel_slots": IntegerAttr(tiling.channel_slots, i64),
            }
        )

    def expand(self, module: ModuleOp, engine: FuncOp, layer: Operation, tiling: Tiling) -> None:
        """Write the loops of one engine."""
        if isinstance(layer, accel.LoadMatrixOp | accel.StoreMatrixOp):
            return
        if not isinstance(
            layer,
            accel.LinearOp
            | accel.LayerNormOp
            | accel.AttentionOp
            | accel.ExtractPatchesOp
            | accel.MeanTokensOp,
        ):
            fail(layer, "is not the layer of an engine, expected one that share-engines makes")
        block = engine.body.block
        terminator = block.last_op
        assert isinstance(terminator, ReturnOp)
        terminator.detach()
        layer.detach()
        code = Code(block, layer.location)
        match layer:
            case accel.LinearOp():
                expand_linear(
                    code,
                    layer,
                    linear_tile(layer, tiling),
                    form=tiling.binary_form if element_width(layer.weight) == 1 else None,
                    tokens=argument_values(module, engine, layer.tokens),
                    inputs=argument_values(module, engine, layer.inputs),
                )
            case accel.LayerNormOp():
                tokens = argument_values(module, engine, layer.tokens)
                expand_layer_norm(code, layer, tiling, tokens=tokens)
            case accel.AttentionOp():
                heads = [layer.heads.value.data]
                if layer.head_count is not None:
                    heads = argument_values(module, engine, layer.head_count)
                expand_attention(code, layer, tiling, heads=heads)
            case accel.ExtractPatchesOp():
                expand_extract_patches(code, layer, tiling.lanes)
            case accel.MeanTokensOp():
                tokens = argument_values(module, engine, layer.tokens)
                expand_mean_tokens(code, layer, tiling.lanes, tokens=tokens)
        layer.erase()
        block.add_op(terminator)
        for constant in list(block.ops):
            if constant.results and not any(result.uses for result in constant.results):
                Rewriter.erase_op(constant)
