// RUN: vaqf-opt %s -p lower-vit-to-accel --split-input-file | filecheck %s
// RUN: vaqf-opt %s -p lower-vit-to-accel --split-input-file --print-debuginfo | filecheck %s --check-prefix LOCATION

// One layer: what it reads and writes lies in buffers, what it needs is prepared by another function.
func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<2x3x!quant.int<16, 0.25>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %head_real = vit.parameter @head.weight : tensor<3x4xf32>
  %head_weight, %head_scale = quant.quantize_weight %head_real : tensor<3x4xf32> -> tensor<3x4xi8>, tensor<3xf32>
  %head_multiplier, %head_offset = quant.requantize_parameters %head_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 16 : i64} : tensor<3xf32> -> tensor<3xi18>, tensor<3xi48>
  %head_sums = quant.linear %x, %head_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<3x4xi8> -> tensor<2x3xi17> loc("/head/MatMul")
  %head = quant.requantize %head_sums, %head_multiplier, %head_offset {shift = 16 : i64} : tensor<2x3xi17>, tensor<3xi18>, tensor<3xi48> -> tensor<2x3x!quant.int<16, 0.25>> loc("/head/MatMul")
  func.return %head : tensor<2x3x!quant.int<16, 0.25>>
}
// CHECK:       func.func @parameters() -> (memref<3x4xi8, #accel.dram>, memref<3xi18, #accel.dram>, memref<3xi48, #accel.dram>) {
// CHECK:         %head_weight_1 = accel.parameter %head_weight : tensor<3x4xi8> -> memref<3x4xi8, #accel.dram>
// CHECK:         %head_multiplier_1 = accel.parameter %head_multiplier : tensor<3xi18> -> memref<3xi18, #accel.dram>
// CHECK-NEXT:    %head_offset_1 = accel.parameter %head_offset : tensor<3xi48> -> memref<3xi48, #accel.dram>
// CHECK-NEXT:    func.return %head_weight_1, %head_multiplier_1, %head_offset_1 : memref<3x4xi8, #accel.dram>, memref<3xi18, #accel.dram>, memref<3xi48, #accel.dram>
// CHECK:       func.func @forward(%pixels: memref<1x2x4xi8, #accel.dram> {vaqf.name = "pixels", accel.port = "input", accel.format = !quant.int<8, 0.5>}, %logits: memref<2x3xi16, #accel.dram> {vaqf.name = "logits", accel.port = "output", accel.format = !quant.int<16, 0.25>}, %head_weight: memref<3x4xi8, #accel.dram> {accel.port = "parameter"}, %head_multiplier: memref<3xi18, #accel.dram> {accel.port = "parameter"}, %head_offset: memref<3xi48, #accel.dram> {accel.port = "parameter"}) attributes {accel.checkpoints = [{label = "logits", node = "/head/MatMul", type = tensor<2x3x!quant.int<16, 0.25>>}]} {
// CHECK-NEXT:    %patches = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    %logits_1 = accel.buffer : memref<2x3xi16, #accel.onchip>
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c2 = arith.constant 2 : index
// CHECK-NEXT:    %c4 = arith.constant 4 : index
// CHECK-NEXT:    %c3 = arith.constant 3 : index
// CHECK-NEXT:    accel.extract_patches %pixels to %patches {patch = array<i64: 2, 2>, order = "colours_first"}
// CHECK-NEXT:    accel.linear %patches, %head_weight, %head_multiplier, %head_offset to %logits_1 at %c0 sizes(%c2, %c4, %c3) {epilogues = ["store"], shifts = array<i64: 16>}
// CHECK-NEXT:    accel.checkpoint "logits"[%c0], %logits_1 {trace_only}
// CHECK-NEXT:    accel.store_matrix %logits_1 to %logits
// CHECK-NEXT:    func.return
// LOCATION:    %patches = accel.buffer {{.*}} loc("/patches")
// LOCATION:    %logits_1 = accel.buffer {{.*}} loc("/head/MatMul")
// LOCATION:    accel.extract_patches {{.*}} loc("/patches")
// LOCATION:    accel.linear {{.*}} loc("/head/MatMul")
// LOCATION:    accel.store_matrix {{.*}} loc("/head/MatMul")

// -----

