// RUN: vaqf-opt %s -p integerize-interface --verify-diagnostics --split-input-file

// expected-error@unknown {{ops still compute on real values: 'quant.dequantize' at /blocks.0/act, 'vit.gelu' at /blocks.0/act, 'quant.quantize' at /blocks.0/act; run the other integerize passes first}}
func.func @forward(%x: tensor<1x6x!quant.int<8, 0.5>>) -> tensor<1x6x!quant.int<8, 0.5>> {
  %real = quant.dequantize %x : tensor<1x6x!quant.int<8, 0.5>> -> tensor<1x6xf32> loc("/blocks.0/act")
  %gelu = vit.gelu %real : tensor<1x6xf32> -> tensor<1x6xf32> loc("/blocks.0/act")
  %integers = quant.quantize %gelu : tensor<1x6xf32> -> tensor<1x6x!quant.int<8, 0.5>> loc("/blocks.0/act")
  func.return %integers : tensor<1x6x!quant.int<8, 0.5>>
}

// -----

// expected-error@+1 {{'func.func': argument 'image' is used by 'vit.gelu' at /act, expected one 'quant.quantize': run quantize-activations first}}
func.func @forward(%x: tensor<1x6xf32> {vaqf.name = "image"}) -> tensor<1x6xf32> {
  %gelu = vit.gelu %x : tensor<1x6xf32> -> tensor<1x6xf32> loc("/act")
  func.return %gelu : tensor<1x6xf32>
}

// -----

func.func @forward(%x: tensor<1x6x!quant.int<8, 0.5>>) -> (tensor<6xf32> {vaqf.name = "logits"}) {
  %real = quant.dequantize %x : tensor<1x6x!quant.int<8, 0.5>> -> tensor<1x6xf32>
  %flat = vit.reshape %real : tensor<1x6xf32> -> tensor<6xf32> loc("/Reshape")
  // expected-error@+1 {{'func.return': result 'logits' comes from 'vit.reshape' at /Reshape, expected 'quant.dequantize': run quantize-activations and sink-dequantize first}}
  func.return %flat : tensor<6xf32>
}
