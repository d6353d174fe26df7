"""The pipeline of `vaqf compile`: every pass from an imported model down to an accelerator."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from xdsl.passes import ModulePass

from vaqf.compiler.recipe import Recipe, Rule, print_recipe
from vaqf.compiler.recipe.parsing import ACTIVATION_BITS, WEIGHT_BITS
from vaqf.dialects.diagnostics import UserError
from vaqf.passes.assume_ranges import AssumeRangesPass
from vaqf.passes.binarize_weights import BinarizeWeightsPass
from vaqf.passes.calibrate_activations import CalibrateActivationsPass
from vaqf.passes.canonicalize_onnx_arithmetic import CanonicalizeOnnxArithmeticPass
from vaqf.passes.decompose_onnx_fused_operators import DecomposeOnnxFusedOperatorsPass
from vaqf.passes.double_buffer import DoubleBufferPass
from vaqf.passes.erase_onnx_identities import EraseOnnxIdentitiesPass
from vaqf.passes.estimate_performance import EstimatePerformancePass
from vaqf.passes.fold_onnx_constants import FoldOnnxConstantsPass
from vaqf.passes.fold_scales_into_linears import FoldScalesIntoLinearsPass
from vaqf.passes.fuse_onnx_gelu import FuseOnnxGeluPass
from vaqf.passes.fuse_onnx_layer_normalization import FuseOnnxLayerNormalizationPass
from vaqf.passes.hoist_rounding import HoistRoundingPass
from vaqf.passes.integerize_additions import IntegerizeAdditionsPass
from vaqf.passes.integerize_attention_values import IntegerizeAttentionValuesPass
from vaqf.passes.integerize_gelus import IntegerizeGelusPass
from vaqf.passes.integerize_interface import IntegerizeInterfacePass
from vaqf.passes.integerize_layer_norms import IntegerizeLayerNormsPass
from vaqf.passes.integerize_linears import IntegerizeLinearsPass
from vaqf.passes.integerize_poolings import IntegerizePoolingsPass
from vaqf.passes.integerize_softmaxes import IntegerizeSoftmaxesPass
from vaqf.passes.lower_vit_to_accel import LowerVitToAccelPass
from vaqf.passes.overlap_frames import OverlapFramesPass
from vaqf.passes.pack_parameters import PackParametersPass
from vaqf.passes.partition_arrays import PartitionArraysPass
from vaqf.passes.pipeline_loops import PipelineLoopsPass
from vaqf.passes.quantize_activations import QuantizeActivationsPass
from vaqf.passes.quantize_weights import QuantizeWeightsPass
from vaqf.passes.raise_onnx_to_vit import RaiseOnnxToVitPass
from vaqf.passes.reuse_buffers import ReuseBuffersPass
from vaqf.passes.roll_layers import RollLayersPass
from vaqf.passes.select_token_early import SelectTokenEarlyPass
from vaqf.passes.share_engines import ShareEnginesPass
from vaqf.passes.sink_dequantize import SinkDequantizePass
from vaqf.passes.tile_engines import TileEnginesPass
from vaqf.passes.widen_activations import WidenActivationsPass


class Level(StrEnum):
    """The levels of IR, from the model down."""

    ONNX = "onnx"
    VIT = "vit"
    QUANTIZED = "quantized"
    ACCEL = "accel"


FRAMES = (1, 2)
"""How many frames a call can compute."""


@dataclass(frozen=True)
class Options:
    """What a user decides about an accelerator."""

    weight_bits: int = 1
    """Width of encoder weights: 1, 8 or 16."""

    activation_bits: int = 8
    """Width of encoder activations: 1 to 16."""

    calibration: str | None = None
    """Path of an `.npz` file with samples of the model's input; None for synthetic ones."""

    assume_ranges: bool = False
    """Whether ranges of activations are assumed, not measured: that is enough for estimates."""

    tiling: TileEnginesPass = field(default_factory=TileEnginesPass)
    """Sizes of the engines."""

    pipelining: PipelineLoopsPass = field(default_factory=PipelineLoopsPass)
    """Sizes of the vector units."""

    frames: int = 1
    """Frames that a call of the accelerator computes: 1, or 2 that overlap."""

    word_bits: int = 128
    """Width of the ports to the memory outside of the device."""

    memory_bits: int | None = None
    """Bits a cycle of all ports together; None for as many as they take."""

    uram: int = 0
    """UltraRAMs that matrices of activations may take."""

    rules: tuple[Rule, ...] = ()
    """Other widths of single layers."""

    def __post_init__(self) -> None:
        if self.weight_bits not in WEIGHT_BITS:
            raise UserError(f"weight bits are {self.weight_bits}, accepted are 1, 8 and 16")
        if self.activation_bits not in ACTIVATION_BITS:
            raise UserError(
                f"activation bits are {self.activation_bits}, accepted range is [1, 16]"
            )
        if self.frames not in FRAMES:
            raise UserError(f"frames are {self.frames}, accepted are 1 and 2")


