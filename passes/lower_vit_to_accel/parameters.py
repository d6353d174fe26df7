"""The function that prepares weights and tables."""

from __future__ import annotations

from dataclasses import dataclass, field

from xdsl.dialects.builtin import FunctionType
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, BlockArgument, Operation, OpResult, Region, SSAValue

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import stored_width
from vaqf.dialects.diagnostics import fail
from vaqf.dialects.quant.formats import element_of


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
            self.copies.update((result, result) for result in op.results)
        return self.copies[value]

    def add(self, op: Operation, source: Operation) -> SSAValue:
        """The result of a new op in this function, which has the location of `source`."""
        op.location = source.location
        self.block.add_op(op)
        result = op.results[0]
        self.copies[result] = result
        return result

    def buffer(self, user: Operation, value: SSAValue, name: str) -> BlockArgument:
        """
        `value` in DRAM, as an argument of `@forward`.

        Args:
            user: the op that needs it, whose location it gets.
            value: a tensor that follows from weights.
            name: what to call it.

        Raises:
            PassFailedException: when it is not made of integers.
        """
        if value not in self.buffers:
            width = stored_width(element_of(value))
            if width is None:
                fail(user, f"needs {value.type}, expected integers: run the integerize passes")
            result = self.add(accel.ParameterOp(self.copy(value), width), user)
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
