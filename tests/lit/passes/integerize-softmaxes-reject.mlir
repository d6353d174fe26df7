// RUN: vaqf-opt %s -p integerize-softmaxes --verify-diagnostics --split-input-file

func.func @no_scores(%x: tensor<3x5x5xf32>) -> tensor<3x5x5x!quant.uint<8, 0.00390625>> {
  %gelu = vit.gelu %x : tensor<3x5x5xf32> -> tensor<3x5x5xf32> loc("/act")
  // expected-error@unknown {{'vit.softmax' at /softmax: 'input' comes from 'vit.gelu' at /act, expected 'vit.attention_scores'}}
  %softmax = vit.softmax %gelu : tensor<3x5x5xf32> -> tensor<3x5x5xf32> loc("/softmax")
  %p = quant.quantize %softmax : tensor<3x5x5xf32> -> tensor<3x5x5x!quant.uint<8, 0.00390625>>
  func.return %p : tensor<3x5x5x!quant.uint<8, 0.00390625>>
}

// -----

func.func @real_key(%q: tensor<5x6x!quant.int<8, 0.05>>, %key: tensor<5x6xf32>) -> tensor<3x5x5x!quant.uint<8, 0.00390625>> {
  %query = quant.dequantize %q : tensor<5x6x!quant.int<8, 0.05>> -> tensor<5x6xf32>
  // expected-error@unknown {{'vit.attention_scores' at /scores: 'key' comes from an argument of the function, expected 'quant.dequantize'}}
  %scores = vit.attention_scores %query, %key {heads = 3 : i64, scale = 0.5 : f64} : tensor<5x6xf32>, tensor<5x6xf32> -> tensor<3x5x5xf32> loc("/scores")
  %softmax = vit.softmax %scores : tensor<3x5x5xf32> -> tensor<3x5x5xf32>
  %p = quant.quantize %softmax : tensor<3x5x5xf32> -> tensor<3x5x5x!quant.uint<8, 0.00390625>>
  func.return %p : tensor<3x5x5x!quant.uint<8, 0.00390625>>
}

// -----

func.func @signed(%q: tensor<5x6x!quant.int<8, 0.05>>) -> tensor<3x5x5x!quant.int<8, 0.00390625>> {
  %query = quant.dequantize %q : tensor<5x6x!quant.int<8, 0.05>> -> tensor<5x6xf32>
  %scores = vit.attention_scores %query, %query {heads = 3 : i64, scale = 0.5 : f64} : tensor<5x6xf32>, tensor<5x6xf32> -> tensor<3x5x5xf32>
  // expected-error@unknown {{'vit.softmax' at /softmax: 'result' has elements !quant.int<8, 0.00390625>, expected !quant.uint}}
  %softmax = vit.softmax %scores : tensor<3x5x5xf32> -> tensor<3x5x5xf32> loc("/softmax")
  %p = quant.quantize %softmax : tensor<3x5x5xf32> -> tensor<3x5x5x!quant.int<8, 0.00390625>>
  func.return %p : tensor<3x5x5x!quant.int<8, 0.00390625>>
}

// -----

// Every step of a score would be thousands of octaves.
func.func @huge_step(%q: tensor<5x6x!quant.int<8, 50.0>>) -> tensor<3x5x5x!quant.uint<8, 0.00390625>> {
  %query = quant.dequantize %q : tensor<5x6x!quant.int<8, 50.0>> -> tensor<5x6xf32>
  %scores = vit.attention_scores %query, %query {heads = 3 : i64, scale = 1.0 : f64} : tensor<5x6xf32>, tensor<5x6xf32> -> tensor<3x5x5xf32>
  // expected-error@unknown {{'vit.softmax' at /softmax: needs to multiply by up to 923325 and to add up to 0 steps of the result, accepted is less than 65536 and 7.03687e+13}}
  %softmax = vit.softmax %scores : tensor<3x5x5xf32> -> tensor<3x5x5xf32> loc("/softmax")
  %p = quant.quantize %softmax : tensor<3x5x5xf32> -> tensor<3x5x5x!quant.uint<8, 0.00390625>>
  func.return %p : tensor<3x5x5x!quant.uint<8, 0.00390625>>
}
