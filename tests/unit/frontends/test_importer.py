"""From ONNX files to the `onnx` dialect: what is computed, what stays, and what is refused."""

from collections import Counter
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper
from xdsl.context import Context
from xdsl.dialects.builtin import Builtin, ModuleOp, StringAttr
from xdsl.dialects.func import Func, FuncOp
from xdsl.ir import Operation, SSAValue
from xdsl.parser import Parser
from xdsl.printer import Printer

from vaqf.dialects.diagnostics import UserError, name_of_location
from vaqf.dialects.model_reference import ModelReference, input_names, output_names
from vaqf.dialects.onnx import Onnx
from vaqf.frontends.onnx import ModelFile, import_model
from vaqf.frontends.onnx.names import name_hint

MODELS = Path(__file__).parents[2] / "models"

Weights = Mapping[str, NDArray[np.generic]]

NO_WEIGHTS: Weights = {}

node = helper.make_node


def write(
    path: Path,
    *nodes: NodeProto,
    weights: Weights = NO_WEIGHTS,
    shape: Sequence[int | str | None] | None = ("batch", 4, 6),
    elements: int = TensorProto.FLOAT,
    opset: int = 18,
    domains: Sequence[str] = (),
) -> Path:
    """Write a model from image `x` to `y`."""
    graph = helper.make_graph(
        list(nodes),
        "graph",
        [helper.make_tensor_value_info("x", elements, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    opsets = [helper.make_opsetid("", opset), *(helper.make_opsetid(each, 1) for each in domains)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    path.write_bytes(model.SerializeToString())
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.onnx"


def constant(name: str, value: object, dtype: type[np.generic] = np.int64) -> NodeProto:
    return node("Constant", [], [name], value=numpy_helper.from_array(np.array(value, dtype)))


def function_of(module: ModuleOp) -> FuncOp:
    function = module.body.block.first_op
    assert isinstance(function, FuncOp)
    return function


def operations(path: Path) -> list[Operation]:
    """What the imported function consists of, without its return."""
    module = import_model(path)
    module.verify()
    return [op for op in function_of(module).body.block.ops if op.name != "func.return"]


def kinds(path: Path) -> list[str]:
    return [op.name.removeprefix("onnx.") for op in operations(path)]


def text_of(path: Path) -> str:
    """The text of an imported model, which reads back to the same text, locations included."""
    module = import_model(path, "model.onnx")
    text, read_text = StringIO(), StringIO()
    Printer(text, print_debuginfo=True).print_op(module)
    context = Context()
    for dialect in (Builtin, Func, Onnx):
        context.load_dialect(dialect)
    read = Parser(context, text.getvalue()).parse_module()
    read.verify()
    Printer(read_text, print_debuginfo=True).print_op(read)
    assert read_text.getvalue() == text.getvalue()
    return str(module)


def error_of(path: Path) -> str:
    """What importing complains about, in one line that begins with the path."""
    with pytest.raises(UserError) as error:
        import_model(path)
    message = str(error.value)
    assert message.startswith(f"{path}: ") and len(message.splitlines()) == 1
    return message.removeprefix(f"{path}: ")


# The module


def test_module(path: Path):
    module = import_model(write(path, node("Erf", ["x"], ["y"])))
    assert ModelReference.of(module) == ModelReference(str(path), ModelFile.open(path).sha256)
    function = function_of(module)
    assert function.sym_name.data == "forward"
    assert input_names(function) == ("x",) and output_names(function) == ("y",)
    assert str(function.function_type) == "(tensor<1x4x6xf32>) -> tensor<1x4x6xf32>"
    assert function.body.block.args[0].name_hint == "x"


def test_recorded_name(path: Path):
    module = import_model(write(path, node("Erf", ["x"], ["y"])), "models/a.onnx")
    reference = ModelReference.of(module)
    assert reference is not None and reference.file == "models/a.onnx"


def test_text(path: Path):
    write(
        path,
        node("MatMul", ["x", "fc.weight"], ["a"], name="/fc/MatMul"),
        node("Add", ["fc.bias", "a"], ["y"], name="/fc/Add"),
        weights={"fc.weight": np.ones((6, 2), np.float32), "fc.bias": np.ones(2, np.float32)},
    )
    assert [line.strip() for line in text_of(path).splitlines()[2:6]] == [
        "%fc.weight = onnx.initializer @fc.weight : tensor<6x2xf32>",
        "%fc_MatMul = onnx.MatMul %x, %fc.weight "
        ": tensor<1x4x6xf32>, tensor<6x2xf32> -> tensor<1x4x2xf32>",
        "%fc.bias = onnx.initializer @fc.bias : tensor<2xf32>",
        "%fc_Add = onnx.Add %fc.bias, %fc_MatMul "
        ": tensor<2xf32>, tensor<1x4x2xf32> -> tensor<1x4x2xf32>",
    ]


@pytest.mark.parametrize("file", sorted(MODELS.glob("small_vit.*.onnx")), ids=lambda p: p.stem)
def test_exported_models(file: Path):
    assert text_of(file) == text_of(file)
    found = Counter(kinds(file))
    assert found.keys() <= {
        *("initializer", "constant", "Conv", "Reshape", "Transpose", "Concat", "Add"),
        *("LayerNormalization", "MatMul", "Slice", "Split", "Squeeze", "Mul", "Softmax"),
        *("Div", "Erf", "Gather", "Gemm"),
    }
    assert found["MatMul"] == 2 * 6 and found["Softmax"] == found["Erf"] == 2
    assert found["Concat"] == found["Conv"] == found["Gemm"] == 1


# What is computed


def test_shape_arithmetic(path: Path):
    write(
        path,
        node("Shape", ["x"], ["shape"]),
        constant("zero", [0]),
        constant("one", [1]),
        node("Slice", ["shape", "zero", "one"], ["batch"]),
        constant("rest", [-1]),
        node("Concat", ["batch", "rest"], ["wanted"], axis=0),
        node("Reshape", ["x", "wanted"], ["y"]),
    )
    assert kinds(path) == ["constant", "Reshape"]
    assert "onnx.constant dense<[1, -1]> : tensor<2xi64>" in text_of(path)


def test_part_of_a_shape(path: Path):
    write(
        path,
        node("Shape", ["x"], ["tail"], start=-2, end=3),
        node("Size", ["x"], ["size"]),
        node("Mod", ["size", "tail"], ["remainders"]),
        constant("one", [1]),
        node("Concat", ["tail", "one", "remainders"], ["all"], axis=0),
        node("Gather", ["all", "picked"], ["wanted"]),
        node("Reshape", ["x", "wanted"], ["y"]),
        weights={"picked": np.array([0, 1, 2])},
    )
    assert "dense<[4, 6, 1]>" in text_of(path)


def test_scale_from_shape(path: Path):
    write(
        path,
        node("Shape", ["x"], ["channels"], start=-1),
        node("Cast", ["channels"], ["real"], to=TensorProto.FLOAT),
        node("Sqrt", ["real"], ["root"]),
        node("Div", ["x", "root"], ["y"]),
    )
    assert kinds(path) == ["constant", "Div"]
    assert "onnx.constant dense<2.44948983> : tensor<1xf32>" in text_of(path)


def test_class_token(path: Path):
    """How torch writes `cls_token.expand(batch, -1, -1)`."""
    one = numpy_helper.from_array(np.array([1]))
    write(
        path,
        node("Shape", ["x"], ["batch"], start=0, end=1),
        constant("minus", [-1]),
        node("Concat", ["batch", "minus", "minus"], ["asked"], axis=0),
        node("Shape", ["asked"], ["rank"]),
        node("ConstantOfShape", ["rank"], ["ones"], value=one),
        node("Mul", ["ones", "minus"], ["minuses"]),
        node("Equal", ["asked", "minuses"], ["is_kept"]),
        node("Where", ["is_kept", "ones", "asked"], ["wanted"]),
        node("Expand", ["cls_token", "wanted"], ["expanded"]),
        node("Concat", ["expanded", "x"], ["y"], axis=1),
        weights={"cls_token": np.ones((1, 1, 6), np.float32)},
    )
    assert kinds(path) == ["initializer", "Concat"]


def test_expansion_that_repeats_stays(path: Path):
    write(
        path,
        node("Expand", ["w", "shape"], ["wide"]),
        node("Add", ["x", "wide"], ["y"]),
        weights={"w": np.ones((1, 6), np.float32), "shape": np.array([4, 6])},
    )
    assert kinds(path) == ["initializer", "constant", "Expand", "Add"]


def test_mask(path: Path):
    """A large constant is written once when all its elements are the same."""
    write(
        path,
        node("Expand", ["true", "shape"], ["mask"]),
        node("Where", ["mask", "zero", "lowest"], ["bias"]),
        node("Add", ["x", "bias"], ["y"]),
        weights={
            "shape": np.array([197, 197]),
            "true": np.array([True]),
            "zero": np.array(0, np.float32),
            "lowest": np.array(-3.4e38, np.float32),
        },
        shape=("batch", 3, 197, 197),
    )
    assert kinds(path) == ["constant", "Add"]
    assert "onnx.constant dense<0.000000e+00> : tensor<197x197xf32>" in text_of(path)


def test_boolean_constant(path: Path):
    write(
        path,
        node("Where", ["mask", "x", "zero"], ["y"]),
        weights={
            "mask": np.array([[True], [False], [True], [True]]),
            "zero": np.array(0, np.float32),
        },
    )
    assert "dense<[[true], [false], [true], [true]]> : tensor<4x1xi1>" in text_of(path)


def test_narrow_indices(path: Path):
    write(path, node("Gather", ["x", "i"], ["y"], axis=1), weights={"i": np.array(2, np.int32)})
    assert "onnx.constant dense<2> : tensor<i64>" in text_of(path)


def test_dead_nodes(path: Path):
    write(path, node("Relu", ["x"], ["unused"]), node("Erf", ["x"], ["y"]))
    assert kinds(path) == ["Erf"]


# What does nothing


def test_identity_of_a_weight(path: Path):
    """The exporter shares equal weights in this way."""
    write(
        path,
        node("Identity", ["w"], ["same"]),
        node("Add", ["x", "w"], ["a"]),
        node("Add", ["a", "same"], ["y"]),
        weights={"w": np.ones(6, np.float32)},
    )
    assert kinds(path) == ["initializer", "Add", "Add"]


@pytest.mark.parametrize(
    "nothing",
    [
        node("Identity", ["x"], ["a"]),
        node("Cast", ["x"], ["a"], to=TensorProto.FLOAT),
        node("Dropout", ["x"], ["a"]),
        node("Dropout", ["x", "half", "false"], ["a"]),
        node("Reshape", ["x", "wanted"], ["a"]),
        node("Expand", ["x", "ones"], ["a"]),
    ],
    ids=lambda each: each.op_type,
)
def test_nothing(path: Path, nothing: NodeProto):
    weights: Weights = {
        "half": np.array(0.5, np.float32),
        "false": np.array(False),
        "wanted": np.array([0, -1, 6]),
        "ones": np.array([1, 1, 1]),
    }
    write(path, nothing, node("Identity", ["a"], ["b"]), node("Erf", ["b"], ["y"]), weights=weights)
    assert kinds(path) == ["Erf"]


def test_model_that_does_nothing(path: Path):
    write(path, node("Identity", ["x"], ["y"]))
    assert kinds(path) == []


# What is a weight, and what a constant


def test_weights_of_constant_nodes(path: Path):
    write(
        path,
        constant("w", np.arange(12).reshape(6, 2), np.float32),
        node("MatMul", ["x", "w"], ["y"]),
    )
    assert kinds(path) == ["initializer", "MatMul"]
    assert ModelFile.open(path).read("w")[5, 1] == 11


@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_single_numbers_are_constants(path: Path, shape: tuple[int, ...]):
    write(path, node("Mul", ["x", "w"], ["y"]), weights={"w": np.full(shape, 0.5, np.float32)})
    assert kinds(path) == ["constant", "Mul"]


def test_bias_of_one_channel_is_a_weight(path: Path):
    write(
        path,
        node("Gemm", ["x", "w", "b"], ["y"], transB=1),
        weights={"w": np.ones((1, 6), np.float32), "b": np.ones(1, np.float32)},
        shape=("batch", 6),
    )
    assert kinds(path) == ["initializer", "initializer", "Gemm"]


def test_constant_numbers(path: Path):
    write(
        path,
        node("Constant", [], ["half"], value_float=0.5),
        node("Mul", ["x", "half"], ["scaled"]),
        node("Constant", [], ["axes"], value_ints=[0]),
        node("Squeeze", ["scaled", "axes"], ["y"]),
    )
    assert kinds(path) == ["constant", "Mul", "constant", "Squeeze"]


# Names and locations


def test_locations(path: Path):
    write(
        path,
        node("Erf", ["x"], ["a"], name="/blocks/blocks.0/mlp/act/Erf"),
        node("Mul", ["a", "w"], ["b"]),
        node("Sqrt", ["b"], ["y"], name=""),
        weights={"w": np.ones(6, np.float32)},
    )
    assert [
        (name_of_location(op.location), op.results[0].name_hint) for op in operations(path)
    ] == [
        ("/blocks/blocks.0/mlp/act/Erf", "act_Erf"),
        ("w", "w"),
        ("b", "b"),
        ("y", "y"),
    ]


def test_locations_from_scopes(path: Path):
    """The dynamo exporter numbers nodes; their modules are in the metadata."""
    scopes = [
        "['', 'blocks', 'blocks.0', 'blocks.0.attn', 'blocks.0.attn.qkv', 'linear']",
        "['', 'blocks', 'blocks.0', 'blocks.0.attn', 'blocks.0.attn.qkv', 'linear_1']",
        "['', 'add']",
        "not a list",
    ]
    nodes = [
        node("Erf", ["x"], ["a"], name="node_1"),
        node("Erf", ["a"], ["b"], name="node_2"),
        node("Erf", ["b"], ["c"], name="node_3"),
        node("Erf", ["c"], ["y"], name="node_4"),
    ]
    for each, text in zip(nodes, scopes, strict=True):
        each.metadata_props.add(key="pkg.torch.onnx.name_scopes", value=text)
    assert [name_of_location(op.location) for op in operations(write(path, *nodes))] == [
        "/blocks/blocks.0/attn/qkv/Erf",
        "/blocks/blocks.0/attn/qkv/Erf_1",
        "/Erf",
        "node_4",
    ]


@given(name=st.text())
def test_any_name_gives_an_identifier(name: str):
    hint = name_hint(name)
    assert hint and SSAValue.is_valid_name(hint)


in_one_file = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
"""Every example overwrites the same file."""

names = st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda name: name not in "xy")


@in_one_file
@given(names=st.lists(names, min_size=2, max_size=2, unique=True))
def test_any_names_in_a_model(path: Path, names: list[str]):
    middle, weight = names
    write(
        path,
        node("Erf", ["x"], [middle], name=middle),
        node("Add", [middle, weight], ["y"], name=weight),
        weights={weight: np.ones(6, np.float32)},
    )
    assert text_of(path)
    _, initializer, _ = operations(path)
    assert initializer.properties["tensor_name"] == StringAttr(weight)


# The form of nodes


def constants_of(path: Path) -> list[str]:
    return [str(op.properties["value"]) for op in operations(path) if op.name == "onnx.constant"]


def test_slice_without_axes_and_steps(path: Path):
    write(
        path,
        node("Slice", ["x", "starts", "ends"], ["y"]),
        weights={"starts": np.array([0, 1]), "ends": np.array([1, 3])},
    )
    assert constants_of(path)[2:] == ["dense<[0, 1]> : tensor<2xi64>", "dense<1> : tensor<2xi64>"]


def test_slice_without_axes(path: Path):
    write(
        path,
        node("Slice", ["x", "starts", "ends", "", "steps"], ["y"]),
        weights={"starts": np.array([0]), "ends": np.array([1]), "steps": np.array([2])},
    )
    assert constants_of(path)[2:] == ["dense<0> : tensor<1xi64>", "dense<2> : tensor<1xi64>"]


def test_equal_defaults_are_one_constant(path: Path):
    bounds = {"one": np.array([1]), "two": np.array([2])}
    write(
        path,
        node("Slice", ["x", "one", "two", "one"], ["a"]),
        node("Slice", ["x", "one", "two", "one"], ["b"]),
        node("Add", ["a", "b"], ["y"]),
        weights=bounds,
    )
    assert kinds(path) == [*["constant"] * 3, "Slice", "Slice", "Add"]


def test_squeeze_without_axes(path: Path):
    write(path, node("Squeeze", ["x"], ["y"]), shape=("batch", 4, 1, 6))
    assert constants_of(path) == ["dense<[0, 2]> : tensor<2xi64>"]


def test_split_into_equal_parts(path: Path):
    parts = node("Split", ["x"], ["a", "b", "c"], axis=2, num_outputs=3)
    write(path, parts, node("Concat", ["c", "a"], ["y"], axis=-1))
    assert constants_of(path) == ["dense<2> : tensor<3xi64>"]


def test_mean_of_two_versions(path: Path):
    new = text_of(write(path, node("ReduceMean", ["x", "a"], ["y"]), weights={"a": np.array([-1])}))
    old = text_of(write(path, node("ReduceMean", ["x"], ["y"], axes=[-1]), opset=17))
    assert new.splitlines()[3].split(" : ")[1] == old.splitlines()[3].split(" : ")[1]
    assert constants_of(path) == ["dense<-1> : tensor<1xi64>"]


def test_mean_over_everything(path: Path):
    write(path, node("ReduceMean", ["x"], ["y"], keepdims=0))
    assert constants_of(path) == ["dense<[0, 1, 2]> : tensor<3xi64>"]


def test_transpose_without_order(path: Path):
    assert "perm = [2, 1, 0]" in text_of(write(path, node("Transpose", ["x"], ["y"])))


@pytest.mark.parametrize("attributes", [{}, {"auto_pad": "VALID"}, {"auto_pad": "NOTSET"}])
def test_convolution_without_attributes(path: Path, attributes: dict[str, str]):
    write(
        path,
        node("Conv", ["x", "w"], ["y"], **attributes),
        weights={"w": np.ones((2, 3, 4, 5), np.float32)},
        shape=("batch", 3, 8, 10),
    )
    assert (
        "kernel_shape = [4, 5] strides = [1, 1] pads = [0, 0, 0, 0] dilations = [1, 1] group = 1"
    ) in text_of(path)


def test_defaults(path: Path):
    write(
        path,
        node("LayerNormalization", ["x", "w"], ["a"]),
        node("Softmax", ["a"], ["b"]),
        node("Gather", ["b", "one"], ["y"]),
        weights={"w": np.ones(6, np.float32), "one": np.array(0)},
    )
    text = text_of(path)
    assert "axis = -1 epsilon = 1.000000e-05 : " in text
    assert "onnx.Softmax %a axis = -1 : " in text
    assert "axis = 0 : tensor<1x4x6xf32>, tensor<i64> -> tensor<4x6xf32>" in text


# What is refused


def test_all_unsupported_nodes_at_once(path: Path):
    write(
        path,
        node("Relu", ["x"], ["a"], name="/act/Relu"),
        node("Block", ["a"], ["b"], domain="my.domain", name="/block"),
        node("Shape", ["b"], ["shape"], name="/Shape"),
        node("Reshape", ["b", "shape"], ["c"], name="/Reshape"),
        node("Erf", ["c"], ["d"], name="/Erf"),
        *(node("Relu", ["d"], [f"r{i}"], name=f"/{i}/Relu") for i in range(3)),
        node("Selu", ["r0"], ["s"], name="/Selu"),
        node("Sum", ["r1", "r2", "s"], ["y"], name="/Sum"),
        domains=["my.domain"],
    )
    assert error_of(path) == (
        "7 nodes are not supported: "
        "4 Relu ('/act/Relu', '/0/Relu', '/1/Relu' and 1 more), "
        "1 Selu ('/Selu'), 1 Sum ('/Sum'), 1 my.domain.Block ('/block')"
    )


def test_control_flow(path: Path):
    branch = helper.make_graph(
        [node("Erf", ["x"], ["z"])],
        "branch",
        [],
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, None)],
    )
    write(
        path,
        node("If", ["yes"], ["y"], then_branch=branch, else_branch=branch, name="/If"),
        weights={"yes": np.array(True)},
    )
    assert error_of(path) == "1 node is not supported: 1 If ('/If')"


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (("batch", 3, "height", 224), "dimension 2 is 'height', expected a number"),
        ((None, 3, 224, None), "dimension 3 is '?', expected a number"),
        ((8, 3, 224, 224), "has a batch of 8, expected 1 or a symbol"),
        ((), "has no shape, expected batch x colours x height x width"),
        (None, "has no shape, expected batch x colours x height x width"),
    ],
)
def test_shape_of_the_input(path: Path, shape: Sequence[int | str | None] | None, message: str):
    error = error_of(write(path, node("Erf", ["x"], ["y"]), shape=shape))
    assert error.startswith("input 'x'") and message in error


