// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @scales(%x: tensor<4x6xf32>, %scale: tensor<5xf32>) {
  // expected-error@+1 {{'scale' has shape (5,), expected (6,)}}
  %y = onnx.QuantizeLinear %x, %scale axis = 1 : tensor<4x6xf32>, tensor<5xf32> -> tensor<4x6xi8>
  func.return
}

// -----

func.func @axis(%x: tensor<4x6xf32>, %scale: tensor<6xf32>) {
  // expected-error@+1 {{'axis' is 2, accepted range is [-2, 1]}}
  %y = onnx.QuantizeLinear %x, %scale axis = 2 : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xi8>
  func.return
}

// -----

func.func @blocks(%x: tensor<4x6xf32>, %scale: tensor<4x2xf32>) {
  // expected-error@+1 {{'scale' has shape (4, 2), expected (4, 3)}}
  %y = onnx.QuantizeLinear %x, %scale axis = 1 blocks = 2 : tensor<4x6xf32>, tensor<4x2xf32> -> tensor<4x6xi8>
  func.return
}

// -----

func.func @zero_shape(%x: tensor<4x6xf32>, %scale: tensor<6xf32>, %zero: tensor<4xi8>) {
  // expected-error@+1 {{'zero_point' has shape (4,), expected (6,)}}
  %y = onnx.QuantizeLinear %x, %scale, %zero axis = 1 : tensor<4x6xf32>, tensor<6xf32>, tensor<4xi8> -> tensor<4x6xi8>
  func.return
}

// -----

func.func @zero_elements(%x: tensor<4x6xf32>, %scale: tensor<f32>, %zero: tensor<ui8>) {
  // expected-error@+1 {{'zero_point' has elements ui8, expected i8}}
  %y = onnx.QuantizeLinear %x, %scale, %zero axis = 1 : tensor<4x6xf32>, tensor<f32>, tensor<ui8> -> tensor<4x6xi8>
  func.return
}

// -----

func.func @result_elements(%x: tensor<4x6xf32>, %scale: tensor<f32>) {
  // expected-error@+1 {{'result' has elements i64, accepted are}}
  %y = onnx.QuantizeLinear %x, %scale axis = 1 : tensor<4x6xf32>, tensor<f32> -> tensor<4x6xi64>
  func.return
}

// -----

func.func @result_shape(%x: tensor<4x6xf32>, %scale: tensor<f32>) {
  // expected-error@+1 {{'result' has shape (6, 4), expected (4, 6)}}
  %y = onnx.QuantizeLinear %x, %scale axis = 1 : tensor<4x6xf32>, tensor<f32> -> tensor<6x4xi8>
  func.return
}

// -----

func.func @stored_elements(%x: tensor<4x6xi1>, %scale: tensor<f32>) {
  // expected-error@+1 {{'input' has elements i1, accepted are}}
  %y = onnx.DequantizeLinear %x, %scale axis = 1 : tensor<4x6xi1>, tensor<f32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @dequantized_shape(%x: tensor<4x6xi8>, %scale: tensor<f32>) {
  // expected-error@+1 {{'result' has shape (6, 4), expected (4, 6)}}
  %y = onnx.DequantizeLinear %x, %scale axis = 1 : tensor<4x6xi8>, tensor<f32> -> tensor<6x4xf32>
  func.return
}

// -----

func.func @dequantized_zero(%x: tensor<4x6xi8>, %scale: tensor<f32>, %zero: tensor<ui8>) {
  // expected-error@+1 {{'zero_point' has elements ui8, expected i8}}
  %y = onnx.DequantizeLinear %x, %scale, %zero axis = 1 : tensor<4x6xi8>, tensor<f32>, tensor<ui8> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @quant_scale(%x: tensor<4x6xf32>, %scale: tensor<5x4x6xf32>, %one: tensor<f32>) {
  // expected-error@+1 {{'scale' has shape (5, 4, 6), 'input' has (4, 6)}}
  %y = onnx.Quant %x, %scale, %one, %one {narrow = 1 : i64, rounding_mode = "ROUND", signed = 1 : i64} : tensor<4x6xf32>, tensor<5x4x6xf32>, tensor<f32>, tensor<f32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @quant_zero(%x: tensor<4x6xf32>, %zero: tensor<5x4x6xf32>, %one: tensor<f32>) {
  // expected-error@+1 {{'zero_point' has shape (5, 4, 6), 'input' has (4, 6)}}
  %y = onnx.Quant %x, %one, %zero, %one {narrow = 1 : i64, rounding_mode = "ROUND", signed = 1 : i64} : tensor<4x6xf32>, tensor<f32>, tensor<5x4x6xf32>, tensor<f32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @quant_narrow(%x: tensor<4x6xf32>, %one: tensor<f32>) {
  // expected-error@+1 {{'narrow' is 2, accepted are 0 and 1}}
  %y = onnx.Quant %x, %one, %one, %one {narrow = 2 : i64, rounding_mode = "ROUND", signed = 1 : i64} : tensor<4x6xf32>, tensor<f32>, tensor<f32>, tensor<f32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @quant_result(%x: tensor<4x6xf32>, %one: tensor<f32>) {
  // expected-error@+1 {{'result' has shape (6, 4), expected (4, 6)}}
  %y = onnx.Quant %x, %one, %one, %one {narrow = 0 : i64, rounding_mode = "ROUND", signed = 1 : i64} : tensor<4x6xf32>, tensor<f32>, tensor<f32>, tensor<f32> -> tensor<6x4xf32>
  func.return
}

// -----

func.func @bipolar_result(%x: tensor<4x6xf32>, %one: tensor<f32>) {
  // expected-error@+1 {{'result' has shape (6, 4), expected (4, 6)}}
  %y = onnx.BipolarQuant %x, %one : tensor<4x6xf32>, tensor<f32> -> tensor<6x4xf32>
  func.return
}

// -----

func.func @bipolar_scale(%x: tensor<4x6xf32>, %scale: tensor<5x4x6xf32>) {
  // expected-error@+1 {{'scale' has shape (5, 4, 6), 'input' has (4, 6)}}
  %y = onnx.BipolarQuant %x, %scale : tensor<4x6xf32>, tensor<5x4x6xf32> -> tensor<4x6xf32>
  func.return
}
