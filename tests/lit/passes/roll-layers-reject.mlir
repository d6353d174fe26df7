// RUN: vaqf-opt %s -p roll-layers --verify-diagnostics --split-input-file

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
// expected-error@+1 {{'func.func': '@forward' has 1 parameters, '@parameters' returns 3}}
func.func @forward(%table: memref<256xi17, #accel.dram> {accel.port = "parameter"}) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %two = arith.constant 2 : index
  %x = accel.buffer : memref<2x4xi8, #accel.onchip>
  %y = accel.buffer : memref<2x4xi8, #accel.onchip>
  func.return
}

// -----

// expected-error@+1 {{'builtin.module': has no function '@parameters': run lower-vit-to-accel first}}
func.func @forward(%table: memref<256xi17, #accel.dram> {accel.port = "parameter"}) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %two = arith.constant 2 : index
  %x = accel.buffer : memref<2x4xi8, #accel.onchip>
  %y = accel.buffer : memref<2x4xi8, #accel.onchip>
  func.return
}

// -----

// What is counted must grow by equal steps.
func.func @parameters() {
  func.return
}
func.func @forward() {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %three = arith.constant 3 : index
  %x = accel.buffer : memref<2x4xi8, #accel.onchip>
  // expected-error@+1 {{'accel.checkpoint': the operands of the equal layers cannot be selected by the layer}}
  accel.checkpoint "block"[%zero], %x : memref<2x4xi8, #accel.onchip>
  accel.checkpoint "block"[%one], %x : memref<2x4xi8, #accel.onchip>
  accel.checkpoint "block"[%three], %x : memref<2x4xi8, #accel.onchip>
  func.return
}
