// RUN: not vaqf-opt %s -p 'binarize-weights{precision="fc: w1; fc3: w1"}' 2>&1 | filecheck %s --check-prefix NAME
// RUN: not vaqf-opt %s -p 'binarize-weights{precision="fc: w1,"}' 2>&1 | filecheck %s --check-prefix SYNTAX
// RUN: not vaqf-opt %s -p 'binarize-weights{precision="board zcu102 {}"}' 2>&1 | filecheck %s --check-prefix BOARD
// RUN: not vaqf-opt %s -p 'binarize-weights{precision="attn: w1"}' 2>&1 | filecheck %s --check-prefix ATTENTION
// RUN: not vaqf-opt %s -p 'quantize-weights,binarize-weights{precision="fc: w1"}' 2>&1 | filecheck %s --check-prefix ROUNDED

func.func @forward(%x: tensor<4x6xf32>, %p: tensor<2x4x4xf32>) -> tensor<4x6xf32> {
  %fc_weight = vit.parameter @fc.weight : tensor<6x6xf32>
  %fc = vit.linear %x, %fc_weight : tensor<4x6xf32>, tensor<6x6xf32> -> tensor<4x6xf32> loc("/fc/MatMul")
  %attn = vit.attention_values %p, %fc : tensor<2x4x4xf32>, tensor<4x6xf32> -> tensor<4x6xf32> loc("/attn/MatMul")
  func.return %attn : tensor<4x6xf32>
}
// NAME:           precision:1:9: no layer is called 'fc3', the nearest is 'fc'
// NAME-NEXT:      fc: w1; fc3: w1
// NAME-NEXT: {{^}}        ^^^
// SYNTAX:         precision:1:7: expected ';' or the end, got ','
// BOARD:          precision:1:7: expected rules for layers, not a board
// ATTENTION:      precision:1:1: 'attn' has no weights, expected no w
// ROUNDED:        'vit.linear' at /fc/MatMul: the weight is rounded to 8 bits already, a rule gives it 1
