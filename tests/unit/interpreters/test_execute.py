"""Whole networks on named arrays: what is given, how often what runs, and what comes back."""

import tracemalloc
from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray
from xdsl.context import Context
from xdsl.dialects import test
from xdsl.dialects.builtin import Builtin, ModuleOp
from xdsl.dialects.func import Func
from xdsl.dialects.scf import Scf
from xdsl.interpreter import (
    Interpreter,
    InterpreterFunctions,
    PythonValues,
    impl,
    register_impls,
)
from xdsl.ir import Operation
from xdsl.parser import Parser

from vaqf.dialects.diagnostics import UserError
from vaqf.dialects.quant import Quant
from vaqf.dialects.vit import ViT
from vaqf.interpreters.execute import entry_function, execute, interpreter_of
from vaqf.interpreters.parameters import Tensors
from vaqf.interpreters.schedule import prepare

Floats = NDArray[np.float32]

WEIGHTS = Tensors({"w": np.array([[1, -2], [3, 4], [-5, 6]], np.float32)})

REAL = """
func.func @forward(%x: tensor<4x2xf32> {vaqf.name = "tokens"})
    -> (tensor<4x3xf32> {vaqf.name = "y"}) {
  %w = vit.parameter @w : tensor<3x2xf32>
  %y = vit.linear %x, %w : tensor<4x2xf32>, tensor<3x2xf32> -> tensor<4x3xf32>
  func.return %y : tensor<4x3xf32>
}
"""

QUANTIZED = """
func.func @forward(%x: tensor<4x2x!quant.int<8, 0.5>>)
    -> (tensor<1x3x!quant.int<8, 0.25>>, tensor<3x2xf32>) {
  %w = vit.parameter @w : tensor<3x2xf32>
  %signs, %scale = quant.binarize %w : tensor<3x2xf32> -> tensor<3x2x!quant.binary>, tensor<3xf32>
  %m, %o = quant.requantize_parameters %scale
    {input_scale = 0.5 : f64, output = !quant.int<8, 0.25>, shift = 8 : i64}
    : tensor<3xf32> -> tensor<3xi18>, tensor<3xi48>
  %token = vit.select_token %x[0] : tensor<4x2x!quant.int<8, 0.5>> -> tensor<1x2x!quant.int<8, 0.5>>
  %sums = quant.linear %token, %signs
    : tensor<1x2x!quant.int<8, 0.5>>, tensor<3x2x!quant.binary> -> tensor<1x3xi10>
  %y = quant.requantize %sums, %m, %o {shift = 8 : i64}
    : tensor<1x3xi10>, tensor<3xi18>, tensor<3xi48> -> tensor<1x3x!quant.int<8, 0.25>>
  func.return %y, %w : tensor<1x3x!quant.int<8, 0.25>>, tensor<3x2xf32>
}
"""

BATCHED = """
func.func @forward(%x: tensor<1x2x2xf32>) -> tensor<1x2x2xf32> {
  %y = vit.gelu %x : tensor<1x2x2xf32> -> tensor<1x2x2xf32>
  func.return %y : tensor<1x2x2xf32>
}
"""

TWO_INPUTS = """
func.func @forward(%a: tensor<2xf32>, %b: tensor<2xf32>) -> tensor<2xf32> {
  %y = vit.add %a, %b : tensor<2xf32>, tensor<2xf32> -> tensor<2xf32>
  func.return %y : tensor<2xf32>
}
"""


def parse(text: str) -> ModuleOp:
    context = Context()
    for dialect in (Builtin, Func, Scf, test.Test, ViT, Quant):
        context.load_dialect(dialect)
    module = Parser(context, text).parse_module()
    module.verify()
    return module


def floats(*shape: int) -> Floats:
    return np.random.default_rng(0).standard_normal(shape, np.float32)


def test_results_by_name():
    x = floats(4, 2)
    results = execute(parse(REAL), {"tokens": x}, WEIGHTS)
    assert list(results) == ["y"]
    assert np.allclose(results["y"], x @ WEIGHTS.read("w").T)


def test_samples_along_a_new_axis():
    module, samples = parse(REAL), floats(3, 4, 2)
    results = execute(module, {"tokens": samples}, WEIGHTS)
    assert results["y"].shape == (3, 4, 3)
    for sample, result in zip(samples, results["y"], strict=True):
        assert np.array_equal(execute(module, {"tokens": sample}, WEIGHTS)["y"], result)


def test_one_sample_keeps_its_axis():
    assert execute(parse(REAL), {"tokens": floats(1, 4, 2)}, WEIGHTS)["y"].shape == (1, 4, 3)


def test_samples_along_the_axis_of_the_batch():
    module, samples = parse(BATCHED), floats(3, 2, 2)
    result = execute(module, {"input0": samples}, WEIGHTS)["output0"]
    assert result.shape == (3, 2, 2)
    assert np.array_equal(
        execute(module, {"input0": samples[1:2]}, WEIGHTS)["output0"], result[1:2]
    )


def test_quantized_arguments_and_results():
    module = parse(QUANTIZED)
    # In steps of 1/2 the first token is 2, -3; the scales of the rows are 1.5, 3.5 and 5.5.
    x = np.array([[0.9, -1.3], [9, 9], [9, 9], [9, 9]], np.float32)
    raw = execute(module, {"input0": x}, WEIGHTS, raw=True)
    assert raw["output0"].tolist() == [[15, -7, -55]]
    real = execute(module, {"input0": x}, WEIGHTS)
    assert real["output0"].dtype == np.float32
    assert real["output0"].tolist() == [[3.75, -1.75, -13.75]]
    assert np.array_equal(real["output1"], WEIGHTS.read("w"))


