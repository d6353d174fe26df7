// RUN: vaqf-opt %s --verify-diagnostics --parsing-diagnostics --split-input-file | filecheck %s

// CHECK: 'left' has elements i8, accepted are f32, f64, i32, i64, i1
func.func @comparison_elements(%x: tensor<4xi8>) {
  %z = onnx.Equal %x, %x : tensor<4xi8>, tensor<4xi8> -> tensor<4xi1>
  func.return
}

// -----

// CHECK: 'right' has elements f32, expected i64
func.func @comparison_mixed(%x: tensor<4xi64>, %y: tensor<4xf32>) {
  %z = onnx.Less %x, %y : tensor<4xi64>, tensor<4xf32> -> tensor<4xi1>
  func.return
}

// -----

// CHECK: 'result' has shape (4,), expected (5, 4)
func.func @comparison_result(%x: tensor<4xi64>, %y: tensor<5x1xi64>) {
  %z = onnx.Greater %x, %y : tensor<4xi64>, tensor<5x1xi64> -> tensor<4xi1>
  func.return
}

// -----

// CHECK: 'result' has shape (4,), expected (5, 4)
func.func @connective_result(%x: tensor<4xi1>, %y: tensor<5x1xi1>) {
  %z = onnx.And %x, %y : tensor<4xi1>, tensor<5x1xi1> -> tensor<4xi1>
  func.return
}

// -----

// CHECK: 'result' has shape (5,), expected (4,)
func.func @not_result(%x: tensor<4xi1>) {
  %z = onnx.Not %x : tensor<4xi1> -> tensor<5xi1>
  func.return
}

// -----

// CHECK: 'input' has elements i64, accepted are f32, f64
func.func @is_nan_elements(%x: tensor<4xi64>) {
  %z = onnx.IsNaN %x : tensor<4xi64> -> tensor<4xi1>
  func.return
}

// -----

// CHECK: 'result' has shape (5,), expected (4,)
func.func @is_nan_result(%x: tensor<4xf32>) {
  %z = onnx.IsNaN %x : tensor<4xf32> -> tensor<5xi1>
  func.return
}

// -----

// CHECK: 'right' has elements i64, expected f32
func.func @where_mixed(%c: tensor<4xi1>, %x: tensor<4xf32>, %y: tensor<4xi64>) {
  %z = onnx.Where %c, %x, %y : tensor<4xi1>, tensor<4xf32>, tensor<4xi64> -> tensor<4xf32>
  func.return
}

// -----

// CHECK: 'result' has elements i64, expected f32
func.func @where_elements(%c: tensor<4xi1>, %x: tensor<4xf32>) {
  %z = onnx.Where %c, %x, %x : tensor<4xi1>, tensor<4xf32>, tensor<4xf32> -> tensor<4xi64>
  func.return
}

// -----

// CHECK: 'result' has shape (6,), expected (4, 6)
func.func @where_result(%c: tensor<4x1xi1>, %x: tensor<6xf32>) {
  %z = onnx.Where %c, %x, %x : tensor<4x1xi1>, tensor<6xf32>, tensor<6xf32> -> tensor<6xf32>
  func.return
}
