"""
The graph as it was exported, with shapes inferred and constants folded.

Operations, and their attributes, are those of the ONNX specification of opset 18 (20 for `Gelu`),
under their own names; graphs of other versions are brought into this form by the importer. The
importer also resolves what has nothing to compute, such as `Identity` and `Cast` to the same type.

All shapes are static. Operands that say how to compute, such as a shape or a list of axes, come
from an `onnx.constant`. The weights are `onnx.initializer`: they stay in the model file.
"""

from xdsl.ir import Dialect

from vaqf.dialects.onnx.data import ConstantOp, InitializerOp
from vaqf.dialects.onnx.elementwise import (
    AddOp,
    DivOp,
    ErfOp,
    GeluOp,
    MulOp,
    PowOp,
    SqrtOp,
    SubOp,
    WhereOp,
)
from vaqf.dialects.onnx.linear_algebra import ConvOp, GemmOp, MatMulOp
from vaqf.dialects.onnx.normalization import LayerNormalizationOp, ReduceMeanOp, SoftmaxOp
from vaqf.dialects.onnx.opaque import OpaqueOp
from vaqf.dialects.onnx.reshaping import (
    ExpandOp,
    ReshapeOp,
    SqueezeOp,
    TransposeOp,
    UnsqueezeOp,
)
from vaqf.dialects.onnx.selection import ConcatOp, GatherOp, SliceOp, SplitOp

Onnx = Dialect(
    "onnx",
    [
        InitializerOp,
        ConstantOp,
        OpaqueOp,
        AddOp,
        SubOp,
        MulOp,
        DivOp,
        PowOp,
        SqrtOp,
        ErfOp,
        GeluOp,
        WhereOp,
        MatMulOp,
        GemmOp,
        ConvOp,
        SoftmaxOp,
        LayerNormalizationOp,
        ReduceMeanOp,
        ReshapeOp,
        TransposeOp,
        SqueezeOp,
        UnsqueezeOp,
        ExpandOp,
        ConcatOp,
        SliceOp,
        SplitOp,
        GatherOp,
    ],
)
