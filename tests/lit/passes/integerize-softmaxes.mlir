// RUN: vaqf-opt %s -p integerize-softmaxes | filecheck %s
// RUN: vaqf-opt %s -p integerize-softmaxes --print-debuginfo | filecheck %s --check-prefix LOCATION

// Two layers: one table, and one shift, which the larger of the two factors fills to 17 bits.
func.func @forward(%q: tensor<5x6x!quant.int<8, 0.05>>, %k: tensor<5x6x!quant.int<8, 0.04>>, %q1: tensor<5x6x!quant.int<8, 0.025>>) -> (tensor<3x5x5x!quant.uint<8, 0.00390625>>, tensor<3x5x5x!quant.uint<8, 0.00390625>>) {
  %query = quant.dequantize %q : tensor<5x6x!quant.int<8, 0.05>> -> tensor<5x6xf32>
  %key = quant.dequantize %k : tensor<5x6x!quant.int<8, 0.04>> -> tensor<5x6xf32>
  %scores = vit.attention_scores %query, %key {heads = 3 : i64, scale = 0.5 : f64} : tensor<5x6xf32>, tensor<5x6xf32> -> tensor<3x5x5xf32> loc("/scores")
  %probabilities = vit.softmax %scores : tensor<3x5x5xf32> -> tensor<3x5x5xf32> loc("/softmax")
  %p = quant.quantize %probabilities : tensor<3x5x5xf32> -> tensor<3x5x5x!quant.uint<8, 0.00390625>>
  %query1 = quant.dequantize %q1 : tensor<5x6x!quant.int<8, 0.025>> -> tensor<5x6xf32>
  %scores1 = vit.attention_scores %query1, %key {heads = 3 : i64, scale = 0.5 : f64} : tensor<5x6xf32>, tensor<5x6xf32> -> tensor<3x5x5xf32>
  %probabilities1 = vit.softmax %scores1 : tensor<3x5x5xf32> -> tensor<3x5x5xf32>
  %p1 = quant.quantize %probabilities1 : tensor<3x5x5xf32> -> tensor<3x5x5x!quant.uint<8, 0.00390625>>
  func.return %p, %p1 : tensor<3x5x5x!quant.uint<8, 0.00390625>>, tensor<3x5x5x!quant.uint<8, 0.00390625>>
}
// 256 * log2(e) * 0.05 * 0.04 * 0.5 * 2^18 = 96817.6
// CHECK:       func.func @forward
// CHECK-NEXT:    %exponentials = quant.exponential_table : tensor<256xi17>
// CHECK-NEXT:    %scores = quant.attention_scores %q, %k {heads = 3 : i64} : tensor<5x6x!quant.int<8, 0.05>>, tensor<5x6x!quant.int<8, 0.04>> -> tensor<3x5x5xi17>
// CHECK-NEXT:    %probabilities = quant.softmax %scores, %exponentials {multiplier = 96818 : i64, shift = 18 : i64} : tensor<3x5x5xi17>, tensor<256xi17> -> tensor<3x5x5x!quant.uint<8, 0.00390625>>
// CHECK-NEXT:    %scores1 = quant.attention_scores %q1, %k
// CHECK-NEXT:    %probabilities1 = quant.softmax %scores1, %exponentials {multiplier = 48409 : i64, shift = 18 : i64}
// CHECK-NEXT:    func.return %probabilities, %probabilities1
// LOCATION:      quant.attention_scores {{.*}} loc("/scores")
// LOCATION-NEXT: quant.softmax {{.*}} loc("/softmax")
