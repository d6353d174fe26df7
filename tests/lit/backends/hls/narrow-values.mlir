// RUN: vaqf-opt %s -t 'hls{file=src/layer_norm.cpp}' | filecheck %s
// RUN: vaqf-opt %s -t 'hls{file=src/mean_tokens.cpp}' | filecheck %s --check-prefix RESCALED
// RUN: vaqf-opt %s -t 'hls{file=src/top.cpp}' | filecheck %s --check-prefix TOP
// RUN: vaqf-opt %s -t 'hls{file=include/arithmetic.hpp}' | filecheck %s --check-prefix ARITHMETIC

// Values of fewer bits than the elements of their matrix: engines are told how many at run time.

builtin.module attributes {accel.hardware = {lanes = 8 : i64, token_slots = 6 : i64, channel_slots = 8 : i64, word_bits = 64 : i64}} {
  func.func private @layer_norm(%result: memref<6x8xi8, #accel.onchip>, %bits: i6) attributes {accel.engine = "layer_norm"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c6 = arith.constant 6 : index
    %scaled = accel.buffer : memref<8xi49, #accel.local>
    scf.for %token = %c0 to %c6 step %c1 {
      accel.store_rounded %scaled to %result[%token, %c0] bits %bits {shift = 20 : i64} : memref<8xi49, #accel.local>, memref<6x8xi8, #accel.onchip>
    } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}
    func.return
  }
  func.func private @mean_tokens(%result: memref<6x8xi8, #accel.onchip>, %bits: i6) attributes {accel.engine = "mean_tokens"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %multiplier = arith.constant 69905 : i18
    %sums = accel.buffer {partition = [#accel.partition<dim = 1, factor = 0, "a row of sums is filled at once">]} : memref<1x8xi19, #accel.local>
    scf.for %tile = %c0 to %c1 step %c1 {
      accel.store_rescaled %sums[%tile], %multiplier to %result[%c0, %c0] bits %bits {shift = 20 : i64} : memref<1x8xi19, #accel.local>, memref<6x8xi8, #accel.onchip>
    } {accel.pipeline = #accel.pipeline<ii = 1, "every tile is independent">}
    func.return
  }
  func.func @forward(%image: memref<1x4x4xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x10xi16, #accel.dram> {accel.port = "output"}) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %y = accel.buffer : memref<6x8xi8, #accel.onchip>
    %five = arith.constant 5 : i6
    scf.for %layer = %c0 to %c2 step %c1 {
      %bits = accel.layer_constant [8, 6][%layer] : i6
      func.call @layer_norm(%y, %bits) : (memref<6x8xi8, #accel.onchip>, i6) -> ()
    }
    func.call @mean_tokens(%y, %five) : (memref<6x8xi8, #accel.onchip>, i6) -> ()
    func.return
  }
}
// CHECK-LABEL: void store_rounded(
// CHECK:               int row, int channel, int bits) {
// CHECK:               matrix[word][row][lane] = clamp<8>(scaled[lane] >> 20, bits);
// CHECK-LABEL: {{^}}void layer_norm(activation8_t result[kLayerNormResultWords][kTokenSlots][kLanes], ap_int<6> bits) {
// CHECK:               store_rounded(scaled, result, token, 0, bits);

// RESCALED-LABEL: void store_rescaled(
// RESCALED:               int channel, multiplier_t multiplier, int bits) {
// RESCALED:               matrix[word][row][lane] = clamp<8>(rescaled >> 20, bits);
// RESCALED:               store_rescaled(sums, tile, result, 0, 0, 69905, bits);

// TOP:             const ap_int<6> bits = kBits[layer];
// TOP-NEXT:        layer_norm(y, bits);
// TOP-NEXT:    }
// TOP-NEXT:    mean_tokens(y, /*bits=*/5);

// ARITHMETIC:      ap_int<Bits> clamp(const Number& value, int bits) {
// ARITHMETIC:          const ap_int<Bits> largest = (1 << (bits - 1)) - 1;
// ARITHMETIC-NEXT:     const ap_int<Bits> smallest = -(1 << (bits - 1));
