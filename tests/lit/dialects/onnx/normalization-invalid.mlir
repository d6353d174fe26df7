// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @softmax_axis(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'axis' is 2, accepted range is [-2, 1]}}
  %z = onnx.Softmax %x axis = 2 : tensor<4x6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @softmax_result(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has shape (4, 1), expected (4, 6)}}
  %z = onnx.Softmax %x axis = -1 : tensor<4x6xf32> -> tensor<4x1xf32>
  func.return
}

// -----

func.func @layer_normalization_axis(%x: tensor<4x6xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'axis' is -3, accepted range is [-2, 1]}}
  %z = onnx.LayerNormalization %x, %s axis = -3 epsilon = 1.0e-06 : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @layer_normalization_scale(%x: tensor<4x6xf32>, %s: tensor<4xf32>) {
  // expected-error@+1 {{'scale' has shape (4,), expected (6,)}}
  %z = onnx.LayerNormalization %x, %s axis = -1 epsilon = 1.0e-06 : tensor<4x6xf32>, tensor<4xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @layer_normalization_bias(%x: tensor<4x6xf32>, %s: tensor<4x6xf32>, %b: tensor<6xf32>) {
  // expected-error@+1 {{'bias' has shape (6,), expected (4, 6)}}
  %z = onnx.LayerNormalization %x, %s, %b axis = 0 epsilon = 1.0e-06 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @layer_normalization_result(%x: tensor<4x6xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'result' has shape (6, 4), expected (4, 6)}}
  %z = onnx.LayerNormalization %x, %s axis = -1 epsilon = 1.0e-06 : tensor<4x6xf32>, tensor<6xf32> -> tensor<6x4xf32>
  func.return
}

// -----

func.func @layer_normalization_epsilon(%x: tensor<4x6xf32>, %s: tensor<6xf32>) {
  // expected-error@+1 {{'epsilon' is -0.5, it must not be negative}}
  %z = onnx.LayerNormalization %x, %s axis = -1 epsilon = -0.5 : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @softmax_elements(%x: tensor<4x6xf64>) {
  // expected-error@+1 {{'input' has elements f64, accepted is f32}}
  %z = onnx.Softmax %x axis = -1 : tensor<4x6xf64> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @layer_normalization_elements(%x: tensor<4x6xf32>, %s: tensor<6xf16>) {
  // expected-error@+1 {{'scale' has elements f16, accepted is f32}}
  %z = onnx.LayerNormalization %x, %s axis = -1 epsilon = 1.0e-05 : tensor<4x6xf32>, tensor<6xf16> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @softmax_result(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has elements i64, accepted is f32}}
  %z = onnx.Softmax %x axis = -1 : tensor<4x6xf32> -> tensor<4x6xi64>
  func.return
}
