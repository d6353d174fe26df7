"""What a module of the vit level computes, apart from names and from how weights are stored."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.interpreter import PythonValues
from xdsl.ir import Operation, SSAValue

from vaqf.compiler.pipeline import Level, Options, stages
from vaqf.frontends.onnx import ModelFile
from vaqf.interpreters.execute import execute


def raise_to_vit(module: ModuleOp) -> None:
    """Take an imported model to the vit level, with the passes of `vaqf compile`."""
    for stage in stages(Options()):
        if stage.level == Level.VIT:
            for step in stage.passes:
                step.apply(Context(), module)
                module.verify()


def without_names(module: ModuleOp) -> str:
    """The text of a module in which tensors and values have numbers in the place of names."""
    text = str(module)
    text = text.replace(str(module.attributes.get("vaqf.model", "")), "MODEL")
    text = re.sub(r'vaqf.name = "[^"]*"', "vaqf.name", text)
    for pattern, sign in ((r'@(?:"[^"]*"|[\w.]+)', "@"), (r"%[\w.]+", "%")):
        numbers: dict[str, str] = {}
        text = re.sub(
            pattern,
            lambda match, numbers=numbers, sign=sign: numbers.setdefault(
                match[0], f"{sign}{len(numbers)}"
            ),
            text,
        )
    return text


@dataclass(frozen=True)
class Computation:
    """What a module does to its input, and the weights that it does that with."""

    steps: Sequence[str]
    """The operations on activations, in order, without names."""

    weights: Sequence[NDArray[np.float32]]
    """The weights in the order of their use, as the operations see them."""

    @staticmethod
    def of(
        module: ModuleOp, file: ModelFile, inputs: dict[str, NDArray[np.float32]]
    ) -> Computation:
        """The computation of a module of the vit level."""
        values: dict[Operation, PythonValues] = {}
        execute(module, inputs, file, on_value=values.__setitem__)
        (function,) = (each for each in module.ops if isinstance(each, FuncOp))
        numbers: dict[SSAValue, int] = dict.fromkeys(function.args, -1)
        steps: list[str] = []
        weights: list[NDArray[np.float32]] = []
        for op in function.body.block.ops:
            if not any(each in numbers for each in op.operands):
                continue
            operands: list[str] = []
            for operand in op.operands:
                if operand in numbers:
                    operands.append(f"%{numbers[operand]}")
                else:
                    assert isinstance(operand.owner, Operation)
                    weight: NDArray[np.float32] = values[operand.owner][0]
                    operands.append(f"weight{weight.shape}")
                    weights.append(weight)
            numbers |= {each: len(steps) for each in op.results}
            types = ", ".join(str(each) for each in op.result_types)
            attributes = {key: str(each) for key, each in sorted(op.properties.items())}
            steps.append(f"{op.name} {', '.join(operands)} {attributes} -> {types}")
        return Computation(steps, weights)

    def check_equal(self, other: Computation) -> None:
        """
        Check that two modules compute the same in the same order.

        Weights may differ by how an optimiser rounds them when it multiplies a factor into them.

        Raises:
            AssertionError: when they do not.
        """
        assert list(self.steps) == list(other.steps)
        for first, second in zip(self.weights, other.weights, strict=True):
            np.testing.assert_allclose(first, second, rtol=1e-6, atol=1e-7)
