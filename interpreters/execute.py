"""Running a module of any level on NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np
from xdsl.dialects.builtin import ModuleOp, ShapedType, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.interpreter import Interpreter, InterpreterFunctions, PythonValues
from xdsl.interpreters.func import FuncFunctions
from xdsl.interpreters.scf import ScfFunctions
from xdsl.ir import Attribute, Operation
from xdsl.traits import SymbolTable
from xdsl.utils.exceptions import InterpretationError
from xdsl.utils.hints import isa

from vaqf.dialects.diagnostics import UserError, describe
from vaqf.dialects.model_reference import input_names, output_names
from vaqf.dialects.quant import IntType, UnsignedType
from vaqf.dialects.quant.formats import Format
from vaqf.interpreters.accel import AccelFunctions
from vaqf.interpreters.accelerator import Accelerator, is_accelerator
from vaqf.interpreters.arithmetic.formats import dequantize
from vaqf.interpreters.arithmetic.integers import Floats
from vaqf.interpreters.compiled.needed_tokens import compute_needed_tokens
from vaqf.interpreters.compiled.network import CompiledNetwork
from vaqf.interpreters.onnx import ONNX_FUNCTIONS
from vaqf.interpreters.parameters import ParameterSource, provide_parameters
from vaqf.interpreters.quant import QuantFunctions
from vaqf.interpreters.samples import Array, Input, Samples
from vaqf.interpreters.schedule import prepare
from vaqf.interpreters.vit import VitFunctions

ENTRY = "forward"
"""Name of the function that is the whole network."""

FUNCTIONS: Sequence[Callable[[], InterpreterFunctions]] = (
    FuncFunctions,
    ScfFunctions,
    *ONNX_FUNCTIONS,
    VitFunctions,
    QuantFunctions,
    AccelFunctions,
)
"""What the operations of each dialect mean; a level that is added has its entry here."""

WORTH_COMPILING = 16
"""Samples from which on preparing a network to run fast costs less than it saves."""

Run = Callable[[Iterable[Sequence[Array]]], Iterable[Sequence[Array]]]
"""From the arguments for each sample to the results for each."""

OnValue = Callable[[Operation, PythonValues], None]
"""Called with each operation that was executed, and the values of its results."""


@dataclass
class _Observer(Interpreter.Listener):
    """Hands every value on."""

    on_value: OnValue

    def did_interpret_op(self, op: Operation, results: PythonValues) -> None:
        self.on_value(op, results)


def interpreter_of(
    module: ModuleOp, parameters: ParameterSource, on_value: OnValue | None = None
) -> Interpreter:
    """An interpreter that knows the operations of all levels, and has the weights of a model."""
    listeners = () if on_value is None else (_Observer(on_value),)
    interpreter = Interpreter(module, listeners=listeners)
    for functions in FUNCTIONS:
        interpreter.register_implementations(functions())
    provide_parameters(interpreter, parameters)
    return interpreter


def entry_function(module: ModuleOp) -> FuncOp:
    """
    The function that is the whole network.

    Raises:
        UserError: when the module does not define it.
    """
    function = SymbolTable.lookup_symbol(module, ENTRY)
    if not isinstance(function, FuncOp) or function.is_declaration:
        raise UserError(
            f"{describe(module)}: does not define the function '@{ENTRY}' that is executed"
        )
    return function


def _join(results: Sequence[Array]) -> Array:
    """Results of several samples as one array, along the axis of the batch where there is one."""
    return np.concatenate(results) if results[0].shape[:1] == (1,) else np.stack(results)


@dataclass(frozen=True)
class _Network:
    """What a module computes, whatever its level."""

    inputs: Sequence[Input]
    """Its arguments."""

    outputs: Mapping[str, Format | None]
    """The number format of each result; None for real values."""

    shapes: Mapping[str, tuple[int, ...]]
    """The shape of each result for one sample."""

    prepare: Callable[[Interpreter], Run]
    """Computes what follows from the parameters alone."""

    @staticmethod
    def of(module: ModuleOp) -> _Network:
        """
        The network of a module.

        Raises:
            UserError: when the module does not define it, or takes what cannot be given.
        """
        function = entry_function(module)
        if is_accelerator(function):
            accelerator = Accelerator.of(module)
            inputs = [Input(each.name, each.shape, each.format) for each in accelerator.inputs]
            outputs = {each.name: each.format for each in accelerator.outputs}
            shapes = {each.name: each.shape for each in accelerator.outputs}
            return _Network(inputs, outputs, shapes, partial(_prepare_accelerator, accelerator))
        types = function.function_type
        return _Network(
            [Input.of(*each) for each in zip(input_names(function), types.inputs, strict=True)],
            dict(zip(output_names(function), map(_format, types.outputs), strict=True)),
            dict(zip(output_names(function), map(_shape, types.outputs), strict=True)),
            lambda interpreter: partial(map, prepare(interpreter, function)),
        )


def _prepare_accelerator(accelerator: Accelerator, interpreter: Interpreter) -> Run:
    prepared = accelerator.prepare(interpreter)

    def run(samples: Iterable[Sequence[Array]]) -> Iterator[Sequence[Array]]:
        for frame in accelerator.run_frames(interpreter, prepared, samples):
            yield frame.outputs

    return run


def _format(type: Attribute) -> Format | None:
    """How the integers of a tensor stand for reals; None where its elements are themselves."""
    if isa(type, TensorType[IntType] | TensorType[UnsignedType]):
        return type.element_type
    return None


def _shape(type: Attribute) -> tuple[int, ...]:
    """The shape of a result."""
    return type.get_shape() if isinstance(type, ShapedType) else ()


def _real(result: Array, format: Format | None) -> Array:
    """The real values that a result stands for."""
    return result if format is None else dequantize(result.astype(np.int64), format.scale.data)


@contextmanager
def telling_why() -> Generator[None]:
    """
    Let the user know why a network cannot be executed.

    Raises:
        UserError: when an operation in the block has no meaning, or a number does not fit.
    """
    try:
        yield
    except InterpretationError as error:
        raise UserError(f"'@{ENTRY}' cannot be executed: {error}") from error


def network_inputs(module: ModuleOp) -> Sequence[Input]:
    """
    What the network of a module is given.

    Raises:
        UserError: when the module does not define it, or it takes what cannot be given.
    """
    return _Network.of(module).inputs


def network_outputs(module: ModuleOp) -> Mapping[str, tuple[int, ...]]:
    """
    The names of what the network of a module gives, and the shape of each for one sample.

    Raises:
        UserError: as `network_inputs` does.
    """
    return _Network.of(module).shapes


def _compiled(module: ModuleOp, parameters: ParameterSource) -> Run | None:
    """The network of a module, prepared to run fast; None when that is not known to be exact."""
    if is_accelerator(entry_function(module)):
        return None
    reduced = module.clone()
    compute_needed_tokens(reduced)
    network = CompiledNetwork.of(interpreter_of(reduced, parameters), entry_function(reduced))
    return None if network is None else network.run_samples


@dataclass(frozen=True)
class OpenNetwork:
    """A network whose parameters are prepared, to be run on samples again and again."""

    network: _Network
    run: Run

    @property
    def inputs(self) -> Sequence[Input]:
        """What it is given."""
        return self.network.inputs

    @property
    def outputs(self) -> Mapping[str, tuple[int, ...]]:
        """The names of its results, and the shape of each for one sample."""
        return self.network.shapes

    @staticmethod
    def of(
        module: ModuleOp,
        parameters: ParameterSource,
        *,
        on_value: OnValue | None = None,
        is_fast: bool = False,
    ) -> OpenNetwork:
        """
        Prepare the network of a module.

        Args:
            module: Of any level.
            parameters: The weights.
            on_value: Called after each operation.
            is_fast: Whether to take more time now, and then less for each sample, where the results
                are proven to be the same; not together with `on_value`.

        Raises:
            UserError: as `execute` does.
        """
        network = _Network.of(module)
        with telling_why():
            run = _compiled(module, parameters) if is_fast else None
            run = run or network.prepare(interpreter_of(module, parameters, on_value))
        return OpenNetwork(network, run)

    def results(self, samples: Samples) -> Iterator[Sequence[Array]]:
        """
        The results for each sample, as the network computes them.

        Raises:
            UserError: when an operation has no meaning, or a number does not fit.
        """
        with telling_why():
            yield from self.run(samples)

    def execute(self, inputs: Mapping[str, Floats], *, raw: bool = False) -> dict[str, Array]:
        """See `execute`."""
        samples = Samples.of(self.inputs, inputs)
        results = list(self.results(samples))
        joined = [_join(each) for each in zip(*results, strict=True)]
        if not samples.several:
            joined = results[0]
        return {
            name: result if raw else _real(result, format)
            for (name, format), result in zip(self.network.outputs.items(), joined, strict=True)
        }


def execute_each(
    module: ModuleOp,
    inputs: Mapping[str, Floats],
    parameters: ParameterSource,
    on_value: OnValue,
) -> Iterator[dict[str, Array]]:
    """
    Run the network of a module as `execute` does, one sample after the other.

    Gives:
        For each sample the results by their names, as the network computes them: quantized ones are
        integers. `on_value` was called for all operations of that sample, and of none behind it.

    Raises:
        UserError: as `execute` does.
    """
    expected = _Network.of(module)
    samples = Samples.of(expected.inputs, inputs)
    network = OpenNetwork.of(module, parameters, on_value=on_value)
    for results in network.results(samples):
        yield dict(zip(expected.outputs, results, strict=True))


def execute(
    module: ModuleOp,
    inputs: Mapping[str, Floats],
    parameters: ParameterSource,
    *,
    raw: bool = False,
    on_value: OnValue | None = None,
) -> dict[str, Array]:
    """
    Run the network of a module.

    Args:
        module: Of any level. Its function `@forward` is executed.
        inputs: Real values for each input by its name. Either in the shape of the argument; or
            samples of that along one more axis in front, or along the first where the argument has
            length 1 there. Samples are run one by one; what follows from parameters alone is
            computed once. For a quantized argument the values are rounded to its format.
        parameters: The weights.
        raw: Return the integers of quantized results instead of the reals that they stand for.
        on_value: Called after each operation.

    Returns:
        The results by their names. Those of samples are put side by side along their first axis
        where that has length 1, else along a new one.

    Raises:
        UserError: when an input is missing, unknown, or not what the network takes; when the model
            has no such tensor; when an operation has no meaning, or a number does not fit.
    """
    samples = Samples.of(_Network.of(module).inputs, inputs)
    is_fast = on_value is None and len(samples) >= WORTH_COMPILING
    network = OpenNetwork.of(module, parameters, on_value=on_value, is_fast=is_fast)
    return network.execute(inputs, raw=raw)
