// RUN: vaqf-opt %s --verify-diagnostics --parsing-diagnostics --split-input-file | filecheck %s

// CHECK: 'result' has shape (6, 4), expected (4, 6)
func.func @identity_shape(%x: tensor<4x6xf32>) {
  %z = onnx.Identity %x : tensor<4x6xf32> -> tensor<6x4xf32>
  func.return
}

// -----

// CHECK: 'result' has elements i64, expected f32
func.func @dropout_elements(%x: tensor<4x6xf32>) {
  %z = onnx.Dropout %x : tensor<4x6xf32> -> tensor<4x6xi64>
  func.return
}

// -----

// CHECK: 'result' has shape (6, 4), expected (4, 6)
func.func @cast_shape(%x: tensor<4x6xf32>) {
  %z = onnx.Cast %x : tensor<4x6xf32> -> tensor<6x4xi64>
  func.return
}

// -----

// CHECK: 'result' has elements index, expected numbers
func.func @cast_elements(%x: tensor<4x6xf32>) {
  %z = onnx.Cast %x : tensor<4x6xf32> -> tensor<4x6xindex>
  func.return
}
