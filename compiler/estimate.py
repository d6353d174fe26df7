"""The estimate in a project's report: what `estimate-performance` wrote on the IR, as JSON."""

from collections.abc import Iterator, Sequence

from xdsl.dialects import scf
from xdsl.dialects.builtin import DictionaryAttr, IntegerAttr, ModuleOp, StringAttr
from xdsl.dialects.func import CallOp, FuncOp
from xdsl.ir import Operation

from vaqf.backends.hls.analysis import constant_of
from vaqf.backends.hls.sources import each_layer_of, in_any_block, layers_of
from vaqf.compiler.board import Board
from vaqf.compiler.project import Json
from vaqf.dialects import accel
from vaqf.dialects.accel.schedule import frames_of
from vaqf.dialects.accel.timing import BINDS_ATTRIBUTE, CYCLES_ATTRIBUTE, WORDS_ATTRIBUTE
from vaqf.dialects.diagnostics import fail
from vaqf.passes.accel_functions import engines_of, function_named
from vaqf.passes.estimate_performance import RESOURCES_ATTRIBUTE
from vaqf.passes.hardware import hardware_size

NOT_COUNTED = (
    "what a tool adds to reach its clock, as copies of registers; nothing here has been through "
    "place and route"
)


def estimate_of(module: ModuleOp, board: Board) -> dict[str, Json]:
    """
    Cycles and resources of an accelerator, in all and for each engine and call.

    Cycles and bytes are those of a call, which computes `frames` frames. A layer has one row for
    each engine that computes it: in all blocks, with all its parts, in all frames. Layers that run
    at the same time both count, so that theirs can be more together.

    Raises:
        PassFailedException: when `estimate-performance` has not run on the module.
    """
    forward = function_named(module, "forward")
    cycles, resources = cycles_of(forward), resources_of(forward)
    device = _device(board)
    calls = list(calls_in(forward))
    word_bits = hardware_size(module, "word_bits")
    moved = words_of(forward) * word_bits // 8
    engines: dict[str, Json] = {}
    for engine in engines_of(module):
        name = engine.sym_name.data
        own = [(call, times) for call, times in calls if call.callee.string_value() == name]
        engines[name] = {
            "calls": sum(times for _, times in own),
            "cycles": sum(cycles_of(call) * times for call, times in own),
            "resources": dict(resources_of(engine)),
        }
    return {
        "board": board.name,
        "clock_mhz": board.clock_mhz,
        "frames": frames_of(forward),
        "cycles": cycles,
        "frames_per_second": round(frames_of(forward) * board.clock_mhz * 1e6 / cycles, 2),
        "milliseconds": round(cycles / board.clock_mhz / 1e3, 4),
        "resources": dict(resources),
        "device": dict(device),
        "utilization": {
            name: round(used / device[name], 4) if device[name] else 0.0
            for name, used in resources.items()
        },
        "not_counted": NOT_COUNTED,
        "engines": engines,
        "layers": _by_layer(calls, cycles, word_bits // 8),
        "memory": {
            "ports": len(forward.args),
            "port_bits": word_bits,
            "bytes": moved,
            "gigabytes_per_second": round(moved * board.clock_mhz / cycles / 1e3, 2),
            "board": {
                "ports": board.memory.ports,
                "port_bits": board.memory.port_bits,
                "gigabytes_per_second": board.memory.gigabytes_per_second,
            },
        },
    }


def _by_layer(calls: Sequence[tuple[CallOp, int]], cycles: int, word_bytes: int) -> list[Json]:
    """What each layer takes, all its parts, blocks and frames together."""
    found: dict[tuple[tuple[str, ...], str], list[tuple[CallOp, int]]] = {}
    for call, times in calls:
        key = in_any_block(each_layer_of([call])), call.callee.string_value()
        found.setdefault(key, []).append((call, times))
    rows: list[Json] = []
    for (_, engine), own in found.items():
        spent = sum(cycles_of(call) * times for call, times in own)
        longest, _ = max(own, key=lambda each: cycles_of(each[0]) * each[1])
        rows.append(
            {
                "layers": list(layers_of([call for call, _ in own])),
                "engine": engine,
                "calls": sum(times for _, times in own),
                "cycles": spent,
                "share": round(spent / cycles, 4),
                "bytes": sum(words_of(call) * times for call, times in own) * word_bytes,
                "binds": _binds(longest),
            }
        )
    return rows


def summary_of(module: ModuleOp, board: Board) -> list[str]:
    """
    The estimate in a line, and a warning for each resource of which the device has too little.

    Raises:
        PassFailedException: when `estimate-performance` has not run on the module.
    """
    forward = function_named(module, "forward")
    cycles, resources = cycles_of(forward), resources_of(forward)
    device = _device(board)
    used = ", ".join(
        f"{name} {count:,} of {device[name]:,}" for name, count in resources.items() if count
    )
    rate = frames_of(forward) * board.clock_mhz * 1e6 / cycles
    return [
        f"estimate: {rate:,.1f} frames a second at {board.clock_mhz} MHz on {board.name}; {used}",
        *(
            f"warning: needs {count:,} {name}, {board.name} has {device[name]:,}; "
            "give smaller engines with --tile"
            for name, count in resources.items()
            if count > device[name]
        ),
    ]


def _device(board: Board) -> dict[str, int]:
    """What a board has of each resource that is counted."""
    resources = board.resources
    return {
        "lut": resources.lut,
        "ff": resources.ff,
        "dsp": resources.dsp,
        "bram18": 2 * resources.bram36,
        "uram": resources.uram,
    }


def calls_in(op: Operation, times: int = 1) -> Iterator[tuple[CallOp, int]]:
    """The calls in an operation, each with how often it is executed."""
    for calls, count in calls_at_once(op, times):
        yield from ((call, count) for call in calls)


def calls_at_once(op: Operation, times: int = 1) -> Iterator[tuple[tuple[CallOp, ...], int]]:
    """The calls in an operation that run at the same time, with how often they are executed."""
    for inner in (inner for region in op.regions for block in region.blocks for inner in block.ops):
        match inner:
            case CallOp():
                yield (inner,), times
            case accel.ConcurrentOp():
                yield tuple(each for each in inner.walk() if isinstance(each, CallOp)), times
            case scf.ForOp():
                yield from calls_at_once(inner, times * _trips(inner))
            case _:
                pass


def _trips(loop: scf.ForOp) -> int:
    first, last, step = (constant_of(each) for each in (loop.lb, loop.ub, loop.step))
    if first is None or last is None or not step:
        fail(loop, "the bounds are not constants")
    return -(-(last - first) // step)


def cycles_of(op: Operation) -> int:
    """
    The cycles of a call or a function.

    Raises:
        PassFailedException: when `estimate-performance` has not run.
    """
    return _amount(op, CYCLES_ATTRIBUTE)


def words_of(op: Operation) -> int:
    """
    The words that a call or a function moves from and to the memory outside of the device.

    Raises:
        PassFailedException: when `estimate-performance` has not run.
    """
    return _amount(op, WORDS_ATTRIBUTE)


def _amount(op: Operation, attribute: str) -> int:
    match op.attributes.get(attribute):
        case IntegerAttr() as amount:
            return amount.value.data
        case _:
            fail(op, f"there is no '{attribute}': run estimate-performance first")


def _binds(call: CallOp) -> str:
    match call.attributes.get(BINDS_ATTRIBUTE):
        case StringAttr() as binds:
            return binds.data
        case _:
            fail(call, f"there is no '{BINDS_ATTRIBUTE}': run estimate-performance first")


def resources_of(function: FuncOp) -> dict[str, int]:
    """
    The resources of a function, by kind.

    Raises:
        PassFailedException: when `estimate-performance` has not run.
    """
    match function.attributes.get(RESOURCES_ATTRIBUTE):
        case DictionaryAttr() as resources:
            return {
                name: number.value.data
                for name, number in resources.data.items()
                if isinstance(number, IntegerAttr)
            }
        case _:
            fail(function, f"there is no '{RESOURCES_ATTRIBUTE}': run estimate-performance first")
