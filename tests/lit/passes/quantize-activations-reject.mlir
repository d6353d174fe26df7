// RUN: vaqf-opt %s -p quantize-activations --verify-diagnostics --split-input-file

func.func @forward(%x: tensor<4x6xf32> {quant.range = #quant.range<-1.0, 1.0, mean_magnitude = 0.5, root_mean_square = 0.5>}) -> tensor<4x6xf32> {
  // expected-error@unknown {{'vit.gelu' at /act: the result has no 'quant.range': run calibrate-activations first}}
  %gelu = vit.gelu %x : tensor<4x6xf32> -> tensor<4x6xf32> loc("/act")
  func.return %gelu : tensor<4x6xf32>
}

// -----

// expected-error@+1 {{'func.func': argument 'image' has no 'quant.range': run calibrate-activations first}}
func.func @forward(%x: tensor<4x6xf32> {vaqf.name = "image"}) -> tensor<4x6xf32> {
  %gelu = vit.gelu %x {quant.range = #quant.range<-1.0, 1.0, mean_magnitude = 0.5, root_mean_square = 0.5>} : tensor<4x6xf32> -> tensor<4x6xf32>
  func.return %gelu : tensor<4x6xf32>
}

// -----

func.func @forward(%x: tensor<4x6xf32> {quant.range = #quant.range<-1.0, 1.0, mean_magnitude = 0.5, root_mean_square = 0.5>}) -> tensor<4x6xf32> {
  // expected-error@unknown {{'vit.add' at /Add: the result has no 'quant.range': run calibrate-activations first}}
  %sum = vit.add %x, %x : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32> loc("/Add")
  func.return %sum : tensor<4x6xf32>
}

// -----

func.func @forward(%x: tensor<4x6xf32> {quant.range = #quant.range<-1.0, 1.0, mean_magnitude = 0.5, root_mean_square = 0.5>}) -> tensor<4x6xf32> {
  // expected-error@unknown {{'vit.gelu' at /act: 'quant.range' of the result is 3 : i64, expected a #quant.range}}
  %gelu = vit.gelu %x {quant.range = 3 : i64} : tensor<4x6xf32> -> tensor<4x6xf32> loc("/act")
  func.return %gelu : tensor<4x6xf32>
}

// -----

// A model that rounds two values of the residual stream to different formats.
func.func @forward(%x: tensor<4x6xf32> {quant.range = #quant.range<-1.0, 1.0, mean_magnitude = 0.5, root_mean_square = 0.5>}) -> tensor<4x6xf32> {
  %integers = quant.quantize %x : tensor<4x6xf32> -> tensor<4x6x!quant.int<8, 0.5>> loc("/input")
  %real = quant.dequantize %integers : tensor<4x6x!quant.int<8, 0.5>> -> tensor<4x6xf32>
  %sum = vit.add %real, %real {quant.range = #quant.range<-1.0, 1.0, mean_magnitude = 0.5, root_mean_square = 0.5>} : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32>
  // expected-error@unknown {{'quant.quantize' at /sum: it rounds to !quant.int<16, 0.25>, and 'quant.quantize' at /input to !quant.int<8, 0.5>, what additions connect: expected one format for all of the residual stream, or none}}
  %sum_integers = quant.quantize %sum : tensor<4x6xf32> -> tensor<4x6x!quant.int<16, 0.25>> loc("/sum")
  %sum_real = quant.dequantize %sum_integers : tensor<4x6x!quant.int<16, 0.25>> -> tensor<4x6xf32>
  func.return %sum_real : tensor<4x6xf32>
}
