// RUN: vaqf-opt %s -p widen-activations --split-input-file | filecheck %s

// What linear layers with one kind of weight take is stored in elements of one width, the largest, and so is what
// attentions take. Layers are told how many bits their values have. The table of a GELU has the entry of the nearest
// value for those that its narrower format lacks. The residual stream stays as it is.
func.func @parameters() -> (memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<16xi4, #accel.dram>, memref<256xi17, #accel.dram>) {
  %weight = vit.parameter @weight : tensor<4x4xf32>
  %signs, %scale = quant.binarize %weight : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %m, %o = quant.requantize_parameters %scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %table = quant.gelu_table {input = !quant.int<4, 0.5>, output = !quant.int<4, 0.25>} : tensor<16xi4>
  %octave = quant.exponential_table : tensor<256xi17>
  %0 = accel.parameter %signs : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
  %1 = accel.parameter %m : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %2 = accel.parameter %o : tensor<4xi48> -> memref<4xi48, #accel.dram>
  %3 = accel.parameter %table : tensor<16xi4> -> memref<16xi4, #accel.dram>
  %4 = accel.parameter %octave : tensor<256xi17> -> memref<256xi17, #accel.dram>
  func.return %0, %1, %2, %3, %4 : memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<16xi4, #accel.dram>, memref<256xi17, #accel.dram>
}
func.func @forward(%w: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %o: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %gelu: memref<16xi4, #accel.dram> {accel.port = "parameter"}, %e: memref<256xi17, #accel.dram> {accel.port = "parameter"}) {
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %residual = accel.buffer : memref<3x4xi16, #accel.onchip>
  %normed = accel.buffer : memref<3x4xi8, #accel.onchip>
  %query = accel.buffer : memref<3x4xi6, #accel.onchip>
  %mixed = accel.buffer : memref<3x4xi5, #accel.onchip>
  %hidden = accel.buffer : memref<3x4xi4, #accel.onchip>
  accel.layer_norm %residual at %c0, %m, %o to %normed at %c0 sizes(%c3, %c4) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip> loc("/norm/Norm")
  accel.linear %normed, %w, %m, %o to %query at %c0 sizes(%c3, %c4, %c4) {epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi6, #accel.onchip>
  %softmax = arith.constant 100 : i18
  %value = arith.constant 200 : i18
  accel.attention %query, %query, %query, %e, %softmax, %value to %mixed {heads = 2 : i64, probability_bits = 8 : i64, softmax_shift = 20 : i64, value_shift = 24 : i64} : memref<3x4xi6, #accel.onchip>, memref<3x4xi6, #accel.onchip>, memref<3x4xi6, #accel.onchip>, memref<256xi17, #accel.dram>, memref<3x4xi5, #accel.onchip>
  accel.linear %mixed, %w, %m, %o table %gelu to %hidden at %c0 sizes(%c3, %c4, %c4) {epilogues = ["gelu"], shifts = array<i64: 20>} : memref<3x4xi5, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> table memref<16xi4, #accel.dram> to memref<3x4xi4, #accel.onchip> loc("/fc1/MatMul")
  accel.linear %hidden, %w, %m, %o to %residual at %c0 sizes(%c3, %c4, %c4) {epilogues = ["add"], shifts = array<i64: 14>} : memref<3x4xi4, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi16, #accel.onchip>
  func.return
}
// CHECK:         %gelu = accel.extend_table %3 : memref<16xi4, #accel.dram> -> memref<256xi8, #accel.dram>
// CHECK-NEXT:    func.return %0, %1, %2, %4, %gelu
// CHECK:         %residual = accel.buffer : memref<3x4xi16, #accel.onchip>
// CHECK-NEXT:    %normed = accel.buffer : memref<3x4xi8, #accel.onchip>
// CHECK-NEXT:    %query = accel.buffer : memref<3x4xi6, #accel.onchip>
// CHECK-NEXT:    %mixed = accel.buffer : memref<3x4xi8, #accel.onchip>
// CHECK-NEXT:    %hidden = accel.buffer : memref<3x4xi8, #accel.onchip>
// CHECK-NEXT:    %bits = arith.constant 8 : i6
// CHECK-NEXT:    accel.layer_norm %residual at %c0, %m, %o to %normed at %c0 sizes(%c3, %c4) bits %bits {epsilon
// CHECK-NEXT:    accel.linear %normed, %w, %m, %o to %query at %c0 sizes(%c3, %c4, %c4) {epilogues
// CHECK:         %bits_1 = arith.constant 5 : i6
// CHECK-NEXT:    accel.attention %query, %query, %query, %e, %softmax, %value to %mixed bits %bits_1 {heads
// CHECK-NEXT:    accel.linear %mixed, %w, %m, %o table %gelu to %hidden at %c0 sizes(%c3, %c4, %c4) {epilogues = ["gelu"]
// CHECK-NEXT:    accel.linear %hidden, %w, %m, %o to %residual at %c0 sizes(%c3, %c4, %c4) {epilogues = ["add"]

// -----

// One bit is another format. Other kinds of weights have another engine: what both take is one for both. What is
// returned as well stays as it is.
func.func @parameters() -> (memref<4x4xi1, #accel.dram>, memref<4x4xi8, #accel.dram>) {
  %weight = vit.parameter @weight : tensor<4x4xf32>
  %signs, %scale = quant.binarize %weight : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %integers, %scale_2 = quant.quantize_weight %weight : tensor<4x4xf32> -> tensor<4x4xi8>, tensor<4xf32>
  %0 = accel.parameter %signs : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
  %1 = accel.parameter %integers : tensor<4x4xi8> -> memref<4x4xi8, #accel.dram>
  func.return %0, %1 : memref<4x4xi1, #accel.dram>, memref<4x4xi8, #accel.dram>
}
func.func @forward(%image: memref<1x3x4xi7, #accel.dram> {vaqf.name = "image", accel.port = "input", accel.format = !quant.int<7, 0.5>}, %result: memref<3x4xi4, #accel.dram> {vaqf.name = "result", accel.port = "output", accel.format = !quant.int<4, 0.5>}, %m: memref<4xi18, #accel.dram> {vaqf.name = "m", accel.port = "input", accel.format = !quant.int<16, 0.5>}, %o: memref<4xi48, #accel.dram> {vaqf.name = "o", accel.port = "input", accel.format = !quant.int<16, 0.5>}, %binary: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %integer: memref<4x4xi8, #accel.dram> {accel.port = "parameter"}) {
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %patches = accel.buffer : memref<3x4xi7, #accel.onchip>
  %signs = accel.buffer : memref<3x4xi1, #accel.onchip>
  %narrow = accel.buffer : memref<3x4xi3, #accel.onchip>
  %both = accel.buffer : memref<3x4xi9, #accel.onchip>
  %returned = accel.buffer : memref<3x4xi4, #accel.onchip>
  accel.extract_patches %image to %patches {patch = array<i64: 1, 4>, order = "colours_first"} : memref<1x3x4xi7, #accel.dram>, memref<3x4xi7, #accel.onchip>
  accel.linear %patches, %binary, %m, %o to %signs at %c0 sizes(%c3, %c4, %c4) {epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi7, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi1, #accel.onchip>
  accel.linear %signs, %binary, %m, %o to %narrow at %c0 sizes(%c3, %c4, %c4) {epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi1, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi3, #accel.onchip>
  accel.linear %narrow, %integer, %m, %o to %both at %c0 sizes(%c3, %c4, %c4) {epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi3, #accel.onchip>, memref<4x4xi8, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi9, #accel.onchip>
  accel.linear %both, %binary, %m, %o to %returned at %c0 sizes(%c3, %c4, %c4) {epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi9, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi4, #accel.onchip>
  accel.linear %both, %integer, %m, %o to %returned at %c0 sizes(%c3, %c4, %c4) {epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi9, #accel.onchip>, memref<4x4xi8, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi4, #accel.onchip>
  accel.linear %returned, %binary, %m, %o to %narrow at %c0 sizes(%c3, %c4, %c4) {epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi4, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi3, #accel.onchip>
  accel.store_matrix %returned to %result : memref<3x4xi4, #accel.onchip>, memref<3x4xi4, #accel.dram>
  func.return
}
// CHECK:         %patches = accel.buffer : memref<3x4xi9, #accel.onchip>
// CHECK-NEXT:    %signs = accel.buffer : memref<3x4xi1, #accel.onchip>
// CHECK-NEXT:    %narrow = accel.buffer : memref<3x4xi9, #accel.onchip>
// CHECK-NEXT:    %both = accel.buffer : memref<3x4xi9, #accel.onchip>
// CHECK-NEXT:    %returned = accel.buffer : memref<3x4xi4, #accel.onchip>
// CHECK-NEXT:    accel.extract_patches %image to %patches {patch = array<i64: 1, 4>, order = "colours_first"} : memref<1x3x4xi7, #accel.dram>, memref<3x4xi9, #accel.onchip>
// CHECK-NEXT:    accel.linear %patches, %binary, %m, %o to %signs at
// CHECK-NEXT:    %bits = arith.constant 3 : i6
// CHECK-NEXT:    accel.linear %signs, %binary, %m, %o to %narrow at %c0 sizes(%c3, %c4, %c4) bits %bits

// -----

// With 11 bits the table of a GELU is interpolated, so that a narrower one cannot be extended.
func.func @parameters() -> (memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<256xi8, #accel.dram>) {
  %weight = vit.parameter @weight : tensor<4x4xf32>
  %signs, %scale = quant.binarize %weight : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %m, %o = quant.requantize_parameters %scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %table = quant.gelu_table {input = !quant.int<8, 0.5>, output = !quant.int<8, 0.25>} : tensor<256xi8>
  %0 = accel.parameter %signs : tensor<4x4x!quant.binary> -> memref<4x4xi1, #accel.dram>
  %1 = accel.parameter %m : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %2 = accel.parameter %o : tensor<4xi48> -> memref<4xi48, #accel.dram>
  %3 = accel.parameter %table : tensor<256xi8> -> memref<256xi8, #accel.dram>
  func.return %0, %1, %2, %3 : memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<256xi8, #accel.dram>
}
func.func @forward(%w: memref<4x4xi1, #accel.dram> {accel.port = "parameter"}, %m: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %o: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %gelu: memref<256xi8, #accel.dram> {accel.port = "parameter"}) {
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %residual = accel.buffer : memref<3x4xi16, #accel.onchip>
  %normed = accel.buffer : memref<3x4xi11, #accel.onchip>
  %hidden = accel.buffer : memref<3x4xi8, #accel.onchip>
  accel.layer_norm %residual at %c0, %m, %o to %normed at %c0 sizes(%c3, %c4) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi11, #accel.onchip>
  accel.linear %normed, %w, %m, %o table %gelu to %hidden at %c0 sizes(%c3, %c4, %c4) {epilogues = ["gelu"], shifts = array<i64: 20>} : memref<3x4xi11, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> table memref<256xi8, #accel.dram> to memref<3x4xi8, #accel.onchip>
  accel.linear %hidden, %w, %m, %o to %residual at %c0 sizes(%c3, %c4, %c4) {epilogues = ["add"], shifts = array<i64: 14>} : memref<3x4xi8, #accel.onchip>, memref<4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi16, #accel.onchip>
  func.return
}
// CHECK-NOT:   accel.extend_table
// CHECK:         %hidden = accel.buffer : memref<3x4xi8, #accel.onchip>
// CHECK-NOT:   bits
