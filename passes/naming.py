"""Names of new values, so that IR stays readable after passes."""

from xdsl.ir import SSAValue


def name_after(value: SSAValue, source: SSAValue, role: str = "") -> None:
    """
    Call `value` what `source` is called, followed by its role, as `%fc1_scale` after `%fc1`.

    A value that comes from one without a name gets its role as a name.
    """
    value.name_hint = "_".join(part for part in (source.name_hint, role) if part) or None
