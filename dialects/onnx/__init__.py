"""
The graph as it was exported: one operation for each node, with its shapes.

Operations, and their attributes, are those of the ONNX specification of opset 18 (20 for `Gelu`),
under their own names; graphs of other versions are brought into this form by the importer. Nodes
that have no operation are `onnx.Opaque`.

All shapes are static, but for those that follow from an opaque node. Operands that say how to
compute, such as a shape or a list of axes, come from an `onnx.constant` once
`fold-onnx-constants` has run. The weights are `onnx.initializer`: they stay in the model file.
"""

from xdsl.ir import Dialect

from vaqf.dialects.onnx.attention import AttentionOp
from vaqf.dialects.onnx.copies import CastOp, DropoutOp, IdentityOp
from vaqf.dialects.onnx.data import ConstantOp, InitializerOp
from vaqf.dialects.onnx.elementwise import (
    AddOp,
    DivOp,
    MaxOp,
    MinOp,
    ModOp,
    MulOp,
    PowOp,
    SubOp,
)
from vaqf.dialects.onnx.functions import (
    CeilOp,
    ErfOp,
    ExpOp,
    FloorOp,
    GeluOp,
    LogOp,
    NegOp,
    ReciprocalOp,
    SqrtOp,
    TanhOp,
)
from vaqf.dialects.onnx.linear_algebra import ConvOp, GemmOp, MatMulOp
from vaqf.dialects.onnx.logic import (
    AndOp,
    EqualOp,
    GreaterOp,
    GreaterOrEqualOp,
    IsNaNOp,
    LessOp,
    LessOrEqualOp,
    NotOp,
    OrOp,
    WhereOp,
)
from vaqf.dialects.onnx.microsoft import BiasGeluOp, FusedMatMulOp, SkipLayerNormalizationOp
from vaqf.dialects.onnx.normalization import LayerNormalizationOp, SoftmaxOp
from vaqf.dialects.onnx.opaque import OpaqueOp
from vaqf.dialects.onnx.quantization import (
    BipolarQuantOp,
    DequantizeLinearOp,
    QuantizeLinearOp,
    QuantOp,
)
from vaqf.dialects.onnx.reduction import (
    CumSumOp,
    ReduceMaxOp,
    ReduceMeanOp,
    ReduceMinOp,
    ReduceProdOp,
    ReduceSumOp,
)
from vaqf.dialects.onnx.reshaping import (
    ExpandOp,
    FlattenOp,
    ReshapeOp,
    SqueezeOp,
    TileOp,
    TransposeOp,
    UnsqueezeOp,
)
from vaqf.dialects.onnx.selection import ConcatOp, GatherOp, SliceOp, SplitOp, TriluOp
from vaqf.dialects.onnx.sizes import ConstantOfShapeOp, RangeOp, ShapeOp, SizeOp

Onnx = Dialect(
    "onnx",
    [
        # Data
        InitializerOp,
        ConstantOp,
        OpaqueOp,
        # Copies
        IdentityOp,
        DropoutOp,
        CastOp,
        # Arithmetic
        AddOp,
        SubOp,
        MulOp,
        DivOp,
        ModOp,
        PowOp,
        MaxOp,
        MinOp,
        # Functions
        NegOp,
        ReciprocalOp,
        FloorOp,
        CeilOp,
        SqrtOp,
        ExpOp,
        LogOp,
        ErfOp,
        TanhOp,
        GeluOp,
        # Conditions
        EqualOp,
        GreaterOp,
        GreaterOrEqualOp,
        LessOp,
        LessOrEqualOp,
        AndOp,
        OrOp,
        NotOp,
        IsNaNOp,
        WhereOp,
        # Layers
        MatMulOp,
        GemmOp,
        ConvOp,
        SoftmaxOp,
        LayerNormalizationOp,
        AttentionOp,
        # Layers of com.microsoft
        BiasGeluOp,
        FusedMatMulOp,
        SkipLayerNormalizationOp,
        # Reductions
        ReduceMeanOp,
        ReduceSumOp,
        ReduceProdOp,
        ReduceMaxOp,
        ReduceMinOp,
        CumSumOp,
        # Moves
        ReshapeOp,
        FlattenOp,
        TransposeOp,
        SqueezeOp,
        UnsqueezeOp,
        ExpandOp,
        TileOp,
        ConcatOp,
        SliceOp,
        SplitOp,
        GatherOp,
        TriluOp,
        # Sizes
        ShapeOp,
        SizeOp,
        ConstantOfShapeOp,
        RangeOp,
        # Quantization
        QuantizeLinearOp,
        DequantizeLinearOp,
        QuantOp,
        BipolarQuantOp,
    ],
)
