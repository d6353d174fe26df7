// RUN: vaqf-opt %s -p raise-onnx-to-vit | filecheck %s
// RUN: vaqf-opt %s -p raise-onnx-to-vit --print-debuginfo | filecheck %s --check-prefix LOCATION

// One layer computes queries, keys and values. It becomes three, next to each other; both factors of
// 8^-1/4 become one scale, exactly that of the 2 heads of 8 channels.
func.func @fused(%x: tensor<1x5x16xf32>) -> tensor<1x5x16xf32> {
  %split = onnx.constant dense<[1, 5, 3, 2, 8]> : tensor<5xi64>
  %join = onnx.constant dense<[1, 5, 16]> : tensor<3xi64>
  %ones = onnx.constant dense<1> : tensor<3xi64>
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %root = onnx.constant dense<0.594603539> : tensor<f32>
  %weight = onnx.initializer @"onnx::MatMul_1" : tensor<16x48xf32>
  %bias = onnx.initializer @attn.qkv.bias : tensor<48xf32>
  %product = onnx.MatMul %x, %weight : tensor<1x5x16xf32>, tensor<16x48xf32> -> tensor<1x5x48xf32> loc("/attn/qkv/MatMul")
  %qkv = onnx.Add %product, %bias : tensor<1x5x48xf32>, tensor<48xf32> -> tensor<1x5x48xf32> loc("/attn/qkv/Add")
  %deep = onnx.Reshape %qkv, %split : tensor<1x5x48xf32>, tensor<5xi64> -> tensor<1x5x3x2x8xf32>
  %turned = onnx.Transpose %deep perm = [2, 0, 3, 1, 4] : tensor<1x5x3x2x8xf32> -> tensor<3x1x2x5x8xf32>
  %q0, %k0, %v0 = onnx.Split %turned, %ones axis = 0 : tensor<3x1x2x5x8xf32>, tensor<3xi64> -> tensor<1x1x2x5x8xf32>, tensor<1x1x2x5x8xf32>, tensor<1x1x2x5x8xf32>
  %q1 = onnx.Squeeze %q0, %zero : tensor<1x1x2x5x8xf32>, tensor<1xi64> -> tensor<1x2x5x8xf32>
  %k1 = onnx.Squeeze %k0, %zero : tensor<1x1x2x5x8xf32>, tensor<1xi64> -> tensor<1x2x5x8xf32>
  %v = onnx.Squeeze %v0, %zero : tensor<1x1x2x5x8xf32>, tensor<1xi64> -> tensor<1x2x5x8xf32>
  %k2 = onnx.Transpose %k1 perm = [0, 1, 3, 2] : tensor<1x2x5x8xf32> -> tensor<1x2x8x5xf32>
  %q = onnx.Mul %q1, %root : tensor<1x2x5x8xf32>, tensor<f32> -> tensor<1x2x5x8xf32>
  %k = onnx.Mul %k2, %root : tensor<1x2x8x5xf32>, tensor<f32> -> tensor<1x2x8x5xf32>
  %scores = onnx.MatMul %q, %k : tensor<1x2x5x8xf32>, tensor<1x2x8x5xf32> -> tensor<1x2x5x5xf32> loc("/attn/MatMul")
  %probabilities = onnx.Softmax %scores axis = -1 : tensor<1x2x5x5xf32> -> tensor<1x2x5x5xf32> loc("/attn/Softmax")
  %mixed = onnx.MatMul %probabilities, %v : tensor<1x2x5x5xf32>, tensor<1x2x5x8xf32> -> tensor<1x2x5x8xf32> loc("/attn/MatMul_1")
  %back = onnx.Transpose %mixed perm = [0, 2, 1, 3] : tensor<1x2x5x8xf32> -> tensor<1x5x2x8xf32>
  %y = onnx.Reshape %back, %join : tensor<1x5x2x8xf32>, tensor<3xi64> -> tensor<1x5x16xf32>
  func.return %y : tensor<1x5x16xf32>
}
// CHECK:       func.func @fused
// CHECK-NEXT:    %tokens = vit.reshape
// CHECK-NEXT:    %attn_qkv_weight_stored = vit.parameter @"onnx::MatMul_1" : tensor<16x48xf32>
// CHECK-NEXT:    %attn_qkv_weight = vit.transpose %attn_qkv_weight_stored by [1, 0] : tensor<16x48xf32> -> tensor<48x16xf32>
// CHECK-NEXT:    %attn_qkv_query_weight = vit.slice %attn_qkv_weight from 0 : tensor<48x16xf32> -> tensor<16x16xf32>
// CHECK-NEXT:    %attn_qkv_bias = vit.parameter @attn.qkv.bias : tensor<48xf32>
// CHECK-NEXT:    %attn_qkv_query_bias = vit.slice %attn_qkv_bias from 0 : tensor<48xf32> -> tensor<16xf32>
// CHECK-NEXT:    %attn_qkv_query = vit.linear %tokens, %attn_qkv_query_weight, %attn_qkv_query_bias :
// CHECK-NEXT:    %attn_qkv_key_weight = vit.slice %attn_qkv_weight from 16 :
// CHECK-NEXT:    %attn_qkv_key_bias = vit.slice %attn_qkv_bias from 16 :
// CHECK-NEXT:    %attn_qkv_key = vit.linear %tokens, %attn_qkv_key_weight, %attn_qkv_key_bias :
// CHECK-NEXT:    %attn_qkv_value_weight = vit.slice %attn_qkv_weight from 32 :
// CHECK-NEXT:    %attn_qkv_value_bias = vit.slice %attn_qkv_bias from 32 :
// CHECK-NEXT:    %attn_qkv_value = vit.linear %tokens, %attn_qkv_value_weight, %attn_qkv_value_bias :
// CHECK-NEXT:    %attn_scores = vit.attention_scores %attn_qkv_query, %attn_qkv_key {heads = 2 : i64, scale = 0.35355339059327373 : f64} :
// CHECK-NEXT:    %attn_probabilities = vit.softmax %attn_scores :
// CHECK-NEXT:    %attn_values = vit.attention_values %attn_probabilities, %attn_qkv_value :
// CHECK-NEXT:    vit.reshape %attn_values : tensor<5x16xf32> -> tensor<1x5x16xf32>
// LOCATION:      vit.slice {{.*}} loc("/attn/qkv/MatMul")
// LOCATION:      vit.linear {{.*}} loc("/attn/qkv/MatMul")
// LOCATION:      vit.attention_scores {{.*}} loc("/attn/MatMul")
// LOCATION-NEXT: vit.softmax {{.*}} loc("/attn/Softmax")
// LOCATION-NEXT: vit.attention_values {{.*}} loc("/attn/MatMul_1")

