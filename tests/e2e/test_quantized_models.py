"""Models that ONNX Runtime and Brevitas have quantized, from the file to the C++ that is run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import numpy_helper
from xdsl.dialects.builtin import ModuleOp

from tests.e2e.test_csim import compile_and_run
from tests.models.checks import TOLERANCE, run_onnx_runtime
from tests.models.fixtures import INPUT
from tests.models.vit_level import raise_to_vit
from vaqf.compiler.cli import main as vaqf
from vaqf.compiler.context import full_context
from vaqf.compiler.pipeline import Level, Options, stages
from vaqf.dialects import quant
from vaqf.dialects.quant.formats import element_format
from vaqf.frontends.onnx import ModelFile, import_file
from vaqf.interpreters.execute import execute, interpreter_of
from vaqf.passes.constants import evaluate

Array = NDArray[np.generic]
Floats = NDArray[np.float32]

FOLDER = Path(__file__).parents[1] / "models" / "quantized"

QDQ = ("qdq_int8_per_tensor", "qdq_int8_per_channel", "qdq_uint8_per_channel")
QONNX = ("qonnx_w1a8", "qonnx_w1a6", "qonnx_w1a4", "qonnx_w4a8")

OUTPUT = "logits"

HEAD_CHANNELS = 10
"""In the models of QDQ, which divide queries and keys by the fourth root of it before rounding."""


def images() -> Floats:
    """Those whose logits `make_quantized.py` writes."""
    source = np.random.default_rng(1)
    return np.stack([source.standard_normal((3, 16, 16)).astype(np.float32) for _ in range(4)])


def expected_logits(name: str) -> Floats:
    """Those of ONNX Runtime, or of the reference implementations of ONNX and QONNX."""
    file = FOLDER / f"{name}.onnx"
    if name in QONNX:
        return np.load(file.with_suffix(".npy"))
    return np.concatenate([run_onnx_runtime(file, image[None]) for image in images()])


class Model:
    """A fixture on its way down."""

    def __init__(self, name: str):
        path = FOLDER / f"{name}.onnx"
        self.file = ModelFile.open(path)
        self.proto = onnx.ModelProto.FromString(path.read_bytes())
        self.module: ModuleOp = import_file(self.file, str(path))
        self.tensors = {
            each.name: numpy_helper.to_array(each) for each in self.proto.graph.initializer
        }

    def logits(self) -> Floats:
        logits = execute(self.module, {INPUT: images()}, self.file)[OUTPUT]
        assert logits.dtype == np.float32
        return logits.astype(np.float32)

    def quantize(self) -> None:
        """Take it from the vit level to the quantized level."""
        for stage in stages(Options()):
            if stage.level == Level.QUANTIZED:
                for step in stage.passes:
                    step.apply(full_context(), self.module)
                    self.module.verify()

    def formats(self) -> Iterator[quant.IntType | quant.UnsignedType]:
        """Every format that activations are rounded to."""
        for op in self.module.walk():
            if isinstance(op, quant.QuantizeOp):
                yield element_format(op.result)

    def constant(self, name: str) -> Array:
        """An initializer, or the value of a `Constant` node."""
        return self.file.read_any(name)


def relative_error(found: Floats, expected: Floats) -> float:
    return float(np.abs(found - expected).max() / np.abs(expected).max())


@pytest.mark.parametrize("name", (*QDQ, *QONNX))
def test_levels(name: str) -> None:
    """
    The `onnx` and the `vit` level are what others compute; the `quantized` level rounds more.

    A value that lies in the middle between two integers, within the error of float arithmetic, may
    be rounded to either. These images have none.
    """
    model, expected = Model(name), expected_logits(name)
    assert relative_error(model.logits(), expected) <= TOLERANCE
    raise_to_vit(model.module)
    assert relative_error(model.logits(), expected) <= TOLERANCE
    model.quantize()
    assert relative_error(model.logits(), expected) <= 0.06


@pytest.mark.parametrize("name", QDQ)
def test_formats_of_qdq(name: str) -> None:
    """Scales are those of the file; of queries and keys, what they were before their factor."""
    model = Model(name)
    raise_to_vit(model.module)
    nodes = [node for node in model.proto.graph.node if node.op_type == "QuantizeLinear"]
    scales = {float(model.constant(node.input[1])) for node in nodes}
    factor = np.float32(1) / np.sqrt(np.sqrt(np.float32(HEAD_CHANNELS)))
    formats = list(model.formats())
    assert len(formats) == len(nodes)
    for format in formats:
        scale = format.scale.data
        unscaled = min(abs(scale * float(factor) / each - 1) for each in scales)
        assert scale in scales or unscaled < 1e-6
        is_probability = isinstance(format, quant.UnsignedType)
        assert format.bits.data == (7 if is_probability else 8)
    assert sum(format.scale.data in scales for format in formats) >= len(nodes) - 4


@pytest.mark.parametrize("name", QONNX)
def test_formats_of_qonnx(name: str) -> None:
    model = Model(name)
    raise_to_vit(model.module)
    in_file: list[tuple[int, float]] = []
    for node in model.proto.graph.node:
        if node.op_type == "Quant" and node.input[0] not in model.tensors:
            scale, bits = (model.constant(node.input[index]) for index in (1, 3))
            in_file.append((int(bits), float(scale)))
    assert sorted(in_file) == sorted(
        (format.bits.data, format.scale.data) for format in model.formats()
    )


def matrices(weight: Array) -> list[Array]:
    """A weight as output x input channels, that of queries, keys and values in three."""
    matrix = weight.reshape(len(weight), -1)
    rows, columns = matrix.shape
    return list(matrix.reshape(3, columns, columns)) if rows == 3 * columns else [matrix]


def weights_in_file(model: Model) -> Iterator[Array]:
    """The integers of all weights, computed here from what the file says."""
    graph = model.proto.graph
    users = {name: node.op_type for node in graph.node for name in node.input}
    for node in graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in model.tensors:
            stored = model.tensors[node.input[0]]
            if stored.dtype == np.int8:
                yield stored.T if users[node.output[0]] == "MatMul" else stored
        elif node.op_type == "Quant" and node.input[0] in model.tensors:
            scale, bits = model.constant(node.input[1]), int(model.constant(node.input[3]))
            limit = 2 ** (bits - 1) - 1
            steps = model.tensors[node.input[0]] / scale
            yield np.rint(np.clip(steps, -limit, limit)).astype(np.int8)
        elif node.op_type == "BipolarQuant":
            yield np.where(model.tensors[node.input[0]] >= 0, np.int8(1), np.int8(-1))


@pytest.mark.parametrize("name", (*QDQ, *QONNX))
def test_weights(name: str) -> None:
    """The integers of every linear are those of the file, not rounded again."""
    model = Model(name)
    raise_to_vit(model.module)
    model.quantize()
    interpreter = interpreter_of(model.module, model.file)
    linears = [op for op in model.module.walk() if isinstance(op, quant.LinearOp)]
    found = [evaluate(interpreter, op.weight, op, "weight") for op in linears]
    expected = [each for weight in weights_in_file(model) for each in matrices(weight)]
    assert len(found) == 14
    assert sorted((each.shape, each.astype(np.int8).tobytes()) for each in found) == sorted(
        (each.shape, each.astype(np.int8).tobytes()) for each in expected
    )


@pytest.mark.parametrize("name", ("qdq_int8_per_channel", "qonnx_w1a6", "qonnx_w4a8"))
def test_csim(name: str, tmp_path: Path) -> None:
    model, project = FOLDER / f"{name}.onnx", tmp_path / "project"
    assert vaqf(["compile", str(model), "-o", str(project)]) == 0
    assert "12 comparisons: all equal" in compile_and_run(project, CXXFLAGS="-O1")
