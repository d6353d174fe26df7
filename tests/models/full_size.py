"""DeiT at full size for the tests: real exported graphs, with weights made up on the spot."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

FOLDER = Path(__file__).parent

Name = Literal[
    "deit_tiny.legacy17", "deit_tiny.dynamo18", "deit_base.legacy17", "deit_base.dynamo18"
]


def write_full_size_model(name: Name, folder: Path, seed: int = 0) -> Path:
    """
    Write a complete model, with inline weights, into `folder`.

    The weights are drawn so that activations keep the spread that they have in a trained model:
    factors of layer norms around 1, biases small, and the weights of linear layers with a
    standard deviation of 0.04. The same name and seed give the same weights.

    Returns:
        The path of the ONNX file: 23 MB for DeiT-tiny, 346 MB for DeiT-base.
    """
    model = onnx.ModelProto.FromString((FOLDER / f"{name}.onnx").read_bytes())
    factors = set(_layer_norm_factors(model.graph.node))
    generator = np.random.default_rng(seed)
    for tensor in model.graph.initializer:
        if tensor.data_location == onnx.TensorProto.EXTERNAL:
            weight = _random_weight(generator, tuple(tensor.dims), tensor.name in factors)
            tensor.CopyFrom(numpy_helper.from_array(weight, tensor.name))
    file = folder / f"{name}.onnx"
    file.write_bytes(model.SerializeToString())
    return file


def _layer_norm_factors(nodes: Iterable[onnx.NodeProto]) -> Iterable[str]:
    return (node.input[1] for node in nodes if node.op_type == "LayerNormalization")


def _random_weight(
    generator: np.random.Generator, shape: tuple[int, ...], is_factor: bool
) -> NDArray[np.float32]:
    normal = generator.standard_normal(shape, np.float32)
    if is_factor:
        return np.float32(1) + np.float32(0.2) * normal
    return np.float32(0.1 if len(shape) == 1 else 0.04) * normal
