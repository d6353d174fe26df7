// RUN: vaqf-opt %s -p raise-onnx-to-vit | filecheck %s

// Query, key and value of a head stand side by side: channels are heads x 3 x channels of a head.
func.func @by_head(%x: tensor<1x5x16xf32>) -> tensor<1x5x16xf32> {
  %joined = onnx.constant dense<[1, 5, 16]> : tensor<3xi64>
  %split = onnx.constant dense<[1, 5, 2, 3, 8]> : tensor<5xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %one = onnx.constant dense<1> : tensor<i64>
  %weight = onnx.initializer @qkv.weight : tensor<16x48xf32>
  %bias = onnx.initializer @qkv.bias : tensor<48xf32>
  %product = onnx.MatMul %x, %weight : tensor<1x5x16xf32>, tensor<16x48xf32> -> tensor<1x5x48xf32> loc("/qkv/MatMul")
  %qkv = onnx.Add %product, %bias : tensor<1x5x48xf32>, tensor<48xf32> -> tensor<1x5x48xf32>
  %deep = onnx.Reshape %qkv, %split : tensor<1x5x48xf32>, tensor<5xi64> -> tensor<1x5x2x3x8xf32>
  %turned = onnx.Transpose %deep perm = [3, 0, 2, 1, 4] : tensor<1x5x2x3x8xf32> -> tensor<3x1x2x5x8xf32>
  %q = onnx.Gather %turned, %zero axis = 0 : tensor<3x1x2x5x8xf32>, tensor<i64> -> tensor<1x2x5x8xf32>
  %k = onnx.Gather %turned, %one axis = 0 : tensor<3x1x2x5x8xf32>, tensor<i64> -> tensor<1x2x5x8xf32>
  %kt = onnx.Transpose %k perm = [0, 1, 3, 2] : tensor<1x2x5x8xf32> -> tensor<1x2x8x5xf32>
  %scores = onnx.MatMul %q, %kt : tensor<1x2x5x8xf32>, tensor<1x2x8x5xf32> -> tensor<1x2x5x5xf32> loc("/MatMul")
  %probabilities = onnx.Softmax %scores axis = -1 : tensor<1x2x5x5xf32> -> tensor<1x2x5x5xf32> loc("/Softmax")
  %mixed = onnx.MatMul %probabilities, %q : tensor<1x2x5x5xf32>, tensor<1x2x5x8xf32> -> tensor<1x2x5x8xf32> loc("/MatMul_1")
  %back = onnx.Transpose %mixed perm = [0, 2, 1, 3] : tensor<1x2x5x8xf32> -> tensor<1x5x2x8xf32>
  %y = onnx.Reshape %back, %joined : tensor<1x5x2x8xf32>, tensor<3xi64> -> tensor<1x5x16xf32>
  func.return %y : tensor<1x5x16xf32>
}
// CHECK:       func.func @by_head(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x16xf32> -> tensor<5x16xf32>
// CHECK-NEXT:    %qkv_weight_stored = vit.parameter @qkv.weight :
// CHECK-NEXT:    %qkv_weight = vit.transpose %qkv_weight_stored by [1, 0] : tensor<16x48xf32> -> tensor<48x16xf32>
// CHECK-NEXT:    %qkv_query_weight = vit.reshape %qkv_weight : tensor<48x16xf32> -> tensor<2x3x8x16xf32>
// CHECK-NEXT:    %qkv_query_weight_1 = vit.transpose %qkv_query_weight by [1, 0, 2, 3] : tensor<2x3x8x16xf32> -> tensor<3x2x8x16xf32>
// CHECK-NEXT:    %qkv_query_weight_2 = vit.reshape %qkv_query_weight_1 : tensor<3x2x8x16xf32> -> tensor<48x16xf32>
// CHECK-NEXT:    %qkv_query_weight_3 = vit.slice %qkv_query_weight_2 from 0 : tensor<48x16xf32> -> tensor<16x16xf32>
// CHECK-NEXT:    %qkv_bias = vit.parameter @qkv.bias :
// CHECK-NEXT:    %qkv_query_bias = vit.reshape %qkv_bias : tensor<48xf32> -> tensor<2x3x8xf32>
// CHECK-NEXT:    %qkv_query_bias_1 = vit.transpose %qkv_query_bias by [1, 0, 2] : tensor<2x3x8xf32> -> tensor<3x2x8xf32>
// CHECK-NEXT:    %qkv_query_bias_2 = vit.reshape %qkv_query_bias_1 : tensor<3x2x8xf32> -> tensor<48xf32>
// CHECK-NEXT:    %qkv_query_bias_3 = vit.slice %qkv_query_bias_2 from 0 : tensor<48xf32> -> tensor<16xf32>
// CHECK-NEXT:    %qkv_query = vit.linear %tokens, %qkv_query_weight_3, %qkv_query_bias_3 :
// CHECK-NEXT:    %qkv_key_weight = vit.reshape %qkv_weight : tensor<48x16xf32> -> tensor<2x3x8x16xf32>
// CHECK-NEXT:    %qkv_key_weight_1 = vit.transpose %qkv_key_weight by [1, 0, 2, 3] : tensor<2x3x8x16xf32> -> tensor<3x2x8x16xf32>
// CHECK-NEXT:    %qkv_key_weight_2 = vit.reshape %qkv_key_weight_1 : tensor<3x2x8x16xf32> -> tensor<48x16xf32>
// CHECK-NEXT:    %qkv_key_weight_3 = vit.slice %qkv_key_weight_2 from 16 : tensor<48x16xf32> -> tensor<16x16xf32>
// CHECK-NEXT:    %qkv_key_bias = vit.reshape %qkv_bias : tensor<48xf32> -> tensor<2x3x8xf32>
// CHECK-NEXT:    %qkv_key_bias_1 = vit.transpose %qkv_key_bias by [1, 0, 2] : tensor<2x3x8xf32> -> tensor<3x2x8xf32>
// CHECK-NEXT:    %qkv_key_bias_2 = vit.reshape %qkv_key_bias_1 : tensor<3x2x8xf32> -> tensor<48xf32>
// CHECK-NEXT:    %qkv_key_bias_3 = vit.slice %qkv_key_bias_2 from 16 : tensor<48xf32> -> tensor<16xf32>
// CHECK-NEXT:    %qkv_key = vit.linear %tokens, %qkv_key_weight_3, %qkv_key_bias_3 :
// CHECK-NEXT:    %scores = vit.attention_scores %qkv_query, %qkv_key {heads = 2 : i64, scale = 1.000000e+00 : f64} :
// CHECK-NEXT:    %probabilities = vit.softmax %scores :
// CHECK-NEXT:    %values = vit.attention_values %probabilities, %qkv_query :
// CHECK-NEXT:    %values_1 = vit.reshape %values : tensor<5x16xf32> -> tensor<1x5x16xf32>
// CHECK-NEXT:    func.return %values_1

