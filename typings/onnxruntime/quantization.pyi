"""The part of its quantization tools that is used here."""

from pathlib import Path

class QuantType:
    QInt8: QuantType

def quantize_dynamic(
    model_input: str | Path, model_output: str | Path, *, weight_type: QuantType = ...
) -> None: ...
