// RUN: vaqf-opt %s -p lower-vit-to-accel --split-input-file | filecheck %s

// What the residual stream starts with, and what is returned. Sums of parameters are prepared; one layer adds to its
// rows of them, or stores them.

// The position is added before the class token is put in front.
func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<3x4x!quant.int<16, 0.25>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %embed_real = vit.parameter @embed.weight : tensor<4x4xf32>
  %embed_weight, %embed_scale = quant.quantize_weight %embed_real : tensor<4x4xf32> -> tensor<4x4xi8>, tensor<4xf32>
  %embed_multiplier, %embed_offset = quant.requantize_parameters %embed_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %embed_sums = quant.linear %x, %embed_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4xi8> -> tensor<2x4xi17> loc("/embed/MatMul")
  %embed = quant.requantize %embed_sums, %embed_multiplier, %embed_offset {shift = 14 : i64} : tensor<2x4xi17>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/embed/MatMul")
  %class_real = vit.parameter @class : tensor<1x4xf32>
  %class = quant.quantize %class_real : tensor<1x4xf32> -> tensor<1x4x!quant.int<16, 0.25>>
  %position_real = vit.parameter @position : tensor<2x4xf32>
  %position = quant.quantize %position_real : tensor<2x4xf32> -> tensor<2x4x!quant.int<16, 0.25>>
  %positioned = quant.add %embed, %position : tensor<2x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<2x4x!quant.int<16, 0.25>> loc("/Add")
  %stream = vit.concatenate %class, %positioned : tensor<1x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<3x4x!quant.int<16, 0.25>> loc("/Concat")
  func.return %stream : tensor<3x4x!quant.int<16, 0.25>>
}
// CHECK:         %0 = vit.concatenate %class, %position : tensor<1x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<3x4x!quant.int<16, 0.25>>
// CHECK-NEXT:    %initial_tokens = accel.parameter %0 : tensor<3x4x!quant.int<16, 0.25>> -> memref<3x4xi16, #accel.dram>
// CHECK:       func.func @forward(%pixels: memref<1x2x4xi8, #accel.dram>
// CHECK:         %patches = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    %residual = accel.buffer : memref<3x4xi16, #accel.onchip>
// CHECK:         accel.load_matrix %initial_tokens to %residual : memref<3x4xi16, #accel.dram>, memref<3x4xi16, #accel.onchip>
// CHECK-NEXT:    accel.linear %patches, %embed_weight, %embed_multiplier, %embed_offset to %residual at %c1 sizes(%c2, %c4, %c4)
// CHECK-NEXT:    accel.checkpoint "embedding"[%c0], %residual : memref<3x4xi16, #accel.onchip>
// CHECK-NEXT:    accel.store_matrix %residual to %logits : memref<3x4xi16, #accel.onchip>, memref<3x4xi16, #accel.dram>

// -----

