"""Networks that are prepared to run fast, against the plain arithmetic in `int64`."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.models.fixtures import FOLDER, INPUT
from vaqf.compiler.compilation import compile_model
from vaqf.compiler.pipeline import Level, Options, stages, until
from vaqf.dialects import quant, vit
from vaqf.dialects.quant.widths import LayerNormWidths, SoftmaxWidths
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.arithmetic import layer_norm, requantize, softmax
from vaqf.interpreters.arithmetic.integers import EXACT_IN_FLOAT32, Integers, signed_bounds
from vaqf.interpreters.arithmetic.tables import exponential_table
from vaqf.interpreters.compiled.attention import Softmax, largest_row
from vaqf.interpreters.compiled.needed_tokens import compute_needed_tokens
from vaqf.interpreters.compiled.normalization import LayerNorm
from vaqf.interpreters.compiled.products import MOST_PARTS, Product
from vaqf.interpreters.compiled.rounding import Rounding, Steps
from vaqf.interpreters.execute import OpenNetwork

SEEDS = st.integers(0, 999)
WIDTHS = st.integers(1, 16)


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
    assert np.abs(exact).max() == product.bound
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


@given(SEEDS, WIDTHS, st.integers(1, 40), st.integers(2, 46), st.integers(1, 17))
@example(0, 8, 20, 25, 17)
@example(0, 10, 12, 17, 16)
def test_rounding(seed: int, bits: int, shift: int, sum_bits: int, multiplier_bits: int) -> None:
    """Every step of every channel begins where it does in integers."""
    bound = (1 << (sum_bits - 1)) - 1
    multiplier = integers(seed, (5,), (1 << multiplier_bits) - 1)
    multiplier[0] = 0
    half = 0 if bits == 1 else 1 << (shift - 1)
    offset = integers(seed + 1, (5,), min((1 << 46) - 1, 1 << (shift + bits))) + half
    steps = Steps.of(multiplier, offset, shift, bits)
    edges = steps.edges(bound)[:: 1 << max(0, bits - 9)]
    sums = np.concatenate([edges, integers(seed + 2, (40, 5), bound)])
    out = np.empty(sums.shape, np.float32)
    rounding = Rounding.of(steps, bound)
    rounding(sums.astype(np.float64), out)
    expected = requantize.requantize(sums, multiplier, offset, shift, bits)
    assert np.array_equal(2 * out + 1 if bits == 1 else out, expected)
    Rounding.of(steps.from_zero, bound)(sums.astype(np.float64), out)
    assert np.array_equal(out + steps.low, steps.exactly(sums))


def test_rounding_of_eight_bits_is_single_precision_but_for_few_channels() -> None:
    """As layers of DeiT have it: what needs more precision is found, and computed with more."""
    random = np.random.default_rng(0)
    multiplier = random.integers(1 << 11, 1 << 14, 768)
    steps = Steps.of(multiplier, random.integers(-50 << 20, 50 << 20, 768), 20, 8)
    rounding = Rounding.of(steps, 768 * 128)
    assert rounding.fast is not None
    edges = steps.edges(768 * 128)
    wrong = rounding.fast.wrong_channels(steps, edges)
    assert 0 < len(wrong) < 192 and wrong.tolist() == rounding.patched.tolist()
    out = np.empty(edges.shape, np.float32)
    rounding(edges.astype(np.float32), out)
    assert np.array_equal(out, steps.exactly(edges))


@given(SEEDS, st.integers(1, 70), st.integers(2, 16), WIDTHS, st.integers(8, 24))
def test_layer_norm(seed: int, channels: int, bits: int, output_bits: int, shift: int) -> None:
    low, high = signed_bounds(bits)
    tokens = np.clip(integers(seed, (6, channels), -low), low, high)
    tokens[0] = low
    multiplier = integers(seed + 1, (channels,), (1 << 17) - 1)
    offset = integers(seed + 2, (channels,), 1 << (shift + 8))
    epsilon = min(1 + seed, LayerNormWidths(channels, bits).largest_epsilon)
    widths = {"epsilon": epsilon, "shift": shift, "input_bits": bits, "output_bits": output_bits}
    found = LayerNorm.of(multiplier, offset, **widths)(tokens.astype(np.float32))
    expected = layer_norm.layer_norm(tokens, multiplier, offset, **widths)
    assert np.array_equal(2 * found + 1 if output_bits == 1 else found, expected)


@given(
    SEEDS,
    st.integers(1, 300),
    st.integers(1, 16),
    st.integers(1, (1 << 17) - 1),
    st.integers(5, 26),
    st.sampled_from([1, 8, 20, 24]),
)
@example(0, 1, 8, 100_000, 23, 20)
@example(0, 197, 10, 104_637, 23, 22)
def test_softmax(
    seed: int, keys: int, bits: int, multiplier: int, shift: int, score_bits: int
) -> None:
    bound = 1 << score_bits
    scores = integers(seed, (2, 4, keys), bound)
    widths = SoftmaxWidths(keys, bits)
    table = exponential_table()
    fast = Softmax.of(table, multiplier, shift, bound, widths, 1)
    assert fast is not None
    expected = softmax.softmax(scores, table, multiplier, shift, bits)
    assert np.array_equal(fast(scores.astype(np.float64)), expected)
    assert expected.sum(axis=-1).max() <= largest_row(keys, widths, 1)


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


@pytest.mark.parametrize(("bits", "weight_bits"), [(1, 1), (6, 1), (8, 8), (12, 1), (16, 16)])
def test_whole_networks(bits: int, weight_bits: int) -> None:
    plain, fast = quantized(bits, weight_bits)
    images: NDArray[np.float32] = np.random.default_rng(bits).standard_normal(
        (3, 3, 16, 16), np.float32
    )
    expected = plain.execute({INPUT: images}, raw=True)
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
