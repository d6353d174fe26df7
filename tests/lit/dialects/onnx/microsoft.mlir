// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @bias_gelu(%x: tensor<1x197x768xf32>, %bias: tensor<768xf32>) {
  %y = onnx.microsoft.BiasGelu %x, %bias : tensor<1x197x768xf32>, tensor<768xf32> -> tensor<1x197x768xf32>
  func.return
}
// CHECK:       func.func @bias_gelu
// CHECK-NEXT:    %y = onnx.microsoft.BiasGelu %x, %bias : tensor<1x197x768xf32>, tensor<768xf32> -> tensor<1x197x768xf32>
// CHECK-NEXT:    func.return

func.func @fused_matmul(%q: tensor<1x3x197x64xf32>, %k: tensor<3x50x64xf32>, %w: tensor<197x8xf32>) {
  %y = onnx.microsoft.FusedMatMul %q, %k {alpha = 0.125 : f32, transB = 1 : i64} : tensor<1x3x197x64xf32>, tensor<3x50x64xf32> -> tensor<1x3x197x50xf32>
  %z = onnx.microsoft.FusedMatMul %q, %w {transA = 1 : i64} : tensor<1x3x197x64xf32>, tensor<197x8xf32> -> tensor<1x3x64x8xf32>
  func.return
}
// CHECK:       func.func @fused_matmul
// CHECK-NEXT:    %y = onnx.microsoft.FusedMatMul %q, %k {alpha = 1.250000e-01 : f32, transB = 1 : i64} : tensor<1x3x197x64xf32>, tensor<3x50x64xf32> -> tensor<1x3x197x50xf32>
// CHECK-NEXT:    %z = onnx.microsoft.FusedMatMul %q, %w {transA = 1 : i64} : tensor<1x3x197x64xf32>, tensor<197x8xf32> -> tensor<1x3x64x8xf32>
// CHECK-NEXT:    func.return

func.func @skip_layer_normalization(%x: tensor<1x197x192xf32>, %skip: tensor<197x192xf32>, %c: tensor<192xf32>) {
  %a = onnx.microsoft.SkipLayerNormalization %x, %skip scale %c epsilon = 1.0e-06 : tensor<1x197x192xf32>, tensor<197x192xf32>, tensor<192xf32> -> tensor<1x197x192xf32>
  %b, %sum = onnx.microsoft.SkipLayerNormalization %x, %skip scale %c shift %c : tensor<192xf32> bias %c : tensor<192xf32> epsilon = 1.0e-12 : tensor<1x197x192xf32>, tensor<197x192xf32>, tensor<192xf32> -> tensor<1x197x192xf32>, tensor<1x197x192xf32>
  %d = onnx.microsoft.SkipLayerNormalization %x, %skip scale %c bias %c : tensor<192xf32> epsilon = 1.0e-06 : tensor<1x197x192xf32>, tensor<197x192xf32>, tensor<192xf32> -> tensor<1x197x192xf32>
  func.return
}
// CHECK:       func.func @skip_layer_normalization
// CHECK-NEXT:    %a = onnx.microsoft.SkipLayerNormalization %x, %skip scale %c epsilon = 1.000000e-06 : tensor<1x197x192xf32>, tensor<197x192xf32>, tensor<192xf32> -> tensor<1x197x192xf32>
// CHECK-NEXT:    %b, %sum = onnx.microsoft.SkipLayerNormalization %x, %skip scale %c shift %c : tensor<192xf32> bias %c : tensor<192xf32> epsilon = 1.000000e-12 : tensor<1x197x192xf32>, tensor<197x192xf32>, tensor<192xf32> -> tensor<1x197x192xf32>, tensor<1x197x192xf32>
// CHECK-NEXT:    %d = onnx.microsoft.SkipLayerNormalization %x, %skip scale %c bias %c : tensor<192xf32> epsilon = 1.000000e-06 : tensor<1x197x192xf32>, tensor<197x192xf32>, tensor<192xf32> -> tensor<1x197x192xf32>
// CHECK-NEXT:    func.return
