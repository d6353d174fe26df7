// RUN: vaqf-opt %s -p integerize-layer-norms --verify-diagnostics --split-input-file

func.func @moved(%x: tensor<5x6x!quant.int<16, 0.5>>, %gamma: tensor<6xf32>, %beta: tensor<6xf32>) -> tensor<1x6xf32> {
  %real = quant.dequantize %x : tensor<5x6x!quant.int<16, 0.5>> -> tensor<5x6xf32>
  %token = vit.select_token %real[0] : tensor<5x6xf32> -> tensor<1x6xf32> loc("/Gather")
  // expected-error@unknown {{'vit.layer_norm' at /norm: 'input' comes from 'vit.select_token' at /Gather, expected 'quant.dequantize': run quantize-activations and sink-dequantize first}}
  %norm = vit.layer_norm %token, %gamma, %beta {epsilon = 1.0e-06 : f64} : tensor<1x6xf32>, tensor<6xf32>, tensor<6xf32> -> tensor<1x6xf32> loc("/norm")
  func.return %norm : tensor<1x6xf32>
}

// -----

func.func @given_weight(%x: tensor<5x6x!quant.int<16, 0.5>>, %gamma: tensor<6xf32>, %beta: tensor<6xf32>) -> tensor<5x6x!quant.int<8, 0.5>> {
  %real = quant.dequantize %x : tensor<5x6x!quant.int<16, 0.5>> -> tensor<5x6xf32>
  // expected-error@unknown {{'vit.layer_norm' at /norm: 'weight' depends on an argument of the function, expected weights alone}}
  %norm = vit.layer_norm %real, %gamma, %beta {epsilon = 1.0e-06 : f64} : tensor<5x6xf32>, tensor<6xf32>, tensor<6xf32> -> tensor<5x6xf32> loc("/norm")
  %integers = quant.quantize %norm : tensor<5x6xf32> -> tensor<5x6x!quant.int<8, 0.5>>
  func.return %integers : tensor<5x6x!quant.int<8, 0.5>>
}