def test_results_with_a_batch_are_put_side_by_side():
    result = execute(parse(QUANTIZED), {"input0": floats(5, 4, 2)}, WEIGHTS)
    assert (result["output0"].shape, result["output1"].shape) == ((5, 3), (5, 3, 2))


def test_weights_are_prepared_once():
    counts = Counter[str]()

    def count(op: Operation, results: PythonValues) -> None:
        assert len(results) == len(op.results)
        counts[op.name] += 1

    execute(parse(QUANTIZED), {"input0": floats(3, 4, 2)}, WEIGHTS, on_value=count)
    assert counts == {
        "vit.parameter": 1,
        "quant.binarize": 1,
        "quant.requantize_parameters": 1,
        "vit.select_token": 3,
        "quant.linear": 3,
        "quant.requantize": 3,
    }


def test_values_are_dropped_after_their_last_use():
    """A chain of large values needs memory for two of them."""
    size = 1 << 20
    large = f"tensor<{size}xf32>"
    chain = "".join(
        f"%{i + 1} = vit.add %{i}, %{i} : {large}, {large} -> {large}\n" for i in range(20)
    )
    module = parse(
        f"func.func @forward(%0: {large}) -> {large} {{ {chain} func.return %20 : {large} }}"
    )
    x = np.ones(size, np.float32)
    tracemalloc.start()
    execute(module, {"input0": x}, WEIGHTS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3.5 * x.nbytes


def test_functions_call_functions():
    module = parse(
        """
        func.func @twice(%x: tensor<2xf32>) -> tensor<2xf32> {
          %y = vit.add %x, %x : tensor<2xf32>, tensor<2xf32> -> tensor<2xf32>
          func.return %y : tensor<2xf32>
        }
        func.func @forward(%x: tensor<2xf32>) -> tensor<2xf32> {
          %y = func.call @twice(%x) : (tensor<2xf32>) -> tensor<2xf32>
          func.return %y : tensor<2xf32>
        }
        """
    )
    assert execute(module, {"input0": np.ones(2, np.float32)}, WEIGHTS)["output0"].tolist() == [
        2,
        2,
    ]


@pytest.mark.parametrize(
    ("text", "inputs", "message"),
    [
        (REAL, {}, r"input 'tokens' is missing, expected 'tokens': float32 of shape \(4, 2\)"),
        (REAL, {"x": floats(4, 2)}, r"there is no input 'x', expected 'tokens': float32 of shape"),
        (REAL, {"tokens": floats(4, 3)}, r"'tokens' has shape \(4, 3\), expected .* \(4, 2\)"),
        (
            REAL,
            {"tokens": floats(0, 4, 2)},
            r"'tokens' has shape \(0, 4, 2\), expected .* \(4, 2\)",
        ),
        (BATCHED, {"input0": floats(0, 2, 2)}, r"'input0' has shape \(0, 2, 2\), expected"),
        (REAL, {"tokens": floats(4, 2).astype("d")}, r"'tokens' is float64, expected .* float32"),
        (REAL, {"tokens": floats(4, 2).astype("i")}, r"'tokens' is int32, expected .* float32"),
        (
            QUANTIZED,
            {"input0": np.full((4, 2), np.nan, np.float32)},
            r"input 'input0': a value that is to be quantized is not a number",
        ),
        (
            TWO_INPUTS,
            {"input0": floats(3, 2), "input1": floats(4, 2)},
            r"inputs have different numbers of samples: 'input0' has 3, 'input1' has 4",
        ),
        ("func.func @backward() { func.return }", {}, r"does not define the function '@forward'"),
        ("func.func private @forward() -> ()", {}, r"does not define the function '@forward'"),
        (
            "func.func @forward(%x: tensor<2xi8>) { func.return }",
            {"input0": floats(2)},
            r"input 'input0' is tensor<2xi8>, only real or quantized tensors can be given",
        ),
        (
            'func.func @forward() { "test.op"() : () -> () func.return }',
            {},
            r"'@forward' cannot be executed: Could not find interpretation function for op test.op",
        ),
        (
            "func.func @forward() { %w = vit.parameter @v : tensor<2xf32> func.return }",
            {},
            r"there is no tensor 'v'",
        ),
    ],
)
def test_mistakes(text: str, inputs: dict[str, Floats], message: str):
    with pytest.raises(UserError, match=message):
        execute(parse(text), inputs, WEIGHTS)


def test_loops_use_values_from_around_them():
    module = parse(
        """
        func.func @forward(%x: tensor<2xf32>) -> tensor<2xf32> {
          %start, %end, %step = "test.op"() : () -> (index, index, index)
          %w = vit.parameter @w : tensor<2xf32>
          %y = scf.for %i = %start to %end step %step iter_args(%sum = %x) -> (tensor<2xf32>) {
            %next = vit.add %sum, %w : tensor<2xf32>, tensor<2xf32> -> tensor<2xf32>
            scf.yield %next : tensor<2xf32>
          }
          func.return %y : tensor<2xf32>
        }
        """
    )

    @register_impls
    class Bounds(InterpreterFunctions):
        @impl(test.TestOp)
        def bounds(
            self, interpreter: Interpreter, op: test.TestOp, args: PythonValues
        ) -> PythonValues:
            return (0, 3, 1)

    weights = Tensors({"w": np.array([1, 10], np.float32)})
    interpreter = interpreter_of(module, weights)
    interpreter.register_implementations(Bounds())
    samples = [(np.zeros(2, np.float32),), (np.ones(2, np.float32),)]
    results = [
        each.tolist() for (each,) in map(prepare(interpreter, entry_function(module)), samples)
    ]
    assert results == [[3, 30], [4, 31]]