@pytest.mark.parametrize("batch", [1, "batch", None])
def test_batch(path: Path, batch: int | str | None):
    write(path, node("Erf", ["x"], ["y"]), shape=(batch, 4))
    assert "%x: tensor<1x4xf32>" in text_of(path)


def test_elements_of_the_input(path: Path):
    write(path, node("Erf", ["x"], ["y"]), elements=TensorProto.FLOAT16)
    assert error_of(path) == "input 'x' has elements FLOAT16, accepted is FLOAT"


def test_two_inputs(path: Path):
    graph = helper.make_graph(
        [node("Add", ["x", "mask"], ["y"])],
        "graph",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 4]) for name in ("x", "mask")],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    path.write_bytes(model.SerializeToString())
    assert error_of(path) == "there are 2 inputs ('x', 'mask'), expected one"


def test_weights_that_are_inputs_too(path: Path):
    """As files of IR version 3 have it."""
    write(path, node("Add", ["x", "w"], ["y"]), weights={"w": np.ones(6, np.float32)})
    model = ModelFile.open(path).model
    model.graph.input.append(helper.make_tensor_value_info("w", TensorProto.FLOAT, [6]))
    path.write_bytes(model.SerializeToString())
    assert kinds(path) == ["initializer", "Add"]


@pytest.mark.parametrize("opset", [12, 1000])
def test_opset(path: Path, opset: int):
    error = error_of(write(path, node("Erf", ["x"], ["y"]), opset=opset))
    assert error.startswith(f"opset is {opset}, accepted range is [13, ")


