"""Names of operations: those of IRDL have small letters, digits and underscores only."""

import re
from functools import cache

from xdsl.ir import Dialect

from vaqf.compiler.universe import DIALECTS, VAQF_UNIVERSE


def upstream_name(name: str) -> str:
    """
    The name of one of our operations in upstream form: `onnx.MatMul` is `onnx.mat_mul`,
    `onnx.microsoft.SkipLayerNormalization` is `onnx.microsoft_skip_layer_normalization`.
    """
    dialect, operation = Dialect.split_name(name)
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|\.", "_", operation)
    return f"{dialect}.{words.lower()}"


def our_name(name: str) -> str:
    """The operation that has this name in upstream form; `name` itself when none of ours has it."""
    dialect = name.partition(".")[0]
    return _our_names(dialect).get(name, name) if dialect in DIALECTS else name


@cache
def _our_names(dialect: str) -> dict[str, str]:
    operations = VAQF_UNIVERSE.all_dialects[dialect]().operations
    return {upstream_name(each.name): each.name for each in operations}
