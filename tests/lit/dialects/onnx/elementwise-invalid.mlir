// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @binary_shapes(%x: tensor<1x4x6xf32>, %y: tensor<5x6xf32>) {
  // expected-error@+1 {{shapes (1, 4, 6) and (5, 6) do not broadcast}}
  %z = onnx.Add %x, %y : tensor<1x4x6xf32>, tensor<5x6xf32> -> tensor<1x4x6xf32>
  func.return
}

// -----

func.func @binary_result(%x: tensor<1x4x6xf32>, %y: tensor<5x1x1xf32>) {
  // expected-error@+1 {{'result' has shape (1, 4, 6), expected (5, 4, 6)}}
  %z = onnx.Add %x, %y : tensor<1x4x6xf32>, tensor<5x1x1xf32> -> tensor<1x4x6xf32>
  func.return
}

// -----

func.func @binary_elements(%x: tensor<4xi8>) {
  // expected-error@+1 {{'left' has elements i8, accepted are f32, f64, i32, i64}}
  %z = onnx.Mul %x, %x : tensor<4xi8>, tensor<4xi8> -> tensor<4xi8>
  func.return
}

// -----

func.func @binary_mixed(%x: tensor<4xf32>, %y: tensor<4xi64>) {
  // expected-error@+1 {{'right' has elements i64, expected f32}}
  %z = onnx.Mul %x, %y : tensor<4xf32>, tensor<4xi64> -> tensor<4xf32>
  func.return
}

// -----

func.func @binary_result_elements(%x: tensor<4xf32>) {
  // expected-error@+1 {{'result' has elements i64, expected f32}}
  %z = onnx.Mul %x, %x : tensor<4xf32>, tensor<4xf32> -> tensor<4xi64>
  func.return
}

// -----

func.func @pow_exponent(%x: tensor<4xf32>, %y: tensor<4xi1>) {
  // expected-error@+1 {{'right' has elements i1, accepted are f32, f64, i32, i64}}
  %z = onnx.Pow %x, %y : tensor<4xf32>, tensor<4xi1> -> tensor<4xf32>
  func.return
}

// -----

func.func @mod_flag(%x: tensor<4xi64>) {
  // expected-error@+1 {{'fmod' is 2, accepted values are 0 and 1}}
  %z = onnx.Mod %x, %x fmod = 2 : tensor<4xi64>, tensor<4xi64> -> tensor<4xi64>
  func.return
}

// -----

func.func @max_of_nothing() {
  // expected-error@+1 {{there is no input, expected at least one}}
  %z = onnx.Max : -> tensor<4xf32>
  func.return
}

// -----

func.func @max_elements(%x: tensor<4xf32>, %y: tensor<4xf64>) {
  // expected-error@+1 {{'input 1' has elements f64, expected f32}}
  %z = onnx.Max %x, %y : tensor<4xf32>, tensor<4xf64> -> tensor<4xf32>
  func.return
}

// -----

func.func @min_elements(%x: tensor<4xi1>) {
  // expected-error@+1 {{'result' has elements i1, accepted are f32, f64, i32, i64}}
  %z = onnx.Min %x : tensor<4xi1> -> tensor<4xi1>
  func.return
}

// -----

func.func @min_result(%x: tensor<4xf32>, %y: tensor<5x1xf32>) {
  // expected-error@+1 {{'result' has shape (4,), expected (5, 4)}}
  %z = onnx.Min %x, %y : tensor<4xf32>, tensor<5x1xf32> -> tensor<4xf32>
  func.return
}

// -----

func.func @unary_elements(%x: tensor<4xi64>) {
  // expected-error@+1 {{'input' has elements i64, accepted are f32, f64}}
  %z = onnx.Sqrt %x : tensor<4xi64> -> tensor<4xi64>
  func.return
}

// -----

func.func @erf_elements(%x: tensor<4xf64>) {
  // expected-error@+1 {{'input' has elements f64, accepted is f32}}
  %z = onnx.Erf %x : tensor<4xf64> -> tensor<4xf64>
  func.return
}

// -----

func.func @unary_result_elements(%x: tensor<4xf32>) {
  // expected-error@+1 {{'result' has elements i64, expected f32}}
  %z = onnx.Floor %x : tensor<4xf32> -> tensor<4xi64>
  func.return
}

// -----

func.func @unary_result(%x: tensor<1x4x6xf32>) {
  // expected-error@+1 {{'result' has shape (4, 6), expected (1, 4, 6)}}
  %z = onnx.Erf %x : tensor<1x4x6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @gelu_result(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has shape (4, 5), expected (4, 6)}}
  %z = onnx.Gelu %x approximate = "none" : tensor<4x6xf32> -> tensor<4x5xf32>
  func.return
}

// -----

func.func @gelu_approximate(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'approximate' is "sigmoid", accepted values are "none" and "tanh"}}
  %z = onnx.Gelu %x approximate = "sigmoid" : tensor<4x6xf32> -> tensor<4x6xf32>
  func.return
}
