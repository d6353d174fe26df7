// RUN: vaqf-opt %s -p estimate-performance | filecheck %s
// RUN: vaqf-opt %s -p 'estimate-performance{memory-bits=4}' | filecheck %s --check-prefix SLOW

// Of engines that run at the same time the longest counts; each keeps its own cycles.
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 6 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  // A burst of 40 cycles and 6 words; 4 cycles to start and end the call.
  func.func private @load_matrix(%source: memref<1x6x4xi16, #accel.dram>, %matrix: memref<6x4xi16, #accel.onchip>) attributes {accel.engine = "load_matrix"} {
    accel.load_matrix %source to %matrix : memref<1x6x4xi16, #accel.dram>, memref<6x4xi16, #accel.onchip>
    func.return
  }
  // A burst of 40 cycles and 2 words.
  func.func private @store_matrix(%matrix: memref<2x4xi16, #accel.onchip>, %destination: memref<2x4xi16, #accel.dram>) attributes {accel.engine = "store_matrix"} {
    accel.store_matrix %matrix to %destination : memref<2x4xi16, #accel.onchip>, memref<2x4xi16, #accel.dram>
    func.return
  }
  // Three times the longer, and an overhead of 2 each.
  // CHECK: func.func @forward({{.*}}) attributes {accel.cycles = 156 : i64, accel.words = 24 : i64,
  // A memory that takes 16 cycles for a word is slower than bursts: 3 * (8 * 16 + 2).
  // SLOW: builtin.module attributes {accel.hardware = {{{.*}}word_bits = 64 : i64, memory_bits = 4 : i64}}
  // SLOW: func.func @forward({{.*}}) attributes {accel.cycles = 390 : i64, accel.words = 24 : i64,
  func.func @forward(%words: memref<6xi64, #accel.dram> {accel.port = "parameter"}, %out: memref<2x4xi16, #accel.dram> {accel.port = "output"}) {
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %three = arith.constant 3 : index
    %x = accel.buffer : memref<6x4xi16, #accel.onchip>
    %y = accel.buffer : memref<2x4xi16, #accel.onchip>
    %tokens = accel.view %words at 0 {unit_rank = 1 : i64} : memref<6xi64, #accel.dram> -> memref<1x6x4xi16, #accel.dram>
    scf.for %layer = %zero to %three step %one {
      accel.concurrent {
        func.call @store_matrix(%y, %out) : (memref<2x4xi16, #accel.onchip>, memref<2x4xi16, #accel.dram>) -> ()
      } {
        func.call @load_matrix(%tokens, %x) : (memref<1x6x4xi16, #accel.dram>, memref<6x4xi16, #accel.onchip>) -> ()
      }
    }
    func.return
  }
}
// CHECK: func.call @store_matrix(%y, %out) {accel.cycles = 46 : i64, accel.words = 2 : i64, accel.binds = "memory"}
// CHECK: func.call @load_matrix(%tokens, %x) {accel.cycles = 50 : i64, accel.words = 6 : i64, accel.binds = "memory"}
// SLOW: func.call @store_matrix(%y, %out) {accel.cycles = 46 : i64, accel.words = 2 : i64, accel.binds = "memory"}
// SLOW: func.call @load_matrix(%tokens, %x) {accel.cycles = 96 : i64, accel.words = 6 : i64, accel.binds = "memory"}
