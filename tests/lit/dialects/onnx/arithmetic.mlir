// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @integers(%x: tensor<3xi64>, %n: tensor<i64>) {
  %a = onnx.Add %x, %n : tensor<3xi64>, tensor<i64> -> tensor<3xi64>
  // CHECK: %a = onnx.Add %x, %n : tensor<3xi64>, tensor<i64> -> tensor<3xi64>
  %b = onnx.Div %a, %n : tensor<3xi64>, tensor<i64> -> tensor<3xi64>
  // CHECK-NEXT: %b = onnx.Div %a, %n : tensor<3xi64>, tensor<i64> -> tensor<3xi64>
  %c = onnx.Mod %b, %n fmod = 1 : tensor<3xi64>, tensor<i64> -> tensor<3xi64>
  // CHECK-NEXT: %c = onnx.Mod %b, %n fmod = 1 : tensor<3xi64>, tensor<i64> -> tensor<3xi64>
  %d = onnx.Neg %c : tensor<3xi64> -> tensor<3xi64>
  // CHECK-NEXT: %d = onnx.Neg %c : tensor<3xi64> -> tensor<3xi64>
  %e = onnx.Max %d, %n, %x : tensor<3xi64>, tensor<i64>, tensor<3xi64> -> tensor<3xi64>
  // CHECK-NEXT: %e = onnx.Max %d, %n, %x : tensor<3xi64>, tensor<i64>, tensor<3xi64> -> tensor<3xi64>
  %f = onnx.Min %e : tensor<3xi64> -> tensor<3xi64>
  // CHECK-NEXT: %f = onnx.Min %e : tensor<3xi64> -> tensor<3xi64>
  func.return
}

func.func @reals(%x: tensor<4x6xf32>, %n: tensor<i64>) {
  %a = onnx.Pow %x, %n : tensor<4x6xf32>, tensor<i64> -> tensor<4x6xf32>
  // CHECK: %a = onnx.Pow %x, %n : tensor<4x6xf32>, tensor<i64> -> tensor<4x6xf32>
  %b = onnx.Neg %a : tensor<4x6xf32> -> tensor<4x6xf32>
  // CHECK-NEXT: %b = onnx.Neg %a : tensor<4x6xf32> -> tensor<4x6xf32>
  %c = onnx.Reciprocal %b : tensor<4x6xf32> -> tensor<4x6xf32>
  // CHECK-NEXT: %c = onnx.Reciprocal %b : tensor<4x6xf32> -> tensor<4x6xf32>
  %d = onnx.Floor %c : tensor<4x6xf32> -> tensor<4x6xf32>
  // CHECK-NEXT: %d = onnx.Floor %c : tensor<4x6xf32> -> tensor<4x6xf32>
  %e = onnx.Ceil %d : tensor<4x6xf32> -> tensor<4x6xf32>
  // CHECK-NEXT: %e = onnx.Ceil %d : tensor<4x6xf32> -> tensor<4x6xf32>
  %f = onnx.Exp %e : tensor<4x6xf32> -> tensor<4x6xf32>
  // CHECK-NEXT: %f = onnx.Exp %e : tensor<4x6xf32> -> tensor<4x6xf32>
  %g = onnx.Log %f : tensor<4x6xf32> -> tensor<4x6xf32>
  // CHECK-NEXT: %g = onnx.Log %f : tensor<4x6xf32> -> tensor<4x6xf32>
  %h = onnx.Tanh %g : tensor<4x6xf32> -> tensor<4x6xf32>
  // CHECK-NEXT: %h = onnx.Tanh %g : tensor<4x6xf32> -> tensor<4x6xf32>
  func.return
}
