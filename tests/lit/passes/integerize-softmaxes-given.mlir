// RUN: vaqf-opt %s -p integerize-softmaxes | filecheck %s

// Two scales that a model gives: both multipliers have one shift, 2^-7 / 0.001 = 7.8125 has 17 bits.
func.func @forward(%x: tensor<5x6x!quant.int<8, 0.05>>) -> (tensor<3x5x5x!quant.uint<7, 0.001>>, tensor<3x5x5x!quant.uint<7, 0.01>>) {
  %real = quant.dequantize %x : tensor<5x6x!quant.int<8, 0.05>> -> tensor<5x6xf32>
  %scores = vit.attention_scores %real, %real {heads = 3 : i64, scale = 1.0 : f64} : tensor<5x6xf32>, tensor<5x6xf32> -> tensor<3x5x5xf32>
  %softmax = vit.softmax %scores : tensor<3x5x5xf32> -> tensor<3x5x5xf32>
  %p = quant.quantize %softmax : tensor<3x5x5xf32> -> tensor<3x5x5x!quant.uint<7, 0.001>>
  %others = vit.attention_scores %real, %real {heads = 3 : i64, scale = 1.0 : f64} : tensor<5x6xf32>, tensor<5x6xf32> -> tensor<3x5x5xf32>
  %other = vit.softmax %others : tensor<3x5x5xf32> -> tensor<3x5x5xf32>
  %q = quant.quantize %other : tensor<3x5x5xf32> -> tensor<3x5x5x!quant.uint<7, 0.01>>
  func.return %p, %q : tensor<3x5x5x!quant.uint<7, 0.001>>, tensor<3x5x5x!quant.uint<7, 0.01>>
}
// CHECK: quant.softmax {{.*}}probability_multiplier = 128000 : i64, probability_shift = 14 : i64{{.*}} -> tensor<3x5x5x!quant.uint<7, 0.001>>
// CHECK: quant.softmax {{.*}}probability_multiplier = 12800 : i64, probability_shift = 14 : i64{{.*}} -> tensor<3x5x5x!quant.uint<7, 0.01>>
