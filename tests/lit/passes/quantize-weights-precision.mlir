// RUN: vaqf-opt %s -p 'quantize-weights{precision="*: w16; fc2: w8; fc2: a4"}' | filecheck %s

// The last rule that says something of a weight decides.
func.func @forward(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %fc1_weight = vit.parameter @fc1.weight : tensor<8x6xf32>
  %fc1 = vit.linear %x, %fc1_weight : tensor<4x6xf32>, tensor<8x6xf32> -> tensor<4x8xf32> loc("/fc1/MatMul")
  %fc2_weight = vit.parameter @fc2.weight : tensor<6x8xf32>
  %fc2 = vit.linear %fc1, %fc2_weight : tensor<4x8xf32>, tensor<6x8xf32> -> tensor<4x6xf32> loc("/fc2/MatMul")
  func.return %fc2 : tensor<4x6xf32>
}
// CHECK:       quant.quantize_weight %fc1_weight : tensor<8x6xf32> -> tensor<8x6xi16>
// CHECK:       quant.quantize_weight %fc2_weight : tensor<6x8xf32> -> tensor<6x8xi8>
