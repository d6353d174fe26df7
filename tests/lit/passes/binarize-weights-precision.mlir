// RUN: vaqf-opt %s -p 'binarize-weights{precision="fc1: w8; patch, head: w1"}' | filecheck %s
// RUN: vaqf-opt %s -p 'binarize-weights{precision="fc1: w1a4" only-by-rule=true}' | filecheck %s --check-prefix ONLY

// A rule decides about the layers that it names: a weight of one bit becomes binary, that of a head or of a patch
// embedding, too, and one of another width is left to quantize-weights.
func.func @forward(%image: tensor<1x4x4xf32>) -> tensor<4x2xf32> {
  %patch_weight = vit.parameter @patch.weight : tensor<6x1x2x2xf32>
  %x = vit.patch_embedding %image, %patch_weight : tensor<1x4x4xf32>, tensor<6x1x2x2xf32> -> tensor<4x6xf32> loc("/patch/Conv")
  %fc1_weight = vit.parameter @fc1.weight : tensor<8x6xf32>
  %fc1 = vit.linear %x, %fc1_weight : tensor<4x6xf32>, tensor<8x6xf32> -> tensor<4x8xf32> loc("/fc1/MatMul")
  %fc2_weight = vit.parameter @fc2.weight : tensor<6x8xf32>
  %fc2 = vit.linear %fc1, %fc2_weight : tensor<4x8xf32>, tensor<6x8xf32> -> tensor<4x6xf32> loc("/fc2/MatMul")
  %head_weight = vit.parameter @head.weight : tensor<2x6xf32>
  %head = vit.linear %fc2, %head_weight : tensor<4x6xf32>, tensor<2x6xf32> -> tensor<4x2xf32> loc("/head/Gemm")
  func.return %head : tensor<4x2xf32>
}
// CHECK:       %patch_weight_matrix = vit.reshape %patch_weight : tensor<6x1x2x2xf32> -> tensor<6x4xf32>
// CHECK-NEXT:  %patch_weight_signs, %patch_weight_scale = quant.binarize %patch_weight_matrix
// CHECK-NEXT:  %patch_weight_rounded = quant.dequantize_weight %patch_weight_signs, %patch_weight_scale
// CHECK-NEXT:  %patch_weight_kernel = vit.reshape %patch_weight_rounded : tensor<6x4xf32> -> tensor<6x1x2x2xf32>
// CHECK-NEXT:  vit.patch_embedding %image, %patch_weight_kernel
// CHECK:       vit.linear %x, %fc1_weight :
// CHECK:       quant.binarize %fc2_weight
// CHECK:       quant.binarize %head_weight

// ONLY:        vit.patch_embedding %image, %patch_weight :
// ONLY:        quant.binarize %fc1_weight
// ONLY:        vit.linear %fc1, %fc2_weight :
// ONLY:        vit.linear %fc2, %head_weight :
