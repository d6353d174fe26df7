// RUN: vaqf-opt %s -t 'hls{file=src/top.cpp}' | filecheck %s
// RUN: vaqf-opt %s -t 'hls{file=src/delete_.cpp}' | filecheck %s --check-prefix ENGINE
// RUN: vaqf-opt %s -t 'hls{file=include/top.hpp}' | filecheck %s --check-prefix HEADER
// RUN: vaqf-opt %s -t 'hls{file=tb/interface.hpp}' | filecheck %s --check-prefix TESTBENCH
// RUN: vaqf-opt %s -t 'hls{file=README.md}' | filecheck %s --check-prefix README

// Names that a model may have reach C++ only as identifiers, comments and strings that are safe.

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 4 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  // The name of an engine is that of its files and of its function.
  // ENGINE:     // Engine `delete * /` of the IR, for a * /. #error, b.
  // ENGINE:     void delete_(
  // ENGINE-NEXT:        const word_t* weights_1_memory, int class_at,
  // ENGINE:         read_matrix(weights_1_memory, class_at, vaqf_top_2);
  func.func private @"delete */"(%class: memref<2x4x4xi16, #accel.dram>, %vaqf_top: memref<4x8xi16, #accel.onchip>)
      attributes {accel.engine = "delete"} {
    accel.load_matrix %class to %vaqf_top : memref<2x4x4xi16, #accel.dram>, memref<4x8xi16, #accel.onchip>
    func.return
  }
  func.func private @store_matrix(%int: memref<1x4xi16, #accel.onchip>, %destination: memref<1x4xi16, #accel.dram>)
      attributes {accel.engine = "store_matrix"} {
    accel.store_matrix %int to %destination : memref<1x4xi16, #accel.onchip>, memref<1x4xi16, #accel.dram>
    func.return
  }
  // HEADER:     /// \param input_1_pixel_values  `1 pixel "values" * / /` of the model: 1 x 2 x 2 integers of 8 bits
  // README:     | `input_1_pixel_values` | `1 pixel "values" * / /` of the model: 1 x 2 x 2 integers of 8 bits
  // TESTBENCH:  constexpr const char* kInputFile = "input_1_pixel_values.bin";
  // TESTBENCH:  {"log\"its\012\\\?\?/", "log_its.bin", 1, 4, [](int frame) {
  func.func @forward(
      %0: memref<1x2x2xi8, #accel.dram> {vaqf.name = "1 pixel \"values\" */\n\\", accel.port = "input", accel.format = !quant.int<8, 0.5>},
      %1: memref<1x4xi16, #accel.dram> {vaqf.name = "log\"its\n\\??/", accel.port = "output"},
      %Weights.1: memref<8xi64, #accel.dram> {accel.port = "parameter"}) {
    %w = accel.view %Weights.1 at 0 {unit_rank = 2 : i64} : memref<8xi64, #accel.dram> -> memref<2x4x4xi16, #accel.dram>
    %static = accel.buffer : memref<4x8xi16, #accel.onchip>
    %scores = accel.buffer : memref<1x4xi16, #accel.onchip>
    %c0 = arith.constant 0 : index
    // CHECK:      static activation16_t static_[2][kTokenSlots][kLanes];
    // CHECK:      delete_(weights_1, kWAt, static_);
    // CHECK-NEXT: CHECKPOINT("\"; } // $(rm) \\", 0, 0, static_, 4, 8);
    // README:     | a * /. #error, b | `delete_` |
    func.call @"delete */"(%w, %static) : (memref<2x4x4xi16, #accel.dram>, memref<4x8xi16, #accel.onchip>) -> ()
        loc(fused["/a *\\/ #error/x", "b\n/y"])
    accel.checkpoint "\"; } // $(rm) \\"[%c0], %static : memref<4x8xi16, #accel.onchip>
    func.call @store_matrix(%scores, %1) : (memref<1x4xi16, #accel.onchip>, memref<1x4xi16, #accel.dram>) -> ()
    func.return
  }
}
