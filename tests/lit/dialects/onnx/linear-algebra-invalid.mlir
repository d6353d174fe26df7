// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @matmul_rank(%x: tensor<6xf32>, %y: tensor<6x4xf32>) {
  // expected-error@+1 {{'left' has rank 1, expected at least 2}}
  %z = onnx.MatMul %x, %y : tensor<6xf32>, tensor<6x4xf32> -> tensor<4xf32>
  func.return
}

// -----

func.func @matmul_inner(%x: tensor<1x4x6xf32>, %y: tensor<5x8xf32>) {
  // expected-error@+1 {{'right' has 5 rows, expected 6}}
  %z = onnx.MatMul %x, %y : tensor<1x4x6xf32>, tensor<5x8xf32> -> tensor<1x4x8xf32>
  func.return
}

// -----

func.func @matmul_stacks(%x: tensor<2x4x6xf32>, %y: tensor<3x6x8xf32>) {
  // expected-error@+1 {{shapes (2,) and (3,) do not broadcast}}
  %z = onnx.MatMul %x, %y : tensor<2x4x6xf32>, tensor<3x6x8xf32> -> tensor<2x4x8xf32>
  func.return
}

// -----

func.func @matmul_result(%x: tensor<1x4x6xf32>, %y: tensor<6x8xf32>) {
  // expected-error@+1 {{'result' has shape (4, 8), expected (1, 4, 8)}}
  %z = onnx.MatMul %x, %y : tensor<1x4x6xf32>, tensor<6x8xf32> -> tensor<4x8xf32>
  func.return
}

// -----

func.func @gemm_flag(%x: tensor<4x6xf32>, %y: tensor<6x8xf32>) {
  // expected-error@+1 {{'transB' is 2, accepted values are 0 and 1}}
  %z = onnx.Gemm %x, %y {transB = 2 : i64} : tensor<4x6xf32>, tensor<6x8xf32> -> tensor<4x8xf32>
  func.return
}

// -----

func.func @gemm_rank(%x: tensor<1x4x6xf32>, %y: tensor<6x8xf32>) {
  // expected-error@+1 {{'left' has rank 3, expected 2 (a matrix)}}
  %z = onnx.Gemm %x, %y : tensor<1x4x6xf32>, tensor<6x8xf32> -> tensor<4x8xf32>
  func.return
}

// -----

