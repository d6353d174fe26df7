// RUN: vaqf-opt %s -p raise-onnx-to-vit | filecheck %s

// The residual connection comes first, whichever way round the sum is written.
func.func @residual(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %scale = onnx.initializer @norm.weight : tensor<4xf32>
  %bias = onnx.initializer @norm.bias : tensor<4xf32>
  %norm = onnx.LayerNormalization %x, %scale, %bias axis = -1 epsilon = 9.99999974E-6 : tensor<1x5x4xf32>, tensor<4xf32>, tensor<4xf32> -> tensor<1x5x4xf32>
  %y = onnx.Add %norm, %x : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  func.return %y : tensor<1x5x4xf32>
}
// CHECK:       func.func @residual(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %norm_weight = vit.parameter @norm.weight :
// CHECK-NEXT:    %norm_bias = vit.parameter @norm.bias :
// CHECK-NEXT:    %norm = vit.layer_norm %tokens, %norm_weight, %norm_bias {epsilon = 1.000000e-05 : f64} :
// CHECK-NEXT:    %y = vit.add %tokens, %norm :
// CHECK-NEXT:    %y_1 = vit.reshape %y : tensor<5x4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    func.return %y_1

func.func @layer_norm_without_bias(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %scale = onnx.initializer @norm.weight : tensor<4xf32>
  %y = onnx.LayerNormalization %x, %scale axis = 2 epsilon = 9.99999996E-13 : tensor<1x5x4xf32>, tensor<4xf32> -> tensor<1x5x4xf32>
  func.return %y : tensor<1x5x4xf32>
}
// CHECK:       func.func @layer_norm_without_bias(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %norm_weight = vit.parameter @norm.weight :
// CHECK-NEXT:    %y = vit.layer_norm %tokens, %norm_weight {epsilon = 1.000000e-12 : f64} :
// CHECK-NEXT:    %y_1 = vit.reshape %y : tensor<5x4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    func.return %y_1

func.func @gelu(%x: tensor<1x5x8xf32>) -> tensor<1x5x8xf32> {
  %y = onnx.Gelu %x approximate = "none" : tensor<1x5x8xf32> -> tensor<1x5x8xf32> loc("/mlp/act/Mul_1")
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @gelu(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x8xf32> -> tensor<5x8xf32>
// CHECK-NEXT:    %mlp_act = vit.gelu %tokens :
// CHECK-NEXT:    %mlp_act_1 = vit.reshape %mlp_act : tensor<5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %mlp_act_1

// Layer norms without parameters: ones and zeros in the graph itself.
func.func @layer_norm_without_parameters(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %ones = onnx.constant dense<1.0> : tensor<4xf32>
  %zeros = onnx.constant dense<0.0> : tensor<4xf32>
  %y = onnx.LayerNormalization %x, %ones, %zeros axis = -1 epsilon = 1.0e-6 : tensor<1x5x4xf32>, tensor<4xf32>, tensor<4xf32> -> tensor<1x5x4xf32>
  func.return %y : tensor<1x5x4xf32>
}
// CHECK:       func.func @layer_norm_without_parameters(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %y_scale = vit.constant dense<1.000000e+00> : tensor<4xf32>
// CHECK-NEXT:    %y = vit.layer_norm %tokens, %y_scale {epsilon = 1.000000e-06 : f64} :
