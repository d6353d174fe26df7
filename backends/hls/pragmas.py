"""
Every directive that emitted code has, in the spelling of Vivado HLS and Vitis HLS.

Other HLS tools read some of them differently: this is the one place to change.
"""


def inline() -> str:
    """Dissolve a function in its callers."""
    return "#pragma HLS inline"


def keep_function() -> str:
    """Make a function a module of its own, which its callers share."""
    return "#pragma HLS inline off"


def pipeline(interval: int) -> str:
    """Start an iteration of the loop every `interval` cycles, with all loops inside unrolled."""
    return f"#pragma HLS pipeline II = {interval}"


def pipeline_of(interval: int, is_inside: bool) -> list[str]:
    """Pipeline a loop, with those around it when it is all that they do."""
    return [pipeline(interval), *([flatten()] if is_inside else [])]


def unroll() -> str:
    """Compute all iterations of the loop at once."""
    return "#pragma HLS unroll"


def trip_count(least: int, most: int) -> str:
    """How often a loop runs whose bounds are arguments; only reports depend on it."""
    return f"#pragma HLS loop_tripcount min = {least} max = {most}"


def partition(variable: str, dimension: int, factor: int) -> str:
    """
    Split an array over memories.

    Args:
        variable: Name of the array.
        dimension: Which of its dimensions, from 1.
        factor: Number of memories, to which elements are dealt in turn; 0 for one an element.
    """
    kind = f"cyclic factor = {factor}" if factor else "complete"
    return f"#pragma HLS array_partition variable = {variable} {kind} dim = {dimension}"


def reshape(variable: str, dimension: int) -> str:
    """Put all elements along a dimension, from 1, side by side into one wide word of memory."""
    return f"#pragma HLS array_reshape variable = {variable} complete dim = {dimension}"


def ultra_ram(variable: str) -> str:
    """Put an array into UltraRAMs, with two ports."""
    return f"#pragma HLS bind_storage variable = {variable} type = ram_t2p impl = uram"


def one_instance(function: str) -> str:
    """Let all calls share one instance of a function."""
    return f"#pragma HLS allocation function instances = {function} limit = 1"


def memory_port(name: str, depth: int) -> list[str]:
    """
    A pointer argument of the top function as an AXI master with a bundle of its own.

    Args:
        name: The argument.
        depth: Words behind it, which co-simulation needs to know.
    """
    return [
        f"#pragma HLS interface m_axi port = {name} bundle = {name} offset = slave depth = {depth}",
        f"#pragma HLS interface s_axilite port = {name} bundle = control",
    ]


def control_port() -> str:
    """Start, completion and the addresses of the memories as registers on an AXI4-Lite port."""
    return "#pragma HLS interface s_axilite port = return bundle = control"


def flatten() -> str:
    """Make one pipeline of a loop and those around it that do nothing else."""
    return "#pragma HLS loop_flatten"


def dependence(array: str, distance: int) -> str:
    """
    Say after how many iterations an element is read that was written; 0 for never.

    A tool cannot see it where indices come from several loops.
    """
    what = f"direction = RAW distance = {distance} true" if distance else "false"
    return f"#pragma HLS dependence variable = {array} type = inter {what}"
