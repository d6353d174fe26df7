// RUN: vaqf-opt %s -p roll-layers --verify-diagnostics --split-input-file | filecheck %s

// CHECK: 'func.func' at {{.*}}: '@forward' has 1 parameters, '@parameters' returns 3
func.func @parameters() -> (memref<256xi17, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) {
  %octave = quant.exponential_table : tensor<256xi17>
  %table = accel.parameter %octave : tensor<256xi17> -> memref<256xi17, #accel.dram>
  %gamma_0 = vit.parameter @blocks.0.gamma : tensor<4xf32>
  %beta_0 = vit.parameter @blocks.0.beta : tensor<4xf32>
  %m0, %o0 = quant.layer_norm_parameters %gamma_0, %beta_0 {output = !quant.int<8, 0.5>, shift = 25 : i64} : tensor<4xf32>, tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %blocks_0_multiplier = accel.parameter %m0 : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %blocks_0_offset = accel.parameter %o0 : tensor<4xi48> -> memref<4xi48, #accel.dram>
  func.return %table, %blocks_0_multiplier, %blocks_0_offset : memref<256xi17, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>
}
func.func @forward(%table: memref<256xi17, #accel.dram> {accel.port = "parameter"}) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %two = arith.constant 2 : index
  %x = accel.buffer : memref<2x4xi8, #accel.onchip>
  %y = accel.buffer : memref<2x4xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: roll-layers: the module has no function '@parameters': run lower-vit-to-accel first
func.func @forward(%table: memref<256xi17, #accel.dram> {accel.port = "parameter"}) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %two = arith.constant 2 : index
  %x = accel.buffer : memref<2x4xi8, #accel.onchip>
  %y = accel.buffer : memref<2x4xi8, #accel.onchip>
  func.return
}

// -----

// What is counted must start with the first block.
// CHECK: 'accel.checkpoint' at {{.*}}: the operands of the equal layers cannot be selected by the layer
func.func @parameters() -> (memref<256xi17, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) {
  %octave = quant.exponential_table : tensor<256xi17>
  %table = accel.parameter %octave : tensor<256xi17> -> memref<256xi17, #accel.dram>
  %gamma_0 = vit.parameter @blocks.0.gamma : tensor<4xf32>
  %beta_0 = vit.parameter @blocks.0.beta : tensor<4xf32>
  %m0, %o0 = quant.layer_norm_parameters %gamma_0, %beta_0 {output = !quant.int<8, 0.5>, shift = 25 : i64} : tensor<4xf32>, tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %blocks_0_multiplier = accel.parameter %m0 : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %blocks_0_offset = accel.parameter %o0 : tensor<4xi48> -> memref<4xi48, #accel.dram>
  %gamma_1 = vit.parameter @blocks.1.gamma : tensor<4xf32>
  %beta_1 = vit.parameter @blocks.1.beta : tensor<4xf32>
  %m1, %o1 = quant.layer_norm_parameters %gamma_1, %beta_1 {output = !quant.int<8, 0.5>, shift = 25 : i64} : tensor<4xf32>, tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %blocks_1_multiplier = accel.parameter %m1 : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %blocks_1_offset = accel.parameter %o1 : tensor<4xi48> -> memref<4xi48, #accel.dram>
  func.return %table, %blocks_0_multiplier, %blocks_0_offset, %blocks_1_multiplier, %blocks_1_offset : memref<256xi17, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>
}
func.func @forward(%table: memref<256xi17, #accel.dram> {accel.port = "parameter"}, %blocks_0_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %blocks_0_offset: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %blocks_1_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %blocks_1_offset: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %two = arith.constant 2 : index
  %x = accel.buffer : memref<2x4xi8, #accel.onchip>
  %y = accel.buffer : memref<2x4xi8, #accel.onchip>
  accel.layer_norm %x at %zero, %blocks_0_multiplier, %blocks_0_offset to %y at %zero sizes(%two, %two) {epsilon = 9 : i64, shift = 25 : i64} : memref<2x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<2x4xi8, #accel.onchip> loc("/blocks.0/norm")
  %scores_0 = arith.constant 100 : i18 loc("/blocks.0/attn")
  %values_0 = arith.constant 200 : i18 loc("/blocks.0/attn")
  accel.attention %y, %y, %y, %table, %scores_0, %values_0 to %x {heads = 2 : i64, probability_bits = 8 : i64, softmax_shift = 20 : i64, value_shift = 24 : i64} : memref<2x4xi8, #accel.onchip>, memref<2x4xi8, #accel.onchip>, memref<2x4xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<2x4xi8, #accel.onchip> loc("/blocks.0/attn")
  accel.checkpoint "block"[%one], %x : memref<2x4xi8, #accel.onchip>
  accel.layer_norm %x at %zero, %blocks_1_multiplier, %blocks_1_offset to %y at %zero sizes(%two, %two) {epsilon = 9 : i64, shift = 25 : i64} : memref<2x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<2x4xi8, #accel.onchip> loc("/blocks.1/norm")
  %scores_1 = arith.constant 101 : i18 loc("/blocks.1/attn")
  %values_1 = arith.constant 201 : i18 loc("/blocks.1/attn")
  accel.attention %y, %y, %y, %table, %scores_1, %values_1 to %x {heads = 2 : i64, probability_bits = 8 : i64, softmax_shift = 20 : i64, value_shift = 24 : i64} : memref<2x4xi8, #accel.onchip>, memref<2x4xi8, #accel.onchip>, memref<2x4xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<2x4xi8, #accel.onchip> loc("/blocks.1/attn")
  accel.checkpoint "block"[%two], %x : memref<2x4xi8, #accel.onchip>
  func.return
}
