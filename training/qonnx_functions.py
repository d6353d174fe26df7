"""
What the nodes of QONNX mean, in standard ONNX operators.

They are functions of the model itself, so that ONNX Runtime and others that know no QONNX run it.
"""

from __future__ import annotations

import onnx
from onnx import parser

QONNX = "qonnx.custom_op.general"
"""Domain of `Quant` and `BipolarQuant`."""

_QUANT = """
<domain: "qonnx.custom_op.general", opset_import: ["" : 20]>
Quant <signed, narrow, rounding_mode> (x, scale, zero_point, width) => (y) {
  is_signed_number = Constant <value_int: int = @signed> ()
  is_narrow_number = Constant <value_int: int = @narrow> ()
  is_signed = CastLike (is_signed_number, x)
  is_narrow = CastLike (is_narrow_number, x)
  one = Constant <value_float: float = 1.0> ()
  two = Constant <value_float: float = 2.0> ()
  magnitude_bits = Sub (width, is_signed)
  steps = Pow (two, magnitude_bits)
  last = Sub (steps, one)
  is_unsigned = Sub (one, is_signed)
  left_out = Mul (is_unsigned, is_narrow)
  high = Sub (last, left_out)
  negative = Neg (steps)
  lowest = Add (negative, is_narrow)
  low = Mul (lowest, is_signed)
  scaled = Div (x, scale)
  shifted = Add (scaled, zero_point)
  rounded = Round (shifted)
  clipped = Clip (rounded, low, high)
  centred = Sub (clipped, zero_point)
  y = Mul (centred, scale)
}
"""

_BIPOLAR_QUANT = """
<domain: "qonnx.custom_op.general", opset_import: ["" : 20]>
BipolarQuant (x, scale) => (y) {
  zero = Constant <value_float: float = 0.0> ()
  is_positive = GreaterOrEqual (x, zero)
  negative = Neg (scale)
  y = Where (is_positive, scale, negative)
}
"""


def qonnx_functions() -> tuple[onnx.FunctionProto, ...]:
    """`Quant`, of the rounding mode `ROUND`, and `BipolarQuant`, for opset 20 and later."""
    return parser.parse_function(_QUANT), parser.parse_function(_BIPOLAR_QUANT)
