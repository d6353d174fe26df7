"""
Turn a network in integers into layers that work on buffers.

- `lowering`: one walk over a network, op by op, and the pass.
- `forward`: the function that becomes the accelerator, as it grows: buffers, layers, ports.
- `parameters`: the function that prepares what lies in DRAM.
- `linear`, `layer_norm`, `attention`: what each kind of layer is made of.
- `residual`: what starts the residual stream, and what is added to it.
"""

from vaqf.passes.lower_vit_to_accel.lowering import LowerVitToAccelPass

__all__ = ["LowerVitToAccelPass"]
