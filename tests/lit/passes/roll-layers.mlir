// RUN: vaqf-opt %s -p roll-layers --split-input-file | filecheck %s
// RUN: vaqf-opt %s -p roll-layers --split-input-file --print-debuginfo | filecheck %s --check-prefix LOCATION

// Two blocks that differ in their parameters, their own numbers and how often something was counted become
// one. What they have in common stays as it is, and so does what stands before and after them.
func.func @parameters() -> (memref<256xi17, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) {
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
  %gamma_2 = vit.parameter @blocks.2.gamma : tensor<4xf32>
  %beta_2 = vit.parameter @blocks.2.beta : tensor<4xf32>
  %m2, %o2 = quant.layer_norm_parameters %gamma_2, %beta_2 {output = !quant.int<8, 0.5>, shift = 25 : i64} : tensor<4xf32>, tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %blocks_2_multiplier = accel.parameter %m2 : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %blocks_2_offset = accel.parameter %o2 : tensor<4xi48> -> memref<4xi48, #accel.dram>
  func.return %table, %blocks_0_multiplier, %blocks_0_offset, %blocks_1_multiplier, %blocks_1_offset, %blocks_2_multiplier, %blocks_2_offset : memref<256xi17, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>
}
func.func @forward(%table: memref<256xi17, #accel.dram> {accel.port = "parameter"}, %blocks_0_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %blocks_0_offset: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %blocks_1_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %blocks_1_offset: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %blocks_2_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %blocks_2_offset: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %two = arith.constant 2 : index
  %x = accel.buffer : memref<2x4xi8, #accel.onchip>
  %y = accel.buffer : memref<2x4xi8, #accel.onchip>
  accel.checkpoint "start"[%zero], %x : memref<2x4xi8, #accel.onchip>
  accel.layer_norm %x at %zero, %blocks_0_multiplier, %blocks_0_offset to %y at %zero sizes(%two, %two) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<2x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<2x4xi8, #accel.onchip> loc("/blocks.0/norm")
  %scores_0 = arith.constant 100 : i18 loc("/blocks.0/attn")
  %values_0 = arith.constant 200 : i18 loc("/blocks.0/attn")
  accel.attention %y, %y, %y, %table, %scores_0, %values_0 to %x {heads = 2 : i64, probability_bits = 8 : i64, softmax_shift = 20 : i64, value_shift = 24 : i64} : memref<2x4xi8, #accel.onchip>, memref<2x4xi8, #accel.onchip>, memref<2x4xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<2x4xi8, #accel.onchip> loc("/blocks.0/attn")
  accel.checkpoint "block"[%zero], %x : memref<2x4xi8, #accel.onchip>
  accel.layer_norm %x at %zero, %blocks_1_multiplier, %blocks_1_offset to %y at %zero sizes(%two, %two) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<2x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<2x4xi8, #accel.onchip> loc("/blocks.1/norm")
  %scores_1 = arith.constant 101 : i18 loc("/blocks.1/attn")
  %values_1 = arith.constant 201 : i18 loc("/blocks.1/attn")
  accel.attention %y, %y, %y, %table, %scores_1, %values_1 to %x {heads = 2 : i64, probability_bits = 8 : i64, softmax_shift = 20 : i64, value_shift = 24 : i64} : memref<2x4xi8, #accel.onchip>, memref<2x4xi8, #accel.onchip>, memref<2x4xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<2x4xi8, #accel.onchip> loc("/blocks.1/attn")
  accel.checkpoint "block"[%one], %x : memref<2x4xi8, #accel.onchip>
  accel.layer_norm %x at %zero, %blocks_2_multiplier, %blocks_2_offset to %y at %zero sizes(%two, %two) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<2x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<2x4xi8, #accel.onchip> loc("/blocks.2/norm")
  func.return
}
// CHECK:       func.func @parameters() -> (memref<256xi17, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<2x4xi18, #accel.dram>, memref<2x4xi48, #accel.dram>) {
// CHECK:         %table = accel.parameter %octave : tensor<256xi17> -> memref<256xi17, #accel.dram>
// CHECK:         %blocks_0_multiplier = accel.parameter %m0 : tensor<4xi18> -> memref<4xi18, #accel.dram>
// CHECK-NEXT:    %blocks_0_offset = accel.parameter %o0 : tensor<4xi48> -> memref<4xi48, #accel.dram>
// CHECK:         %blocks_1_multiplier = accel.parameter %m1 : tensor<4xi18> -> memref<4xi18, #accel.dram>
// CHECK-NEXT:    %blocks_1_offset = accel.parameter %o1 : tensor<4xi48> -> memref<4xi48, #accel.dram>
// CHECK:         %blocks_2_multiplier = accel.parameter %m2 : tensor<4xi18> -> memref<4xi18, #accel.dram>
// CHECK-NEXT:    %blocks_2_offset = accel.parameter %o2 : tensor<4xi48> -> memref<4xi48, #accel.dram>
// CHECK-NEXT:    %blocks_multiplier = accel.stack %blocks_0_multiplier, %blocks_1_multiplier : memref<4xi18, #accel.dram>, memref<4xi18, #accel.dram> -> memref<2x4xi18, #accel.dram>
// CHECK-NEXT:    %blocks_offset = accel.stack %blocks_0_offset, %blocks_1_offset : memref<4xi48, #accel.dram>, memref<4xi48, #accel.dram> -> memref<2x4xi48, #accel.dram>
// CHECK-NEXT:    func.return %table, %blocks_2_multiplier, %blocks_2_offset, %blocks_multiplier, %blocks_offset : memref<256xi17, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<2x4xi18, #accel.dram>, memref<2x4xi48, #accel.dram>
// CHECK:       func.func @forward(%table: memref<256xi17, #accel.dram> {accel.port = "parameter"}, %blocks_2_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %blocks_2_offset: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %blocks_multiplier: memref<2x4xi18, #accel.dram> {accel.port = "parameter"}, %blocks_offset: memref<2x4xi48, #accel.dram> {accel.port = "parameter"}) {
// CHECK-NEXT:    %zero = arith.constant 0 : index
// CHECK-NEXT:    %two = arith.constant 2 : index
// CHECK-NEXT:    %x = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    %y = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    accel.checkpoint "start"[%zero], %x : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    %first_layer = arith.constant 0 : index
// CHECK-NEXT:    %layers = arith.constant 2 : index
// CHECK-NEXT:    %step = arith.constant 1 : index
// CHECK-NEXT:    scf.for %layer = %first_layer to %layers step %step {
// CHECK-NEXT:      %blocks_multiplier_1 = accel.select %blocks_multiplier[%layer] : memref<2x4xi18, #accel.dram> -> memref<4xi18, #accel.dram>
// CHECK-NEXT:      %blocks_offset_1 = accel.select %blocks_offset[%layer] : memref<2x4xi48, #accel.dram> -> memref<4xi48, #accel.dram>
// CHECK-NEXT:      accel.layer_norm %x at %zero, %blocks_multiplier_1, %blocks_offset_1 to %y at %zero sizes(%two, %two) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>}
// CHECK-NEXT:      %scores = accel.layer_constant [100, 101][%layer] : i18
// CHECK-NEXT:      %values = accel.layer_constant [200, 201][%layer] : i18
// CHECK-NEXT:      accel.attention %y, %y, %y, %table, %scores, %values to %x {heads = 2 : i64, probability_bits = 8 : i64, softmax_shift = 20 : i64, value_shift = 24 : i64}
// CHECK-NEXT:      accel.checkpoint "block"[%layer], %x : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    }
// CHECK-NEXT:    accel.layer_norm %x at %zero, %blocks_2_multiplier, %blocks_2_offset to %y at %zero sizes(%two, %two) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>}
// CHECK-NEXT:    func.return
// LOCATION:    scf.for
// LOCATION:      accel.layer_norm {{.*}} loc(fused["/blocks.0/norm", "/blocks.1/norm"])
// LOCATION:      accel.layer_constant [100, 101]{{.*}} loc(fused["/blocks.0/attn", "/blocks.1/attn"])
// LOCATION:      accel.attention {{.*}} loc(fused["/blocks.0/attn", "/blocks.1/attn"])

