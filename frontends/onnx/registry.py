"""
Every operator that the importer knows: the operation that it becomes, and what is accepted of it.

To add one: a row here, an operation of the `onnx` dialect with its meaning in `interpreters/onnx`,
and a rule in `normal_form` where nodes are not written as the operation is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from onnx import NodeProto
from xdsl.irdl import IRDLOperation

from vaqf.dialects import onnx

OLDEST_OPSET = 13
"""From here on `Softmax` works along one dimension, and `Squeeze` takes its axes as an operand."""

EVERYTHING = "everything"
"""What is accepted of an operator without limits."""

_NUMBERS = "float32, float64, int32 and int64"
_REALS = "float32 and float64"
_CONDITIONS = f"{_NUMBERS}, and conditions"
_FLOAT = "float32"

QONNX_DOMAINS = ("qonnx.custom_op.general", "onnx.brevitas")
"""Who defines the operators of QONNX: the qonnx package, and Brevitas in the files it exports."""

MICROSOFT = "com.microsoft"
"""Who defines the operators that ONNX Runtime's optimiser writes."""

Shape = tuple[int, ...]

ResultShapes = Callable[[NodeProto, Sequence[Shape]], Sequence[Shape]]
"""
The shapes of the outputs of a node from those of its inputs; `()` stands for an input left out.

Raises `ValueError`, with the reason, when the inputs do not fit.
"""


@dataclass(frozen=True)
class Operator:
    """What the importer does with an operator."""

    operation: type[IRDLOperation]
    """What its nodes become. Inputs become operands, attributes the properties of their names."""

    accepted: str = EVERYTHING
    """The limits, as a user reads them; a node outside of them becomes an `onnx.Opaque`."""

    first: int = OLDEST_OPSET
    """The first version of the operators of its domain that is accepted."""

    last: int | None = None
    """The last version that is accepted; None when there is no later one that differs."""

    result_shapes: ResultShapes | None = None
    """
    The shapes of its results, whose elements are then those of the first input; None for operators
    that the onnx package knows.
    """


def same_shape(node: NodeProto, shapes: Sequence[Shape]) -> Sequence[Shape]:
    """The outputs have the shape of the first input."""
    return [shapes[0]] * len(node.output)


def _product_of_matrices(node: NodeProto, shapes: Sequence[Shape]) -> Sequence[Shape]:
    """The output is the product of stacks of matrices, which may be stored transposed."""
    flags = {attribute.name: attribute.i for attribute in node.attribute}
    left, right = (
        (*shape[:-2], *reversed(shape[-2:])) if flags.get(flag) else shape
        for shape, flag in zip(shapes, ("transA", "transB"), strict=True)
    )
    if min(len(left), len(right)) < 2 or left[-1] != right[-2]:
        raise ValueError(f"shapes {shapes[0]} and {shapes[1]} do not multiply")
    return [(*np.broadcast_shapes(left[:-2], right[:-2]), left[-2], right[-1])]


