"""
Everything that VAQF adds to xDSL: dialects, passes and targets, each imported when first used.

xDSL finds this table through the entry point group `xdsl.universe`, so `xdsl-opt` knows all of it.
"""

from collections.abc import Callable
from importlib import import_module

from xdsl.ir import Dialect
from xdsl.passes import ModulePass
from xdsl.universe import Universe
from xdsl.utils.target import Target

DIALECTS = {
    "onnx": "vaqf.dialects.onnx",
    "vit": "vaqf.dialects.vit",
    "quant": "vaqf.dialects.quant",
    "accel": "vaqf.dialects.accel",
}
"""Name of each dialect, and the module that defines it."""

PASSES = (
    # onnx to vit
    "fold-onnx-constants",
    "decompose-onnx-fused-operators",
    "erase-onnx-identities",
    "canonicalize-onnx-arithmetic",
    "fuse-onnx-layer-normalization",
    "fuse-onnx-gelu",
    "raise-onnx-to-vit",
    "fold-scales-into-linears",
    "select-token-early",
    # vit to quantized
    "binarize-weights",
    "quantize-weights",
    "hoist-rounding",
    "assume-ranges",
    "calibrate-activations",
    "quantize-activations",
    "sink-dequantize",
    "integerize-linears",
    "integerize-softmaxes",
    "integerize-attention-values",
    "integerize-gelus",
    "integerize-layer-norms",
    "integerize-poolings",
    "integerize-additions",
    "integerize-interface",
    # quantized to accel
    "lower-vit-to-accel",
    "widen-activations",
    "overlap-frames",
    "reuse-buffers",
    "roll-layers",
    "share-engines",
    "tile-engines",
    "double-buffer",
    "pipeline-loops",
    "partition-arrays",
    "pack-parameters",
    "estimate-performance",
)
"""Every pass, in the order of the levels. `some-pass` is defined in `vaqf.passes.some_pass`."""

TARGETS = {"hls": "vaqf.backends.hls.target", "upstream-mlir": "vaqf.compiler.upstream.target"}
"""Name of each output, and the module that defines it."""


def _load_dialect(name: str) -> Callable[[], Dialect]:
    def load() -> Dialect:
        members = vars(import_module(DIALECTS[name])).values()
        return next(each for each in members if isinstance(each, Dialect) and each.name == name)

    return load


def _load_pass(name: str) -> Callable[[], type[ModulePass]]:
    def load() -> type[ModulePass]:
        members = vars(import_module(f"vaqf.passes.{name.replace('-', '_')}")).values()
        classes = (each for each in members if isinstance(each, type))
        return next(
            each
            for each in classes
            if issubclass(each, ModulePass) and vars(each).get("name") == name
        )

    return load


def _load_target(name: str) -> Callable[[], type[Target]]:
    def load() -> type[Target]:
        members = vars(import_module(TARGETS[name])).values()
        classes = (each for each in members if isinstance(each, type))
        return next(
            each for each in classes if issubclass(each, Target) and vars(each).get("name") == name
        )

    return load


VAQF_UNIVERSE = Universe(
    all_dialects={name: _load_dialect(name) for name in DIALECTS},
    all_passes={name: _load_pass(name) for name in PASSES},
    all_targets={name: _load_target(name) for name in TARGETS},
)