// Parameters may be in front and behind, and get positions of their own.
func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<5x4x!quant.int<16, 0.25>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %embed_real = vit.parameter @embed.weight : tensor<4x4xf32>
  %embed_weight, %embed_scale = quant.quantize_weight %embed_real : tensor<4x4xf32> -> tensor<4x4xi8>, tensor<4xf32>
  %embed_multiplier, %embed_offset = quant.requantize_parameters %embed_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %embed_sums = quant.linear %x, %embed_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4xi8> -> tensor<2x4xi17> loc("/embed/MatMul")
  %embed = quant.requantize %embed_sums, %embed_multiplier, %embed_offset {shift = 14 : i64} : tensor<2x4xi17>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/embed/MatMul")
  %class_real = vit.parameter @class : tensor<1x4xf32>
  %class = quant.quantize %class_real : tensor<1x4xf32> -> tensor<1x4x!quant.int<16, 0.25>>
  %registers_real = vit.parameter @registers : tensor<2x4xf32>
  %registers = quant.quantize %registers_real : tensor<2x4xf32> -> tensor<2x4x!quant.int<16, 0.25>>
  %position_real = vit.parameter @position : tensor<5x4xf32>
  %position = quant.quantize %position_real : tensor<5x4xf32> -> tensor<5x4x!quant.int<16, 0.25>>
  %tokens = vit.concatenate %class, %embed, %registers : tensor<1x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<5x4x!quant.int<16, 0.25>> loc("/Concat")
  %stream = quant.add %position, %tokens : tensor<5x4x!quant.int<16, 0.25>>, tensor<5x4x!quant.int<16, 0.25>> -> tensor<5x4x!quant.int<16, 0.25>> loc("/Add")
  func.return %stream : tensor<5x4x!quant.int<16, 0.25>>
}
// CHECK:         %0 = vit.slice %position from 0 : tensor<5x4x!quant.int<16, 0.25>> -> tensor<1x4x!quant.int<16, 0.25>>
// CHECK-NEXT:    %1 = quant.add %class, %0 : tensor<1x4x!quant.int<16, 0.25>>, tensor<1x4x!quant.int<16, 0.25>> -> tensor<1x4x!quant.int<16, 0.25>>
// CHECK-NEXT:    %2 = vit.slice %position from 1 : tensor<5x4x!quant.int<16, 0.25>> -> tensor<2x4x!quant.int<16, 0.25>>
// CHECK-NEXT:    %3 = vit.slice %position from 3 : tensor<5x4x!quant.int<16, 0.25>> -> tensor<2x4x!quant.int<16, 0.25>>
// CHECK-NEXT:    %4 = quant.add %registers, %3 : tensor<2x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<2x4x!quant.int<16, 0.25>>
// CHECK-NEXT:    %5 = vit.concatenate %1, %2, %4 : tensor<1x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<5x4x!quant.int<16, 0.25>>
// CHECK-NEXT:    %initial_tokens = accel.parameter %5 : tensor<5x4x!quant.int<16, 0.25>> -> memref<5x4xi16, #accel.dram>
// CHECK:       func.func @forward(%pixels: memref<1x2x4xi8, #accel.dram>
// CHECK:         %patches = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    %residual = accel.buffer : memref<5x4xi16, #accel.onchip>
// CHECK:         accel.load_matrix %initial_tokens to %residual : memref<5x4xi16, #accel.dram>, memref<5x4xi16, #accel.onchip>
// CHECK-NEXT:    accel.linear %patches, %embed_weight, %embed_multiplier, %embed_offset to %residual at %c1 sizes(%c2, %c4, %c4)
// CHECK-NEXT:    accel.checkpoint "embedding"[%c0], %residual : memref<5x4xi16, #accel.onchip>
// CHECK-NEXT:    accel.store_matrix %residual to %logits : memref<5x4xi16, #accel.onchip>, memref<5x4xi16, #accel.dram>

// -----

// Without a position the layer stores its rows behind those that are loaded.
func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<4x4x!quant.int<16, 0.25>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %embed_real = vit.parameter @embed.weight : tensor<4x4xf32>
  %embed_weight, %embed_scale = quant.quantize_weight %embed_real : tensor<4x4xf32> -> tensor<4x4xi8>, tensor<4xf32>
  %embed_multiplier, %embed_offset = quant.requantize_parameters %embed_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %embed_sums = quant.linear %x, %embed_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4xi8> -> tensor<2x4xi17> loc("/embed/MatMul")
  %embed = quant.requantize %embed_sums, %embed_multiplier, %embed_offset {shift = 14 : i64} : tensor<2x4xi17>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/embed/MatMul")
  %class_real = vit.parameter @class : tensor<1x4xf32>
  %class = quant.quantize %class_real : tensor<1x4xf32> -> tensor<1x4x!quant.int<16, 0.25>>
  %other_real = vit.parameter @other : tensor<1x4xf32>
  %other = quant.quantize %other_real : tensor<1x4xf32> -> tensor<1x4x!quant.int<16, 0.25>>
  %stream = vit.concatenate %class, %other, %embed : tensor<1x4x!quant.int<16, 0.25>>, tensor<1x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<4x4x!quant.int<16, 0.25>> loc("/Concat")
  func.return %stream : tensor<4x4x!quant.int<16, 0.25>>
}
// CHECK:         %0 = vit.concatenate %class, %other : tensor<1x4x!quant.int<16, 0.25>>, tensor<1x4x!quant.int<16, 0.25>> -> tensor<2x4x!quant.int<16, 0.25>>
// CHECK-NEXT:    %initial_tokens = accel.parameter %0 : tensor<2x4x!quant.int<16, 0.25>> -> memref<2x4xi16, #accel.dram>
// CHECK:       func.func @forward(%pixels: memref<1x2x4xi8, #accel.dram>
// CHECK:         %patches = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    %residual = accel.buffer : memref<4x4xi16, #accel.onchip>
// CHECK:         accel.load_matrix %initial_tokens to %residual : memref<2x4xi16, #accel.dram>, memref<4x4xi16, #accel.onchip>
// CHECK-NEXT:    accel.linear %patches, %embed_weight, %embed_multiplier, %embed_offset to %residual at %c2 sizes(%c2, %c4, %c4)
// CHECK-NEXT:    accel.checkpoint "embedding"[%c0], %residual : memref<4x4xi16, #accel.onchip>
// CHECK-NEXT:    accel.store_matrix %residual to %logits : memref<4x4xi16, #accel.onchip>, memref<4x4xi16, #accel.dram>

