// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @linear(%normed: memref<197x192xi8, #accel.onchip>, %hidden: memref<197x768xi8, #accel.onchip>, %residual: memref<197x768xi16, #accel.onchip>, %weight: memref<768x192xi1, #accel.dram>, %multiplier: memref<768xi18, #accel.dram>, %offset: memref<768xi48, #accel.dram>, %gelu: memref<256xi8, #accel.dram>, %first: index, %tokens: index, %inputs: index, %outputs: index, %choice: index) {
  accel.linear %normed, %weight, %multiplier, %offset to %hidden at %first sizes(%tokens, %inputs, %outputs) {epilogues = ["store"], shifts = array<i64: 20>} : memref<197x192xi8, #accel.onchip>, memref<768x192xi1, #accel.dram>, memref<768xi18, #accel.dram>, memref<768xi48, #accel.dram> to memref<197x768xi8, #accel.onchip>
  accel.linear %normed, %weight, %multiplier, %offset table %gelu to %hidden at %first sizes(%tokens, %inputs, %outputs) {epilogues = ["gelu"], shifts = array<i64: 20>} : memref<197x192xi8, #accel.onchip>, memref<768x192xi1, #accel.dram>, memref<768xi18, #accel.dram>, memref<768xi48, #accel.dram> table memref<256xi8, #accel.dram> to memref<197x768xi8, #accel.onchip>
  accel.linear %normed, %weight, %multiplier, %offset to %residual at %first sizes(%tokens, %inputs, %outputs) {epilogues = ["add"], shifts = array<i64: 14>} : memref<197x192xi8, #accel.onchip>, memref<768x192xi1, #accel.dram>, memref<768xi18, #accel.dram>, memref<768xi48, #accel.dram> to memref<197x768xi16, #accel.onchip>
  accel.linear %normed, %weight, %multiplier, %offset table %gelu to %hidden, %hidden, %residual at %first sizes(%tokens, %inputs, %outputs) epilogue %choice {epilogues = ["store", "gelu", "add"], shifts = array<i64: 20, 20, 14>} : memref<197x192xi8, #accel.onchip>, memref<768x192xi1, #accel.dram>, memref<768xi18, #accel.dram>, memref<768xi48, #accel.dram> table memref<256xi8, #accel.dram> to memref<197x768xi8, #accel.onchip>, memref<197x768xi8, #accel.onchip>, memref<197x768xi16, #accel.onchip>
  func.return
}
// CHECK:       func.func @linear(%normed: memref<197x192xi8, #accel.onchip>, %hidden: memref<197x768xi8, #accel.onchip>, %residual: memref<197x768xi16, #accel.onchip>, %weight: memref<768x192xi1, #accel.dram>, %multiplier: memref<768xi18, #accel.dram>, %offset: memref<768xi48, #accel.dram>, %gelu: memref<256xi8, #accel.dram>, %first: index, %tokens: index, %inputs: index, %outputs: index, %choice: index) {
// CHECK-NEXT:    accel.linear %normed, %weight, %multiplier, %offset to %hidden at %first sizes(%tokens, %inputs, %outputs) {epilogues = ["store"], shifts = array<i64: 20>} : memref<197x192xi8, #accel.onchip>, memref<768x192xi1, #accel.dram>, memref<768xi18, #accel.dram>, memref<768xi48, #accel.dram> to memref<197x768xi8, #accel.onchip>
// CHECK-NEXT:    accel.linear %normed, %weight, %multiplier, %offset table %gelu to %hidden at %first sizes(%tokens, %inputs, %outputs) {epilogues = ["gelu"], shifts = array<i64: 20>} : memref<197x192xi8, #accel.onchip>, memref<768x192xi1, #accel.dram>, memref<768xi18, #accel.dram>, memref<768xi48, #accel.dram> table memref<256xi8, #accel.dram> to memref<197x768xi8, #accel.onchip>
// CHECK-NEXT:    accel.linear %normed, %weight, %multiplier, %offset to %residual at %first sizes(%tokens, %inputs, %outputs) {epilogues = ["add"], shifts = array<i64: 14>} : memref<197x192xi8, #accel.onchip>, memref<768x192xi1, #accel.dram>, memref<768xi18, #accel.dram>, memref<768xi48, #accel.dram> to memref<197x768xi16, #accel.onchip>
// CHECK-NEXT:    accel.linear %normed, %weight, %multiplier, %offset table %gelu to %hidden, %hidden, %residual at %first sizes(%tokens, %inputs, %outputs) epilogue %choice {epilogues = ["store", "gelu", "add"], shifts = array<i64: 20, 20, 14>} : memref<197x192xi8, #accel.onchip>, memref<768x192xi1, #accel.dram>, memref<768xi18, #accel.dram>, memref<768xi48, #accel.dram> table memref<256xi8, #accel.dram> to memref<197x768xi8, #accel.onchip>, memref<197x768xi8, #accel.onchip>, memref<197x768xi16, #accel.onchip>
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }

