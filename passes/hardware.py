"""Sizes that all engines of a module have in common."""

from xdsl.dialects.builtin import DictionaryAttr, IntegerAttr, ModuleOp, i64

from vaqf.dialects.accel.schedule import HARDWARE_ATTRIBUTE
from vaqf.dialects.diagnostics import fail

RECORDED_BY = {
    "lanes": "tile-engines",
    "token_slots": "tile-engines",
    "channel_slots": "tile-engines",
    "word_bits": "pack-parameters",
    "memory_bits": "estimate-performance",
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
        fail(module, f"has no '{name}' in '{HARDWARE_ATTRIBUTE}': run {RECORDED_BY[name]} first")
    if not isinstance(size, IntegerAttr) or size.value.data < 1:
        fail(module, f"has '{name}' = {size} in '{HARDWARE_ATTRIBUTE}', it must be positive")
    return size.value.data


def record_size(module: ModuleOp, name: str, size: int | None) -> None:
    """Put one of the sizes into the attribute `accel.hardware` of a module; None takes it away."""
    sizes = module.attributes.get(HARDWARE_ATTRIBUTE)
    others = dict(sizes.data) if isinstance(sizes, DictionaryAttr) else {}
    others.pop(name, None)
    own = {} if size is None else {name: IntegerAttr(size, i64)}
    module.attributes[HARDWARE_ATTRIBUTE] = DictionaryAttr(others | own)