// Query, key and value take turns: channels are heads x channels of a head x 3.
func.func @in_turns(%x: tensor<1x5x16xf32>) -> tensor<1x5x16xf32> {
  %joined = onnx.constant dense<[1, 5, 16]> : tensor<3xi64>
  %split = onnx.constant dense<[1, 5, 2, 8, 3]> : tensor<5xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %two = onnx.constant dense<2> : tensor<i64>
  %weight = onnx.initializer @qkv.weight : tensor<48x16xf32>
  %flat = onnx.constant dense<[5, 16]> : tensor<2xi64>
  %rows = onnx.Reshape %x, %flat : tensor<1x5x16xf32>, tensor<2xi64> -> tensor<5x16xf32>
  %qkv = onnx.Gemm %rows, %weight {transB = 1 : i64} : tensor<5x16xf32>, tensor<48x16xf32> -> tensor<5x48xf32> loc("/qkv/Gemm")
  %deep = onnx.Reshape %qkv, %split : tensor<5x48xf32>, tensor<5xi64> -> tensor<1x5x2x8x3xf32>
  %turned = onnx.Transpose %deep perm = [4, 0, 2, 1, 3] : tensor<1x5x2x8x3xf32> -> tensor<3x1x2x5x8xf32>
  %q = onnx.Gather %turned, %zero axis = 0 : tensor<3x1x2x5x8xf32>, tensor<i64> -> tensor<1x2x5x8xf32>
  %k = onnx.Gather %turned, %two axis = 0 : tensor<3x1x2x5x8xf32>, tensor<i64> -> tensor<1x2x5x8xf32>
  %kt = onnx.Transpose %k perm = [0, 1, 3, 2] : tensor<1x2x5x8xf32> -> tensor<1x2x8x5xf32>
  %scores = onnx.MatMul %q, %kt : tensor<1x2x5x8xf32>, tensor<1x2x8x5xf32> -> tensor<1x2x5x5xf32> loc("/MatMul")
  %probabilities = onnx.Softmax %scores axis = -1 : tensor<1x2x5x5xf32> -> tensor<1x2x5x5xf32> loc("/Softmax")
  %mixed = onnx.MatMul %probabilities, %q : tensor<1x2x5x5xf32>, tensor<1x2x5x8xf32> -> tensor<1x2x5x8xf32> loc("/MatMul_1")
  %back = onnx.Transpose %mixed perm = [0, 2, 1, 3] : tensor<1x2x5x8xf32> -> tensor<1x5x2x8xf32>
  %y = onnx.Reshape %back, %joined : tensor<1x5x2x8xf32>, tensor<3xi64> -> tensor<1x5x16xf32>
  func.return %y : tensor<1x5x16xf32>
}
// CHECK:       func.func @in_turns(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x16xf32> -> tensor<5x16xf32>
// CHECK-NEXT:    %qkv_weight = vit.parameter @qkv.weight :
// CHECK-NEXT:    %qkv_query_weight = vit.reshape %qkv_weight : tensor<48x16xf32> -> tensor<16x3x16xf32>
// CHECK-NEXT:    %qkv_query_weight_1 = vit.transpose %qkv_query_weight by [1, 0, 2] : tensor<16x3x16xf32> -> tensor<3x16x16xf32>
// CHECK-NEXT:    %qkv_query_weight_2 = vit.reshape %qkv_query_weight_1 : tensor<3x16x16xf32> -> tensor<48x16xf32>
// CHECK-NEXT:    %qkv_query_weight_3 = vit.slice %qkv_query_weight_2 from 0 : tensor<48x16xf32> -> tensor<16x16xf32>
// CHECK-NEXT:    %qkv_query = vit.linear %tokens, %qkv_query_weight_3 :
// CHECK-NEXT:    %qkv_key_weight = vit.reshape %qkv_weight : tensor<48x16xf32> -> tensor<16x3x16xf32>
// CHECK-NEXT:    %qkv_key_weight_1 = vit.transpose %qkv_key_weight by [1, 0, 2] : tensor<16x3x16xf32> -> tensor<3x16x16xf32>
// CHECK-NEXT:    %qkv_key_weight_2 = vit.reshape %qkv_key_weight_1 : tensor<3x16x16xf32> -> tensor<48x16xf32>
// CHECK-NEXT:    %qkv_key_weight_3 = vit.slice %qkv_key_weight_2 from 32 : tensor<48x16xf32> -> tensor<16x16xf32>
// CHECK-NEXT:    %qkv_key = vit.linear %tokens, %qkv_key_weight_3 :
// CHECK-NEXT:    %scores = vit.attention_scores %qkv_query, %qkv_key {heads = 2 : i64, scale = 1.000000e+00 : f64} :
// CHECK-NEXT:    %probabilities = vit.softmax %scores :
// CHECK-NEXT:    %values = vit.attention_values %probabilities, %qkv_query :
// CHECK-NEXT:    %values_1 = vit.reshape %values : tensor<5x16xf32> -> tensor<1x5x16xf32>
// CHECK-NEXT:    func.return %values_1
