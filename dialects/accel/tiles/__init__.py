"""
What an engine does in one iteration of an innermost loop, on the lanes of one tile.

Loops, bursts and buffers around these ops are ordinary IR: `scf.for`, `accel.load`,
`accel.buffer`. Rows and channels are counted in elements. A tile may hang over the end of a
matrix: what is written there is never read, and `limit`, where an op has it, is the number of
valid elements in the dimension that is summed or compared; lanes from there on do not count.
Without `limit` no lane hangs over.
"""

from vaqf.dialects.accel.tiles.attention import (
    ExponentiateOp,
    MixOp,
    ReciprocalOp,
    ScoreOp,
)
from vaqf.dialects.accel.tiles.matmul import (
    BINARY_FORMS,
    CONDITIONAL_NEGATION,
    PAIRED_SUM,
    SELECTED_SUM,
    AccumulateOp,
    AddRoundedOp,
    ScaleOp,
    StoreLookupOp,
    StoreRescaledOp,
    StoreRoundedOp,
)
from vaqf.dialects.accel.tiles.normalization import (
    AddMomentsOp,
    NormalizeOp,
    ReciprocalRootOp,
)
from vaqf.dialects.accel.tiles.pooling import AddRowOp
from vaqf.dialects.accel.tiles.transfers import (
    CopyRowOp,
    FillOp,
    GatherPatchOp,
    LoadOp,
)

__all__ = [
    "BINARY_FORMS",
    "CONDITIONAL_NEGATION",
    "PAIRED_SUM",
    "SELECTED_SUM",
    "AccumulateOp",
    "AddMomentsOp",
    "AddRoundedOp",
    "AddRowOp",
    "CopyRowOp",
    "ExponentiateOp",
    "FillOp",
    "GatherPatchOp",
    "LoadOp",
    "MixOp",
    "NormalizeOp",
    "ReciprocalOp",
    "ReciprocalRootOp",
    "ScaleOp",
    "ScoreOp",
    "StoreLookupOp",
    "StoreRescaledOp",
    "StoreRoundedOp",
]
