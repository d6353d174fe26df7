// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @reduce_mean_axes_rank(%x: tensor<4x6xf32>) {
  %axes = onnx.constant dense<0> : tensor<i64>
  // expected-error@+1 {{'axes' has rank 0, expected 1 (a list)}}
  %z = onnx.ReduceMean %x, %axes keepdims = 0 : tensor<4x6xf32>, tensor<i64> -> tensor<6xf32>
  func.return
}

// -----

func.func @reduce_mean_axes_twice(%x: tensor<4x6xf32>) {
  %axes = onnx.constant dense<[1, -1]> : tensor<2xi64>
  // expected-error@+1 {{'axes' is [1, -1], it names a dimension twice}}
  %z = onnx.ReduceMean %x, %axes keepdims = 0 : tensor<4x6xf32>, tensor<2xi64> -> tensor<4xf32>
  func.return
}

// -----

func.func @reduce_mean_keepdims(%x: tensor<4x6xf32>) {
  %axes = onnx.constant dense<1> : tensor<1xi64>
  // expected-error@+1 {{'keepdims' is 2, accepted values are 0 and 1}}
  %z = onnx.ReduceMean %x, %axes keepdims = 2 : tensor<4x6xf32>, tensor<1xi64> -> tensor<4xf32>
  func.return
}

// -----

func.func @reduce_mean_result(%x: tensor<4x6xf32>) {
  %axes = onnx.constant dense<1> : tensor<1xi64>
  // expected-error@+1 {{'result' has shape (4,), expected (4, 1)}}
  %z = onnx.ReduceMean %x, %axes keepdims = 1 : tensor<4x6xf32>, tensor<1xi64> -> tensor<4xf32>
  func.return
}

// -----

func.func @reduce_mean_elements(%x: tensor<4x6xi64>, %axes: tensor<1xi64>) {
  // expected-error@+1 {{'input' has elements i64, accepted are f32, f64}}
  %z = onnx.ReduceMean %x, %axes keepdims = 0 : tensor<4x6xi64>, tensor<1xi64> -> tensor<4xi64>
  func.return
}

// -----

func.func @reduce_sum_elements(%x: tensor<4x6xi64>, %axes: tensor<1xi64>) {
  // expected-error@+1 {{'result' has elements f32, expected i64}}
  %z = onnx.ReduceSum %x, %axes keepdims = 0 : tensor<4x6xi64>, tensor<1xi64> -> tensor<4xf32>
  func.return
}

// -----

func.func @reduce_max_axes(%x: tensor<4x6xi64>, %axes: tensor<1xf32>) {
  // expected-error@+1 {{'axes' has elements f32, accepted are i32, i64}}
  %z = onnx.ReduceMax %x, %axes keepdims = 0 : tensor<4x6xi64>, tensor<1xf32> -> tensor<4xi64>
  func.return
}

// -----

func.func @cum_sum_elements(%x: tensor<4x6xi1>, %axis: tensor<i64>) {
  // expected-error@+1 {{'input' has elements i1, accepted are f32, f64, i32, i64}}
  %z = onnx.CumSum %x, %axis exclusive = 0 reverse = 0 : tensor<4x6xi1>, tensor<i64> -> tensor<4x6xi1>
  func.return
}

// -----

func.func @cum_sum_result(%x: tensor<4x6xf32>, %axis: tensor<i64>) {
  // expected-error@+1 {{'result' has shape (6, 4), expected (4, 6)}}
  %z = onnx.CumSum %x, %axis exclusive = 0 reverse = 0 : tensor<4x6xf32>, tensor<i64> -> tensor<6x4xf32>
  func.return
}

// -----

func.func @cum_sum_reverse(%x: tensor<4x6xf32>, %axis: tensor<i64>) {
  // expected-error@+1 {{'reverse' is 2, accepted values are 0 and 1}}
  %z = onnx.CumSum %x, %axis exclusive = 0 reverse = 2 : tensor<4x6xf32>, tensor<i64> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @cum_sum_axis_rank(%x: tensor<4x6xf32>, %axis: tensor<1xi64>) {
  // expected-error@+1 {{'axis' has rank 1, expected 0 (one number)}}
  %z = onnx.CumSum %x, %axis exclusive = 0 reverse = 0 : tensor<4x6xf32>, tensor<1xi64> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @cum_sum_axis(%x: tensor<4x6xf32>) {
  %axis = onnx.constant dense<2> : tensor<i64>
  // expected-error@+1 {{'axis' is 2, accepted range is [-2, 1]}}
  %z = onnx.CumSum %x, %axis exclusive = 0 reverse = 0 : tensor<4x6xf32>, tensor<i64> -> tensor<4x6xf32>
  func.return
}
