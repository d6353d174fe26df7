// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @rank(%weight: tensor<4xf32>) {
  // expected-error@+1 {{'weight' has rank 1, expected 2 (output x input channels)}}
  %signs, %scale = quant.binarize %weight : tensor<4xf32> -> tensor<4x!quant.binary>, tensor<4xf32>
  func.return
}

// -----

func.func @signs(%weight: tensor<4x8xf32>) {
  // expected-error@+1 {{'signs' has shape (4, 7), expected (4, 8)}}
  %signs, %scale = quant.binarize %weight : tensor<4x8xf32> -> tensor<4x7x!quant.binary>, tensor<4xf32>
  func.return
}

// -----

func.func @scale(%weight: tensor<4x8xf32>) {
  // expected-error@+1 {{'scale' has shape (8,), expected (4,)}}
  %signs, %scale = quant.binarize %weight : tensor<4x8xf32> -> tensor<4x8x!quant.binary>, tensor<8xf32>
  func.return
}

// -----

func.func @quantized_rank(%weight: tensor<4x8x2xf32>) {
  // expected-error@+1 {{'weight' has rank 3, expected 2 (output x input channels)}}
  %integers, %scale = quant.quantize_weight %weight : tensor<4x8x2xf32> -> tensor<4x8x2xi8>, tensor<4xf32>
  func.return
}

// -----

func.func @integers(%weight: tensor<4x8xf32>) {
  // expected-error@+1 {{'integers' has shape (8, 4), expected (4, 8)}}
  %integers, %scale = quant.quantize_weight %weight : tensor<4x8xf32> -> tensor<8x4xi8>, tensor<4xf32>
  func.return
}

// -----

func.func @quantized_scale(%weight: tensor<4x8xf32>) {
  // expected-error@+1 {{'scale' has shape (1,), expected (4,)}}
  %integers, %scale = quant.quantize_weight %weight : tensor<4x8xf32> -> tensor<4x8xi8>, tensor<1xf32>
  func.return
}

// -----

func.func @too_wide(%weight: tensor<4x8xf32>) {
  // expected-error@+1 {{'integers' has 17 bits, accepted range is [2, 16]}}
  %integers, %scale = quant.quantize_weight %weight : tensor<4x8xf32> -> tensor<4x8xi17>, tensor<4xf32>
  func.return
}

// -----

func.func @too_narrow(%weight: tensor<4x8xf32>) {
  // expected-error@+1 {{'integers' has 1 bits, accepted range is [2, 16]}}
  %integers, %scale = quant.quantize_weight %weight : tensor<4x8xf32> -> tensor<4x8xi1>, tensor<4xf32>
  func.return
}

// -----

func.func @dequantized_rank(%integers: tensor<4x2x2xi8>, %scale: tensor<4xf32>) {
  // expected-error@+1 {{'integers' has rank 3, expected 1 or 2 (output x input channels)}}
  %weight = quant.dequantize_weight %integers, %scale : tensor<4x2x2xi8>, tensor<4xf32> -> tensor<4x2x2xf32>
  func.return
}

// -----

func.func @dequantized_scale(%integers: tensor<4x8xi8>, %scale: tensor<8xf32>) {
  // expected-error@+1 {{'scale' has shape (8,), expected (4,)}}
  %weight = quant.dequantize_weight %integers, %scale : tensor<4x8xi8>, tensor<8xf32> -> tensor<4x8xf32>
  func.return
}

// -----

func.func @dequantized_weight(%integers: tensor<4x8xi8>, %scale: tensor<4xf32>) {
  // expected-error@+1 {{'weight' has shape (8, 4), expected (4, 8)}}
  %weight = quant.dequantize_weight %integers, %scale : tensor<4x8xi8>, tensor<4xf32> -> tensor<8x4xf32>
  func.return
}

// -----

func.func @parameter_rank(%scale: tensor<4x1xf32>) {
  // expected-error@+1 {{'weight_scale' has rank 2, expected 1 (output channels)}}
  %m, %o = quant.requantize_parameters %scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4x1xf32> -> tensor<4xi18>, tensor<4xi48>
  func.return
}

// -----

