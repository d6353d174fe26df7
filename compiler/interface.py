"""The inputs and outputs of an accelerator, as the manifest of its project records them."""

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import ModuleOp

from vaqf.compiler.project import Json
from vaqf.dialects.accel.checkpoints import CheckpointValue, checkpoint_values
from vaqf.dialects.diagnostics import UserError
from vaqf.interpreters import accelerator


@dataclass(frozen=True)
class Port:
    """An input or output of the network: integers that stand for real values."""

    name: str
    """In the model."""

    shape: tuple[int, ...]
    """Of one sample."""

    bits: int
    """Width of the integers, which are signed."""

    scale: float
    """Real value of one step."""

    @staticmethod
    def of(port: accelerator.Port) -> "Port":
        """A port of a module at the `accel` level."""
        return Port(port.name, port.shape, port.format.bits.data, port.format.scale.data)

    @staticmethod
    def read(entry: Json) -> "Port":
        """
        The port that an entry of a manifest describes.

        Raises:
            UserError: when the entry is damaged.
        """
        match entry:
            case {
                "name": str(name),
                "shape": list(shape),
                "bits": int(bits),
                "scale": float(scale),
            }:
                sizes = tuple(size for size in shape if isinstance(size, int))
                return Port(name, sizes, bits, scale)
            case _:
                raise UserError(f"the manifest describes an input or output as {entry}")

    def as_json(self) -> Json:
        """As an entry of a manifest."""
        return {
            "name": self.name,
            "shape": list(self.shape),
            "bits": self.bits,
            "scale": self.scale,
        }


@dataclass(frozen=True)
class TracedValue:
    """A value in the network that a trace has: integers that stand for real values."""

    label: str
    """Of the checkpoint that shows it."""

    index: int
    """Which of the values of that label."""

    node: str
    """The ONNX node that it is the value of; empty when that is not known."""

    shape: tuple[int, ...]
    """Of one sample: tokens x channels."""

    bits: int
    """Width of the integers, which are signed."""

    scale: float
    """Real value of one step."""

    @property
    def name(self) -> str:
        """As its ONNX node, or as its checkpoint where that is not known."""
        return self.node or f"{self.label}[{self.index}]"

    @staticmethod
    def of(value: CheckpointValue) -> "TracedValue":
        """A value of a module at the `accel` level."""
        bits, scale = value.format.bits.data, value.format.scale.data
        return TracedValue(value.label, value.index, value.node, value.shape, bits, scale)

    @staticmethod
    def read(entry: Json) -> "TracedValue":
        """
        The value that an entry of a manifest describes.

        Raises:
            UserError: when the entry is damaged.
        """
        match entry:
            case {
                "label": str(label),
                "index": int(index),
                "node": str(node),
                "shape": list(shape),
                "bits": int(bits),
                "scale": float(scale),
            }:
                sizes = tuple(size for size in shape if isinstance(size, int))
                return TracedValue(label, index, node, sizes, bits, scale)
            case _:
                raise UserError(f"the manifest describes a traced value as {entry}")

    def as_json(self) -> Json:
        """As an entry of a manifest."""
        return {
            "label": self.label,
            "index": self.index,
            "node": self.node,
            "shape": list(self.shape),
            "bits": self.bits,
            "scale": self.scale,
        }


@dataclass(frozen=True)
class Interface:
    """All inputs and outputs of a network, and what a trace of it has."""

    inputs: Sequence[Port]
    outputs: Sequence[Port]
    traced: Sequence[TracedValue] = ()
    """In the order of the program."""

    @staticmethod
    def of(module: ModuleOp) -> "Interface":
        """
        The interface of a module at the `accel` level.

        Raises:
            UserError: when the module is no accelerator.
        """
        found = accelerator.Accelerator.of(module)
        return Interface(
            [Port.of(each) for each in found.inputs],
            [Port.of(each) for each in found.outputs],
            [TracedValue.of(each) for each in checkpoint_values(found.forward)],
        )

    @staticmethod
    def read(manifest: dict[str, Json]) -> "Interface":
        """
        The interface that a manifest describes.

        Raises:
            UserError: when the manifest is damaged.
        """

        def entries(key: str, otherwise: Json = None) -> list[Json]:
            found = manifest.get(key, otherwise)
            if not isinstance(found, list):
                raise UserError(f"the manifest has no list of {key}")
            return found

        return Interface(
            [Port.read(each) for each in entries("inputs")],
            [Port.read(each) for each in entries("outputs")],
            [TracedValue.read(each) for each in entries("checkpoints", [])],
        )
