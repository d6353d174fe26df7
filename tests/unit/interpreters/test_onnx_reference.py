"""Operators that are folded, against the reference implementation of ONNX, over drawn inputs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.interpreter import Interpreter
from xdsl.interpreters.func import FuncFunctions

from vaqf.dialects.onnx import ConstantOp, OpaqueOp
from vaqf.frontends.onnx import ModelFile, import_file
from vaqf.frontends.onnx.registry import OPERATORS
from vaqf.interpreters.onnx import register_onnx_functions
from vaqf.interpreters.parameters import provide_parameters
from vaqf.passes.fold_onnx_constants import FoldOnnxConstantsPass

Array = NDArray[np.number | np.bool_]
Draw = st.DataObject
Attribute = int | float | str | list[int] | TensorProto

OPSET = 20


@dataclass(frozen=True)
class Case:
    """One node, on arrays that the model has."""

    operator: str
    inputs: Mapping[str, Array]
    attributes: Mapping[str, Attribute]
    outputs: int = 1

    def model(self) -> ModelProto:
        """A model of an input that is not used."""
        names = [f"y{index}" for index in range(self.outputs)]
        node = helper.make_node(self.operator, list(self.inputs), names)
        node.attribute.extend(helper.make_attribute(*each) for each in self.attributes.items())
        graph = helper.make_graph(
            [node],
            "graph",
            [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3])],
            [helper.make_empty_tensor_value_info(name) for name in names],
            [numpy_helper.from_array(array, name) for name, array in self.inputs.items()],
        )
        opset = helper.make_opsetid("", OPSET)
        return helper.make_model(graph, opset_imports=[opset], ir_version=9)


class Evaluator(Protocol):
    """What is used of the reference implementation."""

    def run(
        self, output_names: None, feed_inputs: dict[str, Array]
    ) -> list[Array] | dict[str, Array]: ...


def case(operator: str, *inputs: object, outputs: int = 1, **attributes: Attribute) -> Case:
    arrays = {f"i{index}": np.asarray(each) for index, each in enumerate(inputs)}
    return Case(operator, arrays, attributes, outputs)


def expected(evaluator: Evaluator) -> list[Array]:
    with np.errstate(all="ignore"):
        results = evaluator.run(None, {"image": np.zeros((1, 3), np.float32)})
    assert isinstance(results, list)
    return [np.asarray(each) for each in results]


def interpreted(module: ModuleOp, file: ModelFile) -> list[Array]:
    interpreter = Interpreter(module)
    interpreter.register_implementations(FuncFunctions())
    register_onnx_functions(interpreter)
    provide_parameters(interpreter, file)
    with np.errstate(all="ignore"):
        return list(interpreter.call_op("forward", (np.zeros((1, 3), np.float32),)))


# What is drawn


def arrays(
    draw: Draw, dtype: type[np.generic], shape: tuple[int, ...] | None = None, rank: int = 0
) -> Array:
    """Small numbers, of which no operator overflows."""
    elements: Mapping[type[np.generic], st.SearchStrategy[object]] = {
        np.float32: st.integers(-64, 64).map(lambda number: number / 8),
        np.int64: st.integers(-9, 9),
        np.int32: st.integers(-9, 9),
        np.bool_: st.booleans(),
    }
    shapes = hnp.array_shapes(min_dims=rank, max_dims=3, max_side=4)
    wanted = draw.draw(shapes) if shape is None else shape
    return draw.draw(hnp.arrays(dtype, wanted, elements=elements[dtype]))


def together(draw: Draw, *dtypes: type[np.generic]) -> list[Array]:
    """Arrays that broadcast."""
    shapes = hnp.mutually_broadcastable_shapes(num_shapes=len(dtypes), max_dims=3, max_side=4)
    drawn = draw.draw(shapes).input_shapes
    return [arrays(draw, *each) for each in zip(dtypes, drawn, strict=True)]


def number(draw: Draw) -> type[np.generic]:
    return draw.draw(st.sampled_from([np.float32, np.int64, np.int32]))


def axis_of(draw: Draw, array: Array) -> int:
    return draw.draw(st.integers(-array.ndim, array.ndim - 1))


def axes_of(draw: Draw, array: Array) -> list[int]:
    """Some dimensions, each counted from one end or the other."""
    axes = draw.draw(st.sets(st.integers(0, array.ndim - 1), min_size=1))
    back = draw.draw(st.booleans())
    return [axis - array.ndim if back else axis for axis in sorted(axes)]


def flag(draw: Draw) -> int:
    return draw.draw(st.integers(0, 1))


# One function for each kind of operator


def binary(operator: str) -> Callable[[Draw], Case]:
    def draw_case(draw: Draw) -> Case:
        dtype = number(draw)
        return case(operator, *together(draw, dtype, dtype))

    return draw_case


def variadic(operator: str) -> Callable[[Draw], Case]:
    def draw_case(draw: Draw) -> Case:
        return case(operator, *together(draw, *[number(draw)] * draw.draw(st.integers(1, 3))))

    return draw_case


def comparison(operator: str) -> Callable[[Draw], Case]:
    return binary(operator)


def connective(operator: str) -> Callable[[Draw], Case]:
    return lambda draw: case(operator, *together(draw, np.bool_, np.bool_))


def unary(operator: str) -> Callable[[Draw], Case]:
    return lambda draw: case(operator, arrays(draw, np.float32))


def reduction(operator: str) -> Callable[[Draw], Case]:
    def draw_case(draw: Draw) -> Case:
        input = arrays(draw, np.float32 if operator == "ReduceMean" else number(draw), rank=1)
        return case(operator, input, axes_of(draw, input), keepdims=flag(draw))

    return draw_case


def division(draw: Draw) -> Case:
    dtype = number(draw)
    left, right = together(draw, dtype, dtype)
    # The reference rounds negative quotients down, where C and ONNX Runtime round towards zero.
    return case("Div", left if dtype == np.float32 else np.abs(left), np.abs(right) + dtype(1))


def modulus(draw: Draw) -> Case:
    dtype = number(draw)
    left, right = together(draw, dtype, dtype)
    fmod = 1 if dtype == np.float32 else flag(draw)
    return case("Mod", left, np.where(right == 0, dtype(3), right), fmod=fmod)


def power(draw: Draw) -> Case:
    left, right = together(draw, np.float32, draw.draw(st.sampled_from([np.float32, np.int64])))
    return case("Pow", np.abs(left) + np.float32(1), np.clip(right, -3, 3))


def choice(draw: Draw) -> Case:
    dtype = number(draw)
    return case("Where", *together(draw, np.bool_, dtype, dtype))


def conversion(draw: Draw) -> Case:
    kinds = {
        np.float32: TensorProto.FLOAT,
        np.int64: TensorProto.INT64,
        np.int32: TensorProto.INT32,
        np.bool_: TensorProto.BOOL,
    }
    source = draw.draw(st.sampled_from(list(kinds)))
    return case("Cast", arrays(draw, source), to=draw.draw(st.sampled_from(list(kinds.values()))))


def conversion_like(draw: Draw) -> Case:
    return case("CastLike", arrays(draw, number(draw)), arrays(draw, number(draw)))


def not_numbers(draw: Draw) -> Case:
    input = arrays(draw, np.float32)
    return case("IsNaN", np.where(np.greater(input, 4), np.float32(np.nan), input))


def cumulative_sum(draw: Draw) -> Case:
    input = arrays(draw, number(draw), rank=1)
    axis = np.int64(axis_of(draw, input))
    return case("CumSum", input, axis, exclusive=flag(draw), reverse=flag(draw))


def sizes(draw: Draw) -> Case:
    input = arrays(draw, number(draw))
    bounds = st.integers(-4, 4)
    attributes = draw.draw(st.fixed_dictionaries({}, optional={"start": bounds, "end": bounds}))
    return case("Shape", input, **attributes)


def filled(draw: Draw) -> Case:
    element = numpy_helper.from_array(arrays(draw, number(draw), (1,)))
    shape = np.array(draw.draw(st.lists(st.integers(0, 4), max_size=3)), np.int64)
    return Case("ConstantOfShape", {"shape": shape}, {"value": element} if flag(draw) else {})


def sequence(draw: Draw) -> Case:
    start, limit = (draw.draw(st.integers(-9, 9)) for _ in range(2))
    delta = draw.draw(st.sampled_from([-3, -1, 1, 2]))
    dtype = number(draw)
    return case("Range", *(np.array(each, dtype) for each in (start, limit, delta)))


def reshape(draw: Draw) -> Case:
    input = arrays(draw, number(draw))
    shape = draw.draw(st.permutations(input.shape))
    if shape:
        shape[draw.draw(st.integers(0, len(shape) - 1))] = -1
    return case("Reshape", input, np.array(shape, np.int64))


def flatten(draw: Draw) -> Case:
    input = arrays(draw, number(draw), rank=1)
    return case("Flatten", input, axis=draw.draw(st.integers(-input.ndim, input.ndim)))


def transpose(draw: Draw) -> Case:
    input = arrays(draw, number(draw), rank=1)
    return case("Transpose", input, perm=list(draw.draw(st.permutations(range(input.ndim)))))


def squeeze(draw: Draw) -> Case:
    input = arrays(draw, number(draw))
    axes = sorted(draw.draw(st.sets(st.integers(0, input.ndim), min_size=1)))
    axes = [axis for index, axis in enumerate(axes) if axis <= input.ndim + index]
    return case("Squeeze", np.expand_dims(input, tuple(axes)), np.array(axes))


def unsqueeze(draw: Draw) -> Case:
    input = arrays(draw, number(draw))
    return case("Unsqueeze", input, np.array([draw.draw(st.integers(-input.ndim - 1, input.ndim))]))


def expand(draw: Draw) -> Case:
    shapes = draw.draw(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=4))
    first, second = shapes.input_shapes
    return case("Expand", arrays(draw, number(draw), first), np.array(second, np.int64))


def tile(draw: Draw) -> Case:
    input = arrays(draw, number(draw), rank=1)
    repeats = st.lists(st.integers(1, 3), min_size=input.ndim, max_size=input.ndim)
    return case("Tile", input, np.array(draw.draw(repeats)))


def concatenate(draw: Draw) -> Case:
    input = arrays(draw, number(draw), rank=1)
    return case("Concat", input, input, input[::-1], axis=axis_of(draw, input))


def take_slice(draw: Draw) -> Case:
    input = arrays(draw, number(draw), rank=1)
    axes = axes_of(draw, input)
    bounds = st.lists(st.integers(-6, 6), min_size=len(axes), max_size=len(axes))
    steps = st.lists(st.sampled_from([1, 2, -1]), min_size=len(axes), max_size=len(axes))
    return case("Slice", input, draw.draw(bounds), draw.draw(bounds), axes, draw.draw(steps))


def split(draw: Draw) -> Case:
    first, second = (arrays(draw, np.int64, (size, 2)) for size in (1, 3))
    return case("Split", np.concatenate([first, second]), [1, 3], outputs=2, axis=0)


def gather(draw: Draw) -> Case:
    input = arrays(draw, number(draw), rank=1)
    axis = axis_of(draw, input)
    size = input.shape[axis]
    dtype = draw.draw(st.sampled_from([np.int64, np.int32]))
    shape = draw.draw(hnp.array_shapes(min_dims=0, max_dims=2, max_side=3))
    indices = hnp.arrays(dtype, shape, elements=st.integers(-size, size - 1))
    return case("Gather", input, draw.draw(indices), axis=axis)


def triangle(draw: Draw) -> Case:
    input = arrays(draw, number(draw), rank=2)
    diagonal = draw.draw(st.lists(st.integers(-3, 3).map(np.int64), max_size=1))
    return case("Trilu", input, *diagonal, upper=flag(draw))


CASES: Mapping[str, Callable[[Draw], Case]] = {
    **{name: binary(name) for name in ("Add", "Sub", "Mul")},
    **{name: variadic(name) for name in ("Max", "Min")},
    **{
        name: comparison(name)
        for name in ("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual")
    },
    **{name: connective(name) for name in ("And", "Or")},
    **{
        name: unary(name)
        for name in (
            *("Neg", "Reciprocal", "Floor", "Ceil", "Sqrt"),
            *("Exp", "Log", "Tanh", "Erf", "Gelu"),
        )
    },
    **{
        name: reduction(name)
        for name in ("ReduceMean", "ReduceSum", "ReduceProd", "ReduceMax", "ReduceMin")
    },
    "Div": division,
    "Mod": modulus,
    "Pow": power,
    "Not": lambda draw: case("Not", arrays(draw, np.bool_)),
    "IsNaN": not_numbers,
    "Where": choice,
    "Cast": conversion,
    "CastLike": conversion_like,
    "Identity": lambda draw: case("Identity", arrays(draw, number(draw))),
    "Dropout": lambda draw: case("Dropout", arrays(draw, np.float32)),
    "CumSum": cumulative_sum,
    "Shape": sizes,
    "Size": lambda draw: case("Size", arrays(draw, number(draw))),
    "ConstantOfShape": filled,
    "Range": sequence,
    "Reshape": reshape,
    "Flatten": flatten,
    "Transpose": transpose,
    "Squeeze": squeeze,
    "Unsqueeze": unsqueeze,
    "Expand": expand,
    "Tile": tile,
    "Concat": concatenate,
    "Slice": take_slice,
    "Split": split,
    "Gather": gather,
    "Trilu": triangle,
}


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
@pytest.mark.parametrize("operator", CASES)
def test_operator(tmp_path: Path, operator: str, data: Draw):
    drawn = CASES[operator](data)
    path = tmp_path / "model.onnx"
    path.write_bytes(drawn.model().SerializeToString())
    file = ModelFile.open(path)
    module = import_file(file)
    module.verify()
    assert not any(isinstance(op, OpaqueOp) for op in module.walk())

    wanted = expected(ReferenceEvaluator(drawn.model()))

    def check() -> None:
        for ours, theirs in zip(interpreted(module, file), wanted, strict=True):
            assert ours.dtype == theirs.dtype and ours.shape == theirs.shape
            np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)

    check()
    FoldOnnxConstantsPass().apply(Context(), module)
    module.verify()
    check()


def test_everything_that_is_folded_is_tested():
    """The property test has a case for each operator without layers among them."""
    layers = {"Constant", "MatMul", "Gemm", "Conv", "Softmax", "LayerNormalization", "Attention"}
    rounding = {"QuantizeLinear", "DequantizeLinear"}
    # It is imported as an identity, or not at all.
    resizing = {"Resize"}
    others = layers | rounding | resizing
    assert {name for domain, name in OPERATORS if not domain} - others == CASES.keys()


def test_quotients_of_integers_are_rounded_towards_zero(tmp_path: Path):
    path = tmp_path / "model.onnx"
    division = case("Div", np.array([7, -7, 7, -7]), np.array([2, 2, -2, -2]))
    path.write_bytes(division.model().SerializeToString())
    module = import_file(ModelFile.open(path))
    FoldOnnxConstantsPass().apply(Context(), module)
    function = module.body.block.first_op
    assert isinstance(function, FuncOp)
    terminator = function.body.block.last_op
    assert isinstance(terminator, ReturnOp)
    constant = terminator.operands[0].owner
    assert isinstance(constant, ConstantOp)
    assert constant.elements.get_values() == (3, -3, -3, 3)
