// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @linear(%x: tensor<1x4x6xf32>, %scale: tensor<f32>, %scales: tensor<4xf32>, %blocks: tensor<1x2x6xf32>) {
  %zero = onnx.constant dense<0> : tensor<i8>
  %zeros = onnx.initializer @zeros : tensor<4xi8>
  %a = onnx.QuantizeLinear %x, %scale, %zero axis = 1 : tensor<1x4x6xf32>, tensor<f32>, tensor<i8> -> tensor<1x4x6xi8>
  // CHECK: %a = onnx.QuantizeLinear %x, %scale, %zero axis = 1 : tensor<1x4x6xf32>, tensor<f32>, tensor<i8> -> tensor<1x4x6xi8>
  %b = onnx.QuantizeLinear %x, %scales, %zeros axis = -2 : tensor<1x4x6xf32>, tensor<4xf32>, tensor<4xi8> -> tensor<1x4x6xi8>
  // CHECK-NEXT: %b = onnx.QuantizeLinear %x, %scales, %zeros axis = -2 : tensor<1x4x6xf32>, tensor<4xf32>, tensor<4xi8> -> tensor<1x4x6xi8>
  %c = onnx.QuantizeLinear %x, %blocks axis = 1 blocks = 2 : tensor<1x4x6xf32>, tensor<1x2x6xf32> -> tensor<1x4x6xui8>
  // CHECK-NEXT: %c = onnx.QuantizeLinear %x, %blocks axis = 1 blocks = 2 : tensor<1x4x6xf32>, tensor<1x2x6xf32> -> tensor<1x4x6xui8>
  %d = onnx.DequantizeLinear %a, %scale, %zero axis = 1 : tensor<1x4x6xi8>, tensor<f32>, tensor<i8> -> tensor<1x4x6xf32>
  // CHECK-NEXT: %d = onnx.DequantizeLinear %a, %scale, %zero axis = 1 : tensor<1x4x6xi8>, tensor<f32>, tensor<i8> -> tensor<1x4x6xf32>
  %e = onnx.DequantizeLinear %c, %blocks axis = 1 blocks = 2 : tensor<1x4x6xui8>, tensor<1x2x6xf32> -> tensor<1x4x6xf32>
  // CHECK-NEXT: %e = onnx.DequantizeLinear %c, %blocks axis = 1 blocks = 2 : tensor<1x4x6xui8>, tensor<1x2x6xf32> -> tensor<1x4x6xf32>
  func.return
}

func.func @qonnx(%x: tensor<4x6xf32>, %scale: tensor<4x1xf32>, %zero: tensor<f32>, %bits: tensor<f32>) {
  %a = onnx.Quant %x, %scale, %zero, %bits {narrow = 1 : i64, rounding_mode = "ROUND", signed = 1 : i64} : tensor<4x6xf32>, tensor<4x1xf32>, tensor<f32>, tensor<f32> -> tensor<4x6xf32>
  // CHECK: %a = onnx.Quant %x, %scale, %zero, %bits {{{.*}}narrow = 1 : i64{{.*}}} : tensor<4x6xf32>, tensor<4x1xf32>, tensor<f32>, tensor<f32> -> tensor<4x6xf32>
  %b = onnx.BipolarQuant %x, %scale : tensor<4x6xf32>, tensor<4x1xf32> -> tensor<4x6xf32>
  // CHECK-NEXT: %b = onnx.BipolarQuant %x, %scale : tensor<4x6xf32>, tensor<4x1xf32> -> tensor<4x6xf32>
  func.return
}
