"""The two functions of a module at the `accel` level, and what one hands the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, FunctionType, ModuleOp, StringAttr
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, BlockArgument, Operation, SSAValue
from xdsl.traits import SymbolTable

from vaqf.dialects.accel.schedule import ENGINE_ATTRIBUTE, PORT_ATTRIBUTE
from vaqf.dialects.diagnostics import fail


def function_named(module: ModuleOp, name: str) -> FuncOp:
    """
    A function that every module at the `accel` level has.

    Raises:
        PassFailedException: when the module does not have it.
    """
    function = SymbolTable.lookup_symbol(module, name)
    if not isinstance(function, FuncOp) or function.is_declaration:
        fail(module, f"has no function '@{name}': run lower-vit-to-accel first")
    return function


def engines_of(module: ModuleOp) -> list[FuncOp]:
    """The engines of a module, in their order."""
    return [op for op in module.ops if isinstance(op, FuncOp) and ENGINE_ATTRIBUTE in op.attributes]


@dataclass
class AccelFunctions:
    """
    `@parameters` and `@forward`, whose last arguments are the results of `@parameters`.

    Changes are complete after `finish`.
    """

    parameters: FuncOp
    """Prepares weights and tables; no arguments."""

    forward: FuncOp
    """The accelerator: inputs, outputs, then parameters."""

    prepared: dict[BlockArgument, SSAValue]
    """For each parameter of `forward`, in order, the value that `parameters` returns for it."""

    ports: list[DictionaryAttr]
    """Attributes of the inputs and outputs of `forward`."""

    @staticmethod
    def of(module: ModuleOp) -> AccelFunctions:
        """
        The functions of a module.

        Raises:
            PassFailedException: when one is missing, or they do not fit each other.
        """
        parameters = function_named(module, "parameters")
        forward = function_named(module, "forward")
        attributes = list(forward.arg_attrs or ())
        ports = [each for each in attributes if each.data.get(PORT_ATTRIBUTE) != _PARAMETER]
        arguments = forward.args[len(ports) :]
        results = parameters.get_return_op()
        values = () if results is None else results.arguments
        if len(arguments) != len(values):
            fail(
                forward,
                f"'@forward' has {len(arguments)} parameters, '@parameters' returns {len(values)}",
            )
        return AccelFunctions(parameters, forward, dict(zip(arguments, values, strict=True)), ports)

    def prepare(self, op: Operation) -> None:
        """Append an op to the preparation of parameters."""
        terminator = self.parameters.body.block.last_op
        assert isinstance(terminator, ReturnOp)
        self.parameters.body.block.insert_op_before(op, terminator)

    def add(self, prepared: SSAValue, name: str | None) -> BlockArgument:
        """A new parameter of `forward`, at the end."""
        block = self.forward.body.block
        argument = block.insert_arg(prepared.type, len(block.args))
        argument.name_hint = prepared.name_hint = name
        self.prepared[argument] = prepared
        return argument

    def remove_unused(self, arguments: Sequence[BlockArgument]) -> None:
        """Drop those of the given parameters that `forward` no longer uses."""
        for argument in arguments:
            if argument in self.prepared and not argument.uses:
                del self.prepared[argument]
                self.forward.body.block.erase_arg(argument)

    def finish(self) -> None:
        """Make the types of both functions those of their arguments and results."""
        terminator = self.parameters.body.block.last_op
        assert isinstance(terminator, ReturnOp)
        values = list(self.prepared.values())
        terminator.operands = values
        self.parameters.function_type = FunctionType.from_lists([], [each.type for each in values])
        self.forward.function_type = FunctionType.from_lists(
            [each.type for each in self.forward.args], []
        )
        parameter = DictionaryAttr({PORT_ATTRIBUTE: _PARAMETER})
        self.forward.arg_attrs = ArrayAttr([*self.ports, *(parameter for _ in values)])


_PARAMETER: Attribute = StringAttr("parameter")