// A tiled weight, and matrices whose sizes the caller decides.
func.func @tiled(%activation: memref<?x?xi8, #accel.onchip>, %weight: memref<?x64x64xi8, #accel.dram>, %multiplier: memref<?x64xi18, #accel.dram>, %offset: memref<?x64xi48, #accel.dram>, %result: memref<?x?xi8, #accel.onchip>, %size: index) {
  accel.linear %activation, %weight, %multiplier, %offset to %result at %size sizes(%size, %size, %size) {epilogues = ["store"], shifts = array<i64: 20>} : memref<?x?xi8, #accel.onchip>, memref<?x64x64xi8, #accel.dram>, memref<?x64xi18, #accel.dram>, memref<?x64xi48, #accel.dram> to memref<?x?xi8, #accel.onchip>
  func.return
}
// CHECK:       func.func @tiled(%activation: memref<?x?xi8, #accel.onchip>, %weight: memref<?x64x64xi8, #accel.dram>, %multiplier: memref<?x64xi18, #accel.dram>, %offset: memref<?x64xi48, #accel.dram>, %result: memref<?x?xi8, #accel.onchip>, %size: index) {
// CHECK-NEXT:    accel.linear %activation, %weight, %multiplier, %offset to %result at %size sizes(%size, %size, %size) {epilogues = ["store"], shifts = array<i64: 20>} : memref<?x?xi8, #accel.onchip>, memref<?x64x64xi8, #accel.dram>, memref<?x64xi18, #accel.dram>, memref<?x64xi48, #accel.dram> to memref<?x?xi8, #accel.onchip>
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }

func.func @others(%residual: memref<197x192xi16, #accel.onchip>, %normed: memref<197x192xi8, #accel.onchip>, %multiplier: memref<192xi18, #accel.dram>, %offset: memref<192xi48, #accel.dram>, %exponentials: memref<256xi17, #accel.dram>, %scale: i18, %first: index, %tokens: index, %channels: index) {
  accel.layer_norm %residual at %first, %multiplier, %offset to %normed at %first sizes(%tokens, %channels) {epsilon = 36 : i64, epilogues = ["store"], shifts = array<i64: 20>} : memref<197x192xi16, #accel.onchip>, memref<192xi18, #accel.dram>, memref<192xi48, #accel.dram> to memref<197x192xi8, #accel.onchip>
  accel.layer_norm %residual at %first, %multiplier, %offset to %residual at %tokens sizes(%tokens, %channels) {epsilon = 51 : i64, epilogues = ["add"], shifts = array<i64: 14>} : memref<197x192xi16, #accel.onchip>, memref<192xi18, #accel.dram>, memref<192xi48, #accel.dram> to memref<197x192xi16, #accel.onchip>
  accel.attention %normed, %normed, %normed, %exponentials, %scale, %scale to %normed {heads = 3 : i64, probability_bits = 8 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64} : memref<197x192xi8, #accel.onchip>, memref<197x192xi8, #accel.onchip>, memref<197x192xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<197x192xi8, #accel.onchip>
  accel.checkpoint "mlp"[%first], %residual : memref<197x192xi16, #accel.onchip>
  accel.attention %normed, %normed, %normed, %exponentials, %scale, %scale to %normed heads(%first, %tokens) {heads = 3 : i64, probability_bits = 8 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64} : memref<197x192xi8, #accel.onchip>, memref<197x192xi8, #accel.onchip>, memref<197x192xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<197x192xi8, #accel.onchip>
  accel.checkpoint "mlp"[%first], %residual {frame = 1 : i64} : memref<197x192xi16, #accel.onchip>
  accel.checkpoint "hidden"[%first], %residual {trace_only} : memref<197x192xi16, #accel.onchip>
  func.return
}
// CHECK:       func.func @others(%residual: memref<197x192xi16, #accel.onchip>, %normed: memref<197x192xi8, #accel.onchip>, %multiplier: memref<192xi18, #accel.dram>, %offset: memref<192xi48, #accel.dram>, %exponentials: memref<256xi17, #accel.dram>, %scale: i18, %first: index, %tokens: index, %channels: index) {
// CHECK-NEXT:    accel.layer_norm %residual at %first, %multiplier, %offset to %normed at %first sizes(%tokens, %channels) {epsilon = 36 : i64, epilogues = ["store"], shifts = array<i64: 20>} : memref<197x192xi16, #accel.onchip>, memref<192xi18, #accel.dram>, memref<192xi48, #accel.dram> to memref<197x192xi8, #accel.onchip>
// CHECK-NEXT:    accel.layer_norm %residual at %first, %multiplier, %offset to %residual at %tokens sizes(%tokens, %channels) {epsilon = 51 : i64, epilogues = ["add"], shifts = array<i64: 14>} : memref<197x192xi16, #accel.onchip>, memref<192xi18, #accel.dram>, memref<192xi48, #accel.dram> to memref<197x192xi16, #accel.onchip>
// CHECK-NEXT:    accel.attention %normed, %normed, %normed, %exponentials, %scale, %scale to %normed {heads = 3 : i64, probability_bits = 8 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64} : memref<197x192xi8, #accel.onchip>, memref<197x192xi8, #accel.onchip>, memref<197x192xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<197x192xi8, #accel.onchip>
// CHECK-NEXT:    accel.checkpoint "mlp"[%first], %residual : memref<197x192xi16, #accel.onchip>
// CHECK-NEXT:    accel.attention %normed, %normed, %normed, %exponentials, %scale, %scale to %normed heads(%first, %tokens) {heads = 3 : i64, probability_bits = 8 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64} : memref<197x192xi8, #accel.onchip>, memref<197x192xi8, #accel.onchip>, memref<197x192xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<197x192xi8, #accel.onchip>
// CHECK-NEXT:    accel.checkpoint "mlp"[%first], %residual {frame = 1 : i64} : memref<197x192xi16, #accel.onchip>
// CHECK-NEXT:    accel.checkpoint "hidden"[%first], %residual {trace_only} : memref<197x192xi16, #accel.onchip>
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }

