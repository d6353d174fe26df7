"""Rounding to integers: ONNX against its reference implementation, QONNX by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from vaqf.frontends.onnx import ModelFile, import_file
from vaqf.interpreters.arithmetic.integers import OutOfRangeError
from vaqf.interpreters.arithmetic.weights import (
    dequantize_weight,
    recentre_weight,
    round_weight,
    weight_signs,
)
from vaqf.interpreters.execute import execute

Floats = NDArray[np.float32]

SHAPE = (1, 4, 6)


class Evaluator(Protocol):
    """What is used of the reference implementation."""

    def run(
        self, output_names: list[str], feed_inputs: dict[str, Floats]
    ) -> list[Floats] | dict[str, Floats]: ...


HALVES = np.linspace(-3, 2.75, 24, dtype=np.float32).reshape(SHAPE)
"""In steps of 1/2, half of them lie in the middle between two integers."""


def computed(path: Path, x: Floats) -> Floats:
    """The only output of a model on its only input."""
    file = ModelFile.open(path)
    return execute(import_file(file, str(path)), {"x": x}, file)["y"].astype(np.float32)


def reference(evaluator: Evaluator, x: Floats) -> Floats:
    """What the reference implementation computes."""
    (y,) = evaluator.run(["y"], {"x": x})
    return np.asarray(y)


def write(
    path: Path,
    nodes: Sequence[tuple[str, Sequence[str], str]],
    tensors: Mapping[str, NDArray[np.generic]],
    attributes: Mapping[str, int],
    domain: str = "",
) -> None:
    protos = [helper.make_node(kind, names, [y], name=y, domain=domain) for kind, names, y in nodes]
    for proto in protos:
        proto.attribute.extend(helper.make_attribute(*each) for each in attributes.items())
    graph = helper.make_graph(
        protos,
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, SHAPE)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, SHAPE)],
        [numpy_helper.from_array(array, name) for name, array in tensors.items()],
    )
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("qonnx.custom_op.general", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    path.write_bytes(model.SerializeToString())


@pytest.mark.parametrize(
    ("scale", "zero", "attributes"),
    [
        (np.float32(0.5), np.int8(0), {}),
        (np.float32(0.01), np.int8(-7), {}),
        (np.float32(0.5), np.uint8(3), {}),
        (np.float32(0.001), np.int16(5), {}),
        (np.array([0.5, 0.25, 1, 2], np.float32), np.zeros(4, np.int8), {"axis": 1}),
        (
            np.array([0.5, 0.25], np.float32).reshape(1, 2, 1) * np.ones((1, 2, 6), np.float32),
            np.zeros((1, 2, 6), np.uint8),
            {"axis": 1, "block_size": 2},
        ),
    ],
)
def test_linear(
    scale: NDArray[np.float32],
    zero: NDArray[np.integer],
    attributes: dict[str, int],
    tmp_path: Path,
):
    path = tmp_path / "model.onnx"
    nodes = [
        ("QuantizeLinear", ["x", "scale", "zero"], "q"),
        ("DequantizeLinear", ["q", "scale", "zero"], "y"),
    ]
    write(path, nodes, {"scale": np.asarray(scale), "zero": np.asarray(zero)}, attributes)
    expected = reference(ReferenceEvaluator(str(path)), HALVES)
    assert np.array_equal(computed(path, HALVES), expected)


@pytest.mark.parametrize(
    ("bits", "signed", "narrow", "expected"),
    [
        (2, 1, 0, [-2, -2, -2, 0, 0, 1, 1]),
        (2, 1, 1, [-1, -1, -1, 0, 0, 1, 1]),
        (3, 1, 0, [-2, -2, -2, 0, 0, 2, 2]),
        (2, 0, 0, [0, 0, 0, 0, 0, 2, 2]),
        (1, 1, 0, [-1, -1, -1, -1, 1, 1, 1]),
    ],
)
def test_quant(bits: int, signed: int, narrow: int, expected: list[int], tmp_path: Path):
    """Half to even, after clamping; the scale is 1/2."""
    path = tmp_path / "model.onnx"
    numbers = {"scale": 0.5, "zero": 0.0, "bits": float(bits)}
    tensors = {name: np.array(value, np.float32) for name, value in numbers.items()}
    graph_nodes = [("Quant", ["x", *tensors], "y")]
    attributes = {"signed": signed, "narrow": narrow}
    write(path, graph_nodes, tensors, attributes, "qonnx.custom_op.general")
    x = np.zeros(SHAPE, np.float32)
    x.flat[:7] = np.array([-2.5, -2, -1.5, -0.5, 0.5, 1.5, 2.5], np.float32) / 2
    assert (computed(path, x).ravel()[:7] * 2).tolist() == expected


def test_given_weights():
    weight = np.array([[0.5, -1.5, 0.3], [10, -10, 0]], np.float32)
    scale = np.array([1, 2], np.float32)
    integers = round_weight(weight, scale, -4, 3)
    assert integers.dtype == np.int8
    assert integers.tolist() == [[0, -2, 0], [3, -4, 0]]
    assert dequantize_weight(integers, scale).tolist() == [[0, -2, 0], [6, -8, 0]]
    assert weight_signs(weight).tolist() == [[1, -1, 1], [1, -1, 1]]
    stored = np.array([0, 128, 255], np.uint8)
    assert recentre_weight(stored, 128, 9).tolist() == [-128, 0, 127]


def test_weights_that_do_not_fit():
    weight = np.ones((2, 3), np.float32)
    with pytest.raises(OutOfRangeError, match="the scale of channel 1 is 0, it must be positive"):
        round_weight(weight, np.array([1, 0], np.float32), -7, 7)
    weight[1, 2] = np.nan
    with pytest.raises(OutOfRangeError, match="the weight of channel 1 has a value that is not a"):
        round_weight(weight, np.ones(2, np.float32), -7, 7)
    with pytest.raises(
        OutOfRangeError, match="an integer of magnitude 128, accepted is at most 127"
    ):
        recentre_weight(np.array([0], np.uint8), 128, 8)
