// RUN: python -c "import numpy; numpy.savez('%t.npz', pixels=numpy.array([[1, -7], [5, 5]], 'f4'), labels=numpy.array(['cat', 'dog']))"
// RUN: vaqf-opt %s -p 'calibrate-activations{data="%t.npz"}' | filecheck %s
// RUN: vaqf-opt %s -p 'calibrate-activations{data="%t.npz" samples=1}' | filecheck %s --check-prefix FIRST
// RUN: vaqf-opt %s -p calibrate-activations | filecheck %s --check-prefix NOISE
// RUN: vaqf-opt %s -p calibrate-activations > %t.once.mlir
// RUN: vaqf-opt %t.once.mlir -p calibrate-activations | diff - %t.once.mlir
// RUN: vaqf-opt %s -p 'calibrate-activations{samples=3}' | not diff - %t.once.mlir

// The array is found by the name of the input; others are not read.
func.func @forward(%x: tensor<1x2xf32> {vaqf.name = "pixels"}) -> tensor<1x2xf32> {
  %sum = vit.add %x, %x : tensor<1x2xf32>, tensor<1x2xf32> -> tensor<1x2xf32>
  %integers = quant.quantize %sum : tensor<1x2xf32> -> tensor<1x2x!quant.int<8, 2.0>>
  %rounded = quant.dequantize %integers : tensor<1x2x!quant.int<8, 2.0>> -> tensor<1x2xf32>
  %token = vit.select_token %rounded[0] : tensor<1x2xf32> -> tensor<1x2xf32>
  %table = quant.gelu_table {input = !quant.int<2, 1.0>, output = !quant.int<2, 1.0>} : tensor<4xi2>
  func.return %token : tensor<1x2xf32>
}
// CHECK:       func.func @forward(%x: tensor<1x2xf32> {vaqf.name = "pixels", quant.range = #quant.range<-7.0, 5.0, mean_magnitude = 4.5, root_mean_square = 5.0>}) -> tensor<1x2xf32>
// CHECK-NEXT:    vit.add %x, %x {quant.range = #quant.range<-14.0, 10.0, mean_magnitude = 9.0, root_mean_square = 10.0>}
// Integers have no range to be recorded: their type says it. Nor has what follows from no input.
// CHECK-NEXT:    %integers = quant.quantize %sum :
// CHECK-NEXT:    %rounded = quant.dequantize %integers {quant.range = #quant.range<-14.0, 10.0, mean_magnitude = 9.0, root_mean_square = 10.0>}
// CHECK-NEXT:    vit.select_token %rounded[0] {quant.range = #quant.range<-14.0, 10.0, mean_magnitude = 9.0, root_mean_square = 10.0>}
// CHECK-NEXT:    quant.gelu_table {input = !quant.int<2, 1.0>, output = !quant.int<2, 1.0>}

// FIRST:         %x: tensor<1x2xf32> {vaqf.name = "pixels", quant.range = #quant.range<-7.0, 1.0, mean_magnitude = 4.0, root_mean_square = 5.0>}

// NOISE:         quant.range = #quant.range<-{{.*}}, mean_magnitude = {{.*}}, root_mean_square = {{.*}}>
