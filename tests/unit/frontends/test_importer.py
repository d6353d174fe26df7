"""From ONNX files to the `onnx` dialect: every live node, and what is refused."""

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
from vaqf.dialects.onnx import Onnx, OpaqueOp
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


@pytest.mark.parametrize(
    "file", sorted(MODELS.glob("families/timm_patch8.*.onnx")), ids=lambda p: p.stem
)
def test_exported_models(file: Path):
    assert text_of(file) == text_of(file)
    nodes = Counter(node.op_type for node in ModelFile.open(file).model.graph.node)
    found = Counter(kinds(file))
    del found["initializer"], found["constant"], nodes["Constant"]
    assert found == nodes


# The graph as it came


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
    assert kinds(path) == ["Shape", *["constant"] * 4, "Slice", "constant", "Concat", "Reshape"]
    assert "onnx.Reshape %x, %wanted : tensor<1x4x6xf32>, tensor<2xi64> -> tensor<1x24xf32>" in (
        text_of(path)
    )


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
    assert "onnx.Shape %x start = -2 end = 3 : tensor<1x4x6xf32> -> tensor<2xi64>" in text_of(path)
    assert "tensor<1x4x6xf32>, tensor<3xi64> -> tensor<4x6x1xf32>" in text_of(path)


def test_scale_from_shape(path: Path):
    write(
        path,
        node("Shape", ["x"], ["channels"], start=-1),
        node("Cast", ["channels"], ["real"], to=TensorProto.FLOAT),
        node("Sqrt", ["real"], ["root"]),
        node("Div", ["x", "root"], ["y"]),
    )
    assert kinds(path) == ["Shape", "Cast", "Sqrt", "Div"]
    assert "onnx.Cast %channels : tensor<1xi64> -> tensor<1xf32>" in text_of(path)


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
    found = [kind for kind in kinds(path) if kind not in ("constant", "initializer")]
    assert found == [
        *("Shape", "Concat", "Shape", "ConstantOfShape", "Mul"),
        *("Equal", "Where", "Expand", "Concat"),
    ]
    assert "tensor<1x1x6xf32>, tensor<3xi64> -> tensor<1x1x6xf32>" in text_of(path)


def test_expansion_that_repeats_stays(path: Path):
    write(
        path,
        node("Expand", ["w", "shape"], ["wide"]),
        node("Add", ["x", "wide"], ["y"]),
        weights={"w": np.ones((1, 6), np.float32), "shape": np.array([4, 6])},
    )
    assert kinds(path) == ["initializer", "constant", "Expand", "Add"]


def test_mask(path: Path):
    """A known value is large, and all its elements are the same."""
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
    assert kinds(path) == [*["constant"] * 2, "Expand", *["constant"] * 2, "Where", "Add"]
    assert "tensor<197x197xi1>, tensor<f32>, tensor<f32> -> tensor<197x197xf32>" in text_of(path)


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
    assert "dense<2> : tensor<i32>" in text_of(path)


def test_dead_nodes(path: Path):
    write(path, node("Relu", ["x"], ["unused"]), node("Erf", ["x"], ["y"]))
    assert kinds(path) == ["Erf"]


def test_identity_of_a_weight(path: Path):
    """The exporter shares equal weights in this way."""
    write(
        path,
        node("Identity", ["w"], ["same"]),
        node("Add", ["x", "w"], ["a"]),
        node("Add", ["a", "same"], ["y"]),
        weights={"w": np.ones(6, np.float32)},
    )
    assert kinds(path) == ["initializer", "Identity", "Add", "Add"]


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
    found = [kind for kind in kinds(path) if kind != "constant"]
    assert found == [nothing.op_type, "Identity", "Erf"]


def test_model_that_does_nothing(path: Path):
    write(path, node("Identity", ["x"], ["y"]))
    assert kinds(path) == ["Identity"]


def test_output_that_is_the_input(path: Path):
    write(path, node("Erf", ["x"], ["y"]))
    model = ModelFile.open(path).model
    model.graph.output.append(helper.make_tensor_value_info("x", TensorProto.FLOAT, None))
    path.write_bytes(model.SerializeToString())
    assert "func.return %y, %x" in text_of(path)


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


