"""
What the operations of the `accel` dialect mean.

A `memref` is an array of its shape that operations change in place; arguments of functions are the
caller's arrays. The formulas are in `interpreters/arithmetic/`. What was never written, does not
fit its element, or hangs over the end of a matrix without need is an error here, where hardware
would compute with junk.
"""

from xdsl.interpreter import register_impls

from vaqf.interpreters.accel.attention_tiles import AttentionTileFunctions
from vaqf.interpreters.accel.index_arithmetic import IndexFunctions
from vaqf.interpreters.accel.layer_norm_tiles import LayerNormTileFunctions
from vaqf.interpreters.accel.layers import (
    LayerFunctions,
    OnCheckpoint,
    observe_checkpoints,
    run_stages_backwards,
)
from vaqf.interpreters.accel.linear_tiles import LinearTileFunctions
from vaqf.interpreters.accel.memory import MemoryFunctions
from vaqf.interpreters.accel.pooling import PoolingFunctions

__all__ = ["AccelFunctions", "OnCheckpoint", "observe_checkpoints", "run_stages_backwards"]


@register_impls
class AccelFunctions(
    MemoryFunctions,
    LayerFunctions,
    LinearTileFunctions,
    LayerNormTileFunctions,
    AttentionTileFunctions,
    PoolingFunctions,
    IndexFunctions,
):
    """Everything that a module at the `accel` level holds, but for functions and loops."""
