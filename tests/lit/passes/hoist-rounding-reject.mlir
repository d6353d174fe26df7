// RUN: vaqf-opt %s -p hoist-rounding --verify-diagnostics --split-input-file

func.func @forward(%x: tensor<4x6xf32> {vaqf.name = "x"}) -> (tensor<4x6xf32> {vaqf.name = "y"}, tensor<2x6xf32> {vaqf.name = "z"}) {
  // expected-error@unknown {{'vit.gelu' at /act: the result is rounded to !quant.int<8, 0.5> by 'quant.quantize' at /query and to !quant.int<8, 0.25> by 'quant.quantize' at /key, expected one format for a value: let both share a quantizer}}
  %gelu = vit.gelu %x : tensor<4x6xf32> -> tensor<4x6xf32> loc("/act")
  %a = quant.quantize %gelu : tensor<4x6xf32> -> tensor<4x6x!quant.int<8, 0.5>> loc("/query")
  %b = quant.dequantize %a : tensor<4x6x!quant.int<8, 0.5>> -> tensor<4x6xf32>
  %part = vit.slice %gelu from 1 : tensor<4x6xf32> -> tensor<2x6xf32>
  %c = quant.quantize %part : tensor<2x6xf32> -> tensor<2x6x!quant.int<8, 0.25>> loc("/key")
  %d = quant.dequantize %c : tensor<2x6x!quant.int<8, 0.25>> -> tensor<2x6xf32>
  func.return %b, %d : tensor<4x6xf32>, tensor<2x6xf32>
}

// -----

func.func @forward(%x: tensor<4x6xf32> {vaqf.name = "x"}) -> (tensor<4x6xf32> {vaqf.name = "y"}) {
  // expected-error@unknown {{'vit.gelu' at /act: the result is rounded to !quant.int<8, 0.5> by 'quant.quantize' at /query, but 'vit.add' at /sum takes it as it is, expected a value that is rounded for all that take it}}
  %gelu = vit.gelu %x : tensor<4x6xf32> -> tensor<4x6xf32> loc("/act")
  %a = quant.quantize %gelu : tensor<4x6xf32> -> tensor<4x6x!quant.int<8, 0.5>> loc("/query")
  %b = quant.dequantize %a : tensor<4x6x!quant.int<8, 0.5>> -> tensor<4x6xf32>
  %sum = vit.add %gelu, %b : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32> loc("/sum")
  func.return %sum : tensor<4x6xf32>
}
