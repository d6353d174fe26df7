"""The model file that a module was imported from, and the names of its inputs and outputs."""

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, ModuleOp, StringAttr
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute

from vaqf.dialects.diagnostics import UserError

MODEL_ATTRIBUTE = "vaqf.model"
"""Module attribute `{file = "deit.onnx", sha256 = "..."}`."""

NAME_ATTRIBUTE = "vaqf.name"
"""Argument or result attribute of a function: the name of that input or output in the model."""


@dataclass(frozen=True)
class ModelReference:
    """Where the weights of a module are: text plus this file reproduce everything."""

    file: str
    """Path of the model, as it was given."""

    sha256: str
    """SHA-256 in hexadecimal, of the model file followed by its external data files, if any."""

    @staticmethod
    def of(module: ModuleOp) -> "ModelReference | None":
        """The reference of a module; None for a module without weights."""
        match module.attributes.get(MODEL_ATTRIBUTE):
            case DictionaryAttr(
                data={"file": StringAttr(data=file), "sha256": StringAttr(data=sha256)}
            ):
                return ModelReference(file, sha256)
            case None:
                return None
            case other:
                raise UserError(
                    f"module attribute '{MODEL_ATTRIBUTE}' is {other}, "
                    'expected {file = "...", sha256 = "..."}'
                )

    def record_in(self, module: ModuleOp) -> None:
        """Write this reference into the attributes of a module."""
        module.attributes[MODEL_ATTRIBUTE] = DictionaryAttr(
            {"file": StringAttr(self.file), "sha256": StringAttr(self.sha256)}
        )


def named(names: Sequence[str]) -> ArrayAttr[DictionaryAttr]:
    """The `arg_attrs` or `res_attrs` that give arguments or results their names in the model."""
    return ArrayAttr([DictionaryAttr({NAME_ATTRIBUTE: StringAttr(name)}) for name in names])


def _names(attributes: ArrayAttr[DictionaryAttr] | None, count: int, kind: str) -> tuple[str, ...]:
    def name(index: int, attribute: Attribute | None) -> str:
        return attribute.data if isinstance(attribute, StringAttr) else f"{kind}{index}"

    if attributes is None:
        return tuple(f"{kind}{index}" for index in range(count))
    return tuple(
        name(index, each.data.get(NAME_ATTRIBUTE)) for index, each in enumerate(attributes.data)
    )


def input_names(function: FuncOp) -> tuple[str, ...]:
    """Names of the function's inputs in the model; `input0`, ... where none were recorded."""
    return _names(function.arg_attrs, len(function.function_type.inputs), "input")


def output_names(function: FuncOp) -> tuple[str, ...]:
    """Names of the function's outputs in the model; `output0`, ... where none were recorded."""
    return _names(function.res_attrs, len(function.function_type.outputs), "output")
