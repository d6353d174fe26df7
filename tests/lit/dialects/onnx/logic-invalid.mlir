// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @comparison_elements(%x: tensor<4xi8>) {
  // expected-error@+1 {{'left' has elements i8, accepted are f32, f64, i32, i64, i1}}
  %z = onnx.Equal %x, %x : tensor<4xi8>, tensor<4xi8> -> tensor<4xi1>
  func.return
}

// -----

func.func @comparison_mixed(%x: tensor<4xi64>, %y: tensor<4xf32>) {
  // expected-error@+1 {{'right' has elements f32, expected i64}}
  %z = onnx.Less %x, %y : tensor<4xi64>, tensor<4xf32> -> tensor<4xi1>
  func.return
}

// -----

func.func @comparison_result(%x: tensor<4xi64>, %y: tensor<5x1xi64>) {
  // expected-error@+1 {{'result' has shape (4,), expected (5, 4)}}
  %z = onnx.Greater %x, %y : tensor<4xi64>, tensor<5x1xi64> -> tensor<4xi1>
  func.return
}

// -----

func.func @connective_result(%x: tensor<4xi1>, %y: tensor<5x1xi1>) {
  // expected-error@+1 {{'result' has shape (4,), expected (5, 4)}}
  %z = onnx.And %x, %y : tensor<4xi1>, tensor<5x1xi1> -> tensor<4xi1>
  func.return
}

// -----

func.func @not_result(%x: tensor<4xi1>) {
  // expected-error@+1 {{'result' has shape (5,), expected (4,)}}
  %z = onnx.Not %x : tensor<4xi1> -> tensor<5xi1>
  func.return
}

// -----

func.func @is_nan_elements(%x: tensor<4xi64>) {
  // expected-error@+1 {{'input' has elements i64, accepted are f32, f64}}
  %z = onnx.IsNaN %x : tensor<4xi64> -> tensor<4xi1>
  func.return
}

// -----

func.func @is_nan_result(%x: tensor<4xf32>) {
  // expected-error@+1 {{'result' has shape (5,), expected (4,)}}
  %z = onnx.IsNaN %x : tensor<4xf32> -> tensor<5xi1>
  func.return
}

// -----

func.func @where_mixed(%c: tensor<4xi1>, %x: tensor<4xf32>, %y: tensor<4xi64>) {
  // expected-error@+1 {{'right' has elements i64, expected f32}}
  %z = onnx.Where %c, %x, %y : tensor<4xi1>, tensor<4xf32>, tensor<4xi64> -> tensor<4xf32>
  func.return
}

// -----

func.func @where_elements(%c: tensor<4xi1>, %x: tensor<4xf32>) {
  // expected-error@+1 {{'result' has elements i64, expected f32}}
  %z = onnx.Where %c, %x, %x : tensor<4xi1>, tensor<4xf32>, tensor<4xf32> -> tensor<4xi64>
  func.return
}

// -----

func.func @where_result(%c: tensor<4x1xi1>, %x: tensor<6xf32>) {
  // expected-error@+1 {{'result' has shape (6,), expected (4, 6)}}
  %z = onnx.Where %c, %x, %x : tensor<4x1xi1>, tensor<6xf32>, tensor<6xf32> -> tensor<6xf32>
  func.return
}
