"""
The files of an HLS project.

`project_files` is what a driver writes to disk: all of it, from a module and what a compilation
has computed besides. `source_files` is the part that follows from the module alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp

from vaqf.backends.hls.build_files import (
    Device,
    emit_configuration,
    emit_script,
)
from vaqf.backends.hls.definitions import Emission
from vaqf.backends.hls.design import Design
from vaqf.backends.hls.engine import emit_engine
from vaqf.backends.hls.headers import (
    emit_formats,
    emit_hardware,
    emit_layer_constants,
    emit_model,
)
from vaqf.backends.hls.identifiers import Names, identifier
from vaqf.backends.hls.readme import emit_readme
from vaqf.backends.hls.testbench import Checkpoint, emit_testbench_interface, golden_file
from vaqf.backends.hls.top import emit_top, emit_top_header
from vaqf.dialects.diagnostics import UserError

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

Integers = NDArray[np.integer]


@dataclass(frozen=True)
class Frame:
    """A golden frame: what goes in, what comes out, and what is there in between."""

    image: Integers
    """Integers of the input, in the shape of its port."""

    results: Sequence[Integers]
    """Integers of each output, in the shapes of their ports."""

    checkpoints: Mapping[tuple[str, int], Integers] = field(
        default_factory=dict[tuple[str, int], Integers]
    )
    """Values of `accel.checkpoint` ops, tokens x channels, by label and index; in any order."""


def _resource(name: str) -> str:
    return files("vaqf.backends.hls").joinpath(name).read_text(encoding="utf-8")


def _checkpoints(frames: Sequence[Frame]) -> dict[tuple[str, int], Checkpoint]:
    """The checkpoints that all frames have, with file names."""
    names = Names()
    keys = list(frames[0].checkpoints) if frames else []
    for number, frame in enumerate(frames):
        if set(frame.checkpoints) != set(keys):
            raise UserError(f"golden frame {number} has other checkpoints than frame 0")

    def file(label: str, index: int) -> str:
        stem = f"{identifier(label, 'checkpoint')}_{index}"
        return f"{names.fresh(stem)}.bin"

    return {key: Checkpoint(*key, file(*key)) for key in keys}


def _text_files(
    design: Design, device: Device, frames: int, checkpoints: Sequence[Checkpoint]
) -> dict[str, str]:
    emission = Emission.of(design)
    engines = {each.name: emit_engine(emission, each) for each in design.engines}
    top = emit_top(emission)
    # Headers of definitions come last: by now everything that they define is known.
    return {
        "README.md": emit_readme(design),
        "Makefile": _resource("resources/Makefile"),
        "script.tcl": emit_script(device),
        "hls_config.cfg": emit_configuration(design, device),
        "include/hardware.hpp": emit_hardware(emission),
        "include/model.hpp": emit_model(emission),
        "include/formats.hpp": emit_formats(emission),
        "weights/layer_constants.hpp": emit_layer_constants(emission),
        "include/arithmetic.hpp": _resource("resources/arithmetic.hpp"),
        "include/checkpoint.hpp": _resource("resources/checkpoint.hpp"),
        "include/schedule.hpp": _resource("resources/schedule.hpp"),
        "include/top.hpp": emit_top_header(emission),
        **{f"include/{name}.hpp": files.header for name, files in engines.items()},
        "src/top.cpp": top,
        **{f"src/{name}.cpp": files.source for name, files in engines.items()},
        "tb/interface.hpp": emit_testbench_interface(design, frames, checkpoints),
        "tb/support.hpp": _resource("resources/support.hpp"),
        "tb/testbench.cpp": _resource("resources/testbench.cpp"),
        "csim/ap_int.h": _resource("include/ap_int.h"),
    }


def source_files(module: ModuleOp) -> dict[str, str]:
    """
    The text files of a project that follow from its module alone, by their paths.

    Raises:
        UserError, PassFailedException: when the module is no accelerator, or a part of it has no
            form in C++.
    """
    return _text_files(Design.of(module), Device(), 0, [])


def project_files(
    module: ModuleOp,
    memories: Sequence[NDArray[np.uint8]],
    frames: Sequence[Frame],
    device: Device | None = None,
    estimate: Mapping[str, Json] | None = None,
) -> Iterator[tuple[str, str | memoryview]]:
    """
    All files of a project, one after the other, but for what tells how it was made: the manifest
    and the IR.

    Everything is checked and all text is emitted before the first file is given. Binary files are
    views of the arrays where those are contiguous.

    Args:
        module: The final `accel` level.
        memories: For each parameter port in the order of `@forward`'s arguments, which is that of
            the results of `@parameters`: words x bytes of a word, the lowest byte first.
        frames: Golden frames.
        device: What the accelerator is built for.
        estimate: Cycles and resources, for `report/estimate.json`; None leaves that file out.

    Returns:
        Path within the project, with `/`, and contents: text, or bytes.

    Raises:
        UserError, PassFailedException: when the module is no accelerator, a part of it has no form
            in C++, or an array does not fit its port.
    """
    design = Design.of(module)
    _expect_memories(design, memories)
    for number, frame in enumerate(frames):
        _expect_frame(design, number, frame)
    checkpoints = _checkpoints(frames)
    texts = _text_files(design, device or Device(), len(frames), list(checkpoints.values()))
    if estimate is not None:
        texts["report/estimate.json"] = json.dumps(estimate, indent=2, sort_keys=True) + "\n"
    return _all_files(design, texts, memories, frames, checkpoints)


def _all_files(
    design: Design,
    texts: Mapping[str, str],
    memories: Sequence[NDArray[np.uint8]],
    frames: Sequence[Frame],
    checkpoints: Mapping[tuple[str, int], Checkpoint],
) -> Iterator[tuple[str, str | memoryview]]:
    yield from texts.items()
    for port, memory in zip(design.parameters, memories, strict=True):
        yield f"weights/{port.name}.bin", np.ascontiguousarray(memory).data.cast("B")
    for number, frame in enumerate(frames):
        folder = f"tb/golden/{number}"
        yield f"{folder}/{golden_file(design.image)}", _integers(frame.image)
        for key, checkpoint in checkpoints.items():
            yield f"{folder}/{checkpoint.file}", _integers(frame.checkpoints[key])
        for port, values in zip(design.results, frame.results, strict=True):
            yield f"{folder}/{golden_file(port)}", _integers(values)


def _integers(values: Integers) -> memoryview:
    """32-bit integers, lowest byte first, in row-major order."""
    return np.ascontiguousarray(values, dtype="<i4").data.cast("B")


def _expect_memories(design: Design, memories: Sequence[NDArray[np.uint8]]) -> None:
    ports, word_bytes = design.parameters, design.hardware.word_bits // 8
    if len(memories) != len(ports):
        raise UserError(f"there are {len(memories)} parameter memories, expected {len(ports)}")
    for port, memory in zip(ports, memories, strict=True):
        if memory.shape != (port.words, word_bytes) or memory.dtype != np.uint8:
            raise UserError(
                f"the memory of port '{port.name}' is {memory.dtype} of shape {memory.shape}, "
                f"expected uint8 of shape {(port.words, word_bytes)}"
            )


def _expect_frame(design: Design, number: int, frame: Frame) -> None:
    ports, arrays = [design.image, *design.results], [frame.image, *frame.results]
    if len(arrays) != len(ports):
        raise UserError(
            f"golden frame {number} has {len(frame.results)} results, expected {len(ports) - 1}"
        )
    for port, values in zip(ports, arrays, strict=True):
        if values.shape != port.shape:
            raise UserError(
                f"golden frame {number} has '{port.model_name}' of shape {values.shape}, expected "
                f"{port.shape}"
            )
