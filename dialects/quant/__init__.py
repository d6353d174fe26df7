"""Number formats, the ops that bring values into them, and the layers in integers."""

from xdsl.ir import Dialect

from vaqf.dialects.quant.activations import DequantizeOp, GeluTableOp, LookupOp, QuantizeOp
from vaqf.dialects.quant.attention import (
    AttentionScoresOp,
    AttentionValuesOp,
    ExponentialTableOp,
    SoftmaxOp,
)
from vaqf.dialects.quant.formats import BinaryType, IntType, RangeAttr, UnsignedType
from vaqf.dialects.quant.given_weights import (
    RecentreWeightOp,
    RoundWeightOp,
    UniformScaleOp,
    WeightSignsOp,
)
from vaqf.dialects.quant.layer_norm import LayerNormOp
from vaqf.dialects.quant.linear import AddOp, LinearOp, RequantizeOp, RescaleOp
from vaqf.dialects.quant.patches import ExtractPatchesOp
from vaqf.dialects.quant.pooling import MeanTokensOp
from vaqf.dialects.quant.weights import (
    BinarizeOp,
    DequantizeWeightOp,
    LayerNormParametersOp,
    QuantizeWeightOp,
    RequantizeParametersOp,
)

Quant = Dialect(
    "quant",
    [
        BinarizeOp,
        QuantizeWeightOp,
        DequantizeWeightOp,
        UniformScaleOp,
        WeightSignsOp,
        RoundWeightOp,
        RecentreWeightOp,
        RequantizeParametersOp,
        LayerNormParametersOp,
        QuantizeOp,
        DequantizeOp,
        GeluTableOp,
        LookupOp,
        ExtractPatchesOp,
        LinearOp,
        RequantizeOp,
        RescaleOp,
        AddOp,
        AttentionScoresOp,
        ExponentialTableOp,
        SoftmaxOp,
        AttentionValuesOp,
        LayerNormOp,
        MeanTokensOp,
    ],
    [IntType, UnsignedType, BinaryType, RangeAttr],
)

__all__ = [
    "AddOp",
    "AttentionScoresOp",
    "AttentionValuesOp",
    "BinarizeOp",
    "BinaryType",
    "DequantizeOp",
    "DequantizeWeightOp",
    "ExponentialTableOp",
    "ExtractPatchesOp",
    "GeluTableOp",
    "IntType",
    "LayerNormOp",
    "LayerNormParametersOp",
    "LinearOp",
    "LookupOp",
    "MeanTokensOp",
    "Quant",
    "QuantizeOp",
    "QuantizeWeightOp",
    "RangeAttr",
    "RecentreWeightOp",
    "RequantizeOp",
    "RequantizeParametersOp",
    "RescaleOp",
    "RoundWeightOp",
    "SoftmaxOp",
    "UniformScaleOp",
    "UnsignedType",
    "WeightSignsOp",
]
