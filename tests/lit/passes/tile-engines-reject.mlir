// RUN: vaqf-opt %s -p 'tile-engines{lanes=4 binary-matmul=4,2,2 integer-matmul=4,4,1 keys=2}' --verify-diagnostics --split-input-file

// The engine is tiled already.
func.func @parameters() -> (memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) {
  %w_real = vit.parameter @w : tensor<4x4xf32>
  %w_signs, %w_scale = quant.binarize %w_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %m, %o = quant.requantize_parameters %w_scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %weight = accel.parameter %w_signs : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
  %multiplier = accel.parameter %m : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %offset = accel.parameter %o : tensor<4xi48> -> memref<4xi48, #accel.dram>
  func.return %weight, %multiplier, %offset : memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>
}
func.func private @binary_matmul(%x: memref<3x4xi8, #accel.onchip>, %w: memref<4x4xi1, #accel.dram>, %m: memref<4xi18, #accel.dram>, %o: memref<4xi48, #accel.dram>) attributes {accel.engine = "binary_matmul"} {
  %zero = arith.constant 0 : index
  // expected-error@+1 {{'scf.for': is not the layer of an engine, expected one that share-engines makes}}
  scf.for %token = %zero to %zero step %zero {
  }
  func.return
}
func.func @forward(%w: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %o: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %x = accel.buffer : memref<3x4xi8, #accel.onchip>
  func.call @binary_matmul(%x, %w, %m, %o) : (memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) -> () loc("/fc/MatMul")
  func.return
}

// -----

func.func @parameters() -> (memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) {
  %w_real = vit.parameter @w : tensor<4x4xf32>
  %w_signs, %w_scale = quant.binarize %w_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %m, %o = quant.requantize_parameters %w_scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %weight = accel.parameter %w_signs : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
  %multiplier = accel.parameter %m : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %offset = accel.parameter %o : tensor<4xi48> -> memref<4xi48, #accel.dram>
  func.return %weight, %multiplier, %offset : memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>
}
func.func private @binary_matmul(%x: memref<3x4xi8, #accel.onchip>, %w: memref<4x4xi1, #accel.dram>, %m: memref<4xi18, #accel.dram>, %o: memref<4xi48, #accel.dram>) attributes {accel.engine = "binary_matmul"} {
  // expected-error@+1 {{'func.return': is not the layer of an engine, expected one that share-engines makes}}
  func.return
}
func.func @forward(%w: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %o: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %x = accel.buffer : memref<3x4xi8, #accel.onchip>
  func.call @binary_matmul(%x, %w, %m, %o) : (memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) -> () loc("/fc/MatMul")
  func.return
}

// -----

