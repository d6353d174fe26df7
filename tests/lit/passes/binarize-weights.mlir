// RUN: vaqf-opt %s -p binarize-weights | filecheck %s
// RUN: vaqf-opt %s -p 'binarize-weights{per-tensor=true}' | filecheck %s --check-prefix TENSOR
// RUN: vaqf-opt %s -p binarize-weights --print-debuginfo | filecheck %s --check-prefix LOCATION

func.func @encoder(%x: tensor<5x6xf32>) -> tensor<1x2xf32> {
  %fc_weight = vit.parameter @fc.weight : tensor<8x6xf32>
  %fc_bias = vit.parameter @fc.bias : tensor<8xf32>
  %fc = vit.linear %x, %fc_weight, %fc_bias : tensor<5x6xf32>, tensor<8x6xf32>, tensor<8xf32> -> tensor<5x8xf32> loc("/fc")
  %token = vit.select_token %fc[0] : tensor<5x8xf32> -> tensor<1x8xf32>
  %head_weight = vit.parameter @head.weight : tensor<2x8xf32>
  %head = vit.linear %token, %head_weight : tensor<1x8xf32>, tensor<2x8xf32> -> tensor<1x2xf32>
  func.return %head : tensor<1x2xf32>
}
// CHECK:       func.func @encoder
// CHECK:         %fc_weight_signs, %fc_weight_scale = quant.binarize %fc_weight : tensor<8x6xf32> -> tensor<8x6x!quant.binary>, tensor<8xf32>
// CHECK-NEXT:    %fc_weight_rounded = quant.dequantize_weight %fc_weight_signs, %fc_weight_scale : tensor<8x6x!quant.binary>, tensor<8xf32> -> tensor<8x6xf32>
// CHECK-NEXT:    %fc = vit.linear %x, %fc_weight_rounded, %fc_bias
// The head is the linear whose result is returned.
// CHECK:         %head = vit.linear %token, %head_weight :
// TENSOR:        quant.binarize %fc_weight {per_tensor}
// LOCATION:      quant.binarize {{.*}} loc("/fc")
// LOCATION-NEXT: quant.dequantize_weight {{.*}} loc("/fc")
// LOCATION-NEXT: vit.linear {{.*}} loc("/fc")

// The head is still the head when its result is rounded and reshaped.
func.func @rounded_head(%x: tensor<1x8xf32>) -> tensor<2xf32> {
  %head_weight = vit.parameter @head.weight : tensor<2x8xf32>
  %head = vit.linear %x, %head_weight : tensor<1x8xf32>, tensor<2x8xf32> -> tensor<1x2xf32>
  %integers = quant.quantize %head : tensor<1x2xf32> -> tensor<1x2x!quant.int<16, 0.5>>
  %rounded = quant.dequantize %integers : tensor<1x2x!quant.int<16, 0.5>> -> tensor<1x2xf32>
  %logits = vit.reshape %rounded : tensor<1x2xf32> -> tensor<2xf32>
  func.return %logits : tensor<2xf32>
}
// CHECK:       func.func @rounded_head
// CHECK-NOT:     quant.binarize

// A patch embedding is no linear, and a weight that has a number format keeps it.
func.func @left_alone(%image: tensor<3x4x4xf32>) -> tensor<4x6xf32> {
  %patch_weight = vit.parameter @patch.weight : tensor<6x3x2x2xf32>
  %patches = vit.patch_embedding %image, %patch_weight : tensor<3x4x4xf32>, tensor<6x3x2x2xf32> -> tensor<4x6xf32>
  %weight = vit.parameter @fc.weight : tensor<6x6xf32>
  %integers, %scale = quant.quantize_weight %weight : tensor<6x6xf32> -> tensor<6x6xi8>, tensor<6xf32>
  %rounded = quant.dequantize_weight %integers, %scale : tensor<6x6xi8>, tensor<6xf32> -> tensor<6x6xf32>
  %fc = vit.linear %patches, %rounded : tensor<4x6xf32>, tensor<6x6xf32> -> tensor<4x6xf32>
  %gelu = vit.gelu %fc : tensor<4x6xf32> -> tensor<4x6xf32>
  func.return %gelu : tensor<4x6xf32>
}
// CHECK:       func.func @left_alone
// CHECK-NOT:     quant.binarize
// CHECK:         vit.linear %patches, %rounded

// Nor is a linear on patches an encoder's, whatever normalises them first.
func.func @patches(%image: tensor<3x4x4xf32>) -> tensor<4x6xf32> {
  %pixels = vit.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_last"} : tensor<3x4x4xf32> -> tensor<4x12xf32>
  %gamma = vit.parameter @gamma : tensor<12xf32>
  %norm = vit.layer_norm %pixels, %gamma {epsilon = 1.0e-05 : f64} : tensor<4x12xf32>, tensor<12xf32> -> tensor<4x12xf32>
  %weight = vit.parameter @patch.weight : tensor<6x12xf32>
  %embedded = vit.linear %norm, %weight : tensor<4x12xf32>, tensor<6x12xf32> -> tensor<4x6xf32>
  %gelu = vit.gelu %embedded : tensor<4x6xf32> -> tensor<4x6xf32>
  func.return %gelu : tensor<4x6xf32>
}
// CHECK:       func.func @patches
// CHECK-NOT:     quant.binarize

// Two heads are left alone, the linear whose result goes into the encoder is not.
func.func @two_heads(%x: tensor<2x6xf32>) -> tensor<1x2xf32> {
  %fc_weight = vit.parameter @fc.weight : tensor<6x6xf32>
  %fc = vit.linear %x, %fc_weight : tensor<2x6xf32>, tensor<6x6xf32> -> tensor<2x6xf32>
  %sum = vit.add %x, %fc : tensor<2x6xf32>, tensor<2x6xf32> -> tensor<2x6xf32>
  %class = vit.select_token %sum[0] : tensor<2x6xf32> -> tensor<1x6xf32>
  %distilled = vit.select_token %sum[1] : tensor<2x6xf32> -> tensor<1x6xf32>
  %first_weight = vit.parameter @head.weight : tensor<2x6xf32>
  %second_weight = vit.parameter @head_dist.weight : tensor<2x6xf32>
  %first = vit.linear %class, %first_weight : tensor<1x6xf32>, tensor<2x6xf32> -> tensor<1x2xf32>
  %second = vit.linear %distilled, %second_weight : tensor<1x6xf32>, tensor<2x6xf32> -> tensor<1x2xf32>
  %logits = vit.add %first, %second : tensor<1x2xf32>, tensor<1x2xf32> -> tensor<1x2xf32>
  func.return %logits : tensor<1x2xf32>
}
// CHECK:       func.func @two_heads
// CHECK:         quant.binarize %fc_weight
// CHECK-NOT:     quant.binarize