OPERATORS: Mapping[tuple[str, str], Operator] = {
    # Data
    ("", "Constant"): Operator(onnx.ConstantOp, "numbers; weights stay in the model file"),
    ("", "Identity"): Operator(onnx.IdentityOp),
    ("", "Dropout"): Operator(onnx.DropoutOp, "not in training mode, one output"),
    ("", "Cast"): Operator(onnx.CastOp),
    ("", "CastLike"): Operator(onnx.CastOp, first=15),
    # Arithmetic
    ("", "Add"): Operator(onnx.AddOp, _NUMBERS),
    ("", "Sub"): Operator(onnx.SubOp, _NUMBERS),
    ("", "Mul"): Operator(onnx.MulOp, _NUMBERS),
    ("", "Div"): Operator(onnx.DivOp, _NUMBERS),
    ("", "Pow"): Operator(onnx.PowOp, _NUMBERS),
    ("", "Sqrt"): Operator(onnx.SqrtOp, _REALS),
    ("", "Erf"): Operator(onnx.ErfOp, _FLOAT),
    ("", "Gelu"): Operator(onnx.GeluOp, _FLOAT, first=20),
    ("", "Mod"): Operator(onnx.ModOp, _NUMBERS),
    ("", "Max"): Operator(onnx.MaxOp, _NUMBERS),
    ("", "Min"): Operator(onnx.MinOp, _NUMBERS),
    ("", "Neg"): Operator(onnx.NegOp, _NUMBERS),
    ("", "Reciprocal"): Operator(onnx.ReciprocalOp, _REALS),
    ("", "Floor"): Operator(onnx.FloorOp, _REALS),
    ("", "Ceil"): Operator(onnx.CeilOp, _REALS),
    ("", "Exp"): Operator(onnx.ExpOp, _REALS),
    ("", "Log"): Operator(onnx.LogOp, _REALS),
    ("", "Tanh"): Operator(onnx.TanhOp, _REALS),
    # Conditions
    ("", "Equal"): Operator(onnx.EqualOp, _CONDITIONS),
    ("", "Greater"): Operator(onnx.GreaterOp, _NUMBERS),
    ("", "GreaterOrEqual"): Operator(onnx.GreaterOrEqualOp, _NUMBERS),
    ("", "Less"): Operator(onnx.LessOp, _NUMBERS),
    ("", "LessOrEqual"): Operator(onnx.LessOrEqualOp, _NUMBERS),
    ("", "And"): Operator(onnx.AndOp),
    ("", "Or"): Operator(onnx.OrOp),
    ("", "Not"): Operator(onnx.NotOp),
    ("", "IsNaN"): Operator(onnx.IsNaNOp, _REALS),
    ("", "Where"): Operator(onnx.WhereOp),
    # Layers
    ("", "MatMul"): Operator(onnx.MatMulOp, "float32, at least two dimensions"),
    ("", "Gemm"): Operator(onnx.GemmOp, _FLOAT),
    ("", "Conv"): Operator(onnx.ConvOp, "float32, `auto_pad` NOTSET or VALID"),
    ("", "Softmax"): Operator(onnx.SoftmaxOp, _FLOAT),
    # ONNX Runtime's optimiser writes it before opset 17 as well.
    ("", "LayerNormalization"): Operator(
        onnx.LayerNormalizationOp,
        "float32, one output, sums in float32 (`stash_type` 1)",
        result_shapes=same_shape,
    ),
    ("", "Attention"): Operator(
        onnx.AttentionOp,
        "as many heads for keys as for queries, no causal or sliding window, no `softcap`, no keys "
        "and values of earlier calls, one output, sums in float32; a mask that hides nothing",
        first=23,
    ),
    # Layers of ONNX Runtime
    (MICROSOFT, "BiasGelu"): Operator(onnx.BiasGeluOp, _FLOAT, first=1, result_shapes=same_shape),
    (MICROSOFT, "Gelu"): Operator(onnx.GeluOp, _FLOAT, first=1, result_shapes=same_shape),
    (MICROSOFT, "FusedMatMul"): Operator(
        onnx.FusedMatMulOp,
        "float32, at least two dimensions, `transBatchA` and `transBatchB` 0",
        first=1,
        result_shapes=_product_of_matrices,
    ),
    (MICROSOFT, "SkipLayerNormalization"): Operator(
        onnx.SkipLayerNormalizationOp,
        "float32, without the outputs `mean` and `inv_std_var`",
        first=1,
        result_shapes=same_shape,
    ),
    # Reductions
    ("", "ReduceMean"): Operator(onnx.ReduceMeanOp, _REALS),
    ("", "ReduceSum"): Operator(onnx.ReduceSumOp, _NUMBERS),
    ("", "ReduceProd"): Operator(onnx.ReduceProdOp, _NUMBERS),
    ("", "ReduceMax"): Operator(onnx.ReduceMaxOp, _NUMBERS),
    ("", "ReduceMin"): Operator(onnx.ReduceMinOp, _NUMBERS),
    ("", "CumSum"): Operator(onnx.CumSumOp, _NUMBERS),
    # Moves
    ("", "Reshape"): Operator(onnx.ReshapeOp, "`allowzero` 0, or a shape without zeros"),
    ("", "Transpose"): Operator(onnx.TransposeOp),
    ("", "Squeeze"): Operator(onnx.SqueezeOp),
    ("", "Unsqueeze"): Operator(onnx.UnsqueezeOp),
    ("", "Expand"): Operator(onnx.ExpandOp),
    ("", "Flatten"): Operator(onnx.FlattenOp),
    ("", "Tile"): Operator(onnx.TileOp),
    ("", "Concat"): Operator(onnx.ConcatOp),
    ("", "Slice"): Operator(onnx.SliceOp),
    ("", "Split"): Operator(onnx.SplitOp),
    ("", "Gather"): Operator(onnx.GatherOp),
    ("", "Trilu"): Operator(onnx.TriluOp),
    ("", "Resize"): Operator(onnx.IdentityOp, "`sizes` that the input has already"),
    # Sizes
    ("", "Shape"): Operator(onnx.ShapeOp),
    ("", "Size"): Operator(onnx.SizeOp),
    ("", "ConstantOfShape"): Operator(onnx.ConstantOfShapeOp),
    ("", "Range"): Operator(onnx.RangeOp, _NUMBERS),
    # Quantization
    ("", "QuantizeLinear"): Operator(onnx.QuantizeLinearOp, "integers of 2 to 16 bits"),
    ("", "DequantizeLinear"): Operator(onnx.DequantizeLinearOp, "integers of 2 to 32 bits"),
    **{
        (domain, name): Operator(onnx.QuantOp, first=1, result_shapes=same_shape)
        for domain in QONNX_DOMAINS
        for name in ("Quant", "IntQuant")
    },
    **{
        (domain, "BipolarQuant"): Operator(onnx.BipolarQuantOp, first=1, result_shapes=same_shape)
        for domain in QONNX_DOMAINS
    },
}
"""Each operator by its domain (empty for that of ONNX itself) and its name."""
