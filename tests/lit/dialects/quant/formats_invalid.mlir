// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

// expected-error@+1 {{!quant.int: bits is 17, accepted range is [1, 16]}}
func.func @too_wide(%x: tensor<3x!quant.int<17, 0.5>>) { func.return }

// -----

// expected-error@+1 {{!quant.int: bits is 0, accepted range is [1, 16]}}
func.func @no_bits(%x: tensor<3x!quant.int<0, 0.5>>) { func.return }

// -----

// expected-error@+1 {{!quant.uint: bits is 17, accepted range is [1, 16]}}
func.func @unsigned_too_wide(%x: tensor<3x!quant.uint<17, 0.5>>) { func.return }

// -----

// expected-error@+1 {{!quant.int: scale is 0.0, it must be positive}}
func.func @no_scale(%x: tensor<3x!quant.int<8, 0.0>>) { func.return }

// -----

// expected-error@+1 {{!quant.uint: scale is -0.5, it must be positive}}
func.func @negative_scale(%x: tensor<3x!quant.uint<8, -0.5>>) { func.return }

// -----

// expected-error@+1 {{#quant.range: minimum is 2.0, above the maximum 1.0}}
func.func @empty_range(%x: tensor<3xf32> {quant.range = #quant.range<2.0, 1.0, mean_magnitude = 0.5, root_mean_square = 1.0>}) { func.return }
