// A whole network: every kind of value gets the format that docs/numerics.md assigns to it.
// RUN: vaqf-opt %models/families/timm_patch8.legacy17.onnx -p '%to_vit,calibrate-activations,quantize-activations{bits=6}' | filecheck %s --check-prefix NETWORK
// The formats follow from the ranges that the IR shows, and from nothing else.
// RUN: vaqf-opt %s -p 'quantize-activations{bits=8}' | filecheck %s
// RUN: vaqf-opt %s -p 'quantize-activations{bits=8}' --print-debuginfo | filecheck %s --check-prefix LOCATION
// RUN: vaqf-opt %s -p 'quantize-activations{bits=1}' | filecheck %s --check-prefix BINARY

// The image has at least 8 bits.
// NETWORK:      func.func @forward(%pixel_values: tensor<1x3x32x32xf32> {vaqf.name = "pixel_values"})
// NETWORK-NEXT:   %pixel_values_integers = quant.quantize %pixel_values : tensor<1x3x32x32xf32> -> tensor<1x3x32x32x!quant.int<8, {{.*}}>>
// NETWORK-NEXT:   %pixel_values_rounded = quant.dequantize %pixel_values_integers
// The residual stream has 16 bits and one scale, weights that are added to it included.
// NETWORK:        quant.quantize %cls_token_stored : tensor<1x1x36xf32> -> tensor<1x1x36x!quant.int<16, [[STREAM:.*]]>>
// NETWORK:        %image = vit.reshape %pixel_values_rounded
// NETWORK:        quant.quantize %patch_embed_proj : tensor<16x36xf32> -> tensor<16x36x!quant.int<16, [[STREAM]]>>
// NETWORK:        vit.concatenate %cls_token, %patch_embed_proj_rounded
// What ops only move is rounded already.
// NETWORK-NOT:    quant.quantize %tokens
// NETWORK:        quant.quantize %pos_embed_stored : tensor<1x17x36xf32> -> tensor<1x17x36x!quant.int<16, [[STREAM]]>>
// NETWORK:        vit.add %tokens, %pos_embed
// NETWORK-NEXT:   quant.quantize %sum : tensor<17x36xf32> -> tensor<17x36x!quant.int<16, [[STREAM]]>>
// What goes through the layers of a block has the bits that were asked for.
// NETWORK:        quant.quantize %blocks_0_norm1 : tensor<17x36xf32> -> tensor<17x36x!quant.int<6,
// NETWORK:        quant.quantize %blocks_0_attn_qkv_query : tensor<17x36xf32> -> tensor<17x36x!quant.int<6,
// NETWORK:        quant.quantize %blocks_0_attn_qkv_key : tensor<17x36xf32> -> tensor<17x36x!quant.int<6,
// NETWORK:        quant.quantize %blocks_0_attn_qkv_value : tensor<17x36xf32> -> tensor<17x36x!quant.int<6,
// The softmax takes scores exactly.
// NETWORK-NEXT:   %blocks_0_attn_qkv_value_rounded = quant.dequantize
// NETWORK-NEXT:   %blocks_0_attn_scores = vit.attention_scores %blocks_0_attn_qkv_query_rounded, %blocks_0_attn_qkv_key_rounded
// NETWORK-NEXT:   %blocks_0_attn_probabilities = vit.softmax %blocks_0_attn_scores
// NETWORK-NEXT:   quant.quantize %blocks_0_attn_probabilities : tensor<3x17x17xf32> -> tensor<3x17x17x!quant.uint<7,
// NETWORK:        quant.quantize %blocks_0_attn_values : tensor<17x36xf32> -> tensor<17x36x!quant.int<6,
// NETWORK:        quant.quantize %blocks_0_attn_proj : tensor<17x36xf32> -> tensor<17x36x!quant.int<16, [[STREAM]]>>
// NETWORK:        quant.quantize %blocks_0_sum : tensor<17x36xf32> -> tensor<17x36x!quant.int<16, [[STREAM]]>>
// NETWORK:        quant.quantize %blocks_0_mlp_fc1 : tensor<17x144xf32> -> tensor<17x144x!quant.int<6,
// NETWORK:        quant.quantize %blocks_0_mlp_act : tensor<17x144xf32> -> tensor<17x144x!quant.int<6,
// NETWORK:        quant.quantize %blocks_0_mlp_fc2 : tensor<17x36xf32> -> tensor<17x36x!quant.int<16, [[STREAM]]>>
// NETWORK:        quant.quantize %blocks_1_sum_{{.*}} : tensor<17x36xf32> -> tensor<17x36x!quant.int<16, [[STREAM]]>>
// The input of the head has at least 8 bits, the logits have 16.
// NETWORK:        vit.select_token
// NETWORK-NEXT:   %norm = vit.layer_norm
// NETWORK-NEXT:   quant.quantize %norm : tensor<1x36xf32> -> tensor<1x36x!quant.int<8,
// NETWORK:        quant.quantize %head : tensor<1x10xf32> -> tensor<1x10x!quant.int<16,
// NETWORK-NEXT:   %head_rounded = quant.dequantize
// NETWORK-NEXT:   func.return %head_rounded
// NETWORK-NOT:    quant.range

