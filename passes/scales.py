"""Scales of activations, from what calibration saw of them. Source: `docs/numerics.md`."""

from vaqf.dialects.quant import RangeAttr

CLIPPING = {2: 1.71, 3: 2.15, 4: 2.55, 5: 2.93, 6: 3.28, 7: 3.61}
"""
Largest magnitude worth representing, in root mean squares, for each width that clips.

It minimises the mean squared error for a normal distribution: Banner et al., "Post training 4-bit
quantization of convolutional networks for rapid-deployment", NeurIPS 2019, appendix.
"""


HEADROOM_BITS = 12
"""From this width on, formats reach to twice the largest magnitude that was seen."""


def magnitude_scale(bits: int, magnitude: float) -> float:
    """
    The scale at which the largest integer of `bits` bits, 2 or more, stands for `magnitude`.

    From 12 bits on it stands for twice that: the steps are fine enough, and what saturates on an
    image that was not among the samples costs more than they do. A magnitude of zero gives 1: all
    integers are zero then, whatever the scale.
    """
    reach = 2 * magnitude if bits >= HEADROOM_BITS else magnitude
    return reach / ((1 << (bits - 1)) - 1) or 1.0


def activation_scale(bits: int, seen: RangeAttr) -> float:
    """
    The scale of a signed format of `bits` bits, 1 to 16, for values such as those seen.

    One bit gets the mean magnitude, the least-squares scale of a sign. Below 8 bits, rare large
    values are clipped for the sake of the others; from 8 bits on nothing that was seen is.
    """
    if bits == 1:
        return seen.mean_magnitude.data or 1.0
    magnitude = seen.largest_magnitude
    if bits in CLIPPING:
        magnitude = min(magnitude, CLIPPING[bits] * seen.root_mean_square.data)
    return magnitude_scale(bits, magnitude)
