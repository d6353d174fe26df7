// RUN: vaqf-opt %s -p pipeline-loops --verify-diagnostics --split-input-file

// expected-error@+1 {{'builtin.module': has no 'lanes' in 'accel.hardware': run tile-engines first}}
builtin.module {
  func.func private @engine(%x: memref<8x4xi8, #accel.onchip>, %w: memref<3x4xi18, #accel.dram>, %tokens: index) attributes {accel.engine = "some"} {
    %weights = accel.buffer : memref<4x4xi8, #accel.local>
    %sums = accel.buffer : memref<8x4xi20, #accel.local>
    %multipliers = accel.buffer : memref<4xi18, #accel.local>
    %offsets = accel.buffer : memref<4xi48, #accel.local>
    %scaled = accel.buffer : memref<4xi49, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @engine(%x: memref<8x4xi8, #accel.onchip>, %w: memref<3x4xi18, #accel.dram>, %tokens: index) attributes {accel.engine = "some"} {
    %weights = accel.buffer : memref<4x4xi8, #accel.local>
    %sums = accel.buffer : memref<8x4xi20, #accel.local>
    %multipliers = accel.buffer : memref<4xi18, #accel.local>
    %offsets = accel.buffer : memref<4xi48, #accel.local>
    %scaled = accel.buffer : memref<4xi49, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    scf.for %token = %c0 to %tokens step %c1 {
      // expected-error@unknown {{'accel.load' at /fc1/Load: stands in an innermost loop, expected tile ops and index arithmetic alone}}
      accel.load %w[%c0] to %multipliers : memref<3x4xi18, #accel.dram>, memref<4xi18, #accel.local> loc("/fc1/Load")
    }
    func.return
  }
}

// -----

// What the loop variable is multiplied by may be anything.
builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @engine(%x: memref<8x4xi8, #accel.onchip>, %w: memref<3x4xi18, #accel.dram>, %tokens: index) attributes {accel.engine = "some"} {
    %weights = accel.buffer : memref<4x4xi8, #accel.local>
    %sums = accel.buffer : memref<8x4xi20, #accel.local>
    %multipliers = accel.buffer : memref<4xi18, #accel.local>
    %offsets = accel.buffer : memref<4xi48, #accel.local>
    %scaled = accel.buffer : memref<4xi49, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    scf.for %token = %c0 to %tokens step %c1 {
      %product = arith.muli %token, %tokens : index
      // expected-error@unknown {{'accel.accumulate' at /fc1/MatMul: the rows of 'sums' cannot be told from those of other iterations, expected row numbers that depend on loop counters alone}}
      accel.accumulate %x at %product, %c0 weights %weights to %sums {tokens = 1 : i64} : memref<8x4xi8, #accel.onchip>, memref<4x4xi8, #accel.local>, memref<8x4xi20, #accel.local> loc("/fc1/MatMul")
    }
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @engine(%x: memref<8x4xi8, #accel.onchip>, %tokens: index) attributes {accel.engine = "some"} {
    %weights = accel.buffer : memref<4x4xi8, #accel.local>
    %sums = accel.buffer : memref<2x8x4xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    scf.for %token = %c0 to %tokens step %c1 {
      %which = arith.muli %token, %tokens : index
      %set = accel.slot %sums[%which] : memref<2x8x4xi20, #accel.local> -> memref<8x4xi20, #accel.local>
      // expected-error@unknown {{'accel.accumulate' at /fc1/MatMul: uses 'set' by a number that depends on more than loop counters}}
      accel.accumulate %x at %token, %c0 weights %weights to %set {tokens = 1 : i64} : memref<8x4xi8, #accel.onchip>, memref<4x4xi8, #accel.local>, memref<8x4xi20, #accel.local> loc("/fc1/MatMul")
    }
    func.return
  }
}
