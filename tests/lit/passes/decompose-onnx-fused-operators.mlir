// RUN: vaqf-opt %s -p decompose-onnx-fused-operators | filecheck %s
// RUN: vaqf-opt %s -p decompose-onnx-fused-operators --print-debuginfo | filecheck %s --check-prefix LOCATION

func.func @bias_gelu(%x: tensor<1x5x8xf32>) -> tensor<1x5x8xf32> {
  %bias = onnx.initializer @"fc1.bias" : tensor<8xf32>
  %y = onnx.microsoft.BiasGelu %x, %bias : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32> loc("/fc1/BiasGelu")
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @bias_gelu(
// CHECK-NEXT:    %bias = onnx.initializer @fc1.bias : tensor<8xf32>
// CHECK-NEXT:    %y_sum = onnx.Add %x, %bias : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %y = onnx.Gelu %y_sum approximate = "none" : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %y : tensor<1x5x8xf32>
// LOCATION:      onnx.Add {{.*}} loc("/fc1/BiasGelu")
// LOCATION-NEXT: onnx.Gelu {{.*}} loc("/fc1/BiasGelu")

func.func @fused_matmul(%q: tensor<1x3x5x8xf32>, %k: tensor<1x3x7x8xf32>) -> (tensor<1x3x5x7xf32>, tensor<1x3x8x8xf32>) {
  %scores = onnx.microsoft.FusedMatMul %q, %k {alpha = 0.125 : f32, transB = 1 : i64} : tensor<1x3x5x8xf32>, tensor<1x3x7x8xf32> -> tensor<1x3x5x7xf32>
  %square = onnx.microsoft.FusedMatMul %q, %q {transA = 1 : i64} : tensor<1x3x5x8xf32>, tensor<1x3x5x8xf32> -> tensor<1x3x8x8xf32>
  func.return %scores, %square : tensor<1x3x5x7xf32>, tensor<1x3x8x8xf32>
}
// CHECK:       func.func @fused_matmul(
// CHECK-NEXT:    %k_transposed = onnx.Transpose %k perm = [0, 1, 3, 2] : tensor<1x3x7x8xf32> -> tensor<1x3x8x7xf32>
// CHECK-NEXT:    %scores_product = onnx.MatMul %q, %k_transposed : tensor<1x3x5x8xf32>, tensor<1x3x8x7xf32> -> tensor<1x3x5x7xf32>
// CHECK-NEXT:    %scores_factor = onnx.constant dense<1.250000e-01> : tensor<f32>
// CHECK-NEXT:    %scores = onnx.Mul %scores_product, %scores_factor : tensor<1x3x5x7xf32>, tensor<f32> -> tensor<1x3x5x7xf32>
// CHECK-NEXT:    %q_transposed = onnx.Transpose %q perm = [0, 1, 3, 2] : tensor<1x3x5x8xf32> -> tensor<1x3x8x5xf32>
// CHECK-NEXT:    %square = onnx.MatMul %q_transposed, %q : tensor<1x3x8x5xf32>, tensor<1x3x5x8xf32> -> tensor<1x3x8x8xf32>
// CHECK-NEXT:    func.return %scores, %square : tensor<1x3x5x7xf32>, tensor<1x3x8x8xf32>

func.func @skip_layer_normalization(%x: tensor<1x5x8xf32>, %skip: tensor<1x5x8xf32>) -> (tensor<1x5x8xf32>, tensor<1x5x8xf32>) {
  %gamma = onnx.initializer @gamma : tensor<8xf32>
  %y = onnx.microsoft.SkipLayerNormalization %x, %skip scale %gamma epsilon = 1.0e-06 : tensor<1x5x8xf32>, tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
  %normed, %sum = onnx.microsoft.SkipLayerNormalization %x, %skip scale %gamma shift %gamma : tensor<8xf32> epsilon = 1.0e-06 : tensor<1x5x8xf32>, tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>, tensor<1x5x8xf32>
  %z = onnx.Add %normed, %sum : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  func.return %y, %z : tensor<1x5x8xf32>, tensor<1x5x8xf32>
}
// CHECK:       func.func @skip_layer_normalization(
// CHECK-NEXT:    %gamma = onnx.initializer @gamma : tensor<8xf32>
// CHECK-NEXT:    %y_sum = onnx.Add %x, %skip : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %y = onnx.LayerNormalization %y_sum, %gamma axis = -1 epsilon = 1.000000e-06 : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %sum = onnx.Add %x, %skip : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %normed = onnx.LayerNormalization %sum, %gamma, %gamma axis = -1 epsilon = 1.000000e-06 : tensor<1x5x8xf32>, tensor<8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %z = onnx.Add %normed, %sum : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %y, %z : tensor<1x5x8xf32>, tensor<1x5x8xf32>

// The bias is added to the product of matrices, in whichever order the two come.
func.func @skip_layer_normalization_with_bias(%x: tensor<1x5x8xf32>) -> (tensor<1x5x8xf32>, tensor<1x5x8xf32>) {
  %w = onnx.initializer @w : tensor<8x8xf32>
  %gamma = onnx.initializer @gamma : tensor<8xf32>
  %bias = onnx.initializer @bias : tensor<8xf32>
  %fc = onnx.MatMul %x, %w : tensor<1x5x8xf32>, tensor<8x8xf32> -> tensor<1x5x8xf32>
  %y = onnx.microsoft.SkipLayerNormalization %fc, %x scale %gamma shift %gamma : tensor<8xf32> bias %bias : tensor<8xf32> epsilon = 1.0e-06 : tensor<1x5x8xf32>, tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
  %z, %sum = onnx.microsoft.SkipLayerNormalization %x, %fc scale %gamma shift %gamma : tensor<8xf32> bias %bias : tensor<8xf32> epsilon = 1.0e-06 : tensor<1x5x8xf32>, tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>, tensor<1x5x8xf32>
  func.return %y, %sum : tensor<1x5x8xf32>, tensor<1x5x8xf32>
}
// CHECK:       func.func @skip_layer_normalization_with_bias(
// CHECK-NEXT:    %w = onnx.initializer @w : tensor<8x8xf32>
// CHECK-NEXT:    %gamma = onnx.initializer @gamma : tensor<8xf32>
// CHECK-NEXT:    %bias = onnx.initializer @bias : tensor<8xf32>
// CHECK-NEXT:    %fc = onnx.MatMul %x, %w : tensor<1x5x8xf32>, tensor<8x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %y_biased = onnx.Add %fc, %bias : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %y_sum = onnx.Add %y_biased, %x : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %y = onnx.LayerNormalization %y_sum, %gamma, %gamma axis = -1 epsilon = 1.000000e-06 : tensor<1x5x8xf32>, tensor<8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %z_biased = onnx.Add %fc, %bias : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %sum = onnx.Add %z_biased, %x : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %y, %sum : tensor<1x5x8xf32>, tensor<1x5x8xf32>

func.func @attention(%q: tensor<1x3x5x4xf32>, %k: tensor<1x3x7x4xf32>, %v: tensor<1x3x7x6xf32>) -> tensor<1x3x5x6xf32> {
  %y = onnx.Attention %q, %k, %v : (tensor<1x3x5x4xf32>, tensor<1x3x7x4xf32>, tensor<1x3x7x6xf32>) -> tensor<1x3x5x6xf32>
  func.return %y : tensor<1x3x5x6xf32>
}
// CHECK:       func.func @attention(
// CHECK-NEXT:    %k_transposed = onnx.Transpose %k perm = [0, 1, 3, 2] : tensor<1x3x7x4xf32> -> tensor<1x3x4x7xf32>
// CHECK-NEXT:    %y_scores = onnx.MatMul %q, %k_transposed : tensor<1x3x5x4xf32>, tensor<1x3x4x7xf32> -> tensor<1x3x5x7xf32>
// CHECK-NEXT:    %y_scale = onnx.constant dense<5.000000e-01> : tensor<f32>
// CHECK-NEXT:    %y_scaled = onnx.Mul %y_scores, %y_scale : tensor<1x3x5x7xf32>, tensor<f32> -> tensor<1x3x5x7xf32>
// CHECK-NEXT:    %y_probabilities = onnx.Softmax %y_scaled axis = -1 : tensor<1x3x5x7xf32> -> tensor<1x3x5x7xf32>
// CHECK-NEXT:    %y = onnx.MatMul %y_probabilities, %v : tensor<1x3x5x7xf32>, tensor<1x3x7x6xf32> -> tensor<1x3x5x6xf32>
// CHECK-NEXT:    func.return %y : tensor<1x3x5x6xf32>

// Heads that are channels side by side, a scale, and a mask that hides nothing.
func.func @attention_of_channels(%q: tensor<1x5x12xf32>, %k: tensor<1x7x12xf32>, %v: tensor<1x7x18xf32>) -> tensor<1x5x18xf32> {
  %all = onnx.constant dense<true> : tensor<1x1x5x7xi1>
  %y = onnx.Attention %q, %k, %v mask %all {scale = 0.125 : f32, q_num_heads = 3 : i64, kv_num_heads = 3 : i64} : (tensor<1x5x12xf32>, tensor<1x7x12xf32>, tensor<1x7x18xf32>, tensor<1x1x5x7xi1>) -> tensor<1x5x18xf32>
  func.return %y : tensor<1x5x18xf32>
}
// CHECK:       func.func @attention_of_channels(
// CHECK-NEXT:    %q_shape = onnx.constant dense<[1, 5, 3, 4]> : tensor<4xi64>
// CHECK-NEXT:    %q_split = onnx.Reshape %q, %q_shape : tensor<1x5x12xf32>, tensor<4xi64> -> tensor<1x5x3x4xf32>
// CHECK-NEXT:    %q_heads = onnx.Transpose %q_split perm = [0, 2, 1, 3] : tensor<1x5x3x4xf32> -> tensor<1x3x5x4xf32>
// CHECK-NEXT:    %k_shape = onnx.constant dense<[1, 7, 3, 4]> : tensor<4xi64>
// CHECK-NEXT:    %k_split = onnx.Reshape %k, %k_shape : tensor<1x7x12xf32>, tensor<4xi64> -> tensor<1x7x3x4xf32>
// CHECK-NEXT:    %k_heads = onnx.Transpose %k_split perm = [0, 2, 1, 3] : tensor<1x7x3x4xf32> -> tensor<1x3x7x4xf32>
// CHECK-NEXT:    %v_shape = onnx.constant dense<[1, 7, 3, 6]> : tensor<4xi64>
// CHECK-NEXT:    %v_split = onnx.Reshape %v, %v_shape : tensor<1x7x18xf32>, tensor<4xi64> -> tensor<1x7x3x6xf32>
// CHECK-NEXT:    %v_heads = onnx.Transpose %v_split perm = [0, 2, 1, 3] : tensor<1x7x3x6xf32> -> tensor<1x3x7x6xf32>
// CHECK-NEXT:    %k_heads_transposed = onnx.Transpose %k_heads perm = [0, 1, 3, 2] : tensor<1x3x7x4xf32> -> tensor<1x3x4x7xf32>
// CHECK-NEXT:    %y_heads_scores = onnx.MatMul %q_heads, %k_heads_transposed : tensor<1x3x5x4xf32>, tensor<1x3x4x7xf32> -> tensor<1x3x5x7xf32>
// CHECK-NEXT:    %y_heads_scale = onnx.constant dense<1.250000e-01> : tensor<f32>
// CHECK-NEXT:    %y_heads_scaled = onnx.Mul %y_heads_scores, %y_heads_scale : tensor<1x3x5x7xf32>, tensor<f32> -> tensor<1x3x5x7xf32>
// CHECK-NEXT:    %y_heads_probabilities = onnx.Softmax %y_heads_scaled axis = -1 : tensor<1x3x5x7xf32> -> tensor<1x3x5x7xf32>
// CHECK-NEXT:    %y_heads = onnx.MatMul %y_heads_probabilities, %v_heads : tensor<1x3x5x7xf32>, tensor<1x3x7x6xf32> -> tensor<1x3x5x6xf32>
// CHECK-NEXT:    %y_transposed = onnx.Transpose %y_heads perm = [0, 2, 1, 3] : tensor<1x3x5x6xf32> -> tensor<1x5x3x6xf32>
// CHECK-NEXT:    %y_transposed_shape = onnx.constant dense<[1, 5, 18]> : tensor<3xi64>
// CHECK-NEXT:    %y = onnx.Reshape %y_transposed, %y_transposed_shape : tensor<1x5x3x6xf32>, tensor<3xi64> -> tensor<1x5x18xf32>
// CHECK-NEXT:    func.return %y : tensor<1x5x18xf32>

func.func @zero_mask(%x: tensor<1x3x5x4xf32>) -> tensor<1x3x5x4xf32> {
  %zeros = onnx.constant dense<0.0> : tensor<5x5xf32>
  %y = onnx.Attention %x, %x, %x mask %zeros : (tensor<1x3x5x4xf32>, tensor<1x3x5x4xf32>, tensor<1x3x5x4xf32>, tensor<5x5xf32>) -> tensor<1x3x5x4xf32>
  func.return %y : tensor<1x3x5x4xf32>
}
// CHECK:       func.func @zero_mask(
// CHECK-NEXT:    %x_transposed = onnx.Transpose %x perm = [0, 1, 3, 2] : tensor<1x3x5x4xf32> -> tensor<1x3x4x5xf32>
// CHECK-NEXT:    %y_scores = onnx.MatMul %x, %x_transposed : tensor<1x3x5x4xf32>, tensor<1x3x4x5xf32> -> tensor<1x3x5x5xf32>
// CHECK-NEXT:    %y_scale = onnx.constant dense<5.000000e-01> : tensor<f32>
// CHECK-NEXT:    %y_scaled = onnx.Mul %y_scores, %y_scale : tensor<1x3x5x5xf32>, tensor<f32> -> tensor<1x3x5x5xf32>
// CHECK-NEXT:    %y_probabilities = onnx.Softmax %y_scaled axis = -1 : tensor<1x3x5x5xf32> -> tensor<1x3x5x5xf32>
// CHECK-NEXT:    %y = onnx.MatMul %y_probabilities, %x : tensor<1x3x5x5xf32>, tensor<1x3x5x4xf32> -> tensor<1x3x5x4xf32>
// CHECK-NEXT:    func.return %y : tensor<1x3x5x4xf32>

// Masks that hide something: they are no part of a Vision Transformer, and seen by raise-onnx-to-vit.
func.func @masks(%x: tensor<1x3x2x4xf32>, %added: tensor<2x2xf32>) -> (tensor<1x3x2x4xf32>, tensor<1x3x2x4xf32>) {
  %shown = onnx.constant dense<[true, false]> : tensor<2xi1>
  %y = onnx.Attention %x, %x, %x mask %added : (tensor<1x3x2x4xf32>, tensor<1x3x2x4xf32>, tensor<1x3x2x4xf32>, tensor<2x2xf32>) -> tensor<1x3x2x4xf32>
  %z = onnx.Attention %x, %x, %x mask %shown : (tensor<1x3x2x4xf32>, tensor<1x3x2x4xf32>, tensor<1x3x2x4xf32>, tensor<2xi1>) -> tensor<1x3x2x4xf32>
  func.return %y, %z : tensor<1x3x2x4xf32>, tensor<1x3x2x4xf32>
}
// CHECK:       func.func @masks(
// CHECK-NEXT:    %shown = onnx.constant dense<[true, false]> : tensor<2xi1>
// CHECK-NEXT:    %x_transposed = onnx.Transpose %x perm = [0, 1, 3, 2] : tensor<1x3x2x4xf32> -> tensor<1x3x4x2xf32>
// CHECK-NEXT:    %y_scores = onnx.MatMul %x, %x_transposed : tensor<1x3x2x4xf32>, tensor<1x3x4x2xf32> -> tensor<1x3x2x2xf32>
// CHECK-NEXT:    %y_scale = onnx.constant dense<5.000000e-01> : tensor<f32>
// CHECK-NEXT:    %y_scaled = onnx.Mul %y_scores, %y_scale : tensor<1x3x2x2xf32>, tensor<f32> -> tensor<1x3x2x2xf32>
// CHECK-NEXT:    %y_masked = onnx.Add %y_scaled, %added : tensor<1x3x2x2xf32>, tensor<2x2xf32> -> tensor<1x3x2x2xf32>
// CHECK-NEXT:    %y_probabilities = onnx.Softmax %y_masked axis = -1 : tensor<1x3x2x2xf32> -> tensor<1x3x2x2xf32>
// CHECK-NEXT:    %y = onnx.MatMul %y_probabilities, %x : tensor<1x3x2x2xf32>, tensor<1x3x2x4xf32> -> tensor<1x3x2x4xf32>
// CHECK-NEXT:    %x_transposed_1 = onnx.Transpose %x perm = [0, 1, 3, 2] : tensor<1x3x2x4xf32> -> tensor<1x3x4x2xf32>
// CHECK-NEXT:    %z_scores = onnx.MatMul %x, %x_transposed_1 : tensor<1x3x2x4xf32>, tensor<1x3x4x2xf32> -> tensor<1x3x2x2xf32>
// CHECK-NEXT:    %z_scale = onnx.constant dense<5.000000e-01> : tensor<f32>
// CHECK-NEXT:    %z_scaled = onnx.Mul %z_scores, %z_scale : tensor<1x3x2x2xf32>, tensor<f32> -> tensor<1x3x2x2xf32>
// CHECK-NEXT:    %z_lowest = onnx.constant dense<0xff800000> : tensor<f32>
// CHECK-NEXT:    %z_masked = onnx.Where %shown, %z_scaled, %z_lowest : tensor<2xi1>, tensor<1x3x2x2xf32>, tensor<f32> -> tensor<1x3x2x2xf32>
// CHECK-NEXT:    %z_probabilities = onnx.Softmax %z_masked axis = -1 : tensor<1x3x2x2xf32> -> tensor<1x3x2x2xf32>
// CHECK-NEXT:    %z_nothing = onnx.constant dense<0.000000e+00> : tensor<f32>
// CHECK-NEXT:    %z_failed = onnx.IsNaN %z_probabilities : tensor<1x3x2x2xf32> -> tensor<1x3x2x2xi1>
// CHECK-NEXT:    %z_guarded = onnx.Where %z_failed, %z_nothing, %z_probabilities : tensor<1x3x2x2xi1>, tensor<f32>, tensor<1x3x2x2xf32> -> tensor<1x3x2x2xf32>
// CHECK-NEXT:    %z = onnx.MatMul %z_guarded, %x : tensor<1x3x2x2xf32>, tensor<1x3x2x4xf32> -> tensor<1x3x2x4xf32>
// CHECK-NEXT:    func.return %y, %z : tensor<1x3x2x4xf32>, tensor<1x3x2x4xf32>
