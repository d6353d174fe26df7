"""Sizes that all engines of a module have in common."""

from xdsl.dialects.builtin import DictionaryAttr, IntegerAttr, ModuleOp
from xdsl.utils.exceptions import PassFailedException

from vaqf.dialects.accel.schedule import HARDWARE_ATTRIBUTE

RECORDED_BY = {
    "lanes": "tile-engines",
    "token_slots": "tile-engines",
    "channel_slots": "tile-engines",
    "word_bits": "pack-parameters",
}
"""Each size in the attribute `accel.hardware`, and the pass that puts it there."""


def hardware_size(module: ModuleOp, name: str) -> int:
    """
    One of the sizes in the attribute `accel.hardware` of a module.

    Raises:
        PassFailedException: when no pass has recorded it yet, or it is not a positive number.
    """
    sizes = module.attributes.get(HARDWARE_ATTRIBUTE)
    size = sizes.data.get(name) if isinstance(sizes, DictionaryAttr) else None
    if size is None:
        raise PassFailedException(
            f"the module has no '{name}' in '{HARDWARE_ATTRIBUTE}': run {RECORDED_BY[name]} first"
        )
    if not isinstance(size, IntegerAttr) or size.value.data < 1:
        raise PassFailedException(
            f"the module has '{name}' = {size} in '{HARDWARE_ATTRIBUTE}', it must be positive"
        )
    return size.value.data