// expected-error@unknown {{'func.call' at /fc/MatMul: takes a weight that is not a parameter of '@forward'}}
func.func @parameters() -> (memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) {
  %w_real = vit.parameter @w : tensor<4x4xf32>
  %w_signs, %w_scale = quant.binarize %w_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %m, %o = quant.requantize_parameters %w_scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %weight = accel.parameter %w_signs : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
  %multiplier = accel.parameter %m : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %offset = accel.parameter %o : tensor<4xi48> -> memref<4xi48, #accel.dram>
  func.return %weight, %multiplier, %offset : memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>
}
func.func private @binary_matmul(%x: memref<3x4xi8, #accel.onchip>, %w: memref<4x4xi1, #accel.dram>, %m: memref<4xi18, #accel.dram>, %o: memref<4xi48, #accel.dram>) attributes {accel.engine = "binary_matmul"} {
  %zero = arith.constant 0 : index
  %three = arith.constant 3 : index
  %four = arith.constant 4 : index
  accel.linear %x, %w, %m, %o to %x at %zero sizes(%three, %four, %four) {epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip> loc("/fc/MatMul")
  func.return
}
func.func @forward(%w: memref<4x4xi1, #accel.dram> {accel.port = "input"}, %m: memref<4xi18, #accel.dram> {accel.port = "input"}, %o: memref<4xi48, #accel.dram> {accel.port = "input"}, %p: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %q: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %r: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %x = accel.buffer : memref<3x4xi8, #accel.onchip>
  func.call @binary_matmul(%x, %w, %m, %o) : (memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) -> () loc("/fc/MatMul")
  func.return
}

// -----

func.func @parameters() -> (memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) {
  %w_real = vit.parameter @w : tensor<4x4xf32>
  %w_signs, %w_scale = quant.binarize %w_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %m, %o = quant.requantize_parameters %w_scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %weight = accel.parameter %w_signs : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
  %multiplier = accel.parameter %m : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %offset = accel.parameter %o : tensor<4xi48> -> memref<4xi48, #accel.dram>
  func.return %weight, %multiplier, %offset : memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>
}
// expected-error@+1 {{'func.func': is never called, so that its sizes are not known}}
func.func private @binary_matmul(%x: memref<3x4xi8, #accel.onchip>, %w: memref<4x4xi1, #accel.dram>, %m: memref<4xi18, #accel.dram>, %o: memref<4xi48, #accel.dram>, %tokens: index) attributes {accel.engine = "binary_matmul"} {
  %zero = arith.constant 0 : index
  %three = arith.constant 3 : index
  %four = arith.constant 4 : index
  accel.linear %x, %w, %m, %o to %x at %zero sizes(%tokens, %four, %four) {epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip> loc("/fc/MatMul")
  func.return
}
func.func @forward(%w: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %o: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %x = accel.buffer : memref<3x4xi8, #accel.onchip>
  func.return
}

// -----

func.func @parameters() -> (memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) {
  %w_real = vit.parameter @w : tensor<4x4xf32>
  %w_signs, %w_scale = quant.binarize %w_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %m, %o = quant.requantize_parameters %w_scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %weight = accel.parameter %w_signs : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
  %multiplier = accel.parameter %m : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %offset = accel.parameter %o : tensor<4xi48> -> memref<4xi48, #accel.dram>
  func.return %weight, %multiplier, %offset : memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>
}
// expected-error@+1 {{'func.func': a size is computed inside of the engine, expected a constant or an argument}}
func.func private @binary_matmul(%x: memref<3x4xi8, #accel.onchip>, %w: memref<4x4xi1, #accel.dram>, %m: memref<4xi18, #accel.dram>, %o: memref<4xi48, #accel.dram>) attributes {accel.engine = "binary_matmul"} {
  %zero = arith.constant 0 : index
  %three = arith.constant 3 : index
  %four = arith.constant 4 : index
  %seven = arith.addi %three, %four : index
  accel.linear %x, %w, %m, %o to %x at %zero sizes(%seven, %four, %four) {epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip> loc("/fc/MatMul")
  func.return
}
func.func @forward(%w: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %o: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %x = accel.buffer : memref<3x4xi8, #accel.onchip>
  func.call @binary_matmul(%x, %w, %m, %o) : (memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) -> () loc("/fc/MatMul")
  func.return
}

// -----

// expected-error@unknown {{'func.call' at /fc/MatMul: argument 4 is not constant, expected a size}}
func.func @parameters() -> (memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) {
  %w_real = vit.parameter @w : tensor<4x4xf32>
  %w_signs, %w_scale = quant.binarize %w_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %m, %o = quant.requantize_parameters %w_scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %weight = accel.parameter %w_signs : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
  %multiplier = accel.parameter %m : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %offset = accel.parameter %o : tensor<4xi48> -> memref<4xi48, #accel.dram>
  func.return %weight, %multiplier, %offset : memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>
}
func.func private @binary_matmul(%x: memref<3x4xi8, #accel.onchip>, %w: memref<4x4xi1, #accel.dram>, %m: memref<4xi18, #accel.dram>, %o: memref<4xi48, #accel.dram>, %tokens: index) attributes {accel.engine = "binary_matmul"} {
  %zero = arith.constant 0 : index
  %three = arith.constant 3 : index
  %four = arith.constant 4 : index
  accel.linear %x, %w, %m, %o to %x at %zero sizes(%tokens, %four, %four) {epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip> loc("/fc/MatMul")
  func.return
}
func.func @forward(%w: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %o: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %x = accel.buffer : memref<3x4xi8, #accel.onchip>
  %one = arith.constant 1 : index
  %two = arith.addi %one, %one : index
  %size = arith.constant 3 : index
  func.call @binary_matmul(%x, %w, %m, %o, %two) : (memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, index) -> () loc("/fc/MatMul")
  func.return
}

// -----

func.func @parameters() -> (memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) {
  %w_real = vit.parameter @w : tensor<4x4xf32>
  %w_signs, %w_scale = quant.binarize %w_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %m, %o = quant.requantize_parameters %w_scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %weight = accel.parameter %w_signs : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
  %multiplier = accel.parameter %m : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %offset = accel.parameter %o : tensor<4xi48> -> memref<4xi48, #accel.dram>
  func.return %weight, %multiplier, %offset : memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>
}
func.func private @layer_norm(%x: memref<3x4xi8, #accel.onchip>, %m: memref<4xi18, #accel.dram>, %o: memref<4xi48, #accel.dram>, %channels: index) attributes {accel.engine = "layer_norm"} {
  %zero = arith.constant 0 : index
  %three = arith.constant 3 : index
  // expected-error@unknown {{'accel.layer_norm' at /norm: the number of channels differs between layers, expected one}}
  accel.layer_norm %x at %zero, %m, %o to %x at %zero sizes(%three, %channels) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<3x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip> loc("/norm")
  func.return
}
func.func @forward(%w: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %o: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %x = accel.buffer : memref<3x4xi8, #accel.onchip>
  %four = arith.constant 4 : index
  func.call @layer_norm(%x, %m, %o, %four) : (memref<3x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, index) -> ()
  func.return
}

// -----

// expected-error@+1 {{'builtin.module': has no function '@parameters': run lower-vit-to-accel first}}
func.func @forward() {
  %x = accel.buffer : memref<3x4xi8, #accel.onchip>
  func.return
}