@in_one_file
@given(names=st.lists(names, min_size=3, max_size=3))
def test_any_names_of_operators(path: Path, names: list[str]):
    domain, operator, name = names
    write(
        path,
        node(operator, ["x"], ["a"], domain=domain, name=name),
        node("Erf", ["a"], ["y"]),
        domains=[domain],
    )
    assert "onnx.Opaque" in text_of(path)


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


def test_reductions_of_two_versions(path: Path):
    for name in ("ReduceMax", "ReduceMin", "ReduceProd"):
        new = node(name, ["x", "a"], ["y"], keepdims=0)
        assert kinds(write(path, new, weights={"a": np.array([1])})) == ["constant", name]
        old = node(name, ["x"], ["y"], keepdims=0, axes=[1])
        assert kinds(write(path, old, opset=17)) == ["constant", name]


@pytest.mark.parametrize(
    ("attributes", "axes"),
    [
        ({}, "dense<[0, 1, 2]> : tensor<3xi64>"),
        ({"noop_with_empty_axes": 1}, "dense<> : tensor<0xi64>"),
    ],
    ids=["all", "none"],
)
@pytest.mark.parametrize("inputs", [["x"], ["x", "empty"]], ids=["left out", "empty"])
def test_reduction_without_axes(
    path: Path, attributes: dict[str, int], axes: str, inputs: list[str]
):
    sum = node("ReduceSum", inputs, ["y"], keepdims=1)
    sum.attribute.extend(helper.make_attribute(*each) for each in attributes.items())
    write(path, sum, weights={"empty": np.array([], np.int64)})
    assert constants_of(path)[-1] == axes


def test_shape_of_an_old_version(path: Path):
    write(path, node("Shape", ["x"], ["s"]), node("Reshape", ["x", "s"], ["y"]), opset=14)
    assert "onnx.Shape %x start = 0 : " in text_of(path)


def test_tensor_without_value(path: Path):
    write(
        path,
        node("Shape", ["x"], ["s"]),
        node("ConstantOfShape", ["s"], ["zeros"]),
        node("Add", ["x", "zeros"], ["y"]),
    )
    assert "value = dense<0.000000e+00> : tensor<1xf32>" in text_of(path)


def test_cast_to_the_type_of_another(path: Path):
    write(
        path,
        node("CastLike", ["w", "x"], ["a"]),
        node("Add", ["x", "a"], ["y"]),
        weights={"w": np.array(3)},
    )
    assert kinds(path) == ["constant", "Cast", "Add"]


SAME_SIZES = np.array([1, 3, 4, 6])


def write_resize(path: Path, *inputs: str, weights: Weights, **attributes: str) -> None:
    """A model that resizes its image of 4 x 6 pixels."""
    resize = node("Resize", ["x", *inputs], ["y"], **attributes)
    write(path, resize, weights=weights, shape=(1, 3, 4, 6))


@pytest.mark.parametrize("mode", ["nearest", "linear", "cubic"])
@pytest.mark.parametrize("coordinates", ["half_pixel", "align_corners", "asymmetric"])
def test_resize_to_the_same_size(path: Path, mode: str, coordinates: str):
    """What exporters leave of a position embedding that is interpolated to its own size."""
    attributes = {"mode": mode, "coordinate_transformation_mode": coordinates}
    sizes = {"sizes": SAME_SIZES}
    write_resize(path, "", "", "sizes", weights=sizes, **attributes)
    assert kinds(path) == ["Identity"]


@pytest.mark.parametrize(
    ("inputs", "weights", "attributes"),
    [
        (["", "", "sizes"], {"sizes": SAME_SIZES * np.array([1, 1, 2, 2])}, {}),
        (["", "scales"], {"scales": np.array([1, 1, 1.1, 1.1], np.float32)}, {}),
        (
            ["roi", "", "sizes"],
            {"roi": np.array([0, 0, 0, 0, 1, 1, 0.5, 0.5], np.float32), "sizes": SAME_SIZES},
            {"coordinate_transformation_mode": "tf_crop_and_resize"},
        ),
    ],
    ids=["sizes", "scales", "crop"],
)
def test_interpolation(
    path: Path, inputs: Sequence[str], weights: Weights, attributes: Mapping[str, str]
):
    """Scales of 1.1 keep 4 x 6 pixels, but not their values."""
    write_resize(path, *inputs, weights=weights, **attributes)
    assert kinds(path)[-1] == "Opaque"


