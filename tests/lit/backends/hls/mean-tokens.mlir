// RUN: vaqf-opt %s -t 'hls{file=src/mean_tokens.cpp}' | filecheck %s
// RUN: vaqf-opt %s -t 'hls{file=src/mean_tokens.cpp}' | filecheck %s --check-prefix FUNCTIONS
// RUN: vaqf-opt %s -t 'hls{file=include/formats.hpp}' | filecheck %s --check-prefix FORMATS

// 12 channels in words of 8 lanes, so that the last word hangs over.

builtin.module attributes {accel.hardware = {lanes = 8 : i64, token_slots = 6 : i64, channel_slots = 8 : i64, word_bits = 64 : i64}} {
  func.func private @mean_tokens(
      %input: memref<6x12xi16, #accel.onchip>, %first: index, %result: memref<1x12xi8, #accel.onchip>, %tokens: index)
      attributes {accel.engine = "mean_tokens"} {
    // CHECK: {{^}}void mean_tokens(
    // CHECK-NEXT:         const activation16_t input[kMeanTokensInputWords][kTokenSlots][kLanes], int first,
    // CHECK-NEXT:         activation8_t result[kMeanTokensResultWords][kTokenSlots][kLanes], int tokens) {
    %sums = accel.buffer {partition = [#accel.partition<dim = 1, factor = 0, "a row of sums is filled at once">]} : memref<2x8xi19, #accel.local>
    // CHECK:          mean_tokens_sum_t sums[2][kMeanTokensChannelLanes];
    // CHECK-NEXT:     // Split: a row of sums is filled at once.
    // CHECK-NEXT: #pragma HLS array_partition variable = sums complete dim = 2
    // FORMATS:      using mean_tokens_sum_t = ap_int<19>;
    // FORMATS-SAME: // |sum| <= 5 tokens * 2^15
    // FORMATS:      using mean_tokens_rescaled_t = ap_int<38>;
    // FORMATS-SAME: // 19 bits times 18, and the half of rounding
    %multiplier = arith.constant 69905 : i18
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c8 = arith.constant 8 : index
    scf.for %tile = %c0 to %c2 step %c1 {
      accel.fill %sums[%tile] with 0 : memref<2x8xi19, #accel.local>
      // CHECK: for (int tile = 0; tile < 2; ++tile) {
      // CHECK-NEXT: #pragma HLS pipeline II = 1
      // CHECK-NEXT: fill(sums[tile]);
    } {accel.pipeline = #accel.pipeline<ii = 1, "every tile is independent">}
    scf.for %token = %c0 to %tokens step %c1 {
      %row = arith.addi %first, %token : index
      // CHECK: for (int token = 0; token < tokens; ++token) {
      // CHECK-NEXT: #pragma HLS loop_tripcount min = 4 max = 5
      // CHECK-NEXT: const int row = first + token;
      scf.for %tile = %c0 to %c2 step %c1 {
        %channel = arith.muli %tile, %c8 : index
        accel.add_row %input[%row, %channel] to %sums[%tile] : memref<6x12xi16, #accel.onchip>, memref<2x8xi19, #accel.local>
        // CHECK:      // II = 1: every tile updates its own row of sums
        // CHECK:      const int channel = tile * 8;
        // CHECK-NEXT: add_row(input, row, channel, sums, tile);
      } {accel.pipeline = #accel.pipeline<ii = 1, "every tile updates its own row of sums">}
    }
    scf.for %tile = %c0 to %c2 step %c1 {
      %channel = arith.muli %tile, %c8 : index
      accel.store_rescaled %sums[%tile], %multiplier to %result[%c0, %channel] {shift = 20 : i64} : memref<2x8xi19, #accel.local>, memref<1x12xi8, #accel.onchip>
      // CHECK:      const int channel = tile * 8;
      // CHECK-NEXT: store_rescaled(sums, tile, result, 0, channel, 69905);
    } {accel.pipeline = #accel.pipeline<ii = 1, "every tile is independent">}
    func.return
  }

  func.func @forward(%image: memref<1x4x4xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x10xi16, #accel.dram> {accel.port = "output"}) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %c5 = arith.constant 5 : index
    %x = accel.buffer : memref<6x12xi16, #accel.onchip>
    %y = accel.buffer : memref<1x12xi8, #accel.onchip>
    func.call @mean_tokens(%x, %c1, %y, %c4) : (memref<6x12xi16, #accel.onchip>, index, memref<1x12xi8, #accel.onchip>, index) -> ()
    func.call @mean_tokens(%x, %c0, %y, %c5) : (memref<6x12xi16, #accel.onchip>, index, memref<1x12xi8, #accel.onchip>, index) -> ()
    func.return
  }
}

// FUNCTIONS-LABEL: void add_row(
// FUNCTIONS:           const int word = channel / kLanes;
// FUNCTIONS:               sums[tile][lane] += matrix[word][row][lane];

// FUNCTIONS-LABEL: void store_rescaled(
// FUNCTIONS:           const mean_tokens_rescaled_t half = mean_tokens_rescaled_t(1) << 19;
// FUNCTIONS:               const mean_tokens_rescaled_t rescaled = values[token][lane] * multiplier + half;
// FUNCTIONS-NEXT:          matrix[word][row][lane] = clamp<8>(rescaled >> 20);