def test_elements_of_weights(path: Path):
    write(
        path,
        node("Cast", ["w"], ["wide"], to=TensorProto.FLOAT),
        node("MatMul", ["x", "wide"], ["y"]),
        weights={"w": np.ones((6, 6), np.float16)},
    )
    assert error_of(path) == "1 node is not supported: 1 Cast ('wide')"
    write(path, node("Gather", ["x", "i"], ["y"]), weights={"i": np.zeros(1 << 17, np.int64)})
    assert error_of(path) == "tensor 'i' has elements INT64, accepted is FLOAT"


def test_elements_of_constants(path: Path):
    write(
        path,
        node("Shape", ["x"], ["shape"], name="/Shape"),
        node("Cast", ["shape"], ["double"], to=TensorProto.DOUBLE, name="/Cast"),
        node("Gather", ["double", "x"], ["y"], name="/Gather"),
    )
    assert "/Gather" in error_of(path)


def test_large_constant(path: Path):
    write(
        path,
        node("Gather", ["x", "i"], ["y"], axis=1),
        weights={"i": np.arange(1025) % 4},
    )
    assert error_of(path) == (
        "constant 'i' of 'i': 'value' has 1025 elements, accepted are at most 1024, "
        "or equal ones: larger tensors belong in the model file"
    )


