"""Bringing scaled values into the format of a matrix."""

from vaqf.backends.hls.storage import Matrix


def rounded(scaled: str, shift: int, matrix: Matrix) -> str:
    """
    The expression for a scaled value in the format of a matrix, with saturation.

    Args:
        scaled: A value of more bits, to which the half of rounding is added already.
        shift: Right shift.
        matrix: The format; for one bit the value is the sign, which a shift keeps.
    """
    if matrix.width == 1:
        return f"{scaled} < 0 ? {matrix.element}(-1) : {matrix.element}(1)"
    return f"clamp<{matrix.width}>({scaled} >> {shift})"