func.func @parameter_bias(%scale: tensor<4xf32>, %bias: tensor<5xf32>) {
  // expected-error@+1 {{'bias' has shape (5,), expected (4,)}}
  %m, %o = quant.requantize_parameters %scale, %bias {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32>, tensor<5xf32> -> tensor<4xi18>, tensor<4xi48>
  func.return
}

// -----

func.func @parameter_multiplier(%scale: tensor<4xf32>) {
  // expected-error@+1 {{'multiplier' has shape (1,), expected (4,)}}
  %m, %o = quant.requantize_parameters %scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<1xi18>, tensor<4xi48>
  func.return
}

// -----

func.func @parameter_offset(%scale: tensor<4xf32>) {
  // expected-error@+1 {{'offset' has shape (1,), expected (4,)}}
  %m, %o = quant.requantize_parameters %scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<1xi48>
  func.return
}

// -----

func.func @multiplier_width(%scale: tensor<4xf32>) {
  // expected-error@+1 {{'multiplier' is tensor<4xi17>, expected a tensor of i18}}
  %m, %o = quant.requantize_parameters %scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi17>, tensor<4xi48>
  func.return
}

// -----

func.func @offset_width(%scale: tensor<4xf32>) {
  // expected-error@+1 {{'offset' is tensor<4xi64>, expected a tensor of i48}}
  %m, %o = quant.requantize_parameters %scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi64>
  func.return
}

// -----

func.func @shift_too_large(%scale: tensor<4xf32>) {
  // expected-error@+1 {{'shift' is 48, accepted range is [1, 47]}}
  %m, %o = quant.requantize_parameters %scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 48 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  func.return
}

// -----

func.func @shift_too_small(%scale: tensor<4xf32>) {
  // expected-error@+1 {{'shift' is 0, accepted range is [1, 47]}}
  %m, %o = quant.requantize_parameters %scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 0 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  func.return
}

// -----

func.func @input_scale(%scale: tensor<4xf32>) {
  // expected-error@+1 {{'input_scale' is 0.0, it must be positive}}
  %m, %o = quant.requantize_parameters %scale {input_scale = 0.0 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  func.return
}

// -----

func.func @norm_rank(%weight: tensor<4x1xf32>, %bias: tensor<4xf32>) {
  // expected-error@+1 {{'weight' has rank 2, expected 1 (channels)}}
  %m, %o = quant.layer_norm_parameters %weight, %bias {output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4x1xf32>, tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  func.return
}

// -----

func.func @norm_bias(%weight: tensor<4xf32>, %bias: tensor<5xf32>) {
  // expected-error@+1 {{'bias' has shape (5,), expected (4,)}}
  %m, %o = quant.layer_norm_parameters %weight, %bias {output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32>, tensor<5xf32> -> tensor<4xi18>, tensor<4xi48>
  func.return
}

// -----

func.func @norm_multiplier(%weight: tensor<4xf32>) {
  // expected-error@+1 {{'multiplier' has shape (3,), expected (4,)}}
  %m, %o = quant.layer_norm_parameters %weight, %weight {output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32>, tensor<4xf32> -> tensor<3xi18>, tensor<4xi48>
  func.return
}

// -----

func.func @norm_offset(%weight: tensor<4xf32>) {
  // expected-error@+1 {{'offset' has shape (3,), expected (4,)}}
  %m, %o = quant.layer_norm_parameters %weight, %weight {output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32>, tensor<4xf32> -> tensor<4xi18>, tensor<3xi48>
  func.return
}

// -----

func.func @norm_multiplier_width(%weight: tensor<4xf32>) {
  // expected-error@+1 {{'multiplier' is tensor<4xi32>, expected a tensor of i18}}
  %m, %o = quant.layer_norm_parameters %weight, %weight {output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32>, tensor<4xf32> -> tensor<4xi32>, tensor<4xi48>
  func.return
}

// -----

func.func @norm_offset_width(%weight: tensor<4xf32>) {
  // expected-error@+1 {{'offset' is tensor<4xi32>, expected a tensor of i48}}
  %m, %o = quant.layer_norm_parameters %weight, %weight {output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32>, tensor<4xf32> -> tensor<4xi18>, tensor<4xi32>
  func.return
}

// -----

func.func @norm_shift(%weight: tensor<4xf32>) {
  // expected-error@+1 {{'shift' is 48, accepted range is [1, 47]}}
  %m, %o = quant.layer_norm_parameters %weight, %weight {output = !quant.int<8, 0.5>, shift = 48 : i64} : tensor<4xf32>, tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  func.return
}
