// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @conditions(%x: tensor<4x6xf32>, %y: tensor<6xf32>) {
  %a = onnx.Equal %x, %y : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xi1>
  // CHECK: %a = onnx.Equal %x, %y : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xi1>
  %b = onnx.Greater %x, %y : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xi1>
  // CHECK-NEXT: %b = onnx.Greater %x, %y : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xi1>
  %c = onnx.GreaterOrEqual %x, %y : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xi1>
  // CHECK-NEXT: %c = onnx.GreaterOrEqual %x, %y : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xi1>
  %d = onnx.Less %x, %y : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xi1>
  // CHECK-NEXT: %d = onnx.Less %x, %y : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xi1>
  %e = onnx.LessOrEqual %x, %y : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xi1>
  // CHECK-NEXT: %e = onnx.LessOrEqual %x, %y : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xi1>
  %f = onnx.And %a, %b : tensor<4x6xi1>, tensor<4x6xi1> -> tensor<4x6xi1>
  // CHECK-NEXT: %f = onnx.And %a, %b : tensor<4x6xi1>, tensor<4x6xi1> -> tensor<4x6xi1>
  %g = onnx.Or %c, %d : tensor<4x6xi1>, tensor<4x6xi1> -> tensor<4x6xi1>
  // CHECK-NEXT: %g = onnx.Or %c, %d : tensor<4x6xi1>, tensor<4x6xi1> -> tensor<4x6xi1>
  %h = onnx.Not %g : tensor<4x6xi1> -> tensor<4x6xi1>
  // CHECK-NEXT: %h = onnx.Not %g : tensor<4x6xi1> -> tensor<4x6xi1>
  %i = onnx.IsNaN %x : tensor<4x6xf32> -> tensor<4x6xi1>
  // CHECK-NEXT: %i = onnx.IsNaN %x : tensor<4x6xf32> -> tensor<4x6xi1>
  %j = onnx.Equal %h, %i : tensor<4x6xi1>, tensor<4x6xi1> -> tensor<4x6xi1>
  // CHECK-NEXT: %j = onnx.Equal %h, %i : tensor<4x6xi1>, tensor<4x6xi1> -> tensor<4x6xi1>
  %k = onnx.Where %j, %x, %y : tensor<4x6xi1>, tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  // CHECK-NEXT: %k = onnx.Where %j, %x, %y : tensor<4x6xi1>, tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return
}

func.func @choice_of_sizes(%c: tensor<3xi1>, %x: tensor<3xi64>, %n: tensor<i64>) {
  %a = onnx.Where %c, %x, %n : tensor<3xi1>, tensor<3xi64>, tensor<i64> -> tensor<3xi64>
  // CHECK: %a = onnx.Where %c, %x, %n : tensor<3xi1>, tensor<3xi64>, tensor<i64> -> tensor<3xi64>
  func.return
}
