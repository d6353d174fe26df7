"""
From the `onnx` to the `vit` dialect.

The pass walks the graph once and finds out what each value stands for (`meanings`). Values that
were only moved around are known by the positions of their elements (`arrangement`), so it does not
matter how an exporter spelled the moves; factors are numbers on the way, so it does not matter
where they were multiplied in. There is one rule for an ONNX operation (`rules`), none for an
exporter. In the end operations are sorted (`ordering`), so the order of nodes and of the terms of
sums does not matter either.
"""

from vaqf.passes.raise_onnx_to_vit.raising import RaiseOnnxToVitPass

__all__ = ["RaiseOnnxToVitPass"]
