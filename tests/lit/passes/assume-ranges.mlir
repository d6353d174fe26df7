// RUN: vaqf-opt %s -p assume-ranges | filecheck %s
// RUN: vaqf-opt %s -p 'assume-ranges{magnitude=12.0}' | filecheck %s --check-prefix LARGER

func.func @forward(%x: tensor<1x2xf32> {vaqf.name = "pixels"}) -> tensor<1x2xf32> {
  %sum = vit.add %x, %x : tensor<1x2xf32>, tensor<1x2xf32> -> tensor<1x2xf32>
  %integers = quant.quantize %sum : tensor<1x2xf32> -> tensor<1x2x!quant.int<8, 2.0>>
  %rounded = quant.dequantize %integers : tensor<1x2x!quant.int<8, 2.0>> -> tensor<1x2xf32>
  %table = quant.gelu_table {input = !quant.int<2, 1.0>, output = !quant.int<2, 1.0>} : tensor<4xi2>
  func.return %rounded : tensor<1x2xf32>
}
// CHECK:       func.func @forward(%x: tensor<1x2xf32> {vaqf.name = "pixels", quant.range = #quant.range<-4.0, 4.0, mean_magnitude = 1.0, root_mean_square = 1.3333333333333333>}) -> tensor<1x2xf32>
// CHECK-NEXT:    vit.add %x, %x {quant.range = #quant.range<-4.0, 4.0, mean_magnitude = 1.0, root_mean_square = 1.3333333333333333>}
// Integers have no range to be recorded: their type says it. Nor has what follows from no input.
// CHECK-NEXT:    %integers = quant.quantize %sum :
// CHECK-NEXT:    %rounded = quant.dequantize %integers {quant.range = #quant.range<-4.0, 4.0,
// CHECK-NEXT:    quant.gelu_table {input = !quant.int<2, 1.0>, output = !quant.int<2, 1.0>}

// LARGER:        vit.add %x, %x {quant.range = #quant.range<-12.0, 12.0, mean_magnitude = 3.0, root_mean_square = 4.0>}