// GELU is the end of the layer before it.
func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<2x4x!quant.int<16, 0.25>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %fc1_real = vit.parameter @fc1.weight : tensor<6x4xf32>
  %fc1_weight, %fc1_scale = quant.binarize %fc1_real : tensor<6x4xf32> -> tensor<6x4x!quant.binary>, tensor<6xf32>
  %fc1_multiplier, %fc1_offset = quant.requantize_parameters %fc1_scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<6xf32> -> tensor<6xi18>, tensor<6xi48>
  %fc1_sums = quant.linear %x, %fc1_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<6x4x!quant.binary> -> tensor<2x6xi11> loc("/fc1/MatMul")
  %fc1 = quant.requantize %fc1_sums, %fc1_multiplier, %fc1_offset {shift = 20 : i64} : tensor<2x6xi11>, tensor<6xi18>, tensor<6xi48> -> tensor<2x6x!quant.int<8, 0.5>> loc("/fc1/MatMul")
  %table = quant.gelu_table {input = !quant.int<8, 0.5>, output = !quant.int<8, 0.5>} : tensor<256xi8>
  %hidden = quant.lookup %fc1, %table : tensor<2x6x!quant.int<8, 0.5>>, tensor<256xi8> -> tensor<2x6x!quant.int<8, 0.5>>
  %fc2_real = vit.parameter @fc2.weight : tensor<4x6xf32>
  %fc2_weight, %fc2_scale = quant.binarize %fc2_real : tensor<4x6xf32> -> tensor<4x6x!quant.binary>, tensor<4xf32>
  %fc2_multiplier, %fc2_offset = quant.requantize_parameters %fc2_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %fc2_sums = quant.linear %hidden, %fc2_weight : tensor<2x6x!quant.int<8, 0.5>>, tensor<4x6x!quant.binary> -> tensor<2x4xi11> loc("/fc2/MatMul")
  %fc2 = quant.requantize %fc2_sums, %fc2_multiplier, %fc2_offset {shift = 20 : i64} : tensor<2x4xi11>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/fc2/MatMul")
  func.return %fc2 : tensor<2x4x!quant.int<16, 0.25>>
}
// CHECK:       func.func @parameters
// CHECK:         %fc1_weight_1 = accel.parameter %fc1_weight : tensor<6x4x!quant.binary> -> memref<6x4xi1, #accel.dram>
// CHECK:         %fc1_multiplier_1 = accel.parameter %fc1_multiplier : tensor<6xi18> -> memref<6xi18, #accel.dram>
// CHECK-NEXT:    %fc1_offset_1 = accel.parameter %fc1_offset : tensor<6xi48> -> memref<6xi48, #accel.dram>
// CHECK:         %fc1_gelu = accel.parameter %table : tensor<256xi8> -> memref<256xi8, #accel.dram>
// CHECK:         %fc2_weight_1 = accel.parameter %fc2_weight : tensor<4x6x!quant.binary> -> memref<4x6xi1, #accel.dram>
// CHECK:         %fc2_multiplier_1 = accel.parameter %fc2_multiplier : tensor<4xi18> -> memref<4xi18, #accel.dram>
// CHECK-NEXT:    %fc2_offset_1 = accel.parameter %fc2_offset : tensor<4xi48> -> memref<4xi48, #accel.dram>
// CHECK-NEXT:    func.return %fc1_weight_1, %fc1_multiplier_1, %fc1_offset_1, %fc1_gelu, %fc2_weight_1, %fc2_multiplier_1, %fc2_offset_1
// CHECK:       func.func @forward
// CHECK-NEXT:    %patches = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    %hidden = accel.buffer : memref<2x6xi8, #accel.onchip>
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c2 = arith.constant 2 : index
// CHECK-NEXT:    %c4 = arith.constant 4 : index
// CHECK-NEXT:    %c6 = arith.constant 6 : index
// CHECK-NEXT:    %logits_1 = accel.buffer : memref<2x4xi16, #accel.onchip>
// CHECK-NEXT:    accel.extract_patches %pixels to %patches {patch = array<i64: 2, 2>, order = "colours_first"}
// CHECK-NEXT:    accel.linear %patches, %fc1_weight, %fc1_multiplier, %fc1_offset table %fc1_gelu to %hidden at %c0 sizes(%c2, %c4, %c6) {epilogues = ["gelu"], shifts = array<i64: 20>}
// CHECK-NEXT:    accel.checkpoint "hidden"[%c0], %hidden {trace_only}
// CHECK-NEXT:    accel.linear %hidden, %fc2_weight, %fc2_multiplier, %fc2_offset to %logits_1 at %c0 sizes(%c2, %c6, %c4) {epilogues = ["store"], shifts = array<i64: 20>}
// CHECK-NEXT:    accel.checkpoint "logits"[%c0], %logits_1 {trace_only}
// CHECK-NEXT:    accel.store_matrix %logits_1 to %logits
// CHECK-NEXT:    func.return

