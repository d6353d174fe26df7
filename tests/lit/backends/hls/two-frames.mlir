// RUN: vaqf-opt %s -t 'hls{file=src/top.cpp}' --split-input-file | filecheck %s
// RUN: vaqf-opt %s -t 'hls{file=include/top.hpp}' | filecheck %s --check-prefix HEADER
// RUN: vaqf-opt %s -t 'hls{file=include/model.hpp}' | filecheck %s --check-prefix MODEL
// RUN: vaqf-opt %s -t 'hls{file=README.md}' | filecheck %s --check-prefix README
// RUN: vaqf-opt %s -t 'hls{file=tb/interface.hpp}' | filecheck %s --check-prefix TESTBENCH

// Two frames in a call: each has its part of the ports, and engines that run at the same time are called next to each other.

builtin.module attributes {accel.hardware = {lanes = 8 : i64, token_slots = 4 : i64, channel_slots = 8 : i64, word_bits = 64 : i64}} {
  func.func private @load_matrix(%source: memref<1x4x8xi16, #accel.dram>, %matrix: memref<4x8xi16, #accel.onchip>)
      attributes {accel.engine = "load_matrix"} {
    accel.load_matrix %source to %matrix : memref<1x4x8xi16, #accel.dram>, memref<4x8xi16, #accel.onchip>
    func.return
  }
  func.func private @extract_patches(%image: memref<1x3x3xi8, #accel.dram>, %patches: memref<1x9xi8, #accel.onchip>)
      attributes {accel.engine = "extract_patches"} {
    %pixels = accel.buffer : memref<1x3x3xi8, #accel.local>
    accel.load %image[] to %pixels : memref<1x3x3xi8, #accel.dram>, memref<1x3x3xi8, #accel.local>
    func.return
  }
  func.func private @store_matrix(%matrix: memref<4x8xi16, #accel.onchip>, %destination: memref<4x8xi16, #accel.dram>)
      attributes {accel.engine = "store_matrix"} {
    accel.store_matrix %matrix to %destination : memref<4x8xi16, #accel.onchip>, memref<4x8xi16, #accel.dram>
    func.return
  }
  // README:      results of 2 images.
  // README:      While one frame is in linear layers, another one is in other layers
  // HEADER:      // The accelerator: one call is 2 frames.
  // HEADER:      /// Computes the results of 2 images.
  // HEADER:      /// \param image   `image` of the model: 1 x 3 x 3 integers of 8 bits, in steps of 0.5, in 2 words a frame, 2 frames
  // MODEL:       constexpr int kPortImageWords = 4;
  // MODEL-NEXT:  constexpr int kPortImageFrameWords = 2;
  // MODEL-NEXT:  constexpr int kPortImageElements = 1 * 3 * 3;
  // TESTBENCH:   constexpr int kInputFrameWords = kPortImageFrameWords;
  // TESTBENCH:   {"logits", "logits.bin", 4, 8, [](int frame) { return packing<kPortLogitsBits>::unpack(logits_words + frame * kPortLogitsFrameWords, kPortLogitsElements); }},
  // TESTBENCH:   constexpr int kFramesOfCall = 2;
  func.func @forward(
      %image: memref<2x1x3x3xi8, #accel.dram> {vaqf.name = "image", accel.port = "input", accel.format = !quant.int<8, 0.5>},
      %logits: memref<2x4x8xi16, #accel.dram> {vaqf.name = "logits", accel.port = "output", accel.format = !quant.int<16, 0.5>},
      %tables: memref<8xi64, #accel.dram> {accel.port = "parameter"}) attributes {accel.frames = 2 : i64} {
    // CHECK:      #pragma HLS interface m_axi port = image bundle = image offset = slave depth = 4
    // CHECK:      #pragma HLS interface m_axi port = logits bundle = logits offset = slave depth = 16
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %tokens = accel.view %tables at 0 {unit_rank = 1 : i64} : memref<8xi64, #accel.dram> -> memref<1x4x8xi16, #accel.dram>
    %residual = accel.buffer : memref<4x8xi16, #accel.onchip>
    %second_residual = accel.buffer {ultra} : memref<4x8xi16, #accel.onchip>
    // CHECK:          static activation16_t second_residual[1][kTokenSlots][kLanes];
    // CHECK-NEXT: #pragma HLS bind_storage variable = second_residual type = ram_t2p impl = uram
    %patches = accel.buffer : memref<1x9xi8, #accel.onchip>
    %image_1 = accel.select %image[%c0] : memref<2x1x3x3xi8, #accel.dram> -> memref<1x3x3xi8, #accel.dram>
    %image_2 = accel.select %image[%c1] : memref<2x1x3x3xi8, #accel.dram> -> memref<1x3x3xi8, #accel.dram>
    %logits_1 = accel.select %logits[%c0] : memref<2x4x8xi16, #accel.dram> -> memref<4x8xi16, #accel.dram>
    %logits_2 = accel.select %logits[%c1] : memref<2x4x8xi16, #accel.dram> -> memref<4x8xi16, #accel.dram>
    accel.concurrent {
      func.call @extract_patches(%image_1, %patches) : (memref<1x3x3xi8, #accel.dram>, memref<1x9xi8, #accel.onchip>) -> ()
    } {
      func.call @load_matrix(%tokens, %residual) : (memref<1x4x8xi16, #accel.dram>, memref<4x8xi16, #accel.onchip>) -> ()
    }
    // CHECK:          // These engines share no array and no port: they run at the same time.
    // CHECK-NEXT:     extract_patches(image, 0{{.*}});
    // CHECK-NEXT:     load_matrix(tables, kTokensAt, residual);
    func.call @extract_patches(%image_2, %patches) : (memref<1x3x3xi8, #accel.dram>, memref<1x9xi8, #accel.onchip>) -> ()
    // CHECK-NEXT:     extract_patches(image, kImageWords{{.*}});
    accel.checkpoint "tokens"[%c0], %second_residual {frame = 1 : i64} : memref<4x8xi16, #accel.onchip>
    // CHECK-NEXT:     CHECKPOINT("tokens", 0, 1, second_residual, 4, 8);
    func.call @store_matrix(%residual, %logits_1) : (memref<4x8xi16, #accel.onchip>, memref<4x8xi16, #accel.dram>) -> ()
    // CHECK-NEXT:     store_matrix(logits, residual, 0);
    func.call @store_matrix(%second_residual, %logits_2) : (memref<4x8xi16, #accel.onchip>, memref<4x8xi16, #accel.dram>) -> ()
    // CHECK-NEXT:     store_matrix(logits, second_residual, kLogitsWords);
    func.return
  }
}
