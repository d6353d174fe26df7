"""Turn a network in integers into layers that work on buffers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith
from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    FunctionType,
    IndexType,
    IntegerType,
    LocationAttr,
    ModuleOp,
    StringAttr,
    TensorType,
    UnknownLoc,
)
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, BlockArgument, Operation, OpResult, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint
from xdsl.utils.hints import isa

from vaqf.dialects import accel, quant, vit
from vaqf.dialects.accel.layers import ADD, GELU, STORE
from vaqf.dialects.accel.memory import DRAM, ONCHIP, buffer_type
from vaqf.dialects.accel.schedule import FORMAT_ATTRIBUTE, PORT_ATTRIBUTE
from vaqf.dialects.diagnostics import describe, fail
from vaqf.dialects.model_reference import NAME_ATTRIBUTE, input_names, output_names
from vaqf.dialects.quant.formats import (
    MULTIPLIER_BITS,
    BinaryType,
    IntType,
    UnsignedType,
    element_of,
)
from vaqf.dialects.shapes import shape_of
from vaqf.passes.layer_names import identifier, layer_identifier
from vaqf.passes.structure import activations_of, network_of


def width_of(element: Attribute) -> int | None:
    """Bits of one element in a buffer; None when it is no integer."""
    match element:
        case IntType() | UnsignedType():
            return element.bits.data
        case BinaryType():
            return 1
        case IntegerType():
            return element.width.data
        case _:
            return None


def location_of(value: SSAValue) -> LocationAttr:
    """Where a value comes from."""
    return value.owner.location if isinstance(value.owner, Operation) else UnknownLoc()


@dataclass(frozen=True)
class Matrix:
    """Where an activation is: rows of a buffer."""

    buffer: SSAValue
    first: int = 0


@dataclass
class Parameters:
    """The function `@parameters`, as it grows: what `@forward` needs, prepared from weights."""

    forward: Block
    block: Block = field(default_factory=Block)
    copies: dict[SSAValue, SSAValue] = field(default_factory=dict[SSAValue, SSAValue])
    buffers: dict[SSAValue, BlockArgument] = field(default_factory=dict[SSAValue, BlockArgument])
    results: list[SSAValue] = field(default_factory=list[SSAValue])

    def copy(self, value: SSAValue) -> SSAValue:
        """`value`, computed in this function."""
        if value not in self.copies:
            assert isinstance(value, OpResult)
            op = value.op.clone({each: self.copy(each) for each in value.op.operands})
            self.block.add_op(op)
            self.copies.update(zip(value.op.results, op.results, strict=True))
        return self.copies[value]

    def add(self, op: Operation) -> SSAValue:
        """The result of a new op in this function."""
        self.block.add_op(op)
        return op.results[0]

    def buffer(self, user: Operation, value: SSAValue, name: str) -> BlockArgument:
        """
        `value` in DRAM, as an argument of `@forward`.

        Args:
            user: the op that needs it, whose location it gets.
            value: a tensor that follows from weights.
            name: what to call it.
        """
        if value not in self.buffers:
            width = width_of(element_of(value))
            if width is None:
                fail(user, f"needs {value.type}, expected integers: run the integerize passes")
            parameter = accel.ParameterOp(self.copy(value), width)
            parameter.location = user.location
            result = self.add(parameter)
            result.name_hint = name
            self.results.append(result)
            argument = self.forward.insert_arg(result.type, len(self.forward.args))
            argument.name_hint = name
            self.buffers[value] = argument
        return self.buffers[value]

    def function(self) -> FuncOp:
        """The finished function."""
        self.block.add_op(ReturnOp(*self.results))
        types = FunctionType.from_lists([], [each.type for each in self.results])
        return FuncOp("parameters", types, Region(self.block))


def port_attributes(kind: str, name: str, value: SSAValue) -> DictionaryAttr:
    """What an argument of `@forward` says about the image or the logits."""
    return DictionaryAttr(
        {
            NAME_ATTRIBUTE: StringAttr(name),
            PORT_ATTRIBUTE: StringAttr(kind),
            FORMAT_ATTRIBUTE: element_of(value),
        }
    )


class Lowering:
    """One walk over a network, from its first op to its last."""

    def __init__(self, network: FuncOp):
        self.network = network
        self.activations = activations_of(network)
        self.block = Block()
        self.parameters = Parameters(self.block)
        self.storage = Builder(InsertPoint.at_end(self.block))
        self.matrices: dict[SSAValue, Matrix] = {}
        self.images: dict[SSAValue, SSAValue] = {}
        self.constants: dict[int, SSAValue] = {}
        self.layers: list[Operation] = []
        self.checkpoints: dict[str, int] = {}

    # Building blocks

    def constant(self, value: int) -> SSAValue:
        """An index constant at the top of the function."""
        if value not in self.constants:
            constant = self.storage.insert(arith.ConstantOp.from_int_and_width(value, IndexType()))
            constant.result.name_hint = f"c{value}"
            self.constants[value] = constant.result
        return self.constants[value]

    def new_buffer(self, value: SSAValue, name: str) -> Matrix:
        """A buffer at the top of the function for an activation."""
        width = width_of(element_of(value))
        assert width is not None
        op = self.storage.insert(accel.BufferOp(buffer_type(width, shape_of(value), ONCHIP)))
        op.buffer.name_hint = name
        op.location = location_of(value)
        self.matrices[value] = Matrix(op.buffer)
        return self.matrices[value]

    def emit(self, op: Operation, source: Operation) -> None:
        """Append a layer that stands for `source`."""
        op.location = source.location
        self.layers.append(op)

    def matrix(self, user: Operation, value: SSAValue) -> Matrix:
        """The buffer that holds an operand of `user`."""
        if value not in self.matrices:
            fail(user, f"the operand of type {value.type} is not in a buffer of tokens x channels")
        return self.matrices[value]

    def whole_matrix(self, user: Operation, value: SSAValue) -> SSAValue:
        """The buffer that holds an operand of `user`, which must be all of it."""
        matrix = self.matrix(user, value)
        if matrix.first or shape_of(matrix.buffer) != shape_of(value):
            fail(user, "reads some rows of a buffer, expected all of them")
        return matrix.buffer

    def checkpoint(self, label: str, buffer: SSAValue, source: Operation) -> None:
        """Let the testbench compare a buffer."""
        count = self.checkpoints.get(label, 0)
        self.checkpoints[label] = count + 1
        self.emit(accel.CheckpointOp(label, self.constant(count), buffer), source)

    # Linear layers

    def linear(
        self,
        requantize: quant.RequantizeOp,
        epilogue: str,
        *,
        table: SSAValue | None = None,
        result: SSAValue | None = None,
        residual: SSAValue | None = None,
        first: int = 0,
    ) -> None:
        """Emit a linear layer with its requantization and epilogue."""
        linear = requantize.input.owner
        assert isinstance(linear, quant.LinearOp)
        name = layer_identifier(linear, "linear")
        if linear.input.name_hint and linear.result.name_hint:
            name = linear.result.name_hint.removesuffix("_sums")
        tokens, inputs = shape_of(linear.input)
        buffer = self.parameters.buffer
        self.emit(
            accel.LinearOp(
                self.whole_matrix(linear, linear.input),
                buffer(linear, linear.weight, f"{name}_weight"),
                buffer(linear, requantize.multiplier, f"{name}_multiplier"),
                buffer(linear, requantize.offset, f"{name}_offset"),
                table=None if table is None else buffer(linear, table, f"{name}_gelu"),
                result=result,
                residual=residual,
                first=self.constant(first),
                sizes=(
                    self.constant(tokens),
                    self.constant(inputs),
                    self.constant(shape_of(linear.result)[1]),
                ),
                epilogues=[epilogue],
                shifts=[requantize.shift.value.data],
            ),
            linear,
        )

    def requantized(self, user: Operation, value: SSAValue) -> quant.RequantizeOp:
        """The requantization whose result `user`, and nothing else, takes."""
        owner = value.owner
        if not isinstance(owner, quant.RequantizeOp) or not value.has_one_use():
            fail(user, "takes a value that is not requantized for it alone")
        return owner

    def lower_requantize(self, op: quant.RequantizeOp) -> None:
        if not isinstance(op.input.owner, quant.LinearOp):
            fail(op, "expected the sums of a linear layer")
        users = [use.operation for use in op.result.uses]
        if users and isinstance(users[0], quant.LookupOp | quant.AddOp | vit.ConcatenateOp):
            return  # Becomes the epilogue of that op.
        roles: dict[tuple[type[Operation], int], str] = {
            (quant.AttentionScoresOp, 0): "query",
            (quant.AttentionScoresOp, 1): "key",
            (quant.AttentionValuesOp, 1): "value",
            (ReturnOp, 0): "logits",
        }
        uses = [(type(use.operation), use.index) for use in op.result.uses]
        name = next((roles[use] for use in uses if use in roles), "result")
        self.linear(op, STORE, result=self.new_buffer(op.result, name).buffer)

    def lower_lookup(self, op: quant.LookupOp) -> None:
        requantize = self.requantized(op, op.input)
        before, after = element_of(op.input), element_of(op.result)
        if width_of(before) != width_of(after):
            fail(op, f"replaces {before} by {after}, expected equal widths")
        result = self.new_buffer(op.result, "hidden").buffer
        self.linear(requantize, GELU, table=op.table, result=result)

    def lower_add(self, op: quant.AddOp) -> None:
        left, right = op.left, op.right
        if right not in self.activations:
            self.start_residual(op, left, right)
        elif left not in self.activations:
            self.start_residual(op, right, left)
        elif left in self.matrices:
            self.update_residual(op, left, right)
        else:
            self.update_residual(op, right, left)

    def start_residual(self, op: quant.AddOp, tokens: SSAValue, position: SSAValue) -> None:
        """
        `position` plus parameters and one linear layer, put together along the tokens.

        The sums of parameters are prepared; the layer adds to its rows of them.
        """
        parts = (
            list(tokens.owner.inputs) if isinstance(tokens.owner, vit.ConcatenateOp) else [tokens]
        )
        if sum(part in self.activations for part in parts) != 1:
            fail(op, "expected one activation among the tokens to which the position is added")
        prepared: list[SSAValue] = []
        first, row = 0, 0
        update: SSAValue = tokens
        for part in parts:
            rows = shape_of(part)[0]
            slice_ = vit.SliceOp(self.parameters.copy(position), row, rows)
            slice_.location = op.location
            added = self.parameters.add(slice_)
            if part in self.activations:
                first, update = row, part
            else:
                sum_ = quant.AddOp(self.parameters.copy(part), added)
                sum_.location = op.location
                added = self.parameters.add(sum_)
            prepared.append(added)
            row += rows
        joined = vit.ConcatenateOp(prepared)
        joined.location = op.location
        initial = self.parameters.add(joined)
        self.parameters.copies[initial] = initial
        residual = self.new_buffer(op.result, "residual").buffer
        self.emit(
            accel.LoadMatrixOp(self.parameters.buffer(op, initial, "initial_tokens"), residual), op
        )
        self.linear(self.requantized(op, update), ADD, residual=residual, first=first)
        self.checkpoint("embedding", residual, op)

    def update_residual(self, op: quant.AddOp, stream: SSAValue, update: SSAValue) -> None:
        """Add a linear layer to the residual stream, in its buffer."""
        residual = self.whole_matrix(op, stream)
        for value, matrix in self.matrices.items():
            for use in value.uses if matrix.buffer is residual else ():
                if use.operation is not op and not use.operation.is_before_in_block(op):
                    fail(op, f"{describe(use.operation)} still needs the value before the update")
        requantize = self.requantized(op, update)
        self.linear(requantize, ADD, residual=residual)
        self.matrices[op.result] = Matrix(residual)
        linear = requantize.input.owner
        assert isinstance(linear, quant.LinearOp)
        after_attention = isinstance(linear.input.owner, quant.RescaleOp)
        self.checkpoint("attention" if after_attention else "mlp", residual, op)

    # Everything else

    def lower_layer_norm(self, op: quant.LayerNormOp) -> None:
        name = layer_identifier(op, "norm")
        matrix = self.matrix(op, op.input)
        tokens, channels = shape_of(op.input)
        buffer = self.parameters.buffer
        self.emit(
            accel.LayerNormOp(
                matrix.buffer,
                self.constant(matrix.first),
                buffer(op, op.multiplier, f"{name}_multiplier"),
                buffer(op, op.offset, f"{name}_offset"),
                self.new_buffer(op.result, "normed").buffer,
                (self.constant(tokens), self.constant(channels)),
                epsilon=op.epsilon.value.data,
                shift=op.shift.value.data,
            ),
            op,
        )

    def multiplier(self, value: int, role: str, source: Operation) -> SSAValue:
        """A requantization multiplier that each layer has of its own."""
        constant = arith.ConstantOp.from_int_and_width(value, MULTIPLIER_BITS)
        constant.result.name_hint = f"{role}_multiplier"
        self.emit(constant, source)
        return constant.result

    def lower_rescale(self, op: quant.RescaleOp) -> None:
        values = op.input.owner
        softmax = (
            values.probabilities.owner if isinstance(values, quant.AttentionValuesOp) else None
        )
        scores = softmax.input.owner if isinstance(softmax, quant.SoftmaxOp) else None
        if not (
            isinstance(values, quant.AttentionValuesOp)
            and isinstance(softmax, quant.SoftmaxOp)
            and isinstance(scores, quant.AttentionScoresOp)
        ):
            fail(op, "expected attention values of a softmax of attention scores")
        softmax_multiplier = self.multiplier(softmax.multiplier.value.data, "softmax", op)
        value_multiplier = self.multiplier(op.multiplier.value.data, "value", op)
        probability = element_of(softmax.result)
        assert isinstance(probability, UnsignedType)
        self.emit(
            accel.AttentionOp(
                self.whole_matrix(scores, scores.query),
                self.whole_matrix(scores, scores.key),
                self.whole_matrix(values, values.value),
                self.parameters.buffer(op, softmax.table, "exponentials"),
                softmax_multiplier,
                value_multiplier,
                self.new_buffer(op.result, "mixed").buffer,
                heads=scores.heads.value.data,
                probability_bits=probability.bits.data,
                softmax_shift=softmax.shift.value.data,
                value_shift=op.shift.value.data,
            ),
            scores,
        )

    def lower(self, op: Operation) -> None:
        """Emit what one op of the network becomes."""
        match op:
            case vit.ReshapeOp() if op.input in self.images:
                self.images[op.result] = self.images[op.input]
            case vit.ReshapeOp() if shape_of(op.result) == shape_of(op.input):
                self.matrices[op.result] = self.matrix(op, op.input)
            case quant.ExtractPatchesOp():
                if op.image not in self.images:
                    fail(op, "expected patches of the image that the network takes")
                patches = self.new_buffer(op.result, "patches").buffer
                patch = op.patch.get_values()
                self.emit(accel.ExtractPatchesOp(self.images[op.image], patches, patch), op)
            case quant.LinearOp():
                if not op.result.has_one_use():
                    fail(op, "expected one requantization of the sums")
            case quant.RequantizeOp():
                self.lower_requantize(op)
            case quant.LookupOp():
                self.lower_lookup(op)
            case vit.ConcatenateOp():
                if any(not isinstance(use.operation, quant.AddOp) for use in op.result.uses):
                    fail(op, "expected a position to be added to the tokens")
            case quant.AddOp():
                self.lower_add(op)
            case vit.SelectTokenOp():
                matrix = self.matrix(op, op.input)
                self.matrices[op.result] = Matrix(matrix.buffer, matrix.first + op.token.value.data)
            case quant.LayerNormOp():
                self.lower_layer_norm(op)
            case quant.AttentionScoresOp() | quant.SoftmaxOp() | quant.AttentionValuesOp():
                pass  # Part of the layer that the rescaling of its values ends.
            case quant.RescaleOp():
                self.lower_rescale(op)
            case _:
                fail(op, "has no layer on the accelerator")

    def port(self, name: str, tensor: Attribute, shape: Sequence[int]) -> SSAValue:
        """An argument for the image or the logits."""
        width = width_of(tensor.element_type) if isa(tensor, TensorType[Attribute]) else None
        if width is None:
            fail(self.network, f"'{name}' is {tensor}, expected integers: run integerize-interface")
        argument = self.block.insert_arg(buffer_type(width, shape, DRAM), len(self.block.args))
        argument.name_hint = identifier(name)
        return argument

    def run(self) -> tuple[FuncOp, FuncOp]:
        """`@parameters` and `@forward`."""
        terminator = self.network.body.block.last_op
        assert isinstance(terminator, ReturnOp)
        ports: list[DictionaryAttr] = []
        for argument, name in zip(self.network.args, input_names(self.network), strict=True):
            # The batch is 1, and the first thing that a network does is to drop it.
            reshaped = [
                use.operation.result
                for use in argument.uses
                if isinstance(use.operation, vit.ReshapeOp)
            ]
            shape = shape_of(reshaped[0] if reshaped else argument)
            self.images[argument] = self.port(name, argument.type, shape)
            ports.append(port_attributes("input", name, argument))
        outputs: list[SSAValue] = []
        for value, name in zip(terminator.arguments, output_names(self.network), strict=True):
            outputs.append(self.port(name, value.type, shape_of(value)))
            ports.append(port_attributes("output", name, value))
        for op in self.network.body.block.ops:
            if op is not terminator and not self.activations.isdisjoint(op.results):
                self.lower(op)
        for value, output in zip(terminator.arguments, outputs, strict=True):
            store = accel.StoreMatrixOp(self.whole_matrix(terminator, value), output)
            self.emit(store, terminator)
            store.location = location_of(value)
        self.block.add_ops([*self.layers, ReturnOp()])
        parameters = self.parameters.function()
        ports += [
            DictionaryAttr({PORT_ATTRIBUTE: StringAttr("parameter")})
            for _ in self.parameters.results
        ]
        forward = FuncOp(
            "forward",
            FunctionType.from_lists([each.type for each in self.block.args], []),
            Region(self.block),
            arg_attrs=ArrayAttr(ports),
        )
        parameters.location = forward.location = self.network.location
        return parameters, forward


@dataclass(frozen=True)
class LowerVitToAccelPass(ModulePass):
    """
    Give every activation a buffer, every weight a place in DRAM, and every layer an op on them.

    The function becomes two: `@parameters` prepares weights and tables, `@forward` is the
    accelerator. A linear layer takes along its requantization and one epilogue; the residual
    stream is one buffer, updated in place.
    """

    name = "lower-vit-to-accel"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        network = network_of(op)
        parameters, forward = Lowering(network).run()
        network.detach()
        network.erase()
        op.body.block.add_ops([parameters, forward])