// -----

// The residual stream is one buffer. It starts as class token plus position, computed beforehand; layers
// add to its rows. The head sees one row of it.
func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<1x3x!quant.int<16, 0.25>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %embed_real = vit.parameter @embed.weight : tensor<4x4xf32>
  %embed_weight, %embed_scale = quant.binarize %embed_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %embed_multiplier, %embed_offset = quant.requantize_parameters %embed_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %embed_sums = quant.linear %x, %embed_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4x!quant.binary> -> tensor<2x4xi11> loc("/embed/MatMul")
  %embed = quant.requantize %embed_sums, %embed_multiplier, %embed_offset {shift = 14 : i64} : tensor<2x4xi11>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/embed/MatMul")
  %class_real = vit.parameter @class : tensor<1x4xf32>
  %class = quant.quantize %class_real : tensor<1x4xf32> -> tensor<1x4x!quant.int<16, 0.25>>
  %position_real = vit.parameter @position : tensor<3x4xf32>
  %position = quant.quantize %position_real : tensor<3x4xf32> -> tensor<3x4x!quant.int<16, 0.25>>
  %tokens = vit.concatenate %class, %embed : tensor<1x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<3x4x!quant.int<16, 0.25>>
  %stream = quant.add %tokens, %position : tensor<3x4x!quant.int<16, 0.25>>, tensor<3x4x!quant.int<16, 0.25>> -> tensor<3x4x!quant.int<16, 0.25>> loc("/Add")
  %norm1_gamma = vit.parameter @norm1.weight : tensor<4xf32>
  %norm1_beta = vit.parameter @norm1.bias : tensor<4xf32>
  %norm1_multiplier, %norm1_offset = quant.layer_norm_parameters %norm1_gamma, %norm1_beta {output = !quant.int<8, 0.5>, shift = 25 : i64} : tensor<4xf32>, tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %norm1 = quant.layer_norm %stream, %norm1_multiplier, %norm1_offset {epsilon = 9 : i64, shift = 25 : i64} : tensor<3x4x!quant.int<16, 0.25>>, tensor<4xi18>, tensor<4xi48> -> tensor<3x4x!quant.int<8, 0.5>> loc("/norm1/LayerNormalization")
  %fc_real = vit.parameter @fc.weight : tensor<4x4xf32>
  %fc_weight, %fc_scale = quant.binarize %fc_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %fc_multiplier, %fc_offset = quant.requantize_parameters %fc_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %fc_sums = quant.linear %norm1, %fc_weight : tensor<3x4x!quant.int<8, 0.5>>, tensor<4x4x!quant.binary> -> tensor<3x4xi11> loc("/fc/MatMul")
  %fc = quant.requantize %fc_sums, %fc_multiplier, %fc_offset {shift = 14 : i64} : tensor<3x4xi11>, tensor<4xi18>, tensor<4xi48> -> tensor<3x4x!quant.int<16, 0.25>> loc("/fc/MatMul")
  %next = quant.add %stream, %fc : tensor<3x4x!quant.int<16, 0.25>>, tensor<3x4x!quant.int<16, 0.25>> -> tensor<3x4x!quant.int<16, 0.25>> loc("/Add_1")
  %selected = vit.select_token %next[1] : tensor<3x4x!quant.int<16, 0.25>> -> tensor<1x4x!quant.int<16, 0.25>>
  %norm_gamma = vit.parameter @norm.weight : tensor<4xf32>
  %norm_beta = vit.parameter @norm.bias : tensor<4xf32>
  %norm_multiplier, %norm_offset = quant.layer_norm_parameters %norm_gamma, %norm_beta {output = !quant.int<8, 0.5>, shift = 25 : i64} : tensor<4xf32>, tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %norm = quant.layer_norm %selected, %norm_multiplier, %norm_offset {epsilon = 9 : i64, shift = 25 : i64} : tensor<1x4x!quant.int<16, 0.25>>, tensor<4xi18>, tensor<4xi48> -> tensor<1x4x!quant.int<8, 0.5>> loc("/norm/LayerNormalization")
  %head_real = vit.parameter @head.weight : tensor<3x4xf32>
  %head_weight, %head_scale = quant.quantize_weight %head_real : tensor<3x4xf32> -> tensor<3x4xi8>, tensor<3xf32>
  %head_multiplier, %head_offset = quant.requantize_parameters %head_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 16 : i64} : tensor<3xf32> -> tensor<3xi18>, tensor<3xi48>
  %head_sums = quant.linear %norm, %head_weight : tensor<1x4x!quant.int<8, 0.5>>, tensor<3x4xi8> -> tensor<1x3xi17> loc("/head/MatMul")
  %head = quant.requantize %head_sums, %head_multiplier, %head_offset {shift = 16 : i64} : tensor<1x3xi17>, tensor<3xi18>, tensor<3xi48> -> tensor<1x3x!quant.int<16, 0.25>> loc("/head/MatMul")
  func.return %head : tensor<1x3x!quant.int<16, 0.25>>
}
// CHECK:       func.func @parameters
// CHECK:         %0 = vit.slice %position from 0 : tensor<3x4x!quant.int<16, 0.25>> -> tensor<1x4x!quant.int<16, 0.25>>
// CHECK:         %1 = quant.add %class, %0 : tensor<1x4x!quant.int<16, 0.25>>, tensor<1x4x!quant.int<16, 0.25>> -> tensor<1x4x!quant.int<16, 0.25>>
// CHECK-NEXT:    %2 = vit.slice %position from 1 : tensor<3x4x!quant.int<16, 0.25>> -> tensor<2x4x!quant.int<16, 0.25>>
// CHECK-NEXT:    %3 = vit.concatenate %1, %2 : tensor<1x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<3x4x!quant.int<16, 0.25>>
// CHECK-NEXT:    %initial_tokens = accel.parameter %3 : tensor<3x4x!quant.int<16, 0.25>> -> memref<3x4xi16, #accel.dram>
// CHECK:         %embed_weight_1 = accel.parameter %embed_weight : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
// CHECK:         %embed_multiplier_1 = accel.parameter %embed_multiplier : tensor<4xi18> -> memref<4xi18, #accel.dram>
// CHECK-NEXT:    %embed_offset_1 = accel.parameter %embed_offset : tensor<4xi48> -> memref<4xi48, #accel.dram>
// CHECK:         %norm1_multiplier_1 = accel.parameter %norm1_multiplier : tensor<4xi18> -> memref<4xi18, #accel.dram>
// CHECK-NEXT:    %norm1_offset_1 = accel.parameter %norm1_offset : tensor<4xi48> -> memref<4xi48, #accel.dram>
// CHECK:         %fc_weight_1 = accel.parameter %fc_weight : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
// CHECK:         %fc_multiplier_1 = accel.parameter %fc_multiplier : tensor<4xi18> -> memref<4xi18, #accel.dram>
// CHECK-NEXT:    %fc_offset_1 = accel.parameter %fc_offset : tensor<4xi48> -> memref<4xi48, #accel.dram>
// CHECK:         %norm_multiplier_1 = accel.parameter %norm_multiplier : tensor<4xi18> -> memref<4xi18, #accel.dram>
// CHECK-NEXT:    %norm_offset_1 = accel.parameter %norm_offset : tensor<4xi48> -> memref<4xi48, #accel.dram>
// CHECK:         %head_weight_1 = accel.parameter %head_weight : tensor<3x4xi8> -> memref<3x4xi8, #accel.dram>
// CHECK:         %head_multiplier_1 = accel.parameter %head_multiplier : tensor<3xi18> -> memref<3xi18, #accel.dram>
// CHECK-NEXT:    %head_offset_1 = accel.parameter %head_offset : tensor<3xi48> -> memref<3xi48, #accel.dram>
// CHECK-NEXT:    func.return %initial_tokens, %embed_weight_1, %embed_multiplier_1, %embed_offset_1, %norm1_multiplier_1, %norm1_offset_1, %fc_weight_1, %fc_multiplier_1, %fc_offset_1, %norm_multiplier_1, %norm_offset_1, %head_weight_1, %head_multiplier_1, %head_offset_1
// CHECK:       func.func @forward
// CHECK-NEXT:    %patches = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    %residual = accel.buffer : memref<3x4xi16, #accel.onchip>
// CHECK-NEXT:    %c1 = arith.constant 1 : index
// CHECK-NEXT:    %c2 = arith.constant 2 : index
// CHECK-NEXT:    %c4 = arith.constant 4 : index
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %normed = accel.buffer : memref<3x4xi8, #accel.onchip>
// CHECK-NEXT:    %c3 = arith.constant 3 : index
// CHECK-NEXT:    %normed_1 = accel.buffer : memref<1x4xi8, #accel.onchip>
// CHECK-NEXT:    %logits_1 = accel.buffer : memref<1x3xi16, #accel.onchip>
// CHECK-NEXT:    accel.extract_patches %pixels to %patches {patch = array<i64: 2, 2>, order = "colours_first"}
// CHECK-NEXT:    accel.load_matrix %initial_tokens to %residual
// CHECK-NEXT:    accel.linear %patches, %embed_weight, %embed_multiplier, %embed_offset to %residual at %c1 sizes(%c2, %c4, %c4) {epilogues = ["add"], shifts = array<i64: 14>}
// CHECK-NEXT:    accel.checkpoint "embedding"[%c0], %residual
// CHECK-NEXT:    accel.layer_norm %residual at %c0, %norm1_multiplier, %norm1_offset to %normed at %c0 sizes(%c3, %c4) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>}
// CHECK-NEXT:    accel.checkpoint "normed"[%c0], %normed {trace_only}
// CHECK-NEXT:    accel.linear %normed, %fc_weight, %fc_multiplier, %fc_offset to %residual at %c0 sizes(%c3, %c4, %c4) {epilogues = ["add"], shifts = array<i64: 14>}
// CHECK-NEXT:    accel.checkpoint "mlp"[%c0], %residual
// CHECK-NEXT:    accel.layer_norm %residual at %c1, %norm_multiplier, %norm_offset to %normed_1 at %c0 sizes(%c1, %c4) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>}
// CHECK-NEXT:    accel.checkpoint "normed"[%c1], %normed_1 {trace_only}
// CHECK-NEXT:    accel.linear %normed_1, %head_weight, %head_multiplier, %head_offset to %logits_1 at %c0 sizes(%c1, %c4, %c3) {epilogues = ["store"], shifts = array<i64: 16>}
// CHECK-NEXT:    accel.checkpoint "logits"[%c0], %logits_1 {trace_only}
// CHECK-NEXT:    accel.store_matrix %logits_1 to %logits
// CHECK-NEXT:    func.return