// Three layers, pieces by slicing, keys turned over in one transposition, and a factor on the scores.
func.func @separate(%x: tensor<1x5x16xf32>) -> tensor<1x5x16xf32> {
  %split = onnx.constant dense<[1, 5, 2, 8]> : tensor<4xi64>
  %join = onnx.constant dense<[1, 5, 16]> : tensor<3xi64>
  %factor = onnx.constant dense<0.25> : tensor<f32>
  %query_weight = onnx.initializer @query : tensor<16x16xf32>
  %key_weight = onnx.initializer @key : tensor<16x16xf32>
  %value_weight = onnx.initializer @value : tensor<16x16xf32>
  %q0 = onnx.MatMul %x, %query_weight : tensor<1x5x16xf32>, tensor<16x16xf32> -> tensor<1x5x16xf32>
  %k0 = onnx.MatMul %x, %key_weight : tensor<1x5x16xf32>, tensor<16x16xf32> -> tensor<1x5x16xf32>
  %v0 = onnx.MatMul %x, %value_weight : tensor<1x5x16xf32>, tensor<16x16xf32> -> tensor<1x5x16xf32>
  %q1 = onnx.Reshape %q0, %split : tensor<1x5x16xf32>, tensor<4xi64> -> tensor<1x5x2x8xf32>
  %k1 = onnx.Reshape %k0, %split : tensor<1x5x16xf32>, tensor<4xi64> -> tensor<1x5x2x8xf32>
  %v1 = onnx.Reshape %v0, %split : tensor<1x5x16xf32>, tensor<4xi64> -> tensor<1x5x2x8xf32>
  %q = onnx.Transpose %q1 perm = [0, 2, 1, 3] : tensor<1x5x2x8xf32> -> tensor<1x2x5x8xf32>
  %k = onnx.Transpose %k1 perm = [0, 2, 3, 1] : tensor<1x5x2x8xf32> -> tensor<1x2x8x5xf32>
  %v = onnx.Transpose %v1 perm = [0, 2, 1, 3] : tensor<1x5x2x8xf32> -> tensor<1x2x5x8xf32>
  %products = onnx.MatMul %q, %k : tensor<1x2x5x8xf32>, tensor<1x2x8x5xf32> -> tensor<1x2x5x5xf32>
  %scores = onnx.Mul %products, %factor : tensor<1x2x5x5xf32>, tensor<f32> -> tensor<1x2x5x5xf32>
  %probabilities = onnx.Softmax %scores axis = 3 : tensor<1x2x5x5xf32> -> tensor<1x2x5x5xf32>
  %mixed = onnx.MatMul %probabilities, %v : tensor<1x2x5x5xf32>, tensor<1x2x5x8xf32> -> tensor<1x2x5x8xf32>
  %back = onnx.Transpose %mixed perm = [0, 2, 1, 3] : tensor<1x2x5x8xf32> -> tensor<1x5x2x8xf32>
  %y = onnx.Reshape %back, %join : tensor<1x5x2x8xf32>, tensor<3xi64> -> tensor<1x5x16xf32>
  func.return %y : tensor<1x5x16xf32>
}
// CHECK:       func.func @separate
// CHECK:         %q0 = vit.linear %tokens, %query :
// CHECK:         %k0 = vit.linear %tokens, %key :
// CHECK:         %v0 = vit.linear %tokens, %value :
// CHECK-NEXT:    %products = vit.attention_scores %q0, %k0 {heads = 2 : i64, scale = 2.500000e-01 : f64} :
// CHECK-NEXT:    %probabilities = vit.softmax %products :
// CHECK-NEXT:    %mixed = vit.attention_values %probabilities, %v0 :

