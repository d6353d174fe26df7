// RUN: vaqf-opt %s -p 'pack-parameters{word-bits=64}' | filecheck %s

// What an engine reads that runs beside a matmul lies in a memory of its own. A matmul that runs beside something keeps
// its memories, and so does what runs alone.
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 2 : i64, channel_slots = 4 : i64}} {
  func.func @parameters() -> (memref<1x2x4xi16, #accel.dram>, memref<4xi18, #accel.dram>, memref<1x4x4xi1, #accel.dram>, memref<1x2x4xi16, #accel.dram>) {
    %beside, %offset, %weight, %alone = "test.op"() : () -> (memref<1x2x4xi16, #accel.dram>, memref<4xi18, #accel.dram>, memref<1x4x4xi1, #accel.dram>, memref<1x2x4xi16, #accel.dram>)
    func.return %beside, %offset, %weight, %alone : memref<1x2x4xi16, #accel.dram>, memref<4xi18, #accel.dram>, memref<1x4x4xi1, #accel.dram>, memref<1x2x4xi16, #accel.dram>
  }
  func.func private @load_matrix(%source: memref<1x2x4xi16, #accel.dram>, %matrix: memref<2x4xi16, #accel.onchip>) attributes {accel.engine = "load_matrix"} {
    accel.load_matrix %source to %matrix : memref<1x2x4xi16, #accel.dram>, memref<2x4xi16, #accel.onchip>
    func.return
  }
  func.func private @load_matrix_2(%source: memref<1x2x4xi16, #accel.dram>, %matrix: memref<2x4xi16, #accel.onchip>) attributes {accel.engine = "load_matrix"} {
    accel.load_matrix %source to %matrix : memref<1x2x4xi16, #accel.dram>, memref<2x4xi16, #accel.onchip>
    func.return
  }
  func.func private @binary_matmul(%x: memref<2x4xi8, #accel.onchip>, %weight: memref<1x4x4xi1, #accel.dram>, %offset: memref<4xi18, #accel.dram>) attributes {accel.engine = "binary_matmul"} {
    %tile = accel.buffer : memref<4x4xi1, #accel.local>
    %offsets = accel.buffer : memref<4xi18, #accel.local>
    %sums = accel.buffer : memref<2x4xi16, #accel.local>
    %c0 = arith.constant 0 : index
    accel.load %weight[%c0] to %tile : memref<1x4x4xi1, #accel.dram>, memref<4x4xi1, #accel.local>
    accel.load %offset[] to %offsets : memref<4xi18, #accel.dram>, memref<4xi18, #accel.local>
    accel.accumulate %x at %c0, %c0 weights %tile to %sums {tokens = 1 : i64, form = "selected_sum"} : memref<2x4xi8, #accel.onchip>, memref<4x4xi1, #accel.local>, memref<2x4xi16, #accel.local>
    func.return
  }
  func.func @forward(%beside: memref<1x2x4xi16, #accel.dram> {accel.port = "parameter"}, %offset: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %weight: memref<1x4x4xi1, #accel.dram> {accel.port = "parameter"}, %alone: memref<1x2x4xi16, #accel.dram> {accel.port = "parameter"}) {
    %residual = accel.buffer : memref<2x4xi16, #accel.onchip>
    %x = accel.buffer : memref<2x4xi8, #accel.onchip>
    accel.concurrent {
      func.call @load_matrix(%beside, %residual) : (memref<1x2x4xi16, #accel.dram>, memref<2x4xi16, #accel.onchip>) -> ()
    } {
      func.call @binary_matmul(%x, %weight, %offset) : (memref<2x4xi8, #accel.onchip>, memref<1x4x4xi1, #accel.dram>, memref<4xi18, #accel.dram>) -> ()
    }
    func.call @load_matrix_2(%alone, %residual) : (memref<1x2x4xi16, #accel.dram>, memref<2x4xi16, #accel.onchip>) -> ()
    func.return
  }
}
// CHECK:         %weights = accel.pack %weight {unit_ranks = array<i64: 2>}
// CHECK-NEXT:    %constants = accel.pack %offset, %alone {unit_ranks = array<i64: 1, 1>}
// CHECK-NEXT:    %tables = accel.pack %beside {unit_ranks = array<i64: 1>}
// CHECK-NEXT:    func.return %weights, %constants, %tables
// CHECK:       func.func @forward(%weights: memref<1xi64, #accel.dram> {accel.port = "parameter"}, %constants: memref<4xi64, #accel.dram> {accel.port = "parameter"}, %tables: memref<2xi64, #accel.dram> {accel.port = "parameter"}) {
// CHECK:         %beside = accel.view %tables at 0
