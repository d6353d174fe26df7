// RUN: vaqf-opt %s -p raise-onnx-to-vit | filecheck %s
// RUN: vaqf-opt %s -p raise-onnx-to-vit --print-debuginfo | filecheck %s --check-prefix LOCATION

// The mean of two heads, of which the second stands first in the sum. Its half is a scale of its own.
func.func @two_heads(%x: tensor<1x5x4xf32>) -> tensor<1x3xf32> {
  %zero = onnx.constant dense<0> : tensor<i64>
  %one = onnx.constant dense<1> : tensor<i64>
  %half = onnx.constant dense<0.5> : tensor<f32>
  %class_weight = onnx.initializer @head.weight : tensor<3x4xf32>
  %distilled_weight = onnx.initializer @head_dist.weight : tensor<3x4xf32>
  %distilled = onnx.Gather %x, %one axis = 1 : tensor<1x5x4xf32>, tensor<i64> -> tensor<1x4xf32>
  %second = onnx.Gemm %distilled, %distilled_weight {transB = 1 : i64} : tensor<1x4xf32>, tensor<3x4xf32> -> tensor<1x3xf32>
  %class = onnx.Gather %x, %zero axis = 1 : tensor<1x5x4xf32>, tensor<i64> -> tensor<1x4xf32>
  %first = onnx.Gemm %class, %class_weight {transB = 1 : i64} : tensor<1x4xf32>, tensor<3x4xf32> -> tensor<1x3xf32>
  %sum = onnx.Add %second, %first : tensor<1x3xf32>, tensor<1x3xf32> -> tensor<1x3xf32> loc("/Add")
  %y = onnx.Mul %sum, %half : tensor<1x3xf32>, tensor<f32> -> tensor<1x3xf32> loc("/Mul")
  func.return %y : tensor<1x3xf32>
}
// CHECK:       func.func @two_heads(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %class_token = vit.select_token %tokens[0] : tensor<5x4xf32> -> tensor<1x4xf32>
// CHECK-NEXT:    %head_weight = vit.parameter @head.weight :
// CHECK-NEXT:    %first = vit.linear %class_token, %head_weight :
// CHECK-NEXT:    %distilled_token = vit.select_token %tokens[1] : tensor<5x4xf32> -> tensor<1x4xf32>
// CHECK-NEXT:    %head_dist_weight = vit.parameter @head_dist.weight :
// CHECK-NEXT:    %second = vit.linear %distilled_token, %head_dist_weight :
// CHECK-NEXT:    %sum = vit.add %first, %second :
// CHECK-NEXT:    %scaled = vit.scale %sum by 5.000000e-01 : f64 : tensor<1x3xf32> -> tensor<1x3xf32>
// CHECK-NEXT:    func.return %scaled

// LayerScale: one factor for each channel.
func.func @layer_scale(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %weight = onnx.initializer @proj.weight : tensor<4x4xf32>
  %gamma = onnx.initializer @ls1.gamma : tensor<1x1x4xf32>
  %mixed = onnx.MatMul %x, %weight : tensor<1x5x4xf32>, tensor<4x4xf32> -> tensor<1x5x4xf32>
  %scaled = onnx.Mul %mixed, %gamma : tensor<1x5x4xf32>, tensor<1x1x4xf32> -> tensor<1x5x4xf32> loc("/ls1/Mul")
  %y = onnx.Add %x, %scaled : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32> loc("/Add")
  func.return %y : tensor<1x5x4xf32>
}
// CHECK:       func.func @layer_scale(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %proj_weight_stored = vit.parameter @proj.weight :
// CHECK-NEXT:    %proj_weight = vit.transpose %proj_weight_stored by [1, 0] : tensor<4x4xf32> -> tensor<4x4xf32>
// CHECK-NEXT:    %mixed = vit.linear %tokens, %proj_weight :
// CHECK-NEXT:    %ls1_gamma_stored = vit.parameter @ls1.gamma :
// CHECK-NEXT:    %ls1_gamma = vit.reshape %ls1_gamma_stored : tensor<1x1x4xf32> -> tensor<4xf32>
// CHECK-NEXT:    %ls1 = vit.scale_channels %mixed, %ls1_gamma :
// CHECK-NEXT:    %sum = vit.add %tokens, %ls1 :
// CHECK-NEXT:    %sum_1 = vit.reshape %sum : tensor<5x4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    func.return %sum_1

// One factor for all channels, of all values that are attended to.
func.func @scaled_values(%p: tensor<1x5x4xf32>, %v: tensor<1x5x4xf32>) -> tensor<5x4xf32> {
  %half = onnx.constant dense<0.5> : tensor<f32>
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %pt = onnx.Transpose %p perm = [0, 2, 1] : tensor<1x5x4xf32> -> tensor<1x4x5xf32>
  %scores = onnx.MatMul %p, %pt : tensor<1x5x4xf32>, tensor<1x4x5xf32> -> tensor<1x5x5xf32>
  %probabilities = onnx.Softmax %scores axis = -1 : tensor<1x5x5xf32> -> tensor<1x5x5xf32>
  %scaled = onnx.Mul %v, %half : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
  %mixed = onnx.MatMul %probabilities, %scaled : tensor<1x5x5xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  %y = onnx.Squeeze %mixed, %zero : tensor<1x5x4xf32>, tensor<1xi64> -> tensor<5x4xf32>
  func.return %y : tensor<5x4xf32>
}
// CHECK:       func.func @scaled_values(
// CHECK-NEXT:    %tokens = vit.reshape %p : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %scores = vit.attention_scores %tokens, %tokens {heads = 1 : i64, scale = 1.000000e+00 : f64} :
// CHECK-NEXT:    %probabilities = vit.softmax %scores :
// CHECK-NEXT:    %tokens_1 = vit.reshape %v : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %scaled = vit.scale %tokens_1 by 5.000000e-01 : f64 : tensor<5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %mixed = vit.attention_values %probabilities, %scaled :
// CHECK-NEXT:    func.return %mixed

// Factors of one that exporters leave are no scales.
func.func @neutral(%x: tensor<5x4xf32>) -> tensor<5x4xf32> {
  %double = onnx.constant dense<2.0> : tensor<f32>
  %half = onnx.constant dense<0.5> : tensor<5x4xf32>
  %twice = onnx.Mul %x, %double : tensor<5x4xf32>, tensor<f32> -> tensor<5x4xf32>
  %y = onnx.Mul %twice, %half : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  func.return %y : tensor<5x4xf32>
}
// CHECK:       func.func @neutral(
// CHECK-NEXT:    func.return %x

// Each operation has the location of the node that it stands for, and parameters that of their user.
// LOCATION:      func.func @two_heads(
// LOCATION:        vit.add {{.*}} loc("/Add")
// LOCATION-NEXT:   vit.scale {{.*}} loc("/Mul")
// LOCATION:      func.func @layer_scale(
// LOCATION:        vit.scale_channels {{.*}} loc("/ls1/Mul")
// LOCATION-NEXT:   vit.add {{.*}} loc("/Add")
