"""The `onnx` dialect against ONNX Runtime, operator by operator."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper
from xdsl.interpreter import Interpreter
from xdsl.interpreters.func import FuncFunctions

from vaqf.dialects.diagnostics import UserError
from vaqf.frontends.onnx import ModelFile, import_file
from vaqf.interpreters.onnx import register_onnx_functions
from vaqf.interpreters.parameters import provide_parameters

MODELS = Path(__file__).parents[2] / "models"

Floats = NDArray[np.float32]
Weights = Mapping[str, NDArray[np.generic]]

NO_WEIGHTS: Weights = {}

node = helper.make_node

in_one_file = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
"""Every example overwrites the same file."""


def reals(*shape: int) -> Floats:
    return np.random.default_rng(len(shape)).standard_normal(shape, np.float32)


def interpret(path: Path, image: Floats) -> Floats:
    """What the imported model makes of an image."""
    file = ModelFile.open(path)
    module = import_file(file)
    module.verify()
    interpreter = Interpreter(module)
    interpreter.register_implementations(FuncFunctions())
    register_onnx_functions(interpreter)
    provide_parameters(interpreter, file)
    (result,) = interpreter.call_op("forward", (image,))
    return result


def run_onnx_runtime(path: Path, image: Floats) -> Floats:
    name = ModelFile.open(path).model.graph.input[0].name
    (result,) = onnxruntime.InferenceSession(path).run(None, {name: image})
    assert isinstance(result, np.ndarray)
    return result


def write(
    folder: Path,
    shape: tuple[int, ...],
    *nodes: NodeProto,
    weights: Weights = NO_WEIGHTS,
    opset: int = 20,
) -> Path:
    """Write a model from `x` to `y`."""
    graph = helper.make_graph(
        list(nodes),
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    opsets = [helper.make_opsetid("", opset)]
    path = folder / "model.onnx"
    path.write_bytes(
        helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()
    )
    return path


def check(
    folder: Path, x: Floats, *nodes: NodeProto, weights: Weights = NO_WEIGHTS, opset: int = 20
) -> None:
    """Compare both on a model from `x` to `y`."""
    path = write(folder, x.shape, *nodes, weights=weights, opset=opset)
    found, expected = interpret(path, x), run_onnx_runtime(path, x)
    assert found.dtype == np.float32 and found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=2e-6)


@pytest.mark.parametrize("kind", ["Add", "Sub", "Mul", "Div", "Pow"])
@pytest.mark.parametrize("shape", [(), (5,), (4, 1), (2, 1, 4, 5)])
def test_binary(tmp_path: Path, kind: str, shape: tuple[int, ...]):
    weights = {"w": np.abs(reals(*shape)) + np.float32(0.5)}
    x = np.abs(reals(1, 4, 5)) + np.float32(0.1)
    check(tmp_path, x, node(kind, ["x", "w"], ["y"]), weights=weights)
    check(tmp_path, x, node(kind, ["w", "x"], ["y"]), weights=weights)


@pytest.mark.parametrize("kind", ["Erf", "Gelu", "Sqrt", "Tanh"])
def test_unary(tmp_path: Path, kind: str):
    x = np.linspace(0 if kind == "Sqrt" else -6, 6, 1001, dtype=np.float32)[np.newaxis]
    check(tmp_path, x, node(kind, ["x"], ["y"]))


def test_approximate_gelu(tmp_path: Path):
    x = np.linspace(-6, 6, 1001, dtype=np.float32)[np.newaxis]
    check(tmp_path, x, node("Gelu", ["x"], ["y"], approximate="tanh"))


def test_where(tmp_path: Path):
    weights = {"mask": np.array([[True], [False], [True]]), "zero": np.array(0, np.float32)}
    check(tmp_path, reals(1, 3, 4), node("Where", ["mask", "x", "zero"], ["y"]), weights=weights)


@pytest.mark.parametrize("shape", [(6, 2), (1, 6, 2), (3, 1, 6, 2)])
def test_matmul(tmp_path: Path, shape: tuple[int, ...]):
    weights = {"w": reals(*shape)}
    check(tmp_path, reals(1, 4, 6), node("MatMul", ["x", "w"], ["y"]), weights=weights)


@in_one_file
@given(
    left=st.booleans(),
    right=st.booleans(),
    bias=st.sampled_from([None, (), (3,), (1, 3)]),
    factors=st.tuples(st.sampled_from([1.0, 0.3]), st.sampled_from([1.0, -2.0])),
)
def test_gemm(
    tmp_path: Path,
    left: bool,
    right: bool,
    bias: tuple[int, ...] | None,
    factors: tuple[float, float],
):
    # The first dimension of the input is the batch, so it has one channel when it is transposed.
    inputs = 1 if left else 5
    weights = {"w": reals(3, inputs) if right else reals(inputs, 3)}
    if bias is not None:
        weights["b"] = reals(*bias)
    gemm = node(
        "Gemm",
        ["x", *weights],
        ["y"],
        transA=int(left),
        transB=int(right),
        alpha=factors[0],
        beta=factors[1],
    )
    check(tmp_path, reals(1, 5), gemm, weights=weights)


@in_one_file
@given(
    kernel=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    strides=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    pads=st.tuples(*[st.integers(0, 2)] * 4),
    dilations=st.tuples(st.integers(1, 2), st.integers(1, 2)),
    group=st.sampled_from([1, 2, 4]),
    has_bias=st.booleans(),
)
def test_conv(
    tmp_path: Path,
    kernel: tuple[int, int],
    strides: tuple[int, int],
    pads: tuple[int, ...],
    dilations: tuple[int, int],
    group: int,
    has_bias: bool,
):
    weights = {"w": reals(8, 4 // group, *kernel)}
    if has_bias:
        weights["b"] = reals(8)
    conv = node(
        "Conv",
        ["x", *weights],
        ["y"],
        strides=strides,
        pads=pads,
        dilations=dilations,
        group=group,
    )
    check(tmp_path, reals(1, 4, 7, 9), conv, weights=weights)


@pytest.mark.parametrize("axis", [-1, 0, 1])
def test_softmax(tmp_path: Path, axis: int):
    check(tmp_path, 50 * reals(2, 4, 6)[:1], node("Softmax", ["x"], ["y"], axis=axis))


@pytest.mark.parametrize("axis", [-1, 1])
@pytest.mark.parametrize("has_bias", [False, True])
def test_layer_normalization(tmp_path: Path, axis: int, has_bias: bool):
    shape = (6,) if axis == -1 else (4, 6)
    weights = {"w": reals(*shape)} | ({"b": -reals(*shape)} if has_bias else {})
    norm = node("LayerNormalization", ["x", *weights], ["y"], axis=axis, epsilon=0.1)
    check(tmp_path, reals(1, 4, 6) + 3, norm, weights=weights)


@pytest.mark.parametrize("axes", [[-1], [1, 2], [2, 0]])
@pytest.mark.parametrize("keepdims", [0, 1])
def test_reduce_mean(tmp_path: Path, axes: list[int], keepdims: int):
    x = reals(1, 4, 6)
    new = node("ReduceMean", ["x", "axes"], ["y"], keepdims=keepdims)
    check(tmp_path, x, new, weights={"axes": np.array(axes)})
    old = node("ReduceMean", ["x"], ["y"], keepdims=keepdims, axes=axes)
    check(tmp_path, x, old, opset=14)


@pytest.mark.parametrize("shape", [[0, -1], [2, 2, 6], [4, 3, 2], [-1, 0, 3, 2]])
def test_reshape(tmp_path: Path, shape: list[int]):
    reshape = node("Reshape", ["x", "shape"], ["y"])
    check(tmp_path, reals(1, 4, 6), reshape, weights={"shape": np.array(shape)})


@in_one_file
@given(perm=st.permutations(range(4)))
def test_transpose(tmp_path: Path, perm: list[int]):
    check(tmp_path, reals(1, 3, 4, 5), node("Transpose", ["x"], ["y"], perm=perm))


@pytest.mark.parametrize("axes", [[0], [-2], [-2, 0]])
def test_squeeze_and_unsqueeze(tmp_path: Path, axes: list[int]):
    x, weights = reals(1, 4, 1, 6), {"axes": np.array(axes)}
    check(tmp_path, x, node("Squeeze", ["x", "axes"], ["y"]), weights=weights)
    check(tmp_path, x, node("Unsqueeze", ["x", "axes"], ["y"]), weights=weights)


def test_expand(tmp_path: Path):
    weights = {"shape": np.array([5, 1, 4, 1])}
    check(tmp_path, reals(1, 1, 6), node("Expand", ["x", "shape"], ["y"]), weights=weights)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_concat(tmp_path: Path, axis: int):
    weights = {"w": reals(1, 4, 6)}
    check(
        tmp_path,
        -reals(1, 4, 6),
        node("Concat", ["x", "w", "x"], ["y"], axis=axis),
        weights=weights,
    )


@in_one_file
@given(axes=st.lists(st.integers(1, 3), min_size=1, max_size=3, unique=True), data=st.data())
def test_slice(tmp_path: Path, axes: list[int], data: st.DataObject):
    def draw(numbers: st.SearchStrategy[int]) -> NDArray[np.int64]:
        return np.array(data.draw(st.lists(numbers, min_size=len(axes), max_size=len(axes))))

    weights = {
        "starts": draw(st.integers(-9, 9)),
        "ends": draw(st.integers(-9, 9)),
        "axes": np.array(axes),
        "steps": draw(st.integers(-3, 3).filter(bool)),
    }
    check(tmp_path, reals(1, 4, 5, 6), node("Slice", ["x", *weights], ["y"]), weights=weights)


def test_slice_to_the_end(tmp_path: Path):
    weights = {
        "starts": np.array([1, 4]),
        "ends": np.array([2**63 - 1, -(2**63)]),
        "axes": np.array([-1, -2]),
        "steps": np.array([1, -1]),
    }
    check(tmp_path, reals(1, 4, 5, 6), node("Slice", ["x", *weights], ["y"]), weights=weights)


@pytest.mark.parametrize(("axis", "sizes"), [(1, [1, 3]), (-1, [2, 2, 2]), (2, [6])])
def test_split(tmp_path: Path, axis: int, sizes: list[int]):
    pieces = [f"piece{index}" for index in range(len(sizes))]
    check(
        tmp_path,
        reals(1, 4, 6),
        node("Split", ["x", "sizes"], pieces, axis=axis),
        node("Concat", pieces[::-1], ["y"], axis=axis),
        weights={"sizes": np.array(sizes)},
    )


@pytest.mark.parametrize("axis", [1, -1])
@pytest.mark.parametrize("indices", [0, [2, -1], [[0, 1], [-2, 3]]])
def test_gather(tmp_path: Path, axis: int, indices: object):
    gather = node("Gather", ["x", "indices"], ["y"], axis=axis)
    check(tmp_path, reals(1, 4, 6), gather, weights={"indices": np.array(indices, np.int64)})


@pytest.mark.parametrize(
    "path", sorted(MODELS.glob("families/timm_patch8.*.onnx")), ids=lambda p: p.stem
)
def test_models(path: Path):
    image = reals(1, 3, 32, 32)
    found, expected = interpret(path, image), run_onnx_runtime(path, image)
    assert np.abs(found - expected).max() <= 1e-5 * np.abs(expected).max()


@pytest.mark.parametrize(
    ("opaque", "message"),
    [
        (node("Relu", ["x"], ["y"], name="/act"), "/act (Relu) has no operation to execute"),
        (
            node("Conv", ["x", "w"], ["y"], name="/conv", auto_pad="SAME_UPPER"),
            "/conv (Conv) has no operation to execute: auto_pad is SAME_UPPER, "
            "accepted are NOTSET and VALID",
        ),
    ],
    ids=["without a reason", "with a reason"],
)
def test_opaque_nodes_cannot_be_executed(tmp_path: Path, opaque: NodeProto, message: str):
    path = write(tmp_path, (1, 4, 6), opaque, weights={"w": np.ones((2, 4, 3), np.float32)})
    with pytest.raises(UserError) as error:
        interpret(path, reals(1, 4, 6))
    assert str(error.value) == message
