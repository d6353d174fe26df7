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

// CHECK: i64 should be of base attribute f32
func.func @binary_elements(%x: tensor<4xi64>) {
  %z = onnx.Mul %x, %x : tensor<4xi64>, tensor<4xi64> -> tensor<4xi64>
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

// -----

// CHECK: 'result' has shape (6,), expected (4, 6)
func.func @where_result(%c: tensor<4x1xi1>, %x: tensor<6xf32>) {
  %z = onnx.Where %c, %x, %x : tensor<4x1xi1>, tensor<6xf32>, tensor<6xf32> -> tensor<6xf32>
  func.return
}