@dataclass(frozen=True)
class Stage:
    """Some passes that belong together; the IR after them is worth looking at."""

    name: str
    """Of the level that it reaches, or of its only pass."""

    level: Level
    """Of the IR after it."""

    passes: tuple[ModulePass, ...]
    """In their order."""


def stages(options: Options) -> tuple[Stage, ...]:
    """Every stage after the import, in order."""
    return (
        Stage(
            "vit",
            Level.VIT,
            (
                FoldOnnxConstantsPass(),
                DecomposeOnnxFusedOperatorsPass(),
                EraseOnnxIdentitiesPass(),
                CanonicalizeOnnxArithmeticPass(),
                FuseOnnxLayerNormalizationPass(),
                FuseOnnxGeluPass(),
                RaiseOnnxToVitPass(),
                FoldScalesIntoLinearsPass(),
                SelectTokenEarlyPass(),
            ),
        ),
        Stage("quantized", Level.QUANTIZED, _quantization(options)),
        *(Stage(each.name, Level.ACCEL, (each,)) for each in _acceleration(options)),
    )


def _quantization(options: Options) -> tuple[ModulePass, ...]:
    precision = print_recipe(Recipe(options.rules))
    # Patch embedding and head stay at 8 bits: they are few weights that matter much.
    others = 8 if options.weight_bits == 1 else options.weight_bits
    weights: tuple[ModulePass, ...] = (QuantizeWeightsPass(bits=others, precision=precision),)
    if options.weight_bits == 1 or any(rule.weight_bits == 1 for rule in options.rules):
        only_by_rule = options.weight_bits != 1
        binarize = BinarizeWeightsPass(precision=precision, only_by_rule=only_by_rule)
        weights = (binarize, *weights)
    calibrate = CalibrateActivationsPass(data=options.calibration)
    return (
        *weights,
        HoistRoundingPass(),
        AssumeRangesPass() if options.assume_ranges else calibrate,
        QuantizeActivationsPass(bits=options.activation_bits, precision=precision),
        SinkDequantizePass(),
        IntegerizeLinearsPass(),
        IntegerizeSoftmaxesPass(),
        IntegerizeAttentionValuesPass(),
        IntegerizeGelusPass(),
        IntegerizeLayerNormsPass(),
        IntegerizePoolingsPass(),
        IntegerizeAdditionsPass(),
        IntegerizeInterfacePass(),
    )


def _acceleration(options: Options) -> tuple[ModulePass, ...]:
    return (
        LowerVitToAccelPass(),
        WidenActivationsPass(),
        *((OverlapFramesPass(),) if options.frames > 1 else ()),
        ReuseBuffersPass(),
        RollLayersPass(),
        ShareEnginesPass(),
        options.tiling,
        DoubleBufferPass(),
        options.pipelining,
        PartitionArraysPass(uram=options.uram),
        PackParametersPass(word_bits=options.word_bits),
        EstimatePerformancePass(memory_bits=options.memory_bits),
    )


def until(level: Level, all_stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """The stages that lead to a level: none for `onnx`, which is the import itself."""
    order = list(Level)
    return tuple(each for each in all_stages if order.index(each.level) <= order.index(level))


def passes_of(some_stages: Sequence[Stage]) -> tuple[ModulePass, ...]:
    """All passes of stages, in order."""
    return tuple(each for stage in some_stages for each in stage.passes)
