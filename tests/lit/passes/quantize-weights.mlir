// RUN: vaqf-opt %s -p quantize-weights | filecheck %s
// RUN: vaqf-opt %s -p 'quantize-weights{bits=16}' | filecheck %s --check-prefix WIDE
// RUN: vaqf-opt %s -p quantize-weights --print-debuginfo | filecheck %s --check-prefix LOCATION

func.func @forward(%image: tensor<3x4x4xf32>) -> tensor<4x2xf32> {
  %patch_weight = vit.parameter @patch.weight : tensor<6x3x2x2xf32>
  %patch_bias = vit.parameter @patch.bias : tensor<6xf32>
  %patches = vit.patch_embedding %image, %patch_weight, %patch_bias : tensor<3x4x4xf32>, tensor<6x3x2x2xf32>, tensor<6xf32> -> tensor<4x6xf32> loc("/patch/Conv")
  %fc_weight = vit.parameter @fc.weight : tensor<8x6xf32>
  %signs, %scale = quant.binarize %fc_weight : tensor<8x6xf32> -> tensor<8x6x!quant.binary>, tensor<8xf32>
  %rounded = quant.dequantize_weight %signs, %scale : tensor<8x6x!quant.binary>, tensor<8xf32> -> tensor<8x6xf32>
  %fc = vit.linear %patches, %rounded : tensor<4x6xf32>, tensor<8x6xf32> -> tensor<4x8xf32>
  %head_weight = vit.parameter @head.weight : tensor<2x8xf32>
  %head = vit.linear %fc, %head_weight : tensor<4x8xf32>, tensor<2x8xf32> -> tensor<4x2xf32> loc("/head/Gemm")
  func.return %head : tensor<4x2xf32>
}
// A kernel is rounded row by row: one scale for each output channel.
// CHECK:         %patch_weight_matrix = vit.reshape %patch_weight : tensor<6x3x2x2xf32> -> tensor<6x12xf32>
// CHECK-NEXT:    %patch_weight_integers, %patch_weight_scale = quant.quantize_weight %patch_weight_matrix : tensor<6x12xf32> -> tensor<6x12xi8>, tensor<6xf32>
// CHECK-NEXT:    %patch_weight_rounded = quant.dequantize_weight %patch_weight_integers, %patch_weight_scale : tensor<6x12xi8>, tensor<6xf32> -> tensor<6x12xf32>
// CHECK-NEXT:    %patch_weight_kernel = vit.reshape %patch_weight_rounded : tensor<6x12xf32> -> tensor<6x3x2x2xf32>
// CHECK-NEXT:    %patches = vit.patch_embedding %image, %patch_weight_kernel, %patch_bias
// Binary weights have their number format already.
// CHECK:         %fc = vit.linear %patches, %rounded :
// CHECK:         %head_weight_integers, %head_weight_scale = quant.quantize_weight %head_weight : tensor<2x8xf32> -> tensor<2x8xi8>, tensor<2xf32>
// CHECK-NEXT:    %head_weight_rounded = quant.dequantize_weight %head_weight_integers, %head_weight_scale
// CHECK-NEXT:    %head = vit.linear %fc, %head_weight_rounded :

// WIDE-COUNT-2: tensor<{{.*}}xi16>, tensor<{{.*}}xf32>

// LOCATION:      vit.reshape {{.*}} loc("/patch/Conv")
// LOCATION-NEXT: quant.quantize_weight {{.*}} loc("/patch/Conv")
// LOCATION:      quant.quantize_weight {{.*}} loc("/head/Gemm")