func.func @forward(%x: tensor<1x4x6xf32> {vaqf.name = "tokens", quant.range = #quant.range<-0.5, 0.25, mean_magnitude = 0.25, root_mean_square = 0.375>}) -> tensor<2x6xf32> {
  %tokens = vit.reshape %x {quant.range = #quant.range<-0.5, 0.25, mean_magnitude = 0.25, root_mean_square = 0.375>} : tensor<1x4x6xf32> -> tensor<4x6xf32>
  %gelu = vit.gelu %tokens {quant.range = #quant.range<-0.5, 1016.0, mean_magnitude = 4.0, root_mean_square = 8.0>} : tensor<4x6xf32> -> tensor<4x6xf32> loc("/act")
  %sum = vit.add %gelu, %gelu {quant.range = #quant.range<-32767.0, 0.0, mean_magnitude = 1.0, root_mean_square = 2.0>} : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32>
  %act = vit.gelu %sum {quant.range = #quant.range<-1.0, 1016.0, mean_magnitude = 4.0, root_mean_square = 8.0>} : tensor<4x6xf32> -> tensor<4x6xf32>
  %zero = vit.gelu %act {quant.range = #quant.range<0.0, 0.0, mean_magnitude = 0.0, root_mean_square = 0.0>} : tensor<4x6xf32> -> tensor<4x6xf32>
  %logits = vit.gelu %zero {quant.range = #quant.range<-65534.0, 1.0, mean_magnitude = 4.0, root_mean_square = 8.0>} : tensor<4x6xf32> -> tensor<4x6xf32>
  %two = vit.slice %logits from 1 {quant.range = #quant.range<-1.0, 1.0, mean_magnitude = 1.0, root_mean_square = 1.0>} : tensor<4x6xf32> -> tensor<2x6xf32>
  func.return %two : tensor<2x6xf32>
}
// CHECK:       func.func @forward(%x: tensor<1x4x6xf32> {vaqf.name = "tokens"}) -> tensor<2x6xf32>
// CHECK-NEXT:    %x_integers = quant.quantize %x : tensor<1x4x6xf32> -> tensor<1x4x6x!quant.int<8, 0.003937007874015748>>
// CHECK-NEXT:    %x_rounded = quant.dequantize %x_integers
// CHECK-NEXT:    %tokens = vit.reshape %x_rounded : tensor<1x4x6xf32> -> tensor<4x6xf32>
// CHECK-NEXT:    %gelu = vit.gelu %tokens : tensor<4x6xf32> -> tensor<4x6xf32>
// CHECK-NEXT:    %gelu_integers = quant.quantize %gelu : tensor<4x6xf32> -> tensor<4x6x!quant.int<16, 2.0>>
// CHECK-NEXT:    %gelu_rounded = quant.dequantize %gelu_integers
// CHECK-NEXT:    %sum = vit.add %gelu_rounded, %gelu_rounded :
// CHECK-NEXT:    quant.quantize %sum : tensor<4x6xf32> -> tensor<4x6x!quant.int<16, 2.0>>
// CHECK:         quant.quantize %act : tensor<4x6xf32> -> tensor<4x6x!quant.int<8, 8.0>>
// What was always zero stays so with any scale.
// CHECK:         quant.quantize %zero : tensor<4x6xf32> -> tensor<4x6x!quant.int<8, 1.0>>
// CHECK:         quant.quantize %logits : tensor<4x6xf32> -> tensor<4x6x!quant.int<16, 4.0>>
// CHECK-NEXT:    %logits_rounded = quant.dequantize
// CHECK-NEXT:    %two = vit.slice %logits_rounded from 1 : tensor<4x6xf32> -> tensor<2x6xf32>
// CHECK-NEXT:    func.return %two

// LOCATION:      quant.quantize %x {{.*}} loc("tokens")
// LOCATION-NEXT: quant.dequantize %x_integers {{.*}} loc("tokens")
// LOCATION:      quant.quantize %gelu {{.*}} loc("/act")
// LOCATION-NEXT: quant.dequantize %gelu_integers {{.*}} loc("/act")

// One bit stands for the mean magnitude.
// BINARY:        quant.quantize %act : tensor<4x6xf32> -> tensor<4x6x!quant.int<1, 4.0>>
