"""A model at a width of activations, lowered as far as no parameter of an accelerator matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from vaqf.compiler.compilation import compile_file, run_stages
from vaqf.compiler.model_resolution import ModelSearch, searching_models
from vaqf.compiler.pipeline import Level, Options, Stage, passes_of, stages
from vaqf.compiler.search.reference import Reference
from vaqf.frontends.onnx import ModelFile
from vaqf.passes.overlap_frames import FRAMES, OverlapFramesPass
from vaqf.passes.quantize_activations import QuantizeActivationsPass


@lru_cache(maxsize=1)
def float_model(model: Path, options: Options) -> tuple[ModelFile, ModuleOp]:
    """
    A model before activations have widths, which processes that are forked later have as well.

    Args:
        model: the ONNX file.
        options: as `of_weights` leaves them.

    Raises:
        UserError: when the model cannot be compiled.
        ReportError: as well, with all reasons.
    """
    file = ModelFile.open(model)
    before = before_widths(replace(options, assume_ranges=True))
    with searching_models(ModelSearch(override=file.path, opened={file.path: file})):
        return file, compile_file(file, str(model), before, is_verified=False)


def before_widths(options: Options) -> Sequence[Stage]:
    """What comes before activations have widths."""
    passes = passes_of(stages(options))
    names = [each.name for each in passes]
    return [Stage("float", Level.VIT, passes[: names.index(QuantizeActivationsPass.name)])]


def of_weights(options: Options) -> Options:
    """Options that differ only where weights, or what comes before them, do."""
    rules = tuple(each for each in options.rules if each.weight_bits is not None)
    return Options(weight_bits=options.weight_bits, calibration=options.calibration, rules=rules)


def reference_for(model: Path, options: Options, bits: int) -> Reference:
    """
    The reference for a width, and the frames of the options. Ranges of activations are assumed.

    Raises:
        UserError: when the model cannot be compiled.
    """
    of_model = replace(
        options, activation_bits=bits, word_bits=Options.word_bits, memory_bits=None, frames=1
    )
    lowered = shared_engines(model, of_model, options.frames)
    return Reference.of(lowered, options.word_bits, options.memory_bits)


@lru_cache(maxsize=2)
def shared_engines(model: Path, options: Options, frames: int) -> ModuleOp:
    """A model down to shared engines, of which nothing depends on the board."""
    _, overlapping, after = _passes(options)
    module = _one_frame(model, options).clone()
    passes = (*overlapping, *after) if frames > 1 else after
    return _lowered(model, options, module, "shared", passes)


@lru_cache(maxsize=1)
def _one_frame(model: Path, options: Options) -> ModuleOp:
    """A model on the device, before it makes a difference how many frames are there at once."""
    _, module = float_model(model, of_weights(options))
    before, *_ = _passes(options)
    return _lowered(model, options, module.clone(), "one frame", before)


def _lowered(
    model: Path, options: Options, module: ModuleOp, name: str, passes: Sequence[ModulePass]
) -> ModuleOp:
    """A module behind some passes, which change it."""
    file, _ = float_model(model, of_weights(options))
    with searching_models(ModelSearch(override=file.path, opened={file.path: file})):
        stage = Stage(name, Level.ACCEL, tuple(passes))
        run_stages(module, [stage])
    return module


Passes = tuple[ModulePass, ...]


def _passes(options: Options) -> tuple[Passes, Passes, Passes]:
    """What follows float, down to shared engines: before frames overlap, that, and after it."""
    passes = passes_of(stages(replace(options, assume_ranges=True, frames=FRAMES)))
    names = [each.name for each in passes]
    first, last = names.index(QuantizeActivationsPass.name), names.index(options.tiling.name)
    overlap = names.index(OverlapFramesPass.name)
    return passes[first:overlap], passes[overlap : overlap + 1], passes[overlap + 1 : last]
