// RUN: vaqf-opt %s -p integerize-gelus --verify-diagnostics --split-input-file

func.func @two_users(%x: tensor<4x6x!quant.int<8, 0.5>>) -> (tensor<4x6x!quant.int<8, 0.5>>, tensor<4x6xf32>) {
  %real = quant.dequantize %x : tensor<4x6x!quant.int<8, 0.5>> -> tensor<4x6xf32>
  // expected-error-re@unknown {{'vit.gelu' at /act: the result is used by 'vit.add' at /Add, 'quant.quantize' at {{.*}}:7:3, expected one 'quant.quantize': run quantize-activations first}}
  %gelu = vit.gelu %real : tensor<4x6xf32> -> tensor<4x6xf32> loc("/act")
  %integers = quant.quantize %gelu : tensor<4x6xf32> -> tensor<4x6x!quant.int<8, 0.5>>
  %sum = vit.add %real, %gelu : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32> loc("/Add")
  func.return %integers, %sum : tensor<4x6x!quant.int<8, 0.5>>, tensor<4x6xf32>
}

// -----

func.func @real_input(%x: tensor<4x6xf32>) -> tensor<4x6x!quant.int<8, 0.5>> {
  // expected-error@unknown {{'vit.gelu' at /act: 'input' comes from an argument of the function, expected 'quant.dequantize'}}
  %gelu = vit.gelu %x : tensor<4x6xf32> -> tensor<4x6xf32> loc("/act")
  %integers = quant.quantize %gelu : tensor<4x6xf32> -> tensor<4x6x!quant.int<8, 0.5>>
  func.return %integers : tensor<4x6x!quant.int<8, 0.5>>
}
