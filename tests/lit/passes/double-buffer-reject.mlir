// RUN: vaqf-opt %s -p double-buffer --verify-diagnostics --split-input-file

// expected-error@+1 {{'builtin.module': has no 'lanes' in 'accel.hardware': run tile-engines first}}
builtin.module {
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @engine(%w: memref<3x4xi18, #accel.dram>, %count: index) attributes {accel.engine = "some"} {
    %multipliers = accel.buffer : memref<4xi18, #accel.local>
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    scf.for %tile = %c0 to %count step %c2 {
      accel.load %w[%tile] to %multipliers : memref<3x4xi18, #accel.dram>, memref<4xi18, #accel.local>
    // expected-error@unknown {{'scf.for' at /fc1/MatMul: expected a loop that counts from 0 in steps of 1 and carries no values}}
    } {accel.overlap} loc("/fc1/MatMul")
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @engine(%w: memref<3x4xi18, #accel.dram>, %count: index) attributes {accel.engine = "some"} {
    %multipliers = accel.buffer : memref<4xi18, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    scf.for %tile = %c0 to %count step %c1 {
      accel.load %w[%tile] to %multipliers : memref<3x4xi18, #accel.dram>, memref<4xi18, #accel.local>
    // expected-error@unknown {{'scf.for' at /fc1/MatMul: has no two stages of which one needs what the other computes}}
    } {accel.overlap} loc("/fc1/MatMul")
    func.return
  }
}

// -----

// What is scaled was loaded in the iteration before.
builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @engine(%w: memref<3x4xi18, #accel.dram>, %count: index, %offsets: memref<4xi48, #accel.local>) attributes {accel.engine = "some"} {
    %sums = accel.buffer : memref<8x4xi20, #accel.local>
    %multipliers = accel.buffer : memref<4xi18, #accel.local>
    %scaled = accel.buffer : memref<4xi49, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    scf.for %tile = %c0 to %count step %c1 {
      accel.scale %sums[%tile], %multipliers, %offsets to %scaled : memref<8x4xi20, #accel.local>, memref<4xi18, #accel.local>, memref<4xi48, #accel.local>, memref<4xi49, #accel.local>
      accel.load %w[%tile] to %multipliers : memref<3x4xi18, #accel.dram>, memref<4xi18, #accel.local>
    // expected-error@unknown {{'scf.for' at /fc1/MatMul: 'multipliers' passes values from one iteration to the next, so that they cannot overlap}}
    } {accel.overlap} loc("/fc1/MatMul")
    func.return
  }
}

// -----

// The third stage needs what the first has loaded.
builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @engine(%x: memref<8x4xi8, #accel.onchip>, %w: memref<?x4x4xi8, #accel.dram>, %m: memref<?x4xi18, #accel.dram>, %count: index) attributes {accel.engine = "some"} {
    %weights = accel.buffer : memref<4x4xi8, #accel.local>
    %sums = accel.buffer : memref<8x4xi20, #accel.local>
    %others = accel.buffer : memref<8x4xi20, #accel.local>
    %multipliers = accel.buffer : memref<4xi18, #accel.local>
    %offsets = accel.buffer : memref<4xi48, #accel.local>
    %scaled = accel.buffer : memref<4xi49, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    scf.for %tile = %c0 to %count step %c1 {
      accel.load %w[%tile] to %weights : memref<?x4x4xi8, #accel.dram>, memref<4x4xi8, #accel.local>
      scf.for %token = %c0 to %count step %c1 {
        accel.accumulate %x at %token, %c0 weights %weights to %sums {tokens = 1 : i64} : memref<8x4xi8, #accel.onchip>, memref<4x4xi8, #accel.local>, memref<8x4xi20, #accel.local>
      }
      scf.for %token = %c0 to %count step %c1 {
        accel.scale %sums[%token], %multipliers, %offsets to %scaled : memref<8x4xi20, #accel.local>, memref<4xi18, #accel.local>, memref<4xi48, #accel.local>, memref<4xi49, #accel.local>
        accel.accumulate %x at %token, %c0 weights %weights to %others {tokens = 1 : i64} : memref<8x4xi8, #accel.onchip>, memref<4x4xi8, #accel.local>, memref<8x4xi20, #accel.local>
      }
    // expected-error@unknown {{'scf.for' at /fc1/MatMul: stages 0, 1, 2 use 'weights', expected two stages of which one follows the other}}
    } {accel.overlap} loc("/fc1/MatMul")
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @engine(%x: memref<8x4xi8, #accel.onchip>, %w: memref<?x4x4xi8, #accel.dram>, %count: index) attributes {accel.engine = "some"} {
    %weights = accel.buffer : memref<4x4xi8, #accel.local>
    %sums = accel.buffer : memref<8x4xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    accel.load %w[%c0] to %weights : memref<?x4x4xi8, #accel.dram>, memref<4x4xi8, #accel.local>
    scf.for %tile = %c0 to %count step %c1 {
      accel.load %w[%tile] to %weights : memref<?x4x4xi8, #accel.dram>, memref<4x4xi8, #accel.local>
      scf.for %token = %c0 to %count step %c1 {
        accel.accumulate %x at %token, %c0 weights %weights to %sums {tokens = 1 : i64} : memref<8x4xi8, #accel.onchip>, memref<4x4xi8, #accel.local>, memref<8x4xi20, #accel.local>
      }
    // expected-error@unknown {{'scf.for' at /fc1/MatMul: 'weights' is handed from one stage to the next, but used elsewhere, too}}
    } {accel.overlap} loc("/fc1/MatMul")
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @engine(%x: memref<8x4xi8, #accel.onchip>, %w: memref<?x4x4xi8, #accel.dram>, %count: index) attributes {accel.engine = "some"} {
    // expected-error@unknown {{'accel.buffer' at /fc1/tile: is split already: run double-buffer before partition-arrays}}
    %weights = accel.buffer {partition = [#accel.partition<dim = 0, factor = 0, "4 at once">]} : memref<4x4xi8, #accel.local> loc("/fc1/tile")
    %sums = accel.buffer : memref<8x4xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    scf.for %tile = %c0 to %count step %c1 {
      accel.load %w[%tile] to %weights : memref<?x4x4xi8, #accel.dram>, memref<4x4xi8, #accel.local>
      scf.for %token = %c0 to %count step %c1 {
        accel.accumulate %x at %token, %c0 weights %weights to %sums {tokens = 1 : i64} : memref<8x4xi8, #accel.onchip>, memref<4x4xi8, #accel.local>, memref<8x4xi20, #accel.local>
      }
    } {accel.overlap} loc("/fc1/MatMul")
    func.return
  }
}
