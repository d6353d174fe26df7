// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @reshape_two_unknown(%x: tensor<4x6xf32>) {
  %shape = onnx.constant dense<-1> : tensor<2xi64>
  // expected-error@+1 {{'shape' is [-1, -1], expected sizes and at most one -1}}
  %z = onnx.Reshape %x, %shape : tensor<4x6xf32>, tensor<2xi64> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @reshape_copies_too_far(%x: tensor<4x6xf32>) {
  %shape = onnx.constant dense<[2, 2, 0]> : tensor<3xi64>
  // expected-error@+1 {{'shape' is [2, 2, 0], 'input' has only 2 sizes}}
  %z = onnx.Reshape %x, %shape : tensor<4x6xf32>, tensor<3xi64> -> tensor<2x2x6xf32>
  func.return
}

// -----

func.func @reshape_count(%x: tensor<4x6xf32>) {
  %shape = onnx.constant dense<[5, -1]> : tensor<2xi64>
  // expected-error@+1 {{'shape' is [5, -1], 'input' has 24 values}}
  %z = onnx.Reshape %x, %shape : tensor<4x6xf32>, tensor<2xi64> -> tensor<5x4xf32>
  func.return
}

// -----

func.func @reshape_result(%x: tensor<4x6xf32>) {
  %shape = onnx.constant dense<[3, -1]> : tensor<2xi64>
  // expected-error@+1 {{'result' has shape (8, 3), expected (3, 8)}}
  %z = onnx.Reshape %x, %shape : tensor<4x6xf32>, tensor<2xi64> -> tensor<8x3xf32>
  func.return
}

// -----

func.func @reshape_elements(%x: tensor<4x6xf32>) {
  %shape = onnx.constant dense<[3, -1]> : tensor<2xi64>
  // expected-error@+1 {{'result' has elements i64, expected f32}}
  %z = onnx.Reshape %x, %shape : tensor<4x6xf32>, tensor<2xi64> -> tensor<3x8xi64>
  func.return
}

// -----

func.func @reshape_shape_from_input(%x: tensor<4x6xf32>, %shape: tensor<2xi64>) {
  // expected-error@+1 {{'result' has 20 values, expected 24}}
  %z = onnx.Reshape %x, %shape : tensor<4x6xf32>, tensor<2xi64> -> tensor<5x4xf32>
  func.return
}

// -----

func.func @squeeze_axes_from_input(%x: tensor<4x6xf32>, %axes: tensor<1xi64>) {
  // expected-error@+1 {{'result' has 4 values, expected 24}}
  %z = onnx.Squeeze %x, %axes : tensor<4x6xf32>, tensor<1xi64> -> tensor<4xf32>
  func.return
}

// -----

func.func @unsqueeze_axes_from_input(%x: tensor<4x6xf32>, %axes: tensor<1xi64>) {
  // expected-error@+1 {{'result' has 48 values, expected 24}}
  %z = onnx.Unsqueeze %x, %axes : tensor<4x6xf32>, tensor<1xi64> -> tensor<4x6x2xf32>
  func.return
}

// -----

func.func @reshape_shape_elements(%x: tensor<4x6xf32>, %shape: tensor<2xf32>) {
  // expected-error@+1 {{'shape' has elements f32, accepted are i32, i64}}
  %z = onnx.Reshape %x, %shape : tensor<4x6xf32>, tensor<2xf32> -> tensor<6x4xf32>
  func.return
}

// -----

func.func @expand_shape_from_input(%x: tensor<4x6xf32>, %shape: tensor<2xi64>) {
  // expected-error@+1 {{shapes (4, 6) and (5, 6) do not broadcast}}
  %z = onnx.Expand %x, %shape : tensor<4x6xf32>, tensor<2xi64> -> tensor<5x6xf32>
  func.return
}

// -----

func.func @flatten_axis(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'axis' is 3, accepted range is [-2, 2]}}
  %z = onnx.Flatten %x axis = 3 : tensor<4x6xf32> -> tensor<24x1xf32>
  func.return
}

// -----

func.func @flatten_result(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has shape (1, 24), expected (24, 1)}}
  %z = onnx.Flatten %x axis = 2 : tensor<4x6xf32> -> tensor<1x24xf32>
  func.return
}