func.func @gemm_inner(%x: tensor<4x6xf32>, %y: tensor<6x8xf32>) {
  // expected-error@+1 {{'right' has 8 rows, expected 6}}
  %z = onnx.Gemm %x, %y {transB = 1 : i64} : tensor<4x6xf32>, tensor<6x8xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @gemm_bias(%x: tensor<1x6xf32>, %y: tensor<6x8xf32>, %b: tensor<4x1xf32>) {
  // expected-error@+1 {{'bias' has shape (4, 1), expected to fit (1, 8)}}
  %z = onnx.Gemm %x, %y, %b : tensor<1x6xf32>, tensor<6x8xf32>, tensor<4x1xf32> -> tensor<1x8xf32>
  func.return
}

// -----

func.func @gemm_result(%x: tensor<4x6xf32>, %y: tensor<6x8xf32>) {
  // expected-error@+1 {{'result' has shape (8, 4), expected (4, 8)}}
  %z = onnx.Gemm %x, %y {transA = 0 : i64} : tensor<4x6xf32>, tensor<6x8xf32> -> tensor<8x4xf32>
  func.return
}

// -----

func.func @conv_rank(%x: tensor<3x8xf32>, %w: tensor<4x3xf32>) {
  // expected-error@+1 {{'input' has rank 2, expected at least 3 (batch x channels x spatial)}}
  %z = onnx.Conv %x, %w kernel_shape = [] strides = [] pads = [] dilations = [] group = 1 : tensor<3x8xf32>, tensor<4x3xf32> -> tensor<3x4xf32>
  func.return
}

// -----

func.func @conv_weight_rank(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x2xf32>) {
  // expected-error@+1 {{'weight' has rank 3, expected 4 (that of 'input')}}
  %z = onnx.Conv %x, %w kernel_shape = [2] strides = [2, 2] pads = [0, 0, 0, 0] dilations = [1, 1] group = 1 : tensor<1x3x8x8xf32>, tensor<4x3x2xf32> -> tensor<1x4x4x4xf32>
  func.return
}

// -----

func.func @conv_group(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x2x2xf32>) {
  // expected-error@+1 {{'group' is 2, it must divide 3 input and 4 output channels}}
  %z = onnx.Conv %x, %w kernel_shape = [2, 2] strides = [2, 2] pads = [0, 0, 0, 0] dilations = [1, 1] group = 2 : tensor<1x3x8x8xf32>, tensor<4x3x2x2xf32> -> tensor<1x4x4x4xf32>
  func.return
}

// -----

func.func @conv_channels(%x: tensor<1x4x8x8xf32>, %w: tensor<4x3x2x2xf32>) {
  // expected-error@+1 {{'weight' has 3 input channels, expected 2}}
  %z = onnx.Conv %x, %w kernel_shape = [2, 2] strides = [2, 2] pads = [0, 0, 0, 0] dilations = [1, 1] group = 2 : tensor<1x4x8x8xf32>, tensor<4x3x2x2xf32> -> tensor<1x4x4x4xf32>
  func.return
}

// -----

func.func @conv_bias(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x2x2xf32>, %b: tensor<3xf32>) {
  // expected-error@+1 {{'bias' has shape (3,), expected (4,)}}
  %z = onnx.Conv %x, %w, %b kernel_shape = [2, 2] strides = [2, 2] pads = [0, 0, 0, 0] dilations = [1, 1] group = 1 : tensor<1x3x8x8xf32>, tensor<4x3x2x2xf32>, tensor<3xf32> -> tensor<1x4x4x4xf32>
  func.return
}

// -----

func.func @conv_kernel_shape(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x2x2xf32>) {
  // expected-error@+1 {{'kernel_shape' is [3, 3], expected [2, 2] as in 'weight'}}
  %z = onnx.Conv %x, %w kernel_shape = [3, 3] strides = [2, 2] pads = [0, 0, 0, 0] dilations = [1, 1] group = 1 : tensor<1x3x8x8xf32>, tensor<4x3x2x2xf32> -> tensor<1x4x4x4xf32>
  func.return
}

// -----

func.func @conv_strides(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x2x2xf32>) {
  // expected-error@+1 {{'strides' is [2, 0], expected 2 numbers of at least 1}}
  %z = onnx.Conv %x, %w kernel_shape = [2, 2] strides = [2, 0] pads = [0, 0, 0, 0] dilations = [1, 1] group = 1 : tensor<1x3x8x8xf32>, tensor<4x3x2x2xf32> -> tensor<1x4x4x4xf32>
  func.return
}

// -----

func.func @conv_pads(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x2x2xf32>) {
  // expected-error@+1 {{'pads' is [0, 0], expected 4 numbers of at least 0}}
  %z = onnx.Conv %x, %w kernel_shape = [2, 2] strides = [2, 2] pads = [0, 0] dilations = [1, 1] group = 1 : tensor<1x3x8x8xf32>, tensor<4x3x2x2xf32> -> tensor<1x4x4x4xf32>
  func.return
}

// -----

func.func @conv_result(%x: tensor<1x3x8x9xf32>, %w: tensor<4x3x2x2xf32>) {
  // expected-error@+1 {{'result' has shape (1, 4, 4, 4), expected (1, 4, 4, 5)}}
  %z = onnx.Conv %x, %w kernel_shape = [2, 2] strides = [2, 2] pads = [0, 0, 0, 1] dilations = [1, 1] group = 1 : tensor<1x3x8x9xf32>, tensor<4x3x2x2xf32> -> tensor<1x4x4x4xf32>
  func.return
}

// -----

func.func @matmul_elements(%x: tensor<4x6xf32>, %w: tensor<6x2xf16>) {
  // expected-error@+1 {{'right' has elements f16, accepted is f32}}
  %z = onnx.MatMul %x, %w : tensor<4x6xf32>, tensor<6x2xf16> -> tensor<4x2xf32>
  func.return
}

// -----

func.func @gemm_elements(%x: tensor<4x6xf32>, %w: tensor<6x2xf32>, %b: tensor<2xi32>) {
  // expected-error@+1 {{'bias' has elements i32, accepted is f32}}
  %z = onnx.Gemm %x, %w, %b : tensor<4x6xf32>, tensor<6x2xf32>, tensor<2xi32> -> tensor<4x2xf32>
  func.return
}

// -----

func.func @conv_elements(%x: tensor<1x3x8xui8>, %w: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'input' has elements ui8, accepted is f32}}
  %z = onnx.Conv %x, %w kernel_shape = [4] strides = [1] pads = [0, 0] dilations = [1] group = 1 : tensor<1x3x8xui8>, tensor<2x3x4xf32> -> tensor<1x2x5xf32>
  func.return
}
