// RUN: vaqf-opt %s -p integerize-poolings --verify-diagnostics --split-input-file

func.func @real_input(%x: tensor<4x6xf32>) -> tensor<1x6x!quant.int<8, 0.5>> {
  // expected-error@unknown {{'vit.mean_tokens' at /ReduceMean: 'input' comes from an argument of the function, expected 'quant.dequantize': run quantize-activations and sink-dequantize first}}
  %mean = vit.mean_tokens %x : tensor<4x6xf32> -> tensor<1x6xf32> loc("/ReduceMean")
  %integers = quant.quantize %mean : tensor<1x6xf32> -> tensor<1x6x!quant.int<8, 0.5>>
  func.return %integers : tensor<1x6x!quant.int<8, 0.5>>
}

// -----

func.func @real_result(%x: tensor<4x6x!quant.int<16, 0.5>>) -> tensor<1x6xf32> {
  %tokens = quant.dequantize %x : tensor<4x6x!quant.int<16, 0.5>> -> tensor<4x6xf32>
  // expected-error-re@unknown {{'vit.mean_tokens' at /ReduceMean: the result is used by 'func.return' at {{.*}}:16:3, expected one 'quant.quantize': run quantize-activations first}}
  %mean = vit.mean_tokens %tokens : tensor<4x6xf32> -> tensor<1x6xf32> loc("/ReduceMean")
  func.return %mean : tensor<1x6xf32>
}

// -----

func.func @unsigned(%x: tensor<4x6x!quant.int<16, 0.5>>) -> tensor<1x6x!quant.uint<8, 0.5>> {
  %tokens = quant.dequantize %x : tensor<4x6x!quant.int<16, 0.5>> -> tensor<4x6xf32>
  // expected-error@unknown {{'vit.mean_tokens' at /ReduceMean: 'result' has elements !quant.uint<8, 0.5>, expected !quant.int}}
  %mean = vit.mean_tokens %tokens : tensor<4x6xf32> -> tensor<1x6xf32> loc("/ReduceMean")
  %integers = quant.quantize %mean : tensor<1x6xf32> -> tensor<1x6x!quant.uint<8, 0.5>>
  func.return %integers : tensor<1x6x!quant.uint<8, 0.5>>
}

// -----

// One step of the tokens over one step of the result is 2^20.
func.func @factor(%x: tensor<4x6x!quant.int<16, 1048576.0>>) -> tensor<1x6x!quant.int<8, 1.0>> {
  %tokens = quant.dequantize %x : tensor<4x6x!quant.int<16, 1048576.0>> -> tensor<4x6xf32>
  // expected-error@unknown {{'vit.mean_tokens' at /ReduceMean: needs to multiply by up to 262144 and to add up to 0 steps of the result, accepted is less than 65536}}
  %mean = vit.mean_tokens %tokens : tensor<4x6xf32> -> tensor<1x6xf32> loc("/ReduceMean")
  %integers = quant.quantize %mean : tensor<1x6xf32> -> tensor<1x6x!quant.int<8, 1.0>>
  func.return %integers : tensor<1x6x!quant.int<8, 1.0>>
}
