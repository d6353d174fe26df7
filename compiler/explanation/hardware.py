"""What computes a layer: the calls of engines, their tiles, cycles, area, and lines of C++."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.dialects.func import CallOp

from vaqf.backends.hls.sources import layers_of
from vaqf.backends.hls.text import wrap
from vaqf.compiler.estimate import calls_in, cycles_of, resources_of, words_of
from vaqf.compiler.explanation.layers import Layer
from vaqf.dialects.accel.schedule import ENGINE_ATTRIBUTE
from vaqf.dialects.accel.timing import BINDS_ATTRIBUTE
from vaqf.dialects.diagnostics import UserError
from vaqf.passes.accel_functions import engines_of, function_named
from vaqf.passes.pipeline_loops import PipelineLoopsPass
from vaqf.passes.tile_engines import TileEnginesPass


@dataclass(frozen=True)
class EngineCall:
    """A call of an engine for a layer."""

    engine: str
    operation: CallOp

    layers: Sequence[str]
    """All that it computes: equal layers of several blocks share it."""

    times: int
    """How often it is executed in a call of the accelerator."""

    cycles: int
    """Of one execution."""

    words: int
    """That one execution moves from and to the memory outside of the device."""

    binds: str
    """What most of its cycles are spent on."""


def calls_of(module: ModuleOp, layer: Layer) -> list[EngineCall]:
    """
    The calls of engines for a layer, in order.

    Args:
        module: the last level of IR, with estimates.
        layer: what they compute, perhaps with layers of other blocks.
    """
    found: list[EngineCall] = []
    for call, times in calls_in(function_named(module, "forward")):
        if layer.has(call):
            binds = call.attributes.get(BINDS_ATTRIBUTE)
            found.append(
                EngineCall(
                    call.callee.string_value(),
                    call,
                    layers_of([call]),
                    times,
                    cycles_of(call),
                    words_of(call),
                    binds.data if isinstance(binds, StringAttr) else "-",
                )
            )
    return found


def shapes_of(
    module: ModuleOp, engine: str, tiling: TileEnginesPass, pipelining: PipelineLoopsPass
) -> list[str]:
    """What an engine does in a cycle, in sentences."""
    kinds = {
        each.sym_name.data: kind.data
        for each in engines_of(module)
        if isinstance(kind := each.attributes[ENGINE_ATTRIBUTE], StringAttr)
    }

    def matmul(sizes: tuple[int, ...]) -> str:
        outputs, inputs, tokens = sizes
        return (
            f"a cycle multiplies {outputs} output channels x {inputs} input channels x {tokens} "
            f"tokens, {outputs * inputs * tokens:,} products"
        )

    lanes = f"vector units have {pipelining.vector_lanes} lanes"
    match kinds.get(engine):
        case "binary_matmul":
            return [matmul(tiling.binary_matmul), f"sums are built as {tiling.binary_form}", lanes]
        case "integer_matmul":
            return [matmul(tiling.integer_matmul), lanes]
        case "attention":
            packed = "two products" if tiling.pack_values else "a product"
            return [
                f"a cycle compares {tiling.keys} keys with a query; {tiling.queries} queries are "
                f"computed together; {packed} of values in a multiplier"
            ]
        case "layer_norm":
            return [f"{tiling.norm_tokens} tokens are computed together", lanes]
        case _:
            return []


def area_of(module: ModuleOp, engine: str) -> dict[str, int]:
    """
    The resources of an engine, by kind.

    Raises:
        UserError: when there is no such engine.
    """
    for each in engines_of(module):
        if each.sym_name.data == engine:
            return resources_of(each)
    raise UserError(f"the IR has no engine '@{engine}'")


@dataclass(frozen=True)
class Lines:
    """Some lines of a file."""

    file: str
    """Relative to the project."""

    first: int
    """Number of the first line, from 1."""

    text: Sequence[str]


def calls_in_source(folder: Path, calls: Sequence[EngineCall]) -> Iterator[Lines]:
    """The statements of the top function that call engines for these layers."""
    comments = {tuple(wrap(", ".join(each.layers), "//")): each.engine for each in calls}
    lines = _lines(folder / "src" / "top.cpp")
    for comment, engine in comments.items():
        for number in range(len(lines) - len(comment)):
            after = number + len(comment)
            is_comment = tuple(each.strip() for each in lines[number:after]) == comment
            if is_comment and lines[after].strip().startswith(f"{engine}("):
                end = next(end for end in range(after, len(lines)) if lines[end].endswith(";"))
                yield Lines("src/top.cpp", number + 1, lines[number : end + 1])


def definition_in_source(folder: Path, engine: str) -> Lines | None:
    """The first line of an engine's function; None when it is not where it should be."""
    file = f"src/{engine}.cpp"
    for number, line in enumerate(_lines(folder / file), 1):
        if line.startswith(f"void {engine}("):
            return Lines(file, number, [line])
    return None


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise UserError(f"{file}: cannot be read: {error.strerror}") from None
