"""Whether what was trained is what is compiled: the network in torch against its IR in integers."""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from xdsl.dialects.builtin import ModuleOp

from vaqf.compiler.compilation import compile_file
from vaqf.compiler.model_resolution import ModelSearch, searching_models
from vaqf.compiler.pipeline import Level, Options, stages, until
from vaqf.frontends.onnx import ModelFile
from vaqf.interpreters.execute import execute
from vaqf.training.network import Network


@dataclass(frozen=True)
class Agreement:
    """How alike two sides answer."""

    images: int
    same_class: int
    """For how many images both say the same class."""

    largest_difference: float
    """Of logits; 0 when they are equal to the last bit."""

    def __str__(self) -> str:
        """For a reader."""
        share = 100 * self.same_class / self.images
        equal = "logits equal to the last bit"
        rest = f"logits differ by at most {self.largest_difference:.3g}"
        return (
            f"same class on {self.same_class} of {self.images} images ({share:.1f} %), "
            f"{rest if self.largest_difference else equal}"
        )


def integer_level(model: ModelFile) -> ModuleOp:
    """A model that gives all formats, as IR in integers. Nothing of it is calibrated."""
    found = stages(Options(assume_ranges=True))
    return compile_file(model, str(model.path), until(Level.QUANTIZED, found))


def agreement(network: Network, exported: Path, images: torch.Tensor) -> Agreement:
    """
    Compare a network that is evaluated in integers with the IR of what was exported of it.

    Args:
        network: Finished, in evaluation mode.
        exported: The model that was exported.
        images: As the model takes them.
    """
    model = ModelFile.open(exported)
    module = integer_level(model)
    device = next(network.parameters()).device
    with torch.no_grad():
        ours = network(images.to(device)).logits.cpu().numpy()
    with searching_models(ModelSearch(override=exported, opened={exported: model})):
        results = execute(module, {network.input_name: images.numpy()}, model)
    theirs = results[network.output_name].reshape(ours.shape).astype(np.float32)
    same = int((ours.argmax(axis=1) == theirs.argmax(axis=1)).sum())
    return Agreement(len(images), same, float(np.abs(ours - theirs).max()))
