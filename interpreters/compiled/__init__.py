"""
The quantized level at the speed of floating-point hardware, with the same results.

`interpreters/quant.py` says what operations mean, in `int64`. Here a network is prepared once: its
integers are kept in `float32` and `float64`, which hold them exactly, and for every layer it is
proven from the number formats and the weights that nothing it computes leaves the range in which
those are exact. What cannot be proven is computed in a wider type, in the end in `int64`.

- `products`: sums of products, by BLAS.
- `eight_bit_products`: the same, by ONNX Runtime, where it is installed, in bytes.
- `rounding`: requantization.
- `normalization`, `attention`: LayerNorm and softmax.
- `kernels`: what `kernels.cpp` does faster than NumPy, where there is a compiler.
- `native_library`: compiling it, once for each machine.
- `needed_tokens`: leaving out tokens that no result depends on.
- `layers`: which of these computes an operation.
- `network`: all of it.
"""
