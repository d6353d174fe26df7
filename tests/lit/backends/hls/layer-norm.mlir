// RUN: vaqf-opt %s -t 'hls{file=src/layer_norm.cpp}' | filecheck %s
// RUN: vaqf-opt %s -t 'hls{file=src/layer_norm.cpp}' | filecheck %s --check-prefix FUNCTIONS
// RUN: vaqf-opt %s -t 'hls{file=include/formats.hpp}' | filecheck %s --check-prefix FORMATS

// 12 channels in words of 8 lanes, so that the last word hangs over.

builtin.module attributes {accel.hardware = {lanes = 8 : i64, token_slots = 5 : i64, channel_slots = 8 : i64, word_bits = 64 : i64}} {
  func.func private @layer_norm(
      %input: memref<5x12xi16, #accel.onchip>, %first: index, %multiplier: memref<2x8xi18, #accel.dram>,
      %offset: memref<2x8xi48, #accel.dram>, %result: memref<5x12xi8, #accel.onchip>, %tokens: index)
      attributes {accel.engine = "layer_norm"} {
    // CHECK: {{^}}void layer_norm(
    // CHECK-NEXT:         const word_t* constants_memory, const activation16_t input[kLayerNormInputWords][kTokenSlots][kLanes],
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c8 = arith.constant 8 : index
    %channels = arith.constant 12 : index
    %sums = accel.buffer : memref<5xi20, #accel.local>
    // FORMATS:      using layer_norm_sum_t = ap_int<20>;
    // FORMATS-SAME: // |sum| <= 12 channels * 2^15
    %squares = accel.buffer : memref<5xi35, #accel.local>
    // FORMATS:      using layer_norm_square_t = ap_uint<35>;
    // FORMATS-SAME: // 12 squares of at most 2^30
    %inverses = accel.buffer : memref<5xi19, #accel.local>
    %exponents = accel.buffer : memref<5xi6, #accel.local>
    %multipliers = accel.buffer : memref<8xi18, #accel.local>
    %offsets = accel.buffer : memref<8xi48, #accel.local>
    %scaled = accel.buffer : memref<8xi49, #accel.local>
    scf.for %token = %c0 to %tokens step %c1 {
      accel.fill %sums[%token] with 0 : memref<5xi20, #accel.local>
      accel.fill %squares[%token] with 0 : memref<5xi35, #accel.local>
      // CHECK: for (int token = 0; token < tokens; ++token) {
      // CHECK:             sums[token] = 0;
      // CHECK-NEXT:         squares[token] = 0;
    } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}
    scf.for %channel = %c0 to %channels step %c8 {
      // CHECK: for (int channel = 0; channel < kLayerNormChannels; channel += kLayerNormChannelLanes) {
      scf.for %token = %c0 to %tokens step %c1 {
        %row = arith.addi %first, %token : index
        accel.add_moments %input[%row, %channel] to %sums, %squares at %token limit %channels {lanes = 8 : i64}
            : memref<5x12xi16, #accel.onchip>, memref<5xi20, #accel.local>, memref<5xi35, #accel.local>
        // CHECK:             const int row = first + token;
        // CHECK-NEXT:        add_moments(input, row, channel, sums, squares, token, kLayerNormChannels);
      } {accel.pipeline = #accel.pipeline<ii = 1, "every token updates its own row of sums and squares">}
    }
    scf.for %token = %c0 to %tokens step %c1 {
      accel.reciprocal_root %sums, %squares to %inverses, %exponents at %token {channels = 12 : i64, epsilon = 36 : i64, bits = 16 : i64}
          : memref<5xi20, #accel.local>, memref<5xi35, #accel.local>, memref<5xi19, #accel.local>, memref<5xi6, #accel.local>
      // CHECK: reciprocal_root(sums, squares, inverses, exponents, token);
    } {accel.pipeline = #accel.pipeline<ii = 8, "every token is independent">}
    scf.for %channel = %c0 to %channels step %c8 {
      %tile = arith.divui %channel, %c8 : index
      accel.load %multiplier[%tile] to %multipliers : memref<2x8xi18, #accel.dram>, memref<8xi18, #accel.local>
      accel.load %offset[%tile] to %offsets : memref<2x8xi48, #accel.dram>, memref<8xi48, #accel.local>
      scf.for %token = %c0 to %tokens step %c1 {
        %row = arith.addi %first, %token : index
        accel.normalize %input[%row, %channel], %sums, %inverses, %exponents at %token, %multipliers, %offsets to %scaled {channels = 12 : i64}
            : memref<5x12xi16, #accel.onchip>, memref<5xi20, #accel.local>, memref<5xi19, #accel.local>, memref<5xi6, #accel.local>,
              memref<8xi18, #accel.local>, memref<8xi48, #accel.local>, memref<8xi49, #accel.local>
        accel.store_rounded %scaled to %result[%token, %channel] {shift = 20 : i64} : memref<8xi49, #accel.local>, memref<5x12xi8, #accel.onchip>
        // CHECK: normalize(input, row, channel, sums, inverses, exponents, token, multipliers, offsets, scaled);
        // CHECK-NEXT: store_rounded(scaled, result, token, channel);
      } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}
    }
    func.return
  }

  func.func @forward(
      %image: memref<1x4x4xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x10xi16, #accel.dram> {accel.port = "output"},
      %constants: memref<24xi64, #accel.dram> {accel.port = "parameter"}) {
    %c0 = arith.constant 0 : index
    %c5 = arith.constant 5 : index
    %x = accel.buffer : memref<5x12xi16, #accel.onchip>
    %y = accel.buffer : memref<5x12xi8, #accel.onchip>
    %multiplier = accel.view %constants at 0 {unit_rank = 1 : i64} : memref<24xi64, #accel.dram> -> memref<2x8xi18, #accel.dram>
    %offset = accel.view %constants at 8 {unit_rank = 1 : i64} : memref<24xi64, #accel.dram> -> memref<2x8xi48, #accel.dram>
    func.call @layer_norm(%x, %c0, %multiplier, %offset, %y, %c5)
        : (memref<5x12xi16, #accel.onchip>, index, memref<2x8xi18, #accel.dram>, memref<2x8xi48, #accel.dram>, memref<5x12xi8, #accel.onchip>, index) -> ()
    func.return
  }
}

// FUNCTIONS-LABEL: void add_moments(
// FUNCTIONS:               const activation16_t value = channel + lane < limit ? matrix[word][row][lane] : activation16_t(0);
// FUNCTIONS-NEXT:          lane_sum += value;
// FUNCTIONS-NEXT:          lane_squares += layer_norm_lane_squares_t(value * value);
// FUNCTIONS:           sums[token] += lane_sum;

// A root of 40 bits has 20 bits, and takes that many steps.
// FUNCTIONS-LABEL: layer_norm_root_t integer_root(layer_norm_variance_t square) {
// FUNCTIONS:           for (int bit = 0; bit < 20; ++bit) {
// FUNCTIONS:               const layer_norm_remainder_t next = (rest << 2) + layer_norm_remainder_t(square >> 38);
// FUNCTIONS-NEXT:          const layer_norm_remainder_t trial = (layer_norm_remainder_t(root) << 2) + 1;
// FUNCTIONS-LABEL: void reciprocal_root(
// FUNCTIONS:           layer_norm_variance_t variance = channels * squares[token] - sums[token] * sums[token];
// FUNCTIONS-NEXT:      variance += 36ULL;
// FUNCTIONS:               if (variance < (layer_norm_variance_t(1) << 38)) {
// FUNCTIONS-NEXT:              variance = variance << 2;
// FUNCTIONS-NEXT:              exponent += 1;
// FUNCTIONS:           const layer_norm_root_t root = integer_root(variance);
// FUNCTIONS-NEXT:      const layer_norm_dividend_t dividend = layer_norm_dividend_t(1) << 36;
// FUNCTIONS-NEXT:      inverses[token] = dividend / root;

// FUNCTIONS-LABEL: void normalize(
// FUNCTIONS:           const layer_norm_shift_t shift = 21 - exponents[token];
// FUNCTIONS:               const layer_norm_centered_t centered = channels * matrix[word][row][lane] - sum;
// FUNCTIONS-NEXT:          const layer_norm_product_t product = centered * inverse + half;
// FUNCTIONS-NEXT:          const layer_norm_normalized_t normalized = product >> shift;
// FUNCTIONS-NEXT:          scaled[lane] = normalized * multipliers[lane] + offsets[lane];