func.func @moving(%image: memref<3x224x224xi8, #accel.dram>, %patches: memref<196x768xi8, #accel.onchip>, %tokens: memref<197x192xi16, #accel.dram>, %tiled: memref<3x197x64xi16, #accel.dram>, %residual: memref<197x192xi16, #accel.onchip>, %scores: memref<1x1000xi16, #accel.onchip>, %logits: memref<1x1000xi16, #accel.dram>) {
  accel.extract_patches %image to %patches {patch = array<i64: 16, 16>, order = "colours_first"} : memref<3x224x224xi8, #accel.dram>, memref<196x768xi8, #accel.onchip>
  accel.load_matrix %tokens to %residual : memref<197x192xi16, #accel.dram>, memref<197x192xi16, #accel.onchip>
  accel.load_matrix %tiled to %residual : memref<3x197x64xi16, #accel.dram>, memref<197x192xi16, #accel.onchip>
  accel.store_matrix %scores to %logits : memref<1x1000xi16, #accel.onchip>, memref<1x1000xi16, #accel.dram>
  func.return
}
// CHECK:       func.func @moving(%image: memref<3x224x224xi8, #accel.dram>, %patches: memref<196x768xi8, #accel.onchip>, %tokens: memref<197x192xi16, #accel.dram>, %tiled: memref<3x197x64xi16, #accel.dram>, %residual: memref<197x192xi16, #accel.onchip>, %scores: memref<1x1000xi16, #accel.onchip>, %logits: memref<1x1000xi16, #accel.dram>) {
// CHECK-NEXT:    accel.extract_patches %image to %patches {patch = array<i64: 16, 16>, order = "colours_first"} : memref<3x224x224xi8, #accel.dram>, memref<196x768xi8, #accel.onchip>
// CHECK-NEXT:    accel.load_matrix %tokens to %residual : memref<197x192xi16, #accel.dram>, memref<197x192xi16, #accel.onchip>
// CHECK-NEXT:    accel.load_matrix %tiled to %residual : memref<3x197x64xi16, #accel.dram>, memref<197x192xi16, #accel.onchip>
// CHECK-NEXT:    accel.store_matrix %scores to %logits : memref<1x1000xi16, #accel.onchip>, memref<1x1000xi16, #accel.dram>
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }
