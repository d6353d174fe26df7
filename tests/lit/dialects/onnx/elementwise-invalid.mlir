// RUN: vaqf-opt %s --verify-diagnostics --parsing-diagnostics --split-input-file | filecheck %s

// CHECK: shapes (1, 4, 6) and (5, 6) do not broadcast
func.func @binary_shapes(%x: tensor<1x4x6xf32>, %y: tensor<5x6xf32>) {
  %z = onnx.Add %x, %y : tensor<1x4x6xf32>, tensor<5x6xf32> -> tensor<1x4x6xf32>
  func.return
}

// -----

// CHECK: 'result' has shape (1, 4, 6), expected (5, 4, 6)
func.func @binary_result(%x: tensor<1x4x6xf32>, %y: tensor<5x1x1xf32>) {
  %z = onnx.Add %x, %y : tensor<1x4x6xf32>, tensor<5x1x1xf32> -> tensor<1x4x6xf32>
  func.return
}

// -----

// CHECK: 'left' has elements i8, accepted are f32, f64, i32, i64
func.func @binary_elements(%x: tensor<4xi8>) {
  %z = onnx.Mul %x, %x : tensor<4xi8>, tensor<4xi8> -> tensor<4xi8>
  func.return
}

// -----

// CHECK: 'right' has elements i64, expected f32
func.func @binary_mixed(%x: tensor<4xf32>, %y: tensor<4xi64>) {
  %z = onnx.Mul %x, %y : tensor<4xf32>, tensor<4xi64> -> tensor<4xf32>
  func.return
}

// -----

// CHECK: 'result' has elements i64, expected f32
func.func @binary_result_elements(%x: tensor<4xf32>) {
  %z = onnx.Mul %x, %x : tensor<4xf32>, tensor<4xf32> -> tensor<4xi64>
  func.return
}

// -----

// CHECK: 'right' has elements i1, accepted are f32, f64, i32, i64
func.func @pow_exponent(%x: tensor<4xf32>, %y: tensor<4xi1>) {
  %z = onnx.Pow %x, %y : tensor<4xf32>, tensor<4xi1> -> tensor<4xf32>
  func.return
}

// -----

// CHECK: 'fmod' is 2, accepted values are 0 and 1
func.func @mod_flag(%x: tensor<4xi64>) {
  %z = onnx.Mod %x, %x fmod = 2 : tensor<4xi64>, tensor<4xi64> -> tensor<4xi64>
  func.return
}

// -----

// CHECK: there is no input, expected at least one
func.func @max_of_nothing() {
  %z = onnx.Max : -> tensor<4xf32>
  func.return
}

// -----

// CHECK: 'input 1' has elements f64, expected f32
func.func @max_elements(%x: tensor<4xf32>, %y: tensor<4xf64>) {
  %z = onnx.Max %x, %y : tensor<4xf32>, tensor<4xf64> -> tensor<4xf32>
  func.return
}

// -----

// CHECK: 'result' has elements i1, accepted are f32, f64, i32, i64
func.func @min_elements(%x: tensor<4xi1>) {
  %z = onnx.Min %x : tensor<4xi1> -> tensor<4xi1>
  func.return
}

// -----

// CHECK: 'result' has shape (4,), expected (5, 4)
func.func @min_result(%x: tensor<4xf32>, %y: tensor<5x1xf32>) {
  %z = onnx.Min %x, %y : tensor<4xf32>, tensor<5x1xf32> -> tensor<4xf32>
  func.return
}

// -----

// CHECK: 'input' has elements i64, accepted are f32, f64
func.func @unary_elements(%x: tensor<4xi64>) {
  %z = onnx.Sqrt %x : tensor<4xi64> -> tensor<4xi64>
  func.return
}

// -----

// CHECK: 'input' has elements f64, accepted is f32
func.func @erf_elements(%x: tensor<4xf64>) {
  %z = onnx.Erf %x : tensor<4xf64> -> tensor<4xf64>
  func.return
}

// -----

// CHECK: 'result' has elements i64, expected f32
func.func @unary_result_elements(%x: tensor<4xf32>) {
  %z = onnx.Floor %x : tensor<4xf32> -> tensor<4xi64>
  func.return
}

// -----

// CHECK: 'result' has shape (4, 6), expected (1, 4, 6)
func.func @unary_result(%x: tensor<1x4x6xf32>) {
  %z = onnx.Erf %x : tensor<1x4x6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

// CHECK: 'result' has shape (4, 5), expected (4, 6)
func.func @gelu_result(%x: tensor<4x6xf32>) {
  %z = onnx.Gelu %x approximate = "none" : tensor<4x6xf32> -> tensor<4x5xf32>
  func.return
}

// -----

// CHECK: 'approximate' is "sigmoid", accepted values are "none" and "tanh"
func.func @gelu_approximate(%x: tensor<4x6xf32>) {
  %z = onnx.Gelu %x approximate = "sigmoid" : tensor<4x6xf32> -> tensor<4x6xf32>
  func.return
}
