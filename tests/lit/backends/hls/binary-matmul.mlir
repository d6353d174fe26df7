// RUN: vaqf-opt %s -t 'hls{file=src/binary_matmul.cpp}' | filecheck %s
// RUN: vaqf-opt %s -t 'hls{file=src/binary_matmul.cpp}' | filecheck %s --check-prefix FUNCTIONS
// RUN: vaqf-opt %s -t 'hls{file=include/binary_matmul.hpp}' | filecheck %s --check-prefix HEADER
// RUN: vaqf-opt %s -t 'hls{file=include/formats.hpp}' | filecheck %s --check-prefix FORMATS

// An engine for linear layers with one-bit weights, after all passes: two weight tiles that take turns, and three
// epilogues.

builtin.module attributes {accel.hardware = {lanes = 8 : i64, token_slots = 6 : i64, channel_slots = 8 : i64, word_bits = 64 : i64}} {
  func.func private @binary_matmul(
      %activation: memref<?x?xi8, #accel.onchip>, %weight: memref<?x8x8xi1, #accel.dram>,
      %multiplier: memref<?x8xi18, #accel.dram>, %offset: memref<?x8xi48, #accel.dram>,
      %table: memref<256xi8, #accel.dram>, %result: memref<?x?xi8, #accel.onchip>,
      %residual: memref<?x?xi16, #accel.onchip>, %first: index, %tokens: index, %inputs: index,
      %outputs: index, %epilogue: index) attributes {accel.engine = "binary_matmul"} {
    // HEADER:      // Engine `binary_matmul` of the IR, for blocks.{0-1}.{mlp.fc1, mlp.fc2}.
    // HEADER-NEXT: #pragma once
    // HEADER:      /// \param weight_at      first word of `weight` in `weights_memory`: any x 8 x 8, 1 bit each
    // HEADER:      void binary_matmul(
    // HEADER-NEXT:         const word_t* weights_memory, const word_t* constants_memory,
    // HEADER-NEXT:         const activation8_t activation[kBinaryMatmulActivationWords][kTokenSlots][kLanes], int weight_at,
    // HEADER-NEXT:         int multiplier_at, int offset_at, int table_at,
    // HEADER-NEXT:         activation8_t result[kBinaryMatmulResultWords][kTokenSlots][kLanes],
    // HEADER-NEXT:         activation16_t residual[kBinaryMatmulResidualWords][kTokenSlots][kLanes], int first, int tokens,
    // HEADER-NEXT:         int inputs, int outputs, int epilogue);

    // CHECK:      static_assert(kTokenSlots % kBinaryMatmulTokenLanes == 0, "the last tile of tokens lies within a matrix");
    // CHECK-NEXT: static_assert(kBinaryMatmulInputLanes == kLanes, "the input channels of a tile are one word of a matrix");
    // CHECK:      {{^}}void binary_matmul(
    // CHECK:      #pragma HLS inline off
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c8 = arith.constant 8 : index
    %sums = accel.buffer {partition = [
        #accel.partition<dim = 0, factor = 2, "2 tokens are added to in one cycle">,
        #accel.partition<dim = 1, factor = 0, "all output lanes are added to in one cycle">]}
        : memref<6x8xi15, #accel.local>
    // CHECK-NEXT:     binary_matmul_sum_t sums[kTokenSlots][kBinaryMatmulOutputLanes];
    // CHECK-NEXT:     // Split: 2 tokens are added to in one cycle; all output lanes are added to in one cycle.
    // CHECK-NEXT: #pragma HLS array_partition variable = sums cyclic factor = 2 dim = 1
    // CHECK-NEXT: #pragma HLS array_partition variable = sums complete dim = 2
    // FORMATS:     using binary_matmul_sum_t = ap_int<15>;
    // FORMATS-SAME: // |sum| <= 32 * 2^7, the longest row of any layer
    %tiles = accel.buffer {partition = [
        #accel.partition<dim = 0, factor = 0, "one tile is loaded while the other one is used">,
        #accel.partition<dim = 1, factor = 0, "all rows of a tile are used in one cycle">,
        #accel.partition<dim = 2, factor = 0, "all bits of a row are used in one cycle">]}
        : memref<2x8x8xi1, #accel.local>
    // CHECK-NEXT:     binary_matmul_tile_row_t tiles[2][kBinaryMatmulOutputLanes];
    // CHECK-NEXT:     // Split: one tile is loaded while the other one is used;
    // CHECK:      #pragma HLS array_partition variable = tiles complete dim = 1
    // CHECK-NEXT: #pragma HLS array_partition variable = tiles complete dim = 2
    // CHECK-NOT:  variable = tiles complete dim = 3
    // FORMATS:     using binary_matmul_tile_row_t = ap_uint<kBinaryMatmulInputLanes>;
    // FORMATS-SAME: // bit n is the weight of input lane n: 1 is +1, 0 is -1
    %multipliers = accel.buffer : memref<8xi18, #accel.local>
    %offsets = accel.buffer : memref<8xi48, #accel.local>
    %entries = accel.buffer {copies = 4 : i64} : memref<256xi8, #accel.local>
    // CHECK:          binary_matmul_entry_t entries[4][256];
    // CHECK-NEXT:     // 4 equal copies, to look up several entries at once.
    // CHECK-NEXT: #pragma HLS array_partition variable = entries complete dim = 1
    %scaled = accel.buffer {partition = [#accel.partition<dim = 0, factor = 0, "all lanes are scaled in one cycle">]}
        : memref<8xi49, #accel.local>
    %input_tiles = arith.ceildivui %inputs, %c8 : index
    // CHECK-NEXT:     const int input_tiles = divide_up(inputs, 8);
    %output_tiles = arith.ceildivui %outputs, %c8 : index
    %tile_count = arith.muli %input_tiles, %output_tiles : index
    // CHECK-NEXT:     const int output_tiles = divide_up(outputs, 8);
    // CHECK-NEXT:     const int tile_count = input_tiles * output_tiles;
    %is_lookup = arith.cmpi eq, %epilogue, %c1 : index
    scf.if %is_lookup {
      accel.load %table[] to %entries : memref<256xi8, #accel.dram>, memref<256xi8, #accel.local>
    }
    // CHECK-NEXT:     const bool is_lookup = epilogue == 1;
    // CHECK-NEXT:     if (is_lookup) {
    // CHECK-NEXT:         load_entries(constants_memory, table_at, entries);
    // CHECK-NEXT:     }
    %tiles_1 = accel.slot %tiles[%c0] : memref<2x8x8xi1, #accel.local> -> memref<8x8xi1, #accel.local>
    accel.load %weight[%c0] to %tiles_1 : memref<?x8x8xi1, #accel.dram>, memref<8x8xi1, #accel.local>
    // CHECK-NEXT:     load_tiles(weights_memory, weight_at, tiles[0]);
    scf.for %output = %c0 to %outputs step %c8 {
      // CHECK-NEXT: Outputs:
      // CHECK-NEXT:     for (int output = 0; output < outputs; output += kBinaryMatmulOutputLanes) {
      // CHECK-NEXT: #pragma HLS loop_tripcount min = 2 max = 4
      // CHECK-NEXT:         multiplier_t multipliers[kBinaryMatmulOutputLanes];
      // CHECK-NEXT:         offset_t offsets[kBinaryMatmulOutputLanes];
      %output_tile = arith.divui %output, %c8 : index
      %first_tile = arith.muli %output_tile, %input_tiles : index
      accel.load %multiplier[%output_tile] to %multipliers : memref<?x8xi18, #accel.dram>, memref<8xi18, #accel.local>
      accel.load %offset[%output_tile] to %offsets : memref<?x8xi48, #accel.dram>, memref<8xi48, #accel.local>
      // CHECK-NEXT:         const int output_tile = output / 8;
      // CHECK-NEXT:         const int first_tile = output_tile * input_tiles;
      // CHECK-NEXT:         load_multipliers(constants_memory, multiplier_at + 4 * output_tile, multipliers);
      // CHECK-NEXT:         load_offsets(constants_memory, offset_at + 8 * output_tile, offsets);
      scf.for %input = %c0 to %inputs step %c8 {
        // CHECK-NEXT:     Inputs:
        // CHECK-NEXT:         for (int input = 0; input < inputs; input += kBinaryMatmulInputLanes) {
        // CHECK-NEXT: #pragma HLS loop_tripcount min = 2 max = 4
        %0 = arith.divui %input, %c8 : index
        %tile = arith.addi %first_tile, %0 : index
        %next = arith.addi %tile, %c1 : index
        %slot = arith.remui %tile, %c2 : index
        %other = arith.subi %c1, %slot : index
        %restart = arith.cmpi eq, %input, %c0 : index
        // CHECK-NEXT:             const int tile = first_tile + input / 8;
        // CHECK-NEXT:             const int next = tile + 1;
        // CHECK-NEXT:             const int slot = tile % 2;
        // CHECK-NEXT:             const bool restart = input == 0;
        accel.concurrent {
          %1 = arith.cmpi ult, %next, %tile_count : index
          scf.if %1 {
            %tiles_2 = accel.slot %tiles[%other] : memref<2x8x8xi1, #accel.local> -> memref<8x8xi1, #accel.local>
            accel.load %weight[%next] to %tiles_2 : memref<?x8x8xi1, #accel.dram>, memref<8x8xi1, #accel.local>
          }
        } {
          scf.for %token = %c0 to %tokens step %c2 {
            %tiles_3 = accel.slot %tiles[%slot] : memref<2x8x8xi1, #accel.local> -> memref<8x8xi1, #accel.local>
            accel.accumulate %activation at %token, %input weights %tiles_3 to %sums restart %restart
                limit %inputs {tokens = 2 : i64, form = "selected_sum"}
                : memref<?x?xi8, #accel.onchip>, memref<8x8xi1, #accel.local>, memref<6x8xi15, #accel.local>
          } {accel.pipeline = #accel.pipeline<ii = 1, "a sum is written 3 iterations before it is read again">}
        }
        // CHECK-NEXT:             // None of these calls writes what another one touches: they run at the same time.
        // CHECK-NEXT: #pragma HLS allocation function instances = prefetch_tiles limit = 1
        // CHECK-NEXT: #pragma HLS allocation function instances = accumulate_tokens limit = 1
        // CHECK-NEXT:             if (slot == 0) {
        // CHECK-NEXT:                 prefetch_tiles(weights_memory, next, tile_count, tiles[1], weight_at);
        // CHECK-NEXT:                 accumulate_tokens(tokens, tiles[0], activation, input, sums, restart, inputs);
        // CHECK-NEXT:             } else {
        // CHECK-NEXT:                 prefetch_tiles(weights_memory, next, tile_count, tiles[0], weight_at);
        // CHECK-NEXT:                 accumulate_tokens(tokens, tiles[1], activation, input, sums, restart, inputs);
        // CHECK-NEXT:             }
        // CHECK-NEXT:         }
      }
      scf.for %token = %c0 to %tokens step %c1 {
        // CHECK-NEXT:         // II = 1: every iteration writes another row
        // CHECK-NEXT:     Tokens:
        // CHECK-NEXT:         for (int token = 0; token < tokens; ++token) {
        // CHECK-NEXT: #pragma HLS pipeline II = 1
        // CHECK-NEXT: #pragma HLS loop_tripcount min = 5 max = 5
        // CHECK-NEXT:             binary_matmul_scaled_t scaled[kBinaryMatmulOutputLanes];
        accel.scale %sums[%token], %multipliers, %offsets to %scaled
            : memref<6x8xi15, #accel.local>, memref<8xi18, #accel.local>, memref<8xi48, #accel.local>, memref<8xi49, #accel.local>
        // CHECK:                  scale(sums, token, multipliers, offsets, scaled);
        scf.index_switch %epilogue
        case 0 {
          accel.store_rounded %scaled to %result[%token, %output] {shift = 20 : i64}
              : memref<8xi49, #accel.local>, memref<?x?xi8, #accel.onchip>
          scf.yield
        }
        case 1 {
          accel.store_lookup %scaled, %entries to %result[%token, %output] {shift = 19 : i64}
              : memref<8xi49, #accel.local>, memref<256xi8, #accel.local>, memref<?x?xi8, #accel.onchip>
          scf.yield
        }
        default {
          %row = arith.addi %first, %token : index
          accel.add_rounded %scaled to %residual[%row, %output] {shift = 14 : i64}
              : memref<8xi49, #accel.local>, memref<?x?xi16, #accel.onchip>
          scf.yield
        }
        // CHECK-NEXT:             switch (epilogue) {
        // CHECK-NEXT:                 case 0: {
        // CHECK-NEXT:                     store_rounded(scaled, result, token, output);
        // CHECK-NEXT:                     break;
        // CHECK-NEXT:                 }
        // CHECK-NEXT:                 case 1: {
        // CHECK-NEXT:                     store_lookup(scaled, entries, result, token, output);
        // CHECK-NEXT:                     break;
        // CHECK-NEXT:                 }
        // CHECK-NEXT:                 default: {
        // CHECK-NEXT:                     const int row = first + token;
        // CHECK-NEXT:                     add_rounded(scaled, residual, row, output);
        // CHECK-NEXT:                     break;
        // CHECK-NEXT:                 }
        // CHECK-NEXT:             }
      } {accel.pipeline = #accel.pipeline<ii = 1, "every iteration writes another row">}
    }
    func.return
  }

  func.func @forward(
      %pixel_values: memref<1x8x8xi8, #accel.dram> {vaqf.name = "pixel_values", accel.port = "input", accel.format = !quant.int<8, 0.02>},
      %logits: memref<1x10xi16, #accel.dram> {vaqf.name = "logits", accel.port = "output", accel.format = !quant.int<16, 0.001>},
      %weights: memref<32xi64, #accel.dram> {accel.port = "parameter"},
      %constants: memref<512xi64, #accel.dram> {accel.port = "parameter"}) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c5 = arith.constant 5 : index
    %c16 = arith.constant 16 : index
    %c32 = arith.constant 32 : index
    %residual = accel.buffer : memref<5x16xi16, #accel.onchip>
    %normed = accel.buffer : memref<5x16xi8, #accel.onchip>
    %hidden = accel.buffer : memref<5x32xi8, #accel.onchip>
    %fc1_weight = accel.view %weights at 0 {unit_rank = 2 : i64} : memref<32xi64, #accel.dram> -> memref<2x8x8x8xi1, #accel.dram>
    %fc2_weight = accel.view %weights at 16 {unit_rank = 2 : i64} : memref<32xi64, #accel.dram> -> memref<2x8x8x8xi1, #accel.dram>
    %fc1_multiplier = accel.view %constants at 0 {unit_rank = 1 : i64} : memref<512xi64, #accel.dram> -> memref<2x4x8xi18, #accel.dram>
    %fc1_offset = accel.view %constants at 32 {unit_rank = 1 : i64} : memref<512xi64, #accel.dram> -> memref<2x4x8xi48, #accel.dram>
    %fc1_gelu = accel.view %constants at 96 {unit_rank = 1 : i64} : memref<512xi64, #accel.dram> -> memref<2x256xi8, #accel.dram>
    %fc2_multiplier = accel.view %constants at 160 {unit_rank = 1 : i64} : memref<512xi64, #accel.dram> -> memref<2x2x8xi18, #accel.dram>
    %fc2_offset = accel.view %constants at 176 {unit_rank = 1 : i64} : memref<512xi64, #accel.dram> -> memref<2x2x8xi48, #accel.dram>
    %0 = "memref.cast"(%normed) : (memref<5x16xi8, #accel.onchip>) -> memref<?x?xi8, #accel.onchip>
    %1 = "memref.cast"(%hidden) : (memref<5x32xi8, #accel.onchip>) -> memref<?x?xi8, #accel.onchip>
    %2 = "memref.cast"(%residual) : (memref<5x16xi16, #accel.onchip>) -> memref<?x?xi16, #accel.onchip>
    scf.for %layer = %c0 to %c2 step %c1 {
      %weight = accel.select %fc1_weight[%layer] : memref<2x8x8x8xi1, #accel.dram> -> memref<8x8x8xi1, #accel.dram>
      %multiplier = accel.select %fc1_multiplier[%layer] : memref<2x4x8xi18, #accel.dram> -> memref<4x8xi18, #accel.dram>
      %offset = accel.select %fc1_offset[%layer] : memref<2x4x8xi48, #accel.dram> -> memref<4x8xi48, #accel.dram>
      %gelu = accel.select %fc1_gelu[%layer] : memref<2x256xi8, #accel.dram> -> memref<256xi8, #accel.dram>
      %3 = "memref.cast"(%weight) : (memref<8x8x8xi1, #accel.dram>) -> memref<?x8x8xi1, #accel.dram>
      %4 = "memref.cast"(%multiplier) : (memref<4x8xi18, #accel.dram>) -> memref<?x8xi18, #accel.dram>
      %5 = "memref.cast"(%offset) : (memref<4x8xi48, #accel.dram>) -> memref<?x8xi48, #accel.dram>
      func.call @binary_matmul(%0, %3, %4, %5, %gelu, %1, %2, %c0, %c5, %c16, %c32, %c1)
          : (memref<?x?xi8, #accel.onchip>, memref<?x8x8xi1, #accel.dram>, memref<?x8xi18, #accel.dram>, memref<?x8xi48, #accel.dram>, memref<256xi8, #accel.dram>, memref<?x?xi8, #accel.onchip>, memref<?x?xi16, #accel.onchip>, index, index, index, index, index) -> ()
          loc(fused["/blocks/blocks.0/mlp/fc1/MatMul", "/blocks/blocks.1/mlp/fc1/MatMul"])
      %weight2 = accel.select %fc2_weight[%layer] : memref<2x8x8x8xi1, #accel.dram> -> memref<8x8x8xi1, #accel.dram>
      %multiplier2 = accel.select %fc2_multiplier[%layer] : memref<2x2x8xi18, #accel.dram> -> memref<2x8xi18, #accel.dram>
      %offset2 = accel.select %fc2_offset[%layer] : memref<2x2x8xi48, #accel.dram> -> memref<2x8xi48, #accel.dram>
      %6 = "memref.cast"(%weight2) : (memref<8x8x8xi1, #accel.dram>) -> memref<?x8x8xi1, #accel.dram>
      %7 = "memref.cast"(%multiplier2) : (memref<2x8xi18, #accel.dram>) -> memref<?x8xi18, #accel.dram>
      %8 = "memref.cast"(%offset2) : (memref<2x8xi48, #accel.dram>) -> memref<?x8xi48, #accel.dram>
      func.call @binary_matmul(%1, %6, %7, %8, %gelu, %0, %2, %c0, %c5, %c32, %c16, %c2)
          : (memref<?x?xi8, #accel.onchip>, memref<?x8x8xi1, #accel.dram>, memref<?x8xi18, #accel.dram>, memref<?x8xi48, #accel.dram>, memref<256xi8, #accel.dram>, memref<?x?xi8, #accel.onchip>, memref<?x?xi16, #accel.onchip>, index, index, index, index, index) -> ()
          loc(fused["/blocks/blocks.0/mlp/fc2/MatMul", "/blocks/blocks.1/mlp/fc2/MatMul"])
    }
    func.return
  }
}

// A word holds 8 rows of one tile, a tile is 1 word; 4 memories take one entry each cycle.
// FUNCTIONS-LABEL: void load_entries(
// FUNCTIONS:           // II = 8: one element a cycle is written to each memory
// FUNCTIONS:                   entries[copy][8 * word + field] = bits.range(8 * field + 7, 8 * field);
// FUNCTIONS-LABEL: void load_tiles(
// FUNCTIONS:           // A word is 8 rows.
// FUNCTIONS:               tiles[row] = bits.range(8 * field + 7, 8 * field);
// FUNCTIONS-LABEL: void load_multipliers(
// FUNCTIONS:               multipliers[2 * word + field] = bits.range(32 * field + 17, 32 * field);
// FUNCTIONS-LABEL: void load_offsets(
// FUNCTIONS:           offsets[word] = bits.range(47, 0);

// FUNCTIONS-LABEL: void prefetch_tiles(
// FUNCTIONS-NEXT:          const word_t* weights_memory, int next, int tile_count,
// FUNCTIONS-NEXT:          binary_matmul_tile_row_t tiles[kBinaryMatmulOutputLanes], int weight_at) {
// FUNCTIONS-NEXT:  #pragma HLS inline off
// FUNCTIONS-NEXT:      if (next < tile_count) {
// FUNCTIONS-NEXT:          load_tiles(weights_memory, weight_at + next, tiles);

// One-bit weights select; nothing is multiplied by one.
// FUNCTIONS-LABEL: binary_matmul_tile_sum_t sum_selected(
// FUNCTIONS:               sum += select[lane] ? binary_matmul_tile_sum_t(lanes[lane]) : binary_matmul_tile_sum_t(0);
// FUNCTIONS-LABEL: void accumulate(
// FUNCTIONS:               lanes[input] = channel + input < limit ? activation[word][token + step][input] : activation8_t(0);
// FUNCTIONS:               total += lanes[addend];
// FUNCTIONS:               const binary_matmul_tile_sum_t selected = sum_selected(lanes, weight[lane]);
// FUNCTIONS-NEXT:          const binary_matmul_tile_sum_t products = 2 * selected - total;
// FUNCTIONS-NEXT:          sums[token + step][lane] =
// FUNCTIONS-NEXT:              (restart ? binary_matmul_sum_t(0) : sums[token + step][lane]) + products;
// FUNCTIONS-LABEL: void accumulate_tokens(
// FUNCTIONS:           // II = 1: a sum is written 3 iterations before it is read again
// FUNCTIONS:           for (int token = 0; token < tokens; token += kBinaryMatmulTokenLanes) {
// FUNCTIONS:               accumulate(activation, token, input, tiles, sums, restart, inputs);
// FUNCTIONS-LABEL: void scale(
// FUNCTIONS:               scaled[lane] = sums[token][lane] * multipliers[lane] + offsets[lane];
// FUNCTIONS-LABEL: void store_rounded(
// FUNCTIONS:               matrix[word][row][lane] = clamp<8>(scaled[lane] >> 20);
// FUNCTIONS-LABEL: void store_lookup(
// FUNCTIONS:               const binary_matmul_table_steps_t steps = clamp<8>(scaled[lane] >> 19) + 128;
// FUNCTIONS-NEXT:          matrix[word][row][lane] = table[lane % 4][steps];
// FUNCTIONS-LABEL: void add_rounded(
// FUNCTIONS:               matrix[word][row][lane] = clamp<16>(matrix[word][row][lane] + clamp<16>(scaled[lane] >> 14));
