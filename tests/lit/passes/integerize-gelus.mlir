// RUN: vaqf-opt %s -p integerize-gelus | filecheck %s
// RUN: vaqf-opt %s -p integerize-gelus --print-debuginfo | filecheck %s --check-prefix LOCATION

func.func @forward(%x: tensor<4x6x!quant.int<8, 0.5>>, %wide: tensor<4x6x!quant.int<16, 0.001>>) -> (tensor<4x6x!quant.int<6, 0.25>>, tensor<4x6x!quant.int<1, 0.25>>) {
  %real = quant.dequantize %x : tensor<4x6x!quant.int<8, 0.5>> -> tensor<4x6xf32>
  %act = vit.gelu %real : tensor<4x6xf32> -> tensor<4x6xf32> loc("/act")
  %act_integers = quant.quantize %act : tensor<4x6xf32> -> tensor<4x6x!quant.int<6, 0.25>>
  %real_wide = quant.dequantize %wide : tensor<4x6x!quant.int<16, 0.001>> -> tensor<4x6xf32>
  %sign = vit.gelu %real_wide : tensor<4x6xf32> -> tensor<4x6xf32>
  %sign_integers = quant.quantize %sign : tensor<4x6xf32> -> tensor<4x6x!quant.int<1, 0.25>>
  func.return %act_integers, %sign_integers : tensor<4x6x!quant.int<6, 0.25>>, tensor<4x6x!quant.int<1, 0.25>>
}
// CHECK:       func.func @forward
// CHECK-NEXT:    %act_table = quant.gelu_table {input = !quant.int<8, 0.5>, output = !quant.int<6, 0.25>} : tensor<256xi6>
// CHECK-NEXT:    %act = quant.lookup %x, %act_table : tensor<4x6x!quant.int<8, 0.5>>, tensor<256xi6> -> tensor<4x6x!quant.int<6, 0.25>>
// CHECK-NEXT:    %sign_table = quant.gelu_table {input = !quant.int<16, 0.001>, output = !quant.int<1, 0.25>} : tensor<1025xi2>
// CHECK-NEXT:    %sign = quant.lookup %wide, %sign_table
// CHECK-NEXT:    func.return %act, %sign
// LOCATION:      quant.gelu_table {{.*}} loc("/act")
// LOCATION-NEXT: quant.lookup {{.*}} loc("/act")
