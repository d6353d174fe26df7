"""Networks that are prepared to run fast, against the plain arithmetic in `int64`."""

import re
import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager
from types import ModuleType

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.models.fixtures import FOLDER, INPUT
from vaqf.compiler.compilation import compile_model
from vaqf.compiler.context import full_context
from vaqf.compiler.located_parser import parse_ir
from vaqf.compiler.pipeline import Level, Options, stages, until
from vaqf.dialects import quant, vit
from vaqf.dialects.quant.widths import LayerNormWidths, SoftmaxWidths
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.arithmetic import layer_norm, requantize, softmax
from vaqf.interpreters.arithmetic.integers import EXACT_IN_FLOAT32, Integers, signed_bounds
from vaqf.interpreters.arithmetic.tables import exponential_table
from vaqf.interpreters.compiled import (
    attention,
    eight_bit_products,
    layers,
    normalization,
    rounding,
)
from vaqf.interpreters.compiled.attention import Softmax, largest_row
from vaqf.interpreters.compiled.eight_bit_products import MOST_INPUTS, EightBitProduct
from vaqf.interpreters.compiled.kernels import kernels
from vaqf.interpreters.compiled.needed_tokens import compute_needed_tokens
from vaqf.interpreters.compiled.normalization import LayerNorm
from vaqf.interpreters.compiled.products import MOST_PARTS, Product, largest_sum
from vaqf.interpreters.compiled.rounding import Rounding, Steps
from vaqf.interpreters.execute import OpenNetwork
from vaqf.interpreters.parameters import Tensors

SEEDS = st.integers(0, 999)
WIDTHS = st.integers(1, 16)

NATIVE = [
    pytest.param(
        True, marks=pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")
    ),
    False,
]


def without_onnx_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it seem that it is not installed."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)


@contextmanager
def kernels_are(native: bool) -> Generator[None]:
    """Let C++ compute, or NumPy as where there is no compiler."""
    if native:
        assert kernels() is not None
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        for user in (attention, eight_bit_products, layers, normalization, rounding):
            patch.setattr(user, "kernels", lambda: None)
        yield


def integers(seed: int, shape: tuple[int, ...], largest: int) -> Integers:
    """Random integers of at most some magnitude, many of them of just that."""
    random = np.random.default_rng(seed)
    values = random.integers(-largest, largest, shape, endpoint=True)
    return np.where(random.random(shape) < 0.3, random.choice([-largest, largest], shape), values)


@given(SEEDS, st.integers(1, 5), st.integers(1, 700), WIDTHS, WIDTHS)
@example(0, 3, 1 << 10, 15, 1)
@example(0, 3, (1 << 10) + 1, 15, 1)
@example(0, 1, 700, 16, 16)
def test_product(seed: int, rows: int, inner: int, bits: int, weight_bits: int) -> None:
    largest = max(1, 1 << (bits - 1))
    weight = integers(seed, (3, inner), max(1, (1 << (weight_bits - 1)) - 1))
    # All signs alike: the sum reaches its bound.
    weight[0] = np.abs(weight).max()
    inputs = integers(seed + 1, (rows, inner), largest)
    inputs[0] = -largest
    product = Product.of(weight, largest)
    assert product is not None
    exact = inputs @ weight.T
    assert np.array_equal(product(inputs.astype(np.float32)), exact)
    assert np.abs(exact).max() == largest_sum(weight, largest)
    assert all(each.inputs.stop > each.inputs.start for each in product.parts)


@pytest.mark.parametrize(
    ("inner", "largest", "parts"),
    [
        (EXACT_IN_FLOAT32 >> 15, 1 << 15, 1),
        ((EXACT_IN_FLOAT32 >> 15) + 1, 1 << 15, 2),
        (MOST_PARTS * (EXACT_IN_FLOAT32 >> 15), 1 << 15, MOST_PARTS),
    ],
)
def test_sums_are_split_where_they_leave_the_range(inner: int, largest: int, parts: int) -> None:
    product = Product.of(np.ones((1, inner), np.int64), largest)
    assert product is not None and len(product.parts) == parts
    assert all(each.weight.dtype == np.float32 for each in product.parts)


