"""Operators that stand for several, fused and decomposed, against ONNX Runtime."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from vaqf.frontends.onnx import ModelFile, import_file
from vaqf.interpreters.execute import execute
from vaqf.passes.decompose_onnx_fused_operators import DecomposeOnnxFusedOperatorsPass

Floats = NDArray[np.float32]
Weights = Mapping[str, NDArray[np.generic]]

node = helper.make_node


def reals(*shape: int) -> Floats:
    return np.random.default_rng(sum(shape)).standard_normal(shape, np.float32)


def run(module: ModuleOp, file: ModelFile, x: Floats) -> Floats:
    (result,) = execute(module, {"x": x}, file).values()
    return result.astype(np.float32)


def fused_operators(module: ModuleOp) -> list[str]:
    return [
        op.name
        for op in module.walk()
        if op.name == "onnx.Attention" or op.name.startswith("onnx.microsoft")
    ]


def check(
    folder: Path,
    x: Floats,
    *nodes: NodeProto,
    weights: Weights,
) -> None:
    """Compare a model from `x` to `y`, as it came and decomposed, with ONNX Runtime."""
    graph = helper.make_graph(
        list(nodes),
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    opsets = [helper.make_opsetid("", 23), helper.make_opsetid("com.microsoft", 1)]
    path = folder / "model.onnx"
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    path.write_bytes(model.SerializeToString())
    (expected,) = onnxruntime.InferenceSession(path).run(None, {"x": x})

    file = ModelFile.open(path)
    module = import_file(file)
    module.verify()
    assert fused_operators(module)
    np.testing.assert_allclose(run(module, file, x), expected, rtol=1e-5, atol=2e-6)

    DecomposeOnnxFusedOperatorsPass().apply(Context(), module)
    module.verify()
    assert not fused_operators(module)
    np.testing.assert_allclose(run(module, file, x), expected, rtol=1e-5, atol=2e-6)


def microsoft(op_type: str, inputs: Sequence[str], outputs: Sequence[str]) -> NodeProto:
    return node(op_type, inputs, outputs, domain="com.microsoft")


def set_attributes(node: NodeProto, **attributes: float) -> NodeProto:
    for name, value in attributes.items():
        node.attribute.append(helper.make_attribute(name, value))
    return node


def test_bias_gelu(tmp_path: Path):
    weights = {"b": reals(6)}
    check(tmp_path, reals(1, 4, 6), microsoft("BiasGelu", ["x", "b"], ["y"]), weights=weights)


@pytest.mark.parametrize("left", [0, 1])
@pytest.mark.parametrize("right", [0, 1])
def test_fused_matmul(tmp_path: Path, left: int, right: int):
    shape = (2, 3, 4, 6) if left else (2, 3, 6, 4)
    weights = {"w": reals(*shape[:2], 5, 4) if right else reals(*shape[:2], 4, 5)}
    product = microsoft("FusedMatMul", ["x", "w"], ["y"])
    set_attributes(product, transA=left, transB=right, alpha=0.3)
    check(tmp_path, reals(1, *shape[1:]), product, weights={"w": weights["w"][:1]})


def test_fused_matmul_without_attributes(tmp_path: Path):
    check(
        tmp_path,
        reals(1, 6, 4),
        microsoft("FusedMatMul", ["x", "w"], ["y"]),
        weights={"w": reals(4, 5)},
    )


@pytest.mark.parametrize("optional", [[], ["beta"], ["beta", "bias"], ["", "bias"]])
@pytest.mark.parametrize("result", ["normed", "sum"])
def test_skip_layer_normalization(tmp_path: Path, optional: list[str], result: str):
    outputs = ["y"] if result == "normed" else ["normed", "", "", "y"]
    norm = microsoft("SkipLayerNormalization", ["x", "skip", "gamma", *optional], outputs)
    set_attributes(norm, epsilon=0.1)
    weights = {
        "skip": reals(1, 4, 6),
        "gamma": reals(6),
        "beta": reals(6) + 1,
        "bias": reals(6) - 1,
    }
    # The sum is decomposed too when only that is used.
    check(tmp_path, reals(1, 4, 6) + 3, norm, weights=weights)


HEADS, TOKENS, KEYS, SIZE = 3, 5, 7, 4

MASKS: Weights = {
    "true": np.array(True),
    "zero": np.array(0, np.float32),
    "condition": np.tri(TOKENS, KEYS) > 0,
    "nothing for one query": np.tri(TOKENS, KEYS, -1) > 0,
    "bias": reals(1, HEADS, TOKENS, KEYS),
}


# Where a mask hides everything, the softmax is computed, but not used.
@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("mask", [None, *MASKS])
@pytest.mark.parametrize("scale", [None, 0.3])
@pytest.mark.parametrize("has_head_dimension", [False, True])
def test_attention(tmp_path: Path, mask: str | None, scale: float | None, has_head_dimension: bool):
    attention = node("Attention", ["x", "k", "v", "mask"][: 3 if mask is None else 4], ["y"])
    if scale is not None:
        set_attributes(attention, scale=scale)
    if has_head_dimension:
        x = reals(1, HEADS, TOKENS, SIZE)
        weights = {"k": reals(1, HEADS, KEYS, SIZE), "v": reals(1, HEADS, KEYS, SIZE + 2)}
    else:
        set_attributes(attention, q_num_heads=HEADS, kv_num_heads=HEADS)
        x = reals(1, TOKENS, HEADS * SIZE)
        weights = {"k": reals(1, KEYS, HEADS * SIZE), "v": reals(1, KEYS, HEADS * (SIZE + 2))}
    if mask is None:
        check(tmp_path, x, attention, weights=weights)
        return
    shape = np.array([1, 1, TOKENS, KEYS])
    check(
        tmp_path,
        x,
        node("Expand", ["stored", "shape"], ["mask"]),
        attention,
        weights=weights | {"stored": MASKS[mask], "shape": shape},
    )
