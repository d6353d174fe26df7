"""
Whole layers on buffers: one op for each thing that an engine computes, before tiling.

Every layer writes into buffers that it is given. The formulas are those of `docs/numerics.md`.
"""

from vaqf.dialects.accel.layers.attention import AttentionOp
from vaqf.dialects.accel.layers.epilogues import ADD, BITS_WIDTH, EPILOGUES, GELU, STORE
from vaqf.dialects.accel.layers.layer_norm import LayerNormOp
from vaqf.dialects.accel.layers.linear import LinearOp
from vaqf.dialects.accel.layers.patches import ExtractPatchesOp
from vaqf.dialects.accel.layers.pooling import MeanTokensOp
from vaqf.dialects.accel.layers.transfers import CheckpointOp, LoadMatrixOp, StoreMatrixOp

__all__ = [
    "ADD",
    "BITS_WIDTH",
    "EPILOGUES",
    "GELU",
    "STORE",
    "AttentionOp",
    "CheckpointOp",
    "ExtractPatchesOp",
    "LayerNormOp",
    "LinearOp",
    "LoadMatrixOp",
    "MeanTokensOp",
    "StoreMatrixOp",
]