// -----

func.func @tile_repeats(%x: tensor<4x6xf32>) {
  %repeats = onnx.constant dense<2> : tensor<1xi64>
  // expected-error@+1 {{'repeats' has shape (1,), expected (2,)}}
  %z = onnx.Tile %x, %repeats : tensor<4x6xf32>, tensor<1xi64> -> tensor<8x6xf32>
  func.return
}

// -----

func.func @tile_result(%x: tensor<4x6xf32>) {
  %repeats = onnx.constant dense<2> : tensor<2xi64>
  // expected-error@+1 {{'result' has shape (8, 6), expected (8, 12)}}
  %z = onnx.Tile %x, %repeats : tensor<4x6xf32>, tensor<2xi64> -> tensor<8x6xf32>
  func.return
}

// -----

func.func @transpose_perm(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'perm' is [0, 2], expected each of 0 to 1 once}}
  %z = onnx.Transpose %x perm = [0, 2] : tensor<4x6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @transpose_result(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has shape (4, 6), expected (6, 4)}}
  %z = onnx.Transpose %x perm = [1, 0] : tensor<4x6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @transpose_elements(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has elements i64, expected f32}}
  %z = onnx.Transpose %x perm = [1, 0] : tensor<4x6xf32> -> tensor<6x4xi64>
  func.return
}

// -----

func.func @squeeze_size(%x: tensor<1x6xf32>) {
  %axes = onnx.constant dense<-1> : tensor<1xi64>
  // expected-error@+1 {{dimension 1 of 'input' is 6, expected 1}}
  %z = onnx.Squeeze %x, %axes : tensor<1x6xf32>, tensor<1xi64> -> tensor<1xf32>
  func.return
}

// -----

func.func @squeeze_axis(%x: tensor<1x6xf32>) {
  %axes = onnx.constant dense<2> : tensor<1xi64>
  // expected-error@+1 {{'axes' is 2, accepted range is [-2, 1]}}
  %z = onnx.Squeeze %x, %axes : tensor<1x6xf32>, tensor<1xi64> -> tensor<6xf32>
  func.return
}

// -----

func.func @squeeze_result(%x: tensor<1x6xf32>) {
  %axes = onnx.constant dense<0> : tensor<1xi64>
  // expected-error@+1 {{'result' has shape (1, 6), expected (6,)}}
  %z = onnx.Squeeze %x, %axes : tensor<1x6xf32>, tensor<1xi64> -> tensor<1x6xf32>
  func.return
}

// -----

func.func @unsqueeze_axis(%x: tensor<6xf32>) {
  %axes = onnx.constant dense<2> : tensor<1xi64>
  // expected-error@+1 {{'axes' is 2, accepted range is [-2, 1]}}
  %z = onnx.Unsqueeze %x, %axes : tensor<6xf32>, tensor<1xi64> -> tensor<6x1xf32>
  func.return
}

// -----

func.func @unsqueeze_result(%x: tensor<6xf32>) {
  %axes = onnx.constant dense<1> : tensor<1xi64>
  // expected-error@+1 {{'result' has shape (1, 6), expected (6, 1)}}
  %z = onnx.Unsqueeze %x, %axes : tensor<6xf32>, tensor<1xi64> -> tensor<1x6xf32>
  func.return
}

// -----

func.func @expand_shape(%x: tensor<4x6xf32>) {
  %shape = onnx.constant dense<[5, 6]> : tensor<2xi64>
  // expected-error@+1 {{shapes (4, 6) and (5, 6) do not broadcast}}
  %z = onnx.Expand %x, %shape : tensor<4x6xf32>, tensor<2xi64> -> tensor<5x6xf32>
  func.return
}

// -----

func.func @expand_result(%x: tensor<4x1xf32>) {
  %shape = onnx.constant dense<[2, 1, 6]> : tensor<3xi64>
  // expected-error@+1 {{'result' has shape (4, 6), expected (2, 4, 6)}}
  %z = onnx.Expand %x, %shape : tensor<4x1xf32>, tensor<3xi64> -> tensor<4x6xf32>
  func.return
}
