// RUN: vaqf-opt %models/families/timm_patch8.legacy17.onnx -p '%to_vit,binarize-weights,quantize-weights,calibrate-activations,quantize-activations,sink-dequantize,integerize-linears' --print-debuginfo | filecheck %s

// The patch embedding becomes a linear on pixels.
// CHECK:       %patch_embed_proj_pixels = quant.extract_patches %image {patch = array<i64: 8, 8>, order = "colours_first"} : tensor<3x32x32x!quant.int<8, [[PIXEL:.*]]>> -> tensor<16x192x!quant.int<8, [[PIXEL]]>> loc("/patch_embed/proj/Conv")
// CHECK-NEXT:  %patch_embed_proj_sums = quant.linear %patch_embed_proj_pixels, %patch_embed_proj_weight_integers : tensor<16x192x!quant.int<8, {{.*}}>>, tensor<36x192xi8> -> tensor<16x36xi23> loc("/patch_embed/proj/Conv")
// CHECK-NEXT:  %patch_embed_proj_multiplier, %patch_embed_proj_offset = quant.requantize_parameters %patch_embed_proj_weight_scale, %patch_embed_proj_bias {input_scale = {{.*}}, output = !quant.int<16, [[STREAM:.*]]>, shift = [[WIDE:[0-9]+]] : i64}
// CHECK-NEXT:  %patch_embed_proj = quant.requantize %patch_embed_proj_sums, %patch_embed_proj_multiplier, %patch_embed_proj_offset {shift = [[WIDE]] : i64} : tensor<16x36xi23>, tensor<36xi18>, tensor<36xi48> -> tensor<16x36x!quant.int<16, [[STREAM]]>>
// Binary layers with equal widths have the same shift, whatever their shapes.
// CHECK:       %blocks_0_attn_qkv_query_sums = quant.linear %blocks_0_norm1_integers, %blocks_0_attn_qkv_query_weight_signs : tensor<17x36x!quant.int<8, {{.*}}>>, tensor<36x36x!quant.binary> -> tensor<17x36xi14>
// CHECK:       %blocks_0_attn_qkv_query = quant.requantize {{.*}} {shift = [[ENCODER:[0-9]+]] : i64} : {{.*}} -> tensor<17x36x!quant.int<8,
// CHECK:       %blocks_0_attn_proj = quant.requantize {{.*}} {shift = [[STORE:[0-9]+]] : i64} : {{.*}} -> tensor<17x36x!quant.int<16,
// CHECK:       %blocks_0_mlp_fc1 = quant.requantize {{.*}} {shift = [[ENCODER]] : i64} : {{.*}} -> tensor<17x144x!quant.int<8,
// Other ops still compute on real values.
// CHECK-NEXT:  %blocks_0_mlp_fc1_rounded = quant.dequantize %blocks_0_mlp_fc1
// CHECK-NEXT:  %blocks_0_mlp_act = vit.gelu %blocks_0_mlp_fc1_rounded
// CHECK:       %blocks_0_mlp_fc2 = quant.requantize {{.*}} {shift = [[STORE]] : i64} : {{.*}} -> tensor<17x36x!quant.int<16,
// CHECK:       %blocks_1_mlp_fc1 = quant.requantize {{.*}} {shift = [[ENCODER]] : i64} : {{.*}} -> tensor<17x144x!quant.int<8,
// The head has the widths and the kind of weight of the patch embedding.
// CHECK:       %head = quant.requantize {{.*}} {shift = [[WIDE]] : i64} : {{.*}} -> tensor<1x10x!quant.int<16,
// CHECK-NOT:   quant.dequantize_weight