// Heads in front of the batch, and queries that are scaled before they are split into heads.
func.func @sequence_first(%q: tensor<1x5x16xf32>, %k: tensor<1x5x16xf32>, %v: tensor<1x5x16xf32>) -> tensor<1x5x16xf32> {
  %to_heads = onnx.constant dense<[5, 2, 8]> : tensor<3xi64>
  %from_heads = onnx.constant dense<[5, 1, 16]> : tensor<3xi64>
  %factor = onnx.constant dense<0.353553385> : tensor<f32>
  %q0 = onnx.Mul %q, %factor : tensor<1x5x16xf32>, tensor<f32> -> tensor<1x5x16xf32>
  %q1 = onnx.Transpose %q0 perm = [1, 0, 2] : tensor<1x5x16xf32> -> tensor<5x1x16xf32>
  %k1 = onnx.Transpose %k perm = [1, 0, 2] : tensor<1x5x16xf32> -> tensor<5x1x16xf32>
  %v1 = onnx.Transpose %v perm = [1, 0, 2] : tensor<1x5x16xf32> -> tensor<5x1x16xf32>
  %q2 = onnx.Reshape %q1, %to_heads : tensor<5x1x16xf32>, tensor<3xi64> -> tensor<5x2x8xf32>
  %k2 = onnx.Reshape %k1, %to_heads : tensor<5x1x16xf32>, tensor<3xi64> -> tensor<5x2x8xf32>
  %v2 = onnx.Reshape %v1, %to_heads : tensor<5x1x16xf32>, tensor<3xi64> -> tensor<5x2x8xf32>
  %q3 = onnx.Transpose %q2 perm = [1, 0, 2] : tensor<5x2x8xf32> -> tensor<2x5x8xf32>
  %k3 = onnx.Transpose %k2 perm = [1, 2, 0] : tensor<5x2x8xf32> -> tensor<2x8x5xf32>
  %v3 = onnx.Transpose %v2 perm = [1, 0, 2] : tensor<5x2x8xf32> -> tensor<2x5x8xf32>
  %scores = onnx.MatMul %q3, %k3 : tensor<2x5x8xf32>, tensor<2x8x5xf32> -> tensor<2x5x5xf32>
  %probabilities = onnx.Softmax %scores axis = -1 : tensor<2x5x5xf32> -> tensor<2x5x5xf32>
  %mixed = onnx.MatMul %probabilities, %v3 : tensor<2x5x5xf32>, tensor<2x5x8xf32> -> tensor<2x5x8xf32>
  %back = onnx.Transpose %mixed perm = [1, 0, 2] : tensor<2x5x8xf32> -> tensor<5x2x8xf32>
  %deep = onnx.Reshape %back, %from_heads : tensor<5x2x8xf32>, tensor<3xi64> -> tensor<5x1x16xf32>
  %y = onnx.Transpose %deep perm = [1, 0, 2] : tensor<5x1x16xf32> -> tensor<1x5x16xf32>
  func.return %y : tensor<1x5x16xf32>
}
// CHECK:       func.func @sequence_first
// CHECK:         %scores = vit.attention_scores %tokens, %tokens_1 {heads = 2 : i64, scale = 0.35355339059327373 : f64} :
// CHECK-NEXT:    %probabilities = vit.softmax %scores :
// CHECK-NEXT:    %tokens_2 = vit.reshape %v :
// CHECK-NEXT:    %mixed = vit.attention_values %probabilities, %tokens_2 :
// CHECK-NEXT:    vit.reshape %mixed : tensor<5x16xf32> -> tensor<1x5x16xf32>