// -----

// A LayerNorm adds its tokens to their positions.
func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<2x4x!quant.int<16, 0.25>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %embed_real = vit.parameter @embed.weight : tensor<4x4xf32>
  %embed_weight, %embed_scale = quant.quantize_weight %embed_real : tensor<4x4xf32> -> tensor<4x4xi8>, tensor<4xf32>
  %embed_multiplier, %embed_offset = quant.requantize_parameters %embed_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %embed_sums = quant.linear %x, %embed_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4xi8> -> tensor<2x4xi17> loc("/embed/MatMul")
  %embed = quant.requantize %embed_sums, %embed_multiplier, %embed_offset {shift = 14 : i64} : tensor<2x4xi17>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/embed/MatMul")
  %norm_gamma = vit.parameter @norm.weight : tensor<4xf32>
  %norm_multiplier, %norm_offset = quant.layer_norm_parameters %norm_gamma {output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %norm = quant.layer_norm %embed, %norm_multiplier, %norm_offset {epsilon = 9 : i64, shift = 14 : i64} : tensor<2x4x!quant.int<16, 0.25>>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/norm/LayerNormalization")
  %position_real = vit.parameter @position : tensor<2x4xf32>
  %position = quant.quantize %position_real : tensor<2x4xf32> -> tensor<2x4x!quant.int<16, 0.25>>
  %stream = quant.add %norm, %position : tensor<2x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<2x4x!quant.int<16, 0.25>> loc("/Add")
  func.return %stream : tensor<2x4x!quant.int<16, 0.25>>
}
// CHECK:         %initial_tokens = accel.parameter %position : tensor<2x4x!quant.int<16, 0.25>> -> memref<2x4xi16, #accel.dram>
// CHECK:       func.func @forward(%pixels: memref<1x2x4xi8, #accel.dram>
// CHECK:         %patches = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    %embedded = accel.buffer : memref<2x4xi16, #accel.onchip>
// CHECK:         %residual = accel.buffer : memref<2x4xi16, #accel.onchip>
// CHECK:         accel.linear %patches, %embed_weight, %embed_multiplier, %embed_offset to %embedded at %c0 sizes(%c2, %c4, %c4)
// CHECK-NEXT:    accel.checkpoint "embedded"[%c0], %embedded {trace_only}
// CHECK-NEXT:    accel.load_matrix %initial_tokens to %residual : memref<2x4xi16, #accel.dram>, memref<2x4xi16, #accel.onchip>
// CHECK-NEXT:    accel.layer_norm %embedded at %c0, %norm_multiplier, %norm_offset to %residual at %c0 sizes(%c2, %c4)
// CHECK-NEXT:    accel.checkpoint "embedding"[%c0], %residual : memref<2x4xi16, #accel.onchip>
// CHECK-NEXT:    accel.store_matrix %residual to %logits : memref<2x4xi16, #accel.onchip>, memref<2x4xi16, #accel.dram>

// -----