def test_shapes_that_do_not_fit(path: Path):
    write(
        path,
        node("MatMul", ["x", "w"], ["y"], name="/fc/MatMul"),
        weights={"w": np.ones((5, 6), np.float32)},
    )
    assert error_of(path) == (
        "node '/fc/MatMul' (MatMul): [ShapeInferenceError] "
        "Incompatible dimensions for matrix multiplication"
    )


def test_constants_that_do_not_fit(path: Path):
    write(
        path,
        node("Reshape", ["a", "b"], ["shape"], name="/Reshape"),
        node("Reshape", ["x", "shape"], ["y"]),
        weights={"a": np.array([4, 6]), "b": np.array([3])},
    )
    assert error_of(path).startswith("node '/Reshape' (Reshape): ")


def test_undefined_value(path: Path):
    write(path, node("Add", ["x", "w"], ["y"], name="/Add"))
    assert error_of(path) == "node '/Add' (Add): reads 'w', which nothing before it defines"


def test_undefined_output(path: Path):
    write(path, node("Erf", ["x"], ["z"]))
    assert error_of(path) == "output 'y' is not defined"


def test_second_output_of_a_layer_norm(path: Path):
    write(
        path,
        node("LayerNormalization", ["x", "w"], ["a", "mean"], name="/norm"),
        node("Add", ["a", "mean"], ["y"]),
        weights={"w": np.ones(6, np.float32)},
    )
    assert error_of(path) == "'mean', a second output of '/norm', is used, which is not supported"


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (
            node("Conv", ["x", "kernel"], ["y"], auto_pad="SAME_UPPER", name="n"),
            "node 'n' (Conv): auto_pad is SAME_UPPER, accepted are NOTSET and VALID",
        ),
        (
            node("LayerNormalization", ["x", "scale"], ["y"], stash_type=10, name="n"),
            "node 'n' (LayerNormalization): stash_type is not 1, accepted are sums in float32 only",
        ),
        (
            node("Reshape", ["x", "zeros"], ["y"], allowzero=1, name="n"),
            "node 'n' (Reshape): allowzero is 1 for a shape with zeros, accepted is 0",
        ),
    ],
    ids=["Conv", "LayerNormalization", "Reshape"],
)
def test_refused_attributes(path: Path, refused: NodeProto, message: str):
    weights: Weights = {
        "kernel": np.ones((2, 4, 3), np.float32),
        "scale": np.ones(6, np.float32),
        "zeros": np.array([0, 4]),
    }
    assert error_of(write(path, refused, weights=weights)) == message


def test_axes_from_the_input(path: Path):
    write(path, node("Reshape", ["x", "s"], ["y"], name="/r"), node("Shape", ["y"], ["s"]))
    assert error_of(path) == "node '/r' (Reshape): reads 's', which nothing before it defines"


@settings(in_one_file, max_examples=40)
@given(data=st.data())
def test_damaged_models(path: Path, data: st.DataObject):
    """Any change of a byte gives a model, or one line that says what is wrong."""
    original = MODELS / "small_vit.fused.dynamo18.external.onnx"
    damaged = bytearray(original.read_bytes())
    damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(damaged)
    (path.parent / f"{original.name}.data").write_bytes(
        original.with_name(f"{original.name}.data").read_bytes()
    )
    try:
        import_model(path).verify()
    except UserError as error:
        assert len(str(error).splitlines()) == 1
