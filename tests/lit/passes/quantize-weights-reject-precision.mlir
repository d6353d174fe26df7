// RUN: not vaqf-opt %s -p 'quantize-weights{precision="fc: w1"}' 2>&1 | filecheck %s --check-prefix REAL
// RUN: not vaqf-opt %s -p 'binarize-weights,quantize-weights{precision="fc: w8"}' 2>&1 | filecheck %s --check-prefix BINARY

func.func @forward(%x: tensor<4x6xf32>, %p: tensor<2x4x4xf32>) -> tensor<4x6xf32> {
  %fc_weight = vit.parameter @fc.weight : tensor<6x6xf32>
  %fc = vit.linear %x, %fc_weight : tensor<4x6xf32>, tensor<6x6xf32> -> tensor<4x6xf32> loc("/fc/MatMul")
  %attn = vit.attention_values %p, %fc : tensor<2x4x4xf32>, tensor<4x6xf32> -> tensor<4x6xf32> loc("/attn/MatMul")
  func.return %attn : tensor<4x6xf32>
}
// REAL:   'vit.linear' at /fc/MatMul: the weight is real, a rule gives it 1 bit: run binarize-weights first
// BINARY: 'vit.linear' at /fc/MatMul: the weight is rounded to 1 bits already, a rule gives it 8
