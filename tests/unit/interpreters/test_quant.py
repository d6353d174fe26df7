"""
What the operations of the `quant` dialect compute: that each hands its formula the right numbers.

The formulas have tests of their own; here small cases are worked out by hand.
"""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from xdsl.dialects.builtin import (
    IntegerType,
    ModuleOp,
    NameLoc,
    StringAttr,
    TensorType,
    UnknownLoc,
    f32,
)
from xdsl.interpreter import Interpreter
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.utils.test_value import create_ssa_value

from vaqf.dialects import quant, vit
from vaqf.dialects.diagnostics import UserError
from vaqf.dialects.quant import BinaryType, IntType, UnsignedType
from vaqf.dialects.shapes import shape_of
from vaqf.interpreters.arithmetic.tables import exponential_table, gelu_table
from vaqf.interpreters.quant import QuantFunctions

Array = NDArray[np.number]

INT8 = IntType(8, 0.5)


def value(element: Attribute, *shape: int) -> SSAValue:
    return create_ssa_value(TensorType(element, shape))


def run(op: Operation, *arrays: Array | list[int] | list[list[int]]) -> list[Array]:
    """The results of a valid operation, which must have the shapes of their types."""
    op.verify()
    interpreter = Interpreter(ModuleOp([]))
    interpreter.register_implementations(QuantFunctions())
    results = list(interpreter.run_op(op, tuple(np.asarray(each) for each in arrays)))
    for array, result in zip(results, op.results, strict=True):
        assert array.shape == shape_of(result)
    return results


def reals(*values: float) -> NDArray[np.float32]:
    return np.array(values, np.float32)


def test_every_operation_has_a_meaning():
    interpreter = Interpreter(ModuleOp([]))
    interpreter.register_implementations(QuantFunctions())
    known = {op for op, _ in QuantFunctions._impls()}  # pyright: ignore[reportPrivateUsage]
    assert known == set(quant.Quant.operations)


def test_binarize():
    real = np.array([[0.5, -1.5], [-3, 0]], np.float32)
    signs, scale = run(quant.BinarizeOp(value(f32, 2, 2)), real)
    assert signs.tolist() == [[1, -1], [-1, 1]]
    assert scale.tolist() == [1.0, 1.5]
    signs, scale = run(quant.BinarizeOp(value(f32, 2, 2), per_tensor=True), real)
    assert scale.tolist() == [1.25, 1.25]