// -----

// One block alone stays as it is. Its two numbers, one after the other, are no layers.
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
func.func @forward(%table: memref<256xi17, #accel.dram> {accel.port = "parameter"}, %blocks_0_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %blocks_0_offset: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %two = arith.constant 2 : index
  %x = accel.buffer : memref<2x4xi8, #accel.onchip>
  %y = accel.buffer : memref<2x4xi8, #accel.onchip>
  accel.layer_norm %x at %zero, %blocks_0_multiplier, %blocks_0_offset to %y at %zero sizes(%two, %two) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<2x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<2x4xi8, #accel.onchip> loc("/blocks.0/norm")
  %scores_0 = arith.constant 100 : i18 loc("/blocks.0/attn")
  %values_0 = arith.constant 200 : i18 loc("/blocks.0/attn")
  accel.attention %y, %y, %y, %table, %scores_0, %values_0 to %x {heads = 2 : i64, probability_bits = 8 : i64, softmax_shift = 20 : i64, value_shift = 24 : i64} : memref<2x4xi8, #accel.onchip>, memref<2x4xi8, #accel.onchip>, memref<2x4xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<2x4xi8, #accel.onchip> loc("/blocks.0/attn")
  accel.checkpoint "block"[%zero], %x : memref<2x4xi8, #accel.onchip>
  func.return
}
// CHECK:       func.func @forward
// CHECK-NEXT:    %zero = arith.constant 0 : index
// CHECK-NEXT:    %one = arith.constant 1 : index
// CHECK-NEXT:    %two = arith.constant 2 : index
// CHECK-NEXT:    %x = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    %y = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    accel.layer_norm %x at %zero, %blocks_0_multiplier, %blocks_0_offset to %y at %zero sizes(%two, %two) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>}
// CHECK-NEXT:    %scores = arith.constant 100 : i18
// CHECK-NEXT:    %values = arith.constant 200 : i18
// CHECK-NEXT:    accel.attention %y, %y, %y, %table, %scores, %values to %x {heads = 2 : i64, probability_bits = 8 : i64, softmax_shift = 20 : i64, value_shift = 24 : i64}
// CHECK-NEXT:    accel.checkpoint "block"[%zero], %x : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    func.return

