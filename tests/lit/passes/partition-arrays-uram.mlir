// RUN: vaqf-opt %s -p 'partition-arrays{uram=8}' | filecheck %s
// RUN: vaqf-opt %s -p 'partition-arrays{uram=7}' | filecheck %s --check-prefix LESS
// RUN: vaqf-opt %s -p 'partition-arrays{uram=16},partition-arrays' | filecheck %s --check-prefix NONE
// RUN: not vaqf-opt %s -p 'partition-arrays{uram=-1}' 2>&1 | filecheck %s --check-prefix NEGATIVE

// With 200 slots for tokens, 32 words of 8 lanes of 16 bits take 52 block RAMs or 4 UltraRAMs, 2 words of 8 bits take 2 or one. Those
// that save most come first; what is left goes to others that fit.

builtin.module attributes {accel.hardware = {lanes = 8 : i64, token_slots = 200 : i64, channel_slots = 8 : i64}} {
  func.func private @store(%x: memref<197x256xi16, #accel.onchip>, %y: memref<197x256xi16, #accel.dram>) attributes {accel.engine = "store"} {
    accel.store_matrix %x to %y : memref<197x256xi16, #accel.onchip>, memref<197x256xi16, #accel.dram>
    func.return
  }
  func.func @forward(%out: memref<197x256xi16, #accel.dram>) {
    // CHECK: %large = accel.buffer {{.*}}, ultra}
    // LESS:  %large = accel.buffer {{.*}}, ultra}
    // NONE:  %large = accel.buffer
    // NONE-NOT: ultra
    %large = accel.buffer : memref<197x256xi16, #accel.onchip>
    // CHECK: %second = accel.buffer {{.*}}, ultra}
    // LESS:  %second = accel.buffer {partition = [#accel.partition<dim = 1, factor = 8, "8 channels are one word">]}
    %second = accel.buffer : memref<197x256xi16, #accel.onchip>
    // LESS:  %small = accel.buffer {{.*}}, ultra}
    // CHECK: %small = accel.buffer
    // CHECK-NOT: ultra
    %small = accel.buffer : memref<197x16xi8, #accel.onchip>
    func.call @store(%large, %out) : (memref<197x256xi16, #accel.onchip>, memref<197x256xi16, #accel.dram>) -> ()
    func.return
  }
}
// NEGATIVE: vaqf-opt: error: partition-arrays: 'uram' is -1, it must not be negative
