"""Bringing scaled values into the format of a matrix."""

from vaqf.backends.hls.body import Function
from vaqf.backends.hls.storage import Matrix
from vaqf.dialects import accel


def value_bits(function: Function, op: accel.StoreRoundedOp | accel.StoreRescaledOp) -> str | None:
    """The parameter for the width of what an op writes; None where that is the matrix's."""
    if op.bits is None:
        return None
    return function.number("int", "bits", function.body.scalar(op.bits))


def rounded(scaled: str, shift: int, matrix: Matrix, bits: str | None = None) -> str:
    """
    The expression for a scaled value in the format of a matrix, with saturation.

    Args:
        scaled: A value of more bits, to which the half of rounding is added already.
        shift: Right shift.
        matrix: The format; for one bit the value is the sign, which a shift keeps.
        bits: The number of bits that it is brought to, at least 2; None for those of the matrix.
    """
    if matrix.width == 1:
        return f"{scaled} < 0 ? {matrix.element}(-1) : {matrix.element}(1)"
    return f"clamp<{matrix.width}>({scaled} >> {shift}{'' if bits is None else f', {bits}'})"
