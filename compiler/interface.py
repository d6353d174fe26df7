"""The inputs and outputs of an accelerator, as the manifest of its project records them."""

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import ModuleOp

from vaqf.compiler.project import Json
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
class Interface:
    """All inputs and outputs of a network."""

    inputs: Sequence[Port]
    outputs: Sequence[Port]

    @staticmethod
    def of(module: ModuleOp) -> "Interface":
        """
        The interface of a module at the `accel` level.

        Raises:
            UserError: when the module is no accelerator.
        """
        found = accelerator.Accelerator.of(module)
        return Interface(
            [Port.of(each) for each in found.inputs], [Port.of(each) for each in found.outputs]
        )

    @staticmethod
    def read(manifest: dict[str, Json]) -> "Interface":
        """
        The interface that a manifest describes.

        Raises:
            UserError: when the manifest is damaged.
        """

        def ports(key: str) -> list[Port]:
            entries = manifest.get(key)
            if not isinstance(entries, list):
                raise UserError(f"the manifest has no list of {key}")
            return [Port.read(each) for each in entries]

        return Interface(ports("inputs"), ports("outputs"))
