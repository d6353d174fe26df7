// RUN: vaqf-opt %models/families/timm_patch8.legacy17.onnx -p '%to_vit,calibrate-activations,quantize-activations{bits=4},sink-dequantize,integerize-layer-norms' --print-debuginfo | filecheck %s

// CHECK:       %blocks_0_norm1_multiplier, %blocks_0_norm1_offset = quant.layer_norm_parameters %blocks_0_norm1_weight, %blocks_0_norm1_bias {output = !quant.int<4, [[FIRST:.*]]>, shift = [[BLOCK:[0-9]+]] : i64} : tensor<36xf32>, tensor<36xf32> -> tensor<36xi18>, tensor<36xi48> loc("/blocks/blocks.0/norm1/LayerNormalization")
// CHECK-NEXT:  %blocks_0_norm1 = quant.layer_norm %sum_integers, %blocks_0_norm1_multiplier, %blocks_0_norm1_offset {epsilon = {{[0-9]+}} : i64, shift = [[BLOCK]] : i64} : tensor<17x36x!quant.int<16, {{.*}}>>, tensor<36xi18>, tensor<36xi48> -> tensor<17x36x!quant.int<4, [[FIRST]]>> loc("/blocks/blocks.0/norm1/LayerNormalization")
// CHECK-NEXT:  %blocks_0_norm1_rounded = quant.dequantize %blocks_0_norm1
// CHECK:       %blocks_1_norm2 = quant.layer_norm {{.*}}, shift = [[BLOCK]] : i64}
// The input of the head is wider: another group, and a selected token like any other input.
// CHECK:       %token = vit.select_token {{.*}} -> tensor<1x36x!quant.int<16,
// CHECK:       %norm = quant.layer_norm %token, {{.*}} -> tensor<1x36x!quant.int<8,
// CHECK-NOT:   vit.layer_norm