// -----

// Blocks with different constants are not equal.
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
  accel.layer_norm %x at %zero, %blocks_0_multiplier, %blocks_0_offset to %y at %zero sizes(%two, %two) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<2x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<2x4xi8, #accel.onchip> loc("/blocks.0/norm")
  accel.checkpoint "block"[%zero], %x : memref<2x4xi8, #accel.onchip>
  accel.layer_norm %x at %zero, %blocks_1_multiplier, %blocks_1_offset to %y at %zero sizes(%two, %two) {epsilon = 10 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<2x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<2x4xi8, #accel.onchip> loc("/blocks.1/norm")
  accel.checkpoint "block"[%one], %x : memref<2x4xi8, #accel.onchip>
  func.return
}
// CHECK:       func.func @forward
// CHECK-NEXT:    %zero = arith.constant 0 : index
// CHECK-NEXT:    %one = arith.constant 1 : index
// CHECK-NEXT:    %two = arith.constant 2 : index
// CHECK-NEXT:    %x = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    %y = accel.buffer : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    accel.layer_norm %x at %zero, %blocks_0_multiplier, %blocks_0_offset to %y at %zero sizes(%two, %two) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>}
// CHECK-NEXT:    accel.checkpoint "block"[%zero], %x : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    accel.layer_norm %x at %zero, %blocks_1_multiplier, %blocks_1_offset to %y at %zero sizes(%two, %two) {epsilon = 10 : i64, epilogues = ["store"], shifts = array<i64: 25>}
// CHECK-NEXT:    accel.checkpoint "block"[%one], %x : memref<2x4xi8, #accel.onchip>
// CHECK-NEXT:    func.return

// -----

// What is counted grows by equal steps, from any number on.
func.func @parameters() {
  func.return
}
func.func @forward() {
  %one = arith.constant 1 : index
  %three = arith.constant 3 : index
  %five = arith.constant 5 : index
  %x = accel.buffer : memref<2x4xi8, #accel.onchip>
  accel.checkpoint "block"[%one], %x : memref<2x4xi8, #accel.onchip>
  accel.checkpoint "block"[%three], %x : memref<2x4xi8, #accel.onchip>
  accel.checkpoint "block"[%five], %x : memref<2x4xi8, #accel.onchip>
  func.return
}
// CHECK:         scf.for %layer = %first_layer to %layers step %step {
// CHECK-NEXT:      %0 = arith.constant 2 : index
// CHECK-NEXT:      %count = arith.muli %layer, %0 : index
// CHECK-NEXT:      %1 = arith.constant 1 : index
// CHECK-NEXT:      %count_1 = arith.addi %count, %1 : index
// CHECK-NEXT:      accel.checkpoint "block"[%count_1], %x
// CHECK-NEXT:    }

// -----