def test_names_of_added_constants_are_free(path: Path):
    """The model calls a tensor of its own as the importer would call axes."""
    write(
        path,
        node("ReduceSum", ["x"], ["s"], keepdims=0),
        node("Reshape", ["x", "axes[0, 1, 2]"], ["r"]),
        node("Add", ["r", "s"], ["y"]),
        weights={"axes[0, 1, 2]": np.array([6, 4])},
    )
    assert constants_of(path) == [
        "dense<[0, 1, 2]> : tensor<3xi64>",
        "dense<[6, 4]> : tensor<2xi64>",
    ]


# What has no operation


def opaque(path: Path) -> dict[str, tuple[str | None, str | None]]:
    """Reason, and node that it follows, of each opaque node by its name."""
    return {
        name_of_location(op.location) or "": (
            op.reason and op.reason.data,
            op.follows and op.follows.data,
        )
        for op in operations(path)
        if isinstance(op, OpaqueOp)
    }


def test_unknown_operators(path: Path):
    write(
        path,
        node("Relu", ["x"], ["a"], name="/act/Relu"),
        node("Block", ["a"], ["b"], domain="my.domain", name="/block"),
        node("Shape", ["b"], ["shape"], name="/Shape"),
        node("Reshape", ["b", "shape"], ["c"], name="/Reshape"),
        node("Selu", ["c"], ["s"], name="/Selu"),
        node("Erf", ["s"], ["y"], name="/Erf"),
        domains=["my.domain"],
    )
    text, image = text_of(path), "tensor<1x4x6xf32>"
    assert f'%act_Relu = onnx.Opaque "" "Relu"(%x) : ({image}) -> {image}' in text
    assert f'onnx.Opaque "my.domain" "Block"(%act_Relu) : ({image}) -> tensor<*xf32>' in text
    assert opaque(path) == {
        "/act/Relu": (None, None),
        "/block": (None, None),
        "/Shape": (None, "/block"),
        "/Reshape": (None, "/block"),
        "/Selu": (None, None),
        "/Erf": (None, "/Selu"),
    }


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
    assert opaque(path) == {"/If": (None, None)}


def test_shape_that_depends_on_the_input(path: Path):
    write(
        path,
        node("Cast", ["x"], ["wide"], to=TensorProto.INT64, name="/Cast"),
        node("Flatten", ["wide"], ["flat"], axis=0, name="/Flatten"),
        constant("zero", [0]),
        node("Squeeze", ["flat", "zero"], ["asked"], name="/Squeeze"),
        node("ConstantOfShape", ["asked"], ["large"], name="/ConstantOfShape"),
        node("Erf", ["large"], ["y"], name="/Erf"),
    )
    assert opaque(path) == {
        "/ConstantOfShape": ("the shape of 'large' is not known", None),
        "/Erf": (None, "/ConstantOfShape"),
    }


def test_operand_that_depends_on_the_input(path: Path):
    """The type of the result is known, what the operation does is not."""
    write(
        path,
        node("Cast", ["x"], ["i"], to=TensorProto.INT64),
        node("Gather", ["w", "i"], ["y"]),
        weights={"w": np.ones((6, 2), np.float32)},
    )
    assert "tensor<6x2xf32>, tensor<1x4x6xi64> -> tensor<1x4x6x2xf32>" in text_of(path)


def test_operator_of_a_later_version(path: Path):
    write(path, node("Gelu", ["x"], ["y"], name="/act"), opset=19)
    assert opaque(path) == {"/act": ("opset is 19, accepted are 20 and later ones", None)}


def test_text_constant(path: Path):
    write(
        path,
        node("Constant", [], ["t"], value_string="text", name="/Constant"),
        node("Block", ["x", "t"], ["y"], domain="my.domain", name="/block"),
        domains=["my.domain"],
    )
    assert opaque(path) == {
        "/Constant": ("its value is no tensor of numbers", None),
        "/block": (None, None),
    }


# What is refused


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (("batch", 3, "height", 224), "dimension 2 is 'height', expected a number"),
        ((None, 3, 224, None), "dimension 3 is '?', expected a number"),
        (("batch", 3, 0, 224), "dimension 2 is 0, expected a positive number"),
        (("batch", 3, 224, -1), "dimension 3 is -1, expected a positive number"),
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
    write(path, node("Erf", ["x"], ["y"], name="/Erf"), elements=TensorProto.FLOAT16)
    assert opaque(path) == {"/Erf": ("'input' has elements f16, accepted is f32", None)}
    write(path, node("Erf", ["x"], ["y"]), elements=TensorProto.STRING)
    assert error_of(path) == (
        "input 'x' has elements STRING, accepted are real numbers, integers and conditions"
    )


