// RUN: vaqf-opt %s --verify-diagnostics --parsing-diagnostics --split-input-file | filecheck %s

// CHECK: 'input' has rank 1, expected 2 (tokens x channels)
func.func @rank(%x: tensor<6x!quant.int<8, 0.5>>) {
  %mean = quant.mean_tokens %x {multiplier = 1 : i64, shift = 1 : i64} : tensor<6x!quant.int<8, 0.5>> -> tensor<1x6x!quant.int<8, 0.5>>
  func.return
}

// -----

// 2^30 tokens of at most 2^15 each.
// CHECK: the sum of 1073741824 tokens has 47 bits, accepted range is [1, 46]
func.func @sum(%x: tensor<1073741824x6x!quant.int<16, 0.5>>) {
  %mean = quant.mean_tokens %x {multiplier = 1 : i64, shift = 1 : i64} : tensor<1073741824x6x!quant.int<16, 0.5>> -> tensor<1x6x!quant.int<8, 0.5>>
  func.return
}

// -----

// CHECK: 'multiplier' is 131072, accepted range is [0, 131071]
func.func @multiplier(%x: tensor<5x6x!quant.int<8, 0.5>>) {
  %mean = quant.mean_tokens %x {multiplier = 131072 : i64, shift = 1 : i64} : tensor<5x6x!quant.int<8, 0.5>> -> tensor<1x6x!quant.int<8, 0.5>>
  func.return
}

// -----

// CHECK: 'shift' is 0, accepted range is [1, 47]
func.func @shift(%x: tensor<5x6x!quant.int<8, 0.5>>) {
  %mean = quant.mean_tokens %x {multiplier = 1 : i64, shift = 0 : i64} : tensor<5x6x!quant.int<8, 0.5>> -> tensor<1x6x!quant.int<8, 0.5>>
  func.return
}

// -----

// CHECK: 'result' has shape (5, 6), expected (1, 6)
func.func @result(%x: tensor<5x6x!quant.int<8, 0.5>>) {
  %mean = quant.mean_tokens %x {multiplier = 1 : i64, shift = 1 : i64} : tensor<5x6x!quant.int<8, 0.5>> -> tensor<5x6x!quant.int<8, 0.5>>
  func.return
}
