// RUN: vaqf-opt %s -p sink-dequantize --verify-diagnostics --split-input-file

func.func @two_formats(%a: tensor<1x6x!quant.int<8, 0.5>>, %b: tensor<4x6x!quant.int<16, 0.5>>) -> tensor<5x6xf32> {
  %class = quant.dequantize %a : tensor<1x6x!quant.int<8, 0.5>> -> tensor<1x6xf32>
  %patches = quant.dequantize %b : tensor<4x6x!quant.int<16, 0.5>> -> tensor<4x6xf32>
  // expected-error@unknown {{'vit.concatenate' at /Concat: the inputs have formats !quant.int<16, 0.5> and !quant.int<8, 0.5>, expected one format}}
  %tokens = vit.concatenate %class, %patches : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32> loc("/Concat")
  func.return %tokens : tensor<5x6xf32>
}

// -----

func.func @half_rounded(%class: tensor<1x6xf32>, %b: tensor<4x6x!quant.int<16, 0.5>>) -> tensor<5x6xf32> {
  %patches = quant.dequantize %b : tensor<4x6x!quant.int<16, 0.5>> -> tensor<4x6xf32>
  // expected-error@unknown {{'vit.concatenate' at /Concat: some inputs are rounded and some are not, expected all or none}}
  %tokens = vit.concatenate %class, %patches : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32> loc("/Concat")
  func.return %tokens : tensor<5x6xf32>
}
