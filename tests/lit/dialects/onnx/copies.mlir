// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @copies(%x: tensor<4x6xf32>, %n: tensor<3xi64>) {
  %a = onnx.Identity %x : tensor<4x6xf32> -> tensor<4x6xf32>
  // CHECK: %a = onnx.Identity %x : tensor<4x6xf32> -> tensor<4x6xf32>
  %b = onnx.Dropout %a : tensor<4x6xf32> -> tensor<4x6xf32>
  // CHECK-NEXT: %b = onnx.Dropout %a : tensor<4x6xf32> -> tensor<4x6xf32>
  %c = onnx.Cast %n : tensor<3xi64> -> tensor<3xf32>
  // CHECK-NEXT: %c = onnx.Cast %n : tensor<3xi64> -> tensor<3xf32>
  %d = onnx.Cast %c : tensor<3xf32> -> tensor<3xui8>
  // CHECK-NEXT: %d = onnx.Cast %c : tensor<3xf32> -> tensor<3xui8>
  %e = onnx.Identity %n : tensor<3xi64> -> tensor<3xi64>
  // CHECK-NEXT: %e = onnx.Identity %n : tensor<3xi64> -> tensor<3xi64>
  func.return
}
