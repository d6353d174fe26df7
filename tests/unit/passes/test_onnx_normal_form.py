"""One form for arithmetic, GELU and LayerNorm, however they were written, and the same values."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from xdsl.context import Context
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, TensorType, f32, i64
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.interpreter import PythonValues
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass

from vaqf.dialects import onnx
from vaqf.dialects.onnx.elementwise import BinaryOperation
from vaqf.dialects.onnx.functions import UnaryOperation
from vaqf.frontends.onnx import ModelFile, import_file
from vaqf.interpreters.execute import execute
from vaqf.interpreters.parameters import Tensors
from vaqf.passes.canonicalize_onnx_arithmetic import CanonicalizeOnnxArithmeticPass
from vaqf.passes.decompose_onnx_fused_operators import DecomposeOnnxFusedOperatorsPass
from vaqf.passes.erase_onnx_identities import EraseOnnxIdentitiesPass
from vaqf.passes.fold_onnx_constants import FoldOnnxConstantsPass
from vaqf.passes.fuse_onnx_gelu import FuseOnnxGeluPass
from vaqf.passes.fuse_onnx_layer_normalization import FuseOnnxLayerNormalizationPass
from vaqf.passes.onnx_values import combine, integer_constant, real_constant

FAMILIES = Path(__file__).parents[2] / "models" / "families"

Floats = NDArray[np.float32]

SHAPE = (2, 3, 8)

WEIGHTS = Tensors({"w": np.linspace(0.5, 2, 8, dtype=np.float32)})

NORMALISATION: Sequence[ModulePass] = (
    FoldOnnxConstantsPass(),
    DecomposeOnnxFusedOperatorsPass(),
    EraseOnnxIdentitiesPass(),
    CanonicalizeOnnxArithmeticPass(),
    FuseOnnxLayerNormalizationPass(),
    FuseOnnxGeluPass(),
)

NORMAL_FORM = {
    "initializer",
    "constant",
    "Add",
    "Mul",
    "MatMul",
    "Gemm",
    "Conv",
    "Softmax",
    "LayerNormalization",
    "Gelu",
    "Reshape",
    "Transpose",
    "Squeeze",
    "Unsqueeze",
    "Slice",
    "Split",
    "Gather",
    "Concat",
    "Expand",
    "ReduceMean",
}
"""The operations that are left of the graph of a Vision Transformer."""


class Builder:
    """Writes a function on one tensor, expression by expression."""

    def __init__(self, shape: tuple[int, ...] = SHAPE):
        self.block = Block(arg_types=[TensorType(f32, shape)])
        self.x: SSAValue = self.block.args[0]
        self.weight = self.append(onnx.InitializerOp("w", (8,)))

    def append(self, op: Operation) -> SSAValue:
        self.block.add_op(op)
        return op.results[0]

    def number(self, value: float, shape: Sequence[int] = ()) -> SSAValue:
        return self.append(real_constant(value, shape))

    def binary(self, kind: type[BinaryOperation], left: SSAValue, right: SSAValue) -> SSAValue:
        return self.append(combine(kind, left, right))

    def either_order(
        self, kind: type[BinaryOperation], left: SSAValue, right: SSAValue, is_swapped: bool
    ) -> SSAValue:
        return self.binary(kind, right, left) if is_swapped else self.binary(kind, left, right)

    def unary(self, kind: type[UnaryOperation], value: SSAValue) -> SSAValue:
        return self.append(kind.build(operands=[value], result_types=[value.type]))

    def mean(self, value: SSAValue) -> SSAValue:
        axes = self.append(integer_constant([-1]))
        return self.append(
            onnx.ReduceMeanOp.build(
                operands=[value, axes],
                properties={"keepdims": IntegerAttr(1, i64)},
                result_types=[TensorType(f32, (2, 3, 1))],
            )
        )

    def module(self, result: SSAValue) -> ModuleOp:
        self.block.add_op(ReturnOp(result))
        types = ([self.x.type], [result.type])
        return ModuleOp([FuncOp("forward", types, Region(self.block))])


def run(module: ModuleOp, x: Floats, intermediate: list[Floats] | None = None) -> Floats:
    def note(op: Operation, results: PythonValues) -> None:
        if intermediate is not None:
            intermediate.extend(results)

    (result,) = execute(module, {"input0": x}, WEIGHTS, on_value=note).values()
    return result.astype(np.float32)


def normalise(module: ModuleOp) -> None:
    for each in NORMALISATION:
        each.apply(Context(), module)
        module.verify()


def operations(module: ModuleOp) -> Counter[str]:
    names = (op.name for op in module.walk() if op.name.startswith("onnx."))
    return Counter(name.removeprefix("onnx.") for name in names)


def check(builder: Builder, result: SSAValue, expected: Mapping[str, int]) -> None:
    """Normalise what a builder has written, and compare the operations and the values."""
    module = builder.module(result)
    module.verify()
    x = np.random.default_rng(0).standard_normal(SHAPE, np.float32)
    before = run(module, x)
    normalise(module)
    assert operations(module) == expected
    np.testing.assert_allclose(run(module, x), before, rtol=1e-4, atol=1e-6)


NUMBERS = st.sampled_from([-2.0, -1.0, 0.0, 0.25, 0.5, 1.0, 3.0])
EXPONENTS = st.sampled_from([-1.0, -0.5, 0.5, 1.0, 1.5, 2.0, 3.0])
CONSTANT_SHAPES = st.sampled_from([(), (1,), (1, 1), (8,), (3, 1)])
BINARY = st.sampled_from([onnx.AddOp, onnx.SubOp, onnx.MulOp, onnx.DivOp])
UNARY = st.sampled_from([onnx.NegOp, onnx.ReciprocalOp])


def append_anything(builder: Builder, values: Sequence[SSAValue], data: st.DataObject) -> SSAValue:
    """An operation on the latest value, chosen by hypothesis."""
    value = values[-1]
    match data.draw(st.sampled_from(["constant", "constant", "binary", "unary", "power"])):
        case "constant":
            number = builder.number(data.draw(NUMBERS), data.draw(CONSTANT_SHAPES))
            is_swapped = data.draw(st.booleans())
            return builder.either_order(data.draw(BINARY), value, number, is_swapped)
        case "binary":
            other = data.draw(st.sampled_from(values))
            return builder.binary(data.draw(BINARY), value, other)
        case "unary":
            return builder.unary(data.draw(UNARY), value)
        case _:
            return builder.binary(onnx.PowOp, value, builder.number(data.draw(EXPONENTS)))


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_arithmetic_keeps_its_values(data: st.DataObject):
    builder = Builder()
    values = [builder.weight, builder.x]
    for _ in range(data.draw(st.integers(1, 8))):
        values.append(append_anything(builder, values, data))
    module = builder.module(values[-1])
    x = np.linspace(0.5, 2, 48, dtype=np.float32).reshape(SHAPE)
    intermediate: list[Floats] = []
    with np.errstate(all="ignore"):
        before = run(module, x, intermediate)
    # Where numbers cancel or overflow, the order of the operations matters.
    magnitudes = [np.abs(each) for each in intermediate if each.dtype == np.float32]
    assume(all(bool(((each == 0) | (each > 0.02)).all()) for each in magnitudes))
    assume(all(bool((each < 100).all()) for each in magnitudes))
    normalise(module)
    np.testing.assert_allclose(run(module, x), before, rtol=1e-4, atol=1e-5)


def half_first(builder: Builder, x: SSAValue, sum: SSAValue, is_swapped: bool) -> SSAValue:
    half = builder.either_order(onnx.MulOp, x, builder.number(0.5), is_swapped)
    return builder.binary(onnx.MulOp, half, sum)


def half_last(builder: Builder, x: SSAValue, sum: SSAValue, is_swapped: bool) -> SSAValue:
    twice = builder.either_order(onnx.MulOp, x, sum, is_swapped)
    return builder.either_order(onnx.MulOp, twice, builder.number(0.5), is_swapped)


def half_of_sum(builder: Builder, x: SSAValue, sum: SSAValue, is_swapped: bool) -> SSAValue:
    probability = builder.either_order(onnx.MulOp, sum, builder.number(0.5, (1,)), is_swapped)
    return builder.binary(onnx.MulOp, x, probability)


def divided_by_two(builder: Builder, x: SSAValue, sum: SSAValue, is_swapped: bool) -> SSAValue:
    twice = builder.either_order(onnx.MulOp, x, sum, is_swapped)
    return builder.binary(onnx.DivOp, twice, builder.number(2))


HALVES: Sequence[Callable[[Builder, SSAValue, SSAValue, bool], SSAValue]] = (
    half_first,
    half_last,
    half_of_sum,
    divided_by_two,
)


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("divides", [False, True])
@pytest.mark.parametrize("is_swapped", [False, True])
def test_gelu(
    half: Callable[[Builder, SSAValue, SSAValue, bool], SSAValue], divides: bool, is_swapped: bool
):
    builder = Builder()
    x = builder.x
    if divides:
        argument = builder.binary(onnx.DivOp, x, builder.number(2**0.5))
    else:
        argument = builder.either_order(onnx.MulOp, x, builder.number(0.5**0.5), is_swapped)
    curve = builder.unary(onnx.ErfOp, argument)
    sum = builder.either_order(onnx.AddOp, curve, builder.number(1), is_swapped)
    check(builder, half(builder, x, sum, is_swapped), {"Gelu": 1})


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("has_power", [False, True])
def test_gelu_by_tanh(
    half: Callable[[Builder, SSAValue, SSAValue, bool], SSAValue], has_power: bool
):
    builder = Builder()
    x = builder.x
    if has_power:
        cube = builder.binary(onnx.PowOp, x, builder.number(3))
    else:
        cube = builder.binary(onnx.MulOp, x, builder.binary(onnx.MulOp, x, x))
    correction = builder.binary(onnx.MulOp, builder.number(0.044715), cube)
    inner = builder.binary(onnx.AddOp, x, correction)
    root = builder.number((2 / np.pi) ** 0.5)
    curve = builder.unary(onnx.TanhOp, builder.binary(onnx.MulOp, root, inner))
    sum = builder.binary(onnx.AddOp, builder.number(1), curve)
    check(builder, half(builder, x, sum, False), {"Gelu": 1})


def test_gelu_of_a_product():
    """Factors on the input of a GELU, and on its result, stay where they are."""
    builder = Builder()
    x = builder.binary(onnx.MulOp, builder.x, builder.number(3))
    argument = builder.binary(onnx.MulOp, x, builder.number(0.5**0.5))
    sum = builder.binary(onnx.AddOp, builder.unary(onnx.ErfOp, argument), builder.number(1))
    result = builder.binary(onnx.MulOp, x, sum)
    check(builder, result, {"constant": 2, "Mul": 2, "Gelu": 1})


def by_quotient(builder: Builder, centred: SSAValue, sum: SSAValue) -> SSAValue:
    return builder.binary(onnx.DivOp, centred, builder.unary(onnx.SqrtOp, sum))


def by_power(builder: Builder, centred: SSAValue, sum: SSAValue) -> SSAValue:
    root = builder.binary(onnx.PowOp, sum, builder.number(0.5))
    return builder.binary(onnx.DivOp, centred, root)


def by_inverse_power(builder: Builder, centred: SSAValue, sum: SSAValue) -> SSAValue:
    inverse = builder.binary(onnx.PowOp, sum, builder.number(-0.5))
    return builder.binary(onnx.MulOp, inverse, centred)


def by_reciprocal(builder: Builder, centred: SSAValue, sum: SSAValue) -> SSAValue:
    inverse = builder.unary(onnx.ReciprocalOp, builder.unary(onnx.SqrtOp, sum))
    return builder.binary(onnx.MulOp, centred, inverse)


def by_root_of_reciprocal(builder: Builder, centred: SSAValue, sum: SSAValue) -> SSAValue:
    one = builder.number(1)
    inverse = builder.binary(onnx.DivOp, one, builder.unary(onnx.SqrtOp, sum))
    return builder.binary(onnx.MulOp, centred, inverse)


QUOTIENTS: Sequence[Callable[[Builder, SSAValue, SSAValue], SSAValue]] = (
    by_quotient,
    by_power,
    by_inverse_power,
    by_reciprocal,
    by_root_of_reciprocal,
)


@pytest.mark.parametrize("quotient", QUOTIENTS)
@pytest.mark.parametrize(
    ("has_power", "is_swapped", "has_bias"), list(product([False, True], repeat=3))
)
def test_layer_normalization(
    quotient: Callable[[Builder, SSAValue, SSAValue], SSAValue],
    has_power: bool,
    is_swapped: bool,
    has_bias: bool,
):
    builder = Builder()
    centred = builder.binary(onnx.SubOp, builder.x, builder.mean(builder.x))
    if has_power:
        square = builder.binary(onnx.PowOp, centred, builder.number(2))
    else:
        square = builder.binary(onnx.MulOp, centred, centred)
    variance, epsilon = builder.mean(square), builder.number(1e-6)
    sum = builder.either_order(onnx.AddOp, variance, epsilon, is_swapped)
    normalised = quotient(builder, centred, sum)
    result = builder.either_order(onnx.MulOp, normalised, builder.weight, is_swapped)
    if has_bias:
        result = builder.either_order(onnx.AddOp, result, builder.weight, is_swapped)
    check(builder, result, {"initializer": 1, "LayerNormalization": 1})


@pytest.mark.parametrize("path", sorted(FAMILIES.glob("*.onnx"))[::13], ids=lambda path: path.stem)
def test_models(path: Path):
    file = ModelFile.open(path)
    module = import_file(file)
    (input,) = file.model.graph.input
    shape = (1, *(each.dim_value for each in input.type.tensor_type.shape.dim[1:]))
    inputs = {input.name: np.random.default_rng(0).standard_normal(shape, np.float32)}
    before = execute(module, inputs, file)
    normalise(module)
    assert operations(module).keys() <= NORMAL_FORM
    for name, after in execute(module, inputs, file).items():
        assert np.abs(after - before[name]).max() <= 1e-5 * np.abs(before[name]).max()
