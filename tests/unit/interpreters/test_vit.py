"""What the operations of the `vit` dialect compute, against plain loops over their definitions."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp, TensorType, f32, i64
from xdsl.interpreter import Interpreter
from xdsl.ir import Operation, SSAValue
from xdsl.utils.exceptions import DiagnosticException
from xdsl.utils.test_value import create_ssa_value

from vaqf.dialects import vit
from vaqf.interpreters.parameters import Tensors, provide_parameters
from vaqf.interpreters.vit import VitFunctions

Array = NDArray[np.float32] | NDArray[np.int64]


def value(array: Array) -> SSAValue:
    """An operand of the type of an array."""
    element = f32 if array.dtype == np.float32 else i64
    return create_ssa_value(TensorType(element, array.shape))


def run(op: Operation, *arrays: Array) -> Array:
    """The result of an operation, which must have the shape of its type."""
    op.verify()
    interpreter = Interpreter(ModuleOp([]))
    interpreter.register_implementations(VitFunctions())
    provide_parameters(interpreter, Tensors({"fc.weight": np.ones((2, 3), np.float32)}))
    (result,) = interpreter.run_op(op, arrays)
    type = op.results[0].type
    assert isinstance(type, TensorType) and result.shape == type.get_shape()
    assert not arrays or result.dtype == arrays[0].dtype
    return result


def reals(*shape: int) -> NDArray[np.float32]:
    return np.random.default_rng(len(shape)).standard_normal(shape, np.float32)


def test_parameter():
    assert np.array_equal(run(vit.ParameterOp("fc.weight", (2, 3))), np.ones((2, 3)))


def test_constant():
    constant = run(vit.ConstantOp(0.5, (2, 3)))
    assert constant.dtype == np.float32
    assert np.array_equal(constant, np.full((2, 3), 0.5))


def test_parameter_of_another_shape():
    with pytest.raises(DiagnosticException, match=r"has shape \(2, 3\), expected \(3, 2\)"):
        run(vit.ParameterOp("fc.weight", (3, 2)))


def test_unknown_parameter():
    with pytest.raises(DiagnosticException, match=r"there is no tensor 'fc\.bias'"):
        run(vit.ParameterOp("fc.bias", (2,)))


@pytest.mark.parametrize("array", [reals(4, 6), np.arange(24).reshape(4, 6)])
def test_moving_values(array: Array):
    x = value(array)
    assert np.array_equal(run(vit.TransposeOp(x, (1, 0)), array), array.T)
    assert np.array_equal(run(vit.ReshapeOp(x, (2, 12)), array), array.reshape(2, 12))
    assert np.array_equal(run(vit.SliceOp(x, 1, 2), array), array[1:3])
    assert np.array_equal(run(vit.SelectTokenOp(x, 3), array), array[3:])
    two = run(vit.ConcatenateOp((x, x)), array, array)
    assert np.array_equal(two, [*array, *array])
    assert two.dtype == array.dtype


@pytest.mark.parametrize("has_bias", [True, False])
def test_linear(has_bias: bool):
    x, weight = reals(3, 4), reals(5, 4)
    bias = [reals(5)] if has_bias else []
    op = vit.LinearOp(value(x), value(weight), value(bias[0]) if has_bias else None)
    expected = [
        [x[t] @ weight[o] + (bias[0][o] if has_bias else 0) for o in range(5)] for t in range(3)
    ]
    assert np.allclose(run(op, x, weight, *bias), expected, atol=1e-6)


@pytest.mark.parametrize("has_bias", [True, False])
def test_patch_embedding(has_bias: bool):
    """Patches of 2 x 3 of an image of 4 x 9: two rows of three."""
    image, weight = reals(2, 4, 9), reals(5, 2, 2, 3)
    bias = [reals(5)] if has_bias else []
    op = vit.PatchEmbeddingOp(value(image), value(weight), value(bias[0]) if has_bias else None)
    expected = [
        [
            np.sum(image[:, row : row + 2, column : column + 3] * weight[o])
            + (bias[0][o] if has_bias else 0)
            for o in range(5)
        ]
        for row in (0, 2)
        for column in (0, 3, 6)
    ]
    assert np.allclose(run(op, image, weight, *bias), expected, atol=1e-5)


def test_layer_norm():
    """The epsilon is large enough to show whether it is inside of the root."""
    x, weight, bias = 3 * reals(4, 8) + 5, reals(8), reals(8)
    op = vit.LayerNormOp(value(x), value(weight), value(bias), epsilon=0.5)
    mean = x.mean(axis=1, keepdims=True)
    deviation = np.sqrt(((x - mean) ** 2).mean(axis=1, keepdims=True) + 0.5)
    assert np.allclose(run(op, x, weight, bias), (x - mean) / deviation * weight + bias, atol=1e-5)


def test_attention_scores():
    query, key = reals(3, 8), reals(5, 8)
    op = vit.AttentionScoresOp(value(query), value(key), heads=2, scale=0.25)
    expected = [
        0.25 * query[:, channels] @ key[:, channels].T for channels in (slice(4), slice(4, 8))
    ]
    assert np.allclose(run(op, query, key), expected, atol=1e-6)


def test_attention_values():
    probabilities, values = reals(2, 3, 5), reals(5, 8)
    op = vit.AttentionValuesOp(value(probabilities), value(values))
    expected = np.concatenate(
        [probabilities[0] @ values[:, :4], probabilities[1] @ values[:, 4:]], axis=1
    )
    assert np.allclose(run(op, probabilities, values), expected, atol=1e-6)


def test_softmax():
    """Scores of thousands must neither overflow nor lose the differences between them."""
    scores = np.array([[[0, math.log(3)], [4000, 4000 + math.log(3)]]], np.float32)
    result = run(vit.SoftmaxOp(value(scores)), scores)
    assert np.allclose(result, [[[0.25, 0.75], [0.25, 0.75]]], atol=1e-4)


def test_gelu():
    x = np.linspace(-6, 6, 101, dtype=np.float32).reshape(1, -1)
    expected = [each / 2 * (1 + math.erf(each / math.sqrt(2))) for each in x[0].tolist()]
    assert np.allclose(run(vit.GeluOp(value(x)), x), [expected], atol=1e-6)


def test_add():
    x, y = reals(2, 3), np.ones((2, 3), np.float32)
    assert np.array_equal(run(vit.AddOp(value(x), value(y)), x, y), x + 1)


def test_extract_patches_in_both_orders():
    image = reals(2, 4, 6)
    first = run(vit.ExtractPatchesOp(value(image), (2, 3), vit.COLOURS_FIRST), image)
    last = run(vit.ExtractPatchesOp(value(image), (2, 3), vit.COLOURS_LAST), image)
    for patch, (top, left) in enumerate([(0, 0), (0, 3), (2, 0), (2, 3)]):
        pixels = image[:, top : top + 2, left : left + 3]
        assert np.array_equal(first[patch], pixels.ravel())
        assert np.array_equal(last[patch], np.moveaxis(pixels, 0, -1).ravel())


def test_layer_norm_without_bias():
    x, weight = reals(4, 6), reals(6)
    zeros = np.zeros(6, np.float32)
    biased = vit.LayerNormOp(value(x), value(weight), value(zeros), 1e-6)
    plain = vit.LayerNormOp(value(x), value(weight), None, 1e-6)
    assert np.array_equal(run(plain, x, weight), run(biased, x, weight, zeros))


def test_mean_tokens():
    x = reals(4, 6)
    expected = [sum(x[token, channel] for token in range(4)) / 4 for channel in range(6)]
    assert np.allclose(run(vit.MeanTokensOp(value(x)), x), [expected])


def test_scales():
    x, channels, rows = reals(4, 6), reals(6), reals(4)
    expected = [[x[i, j] * channels[j] for j in range(6)] for i in range(4)]
    assert np.array_equal(
        run(vit.ScaleChannelsOp(value(x), value(channels)), x, channels), expected
    )
    expected = [[x[i, j] * rows[i] for j in range(6)] for i in range(4)]
    assert np.array_equal(run(vit.ScaleRowsOp(value(x), value(rows)), x, rows), expected)
    assert np.array_equal(run(vit.ScaleRowsOp(value(rows), value(rows)), rows, rows), rows * rows)
    assert np.array_equal(run(vit.ScaleOp(value(x), 0.5), x), x / 2)
