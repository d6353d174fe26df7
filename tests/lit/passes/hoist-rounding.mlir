// RUN: vaqf-opt %s -p hoist-rounding | filecheck %s

// The rounding of a picked token moves up to the LayerNorm, that of the image to the argument. A
// value that nothing rounds is left alone.
func.func @forward(%x: tensor<1x4x6xf32> {vaqf.name = "x"}, %w: tensor<6xf32> {vaqf.name = "w"}) -> (tensor<1x6xf32> {vaqf.name = "y"}) {
  %matrix = vit.reshape %x : tensor<1x4x6xf32> -> tensor<4x6xf32>
  %matrix_integers = quant.quantize %matrix : tensor<4x6xf32> -> tensor<4x6x!quant.int<8, 0.5>>
  %matrix_rounded = quant.dequantize %matrix_integers : tensor<4x6x!quant.int<8, 0.5>> -> tensor<4x6xf32>
  %sum = vit.add %matrix_rounded, %matrix_rounded : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32>
  %norm = vit.layer_norm %sum, %w, %w {epsilon = 1.0e-6 : f64} : tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  %token = vit.select_token %norm[0] : tensor<4x6xf32> -> tensor<1x6xf32>
  %token_integers = quant.quantize %token : tensor<1x6xf32> -> tensor<1x6x!quant.int<8, 0.25>>
  %token_rounded = quant.dequantize %token_integers : tensor<1x6x!quant.int<8, 0.25>> -> tensor<1x6xf32>
  func.return %token_rounded : tensor<1x6xf32>
}
// CHECK:      %x_integers = quant.quantize %x : tensor<1x4x6xf32> -> tensor<1x4x6x!quant.int<8, 0.5>>
// CHECK-NEXT: %x_rounded = quant.dequantize %x_integers
// CHECK-NEXT: %matrix = vit.reshape %x_rounded
// CHECK-NEXT: %sum = vit.add %matrix, %matrix
// CHECK-NEXT: %norm = vit.layer_norm %sum
// CHECK-NEXT: %norm_integers = quant.quantize %norm : tensor<4x6xf32> -> tensor<4x6x!quant.int<8, 0.25>>
// CHECK-NEXT: %norm_rounded = quant.dequantize %norm_integers
// CHECK-NEXT: %token = vit.select_token %norm_rounded[0]
// CHECK-NEXT: func.return %token
