"""Opening ONNX files, and reading their weights where they are."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import onnx
import pytest
from google.protobuf.message import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from onnx.external_data_helper import (
    convert_model_to_external_data,
    load_external_data_for_model,
    write_external_data_tensors,
)

from vaqf.dialects.diagnostics import UserError
from vaqf.frontends.onnx import ModelFile

in_one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
"""Every example overwrites the same file."""

LARGE = np.arange(6000, dtype=np.float32).reshape(30, 200)
SMALL = np.array([[1.5, -2.0]], np.float32)


def packed(name: str, array: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> TensorProto:
    """A tensor whose elements are numbers of the protocol buffer instead of raw bytes."""
    return helper.make_tensor(name, TensorProto.FLOAT, array.shape, array.ravel().tolist())


def model_of(*tensors: TensorProto) -> onnx.ModelProto:
    """A model that has some weights, and one more in a `Constant` node."""
    constant = helper.make_node(
        "Constant", [], ["constant"], value=numpy_helper.from_array(2 * LARGE, "ignored")
    )
    value = helper.make_tensor_value_info("constant", TensorProto.FLOAT, LARGE.shape)
    graph = helper.make_graph([constant], "graph", [], [value], initializer=list(tensors))
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)


def weights() -> onnx.ModelProto:
    return model_of(
        numpy_helper.from_array(LARGE, "raw.large"),
        numpy_helper.from_array(SMALL, "raw.small"),
        packed("packed.large", -LARGE),
        packed("packed.small", -SMALL),
        numpy_helper.from_array(np.arange(2000), "indices"),
    )


EXPECTED = {
    "raw.large": LARGE,
    "raw.small": SMALL,
    "packed.large": -LARGE,
    "packed.small": -SMALL,
    "constant": 2 * LARGE,
}


def save(model: onnx.ModelProto, path: Path) -> Path:
    path.write_bytes(model.SerializeToString())
    return path


def save_external(folder: Path, one_file: bool) -> Path:
    model, location = weights(), "weights.data" if one_file else None
    convert_model_to_external_data(
        model, one_file, location, size_threshold=0, convert_attribute=True
    )
    return save(write_external_data_tensors(model, str(folder)), folder / "model.onnx")


@pytest.mark.parametrize("storage", ["inline", "one file", "a file for each tensor"])
def test_read(tmp_path: Path, storage: str):
    if storage == "inline":
        path = save(weights(), tmp_path / "model.onnx")
    else:
        path = save_external(tmp_path, one_file=storage == "one file")
    file = ModelFile.open(path)
    assert set(file.names) == {*EXPECTED, "indices"}
    for name, expected in EXPECTED.items():
        assert file.shape(name) == expected.shape
        array = file.read(name)
        assert (array.dtype == np.float32 and not array.flags.writeable) or name.endswith("small")
        assert np.array_equal(array, expected)
    assert np.array_equal(file.read_any("indices"), np.arange(2000))


def test_large_tensors_stay_in_the_file(tmp_path: Path):
    file = ModelFile.open(save(weights(), tmp_path / "model.onnx"))
    assert len(file.model.SerializeToString()) < 2000
    array = file.read("raw.large")
    assert not array.flags.owndata and not array.flags.writeable
    assert file.model.graph.initializer[0].name == "raw.large"
    assert file.model.graph.initializer[1] == numpy_helper.from_array(SMALL, "raw.small")


def fields_of(message: Message) -> list[bytes]:
    """A message in pieces, one for each field, that give it when they are put side by side."""
    pieces: list[bytes] = []
    for field, _ in message.ListFields():
        piece = type(message)()
        piece.CopyFrom(message)
        for other, _ in message.ListFields():
            if other.number != field.number:
                piece.ClearField(other.name)
        pieces.append(piece.SerializeToString())
    return pieces


def delimited(number: int, content: bytes) -> bytes:
    """A field of a protocol buffer that is a message."""
    size, length = len(content), bytearray()
    while size >= 0x80:
        length.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes([number << 3 | 2, *length, size]) + content


@in_one_folder
@given(
    tensor=st.sampled_from([numpy_helper.from_array(LARGE, "w"), packed("w", LARGE)]),
    with_defaults=st.booleans(),
    data=st.data(),
)
def test_order_of_fields(
    tmp_path: Path, tensor: TensorProto, with_defaults: bool, data: st.DataObject
):
    """Where a tensor says that its data is inside, or whether it says so, changes nothing."""
    written = TensorProto()
    written.CopyFrom(tensor)
    if with_defaults:
        written.data_location = TensorProto.DEFAULT
        written.doc_string = ""
    fields = data.draw(st.permutations(fields_of(written)))
    graph = delimited(5, b"".join(fields))
    path = tmp_path / "model.onnx"
    path.write_bytes(model_of().SerializeToString() + delimited(7, graph))
    file = ModelFile.open(path)
    assert np.array_equal(file.read("w"), LARGE)
    assert len(file.model.SerializeToString()) < 2000


def test_saved_again(tmp_path: Path):
    model = onnx.ModelProto.FromString(save_external(tmp_path, one_file=True).read_bytes())
    load_external_data_for_model(model, str(tmp_path))
    file = ModelFile.open(save(model, tmp_path / "again.onnx"))
    for name, expected in EXPECTED.items():
        assert np.array_equal(file.read(name), expected)


def test_hash_of_inline_model(tmp_path: Path):
    path = save(weights(), tmp_path / "model.onnx")
    assert ModelFile.open(path).sha256 == sha256(path.read_bytes()).hexdigest()


def test_hash_covers_external_data(tmp_path: Path):
    path = save_external(tmp_path, one_file=False)
    others = sorted(each for each in tmp_path.iterdir() if each != path)
    assert len(others) == 4
    contents = b"".join(each.read_bytes() for each in (path, *others))
    assert ModelFile.open(path).sha256 == sha256(contents).hexdigest()


def test_empty_tensor(tmp_path: Path):
    tensor = numpy_helper.from_array(np.empty((0, 3), np.float32), "empty")
    file = ModelFile.open(save(model_of(tensor), tmp_path / "model.onnx"))
    assert file.read("empty").shape == (0, 3)


@pytest.mark.parametrize("type", [TensorProto.INT4, TensorProto.UINT4])
def test_large_tensor_of_four_bits(tmp_path: Path, type: int):
    """Two elements share a byte, the last one has a byte for itself."""
    elements = np.arange(201 * 101).reshape(201, 101) % 8
    tensor = numpy_helper.from_array(elements.astype(helper.tensor_dtype_to_np_dtype(type)), "w")
    assert len(tensor.raw_data) == 10_151
    file = ModelFile.open(save(model_of(tensor), tmp_path / "model.onnx"))
    assert np.array_equal(file.read_any("w").astype(np.int64), elements)


def test_unknown_tensor(tmp_path: Path):
    file = ModelFile.open(save(weights(), tmp_path / "model.onnx"))
    with pytest.raises(UserError, match=r"model\.onnx: there is no tensor 'w'$"):
        file.read("w")


def test_indices_are_no_weights(tmp_path: Path):
    file = ModelFile.open(save(weights(), tmp_path / "model.onnx"))
    with pytest.raises(UserError, match=r"tensor 'indices' has int64, expected float32$"):
        file.read("indices")


def test_missing_file(tmp_path: Path):
    with pytest.raises(UserError, match=r"model\.onnx: no such file$"):
        ModelFile.open(tmp_path / "model.onnx")


def test_folder(tmp_path: Path):
    with pytest.raises(UserError, match=r"is a folder, expected an ONNX file$"):
        ModelFile.open(tmp_path)


def test_empty_file(tmp_path: Path):
    path = tmp_path / "model.onnx"
    path.touch()
    with pytest.raises(UserError, match=r"is empty, expected an ONNX model$"):
        ModelFile.open(path)


NOT_A_MODEL = r"model\.onnx: is not an ONNX model, or is not complete$"
NO_OPSET = r"model\.onnx: names no opset, expected that of its operators$"
NO_OUTPUTS = r"model\.onnx: has no outputs, expected at least one$"
PART_OF_A_MODEL = "|".join([NOT_A_MODEL, NO_OPSET, NO_OUTPUTS])


@in_one_folder
@given(content=st.binary(min_size=1, max_size=200))
def test_any_bytes(tmp_path: Path, content: bytes):
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    with pytest.raises(UserError, match=PART_OF_A_MODEL):
        ModelFile.open(path)


@in_one_folder
@given(data=st.data())
def test_truncated(tmp_path: Path, data: st.DataObject):
    content = weights().SerializeToString()
    path = tmp_path / "model.onnx"
    path.write_bytes(content[: data.draw(st.integers(1, len(content) - 1))])
    with pytest.raises(UserError, match=PART_OF_A_MODEL):
        ModelFile.open(path)


def test_no_opset(tmp_path: Path):
    model = weights()
    del model.opset_import[:]
    with pytest.raises(UserError, match=NO_OPSET):
        ModelFile.open(save(model, tmp_path / "model.onnx"))


def test_no_outputs(tmp_path: Path):
    model = weights()
    del model.graph.output[:]
    with pytest.raises(UserError, match=NO_OUTPUTS):
        ModelFile.open(save(model, tmp_path / "model.onnx"))


def test_text_that_is_not_utf8(tmp_path: Path):
    content = weights().SerializeToString()
    path = tmp_path / "model.onnx"
    path.write_bytes(content.replace(b"raw.small", b"raw.sm\xffll"))
    with pytest.raises(UserError, match=NOT_A_MODEL):
        ModelFile.open(path)


def test_missing_external_data(tmp_path: Path):
    path = save_external(tmp_path, one_file=True)
    (tmp_path / "weights.data").unlink()
    with pytest.raises(UserError) as error:
        ModelFile.open(path)
    data = tmp_path / "weights.data"
    assert str(error.value) == (
        f"{path}: the data of tensor 'raw.large' is in '{data}', which does not exist"
    )


def test_short_external_data(tmp_path: Path):
    path = save_external(tmp_path, one_file=True)
    data = tmp_path / "weights.data"
    data.write_bytes(data.read_bytes()[:20_000])
    with pytest.raises(UserError) as error:
        ModelFile.open(path)
    assert str(error.value) == (
        f"{path}: tensor 'raw.large' ends at byte 24000 of '{data}', which has only 20000 bytes"
    )


def external(location: str, **entries: str) -> onnx.ModelProto:
    tensor = TensorProto(
        name="w", data_type=TensorProto.FLOAT, dims=[2, 3], data_location=TensorProto.EXTERNAL
    )
    for key, value in {"location": location, **entries}.items():
        tensor.external_data.add(key=key, value=value)
    return model_of(tensor)


@pytest.mark.parametrize("location", ["../w.data", "/etc/passwd", "a/../../w.data", ""])
def test_external_data_stays_beside_the_model(tmp_path: Path, location: str):
    path = save(external(location), tmp_path / "model.onnx")
    with pytest.raises(UserError, match=r"expected a file in the folder of the model$"):
        ModelFile.open(path)


@pytest.mark.parametrize("entries", [{"offset": "-4"}, {"length": "many"}])
def test_external_data_without_position(tmp_path: Path, entries: dict[str, str]):
    (tmp_path / "w.data").write_bytes(bytes(100))
    path = save(external("w.data", **entries), tmp_path / "model.onnx")
    with pytest.raises(UserError, match=r"tensor 'w' does not say where its data is$"):
        ModelFile.open(path)


def test_external_data_of_another_shape(tmp_path: Path):
    (tmp_path / "w.data").write_bytes(bytes(100))
    path = save(external("w.data", length="20"), tmp_path / "model.onnx")
    with pytest.raises(UserError, match=r"'w' of shape \(2, 3\) has 20 bytes, expected 24$"):
        ModelFile.open(path)


def test_external_data_without_offset_and_length(tmp_path: Path):
    (tmp_path / "w.data").write_bytes(np.arange(6, dtype=np.float32).tobytes())
    file = ModelFile.open(save(external("w.data"), tmp_path / "model.onnx"))
    assert np.array_equal(file.read("w"), np.arange(6).reshape(2, 3))


def test_inline_data_of_another_shape(tmp_path: Path):
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[2, 3], raw_data=bytes(20))
    path = save(model_of(tensor), tmp_path / "model.onnx")
    with pytest.raises(UserError, match=r"tensor 'w' does not make a tensor of shape \(2, 3\)$"):
        ModelFile.open(path)


def test_large_inline_data_of_another_shape(tmp_path: Path):
    tensor = numpy_helper.from_array(LARGE, "w")
    tensor.dims[0] = 31
    path = save(model_of(tensor), tmp_path / "model.onnx")
    with pytest.raises(UserError, match=r"has 24000 bytes, expected 24800$"):
        ModelFile.open(path)


def test_unknown_element_type(tmp_path: Path):
    tensor = numpy_helper.from_array(LARGE, "w")
    tensor.data_type = 99
    path = save(model_of(tensor), tmp_path / "model.onnx")
    with pytest.raises(UserError, match=r"tensor 'w' has elements of unknown type 99$"):
        ModelFile.open(path)
