"""The inputs and outputs of an accelerator, as the manifest of its project records them."""

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.ir import Attribute
from xdsl.utils.hints import isa

from vaqf.compiler.project import Json
from vaqf.dialects.diagnostics import UserError
from vaqf.dialects.model_reference import input_names, output_names
from vaqf.dialects.quant import IntType
from vaqf.interpreters.execute import entry_function


@dataclass(frozen=True)
class Port:
    """An input or output of the network: integers that stand for real values."""

    name: str
    """In the model."""

    shape: tuple[int, ...]
    """Of one sample; the first dimension is the batch, 1."""

    bits: int
    """Width of the integers, which are signed."""

    scale: float
    """Real value of one step."""

    @staticmethod
    def of(name: str, type: Attribute) -> "Port":
        """
        The port of that name and type.

        Raises:
            UserError: when it is not quantized.
        """
        if not isa(type, TensorType[IntType]):
            raise UserError(f"'{name}' is {type}, expected a tensor of !quant.int")
        format = type.element_type
        return Port(name, type.get_shape(), format.bits.data, format.scale.data)

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
        The interface of a network at the `quantized` level.

        Raises:
            UserError: when an input or output is not quantized.
        """
        function = entry_function(module)
        kinds = function.function_type
        return Interface(
            [Port.of(*each) for each in zip(input_names(function), kinds.inputs, strict=True)],
            [Port.of(*each) for each in zip(output_names(function), kinds.outputs, strict=True)],
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