// Layers of two frames of which one is a block behind: their parameters overlap, and are one stack. Layers beside the loop
// select of it as well.
func.func @parameters() -> (memref<4xi18, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) {
  %block_0_multiplier, %block_1_multiplier, %block_2_multiplier, %block_3_multiplier, %offset = "test.op"() : () -> (memref<4xi18, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>)
  func.return %block_0_multiplier, %block_1_multiplier, %block_2_multiplier, %block_3_multiplier, %offset : memref<4xi18, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>
}
func.func @forward(%block_0_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %block_1_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %block_2_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %block_3_multiplier: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %offset: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %zero = arith.constant 0 : index
  %two = arith.constant 2 : index
  %x = accel.buffer : memref<2x4xi8, #accel.onchip>
  %y = accel.buffer : memref<2x4xi8, #accel.onchip>
  %z = accel.buffer : memref<2x4xi8, #accel.onchip>
  accel.layer_norm %x at %zero, %block_0_multiplier, %offset to %y at %zero sizes(%two, %two) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<2x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<2x4xi8, #accel.onchip>
  accel.concurrent {
    accel.layer_norm %y at %zero, %block_1_multiplier, %offset to %y at %zero sizes(%two, %two) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<2x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<2x4xi8, #accel.onchip>
  } {
    accel.layer_norm %z at %zero, %block_0_multiplier, %offset to %x at %zero sizes(%two, %two) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<2x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<2x4xi8, #accel.onchip>
  }
  accel.concurrent {
    accel.layer_norm %y at %zero, %block_2_multiplier, %offset to %y at %zero sizes(%two, %two) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<2x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<2x4xi8, #accel.onchip>
  } {
    accel.layer_norm %z at %zero, %block_1_multiplier, %offset to %x at %zero sizes(%two, %two) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<2x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<2x4xi8, #accel.onchip>
  }
  accel.concurrent {
    accel.layer_norm %y at %zero, %block_3_multiplier, %offset to %y at %zero sizes(%two, %two) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<2x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<2x4xi8, #accel.onchip>
  } {
    accel.layer_norm %z at %zero, %block_2_multiplier, %offset to %x at %zero sizes(%two, %two) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<2x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<2x4xi8, #accel.onchip>
  }
  accel.layer_norm %x at %zero, %block_3_multiplier, %offset to %z at %zero sizes(%two, %two) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<2x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<2x4xi8, #accel.onchip>
  func.return
}
// CHECK:       func.func @parameters() -> (memref<4xi48, #accel.dram>, memref<4x4xi18, #accel.dram>) {
// CHECK-NEXT:    %block_0_multiplier, %block_1_multiplier, %block_2_multiplier, %block_3_multiplier, %offset = "test.op"() : () -> (memref<4xi18, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>)
// CHECK-NEXT:    %block_multiplier = accel.stack %block_0_multiplier, %block_1_multiplier, %block_2_multiplier, %block_3_multiplier
// CHECK-NEXT:    func.return %offset, %block_multiplier
// CHECK-NEXT:  }
// CHECK-NEXT:  func.func @forward(%offset: memref<4xi48, #accel.dram>
// CHECK-NEXT:    %zero = arith.constant 0 : index
// CHECK-NEXT:    %two = arith.constant 2 : index
// CHECK-NEXT:    %x = accel.buffer
// CHECK-NEXT:    %y = accel.buffer
// CHECK-NEXT:    %z = accel.buffer
// CHECK-NEXT:    %layer0 = arith.constant 0 : index
// CHECK-NEXT:    %block_0_multiplier = accel.select %block_multiplier[%layer0]
// CHECK-NEXT:    %layer3 = arith.constant 3 : index
// CHECK-NEXT:    %block_3_multiplier = accel.select %block_multiplier[%layer3]
// CHECK-NEXT:    accel.layer_norm %x at %zero, %block_0_multiplier, %offset to %y at %zero sizes(%two, %two)
// CHECK-NEXT:    %first_layer = arith.constant 0 : index
// CHECK-NEXT:    %layers = arith.constant 3 : index
// CHECK-NEXT:    %step = arith.constant 1 : index
// CHECK-NEXT:    scf.for %layer = %first_layer to %layers step %step {
// CHECK-NEXT:      %0 = arith.constant 1 : index
// CHECK-NEXT:      %count = arith.addi %layer, %0 : index
// CHECK-NEXT:      %block_multiplier_1 = accel.select %block_multiplier[%count]
// CHECK-NEXT:      %block_multiplier_2 = accel.select %block_multiplier[%layer]
// CHECK-NEXT:      accel.concurrent {
// CHECK-NEXT:        accel.layer_norm %y at %zero, %block_multiplier_1, %offset to %y at %zero sizes(%two, %two)
// CHECK-NEXT:      } {
// CHECK-NEXT:        accel.layer_norm %z at %zero, %block_multiplier_2, %offset to %x at %zero sizes(%two, %two)
// CHECK-NEXT:      }
// CHECK-NEXT:    }
// CHECK-NEXT:    accel.layer_norm %x at %zero, %block_3_multiplier, %offset to %z at %zero sizes(%two, %two)
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }
