// RUN: vaqf-opt %s -p integerize-additions --verify-diagnostics --split-input-file

func.func @two_scales(%a: tensor<4x6x!quant.int<16, 0.5>>, %b: tensor<4x6x!quant.int<16, 0.25>>) -> tensor<4x6x!quant.int<16, 0.5>> {
  %left = quant.dequantize %a : tensor<4x6x!quant.int<16, 0.5>> -> tensor<4x6xf32>
  %right = quant.dequantize %b : tensor<4x6x!quant.int<16, 0.25>> -> tensor<4x6xf32>
  // expected-error@unknown {{'vit.add' at /Add: 'right' has elements !quant.int<16, 0.25>, expected !quant.int<16, 0.5> as 'left' has}}
  %sum = vit.add %left, %right : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32> loc("/Add")
  %integers = quant.quantize %sum : tensor<4x6xf32> -> tensor<4x6x!quant.int<16, 0.5>>
  func.return %integers : tensor<4x6x!quant.int<16, 0.5>>
}

// -----

func.func @narrow_result(%a: tensor<4x6x!quant.int<16, 0.5>>) -> tensor<4x6x!quant.int<8, 0.5>> {
  %real = quant.dequantize %a : tensor<4x6x!quant.int<16, 0.5>> -> tensor<4x6xf32>
  // expected-error@unknown {{'vit.add' at /Add: 'result' has elements !quant.int<8, 0.5>, expected !quant.int<16, 0.5> as 'left' has}}
  %sum = vit.add %real, %real : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32> loc("/Add")
  %integers = quant.quantize %sum : tensor<4x6xf32> -> tensor<4x6x!quant.int<8, 0.5>>
  func.return %integers : tensor<4x6x!quant.int<8, 0.5>>
}

// -----

func.func @reshaped(%a: tensor<4x6x!quant.int<16, 0.5>>, %b: tensor<24xf32>) -> tensor<4x6x!quant.int<16, 0.5>> {
  %left = quant.dequantize %a : tensor<4x6x!quant.int<16, 0.5>> -> tensor<4x6xf32>
  %right = vit.reshape %b : tensor<24xf32> -> tensor<4x6xf32> loc("/Reshape")
  // expected-error@unknown {{'vit.add' at /Add: 'right' comes from 'vit.reshape' at /Reshape, expected 'quant.dequantize': run quantize-activations and sink-dequantize first}}
  %sum = vit.add %left, %right : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32> loc("/Add")
  %integers = quant.quantize %sum : tensor<4x6xf32> -> tensor<4x6x!quant.int<16, 0.5>>
  func.return %integers : tensor<4x6x!quant.int<16, 0.5>>
}
