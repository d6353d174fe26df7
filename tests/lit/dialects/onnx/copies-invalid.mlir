// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @identity_shape(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has shape (6, 4), expected (4, 6)}}
  %z = onnx.Identity %x : tensor<4x6xf32> -> tensor<6x4xf32>
  func.return
}

// -----

func.func @dropout_elements(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has elements i64, expected f32}}
  %z = onnx.Dropout %x : tensor<4x6xf32> -> tensor<4x6xi64>
  func.return
}

// -----

func.func @cast_shape(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has shape (6, 4), expected (4, 6)}}
  %z = onnx.Cast %x : tensor<4x6xf32> -> tensor<6x4xi64>
  func.return
}

// -----

func.func @cast_elements(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has elements index, expected numbers}}
  %z = onnx.Cast %x : tensor<4x6xf32> -> tensor<4x6xindex>
  func.return
}
