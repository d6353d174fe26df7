// RUN: vaqf-opt %s --verify-diagnostics --parsing-diagnostics --split-input-file | filecheck %s

// CHECK: 'bias' has shape (1,), expected (6,)
func.func @bias_gelu_bias(%x: tensor<4x6xf32>, %bias: tensor<1xf32>) {
  %y = onnx.microsoft.BiasGelu %x, %bias : tensor<4x6xf32>, tensor<1xf32> -> tensor<4x6xf32>
  func.return
}

// -----

// CHECK: 'result' has shape (6, 4), expected (4, 6)
func.func @bias_gelu_result(%x: tensor<4x6xf32>, %bias: tensor<6xf32>) {
  %y = onnx.microsoft.BiasGelu %x, %bias : tensor<4x6xf32>, tensor<6xf32> -> tensor<6x4xf32>
  func.return
}

// -----

// CHECK: 'transA' is 2, accepted values are 0 and 1
func.func @matmul_trans_a(%x: tensor<4x6xf32>, %w: tensor<6x5xf32>) {
  %y = onnx.microsoft.FusedMatMul %x, %w {transA = 2 : i64} : tensor<4x6xf32>, tensor<6x5xf32> -> tensor<4x5xf32>
  func.return
}

// -----

// CHECK: 'transB' is -1, accepted values are 0 and 1
func.func @matmul_trans_b(%x: tensor<4x6xf32>, %w: tensor<6x5xf32>) {
  %y = onnx.microsoft.FusedMatMul %x, %w {transB = -1 : i64} : tensor<4x6xf32>, tensor<6x5xf32> -> tensor<4x5xf32>
  func.return
}

// -----

// CHECK: 'right' has rank 1, expected at least 2
func.func @matmul_rank(%x: tensor<4x6xf32>, %w: tensor<6xf32>) {
  %y = onnx.microsoft.FusedMatMul %x, %w : tensor<4x6xf32>, tensor<6xf32> -> tensor<4xf32>
  func.return
}

// -----

// CHECK: 'right' has 5 rows, expected 6
func.func @matmul_rows(%x: tensor<4x6xf32>, %w: tensor<6x5xf32>) {
  %y = onnx.microsoft.FusedMatMul %x, %w {transB = 1 : i64} : tensor<4x6xf32>, tensor<6x5xf32> -> tensor<4x6xf32>
  func.return
}

// -----

// CHECK: 'result' has shape (4, 6), expected (4, 5)
func.func @matmul_result(%x: tensor<4x6xf32>, %w: tensor<6x5xf32>) {
  %y = onnx.microsoft.FusedMatMul %x, %w : tensor<4x6xf32>, tensor<6x5xf32> -> tensor<4x6xf32>
  func.return
}

// -----

// CHECK: 'skip' has shape (2, 4, 6), expected to fit (4, 6)
func.func @skip(%x: tensor<4x6xf32>, %s: tensor<2x4x6xf32>, %c: tensor<6xf32>) {
  %y = onnx.microsoft.SkipLayerNormalization %x, %s scale %c epsilon = 1.0e-06 : tensor<4x6xf32>, tensor<2x4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

// CHECK: 'gamma' has shape (4,), expected (6,)
func.func @gamma(%x: tensor<4x6xf32>, %c: tensor<4xf32>) {
  %y = onnx.microsoft.SkipLayerNormalization %x, %x scale %c epsilon = 1.0e-06 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<4xf32> -> tensor<4x6xf32>
  func.return
}

// -----

// CHECK: 'beta' has shape (4,), expected (6,)
func.func @beta(%x: tensor<4x6xf32>, %c: tensor<6xf32>, %d: tensor<4xf32>) {
  %y = onnx.microsoft.SkipLayerNormalization %x, %x scale %c shift %d : tensor<4xf32> epsilon = 1.0e-06 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

// CHECK: 'bias' has shape (4,), expected (6,)
func.func @bias(%x: tensor<4x6xf32>, %c: tensor<6xf32>, %d: tensor<4xf32>) {
  %y = onnx.microsoft.SkipLayerNormalization %x, %x scale %c bias %d : tensor<4xf32> epsilon = 1.0e-06 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

// CHECK: 'result' has shape (4, 5), expected (4, 6)
func.func @norm_result(%x: tensor<4x6xf32>, %c: tensor<6xf32>) {
  %y = onnx.microsoft.SkipLayerNormalization %x, %x scale %c epsilon = 1.0e-06 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<6xf32> -> tensor<4x5xf32>
  func.return
}

// -----

// CHECK: 'sum' has shape (4, 5), expected (4, 6)
func.func @sum(%x: tensor<4x6xf32>, %c: tensor<6xf32>) {
  %y, %z = onnx.microsoft.SkipLayerNormalization %x, %x scale %c epsilon = 1.0e-06 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>, tensor<4x5xf32>
  func.return
}

// -----

// CHECK: 'epsilon' is -1.0, it must not be negative
func.func @epsilon(%x: tensor<4x6xf32>, %c: tensor<6xf32>) {
  %y = onnx.microsoft.SkipLayerNormalization %x, %x scale %c epsilon = -1.0 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return
}
