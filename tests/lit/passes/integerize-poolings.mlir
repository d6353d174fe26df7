// RUN: vaqf-opt %s -p integerize-poolings | filecheck %s
// RUN: vaqf-opt %s -p integerize-poolings --print-debuginfo | filecheck %s --check-prefix LOCATION

// Two layers of equal widths have one shift, with which the larger factor, 1/4, fits 17 bits.
func.func @forward(%x: tensor<4x6x!quant.int<16, 0.5>>) -> (tensor<1x6x!quant.int<8, 0.5>>, tensor<1x6x!quant.int<8, 1.0>>, tensor<1x6x!quant.int<16, 0.25>>) {
  %tokens = quant.dequantize %x : tensor<4x6x!quant.int<16, 0.5>> -> tensor<4x6xf32>
  %mean = vit.mean_tokens %tokens : tensor<4x6xf32> -> tensor<1x6xf32> loc("/ReduceMean")
  %integers = quant.quantize %mean : tensor<1x6xf32> -> tensor<1x6x!quant.int<8, 0.5>>
  %again = vit.mean_tokens %tokens : tensor<4x6xf32> -> tensor<1x6xf32>
  %coarse = quant.quantize %again : tensor<1x6xf32> -> tensor<1x6x!quant.int<8, 1.0>>
  %wide = vit.mean_tokens %tokens : tensor<4x6xf32> -> tensor<1x6xf32>
  %fine = quant.quantize %wide : tensor<1x6xf32> -> tensor<1x6x!quant.int<16, 0.25>>
  func.return %integers, %coarse, %fine : tensor<1x6x!quant.int<8, 0.5>>, tensor<1x6x!quant.int<8, 1.0>>, tensor<1x6x!quant.int<16, 0.25>>
}
// CHECK:       func.func @forward
// CHECK-NEXT:    %mean = quant.mean_tokens %x {multiplier = 65536 : i64, shift = 18 : i64} : tensor<4x6x!quant.int<16, 0.5>> -> tensor<1x6x!quant.int<8, 0.5>>
// CHECK-NEXT:    %again = quant.mean_tokens %x {multiplier = 32768 : i64, shift = 18 : i64} : tensor<4x6x!quant.int<16, 0.5>> -> tensor<1x6x!quant.int<8, 1.0>>
// CHECK-NEXT:    %wide = quant.mean_tokens %x {multiplier = 65536 : i64, shift = 17 : i64} : tensor<4x6x!quant.int<16, 0.5>> -> tensor<1x6x!quant.int<16, 0.25>>
// CHECK-NEXT:    func.return %mean, %again, %wide
// LOCATION:      quant.mean_tokens {{.*}} loc("/ReduceMean")
