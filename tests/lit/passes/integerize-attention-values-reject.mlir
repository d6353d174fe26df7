// RUN: vaqf-opt %s -p integerize-attention-values --verify-diagnostics --split-input-file

func.func @other_unit(%p: tensor<3x5x5x!quant.int<8, 0.5>>, %v: tensor<5x6x!quant.int<8, 0.05>>) -> tensor<5x6x!quant.int<8, 0.05>> {
  %probabilities = quant.dequantize %p : tensor<3x5x5x!quant.int<8, 0.5>> -> tensor<3x5x5xf32>
  %value = quant.dequantize %v : tensor<5x6x!quant.int<8, 0.05>> -> tensor<5x6xf32>
  // expected-error@unknown {{'vit.attention_values' at /attn: 'probabilities' has elements !quant.int<8, 0.5>, expected !quant.uint}}
  %mixed = vit.attention_values %probabilities, %value : tensor<3x5x5xf32>, tensor<5x6xf32> -> tensor<5x6xf32> loc("/attn")
  %integers = quant.quantize %mixed : tensor<5x6xf32> -> tensor<5x6x!quant.int<8, 0.05>>
  func.return %integers : tensor<5x6x!quant.int<8, 0.05>>
}

// -----

func.func @real_value(%p: tensor<3x5x5x!quant.uint<8, 0.00390625>>, %value: tensor<5x6xf32>) -> tensor<5x6x!quant.int<8, 0.05>> {
  %probabilities = quant.dequantize %p : tensor<3x5x5x!quant.uint<8, 0.00390625>> -> tensor<3x5x5xf32>
  // expected-error@unknown {{'vit.attention_values' at /attn: 'value' comes from an argument of the function, expected 'quant.dequantize'}}
  %mixed = vit.attention_values %probabilities, %value : tensor<3x5x5xf32>, tensor<5x6xf32> -> tensor<5x6xf32> loc("/attn")
  %integers = quant.quantize %mixed : tensor<5x6xf32> -> tensor<5x6x!quant.int<8, 0.05>>
  func.return %integers : tensor<5x6x!quant.int<8, 0.05>>
}
