"""From an exported model of full size to the vit dialect, with the same results at every level."""

from pathlib import Path

import numpy as np

from tests.models.checks import TOLERANCE, relative_errors, run_onnx_runtime
from tests.models.full_size import write_full_size_model


def test_full_size_model(tmp_path: Path):
    """Both levels of DeiT-tiny agree with ONNX Runtime."""
    file = write_full_size_model("deit_tiny.dynamo18", tmp_path)
    images = np.random.default_rng(7).standard_normal((1, 3, 224, 224), np.float32)
    expected = run_onnx_runtime(file, images)
    for error in relative_errors(file, images, expected, "logits"):
        assert error <= TOLERANCE
