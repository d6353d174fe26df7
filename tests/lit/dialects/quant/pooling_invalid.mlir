// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @rank(%x: tensor<6x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'input' has rank 1, expected 2 (tokens x channels)}}
  %mean = quant.mean_tokens %x {multiplier = 1 : i64, shift = 1 : i64} : tensor<6x!quant.int<8, 0.5>> -> tensor<1x6x!quant.int<8, 0.5>>
  func.return
}

// -----

// 2^30 tokens of at most 2^15 each.
func.func @sum(%x: tensor<1073741824x6x!quant.int<16, 0.5>>) {
  // expected-error@+1 {{the sum of 1073741824 tokens has 47 bits, accepted range is [1, 46]}}
  %mean = quant.mean_tokens %x {multiplier = 1 : i64, shift = 1 : i64} : tensor<1073741824x6x!quant.int<16, 0.5>> -> tensor<1x6x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @multiplier(%x: tensor<5x6x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'multiplier' is 131072, accepted range is [0, 131071]}}
  %mean = quant.mean_tokens %x {multiplier = 131072 : i64, shift = 1 : i64} : tensor<5x6x!quant.int<8, 0.5>> -> tensor<1x6x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @shift(%x: tensor<5x6x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'shift' is 0, accepted range is [1, 47]}}
  %mean = quant.mean_tokens %x {multiplier = 1 : i64, shift = 0 : i64} : tensor<5x6x!quant.int<8, 0.5>> -> tensor<1x6x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @result(%x: tensor<5x6x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'result' has shape (5, 6), expected (1, 6)}}
  %mean = quant.mean_tokens %x {multiplier = 1 : i64, shift = 1 : i64} : tensor<5x6x!quant.int<8, 0.5>> -> tensor<5x6x!quant.int<8, 0.5>>
  func.return
}
