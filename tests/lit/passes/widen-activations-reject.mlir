// RUN: vaqf-opt %s -p widen-activations --verify-diagnostics --split-input-file

// expected-error@+1 {{'builtin.module': has no function '@parameters': run lower-vit-to-accel first}}
func.func @forward() {
  func.return
}

// -----

func.func @parameters() {
  func.return
}
func.func @forward(%w: memref<4x4xi1, #accel.dram> {vaqf.name = "w", accel.port = "input", accel.format = !quant.int<16, 0.5>}, %m: memref<4xi18, #accel.dram> {vaqf.name = "m", accel.port = "input", accel.format = !quant.int<16, 0.5>}, %o: memref<4xi48, #accel.dram> {vaqf.name = "o", accel.port = "input", accel.format = !quant.int<16, 0.5>}, %gelu: memref<16xi4, #accel.dram> {vaqf.name = "gelu", accel.port = "input", accel.format = !quant.int<16, 0.5>}) {
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %residual = accel.buffer : memref<3x4xi16, #accel.onchip>
  %normed = accel.buffer : memref<3x4xi8, #accel.onchip>
  %hidden = accel.buffer : memref<3x4xi4, #accel.onchip>
  accel.layer_norm %residual at %c0, %m, %o to %normed at %c0 sizes(%c3, %c4) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip>
  // expected-error@+1 {{'accel.linear': takes a table that is not a parameter of '@forward'}}
  accel.linear %normed, %w, %m, %o table %gelu to %hidden at %c0 sizes(%c3, %c4, %c4) {epilogues = ["gelu"], shifts = array<i64: 20>} : memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> table memref<16xi4, #accel.dram> to memref<3x4xi4, #accel.onchip>
  accel.linear %hidden, %w, %m, %o to %residual at %c0 sizes(%c3, %c4, %c4) {epilogues = ["add"], shifts = array<i64: 14>} : memref<3x4xi4, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi16, #accel.onchip>
  func.return
}