// -----

// Scores, softmax and mixing are one layer. Its multipliers are numbers of their own, not weights.
func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<2x4x!quant.int<8, 0.5>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %query_real = vit.parameter @query.weight : tensor<4x4xf32>
  %query_weight, %query_scale = quant.binarize %query_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %query_multiplier, %query_offset = quant.requantize_parameters %query_scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %query_sums = quant.linear %x, %query_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4x!quant.binary> -> tensor<2x4xi11> loc("/query/MatMul")
  %query = quant.requantize %query_sums, %query_multiplier, %query_offset {shift = 20 : i64} : tensor<2x4xi11>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<8, 0.5>> loc("/query/MatMul")
  %key_real = vit.parameter @key.weight : tensor<4x4xf32>
  %key_weight, %key_scale = quant.binarize %key_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %key_multiplier, %key_offset = quant.requantize_parameters %key_scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %key_sums = quant.linear %x, %key_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4x!quant.binary> -> tensor<2x4xi11> loc("/key/MatMul")
  %key = quant.requantize %key_sums, %key_multiplier, %key_offset {shift = 20 : i64} : tensor<2x4xi11>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<8, 0.5>> loc("/key/MatMul")
  %value_real = vit.parameter @value.weight : tensor<4x4xf32>
  %value_weight, %value_scale = quant.binarize %value_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %value_multiplier, %value_offset = quant.requantize_parameters %value_scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %value_sums = quant.linear %x, %value_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4x!quant.binary> -> tensor<2x4xi11> loc("/value/MatMul")
  %value = quant.requantize %value_sums, %value_multiplier, %value_offset {shift = 20 : i64} : tensor<2x4xi11>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<8, 0.5>> loc("/value/MatMul")
  %exponentials = quant.exponential_table : tensor<256xi17>
  %scores = quant.attention_scores %query, %key {heads = 2 : i64} : tensor<2x4x!quant.int<8, 0.5>>, tensor<2x4x!quant.int<8, 0.5>> -> tensor<2x2x2xi17> loc("/attn/MatMul")
  %probabilities = quant.softmax %scores, %exponentials {multiplier = 74917 : i64, shift = 20 : i64} : tensor<2x2x2xi17>, tensor<256xi17> -> tensor<2x2x2x!quant.uint<8, 0.00390625>>
  %mixed_sums = quant.attention_values %probabilities, %value : tensor<2x2x2x!quant.uint<8, 0.00390625>>, tensor<2x4x!quant.int<8, 0.5>> -> tensor<2x4xi17>
  %mixed = quant.rescale %mixed_sums {multiplier = 80566 : i64, shift = 24 : i64} : tensor<2x4xi17> -> tensor<2x4x!quant.int<8, 0.5>> loc("/attn/MatMul_1")
  func.return %mixed : tensor<2x4x!quant.int<8, 0.5>>
}
// CHECK:       func.func @parameters
// CHECK:         %query_weight_1 = accel.parameter %query_weight : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
// CHECK:         %query_multiplier_1 = accel.parameter %query_multiplier : tensor<4xi18> -> memref<4xi18, #accel.dram>
// CHECK-NEXT:    %query_offset_1 = accel.parameter %query_offset : tensor<4xi48> -> memref<4xi48, #accel.dram>
// CHECK:         %key_weight_1 = accel.parameter %key_weight : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
// CHECK:         %key_multiplier_1 = accel.parameter %key_multiplier : tensor<4xi18> -> memref<4xi18, #accel.dram>
// CHECK-NEXT:    %key_offset_1 = accel.parameter %key_offset : tensor<4xi48> -> memref<4xi48, #accel.dram>
// CHECK:         %value_weight_1 = accel.parameter %value_weight : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
// CHECK:         %value_multiplier_1 = accel.parameter %value_multiplier : tensor<4xi18> -> memref<4xi18, #accel.dram>
// CHECK-NEXT:    %value_offset_1 = accel.parameter %value_offset : tensor<4xi48> -> memref<4xi48, #accel.dram>
// CHECK:         %exponentials_1 = accel.parameter %exponentials : tensor<256xi17> -> memref<256xi17, #accel.dram>
// CHECK-NEXT:    func.return %query_weight_1, %query_multiplier_1, %query_offset_1, %key_weight_1, %key_multiplier_1, %key_offset_1, %value_weight_1, %value_multiplier_1, %value_offset_1, %exponentials_1
// CHECK:       func.func @forward
// CHECK-NEXT:    %patches = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    %query = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c2 = arith.constant 2 : index
// CHECK-NEXT:    %c4 = arith.constant 4 : index
// CHECK-NEXT:    %key = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    %value = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    %mixed = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    accel.extract_patches %pixels to %patches {patch = array<i64: 2, 2>, order = "colours_first"}
// CHECK-NEXT:    accel.linear %patches, %query_weight, %query_multiplier, %query_offset to %query at %c0 sizes(%c2, %c4, %c4) {epilogues = ["store"], shifts = array<i64: 20>}
// CHECK-NEXT:    accel.checkpoint "query"[%c0], %query {trace_only}
// CHECK-NEXT:    accel.linear %patches, %key_weight, %key_multiplier, %key_offset to %key at %c0 sizes(%c2, %c4, %c4) {epilogues = ["store"], shifts = array<i64: 20>}
// CHECK-NEXT:    accel.checkpoint "key"[%c0], %key {trace_only}
// CHECK-NEXT:    accel.linear %patches, %value_weight, %value_multiplier, %value_offset to %value at %c0 sizes(%c2, %c4, %c4) {epilogues = ["store"], shifts = array<i64: 20>}
// CHECK-NEXT:    accel.checkpoint "value"[%c0], %value {trace_only}
// CHECK-NEXT:    %softmax_multiplier = arith.constant 74917 : i18
// CHECK-NEXT:    %value_multiplier_1 = arith.constant 80566 : i18
// CHECK-NEXT:    accel.attention %query, %key, %value, %exponentials, %softmax_multiplier, %value_multiplier_1 to %mixed {heads = 2 : i64, probability_bits = 8 : i64, softmax_shift = 20 : i64, value_shift = 24 : i64}
// CHECK-NEXT:    accel.checkpoint "mixed"[%c0], %mixed {trace_only}
// CHECK-NEXT:    accel.store_matrix %mixed to %logits
// CHECK-NEXT:    func.return