// Where nothing is added or put in front, the residual stream is what the first layer stores.
func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<2x4x!quant.int<16, 0.25>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %embed_real = vit.parameter @embed.weight : tensor<4x4xf32>
  %embed_weight, %embed_scale = quant.quantize_weight %embed_real : tensor<4x4xf32> -> tensor<4x4xi8>, tensor<4xf32>
  %embed_multiplier, %embed_offset = quant.requantize_parameters %embed_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %embed_sums = quant.linear %x, %embed_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4xi8> -> tensor<2x4xi17> loc("/embed/MatMul")
  %embed = quant.requantize %embed_sums, %embed_multiplier, %embed_offset {shift = 14 : i64} : tensor<2x4xi17>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/embed/MatMul")
  %norm_gamma = vit.parameter @norm.weight : tensor<4xf32>
  %norm_multiplier, %norm_offset = quant.layer_norm_parameters %norm_gamma {output = !quant.int<8, 0.5>, shift = 25 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %norm = quant.layer_norm %embed, %norm_multiplier, %norm_offset {epsilon = 9 : i64, shift = 25 : i64} : tensor<2x4x!quant.int<16, 0.25>>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<8, 0.5>> loc("/norm/LayerNormalization")
  %fc_real = vit.parameter @fc.weight : tensor<4x4xf32>
  %fc_weight, %fc_scale = quant.quantize_weight %fc_real : tensor<4x4xf32> -> tensor<4x4xi8>, tensor<4xf32>
  %fc_multiplier, %fc_offset = quant.requantize_parameters %fc_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %fc_sums = quant.linear %norm, %fc_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4xi8> -> tensor<2x4xi17> loc("/fc/MatMul")
  %fc = quant.requantize %fc_sums, %fc_multiplier, %fc_offset {shift = 14 : i64} : tensor<2x4xi17>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/fc/MatMul")
  %stream = quant.add %embed, %fc : tensor<2x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<2x4x!quant.int<16, 0.25>> loc("/Add")
  func.return %stream : tensor<2x4x!quant.int<16, 0.25>>
}
// CHECK:       func.func @forward(%pixels: memref<1x2x4xi8, #accel.dram>
// CHECK:         %patches = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    %residual = accel.buffer : memref<2x4xi16, #accel.onchip>
// CHECK:         %normed = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK:         accel.linear %patches, %embed_weight, %embed_multiplier, %embed_offset to %residual at %c0 sizes(%c2, %c4, %c4)
// CHECK-NEXT:    accel.checkpoint "embedding"[%c0], %residual : memref<2x4xi16, #accel.onchip>
// CHECK-NEXT:    accel.layer_norm %residual at %c0, %norm_multiplier, %norm_offset to %normed at %c0 sizes(%c2, %c4)
// CHECK-NEXT:    accel.checkpoint "normed"[%c0], %normed {trace_only}
// CHECK-NEXT:    accel.linear %normed, %fc_weight, %fc_multiplier, %fc_offset to %residual at %c0 sizes(%c2, %c4, %c4)
// CHECK-NEXT:    accel.checkpoint "mlp"[%c0], %residual : memref<2x4xi16, #accel.onchip>
// CHECK-NEXT:    accel.store_matrix %residual to %logits : memref<2x4xi16, #accel.onchip>, memref<2x4xi16, #accel.dram>

// -----

// The second of two heads adds to what the first has stored.
func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<2x4x!quant.int<16, 0.25>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %one_real = vit.parameter @one.weight : tensor<4x4xf32>
  %one_weight, %one_scale = quant.quantize_weight %one_real : tensor<4x4xf32> -> tensor<4x4xi8>, tensor<4xf32>
  %one_multiplier, %one_offset = quant.requantize_parameters %one_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %one_sums = quant.linear %x, %one_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4xi8> -> tensor<2x4xi17> loc("/one/MatMul")
  %one = quant.requantize %one_sums, %one_multiplier, %one_offset {shift = 14 : i64} : tensor<2x4xi17>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/one/MatMul")
  %two_real = vit.parameter @two.weight : tensor<4x4xf32>
  %two_weight, %two_scale = quant.quantize_weight %two_real : tensor<4x4xf32> -> tensor<4x4xi8>, tensor<4xf32>
  %two_multiplier, %two_offset = quant.requantize_parameters %two_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %two_sums = quant.linear %x, %two_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4xi8> -> tensor<2x4xi17> loc("/two/MatMul")
  %two = quant.requantize %two_sums, %two_multiplier, %two_offset {shift = 14 : i64} : tensor<2x4xi17>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/two/MatMul")
  %sum = quant.add %one, %two : tensor<2x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<2x4x!quant.int<16, 0.25>> loc("/Add")
  func.return %sum : tensor<2x4x!quant.int<16, 0.25>>
}
// CHECK:       func.func @forward(%pixels: memref<1x2x4xi8, #accel.dram>
// CHECK:         %patches = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    %logits_1 = accel.buffer : memref<2x4xi16, #accel.onchip>
// CHECK:         accel.linear %patches, %one_weight, %one_multiplier, %one_offset to %logits_1 at %c0 sizes(%c2, %c4, %c4)
// CHECK-NEXT:    accel.linear %patches, %two_weight, %two_multiplier, %two_offset to %logits_1 at %c0 sizes(%c2, %c4, %c4)
// CHECK-NEXT:    accel.checkpoint "logits"[%c0], %logits_1 {trace_only}
// CHECK-NEXT:    accel.store_matrix %logits_1 to %logits : memref<2x4xi16, #accel.onchip>, memref<2x4xi16, #accel.dram>

