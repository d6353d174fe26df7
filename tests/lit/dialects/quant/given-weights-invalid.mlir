// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @no_scale() {
  // expected-error@+1 {{'value' is 0.0, it must be positive}}
  %scale = quant.uniform_scale 0.0 : tensor<8xf32>
  func.return
}

// -----

func.func @scale_rank() {
  // expected-error@+1 {{'scale' has rank 2, expected 1 (output channels)}}
  %scale = quant.uniform_scale 1.0 : tensor<8x1xf32>
  func.return
}

// -----

func.func @signs(%weight: tensor<8x6xf32>) {
  // expected-error@+1 {{'signs' has shape (6, 8), expected (8, 6)}}
  %signs = quant.weight_signs %weight : tensor<8x6xf32> -> tensor<6x8x!quant.binary>
  func.return
}

// -----

func.func @rounded_scale(%weight: tensor<8x6xf32>, %scale: tensor<6xf32>) {
  // expected-error@+1 {{'scale' has shape (6,), expected (8,)}}
  %rounded = quant.round_weight %weight, %scale from -7 to 7 : tensor<8x6xf32>, tensor<6xf32> -> tensor<8x6xi4>
  func.return
}

// -----

func.func @rounded_shape(%weight: tensor<8x6xf32>, %scale: tensor<8xf32>) {
  // expected-error@+1 {{'integers' has shape (6, 8), expected (8, 6)}}
  %rounded = quant.round_weight %weight, %scale from -7 to 7 : tensor<8x6xf32>, tensor<8xf32> -> tensor<6x8xi4>
  func.return
}

// -----

func.func @rounded_range(%weight: tensor<8x6xf32>, %scale: tensor<8xf32>) {
  // expected-error@+1 {{the integers are -8 to 7, i4 of a weight holds -7 to 7}}
  %rounded = quant.round_weight %weight, %scale from -8 to 7 : tensor<8x6xf32>, tensor<8xf32> -> tensor<8x6xi4>
  func.return
}

// -----

func.func @rounded_width(%weight: tensor<8x6xf32>, %scale: tensor<8xf32>) {
  // expected-error@+1 {{'integers' has 32 bits, accepted range is [2, 16]}}
  %rounded = quant.round_weight %weight, %scale from -8 to 7 : tensor<8x6xf32>, tensor<8xf32> -> tensor<8x6xi32>
  func.return
}

// -----

func.func @centred_shape(%stored: tensor<8x6xui8>) {
  // expected-error@+1 {{'integers' has shape (6, 8), expected (8, 6)}}
  %centred = quant.recentre_weight %stored by 128 : tensor<8x6xui8> -> tensor<6x8xi8>
  func.return
}

// -----

func.func @centred_width(%stored: tensor<8x6xui8>) {
  // expected-error@+1 {{'integers' has 1 bits, accepted range is [2, 16]}}
  %centred = quant.recentre_weight %stored by 128 : tensor<8x6xui8> -> tensor<8x6xi1>
  func.return
}

// -----

func.func @no_shift(%scores: tensor<3x5x5xi22>, %table: tensor<256xi17>) {
  // expected-error@+1 {{'probability_multiplier' and 'probability_shift' are needed together}}
  %p = quant.softmax %scores, %table {multiplier = 1 : i64, shift = 17 : i64, probability_multiplier = 2 : i64} : tensor<3x5x5xi22>, tensor<256xi17> -> tensor<3x5x5x!quant.uint<7, 0.01>>
  func.return
}

// -----

func.func @large_shift(%scores: tensor<3x5x5xi22>, %table: tensor<256xi17>) {
  // expected-error@+1 {{'probability_shift' is 30, accepted range is [1, 29]}}
  %p = quant.softmax %scores, %table {multiplier = 1 : i64, shift = 17 : i64, probability_multiplier = 2 : i64, probability_shift = 30 : i64} : tensor<3x5x5xi22>, tensor<256xi17> -> tensor<3x5x5x!quant.uint<7, 0.01>>
  func.return
}

// -----

func.func @no_multiplier(%scores: tensor<3x5x5xi22>, %table: tensor<256xi17>) {
  // expected-error@+1 {{'probability_multiplier' is 0, expected at least 1}}
  %p = quant.softmax %scores, %table {multiplier = 1 : i64, shift = 17 : i64, probability_multiplier = 0 : i64, probability_shift = 17 : i64} : tensor<3x5x5xi22>, tensor<256xi17> -> tensor<3x5x5x!quant.uint<7, 0.01>>
  func.return
}

// -----

func.func @large_multiplier(%scores: tensor<3x5x5xi22>, %table: tensor<256xi17>) {
  // expected-error@+1 {{'multiplier' is 131072, accepted range is [0, 131071]}}
  %p = quant.softmax %scores, %table {multiplier = 1 : i64, shift = 17 : i64, probability_multiplier = 131072 : i64, probability_shift = 17 : i64} : tensor<3x5x5xi22>, tensor<256xi17> -> tensor<3x5x5x!quant.uint<7, 0.01>>
  func.return
}
