// RUN: vaqf-opt %s -p integerize-additions | filecheck %s
// RUN: vaqf-opt %s -p integerize-additions --print-debuginfo | filecheck %s --check-prefix LOCATION

func.func @forward(%a: tensor<4x6x!quant.int<16, 0.5>>, %b: tensor<4x6x!quant.int<16, 0.5>>) -> (tensor<4x6x!quant.int<16, 0.5>>, tensor<4x6xf32>) {
  %left = quant.dequantize %a : tensor<4x6x!quant.int<16, 0.5>> -> tensor<4x6xf32>
  %right = quant.dequantize %b : tensor<4x6x!quant.int<16, 0.5>> -> tensor<4x6xf32>
  %sum = vit.add %left, %right : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32> loc("/blocks.0/Add")
  %integers = quant.quantize %sum : tensor<4x6xf32> -> tensor<4x6x!quant.int<16, 0.5>>
  %gelu = vit.gelu %right : tensor<4x6xf32> -> tensor<4x6xf32>
  func.return %integers, %gelu : tensor<4x6x!quant.int<16, 0.5>>, tensor<4x6xf32>
}
// CHECK:       func.func @forward
// CHECK-NEXT:    %right = quant.dequantize %b
// CHECK-NEXT:    %sum = quant.add %a, %b : tensor<4x6x!quant.int<16, 0.5>>, tensor<4x6x!quant.int<16, 0.5>> -> tensor<4x6x!quant.int<16, 0.5>>
// CHECK-NEXT:    %gelu = vit.gelu %right
// CHECK-NEXT:    func.return %sum, %gelu
// LOCATION:      quant.add {{.*}} loc("/blocks.0/Add")
