// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @bias_gelu_bias(%x: tensor<4x6xf32>, %bias: tensor<1xf32>) {
  // expected-error@+1 {{'bias' has shape (1,), expected (6,)}}
  %y = onnx.microsoft.BiasGelu %x, %bias : tensor<4x6xf32>, tensor<1xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @bias_gelu_result(%x: tensor<4x6xf32>, %bias: tensor<6xf32>) {
  // expected-error@+1 {{'result' has shape (6, 4), expected (4, 6)}}
  %y = onnx.microsoft.BiasGelu %x, %bias : tensor<4x6xf32>, tensor<6xf32> -> tensor<6x4xf32>
  func.return
}

// -----

func.func @matmul_trans_a(%x: tensor<4x6xf32>, %w: tensor<6x5xf32>) {
  // expected-error@+1 {{'transA' is 2, accepted values are 0 and 1}}
  %y = onnx.microsoft.FusedMatMul %x, %w {transA = 2 : i64} : tensor<4x6xf32>, tensor<6x5xf32> -> tensor<4x5xf32>
  func.return
}

// -----

func.func @matmul_trans_b(%x: tensor<4x6xf32>, %w: tensor<6x5xf32>) {
  // expected-error@+1 {{'transB' is -1, accepted values are 0 and 1}}
  %y = onnx.microsoft.FusedMatMul %x, %w {transB = -1 : i64} : tensor<4x6xf32>, tensor<6x5xf32> -> tensor<4x5xf32>
  func.return
}

// -----

func.func @matmul_rank(%x: tensor<4x6xf32>, %w: tensor<6xf32>) {
  // expected-error@+1 {{'right' has rank 1, expected at least 2}}
  %y = onnx.microsoft.FusedMatMul %x, %w : tensor<4x6xf32>, tensor<6xf32> -> tensor<4xf32>
  func.return
}

// -----

func.func @matmul_rows(%x: tensor<4x6xf32>, %w: tensor<6x5xf32>) {
  // expected-error@+1 {{'right' has 5 rows, expected 6}}
  %y = onnx.microsoft.FusedMatMul %x, %w {transB = 1 : i64} : tensor<4x6xf32>, tensor<6x5xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @matmul_result(%x: tensor<4x6xf32>, %w: tensor<6x5xf32>) {
  // expected-error@+1 {{'result' has shape (4, 6), expected (4, 5)}}
  %y = onnx.microsoft.FusedMatMul %x, %w : tensor<4x6xf32>, tensor<6x5xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @skip(%x: tensor<4x6xf32>, %s: tensor<2x4x6xf32>, %c: tensor<6xf32>) {
  // expected-error@+1 {{'skip' has shape (2, 4, 6), expected to fit (4, 6)}}
  %y = onnx.microsoft.SkipLayerNormalization %x, %s scale %c epsilon = 1.0e-06 : tensor<4x6xf32>, tensor<2x4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @gamma(%x: tensor<4x6xf32>, %c: tensor<4xf32>) {
  // expected-error@+1 {{'gamma' has shape (4,), expected (6,)}}
  %y = onnx.microsoft.SkipLayerNormalization %x, %x scale %c epsilon = 1.0e-06 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<4xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @beta(%x: tensor<4x6xf32>, %c: tensor<6xf32>, %d: tensor<4xf32>) {
  // expected-error@+1 {{'beta' has shape (4,), expected (6,)}}
  %y = onnx.microsoft.SkipLayerNormalization %x, %x scale %c shift %d : tensor<4xf32> epsilon = 1.0e-06 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @bias(%x: tensor<4x6xf32>, %c: tensor<6xf32>, %d: tensor<4xf32>) {
  // expected-error@+1 {{'bias' has shape (4,), expected (6,)}}
  %y = onnx.microsoft.SkipLayerNormalization %x, %x scale %c bias %d : tensor<4xf32> epsilon = 1.0e-06 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @norm_result(%x: tensor<4x6xf32>, %c: tensor<6xf32>) {
  // expected-error@+1 {{'result' has shape (4, 5), expected (4, 6)}}
  %y = onnx.microsoft.SkipLayerNormalization %x, %x scale %c epsilon = 1.0e-06 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<6xf32> -> tensor<4x5xf32>
  func.return
}

// -----

func.func @sum(%x: tensor<4x6xf32>, %c: tensor<6xf32>) {
  // expected-error@+1 {{'sum' has shape (4, 5), expected (4, 6)}}
  %y, %z = onnx.microsoft.SkipLayerNormalization %x, %x scale %c epsilon = 1.0e-06 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>, tensor<4x5xf32>
  func.return
}

// -----

func.func @epsilon(%x: tensor<4x6xf32>, %c: tensor<6xf32>) {
  // expected-error@+1 {{'epsilon' is -1.0, it must not be negative}}
  %y = onnx.microsoft.SkipLayerNormalization %x, %x scale %c epsilon = -1.0 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return
}
