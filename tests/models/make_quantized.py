"""
Quantize small Vision Transformers: run it once by hand, and commit what it writes.

    python -m tests.models.make_quantized [NAME ...]

The models of QONNX need torch, brevitas, qonnx and onnxoptimizer; those of ONNX Runtime only
onnxruntime, and the fixture that they are made from.
"""

# The signatures of Brevitas, torch and ONNX Runtime are only partly typed:
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false
# pyright: reportUnknownVariableType=false

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

from tests.models.fixtures import INPUT

Floats = NDArray[np.float32]

FOLDER = Path(__file__).parent / "quantized"

SOURCE = Path(__file__).parent / "families" / "timm_fused.legacy17_static.onnx"

IMAGE = (1, 3, 16, 16)

LAYERS = ["Conv", "Gemm", "MatMul"]
"""What the integers of an accelerator are for."""


def images(count: int, seed: int = 0) -> list[NDArray[np.float32]]:
    """Noise, each a batch of one."""
    source = np.random.default_rng(seed)
    return [source.standard_normal(IMAGE).astype(np.float32) for _ in range(count)]


class Images(CalibrationDataReader):
    """Noise for ONNX Runtime's calibration."""

    def __init__(self) -> None:
        self._batches = iter(images(8))

    def get_next(self) -> dict[str, Floats]:
        image = next(self._batches, None)
        return {} if image is None else {INPUT: image}


def write_qdq(file: Path, *, per_channel: bool, activations: QuantType) -> None:
    """What docs/quantized-onnx.md says to do with ONNX Runtime."""
    quantize_static(
        SOURCE,
        file,
        Images(),
        quant_format=QuantFormat.QDQ,
        activation_type=activations,
        weight_type=QuantType.QInt8,
        per_channel=per_channel,
        op_types_to_quantize=LAYERS,
        extra_options={
            "ActivationSymmetric": True,
            "OpTypesToExcludeOutputQuantization": LAYERS,
        },
    )


def write_everything(file: Path) -> None:
    """What ONNX Runtime does unless told otherwise, which rounds within GELU and LayerNorm."""
    quantize_static(SOURCE, file, Images(), quant_format=QuantFormat.QDQ)


def write_qonnx(file: Path, weight_bits: int, bits: int) -> None:
    """What docs/quantized-onnx.md says to do with Brevitas."""
    import torch
    from brevitas.export import export_qonnx

    from tests.models.quantized_vit import QuantizedVit

    torch.manual_seed(0)
    model = QuantizedVit(weight_bits, bits)
    with torch.no_grad():
        for each in model.parameters():
            each.add_(0.1 * torch.randn_like(each))
        for image in images(8):
            model(torch.from_numpy(image))
    model.eval()
    example = torch.from_numpy(images(1)[0])
    names = {"input_names": [INPUT], "output_names": ["logits"]}
    export_qonnx(
        model, args=example, export_path=str(file), opset_version=17, dynamo=False, **names
    )


class Quant(OpRun):
    """`Quant` of QONNX, as the qonnx package computes it."""

    op_domain = "qonnx.custom_op.general"

    def _run(
        self,
        x: Floats,
        scale: Floats,
        zero: Floats,
        bits: Floats,
        *,
        narrow: int,
        signed: int,
        rounding_mode: str,
    ) -> tuple[Floats]:
        from qonnx.custom_op.general.intquant import int_quant

        result = int_quant(x, scale, zero, bits, signed, narrow, rounding_mode)
        return (result.astype(np.float32),)


class BipolarQuant(OpRun):
    """`BipolarQuant` of QONNX, as the qonnx package computes it."""

    op_domain = "qonnx.custom_op.general"

    def _run(self, x: Floats, scale: Floats) -> tuple[Floats]:
        from qonnx.custom_op.general.bipolar_quant import binary_quant

        return (binary_quant(x, scale).astype(np.float32),)


def write_expected(name: str) -> None:
    """What the reference implementations of ONNX and QONNX compute, for the tests."""
    file = FOLDER / f"{name}.onnx"
    evaluator = ReferenceEvaluator(str(file), new_ops=[Quant, BipolarQuant])
    logits = [np.asarray(evaluator.run(["logits"], {INPUT: image})) for image in images(4, seed=1)]
    np.save(file.with_suffix(".npy"), np.concatenate(logits).reshape(len(logits), -1))


MODELS: Mapping[str, Callable[[Path], None]] = {
    "qdq_int8_per_tensor": partial(write_qdq, per_channel=False, activations=QuantType.QInt8),
    "qdq_int8_per_channel": partial(write_qdq, per_channel=True, activations=QuantType.QInt8),
    "qdq_uint8_per_channel": partial(write_qdq, per_channel=True, activations=QuantType.QUInt8),
    "qdq_everything": write_everything,
    "qonnx_w1a8": partial(write_qonnx, weight_bits=1, bits=8),
    "qonnx_w1a6": partial(write_qonnx, weight_bits=1, bits=6),
    "qonnx_w1a4": partial(write_qonnx, weight_bits=1, bits=4),
    "qonnx_w4a8": partial(write_qonnx, weight_bits=4, bits=8),
}
"""How to write each model."""


def strip(file: Path) -> None:
    """Leave out what no test needs."""
    model = onnx.load(file)
    del model.graph.value_info[:]
    for node in model.graph.node:
        node.doc_string = ""
    onnx.save(model, file)


def main() -> None:
    """Write the models that are named, or all."""
    FOLDER.mkdir(exist_ok=True)
    for name in sys.argv[1:] or MODELS:
        file = FOLDER / f"{name}.onnx"
        MODELS[name](file)
        strip(file)
        sys.stdout.write(f"{file.stat().st_size:>8} {file}\n")
        if name.startswith("qonnx"):
            write_expected(name)


if __name__ == "__main__":
    main()
