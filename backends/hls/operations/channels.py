"""Where the channels of a tile lie in the words of an on-chip matrix."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.ir import SSAValue

from vaqf.backends.hls.analysis import multiple_of
from vaqf.backends.hls.body import Function
from vaqf.backends.hls.storage import Matrix

Element = Callable[[str, str], str]
"""The expression for the element in a row and a lane of a tile."""


def tile_of(
    function: Function,
    matrix: Matrix,
    channel: SSAValue,
    count: int,
    count_name: str,
    noun: str = "the output channels of a tile",
) -> tuple[Element, str]:
    """
    How a function addresses `count` neighbouring channels of a matrix, from `channel` on.

    Args:
        function: Gets a parameter for the channel, and variables for the word and the lane.
        matrix: A parameter of the function.
        channel: The first channel.
        count: Number of channels.
        count_name: The constant for that number.
        noun: What the channels are.

    Returns:
        The elements, and the name of the parameter for the channel.
    """
    unit = function.unit
    lanes, aligned = unit.lanes, multiple_of(channel)
    first = function.index("channel", channel)
    array = matrix.array
    if lanes % count == 0 and aligned % count == 0:
        word = function.names.fresh("word")
        function.line(f"const int {word} = {first} / kLanes;")
        if lanes == count:
            unit.require(f"{count_name} == kLanes", f"{noun} are one word of a matrix")
            return lambda row, lane: array[word, row, lane], first
        unit.require(f"kLanes % {count_name} == 0", f"{noun} lie in one word of a matrix")
        start = function.names.fresh("first_lane")
        function.line(f"const int {start} = {first} % kLanes;")
        return lambda row, lane: array[word, row, f"{start} + {lane}"], first
    if count % lanes == 0 and aligned % lanes == 0:
        unit.require(f"{count_name} % kLanes == 0", f"{noun} are whole words of a matrix")
        word = function.names.fresh("word")
        function.line(f"const int {word} = {first} / kLanes;")
        return (
            lambda row, lane: array[f"{word} + {lane} / kLanes", row, f"{lane} % kLanes"]
        ), first
    return (
        lambda row, lane: array[f"({first} + {lane}) / kLanes", row, f"({first} + {lane}) % kLanes"]
    ), first
