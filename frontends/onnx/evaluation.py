"""What the onnx package knows of one node: the types of its outputs, and their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, TypeProto, defs, helper, numpy_helper
from onnx.checker import ValidationError
from onnx.defs import SchemaError
from onnx.reference import ReferenceEvaluator
from onnx.shape_inference import InferenceError, infer_node_outputs

Array = NDArray[np.generic]


_FAILURES = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What the package's evaluator raises for inputs and attributes that do not fit an operator."""


class EvaluationError(Exception):
    """A node that cannot be computed, with the reason."""


class _Evaluator(Protocol):
    """What is used of the package's evaluator."""

    def run(
        self, output_names: None, feed_inputs: dict[str, Array]
    ) -> dict[str, Array] | list[Array]: ...


def tensor_type(array: Array) -> TypeProto:
    """The ONNX type of an array."""
    return helper.make_tensor_type_proto(helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)


def static_shape(type: TypeProto) -> tuple[int, ...] | None:
    """The shape of a tensor type; None when a dimension, or their number, is not known."""
    tensor = type.tensor_type
    if not tensor.HasField("shape"):
        return None
    sizes = [dim.dim_value if dim.HasField("dim_value") else None for dim in tensor.shape.dim]
    known = tuple(size for size in sizes if size is not None)
    return known if len(known) == len(sizes) else None


def infer_types(
    node: NodeProto, opset: int, types: Mapping[str, TypeProto], constants: Mapping[str, Array]
) -> dict[str, TypeProto]:
    """
    The types of the outputs of a node; nothing for operators that ONNX does not define.

    Args:
        node: any node.
        opset: version of the ONNX operators.
        types: the types of all its inputs.
        constants: the values of those that are known.

    Raises:
        EvaluationError: when the inputs do not fit the operator.
    """
    try:
        schema = defs.get_schema(node.op_type, opset, node.domain)
    except SchemaError:
        return {}
    inputs = {name for name in node.input if name}
    try:
        return infer_node_outputs(
            schema,
            node,
            {name: types[name] for name in inputs},
            {
                name: numpy_helper.from_array(constants[name])
                for name in inputs
                if name in constants
            },
            opset_imports=[helper.make_opsetid(node.domain, opset)],
        )
    except (InferenceError, ValidationError, UnicodeDecodeError) as error:
        raise EvaluationError(" ".join(str(error).split())) from None


def evaluate(node: NodeProto, opset: int, inputs: Mapping[str, Array]) -> Sequence[Array]:
    """
    The outputs of a node.

    Raises:
        EvaluationError: when the inputs do not fit the operator.
    """
    graph = helper.make_graph(
        [node],
        "",
        [helper.make_value_info(name, tensor_type(array)) for name, array in inputs.items()],
        [helper.make_empty_tensor_value_info(name) for name in node.output],
    )
    try:
        with np.errstate(all="ignore"):
            return _run(ReferenceEvaluator(graph, opsets={"": opset}), inputs)
    except _FAILURES as error:
        raise EvaluationError(" ".join(str(error).split())) from None


def _run(evaluator: _Evaluator, inputs: Mapping[str, Array]) -> Sequence[Array]:
    outputs = evaluator.run(None, dict(inputs))
    arrays = outputs if isinstance(outputs, list) else outputs.values()
    return [np.asarray(array) for array in arrays]
