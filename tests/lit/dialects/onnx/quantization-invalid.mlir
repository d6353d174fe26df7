// RUN: vaqf-opt %s --verify-diagnostics --parsing-diagnostics --split-input-file | filecheck %s

// CHECK: 'scale' has shape (5,), expected (6,)
func.func @scales(%x: tensor<4x6xf32>, %scale: tensor<5xf32>) {
  %y = onnx.QuantizeLinear %x, %scale axis = 1 : tensor<4x6xf32>, tensor<5xf32> -> tensor<4x6xi8>
  func.return
}

// -----

// CHECK: 'axis' is 2, accepted range is [-2, 1]
func.func @axis(%x: tensor<4x6xf32>, %scale: tensor<6xf32>) {
  %y = onnx.QuantizeLinear %x, %scale axis = 2 : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xi8>
  func.return
}

// -----

// CHECK: 'scale' has shape (4, 2), expected (4, 3)
func.func @blocks(%x: tensor<4x6xf32>, %scale: tensor<4x2xf32>) {
  %y = onnx.QuantizeLinear %x, %scale axis = 1 blocks = 2 : tensor<4x6xf32>, tensor<4x2xf32> -> tensor<4x6xi8>
  func.return
}

// -----

// CHECK: 'zero_point' has shape (4,), expected (6,)
func.func @zero_shape(%x: tensor<4x6xf32>, %scale: tensor<6xf32>, %zero: tensor<4xi8>) {
  %y = onnx.QuantizeLinear %x, %scale, %zero axis = 1 : tensor<4x6xf32>, tensor<6xf32>, tensor<4xi8> -> tensor<4x6xi8>
  func.return
}

// -----

// CHECK: 'zero_point' has elements ui8, expected i8
func.func @zero_elements(%x: tensor<4x6xf32>, %scale: tensor<f32>, %zero: tensor<ui8>) {
  %y = onnx.QuantizeLinear %x, %scale, %zero axis = 1 : tensor<4x6xf32>, tensor<f32>, tensor<ui8> -> tensor<4x6xi8>
  func.return
}

// -----

// CHECK: 'result' has elements i64, accepted are
func.func @result_elements(%x: tensor<4x6xf32>, %scale: tensor<f32>) {
  %y = onnx.QuantizeLinear %x, %scale axis = 1 : tensor<4x6xf32>, tensor<f32> -> tensor<4x6xi64>
  func.return
}

// -----

// CHECK: 'result' has shape (6, 4), expected (4, 6)
func.func @result_shape(%x: tensor<4x6xf32>, %scale: tensor<f32>) {
  %y = onnx.QuantizeLinear %x, %scale axis = 1 : tensor<4x6xf32>, tensor<f32> -> tensor<6x4xi8>
  func.return
}

// -----

// CHECK: 'input' has elements i1, accepted are
func.func @stored_elements(%x: tensor<4x6xi1>, %scale: tensor<f32>) {
  %y = onnx.DequantizeLinear %x, %scale axis = 1 : tensor<4x6xi1>, tensor<f32> -> tensor<4x6xf32>
  func.return
}

// -----

// CHECK: 'result' has shape (6, 4), expected (4, 6)
func.func @dequantized_shape(%x: tensor<4x6xi8>, %scale: tensor<f32>) {
  %y = onnx.DequantizeLinear %x, %scale axis = 1 : tensor<4x6xi8>, tensor<f32> -> tensor<6x4xf32>
  func.return
}

// -----

// CHECK: 'zero_point' has elements ui8, expected i8
func.func @dequantized_zero(%x: tensor<4x6xi8>, %scale: tensor<f32>, %zero: tensor<ui8>) {
  %y = onnx.DequantizeLinear %x, %scale, %zero axis = 1 : tensor<4x6xi8>, tensor<f32>, tensor<ui8> -> tensor<4x6xf32>
  func.return
}

// -----

// CHECK: 'scale' has shape (5, 4, 6), 'input' has (4, 6)
func.func @quant_scale(%x: tensor<4x6xf32>, %scale: tensor<5x4x6xf32>, %one: tensor<f32>) {
  %y = onnx.Quant %x, %scale, %one, %one {narrow = 1 : i64, rounding_mode = "ROUND", signed = 1 : i64} : tensor<4x6xf32>, tensor<5x4x6xf32>, tensor<f32>, tensor<f32> -> tensor<4x6xf32>
  func.return
}

// -----

// CHECK: 'zero_point' has shape (5, 4, 6), 'input' has (4, 6)
func.func @quant_zero(%x: tensor<4x6xf32>, %zero: tensor<5x4x6xf32>, %one: tensor<f32>) {
  %y = onnx.Quant %x, %one, %zero, %one {narrow = 1 : i64, rounding_mode = "ROUND", signed = 1 : i64} : tensor<4x6xf32>, tensor<f32>, tensor<5x4x6xf32>, tensor<f32> -> tensor<4x6xf32>
  func.return
}

// -----

// CHECK: 'narrow' is 2, accepted are 0 and 1
func.func @quant_narrow(%x: tensor<4x6xf32>, %one: tensor<f32>) {
  %y = onnx.Quant %x, %one, %one, %one {narrow = 2 : i64, rounding_mode = "ROUND", signed = 1 : i64} : tensor<4x6xf32>, tensor<f32>, tensor<f32>, tensor<f32> -> tensor<4x6xf32>
  func.return
}

// -----

// CHECK: 'result' has shape (6, 4), expected (4, 6)
func.func @quant_result(%x: tensor<4x6xf32>, %one: tensor<f32>) {
  %y = onnx.Quant %x, %one, %one, %one {narrow = 0 : i64, rounding_mode = "ROUND", signed = 1 : i64} : tensor<4x6xf32>, tensor<f32>, tensor<f32>, tensor<f32> -> tensor<6x4xf32>
  func.return
}

// -----

// CHECK: 'result' has shape (6, 4), expected (4, 6)
func.func @bipolar_result(%x: tensor<4x6xf32>, %one: tensor<f32>) {
  %y = onnx.BipolarQuant %x, %one : tensor<4x6xf32>, tensor<f32> -> tensor<6x4xf32>
  func.return
}

// -----

// CHECK: 'scale' has shape (5, 4, 6), 'input' has (4, 6)
func.func @bipolar_scale(%x: tensor<4x6xf32>, %scale: tensor<5x4x6xf32>) {
  %y = onnx.BipolarQuant %x, %scale : tensor<4x6xf32>, tensor<5x4x6xf32> -> tensor<4x6xf32>
  func.return
}
