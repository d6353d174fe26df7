// RUN: vaqf-opt %s -t hls | filecheck %s
// RUN: not vaqf-opt %s -t 'hls{file=src/bottom.cpp}' 2>&1 | filecheck %s --check-prefix UNKNOWN
// RUN: vaqf-opt %s -t 'hls{file=Makefile}' | filecheck %s --check-prefix MAKEFILE

// Without an option, the target prints every text file.

// CHECK:      // ----- README.md
// CHECK:      // ----- Makefile
// CHECK:      // ----- script.tcl
// CHECK:      // ----- hls_config.cfg
// CHECK:      syn.file=src/store_matrix.cpp
// CHECK-NEXT: syn.file=src/top.cpp
// CHECK:      // ----- include/hardware.hpp
// CHECK:      // ----- include/model.hpp
// CHECK:      // ----- include/formats.hpp
// CHECK:      // ----- weights/layer_constants.hpp
// CHECK:      // ----- include/arithmetic.hpp
// CHECK:      // ----- include/checkpoint.hpp
// CHECK:      // ----- include/schedule.hpp
// CHECK:      // ----- include/top.hpp
// CHECK:      // ----- include/store_matrix.hpp
// CHECK:      // ----- src/top.cpp
// CHECK:      // ----- src/store_matrix.cpp
// CHECK:      // ----- tb/interface.hpp
// CHECK:      // ----- tb/support.hpp
// CHECK:      // ----- tb/testbench.cpp
// CHECK:      // ----- csim/ap_int.h

// UNKNOWN: vaqf-opt: error: the project has no text file 'src/bottom.cpp', it has README.md, Makefile,

// MAKEFILE: csim: build/csim
// MAKEFILE-NEXT: ./build/csim --project . $(CSIM_ARGS)

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @store_matrix(%matrix: memref<1x4xi16, #accel.onchip>, %destination: memref<1x4xi16, #accel.dram>)
      attributes {accel.engine = "store_matrix"} {
    accel.store_matrix %matrix to %destination : memref<1x4xi16, #accel.onchip>, memref<1x4xi16, #accel.dram>
    func.return
  }
  func.func @forward(
      %image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi16, #accel.dram> {accel.port = "output"}) {
    %scores = accel.buffer : memref<1x4xi16, #accel.onchip>
    func.call @store_matrix(%scores, %logits) : (memref<1x4xi16, #accel.onchip>, memref<1x4xi16, #accel.dram>) -> ()
    func.return
  }
}
