"""An ONNX file: its graph in memory, its weights where they are until someone reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from math import prod
from mmap import ACCESS_READ, mmap
from pathlib import Path, PurePosixPath

import numpy as np
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError, Message
from numpy.typing import NDArray
from onnx import AttributeProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

from vaqf.dialects.diagnostics import UserError
from vaqf.frontends.onnx.wire_format import MalformedError, without_large_tensors

_HASHED_AT_ONCE = 1 << 18

_TWO_IN_A_BYTE = (TensorProto.INT4, TensorProto.UINT4, TensorProto.FLOAT4E2M1)
"""Element types of four bits, which files pack."""


@dataclass(frozen=True)
class _Block:
    """Where the data of a tensor is: consecutive little-endian elements."""

    file: Path
    offset: int
    length: int


def map_file(path: Path) -> mmap:
    """
    The bytes of a file, which are read when they are used.

    Raises:
        UserError: when there is no such file, or nothing in it.
    """
    if path.is_dir():
        raise UserError(f"{path}: is a folder, expected an ONNX file")
    try:
        with path.open("rb") as file:
            if not path.stat().st_size:
                raise UserError(f"{path}: is empty, expected an ONNX model")
            return mmap(file.fileno(), 0, access=ACCESS_READ)
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None


def tensor_of(node: NodeProto) -> TensorProto | None:
    """The tensor of a `Constant` node; None for other nodes and other kinds of constants."""
    if node.op_type == "Constant" and not node.domain:
        for attribute in node.attribute:
            if attribute.type == AttributeProto.TENSOR:
                return attribute.t
    return None


@dataclass(frozen=True)
class ModelFile:
    """
    An ONNX model on disk. It is a `ParameterSource`.

    The tensors are the initializers of the main graph, and the values of its `Constant` nodes under
    the names of their outputs.
    """

    path: Path
    """Where the model is; external data lies beside it."""

    model: ModelProto
    """The model without the data of large tensors: those are external, maybe in `path` itself."""

    tensors: Mapping[str, TensorProto]
    """Every tensor by name, as `model` describes it."""

    @staticmethod
    def open(path: Path) -> ModelFile:
        """
        Read the graph of a model, and check that all its weights are there.

        Raises:
            UserError: when the file or its external data is missing, damaged, or no ONNX model.
        """
        data = map_file(path)
        not_a_model = UserError(f"{path}: is not an ONNX model, or is not complete")
        try:
            model = ModelProto.FromString(without_large_tensors(data, path.name))
        except (MalformedError, DecodeError):
            raise not_a_model from None
        # What the exporter said about shapes is for another batch; they are inferred anew.
        del model.graph.value_info[:]
        if not model.ir_version or not model.HasField("graph") or not _texts_are_valid(model):
            raise not_a_model
        file = ModelFile(path, model, dict(_named_tensors(model)))
        if not model.opset_import:
            raise file.error("names no opset, expected that of its operators")
        if not model.graph.output:
            raise file.error("has no outputs, expected at least one")
        for name in file.tensors:
            file._check(name)
        return file

    def error(self, message: str) -> UserError:
        """What is wrong with this model, in one line whatever its names have in them."""
        line = f"{self.path}: {message}"
        return UserError("".join(c if c.isprintable() else repr(c)[1:-1] for c in line))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all tensors, in the order of the file."""
        return tuple(self.tensors)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the model file, followed by its external data files in order of name."""
        blocks = (self._block(tensor) for tensor in self.tensors.values())
        files = sorted({block.file for block in blocks if block is not None} - {self.path})
        digest, buffer = sha256(), memoryview(bytearray(_HASHED_AT_ONCE))
        for file in (self.path, *files):
            with file.open("rb", buffering=0) as stream:
                while count := stream.readinto(buffer):
                    digest.update(buffer[:count])
        return digest.hexdigest()

    def shape(self, name: str) -> tuple[int, ...]:
        """
        The shape of a tensor.

        Raises:
            UserError: when there is no such tensor.
        """
        return tuple(self._tensor(name).dims)

    def read(self, name: str) -> NDArray[np.float32]:
        """
        A tensor of weights, which must not be written to. Large ones are not copied, and their
        bytes are read when they are used.

        Raises:
            UserError: when there is no such tensor, or its elements are not float32.
        """
        array = self.read_any(name)
        if array.dtype != np.float32:
            raise self.error(f"tensor '{name}' has {array.dtype}, expected float32")
        return array.astype(np.float32, copy=False)

    def read_any(self, name: str) -> NDArray[np.generic]:
        """
        A tensor of any element type, such as a list of indices.

        Raises:
            UserError: when there is no such tensor.
        """
        tensor = self._tensor(name)
        block = self._block(tensor)
        if block is None:
            return numpy_helper.to_array(tensor)
        dtype, shape = self._dtype(tensor), tuple(tensor.dims)
        if not block.length:
            return np.empty(shape, dtype)
        if block.file not in self._maps:
            self._maps[block.file] = map_file(block.file)
        data = self._maps[block.file]
        if tensor.data_type in _TWO_IN_A_BYTE:
            raw = data[block.offset : block.offset + block.length]
            return numpy_helper.to_array(
                TensorProto(dims=shape, data_type=tensor.data_type, raw_data=raw)
            )
        return np.frombuffer(data, dtype, prod(shape), block.offset).reshape(shape)

    @cached_property
    def _maps(self) -> dict[Path, mmap]:
        """The files that tensors were read from."""
        return {}

    def _dtype(self, tensor: TensorProto) -> np.dtype[np.generic]:
        try:
            return helper.tensor_dtype_to_np_dtype(tensor.data_type)
        except KeyError:
            raise self.error(
                f"tensor '{tensor.name}' has elements of unknown type {tensor.data_type}"
            ) from None

    def _size(self, tensor: TensorProto) -> int:
        """Bytes of the elements of a tensor."""
        count = prod(tensor.dims)
        if tensor.data_type in _TWO_IN_A_BYTE:
            return (count + 1) // 2
        return count * self._dtype(tensor).itemsize

    def _tensor(self, name: str) -> TensorProto:
        if name not in self.tensors:
            raise self.error(f"there is no tensor '{name}'")
        return self.tensors[name]

    def _block(self, tensor: TensorProto) -> _Block | None:
        """Where the data of a tensor is; None when it is part of `model`."""
        if tensor.data_location != TensorProto.EXTERNAL:
            return None
        entries = {entry.key: entry.value for entry in tensor.external_data}
        location = PurePosixPath(entries.get("location", ""))
        if not location.name or location.is_absolute() or ".." in location.parts:
            raise self.error(
                f"tensor '{tensor.name}' is in file '{location}', "
                "expected a file in the folder of the model"
            )
        with suppress(ValueError):
            offset = int(entries.get("offset", "0"))
            length = int(entries.get("length", str(self._size(tensor))))
            if min(offset, length) >= 0:
                return _Block(self.path.parent / location, offset, length)
        raise self.error(f"tensor '{tensor.name}' does not say where its data is")

    def _check(self, name: str) -> None:
        """Check that the data of a tensor is all there."""
        tensor = self.tensors[name]
        block = self._block(tensor)
        if block is None:
            try:
                numpy_helper.to_array(tensor)
            except (ValueError, KeyError, TypeError):
                raise self.error(
                    f"the data of tensor '{name}' does not make "
                    f"a tensor of shape {tuple(tensor.dims)}"
                ) from None
            return
        if not block.file.is_file():
            raise self.error(
                f"the data of tensor '{name}' is in '{block.file}', which does not exist"
            )
        if block.length != (size := self._size(tensor)):
            raise self.error(
                f"tensor '{name}' of shape {tuple(tensor.dims)} "
                f"has {block.length} bytes, expected {size}"
            )
        if (end := block.offset + block.length) > (size := block.file.stat().st_size):
            raise self.error(
                f"tensor '{name}' ends at byte {end} of '{block.file}', which has only {size} bytes"
            )


def _texts_are_valid(message: Message) -> bool:
    """Whether all texts in a message are UTF-8; the parser gives bytes for those that are not."""
    for field, value in message.ListFields():
        values: Iterable[object] = [value] if isinstance(value, str | bytes | Message) else value
        if field.type == FieldDescriptor.TYPE_STRING:
            if any(isinstance(each, bytes) for each in values):
                return False
        elif field.type == FieldDescriptor.TYPE_MESSAGE:
            messages = (each for each in values if isinstance(each, Message))
            if not all(_texts_are_valid(each) for each in messages):
                return False
    return True


def _named_tensors(model: ModelProto) -> Iterator[tuple[str, TensorProto]]:
    for tensor in model.graph.initializer:
        yield tensor.name, tensor
    for node in model.graph.node:
        if (value := tensor_of(node)) is not None:
            yield node.output[0], value
