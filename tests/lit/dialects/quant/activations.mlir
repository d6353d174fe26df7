// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @formats(%x: tensor<197x192xf32>) {
  %signed = quant.quantize %x : tensor<197x192xf32> -> tensor<197x192x!quant.int<8, 0.03125>>
  %unsigned = quant.quantize %x : tensor<197x192xf32> -> tensor<197x192x!quant.uint<8, 0.00390625>>
  %real = quant.dequantize %signed : tensor<197x192x!quant.int<8, 0.03125>> -> tensor<197x192xf32>
  %probability = quant.dequantize %unsigned : tensor<197x192x!quant.uint<8, 0.00390625>> -> tensor<197x192xf32>
  func.return
}
// CHECK:       func.func @formats
// CHECK-NEXT:    %signed = quant.quantize %x : tensor<197x192xf32> -> tensor<197x192x!quant.int<8, 0.03125>>
// CHECK-NEXT:    %unsigned = quant.quantize %x : tensor<197x192xf32> -> tensor<197x192x!quant.uint<8, 0.00390625>>
// CHECK-NEXT:    %real = quant.dequantize %signed : tensor<197x192x!quant.int<8, 0.03125>> -> tensor<197x192xf32>
// CHECK-NEXT:    %probability = quant.dequantize %unsigned : tensor<197x192x!quant.uint<8, 0.00390625>> -> tensor<197x192xf32>

func.func @gelu(%x: tensor<197x768x!quant.int<8, 0.0518>>) {
  %table = quant.gelu_table {input = !quant.int<8, 0.0518>, output = !quant.int<8, 0.0256>} : tensor<256xi8>
  %y = quant.lookup %x, %table : tensor<197x768x!quant.int<8, 0.0518>>, tensor<256xi8> -> tensor<197x768x!quant.int<8, 0.0256>>
  func.return
}
// CHECK:       func.func @gelu
// CHECK-NEXT:    %table = quant.gelu_table {input = !quant.int<8, 0.0518>, output = !quant.int<8, 0.0256>} : tensor<256xi8>
// CHECK-NEXT:    %y = quant.lookup %x, %table : tensor<197x768x!quant.int<8, 0.0518>>, tensor<256xi8> -> tensor<197x768x!quant.int<8, 0.0256>>

// Above 10 bits a table is interpolated; entries have at least two bits.
func.func @widths(%x: tensor<5x!quant.int<16, 0.0518>>) {
  %one = quant.gelu_table {input = !quant.int<1, 0.5>, output = !quant.int<1, 0.5>} : tensor<2xi2>
  %ten = quant.gelu_table {input = !quant.int<10, 0.5>, output = !quant.int<2, 0.5>} : tensor<1024xi2>
  %sixteen = quant.gelu_table {input = !quant.int<16, 0.5>, output = !quant.int<16, 0.5>} : tensor<1025xi16>
  %y = quant.lookup %x, %sixteen : tensor<5x!quant.int<16, 0.0518>>, tensor<1025xi16> -> tensor<5x!quant.int<16, 0.5>>
  func.return
}
// CHECK:       func.func @widths
// CHECK-NEXT:    %one = quant.gelu_table {input = !quant.int<1, 0.5>, output = !quant.int<1, 0.5>} : tensor<2xi2>
// CHECK-NEXT:    %ten = quant.gelu_table {input = !quant.int<10, 0.5>, output = !quant.int<2, 0.5>} : tensor<1024xi2>
// CHECK-NEXT:    %sixteen = quant.gelu_table {input = !quant.int<16, 0.5>, output = !quant.int<16, 0.5>} : tensor<1025xi16>
// CHECK-NEXT:    %y = quant.lookup %x, %sixteen : tensor<5x!quant.int<16, 0.0518>>, tensor<1025xi16> -> tensor<5x!quant.int<16, 0.5>>
