"""
Vision Transformers, one op for each thing that an engineer of them would name.

There is no batch dimension: a matrix of activations is tokens x channels. Weights are named, never
written out: `vit.parameter` refers to a tensor of the model file that the module records, and
`vit.constant` is one number in its place.

Ops that only move values (`transpose`, `reshape`, `slice`, `concatenate`, `select_token`) take any
element type; the others compute on `f32`.
"""

from xdsl.ir import Dialect

from vaqf.dialects.vit.attention import (
    AttentionScoresOp,
    AttentionValuesOp,
    SoftmaxOp,
    expect_heads,
)
from vaqf.dialects.vit.base import FloatTensor, tensor_like
from vaqf.dialects.vit.constants import ConstantOp
from vaqf.dialects.vit.layers import AddOp, GeluOp, LayerNormOp, LinearOp, MeanTokensOp
from vaqf.dialects.vit.movement import ConcatenateOp, ReshapeOp, SelectTokenOp, SliceOp, TransposeOp
from vaqf.dialects.vit.parameters import ParameterOp
from vaqf.dialects.vit.patches import (
    COLOURS_FIRST,
    COLOURS_LAST,
    ExtractPatchesOp,
    PatchEmbeddingOp,
    expect_pixel_order,
)
from vaqf.dialects.vit.scaling import ScaleChannelsOp, ScaleOp, ScaleRowsOp

__all__ = [
    "COLOURS_FIRST",
    "COLOURS_LAST",
    "AddOp",
    "AttentionScoresOp",
    "AttentionValuesOp",
    "ConcatenateOp",
    "ConstantOp",
    "ExtractPatchesOp",
    "FloatTensor",
    "GeluOp",
    "LayerNormOp",
    "LinearOp",
    "MeanTokensOp",
    "ParameterOp",
    "PatchEmbeddingOp",
    "ReshapeOp",
    "ScaleChannelsOp",
    "ScaleOp",
    "ScaleRowsOp",
    "SelectTokenOp",
    "SliceOp",
    "SoftmaxOp",
    "TransposeOp",
    "ViT",
    "expect_heads",
    "expect_pixel_order",
    "tensor_like",
]

ViT = Dialect(
    "vit",
    [
        ParameterOp,
        ConstantOp,
        TransposeOp,
        ReshapeOp,
        SliceOp,
        ConcatenateOp,
        SelectTokenOp,
        PatchEmbeddingOp,
        ExtractPatchesOp,
        LinearOp,
        LayerNormOp,
        AttentionScoresOp,
        SoftmaxOp,
        AttentionValuesOp,
        GeluOp,
        AddOp,
        MeanTokensOp,
        ScaleChannelsOp,
        ScaleRowsOp,
        ScaleOp,
    ],
)