// -----

// Tokens are returned without the batch that the model has; a linear takes the first of them.
func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<1x2x4x!quant.int<16, 0.25>> {vaqf.name = "features"}, tensor<1x4x!quant.int<16, 0.25>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %embed_real = vit.parameter @embed.weight : tensor<4x4xf32>
  %embed_weight, %embed_scale = quant.quantize_weight %embed_real : tensor<4x4xf32> -> tensor<4x4xi8>, tensor<4xf32>
  %embed_multiplier, %embed_offset = quant.requantize_parameters %embed_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %embed_sums = quant.linear %x, %embed_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4xi8> -> tensor<2x4xi17> loc("/embed/MatMul")
  %embed = quant.requantize %embed_sums, %embed_multiplier, %embed_offset {shift = 14 : i64} : tensor<2x4xi17>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/embed/MatMul")
  %norm_gamma = vit.parameter @norm.weight : tensor<4xf32>
  %norm_multiplier, %norm_offset = quant.layer_norm_parameters %norm_gamma {output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %norm = quant.layer_norm %embed, %norm_multiplier, %norm_offset {epsilon = 9 : i64, shift = 14 : i64} : tensor<2x4x!quant.int<16, 0.25>>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/norm/LayerNormalization")
  %features = vit.reshape %norm : tensor<2x4x!quant.int<16, 0.25>> -> tensor<1x2x4x!quant.int<16, 0.25>>
  %token = vit.select_token %norm[0] : tensor<2x4x!quant.int<16, 0.25>> -> tensor<1x4x!quant.int<16, 0.25>>
  %head_real = vit.parameter @head.weight : tensor<4x4xf32>
  %head_weight, %head_scale = quant.quantize_weight %head_real : tensor<4x4xf32> -> tensor<4x4xi8>, tensor<4xf32>
  %head_multiplier, %head_offset = quant.requantize_parameters %head_scale {input_scale = 0.25 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %head_sums = quant.linear %token, %head_weight : tensor<1x4x!quant.int<16, 0.25>>, tensor<4x4xi8> -> tensor<1x4xi25> loc("/head/MatMul")
  %head = quant.requantize %head_sums, %head_multiplier, %head_offset {shift = 14 : i64} : tensor<1x4xi25>, tensor<4xi18>, tensor<4xi48> -> tensor<1x4x!quant.int<16, 0.25>> loc("/head/MatMul")
  func.return %features, %head : tensor<1x2x4x!quant.int<16, 0.25>>, tensor<1x4x!quant.int<16, 0.25>>
}
// CHECK:       func.func @forward(%pixels: memref<1x2x4xi8, #accel.dram>
// CHECK:         %patches = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    %embedded = accel.buffer : memref<2x4xi16, #accel.onchip>
// CHECK:         %features_1 = accel.buffer : memref<2x4xi16, #accel.onchip>
// CHECK-NEXT:    %logits_1 = accel.buffer : memref<1x4xi16, #accel.onchip>
// CHECK:         accel.linear %patches, %embed_weight, %embed_multiplier, %embed_offset to %embedded at %c0 sizes(%c2, %c4, %c4)
// CHECK-NEXT:    accel.checkpoint "embedded"[%c0], %embedded {trace_only}
// CHECK-NEXT:    accel.layer_norm %embedded at %c0, %norm_multiplier, %norm_offset to %features_1 at %c0 sizes(%c2, %c4)
// CHECK-NEXT:    accel.checkpoint "features"[%c0], %features_1 {trace_only}
// CHECK-NEXT:    accel.linear %features_1, %head_weight, %head_multiplier, %head_offset to %logits_1 at %c0 sizes(%c1, %c4, %c4)
// CHECK-NEXT:    accel.checkpoint "logits"[%c0], %logits_1 {trace_only}
// CHECK-NEXT:    accel.store_matrix %features_1 to %features : memref<2x4xi16, #accel.onchip>, memref<2x4xi16, #accel.dram>
// CHECK-NEXT:    accel.store_matrix %logits_1 to %logits : memref<1x4xi16, #accel.onchip>, memref<1x4xi16, #accel.dram>
