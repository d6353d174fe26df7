// RUN: vaqf-opt %s -p quantize-activations,sink-dequantize | filecheck %s

// The model rounds the image and the sum: they keep their formats, and what is added to the residual
// stream gets that of the sum. The first GELU gives the
// width that it takes, with a scale from its range.
func.func @forward(%x: tensor<4x6xf32> {quant.range = #quant.range<-1.0, 1.0, mean_magnitude = 0.5, root_mean_square = 0.5>}, %w: tensor<6xf32> {quant.range = #quant.range<0.0, 1.0, mean_magnitude = 0.5, root_mean_square = 0.5>}) -> tensor<4x6xf32> {
  %integers = quant.quantize %x : tensor<4x6xf32> -> tensor<4x6x!quant.int<5, 0.125>>
  %real = quant.dequantize %integers : tensor<4x6x!quant.int<5, 0.125>> -> tensor<4x6xf32>
  %act = vit.gelu %real {quant.range = #quant.range<-0.125, 1.0, mean_magnitude = 0.5, root_mean_square = 0.5>} : tensor<4x6xf32> -> tensor<4x6xf32>
  %more = vit.gelu %act {quant.range = #quant.range<-0.125, 1.0, mean_magnitude = 0.5, root_mean_square = 0.5>} : tensor<4x6xf32> -> tensor<4x6xf32>
  %again = vit.gelu %more {quant.range = #quant.range<-0.125, 1.0, mean_magnitude = 0.5, root_mean_square = 0.5>} : tensor<4x6xf32> -> tensor<4x6xf32>
  %sum = vit.add %more, %again {quant.range = #quant.range<-1.0, 1.0, mean_magnitude = 0.5, root_mean_square = 0.5>} : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32>
  %sum_integers = quant.quantize %sum : tensor<4x6xf32> -> tensor<4x6x!quant.int<12, 0.25>>
  %sum_real = quant.dequantize %sum_integers : tensor<4x6x!quant.int<12, 0.25>> -> tensor<4x6xf32>
  func.return %sum_real : tensor<4x6xf32>
}
// CHECK:      quant.quantize %x : tensor<4x6xf32> -> tensor<4x6x!quant.int<5, 0.125>>
// CHECK-NOT:  quant.quantize %x
// CHECK:      quant.quantize %act : tensor<4x6xf32> -> tensor<4x6x!quant.int<5, 0.06666666666666667>>
// CHECK:      quant.quantize %more : tensor<4x6xf32> -> tensor<4x6x!quant.int<12, 0.25>>
// CHECK:      quant.quantize %again : tensor<4x6xf32> -> tensor<4x6x!quant.int<12, 0.25>>
// CHECK:      quant.quantize %sum : tensor<4x6xf32> -> tensor<4x6x!quant.int<12, 0.25>>
// CHECK-NOT:  quant.quantize