def test_too_many_parts_are_summed_in_doubles() -> None:
    product = Product.of(np.full((1, 4), 1 << 15), 1 << 15)
    assert product is not None and product.parts[0].weight.dtype == np.float64
    assert Product.of(np.full((1, 1 << 12), 1 << 26), 1 << 16) is None


def edges(steps: Steps, bound: int) -> Integers:
    """
    The last accumulator before each step and the first on it, of those up to `bound`.

    Returns:
        Accumulators x channels.
    """
    every = np.arange(steps.low + 1, steps.high + 1)[:, np.newaxis]
    size = np.maximum(np.abs(steps.multiplier), 1)
    first = -((steps.offset - (every << steps.shift)) // size)
    found = np.concatenate([first - 1, first])
    return np.clip(found, -bound, bound) * np.where(steps.multiplier < 0, -1, 1)


@pytest.mark.parametrize("is_native", NATIVE)
@given(SEEDS, WIDTHS, st.integers(1, 47), st.integers(2, 46), st.integers(1, 17))
@example(0, 8, 20, 25, 17)
@example(0, 10, 12, 17, 16)
@example(0, 16, 40, 46, 17)
@example(0, 16, 47, 46, 17)
def test_rounding(
    is_native: bool, seed: int, bits: int, shift: int, sum_bits: int, multiplier_bits: int
) -> None:
    """Every step of every channel begins where it does in integers."""
    bound = (1 << (sum_bits - 1)) - 1
    multiplier = integers(seed, (5,), (1 << multiplier_bits) - 1)
    multiplier[0] = 0
    half = 0 if bits == 1 else 1 << (shift - 1)
    offset = integers(seed + 1, (5,), min((1 << 46) - 1, 1 << (shift + bits))) + half
    steps = Steps.of(multiplier, offset, shift, bits)
    sums = np.concatenate(
        [edges(steps, bound)[:: 1 << max(0, bits - 9)], integers(seed + 2, (40, 5), bound)]
    )
    given = sums.astype(np.float32 if bound <= EXACT_IN_FLOAT32 else np.float64)
    expected = requantize.requantize(sums, multiplier, offset, shift, bits)
    low, _ = signed_bounds(bits)
    table = np.random.default_rng(seed).permutation(1 << bits).astype(np.float32)
    with kernels_are(is_native):
        out = np.empty(sums.shape, np.float32)
        Rounding.of(multiplier, offset, shift, bits, bound)(given, out)
        assert np.array_equal(out, expected)
        Rounding.of(multiplier, offset, shift, bits, bound, table)(given, out)
        assert np.array_equal(out, table[(expected - low) >> (bits == 1)])
        if bound < 1 << 31:
            Rounding.of(multiplier, offset, shift, bits, bound)(sums.astype(np.int32), out)
            assert np.array_equal(out, expected)
        if given.dtype == np.float32:
            in_place = given.astype(np.float32)
            Rounding.of(multiplier, offset, shift, bits, bound)(in_place, in_place)
            assert np.array_equal(in_place, expected)


@pytest.mark.parametrize("is_native", NATIVE)
@given(SEEDS, st.integers(1, 70), st.integers(2, 16), WIDTHS, st.integers(8, 24))
def test_layer_norm(
    is_native: bool, seed: int, channels: int, bits: int, output_bits: int, shift: int
) -> None:
    low, high = signed_bounds(bits)
    tokens = np.clip(integers(seed, (6, channels), -low), low, high)
    tokens[0] = low
    multiplier = integers(seed + 1, (channels,), (1 << 17) - 1)
    offset = integers(seed + 2, (channels,), 1 << (shift + 8))
    epsilon = min(1 + seed, LayerNormWidths(channels, bits).largest_epsilon)
    widths = {"epsilon": epsilon, "shift": shift, "input_bits": bits, "output_bits": output_bits}
    given = tokens.astype(np.float32)
    with kernels_are(is_native):
        found = LayerNorm.of(multiplier, offset, **widths)(given)
    assert np.array_equal(found, layer_norm.layer_norm(tokens, multiplier, offset, **widths))
    assert np.array_equal(given, tokens)


@pytest.mark.parametrize("is_native", NATIVE)
@given(
    SEEDS,
    st.integers(1, 300),
    st.integers(1, 16),
    st.integers(1, (1 << 17) - 1),
    st.integers(5, 26),
    st.sampled_from([1, 8, 20, 24]),
)
@example(0, 1, 8, 100_000, 23, 20)
@example(0, 197, 16, 100_000, 40, 37)
@example(0, 197, 10, 104_637, 23, 22)
def test_softmax(
    is_native: bool,
    seed: int,
    keys: int,
    bits: int,
    multiplier: int,
    shift: int,
    score_bits: int,
) -> None:
    bound = 1 << score_bits
    scores = integers(seed, (2, 4, keys), bound)
    widths = SoftmaxWidths(keys, bits)
    table = exponential_table()
    fast = Softmax.of(table, multiplier, shift, bound, widths, 1)
    assert fast is not None
    expected = softmax.softmax(scores, table, multiplier, shift, bits)
    with kernels_are(is_native):
        for type in (
            (np.float32, np.float64, np.int32) if bound <= EXACT_IN_FLOAT32 else (np.float64,)
        ):
            assert np.array_equal(fast(scores.astype(type)), expected)
    assert expected.sum(axis=-1).max() <= largest_row(keys, widths, 1)


@pytest.mark.parametrize("is_native", NATIVE)
@pytest.mark.parametrize("saturates", [False, True])
@given(SEEDS, st.integers(1, 5), st.integers(1, 700), WIDTHS, st.integers(1, 8))
@example(0, 2, 700, 8, 7)
@example(0, 2, 700, 8, 8)
@example(0, 2, 700, 9, 8)
@example(0, 2, 700, 16, 8)
def test_eight_bit_products(
    is_native: bool,
    saturates: bool,
    seed: int,
    rows: int,
    inner: int,
    bits: int,
    weight_bits: int,
) -> None:
    low, high = signed_bounds(bits)
    smallest, largest = -(1 << (weight_bits - 1)), max(1, (1 << (weight_bits - 1)) - 1)
    weight = np.clip(integers(seed, (3, inner), -smallest), smallest, largest)
    inputs = np.clip(integers(seed + 1, (2, rows, inner), -low), low, high)
    # Where products are added up in pairs of 16 bits, these are the largest.
    weight[0], weight[1], inputs[0, 0], inputs[1, 0] = largest, smallest, high, low
    with kernels_are(is_native), pytest.MonkeyPatch.context() as patch:
        if saturates:
            patch.setattr(eight_bit_products, "multiplies_exactly", lambda: False)
        multiply = EightBitProduct.of(weight, bits)
        assert multiply is not None
        assert np.array_equal(multiply(inputs.astype(np.float32)), inputs @ weight.T)


def test_the_most_inputs_of_eight_bit_products() -> None:
    weight = np.full((1, MOST_INPUTS), -128)
    inputs = np.full((2, MOST_INPUTS), 127)
    inputs[1] = -128
    for scale, bits in ((1, 8), (256, 16)):
        multiply = EightBitProduct.of(weight, bits)
        assert multiply is not None
        found = multiply((inputs * scale).astype(np.float32))
        assert np.array_equal(found, inputs * scale @ weight.T)


def test_what_eight_bit_products_are_not_for(monkeypatch: pytest.MonkeyPatch) -> None:
    weight = np.ones((2, 3), np.int64)
    assert EightBitProduct.of(weight, 16) is not None
    assert EightBitProduct.of(weight, 17) is None
    assert EightBitProduct.of(weight * 127, 8) is not None
    assert EightBitProduct.of(weight * 128, 8) is None
    assert EightBitProduct.of(weight * -128, 8) is not None
    assert EightBitProduct.of(weight * -129, 8) is None
    assert EightBitProduct.of(np.ones((1, MOST_INPUTS + 1), np.int64), 8) is None
    for broken in (None, ModuleType("onnxruntime")):
        monkeypatch.setitem(sys.modules, "onnxruntime", broken)
        assert EightBitProduct.of(weight, 8) is None


@pytest.mark.parametrize(
    "table",
    [np.zeros(256, np.int64), np.full(256, 1 << 16), -exponential_table(), exponential_table() + 1],
)
def test_what_is_no_table_of_exponentials(table: Integers) -> None:
    assert Softmax.of(exponential_table(), 1, 1, 1, SoftmaxWidths(4, 8), 1) is not None
    assert Softmax.of(table, 1, 1, 1, SoftmaxWidths(4, 8), 1) is None


SIGN = """
func.func @forward(%x: tensor<2x4x!quant.int<8, 0.5>> {vaqf.name = "x"})
    -> (tensor<2x4x!quant.int<1, 0.5>> {vaqf.name = "sign"},
        tensor<3x!quant.int<8, 0.5>> {vaqf.name = "constant"}) {
  %w = vit.parameter @w : tensor<4x4xi8>
  %sums = quant.linear %x, %w : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4xi8> -> tensor<2x4xi17>
  %sign = quant.rescale %sums {multiplier = 0 : i64, shift = 8 : i64}
      : tensor<2x4xi17> -> tensor<2x4x!quant.int<1, 0.5>>
  %c = vit.parameter @c : tensor<3xf32>
  %constant = quant.quantize %c : tensor<3xf32> -> tensor<3x!quant.int<8, 0.5>>
  func.return %sign, %constant : tensor<2x4x!quant.int<1, 0.5>>, tensor<3x!quant.int<8, 0.5>>
}
"""


@pytest.mark.parametrize("is_native", NATIVE)
def test_signs_and_constants(is_native: bool) -> None:
    """A multiplier may be so small that it is 0; a result may depend on no input."""
    module = parse_ir(full_context(), SIGN.encode(), "sign")
    weights = {"w": np.eye(4, dtype=np.int32), "c": np.array([1, -2, 3], np.float32)}
    images = np.random.default_rng(0).standard_normal((3, 2, 4), np.float32)
    plain, fast = (
        OpenNetwork.of(module, Tensors(weights), is_fast=is_fast) for is_fast in (False, True)
    )
    expected = plain.execute({"x": images}, raw=True)
    with kernels_are(is_native):
        found = fast.execute({"x": images}, raw=True)
    assert set(np.unique(expected["sign"])) == {-1, 1}
    for name, values in expected.items():
        assert np.array_equal(values, found[name])


ODD = {
    "a sum with itself, of which one token is selected": """
  %sum = quant.add %a, %a : tensor<3x4xA>, tensor<3x4xA> -> tensor<3x4xA>
  %r = vit.select_token %sum[1] : tensor<3x4xA> -> tensor<1x4xA>
  func.return %r : tensor<1x4xA>""",
    "probabilities that are constant": """
  %q = vit.parameter @probabilities : tensor<2x2x3xf32>
  %p = quant.quantize %q : tensor<2x2x3xf32> -> tensor<2x2x3xP>
  %r = quant.attention_values %p, %a : tensor<2x2x3xP>, tensor<3x4xA> -> tensor<2x4xi18>
  func.return %r : tensor<2x4xi18>""",
    "no tokens": """
  %none = vit.slice %sums from 0 : tensor<3x4xSUM> -> tensor<0x4xSUM>
  %r = quant.rescale %none {multiplier = 300 : i64, shift = 17 : i64}
      : tensor<0x4xSUM> -> tensor<0x4xA>
  func.return %r : tensor<0x4xA>""",
    "no channels": """
  %n = vit.parameter @nothing : tensor<0x4xi8>
  %none = quant.linear %a, %n : tensor<3x4xA>, tensor<0x4xi8> -> tensor<3x0xSUM>
  %r = quant.rescale %none {multiplier = 300 : i64, shift = 17 : i64}
      : tensor<3x0xSUM> -> tensor<3x0xA>
  func.return %r : tensor<3x0xA>""",
    "a number": """
  %o = vit.parameter @ones : tensor<1x4xi8>
  %one = vit.slice %a from 0 : tensor<3x4xA> -> tensor<1x4xA>
  %dot = quant.linear %one, %o : tensor<1x4xA>, tensor<1x4xi8> -> tensor<1x1xSUM>
  %number = vit.reshape %dot : tensor<1x1xSUM> -> tensor<SUM>
  %r = quant.rescale %number {multiplier = 300 : i64, shift = 17 : i64}
      : tensor<SUM> -> tensor<A>
  func.return %r : tensor<A>""",
    "sums that are a result": """
  func.return %sums : tensor<3x4xSUM>""",
}
"""What is left of exporters in no model, but is valid."""

START = """
func.func @forward(%x: tensor<3x4xA> {vaqf.name = "x"}) -> (RESULT {vaqf.name = "r"}) {
  %w = vit.parameter @w : tensor<4x4xi8>
  %sums = quant.linear %x, %w : tensor<3x4xA>, tensor<4x4xi8> -> tensor<3x4xSUM>
  %a = quant.rescale %sums {multiplier = 300 : i64, shift = 17 : i64}
      : tensor<3x4xSUM> -> tensor<3x4xA>"""


@pytest.mark.parametrize("is_native", NATIVE)
@pytest.mark.parametrize("bits", [8, 12])
@pytest.mark.parametrize("rest", ODD.values(), ids=ODD)
def test_odd_networks(rest: str, bits: int, is_native: bool) -> None:
    result = rest.rpartition(" : ")[2]
    text = START.replace("RESULT", result) + rest + "\n}"
    sums = (4 * 127 << (bits - 1)).bit_length() + 1
    for name, type in {
        "A": f"!quant.int<{bits}, 1.0>",
        "P": "!quant.uint<8, 0.00390625>",
        "SUM": f"i{sums}",
        "i18": f"i{(3 * 255 << (bits - 1)).bit_length() + 1}",
    }.items():
        text = re.sub(rf"(?<=[x<]){name}(?=>)", type, text)
    module = parse_ir(full_context(), text.encode(), "odd")
    module.verify()
    generator = np.random.default_rng(bits)
    weights = {
        "w": generator.integers(-127, 127, (4, 4), np.int32, endpoint=True),
        "probabilities": generator.random((2, 2, 3), np.float32),
        "nothing": np.ones((0, 4), np.int32),
        "ones": np.ones((1, 4), np.int32),
    }
    low, high = signed_bounds(bits)
    images = generator.integers(low, high, (5, 3, 4), endpoint=True).astype(np.float32)
    plain, fast = (
        OpenNetwork.of(module, Tensors(weights), is_fast=is_fast) for is_fast in (False, True)
    )
    expected = plain.execute({"x": images}, raw=True)["r"]
    with kernels_are(is_native):
        found = fast.execute({"x": images}, raw=True)["r"]
    assert expected.shape == found.shape and np.array_equal(expected, found)


def quantized(bits: int, weight_bits: int) -> tuple[OpenNetwork, OpenNetwork]:
    """A small network as it is interpreted, and as it is prepared to run fast."""
    model = FOLDER / "timm_fused.legacy17.onnx"
    options = Options(activation_bits=bits, weight_bits=weight_bits)
    levels = until(Level.QUANTIZED, stages(options))
    module, parameters = compile_model(model, str(model), levels, lambda _: None)
    return (
        OpenNetwork.of(module, parameters),
        OpenNetwork.of(module, parameters, is_fast=True),
    )


@pytest.mark.parametrize("is_native", NATIVE)
@pytest.mark.parametrize(
    ("bits", "weight_bits"), [(1, 1), (6, 1), (8, 8), (12, 1), (16, 8), (16, 16)]
)
def test_whole_networks(
    bits: int, weight_bits: int, is_native: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_native:
        without_onnx_runtime(monkeypatch)
    plain, fast = quantized(bits, weight_bits)
    images: NDArray[np.float32] = np.random.default_rng(bits).standard_normal(
        (3, 3, 16, 16), np.float32
    )
    expected = plain.execute({INPUT: images}, raw=True)
    with kernels_are(is_native):
        found = fast.execute({INPUT: images}, raw=True)
    assert expected.keys() == found.keys()
    for name, values in expected.items():
        assert values.dtype == found[name].dtype and np.array_equal(values, found[name])


def test_only_the_class_token_goes_through_the_end_of_the_last_block() -> None:
    model = FOLDER / "timm_fused.legacy17.onnx"
    levels = until(Level.QUANTIZED, stages(Options()))
    module, _ = compile_model(model, str(model), levels, lambda _: None)
    before = [op for op in module.walk() if isinstance(op, quant.LinearOp)]
    compute_needed_tokens(module)
    module.verify()
    after = [op for op in module.walk() if isinstance(op, quant.LinearOp)]
    assert len(before) == len(after)
    one = [op for op in after if shape_of(op.input)[0] == 1]
    # Query, projection and both layers of the MLP, beside the head.
    assert len(one) == 5
    assert any(isinstance(op, vit.SelectTokenOp) for op in module.walk())
