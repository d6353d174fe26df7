"""Moving values: an image in patches, channels in heads. Any type of number."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from vaqf.dialects.vit.patches import COLOURS_FIRST

Number = TypeVar("Number", bound=np.number)


def extract_patches(
    image: NDArray[Number], height: int, width: int, order: str = COLOURS_FIRST
) -> NDArray[Number]:
    """
    Cut an image, colours x height x width, into patches in row-major order.

    Returns:
        Patches x pixels of a patch, which are in the order colour, row, column, or row, column,
        colour, as `vit.extract_patches` has it.
    """
    colours, rows, columns = image.shape
    grid = image.reshape(colours, rows // height, height, columns // width, width)
    axes = (1, 3, 0, 2, 4) if order == COLOURS_FIRST else (1, 3, 2, 4, 0)
    return grid.transpose(axes).reshape(-1, colours * height * width)


def split_heads(tokens: NDArray[Number], heads: int) -> NDArray[Number]:
    """Tokens x channels to heads x tokens x channels of a head."""
    count, channels = tokens.shape
    return tokens.reshape(count, heads, channels // heads).transpose(1, 0, 2)


def join_heads(split: NDArray[Number]) -> NDArray[Number]:
    """Heads x tokens x channels of a head to tokens x channels."""
    heads, count, channels = split.shape
    return split.transpose(1, 0, 2).reshape(count, heads * channels)
