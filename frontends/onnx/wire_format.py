"""
Setting large tensors of an ONNX file aside before it is parsed.

A protocol buffer is a sequence of fields, each with a number and a wire type (see "Encoding" in the
documentation of Protocol Buffers). That is enough to find the data of each tensor in the file, and
to leave it there: the parser then sees a model that keeps those tensors as external data, in the
very same file. Neither time nor memory of an import grow with the weights.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from mmap import mmap

from onnx import StringStringEntryProto, TensorProto

LARGE_BYTES = 8 * 1024
"""Data longer than this stays in the file: more than 1,024 integers of 64 bits."""

_LENGTH_DELIMITED = 2
"""Wire type of messages, texts and packed numbers."""

_TENSOR_DATA = (4, 9)
"""Fields `float_data` and `raw_data` of a `TensorProto`: packed little-endian elements."""

Layout = Mapping[int, "Layout"]
"""Numbers of the fields that lead to tensors, each with what is inside; empty for a tensor."""

_TENSOR: Layout = {}
_GRAPH: Layout = {5: _TENSOR, 1: {5: {5: _TENSOR}}}
"""`initializer`, and `node.attribute.t`."""

_MODEL: Layout = {7: _GRAPH}
"""`graph`."""


class MalformedError(Exception):
    """The bytes are no protocol buffer, or only the beginning of one."""


@dataclass(frozen=True)
class Field:
    """A field of a message, as positions in the file."""

    number: int
    """What the message calls it."""

    is_message: bool
    """Whether a length precedes its content, as for messages, texts and packed numbers."""

    start: int
    """First byte of its key."""

    content: int
    """First byte after key and length."""

    end: int
    """First byte after it."""


def _varint(data: mmap, position: int, end: int) -> tuple[int, int]:
    """The number at `position`, seven bits a byte, and the position after it."""
    value = 0
    for shift in range(0, 70, 7):
        if position >= end:
            raise MalformedError
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
    raise MalformedError


def _encode_varint(value: int) -> bytes:
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def fields(data: mmap, start: int, end: int) -> Iterator[Field]:
    """
    The fields of the message between two positions.

    Raises:
        MalformedError: when the bytes do not add up to fields.
    """
    while start < end:
        key, content = _varint(data, start, end)
        match key & 7:
            case 0:  # a number of variable length
                _, after = _varint(data, content, end)
            case 1:  # eight bytes
                after = content + 8
            case 2:  # a length, then as many bytes
                length, content = _varint(data, content, end)
                after = content + length
            case 5:  # four bytes
                after = content + 4
            case _:
                raise MalformedError
        if after > end or not key >> 3:
            raise MalformedError
        yield Field(key >> 3, key & 7 == _LENGTH_DELIMITED, start, content, after)
        start = after


def without_large_tensors(
    data: mmap, location: str, layout: Layout = _MODEL, start: int = 0, end: int | None = None
) -> bytes:
    """
    The message between two positions, where large tensors refer to external data.

    Args:
        data: the whole file.
        location: name of that file, which the references give.
        layout: where tensors are in this message.
        start: first byte of the message.
        end: first byte after it; the end of the file when None.

    Raises:
        MalformedError: when the bytes are no such message.
    """
    end = len(data) if end is None else end
    parts: list[bytes] = []
    references: list[bytes] = []
    for field in fields(data, start, end):
        if field.is_message and layout is _TENSOR and _is_large_data(field):
            references.append(_reference(location, field).SerializeToString())
        elif field.is_message and field.number in layout:
            inner = without_large_tensors(
                data, location, layout[field.number], field.content, field.end
            )
            key = _encode_varint(field.number << 3 | _LENGTH_DELIMITED)
            parts.append(key + _encode_varint(len(inner)) + inner)
        else:
            parts.append(data[field.start : field.end])
    # The last of several values counts, and some writers say of a tensor that its data is inside.
    return b"".join(parts + references)


def _is_large_data(field: Field) -> bool:
    return field.number in _TENSOR_DATA and field.end - field.content > LARGE_BYTES


def _reference(location: str, field: Field) -> TensorProto:
    """What makes a tensor an external one; messages are merged by putting them side by side."""
    entries = {
        "location": location,
        "offset": str(field.content),
        "length": str(field.end - field.content),
    }
    return TensorProto(
        data_location=TensorProto.EXTERNAL,
        external_data=[StringStringEntryProto(key=k, value=v) for k, v in entries.items()],
    )
