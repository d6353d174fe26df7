// RUN: vaqf-opt %s -p integerize-attention-values | filecheck %s
// RUN: vaqf-opt %s -p integerize-attention-values --print-debuginfo | filecheck %s --check-prefix LOCATION

// Two layers: one shift, which the larger of the two factors fills to 17 bits.
func.func @forward(%p: tensor<3x5x5x!quant.uint<8, 0.00390625>>, %v: tensor<5x6x!quant.int<8, 0.05>>) -> (tensor<5x6x!quant.int<8, 0.05>>, tensor<5x6x!quant.int<8, 0.1>>) {
  %probabilities = quant.dequantize %p : tensor<3x5x5x!quant.uint<8, 0.00390625>> -> tensor<3x5x5xf32>
  %value = quant.dequantize %v : tensor<5x6x!quant.int<8, 0.05>> -> tensor<5x6xf32>
  %mixed = vit.attention_values %probabilities, %value : tensor<3x5x5xf32>, tensor<5x6xf32> -> tensor<5x6xf32> loc("/attn")
  %integers = quant.quantize %mixed : tensor<5x6xf32> -> tensor<5x6x!quant.int<8, 0.05>>
  %again = vit.attention_values %probabilities, %value : tensor<3x5x5xf32>, tensor<5x6xf32> -> tensor<5x6xf32>
  %again_integers = quant.quantize %again : tensor<5x6xf32> -> tensor<5x6x!quant.int<8, 0.1>>
  func.return %integers, %again_integers : tensor<5x6x!quant.int<8, 0.05>>, tensor<5x6x!quant.int<8, 0.1>>
}
// CHECK:       func.func @forward
// CHECK-NEXT:    %mixed_sums = quant.attention_values %p, %v : tensor<3x5x5x!quant.uint<8, 0.00390625>>, tensor<5x6x!quant.int<8, 0.05>> -> tensor<5x6xi19>
// CHECK-NEXT:    %mixed = quant.rescale %mixed_sums {multiplier = 65536 : i64, shift = 24 : i64} : tensor<5x6xi19> -> tensor<5x6x!quant.int<8, 0.05>>
// CHECK-NEXT:    %again_sums = quant.attention_values %p, %v
// CHECK-NEXT:    %again = quant.rescale %again_sums {multiplier = 32768 : i64, shift = 24 : i64} : tensor<5x6xi19> -> tensor<5x6x!quant.int<8, 0.1>>
// CHECK-NEXT:    func.return %mixed, %again
// LOCATION:      quant.attention_values {{.*}} loc("/attn")
// LOCATION-NEXT: quant.rescale {{.*}} loc("/attn")
