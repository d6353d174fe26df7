// RUN: vaqf-opt %s -p integerize-linears --verify-diagnostics --split-input-file

func.func @real_input(%x: tensor<4x6xf32>) -> tensor<4x8xf32> {
  %weight = vit.parameter @fc.weight : tensor<8x6xf32>
  // expected-error@unknown {{'vit.linear' at /fc: 'input' comes from an argument of the function, expected 'quant.dequantize': run quantize-activations and sink-dequantize first}}
  %fc = vit.linear %x, %weight : tensor<4x6xf32>, tensor<8x6xf32> -> tensor<4x8xf32> loc("/fc")
  func.return %fc : tensor<4x8xf32>
}

// -----

func.func @real_weight(%x: tensor<4x6x!quant.int<8, 0.5>>) -> tensor<4x8xf32> {
  %real = quant.dequantize %x : tensor<4x6x!quant.int<8, 0.5>> -> tensor<4x6xf32>
  %weight = vit.parameter @fc.weight : tensor<8x6xf32> loc("fc.weight")
  // expected-error@unknown {{'vit.linear' at /fc: 'weight' comes from 'vit.parameter' at fc.weight, expected 'quant.dequantize_weight': run binarize-weights or quantize-weights first}}
  %fc = vit.linear %real, %weight : tensor<4x6xf32>, tensor<8x6xf32> -> tensor<4x8xf32> loc("/fc")
  func.return %fc : tensor<4x8xf32>
}

// -----

func.func @real_result(%x: tensor<4x6x!quant.int<8, 0.5>>, %signs: tensor<8x6x!quant.binary>, %scale: tensor<8xf32>) -> tensor<4x8xf32> {
  %real = quant.dequantize %x : tensor<4x6x!quant.int<8, 0.5>> -> tensor<4x6xf32>
  %weight = quant.dequantize_weight %signs, %scale : tensor<8x6x!quant.binary>, tensor<8xf32> -> tensor<8x6xf32>
  // expected-error@unknown {{'vit.linear' at /fc: the result is used by 'vit.gelu' at /act, expected one 'quant.quantize': run quantize-activations first}}
  %fc = vit.linear %real, %weight : tensor<4x6xf32>, tensor<8x6xf32> -> tensor<4x8xf32> loc("/fc")
  %gelu = vit.gelu %fc : tensor<4x8xf32> -> tensor<4x8xf32> loc("/act")
  func.return %gelu : tensor<4x8xf32>
}

// -----

func.func @unsigned_input(%x: tensor<4x6x!quant.uint<8, 0.00390625>>, %signs: tensor<8x6x!quant.binary>, %scale: tensor<8xf32>) -> tensor<4x8x!quant.int<8, 1.0>> {
  %real = quant.dequantize %x : tensor<4x6x!quant.uint<8, 0.00390625>> -> tensor<4x6xf32>
  %weight = quant.dequantize_weight %signs, %scale : tensor<8x6x!quant.binary>, tensor<8xf32> -> tensor<8x6xf32>
  // expected-error@unknown {{'vit.linear' at /fc: 'input' has elements !quant.uint<8, 0.00390625>, expected !quant.int}}
  %fc = vit.linear %real, %weight : tensor<4x6xf32>, tensor<8x6xf32> -> tensor<4x8xf32> loc("/fc")
  %integers = quant.quantize %fc : tensor<4x8xf32> -> tensor<4x8x!quant.int<8, 1.0>>
  func.return %integers : tensor<4x8x!quant.int<8, 1.0>>
}

// -----

func.func @given_scale(%x: tensor<4x6x!quant.int<8, 0.5>>, %signs: tensor<8x6x!quant.binary>, %scale: tensor<8xf32>) -> tensor<4x8x!quant.int<8, 1.0>> {
  %real = quant.dequantize %x : tensor<4x6x!quant.int<8, 0.5>> -> tensor<4x6xf32>
  %weight = quant.dequantize_weight %signs, %scale : tensor<8x6x!quant.binary>, tensor<8xf32> -> tensor<8x6xf32>
  // expected-error@unknown {{'vit.linear' at /fc: 'weight' depends on an argument of the function, expected weights alone}}
  %fc = vit.linear %real, %weight : tensor<4x6xf32>, tensor<8x6xf32> -> tensor<4x8xf32> loc("/fc")
  %integers = quant.quantize %fc : tensor<4x8xf32> -> tensor<4x8x!quant.int<8, 1.0>>
  func.return %integers : tensor<4x8x!quant.int<8, 1.0>>
}
