// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @shape_result(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has shape (2,), expected (1,)}}
  %z = onnx.Shape %x start = 1 : tensor<4x6xf32> -> tensor<2xi64>
  func.return
}

// -----

func.func @size_result(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has shape (1,), expected ()}}
  %z = onnx.Size %x : tensor<4x6xf32> -> tensor<1xi64>
  func.return
}

// -----

func.func @constant_of_shape_value(%shape: tensor<1xi64>) {
  // expected-error@+1 {{'value' has 2 elements, expected one}}
  %z = onnx.ConstantOfShape %shape value = dense<[1, 2]> : tensor<2xi64> : tensor<1xi64> -> tensor<3xi64>
  func.return
}

// -----

func.func @constant_of_shape_result() {
  %shape = onnx.constant dense<4> : tensor<1xi64>
  // expected-error@+1 {{'result' has shape (3,), expected (4,)}}
  %z = onnx.ConstantOfShape %shape value = dense<1> : tensor<1xi64> : tensor<1xi64> -> tensor<3xi64>
  func.return
}

// -----

func.func @constant_of_shape_elements(%shape: tensor<1xi64>) {
  // expected-error@+1 {{'result' has elements f32, accepted is i64}}
  %z = onnx.ConstantOfShape %shape value = dense<1> : tensor<1xi64> : tensor<1xi64> -> tensor<3xf32>
  func.return
}

// -----

func.func @constant_of_shape_reals(%shape: tensor<1xf32>) {
  // expected-error@+1 {{'shape' has elements f32, accepted are i32, i64}}
  %z = onnx.ConstantOfShape %shape value = dense<1> : tensor<1xi64> : tensor<1xf32> -> tensor<3xi64>
  func.return
}

// -----

func.func @range_elements(%n: tensor<i64>) {
  // expected-error@+1 {{'result' has elements i1, accepted are f32, f64, i32, i64}}
  %z = onnx.Range %n, %n, %n : tensor<i64>, tensor<i64>, tensor<i64> -> tensor<3xi1>
  func.return
}

// -----

func.func @range_rank(%n: tensor<i64>) {
  // expected-error@+1 {{'result' has rank 2, expected 1 (a list)}}
  %z = onnx.Range %n, %n, %n : tensor<i64>, tensor<i64>, tensor<i64> -> tensor<3x1xi64>
  func.return
}

// -----

func.func @range_limit(%n: tensor<i64>, %m: tensor<1xi64>) {
  // expected-error@+1 {{'limit' has shape (1,), expected ()}}
  %z = onnx.Range %n, %m, %n : tensor<i64>, tensor<1xi64>, tensor<i64> -> tensor<3xi64>
  func.return
}

// -----

func.func @range_delta(%n: tensor<i64>, %d: tensor<f32>) {
  // expected-error@+1 {{'delta' has elements f32, expected i64}}
  %z = onnx.Range %n, %n, %d : tensor<i64>, tensor<i64>, tensor<f32> -> tensor<3xi64>
  func.return
}
