// RUN: vaqf-opt %s -p 'quantize-activations{precision="patch: a9; attn: a5; attn.*: a7; fc1: a6; fc2: w1a4; fc2: w8"}' | filecheck %s

// What a linear layer takes has the width that a rule gives it, and so do the queries, keys and values of an attention.
// What a GELU takes has the width of what it gives. Probabilities have enough bits for all attentions.
func.func @forward(%image: tensor<1x6x4xf32> {vaqf.name = "image", quant.range = #quant.range<-2.0, 2.0, mean_magnitude = 0.5, root_mean_square = 1.0>}) -> (tensor<4x2xf32> {vaqf.name = "result"}) {
  %w = vit.parameter @w : tensor<6x6xf32>
  %head_w = vit.parameter @head : tensor<2x6xf32>
  %patch_w = vit.parameter @patch : tensor<6x1x3x2xf32>
  %x = vit.patch_embedding %image, %patch_w {quant.range = #quant.range<-2.0, 2.0, mean_magnitude = 0.5, root_mean_square = 1.0>} : tensor<1x6x4xf32>, tensor<6x1x3x2xf32> -> tensor<4x6xf32> loc("/patch/Conv")
  %q = vit.linear %x, %w {quant.range = #quant.range<-2.0, 2.0, mean_magnitude = 0.5, root_mean_square = 1.0>} : tensor<4x6xf32>, tensor<6x6xf32> -> tensor<4x6xf32> loc("/attn/q/MatMul")
  %k = vit.linear %x, %w {quant.range = #quant.range<-2.0, 2.0, mean_magnitude = 0.5, root_mean_square = 1.0>} : tensor<4x6xf32>, tensor<6x6xf32> -> tensor<4x6xf32> loc("/attn/k/MatMul")
  %v = vit.linear %x, %w {quant.range = #quant.range<-2.0, 2.0, mean_magnitude = 0.5, root_mean_square = 1.0>} : tensor<4x6xf32>, tensor<6x6xf32> -> tensor<4x6xf32> loc("/attn/v/MatMul")
  %scores = vit.attention_scores %q, %k {heads = 2 : i64, scale = 0.5 : f64, quant.range = #quant.range<-2.0, 2.0, mean_magnitude = 0.5, root_mean_square = 1.0>} : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<2x4x4xf32> loc("/attn/MatMul")
  %p = vit.softmax %scores {quant.range = #quant.range<-2.0, 2.0, mean_magnitude = 0.5, root_mean_square = 1.0>} : tensor<2x4x4xf32> -> tensor<2x4x4xf32> loc("/attn/Softmax")
  %mixed = vit.attention_values %p, %v {quant.range = #quant.range<-2.0, 2.0, mean_magnitude = 0.5, root_mean_square = 1.0>} : tensor<2x4x4xf32>, tensor<4x6xf32> -> tensor<4x6xf32> loc("/attn/MatMul_1")
  %fc1 = vit.linear %mixed, %w {quant.range = #quant.range<-2.0, 2.0, mean_magnitude = 0.5, root_mean_square = 1.0>} : tensor<4x6xf32>, tensor<6x6xf32> -> tensor<4x6xf32> loc("/fc1/MatMul")
  %act = vit.gelu %fc1 {quant.range = #quant.range<-2.0, 2.0, mean_magnitude = 0.5, root_mean_square = 1.0>} : tensor<4x6xf32> -> tensor<4x6xf32> loc("/act/Mul")
  %fc2 = vit.linear %act, %w {quant.range = #quant.range<-2.0, 2.0, mean_magnitude = 0.5, root_mean_square = 1.0>} : tensor<4x6xf32>, tensor<6x6xf32> -> tensor<4x6xf32> loc("/fc2/MatMul")
  %pos = vit.constant dense<1.0> : tensor<4x6xf32>
  %sum = vit.add %pos, %fc2 {quant.range = #quant.range<-2.0, 2.0, mean_magnitude = 0.5, root_mean_square = 1.0>} : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32> loc("/Add")
  %head = vit.linear %sum, %head_w {quant.range = #quant.range<-2.0, 2.0, mean_magnitude = 0.5, root_mean_square = 1.0>} : tensor<4x6xf32>, tensor<2x6xf32> -> tensor<4x2xf32> loc("/head/Gemm")
  func.return %head : tensor<4x2xf32>
}
// CHECK:       quant.quantize %image : tensor<1x6x4xf32> -> tensor<1x6x4x!quant.int<9, 0.00784313725490196>>
// CHECK:       quant.quantize %x : tensor<4x6xf32> -> tensor<4x6x!quant.int<7, 0.031746031746031744>>
// CHECK:       quant.quantize %q : tensor<4x6xf32> -> tensor<4x6x!quant.int<5, 0.13333333333333333>>
// CHECK:       quant.quantize %k : tensor<4x6xf32> -> tensor<4x6x!quant.int<5, 0.13333333333333333>>
// CHECK:       quant.quantize %v : tensor<4x6xf32> -> tensor<4x6x!quant.int<5, 0.13333333333333333>>
// CHECK:       quant.quantize %p : tensor<2x4x4xf32> -> tensor<2x4x4x!quant.uint<5, 0.03125>>
// CHECK:       quant.quantize %mixed : tensor<4x6xf32> -> tensor<4x6x!quant.int<6, 0.06451612903225806>>
// CHECK:       quant.quantize %fc1 : tensor<4x6xf32> -> tensor<4x6x!quant.int<4, 0.2857142857142857>>
// CHECK:       quant.quantize %act : tensor<4x6xf32> -> tensor<4x6x!quant.int<4, 0.2857142857142857>>
// CHECK:       quant.quantize %fc2 : tensor<4x6xf32> -> tensor<4x6x!quant.int<16, 0.00012207403790398877>>
