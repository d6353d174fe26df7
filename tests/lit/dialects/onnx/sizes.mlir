// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @sizes(%x: tensor<4x6xf32>, %shape: tensor<3xi64>, %n: tensor<i64>) {
  %a = onnx.Shape %x start = 0 : tensor<4x6xf32> -> tensor<2xi64>
  // CHECK: %a = onnx.Shape %x start = 0 : tensor<4x6xf32> -> tensor<2xi64>
  %b = onnx.Shape %x start = -2 end = 1 : tensor<4x6xf32> -> tensor<1xi64>
  // CHECK-NEXT: %b = onnx.Shape %x start = -2 end = 1 : tensor<4x6xf32> -> tensor<1xi64>
  %c = onnx.Size %x : tensor<4x6xf32> -> tensor<i64>
  // CHECK-NEXT: %c = onnx.Size %x : tensor<4x6xf32> -> tensor<i64>
  %wanted = onnx.constant dense<[1, 2]> : tensor<2xi64>
  // CHECK-NEXT: %wanted = onnx.constant dense<[1, 2]> : tensor<2xi64>
  %d = onnx.ConstantOfShape %wanted value = dense<1.500000e+00> : tensor<1xf32> : tensor<2xi64> -> tensor<1x2xf32>
  // CHECK-NEXT: %d = onnx.ConstantOfShape %wanted value = dense<1.500000e+00> : tensor<1xf32> : tensor<2xi64> -> tensor<1x2xf32>
  %e = onnx.ConstantOfShape %shape value = dense<true> : tensor<1xi1> : tensor<3xi64> -> tensor<1x2x3xi1>
  // CHECK-NEXT: %e = onnx.ConstantOfShape %shape value = dense<true> : tensor<1xi1> : tensor<3xi64> -> tensor<1x2x3xi1>
  %f = onnx.Range %n, %c, %n : tensor<i64>, tensor<i64>, tensor<i64> -> tensor<7xi64>
  // CHECK-NEXT: %f = onnx.Range %n, %c, %n : tensor<i64>, tensor<i64>, tensor<i64> -> tensor<7xi64>
  func.return
}