@pytest.mark.parametrize(("bits", "largest"), [(2, 1), (8, 127), (16, 32767)])
def test_quantize_weight(bits: int, largest: int):
    real = np.array([[0.5, -1], [0, 0]], np.float32)
    integers, scale = run(quant.QuantizeWeightOp(value(f32, 2, 2), bits), real)
    assert integers.tolist() == [[(largest + 1) // 2, -largest], [0, 0]]
    assert scale.tolist() == [float(np.float32(1 / largest)), 1.0]


def test_dequantize_weight():
    op = quant.DequantizeWeightOp(value(BinaryType(), 2, 2), value(f32, 2))
    (real,) = run(op, [[1, -1], [-1, -1]], reals(0.5, 2))
    assert real.tolist() == [[0.5, -0.5], [-2, -2]]


@pytest.mark.parametrize(("bits", "half"), [(8, 8), (1, 0)])
def test_requantize_parameters(bits: int, half: int):
    op = quant.RequantizeParametersOp(
        value(f32, 2), value(f32, 2), input_scale=0.25, output=IntType(bits, 0.5), shift=4
    )
    multiplier, offset = run(op, reals(1, 3), reals(-1, 2))
    assert multiplier.tolist() == [8, 24]
    assert offset.tolist() == [-32 + half, 64 + half]


def test_requantize_parameters_without_bias():
    op = quant.RequantizeParametersOp(value(f32, 1), None, input_scale=0.25, output=INT8, shift=4)
    multiplier, offset = run(op, reals(1))
    assert (multiplier.tolist(), offset.tolist()) == ([8], [8])


def test_layer_norm_parameters():
    # Two channels leave 16 fraction bits of a normalized value.
    op = quant.LayerNormParametersOp(value(f32, 2), value(f32, 2), output=INT8, shift=20)
    multiplier, offset = run(op, reals(1, -2), reals(0, 1))
    assert multiplier.tolist() == [32, -64]
    assert offset.tolist() == [1 << 19, (2 << 20) + (1 << 19)]


def test_layer_norm_parameters_without_bias():
    op = quant.LayerNormParametersOp(value(f32, 2), None, output=INT8, shift=20)
    multiplier, offset = run(op, reals(1, -2))
    assert (multiplier.tolist(), offset.tolist()) == ([32, -64], [1 << 19, 1 << 19])


def test_quantize():
    op = quant.QuantizeOp(value(f32, 3), INT8)
    assert run(op, reals(-100, 0.25, 1.2))[0].tolist() == [-128, 1, 2]
    op = quant.QuantizeOp(value(f32, 3), IntType(1, 0.5))
    assert run(op, reals(-100, 0, 1.2))[0].tolist() == [-1, 1, 1]
    op = quant.QuantizeOp(value(f32, 3), UnsignedType(8, 0.5))
    assert run(op, reals(-100, 0.25, 1000))[0].tolist() == [0, 1, 255]


def test_dequantize():
    (real,) = run(quant.DequantizeOp(value(INT8, 3)), [-128, 0, 3])
    assert real.dtype == np.float32 and real.tolist() == [-64, 0, 1.5]


@pytest.mark.parametrize(("bits", "output_bits"), [(1, 8), (8, 8), (12, 6), (16, 1)])
def test_gelu(bits: int, output_bits: int):
    input, output = IntType(bits, 8 / 2**bits), IntType(output_bits, 4 / 2**output_bits)
    op = quant.GeluTableOp(input, output)
    (table,) = run(op)
    expected = gelu_table(input.scale.data, bits, output.scale.data, output_bits)
    assert np.array_equal(table, expected)
    element = IntegerType(max(2, output_bits))
    lookup = quant.LookupOp(value(input, 2), value(element, len(table)), output)
    # The largest input of an interpolated table is near the end of its last segment.
    assert np.abs(run(lookup, list(input.bounds), table)[0] - table[[0, -1]]).max() <= 1


def test_extract_patches():
    image = np.arange(16).reshape(2, 2, 4)
    (patches,) = run(quant.ExtractPatchesOp(value(INT8, 2, 2, 4), (1, 2), vit.COLOURS_FIRST), image)
    assert patches.tolist() == [[0, 1, 8, 9], [2, 3, 10, 11], [4, 5, 12, 13], [6, 7, 14, 15]]
    (patches,) = run(quant.ExtractPatchesOp(value(INT8, 2, 2, 4), (1, 2), vit.COLOURS_LAST), image)
    assert patches.tolist() == [[0, 8, 1, 9], [2, 10, 3, 11], [4, 12, 5, 13], [6, 14, 7, 15]]


@pytest.mark.parametrize("element", [BinaryType(), IntegerType(8)])
def test_linear(element: Attribute):
    op = quant.LinearOp(value(INT8, 2, 2), value(element, 3, 2))
    weight = np.array([[1, 1], [1, -1], [-1, -1]], np.int8)
    assert run(op, [[1, 2], [-128, 127]], weight)[0].tolist() == [[3, -1, -3], [-1, -255, 1]]


def test_sums_that_float32_would_round():
    wide, weight = IntType(16, 0.5), value(IntegerType(16), 1, 3)
    ones = np.full((1, 3), 32767)
    (sums,) = run(quant.LinearOp(value(wide, 1, 3), weight), ones, ones)
    assert sums.tolist() == [[3 * 32767**2]]
    tokens = value(wide, 1, 6)
    ones = np.full((1, 6), 32767)
    (scores,) = run(quant.AttentionScoresOp(tokens, tokens, heads=2), ones, ones)
    assert scores.tolist() == [[[3 * 32767**2]], [[3 * 32767**2]]]
    probabilities = value(UnsignedType(16, 2.0**-16), 1, 1, 3)
    op = quant.AttentionValuesOp(probabilities, value(wide, 3, 1))
    (sums,) = run(op, np.full((1, 1, 3), 65535), np.full((3, 1), 32767))
    assert sums.tolist() == [[3 * 65535 * 32767]]


@pytest.mark.parametrize(
    ("format", "expected"),
    [(INT8, [[1, -2], [127, -4]]), (IntType(1, 0.5), [[1, -1], [1, -1]])],
)
def test_requantize(format: IntType, expected: list[list[int]]):
    accumulators = value(IntegerType(20), 2, 2)
    channel = value(IntegerType(18), 2)
    op = quant.RequantizeOp(
        accumulators, channel, value(IntegerType(48), 2), shift=4, format=format
    )
    assert run(op, [[8, 8], [4000, 15]], [2, -3], [8, -8])[0].tolist() == expected


def test_rescale():
    accumulators = value(IntegerType(20), 3)
    op = quant.RescaleOp(accumulators, multiplier=3, shift=2, format=INT8)
    assert run(op, [-1, 2, 500])[0].tolist() == [-1, 2, 127]
    op = quant.RescaleOp(accumulators, multiplier=1, shift=2, format=IntType(1, 0.5))
    assert run(op, [-1, 0, 500])[0].tolist() == [-1, 1, 1]


@pytest.mark.parametrize(
    ("bits", "expected"), [(8, [4, -1, 127]), (16, [4, -1, 375]), (1, [1, -1, 1])]
)
def test_mean_tokens(bits: int, expected: list[int]):
    """A multiplier of 3 over 2^2 stands for 1.5 times the mean of two tokens."""
    op = quant.MeanTokensOp(
        value(IntType(16, 0.5), 2, 3), multiplier=3, shift=2, format=IntType(bits, 0.5)
    )
    (mean,) = run(op, [[7, -5, 120], [-2, 3, 380]])
    assert mean.tolist() == [expected]


def test_add():
    stream = value(IntType(16, 0.5), 3)
    op = quant.AddOp(stream, stream)
    assert run(op, [32767, -32768, 5], [1, -1, -7])[0].tolist() == [32767, -32768, -2]


def test_attention():
    tokens = value(INT8, 2, 4)
    op = quant.AttentionScoresOp(tokens, tokens, heads=2)
    query, key = [[1, 2, 3, 4], [5, 6, 7, 8]], [[1, 0, 0, 1], [0, -1, 2, 0]]
    assert run(op, query, key)[0].tolist() == [[[1, -2], [5, -6]], [[4, 6], [8, 14]]]
    probabilities = np.array([[[1, 2], [3, 4]], [[5, 6], [7, 255]]])
    values = quant.AttentionValuesOp(value(UnsignedType(8, 2.0**-8), 2, 2, 2), tokens)
    assert run(values, probabilities, key)[0].tolist() == [[1, -2, 12, 5], [3, -4, 510, 7]]


PROBABILITY = UnsignedType(8, 2.0**-8)


def test_softmax():
    (table,) = run(quant.ExponentialTableOp())
    assert np.array_equal(table, exponential_table())
    scores = value(IntegerType(10), 1, 2, 2)
    # One step of a score is an octave: it halves the probability.
    op = quant.SoftmaxOp(
        scores, value(IntegerType(17), 256), multiplier=512, shift=1, format=PROBABILITY
    )
    (probabilities,) = run(op, np.array([[[0, 0], [3, 4]]]), table)
    assert probabilities.tolist() == [[[128, 128], [85, 171]]]


def test_softmax_with_another_scale():
    """Steps of a hundredth: 2^-7 is 0.78125 of them, which 17 bits and a shift of 17 hold."""
    (table,) = run(quant.ExponentialTableOp())
    scores = value(IntegerType(10), 1, 3, 2)
    op = quant.SoftmaxOp(
        scores,
        value(IntegerType(17), 256),
        multiplier=512,
        shift=1,
        format=UnsignedType(7, 0.01),
        probability=(102400, 17),
    )
    op.verify()
    (probabilities,) = run(op, np.array([[[0, 0], [3, 4], [-90, 90]]]), table)
    assert probabilities.tolist() == [[[50, 50], [33, 67], [0, 100]]]


def test_layer_norm():
    op = quant.LayerNormOp(
        value(IntType(16, 0.5), 2, 2),
        value(IntegerType(18), 2),
        value(IntegerType(48), 2),
        epsilon=1,
        shift=16,
        format=INT8,
    )
    # Normalized with 16 fraction bits the channels are -1 and 1, whatever their values.
    (result,) = run(op, [[10, 1000], [7, -30000]], [3, 5], [1 << 15, (1 << 15) + (2 << 16)])
    assert result.tolist() == [[-3, 7], [3, -3]]


@pytest.mark.parametrize(
    ("make", "arguments", "message"),
    [
        (
            lambda: quant.BinarizeOp(value(f32, 1, 2)),
            [np.array([[1, np.nan]], np.float32)],
            "'quant.binarize' at fc1: the weight of channel 0 has a value that is not finite",
        ),
        (
            lambda: quant.QuantizeWeightOp(value(f32, 1, 2), 8),
            [np.array([[1, np.inf]], np.float32)],
            "'quant.quantize_weight' at fc1: the weight of channel 0 has a value that is not fini",
        ),
        (
            lambda: quant.RequantizeParametersOp(
                value(f32, 2), None, input_scale=1.0, output=INT8, shift=20
            ),
            [reals(0.01, 0.1)],
            "'quant.requantize_parameters' at fc1: the multiplier of channel 1 is 209715, accepted",
        ),
        (
            lambda: quant.LayerNormParametersOp(value(f32, 1), value(f32, 1), output=INT8, shift=9),
            [reals(0.1), reals(2.0**40)],
            "'quant.layer_norm_parameters' at fc1: the offset of channel 0 is 1125899906842880, ac",
        ),
        (
            lambda: quant.QuantizeOp(value(f32, 1), INT8),
            [reals(np.nan)],
            "'quant.quantize' at fc1: a value that is to be quantized is not a number",
        ),
    ],
)
def test_numbers_that_do_not_fit(
    make: Callable[[], Operation], arguments: list[Array], message: str
):
    op = make()
    op.location = NameLoc(StringAttr("fc1"), UnknownLoc())
    with pytest.raises(UserError, match=message):
        run(op, *arguments)
