"""Measure every activation on samples."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from xdsl.context import Context
from xdsl.dialects.builtin import Float32Type, ModuleOp, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.interpreter import PythonValues
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.utils.hints import isa

from vaqf.compiler.model_resolution import open_parameters
from vaqf.dialects.diagnostics import UserError, fail
from vaqf.dialects.model_reference import input_names
from vaqf.interpreters.execute import execute
from vaqf.passes.calibration_data import Samples, Shapes, read_samples, synthetic_samples
from vaqf.passes.measurement import Measurement
from vaqf.passes.recorded_ranges import record_range
from vaqf.passes.statistics import Statistic
from vaqf.passes.structure import activations_of, is_real, network_of


def sample_shapes(network: FuncOp) -> Shapes:
    """
    The shape of one sample of each input: that of the argument, without the batch.

    Raises:
        PassFailedException: when an argument has no batch, or is not real.
    """
    shapes: dict[str, tuple[int, ...]] = {}
    for name, argument in zip(input_names(network), network.args, strict=True):
        if not isa(argument.type, TensorType[Float32Type]) or argument.type.get_shape()[:1] != (1,):
            fail(network, f"argument '{name}' is {argument.type}, expected tensor<1x...xf32>")
        shapes[name] = argument.type.get_shape()[1:]
    return shapes


def measure(module: ModuleOp, network: FuncOp, samples: Samples) -> dict[SSAValue, Measurement]:
    """
    Run a network on samples and measure its arguments and everything real that depends on them.

    Raises:
        PassFailedException: when a value is not finite.
    """
    wanted = {value for value in activations_of(network) if is_real(value)}
    measured = defaultdict[SSAValue, Measurement](Measurement)

    def observe(op: Operation, values: PythonValues) -> None:
        for result, value in zip(op.results, values, strict=True):
            if result in wanted:
                measured[result] += (measurement := Measurement.of(value))
                if not measurement.is_finite:
                    fail(op, "the result is not finite on a sample of the calibration")

    for argument, name in zip(network.args, input_names(network), strict=True):
        measured[argument] = Measurement.of(samples[name])
    with np.errstate(over="ignore", invalid="ignore"):
        execute(module, samples, open_parameters(module), on_value=observe)
    return measured


@dataclass(frozen=True)
class CalibrateActivationsPass(ModulePass):
    """
    Run the network on samples, and record on each op a `#quant.range` of its result.

    Weights that earlier passes rounded are used as such. The ranges of the network's inputs are
    recorded as attributes of its arguments.
    """

    name = "calibrate-activations"

    statistics = (Statistic("ranges measured", marked="quant.range"),)

    data: str | None = None
    """
    Path of an `.npz` file that has, by the name of the model's input, a `float32` array of
    samples x colours x height x width. Without it, images of normal noise are a fallback.
    """

    samples: int = 0
    """Number of samples to use; 0 means all of the file, or 4 without one."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.samples < 0:
            raise UserError(f"samples is {self.samples}, it must not be negative")
        network = network_of(op)
        shapes = sample_shapes(network)
        if self.data is None:
            samples = synthetic_samples(shapes, self.samples)
        else:
            samples = read_samples(Path(self.data), shapes, self.samples)
        for value, measurement in measure(op, network, samples).items():
            record_range(network, value, measurement.as_range())