def test_two_inputs(path: Path):
    inputs = {"x": (TensorProto.FLOAT, ["n", 4]), "i": (TensorProto.INT64, [7])}
    graph = helper.make_graph(
        [node("Gather", ["x", "i"], ["y"], axis=1)],
        "graph",
        [helper.make_tensor_value_info(name, *type) for name, type in inputs.items()],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    path.write_bytes(model.SerializeToString())
    function = function_of(import_model(path))
    assert input_names(function) == ("x", "i")
    assert str(function.function_type) == "(tensor<1x4xf32>, tensor<7xi64>) -> tensor<1x7xf32>"


def test_unused_inputs(path: Path):
    """They need no shape either, and the images need not be first."""
    write(path, node("Erf", ["x"], ["y"]))
    model = ModelFile.open(path).model
    images = model.graph.input.pop()
    for name, shape in (("mask", None), ("offset", ["n", "m"])):
        unused = helper.make_tensor_value_info(name, TensorProto.INT64, shape)
        model.graph.input.append(unused)
    model.graph.input.insert(1, images)
    model.graph.node.append(node("Erf", ["offset"], ["dead"]))
    path.write_bytes(model.SerializeToString())
    assert input_names(function_of(import_model(path))) == ("x",)


def test_no_input(path: Path):
    graph = helper.make_graph(
        [constant("y", 1.0, np.float32)],
        "graph",
        [],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    path.write_bytes(model.SerializeToString())
    assert error_of(path) == "there is no input, expected images"


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


@pytest.mark.parametrize(
    ("dtype", "type"),
    [
        (np.float16, "f16"),
        (np.float64, "f64"),
        (np.int8, "i8"),
        (np.uint8, "ui8"),
        (np.int32, "i32"),
    ],
    ids=str,
)
def test_elements_of_weights(path: Path, dtype: type[np.generic], type: str):
    write(
        path,
        node("Cast", ["w"], ["wide"], to=TensorProto.FLOAT),
        node("MatMul", ["x", "wide"], ["y"]),
        weights={"w": np.arange(6 * 800).reshape(6, 800).astype(dtype)},
    )
    assert kinds(path) == ["initializer", "Cast", "MatMul"]
    assert f"onnx.initializer @w : tensor<6x800x{type}>" in text_of(path)


def test_weights_that_are_no_numbers(path: Path):
    float8 = helper.tensor_dtype_to_np_dtype(TensorProto.FLOAT8E4M3FN)
    write(
        path,
        node("Cast", ["w"], ["v"], to=TensorProto.FLOAT, name="/Cast"),
        node("MatMul", ["x", "v"], ["y"], name="/MatMul"),
        weights={"w": np.ones((6, 9), float8)},
        opset=21,
    )
    reason = "its elements are FLOAT8E4M3FN, accepted are real numbers, integers and conditions"
    assert opaque(path) == {"w": (reason, None), "/Cast": (None, "w")}


def test_large_indices_stay_in_the_file(path: Path):
    gather = node("Gather", ["x", "i"], ["y"], axis=1)
    write(path, gather, weights={"i": np.arange(1025) % 4})
    assert kinds(path) == ["initializer", "Gather"]
    write(path, gather, weights={"i": np.full(1025, 3)})
    assert kinds(path) == ["constant", "Gather"]
    write(path, gather, weights={"i": np.zeros((1 << 16) + 1, np.int64)})
    assert kinds(path) == ["initializer", "Gather"]


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
    assert opaque(path)["/Reshape"] == ("'shape' is [3], 'input' has 2 values", None)


def test_undefined_value(path: Path):
    write(path, node("Add", ["x", "w"], ["y"], name="/Add"))
    assert error_of(path) == "node '/Add' (Add): reads 'w', which nothing defines"


def test_value_that_is_defined_later(path: Path):
    write(
        path,
        node("Add", ["z", "x"], ["y"], name="/Add"),
        node("Erf", ["x"], ["z"], name="/Erf"),
    )
    assert error_of(path) == (
        "node '/Add' (Add): reads 'z', which node '/Erf' gives only after it: "
        "the nodes are not in topological order"
    )


def test_cycle(path: Path):
    write(
        path,
        node("Add", ["x", "b"], ["a"], name="/Add"),
        node("Erf", ["a"], ["e"]),
        node("Erf", ["e"], ["b"]),
        node("Erf", ["b"], ["y"]),
    )
    assert error_of(path) == (
        "node '/Add' (Add): reads 'b', which depends on what the node itself gives: "
        "the graph has a cycle"
    )


@pytest.mark.parametrize(
    ("nodes", "by"),
    [
        ([node("Erf", ["x"], ["x"])], "'x' is defined twice, by an input and by node 'n' (Erf)"),
        (
            [node("Erf", ["x"], ["w"])],
            "'w' is defined twice, by an initializer and by node 'n' (Erf)",
        ),
        (
            [node("Erf", ["x"], ["z"]), node("Sqrt", ["x"], ["z"])],
            "'z' is defined twice, by node 'n' (Erf) and by node 'n_1' (Sqrt)",
        ),
    ],
)
def test_values_that_are_defined_twice(path: Path, nodes: Sequence[NodeProto], by: str):
    for each in nodes:
        each.name = "n"
    weights = {"w": np.ones(6, np.float32)}
    write(path, *nodes, node("Add", ["x", "w"], ["y"]), weights=weights)
    assert error_of(path) == f"value {by}"


def test_initializers_of_one_name(path: Path):
    write(path, node("Add", ["x", "w"], ["y"]), weights={"w": np.ones(6, np.float32)})
    model = ModelFile.open(path).model
    model.graph.initializer.append(model.graph.initializer[0])
    path.write_bytes(model.SerializeToString())
    assert error_of(path) == "value 'w' is defined twice, by an initializer and by an initializer"


def test_node_without_operator(path: Path):
    write(path, node("", ["x"], ["y"], name="n"))
    assert error_of(path) == "node 'n' (): does not say what it computes"


def test_node_without_name_and_outputs(path: Path):
    write(path, node("Erf", ["x"], []), node("Erf", ["x"], ["y"]))
    assert kinds(path) == ["Erf"]


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
    assert opaque(path) == {"/norm": ("output 1, 'mean', is used, which is not accepted", None)}


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (
            node("Conv", ["x", "kernel"], ["y"], auto_pad="SAME_UPPER", name="n"),
            "auto_pad is SAME_UPPER, accepted are NOTSET and VALID",
        ),
        (
            node("LayerNormalization", ["x", "scale"], ["y"], stash_type=10, name="n"),
            "stash_type is not 1, accepted are sums in float32 only",
        ),
        (
            node("Reshape", ["x", "zeros"], ["y"], allowzero=1, name="n"),
            "allowzero is 1 for a shape with zeros, accepted is 0",
        ),
        (
            node("Dropout", ["x", "half", "true"], ["y"], name="n"),
            "it is in training mode",
        ),
    ],
    ids=lambda each: each.op_type if isinstance(each, NodeProto) else "",
)
def test_refused_attributes(path: Path, refused: NodeProto, message: str):
    weights: Weights = {
        "kernel": np.ones((2, 4, 3), np.float32),
        "scale": np.ones(6, np.float32),
        "zeros": np.array([0, 4]),
        "half": np.array(0.5, np.float32),
        "true": np.array(True),
    }
    assert opaque(write(path, refused, weights=weights)) == {"n": (message, None)}


def test_attributes_of_another_domain(path: Path):
    """Whatever ONNX Runtime may add to its operators later."""
    fused = node("FusedMatMul", ["x", "w"], ["y"], domain="com.microsoft", name="n", other=1)
    write(path, fused, weights={"w": np.ones((6, 6), np.float32)}, domains=["com.microsoft"])
    assert opaque(path) == {"n": ("attribute 'other' is 1, which is not accepted", None)}


def test_axes_from_the_input(path: Path):
    write(path, node("Reshape", ["x", "s"], ["y"], name="/r"), node("Shape", ["y"], ["s"]))
    assert error_of(path) == (
        "node '/r' (Reshape): reads 's', which depends on what the node itself gives: "
        "the graph has a cycle"
    )


@settings(in_one_file, max_examples=40)
@given(data=st.data())
def test_damaged_models(path: Path, data: st.DataObject):
    """Any change of a byte gives a model, or one line that says what is wrong."""
    original = MODELS / "families" / "timm_patch8.dynamo20_external.onnx"
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
