// RUN: vaqf-opt %s -t 'hls{file=src/integer_matmul.cpp}' | filecheck %s
// RUN: vaqf-opt %s -t 'hls{file=src/integer_matmul.cpp}' | filecheck %s --check-prefix FUNCTIONS
// RUN: vaqf-opt %s -t 'hls{file=include/formats.hpp}' | filecheck %s --check-prefix FORMATS

// Integer weights of 8 bits; the input lanes are a part of a word, and a tile of output channels is two words.
// One-bit activations are -1 or +1, in two bits.

builtin.module attributes {accel.hardware = {lanes = 8 : i64, token_slots = 4 : i64, channel_slots = 16 : i64, word_bits = 64 : i64}} {
  func.func private @integer_matmul(
      %activation: memref<4x16xi1, #accel.onchip>, %weight: memref<4x16x4xi8, #accel.dram>,
      %multiplier: memref<1x16xi18, #accel.dram>, %offset: memref<1x16xi48, #accel.dram>,
      %result: memref<4x16xi1, #accel.onchip>) attributes {accel.engine = "integer_matmul"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %c16 = arith.constant 16 : index
    %sums = accel.buffer : memref<4x16xi12, #accel.local>
    // FORMATS:     using activation1_t = ap_int<2>;
    // FORMATS-SAME: // an activation of one bit: -1 or +1
    // FORMATS:     using integer_matmul_sum_t = ap_int<12>;
    // FORMATS-SAME: // |sum| <= 16 * 2^0 * 127, the longest row of any layer
    %weights = accel.buffer {partition = [
        #accel.partition<dim = 0, factor = 0, "16 x 4 weights meet 4 activations">,
        #accel.partition<dim = 1, factor = 0, "16 x 4 weights meet 4 activations">]}
        : memref<16x4xi8, #accel.local>
    %multipliers = accel.buffer : memref<16xi18, #accel.local>
    %offsets = accel.buffer : memref<16xi48, #accel.local>
    %scaled = accel.buffer : memref<16xi49, #accel.local>
    // CHECK:      static_assert(kLanes % kIntegerMatmulInputLanes == 0, "the input channels of a tile lie in one word of a matrix");
    // CHECK-NEXT: static_assert(kIntegerMatmulOutputLanes % kLanes == 0, "the output channels of a tile are whole words of a matrix");
    // CHECK:      {{^}}void integer_matmul(
    accel.load %multiplier[%c0] to %multipliers : memref<1x16xi18, #accel.dram>, memref<16xi18, #accel.local>
    accel.load %offset[%c0] to %offsets : memref<1x16xi48, #accel.dram>, memref<16xi48, #accel.local>
    // CHECK:          load_multipliers(constants_memory, multiplier_at, multipliers);
    // CHECK-NEXT:     load_offsets(constants_memory, offset_at, offsets);
    accel.fill %sums[] with 0 : memref<4x16xi12, #accel.local>
    // CHECK-NEXT:     fill(sums);
    scf.for %input = %c0 to %c16 step %c4 {
      // CHECK-NEXT: Inputs:
      // CHECK-NEXT:     for (int input = 0; input < 16; input += kIntegerMatmulInputLanes) {
      // CHECK-NEXT:         integer_matmul_weight_t weights[kIntegerMatmulOutputLanes][kIntegerMatmulInputLanes];
      // CHECK-NEXT:         // Split: 16 x 4 weights meet 4 activations.
      // CHECK-NEXT: #pragma HLS array_partition variable = weights complete dim = 1
      // CHECK-NEXT: #pragma HLS array_partition variable = weights complete dim = 2
      %tile = arith.divui %input, %c4 : index
      accel.load %weight[%tile] to %weights : memref<4x16x4xi8, #accel.dram>, memref<16x4xi8, #accel.local>
      // CHECK-NEXT:         const int tile = input / 4;
      // CHECK-NEXT:         load_weights(weights_memory, weight_at + 8 * tile, weights);
      scf.for %token = %c0 to %c4 step %c1 {
        accel.accumulate %activation at %token, %input weights %weights to %sums {tokens = 1 : i64}
            : memref<4x16xi1, #accel.onchip>, memref<16x4xi8, #accel.local>, memref<4x16xi12, #accel.local>
      } {accel.pipeline = #accel.pipeline<ii = 1, "every token has sums of its own">}
      // CHECK-NEXT:         // II = 1: every token has sums of its own
      // CHECK-NEXT:     Tokens:
      // CHECK-NEXT:         for (int token = 0; token < 4; token += kIntegerMatmulTokenLanes) {
      // CHECK-NEXT: #pragma HLS pipeline II = 1
      // CHECK-NEXT:             accumulate(activation, token, input, weights, sums);
    }
    scf.for %token = %c0 to %c4 step %c1 {
      accel.scale %sums[%token], %multipliers, %offsets to %scaled
          : memref<4x16xi12, #accel.local>, memref<16xi18, #accel.local>, memref<16xi48, #accel.local>, memref<16xi49, #accel.local>
      accel.store_rounded %scaled to %result[%token, %c0] {shift = 20 : i64}
          : memref<16xi49, #accel.local>, memref<4x16xi1, #accel.onchip>
      // CHECK:              scale(sums, token, multipliers, offsets, scaled);
      // CHECK-NEXT:         store_rounded(scaled, result, token, 0);
    } {accel.pipeline = #accel.pipeline<ii = 1, "every token has sums of its own">}
    func.return
  }

  func.func @forward(
      %image: memref<1x4x4xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x10xi16, #accel.dram> {accel.port = "output"},
      %weights: memref<32xi64, #accel.dram> {accel.port = "parameter"}, %constants: memref<24xi64, #accel.dram> {accel.port = "parameter"}) {
    %x = accel.buffer : memref<4x16xi1, #accel.onchip>
    %y = accel.buffer : memref<4x16xi1, #accel.onchip>
    %weight = accel.view %weights at 0 {unit_rank = 2 : i64} : memref<32xi64, #accel.dram> -> memref<4x16x4xi8, #accel.dram>
    %multiplier = accel.view %constants at 0 {unit_rank = 1 : i64} : memref<24xi64, #accel.dram> -> memref<1x16xi18, #accel.dram>
    %offset = accel.view %constants at 8 {unit_rank = 1 : i64} : memref<24xi64, #accel.dram> -> memref<1x16xi48, #accel.dram>
    func.call @integer_matmul(%x, %weight, %multiplier, %offset, %y)
        : (memref<4x16xi1, #accel.onchip>, memref<4x16x4xi8, #accel.dram>, memref<1x16xi18, #accel.dram>, memref<1x16xi48, #accel.dram>, memref<4x16xi1, #accel.onchip>) -> ()
    func.return
  }
}

// FUNCTIONS-LABEL: void fill(
// FUNCTIONS:           for (int row = 0; row < kTokenSlots; ++row) {
// FUNCTIONS-NOT:   pipeline
// FUNCTIONS:               for (int element = 0; element < kIntegerMatmulOutputLanes; ++element) {
// FUNCTIONS-NEXT:  #pragma HLS pipeline II = 1
// FUNCTIONS-NEXT:              array[row][element] = 0;

// Two rows of a tile are one word.
// FUNCTIONS-LABEL: void load_weights(
// FUNCTIONS:           // A word is 2 rows.
// FUNCTIONS:               const int row = 2 * group + field / 4;
// FUNCTIONS-NEXT:          weights[row][field % 4] = bits.range(8 * field + 7, 8 * field);

// FUNCTIONS-LABEL: void accumulate(
// FUNCTIONS:           const int word = channel / kLanes;
// FUNCTIONS-NEXT:      const int first_lane = channel % kLanes;
// FUNCTIONS:               lanes[input] = activation[word][token + step][first_lane + input];
// FUNCTIONS:               products += lanes[factor] * weight[lane][factor];
// FUNCTIONS:               sums[token + step][lane] += products;

// FUNCTIONS-LABEL: void store_rounded(
// FUNCTIONS:               matrix[word + lane / kLanes][row][lane % kLanes] =
// FUNCTIONS-NEXT:              scaled[lane] < 0 ? activation1_t(-1) : activation1_t(1);
