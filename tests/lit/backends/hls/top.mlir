// RUN: vaqf-opt %s -t 'hls{file=src/top.cpp}' | filecheck %s
// RUN: vaqf-opt %s -t 'hls{file=include/model.hpp}' | filecheck %s --check-prefix MODEL
// RUN: vaqf-opt %s -t 'hls{file=weights/layer_constants.hpp}' | filecheck %s --check-prefix CONSTANTS
// RUN: vaqf-opt %s -t 'hls{file=include/top.hpp}' | filecheck %s --check-prefix HEADER
// RUN: vaqf-opt %s -t 'hls{file=tb/interface.hpp}' | filecheck %s --check-prefix TESTBENCH
// RUN: vaqf-opt %s -t 'hls{file=README.md}' | filecheck %s --check-prefix README

// The top function: ports, matrices, parameters in memory, a loop over layers, checkpoints.

builtin.module attributes {accel.hardware = {lanes = 8 : i64, token_slots = 4 : i64, channel_slots = 16 : i64, word_bits = 64 : i64}} {
  func.func private @load_matrix(%source: memref<2x4x8xi16, #accel.dram>, %matrix: memref<4x12xi16, #accel.onchip>)
      attributes {accel.engine = "load_matrix"} {
    accel.load_matrix %source to %matrix : memref<2x4x8xi16, #accel.dram>, memref<4x12xi16, #accel.onchip>
    func.return
  }
  func.func private @attention(%matrix: memref<4x12xi16, #accel.onchip>, %multiplier: i18, %table: memref<256xi17, #accel.dram>)
      attributes {accel.engine = "attention"} {
    %c0 = arith.constant 0 : index
    %octave = accel.buffer : memref<256xi17, #accel.local>
    %mixed = accel.buffer : memref<4x8xi24, #accel.local>
    accel.load %table[] to %octave : memref<256xi17, #accel.dram>, memref<256xi17, #accel.local>
    accel.store_rescaled %mixed[%c0], %multiplier to %matrix[%c0, %c0] {shift = 24 : i64}
        : memref<4x8xi24, #accel.local>, memref<4x12xi16, #accel.onchip>
    func.return
  }
  func.func private @store_matrix(%matrix: memref<1x10xi16, #accel.onchip>, %destination: memref<1x10xi16, #accel.dram>)
      attributes {accel.engine = "store_matrix"} {
    accel.store_matrix %matrix to %destination : memref<1x10xi16, #accel.onchip>, memref<1x10xi16, #accel.dram>
    func.return
  }

  func.func @forward(
      %pixel_values: memref<1x8x8xi8, #accel.dram> {vaqf.name = "pixel_values", accel.port = "input", accel.format = !quant.int<8, 0.02>},
      %logits: memref<1x10xi16, #accel.dram> {vaqf.name = "logits", accel.port = "output", accel.format = !quant.int<16, 0.001>},
      %constants: memref<528xi64, #accel.dram> {accel.port = "parameter"}) {
    // CHECK:      extern "C" void vaqf_top(const word_t* pixel_values, word_t* logits, const word_t* constants) {
    // CHECK-NEXT: #pragma HLS interface m_axi port = pixel_values bundle = pixel_values offset = slave depth = 8
    // CHECK-NEXT: #pragma HLS interface s_axilite port = pixel_values bundle = control
    // CHECK-NEXT: #pragma HLS interface m_axi port = logits bundle = logits offset = slave depth = 3
    // CHECK-NEXT: #pragma HLS interface s_axilite port = logits bundle = control
    // CHECK-NEXT: #pragma HLS interface m_axi port = constants bundle = constants offset = slave depth = 528
    // CHECK-NEXT: #pragma HLS interface s_axilite port = constants bundle = control
    // CHECK-NEXT: #pragma HLS interface s_axilite port = return bundle = control
    // CHECK-NEXT: #pragma HLS allocation function instances = load_matrix limit = 1
    // CHECK-NEXT: #pragma HLS allocation function instances = attention limit = 1
    // CHECK-NEXT: #pragma HLS allocation function instances = store_matrix limit = 1

    // HEADER:      /// \param pixel_values  `pixel_values` of the model: 1 x 8 x 8 integers of 8 bits, in steps of 0.02, in 8 words
    // HEADER-NEXT: /// \param logits        `logits` of the model: 1 x 10 integers of 16 bits, in steps of 0.001, in 3 words
    // HEADER-NEXT: /// \param constants     528 words of prepared parameters
    // HEADER-NEXT: extern "C" void vaqf_top(const word_t* pixel_values, word_t* logits, const word_t* constants);

    // MODEL:      constexpr int kPortPixelValuesElements = 1 * 8 * 8;
    // MODEL:      constexpr int kPortConstantsWords = 528;

    // TESTBENCH:  static word_t constants{{.*}}[kPortConstantsWords];
    // TESTBENCH:  vaqf_top(pixel_values{{.*}}, logits{{.*}}, constants{{.*}});
    // TESTBENCH:  constexpr double kInputScale = 0.02;
    // TESTBENCH:  {constants{{.*}}, kPortConstantsWords, "constants.bin"},
    %tables = accel.view %constants at 0 {unit_rank = 1 : i64} : memref<528xi64, #accel.dram> -> memref<3x256xi17, #accel.dram>
    %initial_tokens = accel.view %constants at 512 {unit_rank = 2 : i64} : memref<528xi64, #accel.dram> -> memref<2x4x8xi16, #accel.dram>
    // MODEL:      // Where parameters lie in memory
    // MODEL-NEXT: constexpr int kTablesAt = 0;           // in constants: 3 x 256, 17 bits each
    // MODEL-NEXT: constexpr int kInitialTokensAt = 512;  // in constants: 2 x 4 x 8, 16 bits each
    // MODEL-NEXT: constexpr int kTablesWords = 128;      // words a layer
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %layers = arith.constant 3 : index
    %residual = accel.buffer {partition = [
        #accel.partition<dim = 0, factor = 2, "2 tokens are read in one cycle">,
        #accel.partition<dim = 1, factor = 8, "8 channels are one word">]} : memref<4x12xi16, #accel.onchip>
    // CHECK:          // 4 tokens x 12 channels
    // CHECK-NEXT:     static activation16_t residual[2][kTokenSlots][kLanes];
    // CHECK-NEXT:     // Split: 2 tokens are read in one cycle; 8 channels are one word.
    // CHECK-NEXT: #pragma HLS array_reshape variable = residual complete dim = 3
    // CHECK-NEXT: #pragma HLS array_partition variable = residual cyclic factor = 2 dim = 2
    %scores = accel.buffer : memref<1x10xi16, #accel.onchip>
    // CHECK-NEXT:     // 1 token x 10 channels
    // CHECK-NEXT:     static activation16_t scores[2][kTokenSlots][kLanes];
    func.call @load_matrix(%initial_tokens, %residual) : (memref<2x4x8xi16, #accel.dram>, memref<4x12xi16, #accel.onchip>) -> () loc("/Add")
    // CHECK-NEXT:     // Add
    // CHECK-NEXT:     load_matrix(constants, kInitialTokensAt, residual);
    accel.checkpoint "tokens \"so far\""[%c0], %residual : memref<4x12xi16, #accel.onchip>
    // CHECK-NEXT:     CHECKPOINT("tokens \"so far\"", 0, 0, residual, 4, 12);
    scf.for %layer = %c0 to %layers step %c1 {
      // CHECK-NEXT: Layers:
      // CHECK-NEXT:     for (int layer = 0; layer < kLayers; ++layer) {
      %table = accel.select %tables[%layer] : memref<3x256xi17, #accel.dram> -> memref<256xi17, #accel.dram>
      %softmax_multiplier = accel.layer_constant [94548, -3, 131071][%layer] : i18
      // CHECK-NEXT:         const multiplier_t softmax_multiplier = kSoftmaxMultiplier[layer];
      // CONSTANTS:      const multiplier_t kSoftmaxMultiplier[3] = {
      // CONSTANTS-NEXT:     94548, -3, 131071,
      // CONSTANTS-NEXT: };
      func.call @attention(%residual, %softmax_multiplier, %table) : (memref<4x12xi16, #accel.onchip>, i18, memref<256xi17, #accel.dram>) -> ()
          loc(fused["/blocks/blocks.0/attn/MatMul", "/blocks/blocks.1/attn/MatMul", "/blocks/blocks.2/attn/MatMul"])
      // CHECK-NEXT:         // blocks.{0-2}.attn
      // CHECK-NEXT:         attention(constants, residual, softmax_multiplier, kTablesAt + layer * kTablesWords);
      // README: | blocks.{0-2}.attn | `attention` |
      accel.checkpoint "blocks"[%layer], %residual : memref<4x12xi16, #accel.onchip>
      // CHECK-NEXT:         CHECKPOINT("blocks", layer, 0, residual, 4, 12);
    }
    func.call @store_matrix(%scores, %logits) : (memref<1x10xi16, #accel.onchip>, memref<1x10xi16, #accel.dram>) -> ()
    // CHECK:          store_matrix(logits, scores, 0);
    func.return
  }
}
