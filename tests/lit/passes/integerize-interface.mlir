// RUN: vaqf-opt %s -p integerize-interface | filecheck %s

func.func @forward(%x: tensor<1x6xf32> {vaqf.name = "image"}, %y: tensor<1x6x!quant.int<8, 0.5>>) -> (tensor<1x6xf32> {vaqf.name = "logits"}, tensor<1x8x!quant.int<8, 0.5>>) {
  %integers = quant.quantize %x : tensor<1x6xf32> -> tensor<1x6x!quant.int<8, 0.5>>
  %sum = quant.add %integers, %y : tensor<1x6x!quant.int<8, 0.5>>, tensor<1x6x!quant.int<8, 0.5>> -> tensor<1x6x!quant.int<8, 0.5>>
  %real = quant.dequantize %sum : tensor<1x6x!quant.int<8, 0.5>> -> tensor<1x6xf32>
  %weight = vit.parameter @fc.weight : tensor<8x6xf32>
  %signs, %scale = quant.binarize %weight : tensor<8x6xf32> -> tensor<8x6x!quant.binary>, tensor<8xf32>
  %sums = quant.linear %sum, %signs : tensor<1x6x!quant.int<8, 0.5>>, tensor<8x6x!quant.binary> -> tensor<1x8xi11>
  %multiplier, %offset = quant.requantize_parameters %scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 10 : i64} : tensor<8xf32> -> tensor<8xi18>, tensor<8xi48>
  %fc = quant.requantize %sums, %multiplier, %offset {shift = 10 : i64} : tensor<1x8xi11>, tensor<8xi18>, tensor<8xi48> -> tensor<1x8x!quant.int<8, 0.5>>
  func.return %real, %fc : tensor<1x6xf32>, tensor<1x8x!quant.int<8, 0.5>>
}
// Names stay. What is quantized already stays, and weights are prepared from real values as before.
// CHECK:       func.func @forward(%x: tensor<1x6x!quant.int<8, 0.5>> {vaqf.name = "image"}, %y: tensor<1x6x!quant.int<8, 0.5>>) -> (tensor<1x6x!quant.int<8, 0.5>> {vaqf.name = "logits"}, tensor<1x8x!quant.int<8, 0.5>>)
// CHECK-NEXT:    %sum = quant.add %x, %y
// CHECK-NEXT:    %weight = vit.parameter @fc.weight : tensor<8x6xf32>
// CHECK-NEXT:    %signs, %scale = quant.binarize %weight
// CHECK:         func.return %sum, %fc : tensor<1x6x!quant.int<8, 0.5>>, tensor<1x8x!quant.int<8, 0.5>>
