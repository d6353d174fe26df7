// RUN: vaqf-opt %s -p pipeline-loops --verify-diagnostics --split-input-file | filecheck %s

// CHECK: pipeline-loops: the module has no 'lanes' in 'accel.hardware': run tile-engines first
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

// CHECK: pipeline-loops: 'accel.load' at /fc1/Load: stands in an innermost loop, expected tile ops and index arithmetic alone
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
      accel.load %w[%c0] to %multipliers : memref<3x4xi18, #accel.dram>, memref<4xi18, #accel.local> loc("/fc1/Load")
    }
    func.return
  }
}

// -----

// Every iteration adds to the same sums.
// CHECK: pipeline-loops: 'accel.accumulate' at /fc1/MatMul: every iteration changes 1 row of 'sums', the next one starts 0 further, so that they cannot overlap
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
      accel.accumulate %x at %c0, %c0 weights %weights to %sums {tokens = 1 : i64} : memref<8x4xi8, #accel.onchip>, memref<4x4xi8, #accel.local>, memref<8x4xi20, #accel.local> loc("/fc1/MatMul")
    }
    func.return
  }
}

// -----

// CHECK: pipeline-loops: 'accel.accumulate' at /fc1/MatMul: every iteration changes 4 rows of 'sums', the next one starts 2 further, so that they cannot overlap
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
    scf.for %token = %c0 to %tokens step %c2 {
      accel.accumulate %x at %token, %c0 weights %weights to %sums {tokens = 4 : i64} : memref<8x4xi8, #accel.onchip>, memref<4x4xi8, #accel.local>, memref<8x4xi20, #accel.local> loc("/fc1/MatMul")
    }
    func.return
  }
}

// -----

// Two iterations have the same quotient.
// CHECK: pipeline-loops: 'accel.accumulate' at /fc1/MatMul: the rows of 'sums' cannot be told from those of other iterations, expected one row number: the loop variable plus or times something fixed
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
      %half = arith.divui %token, %c2 : index
      accel.accumulate %x at %half, %c0 weights %weights to %sums {tokens = 1 : i64} : memref<8x4xi8, #accel.onchip>, memref<4x4xi8, #accel.local>, memref<8x4xi20, #accel.local> loc("/fc1/MatMul")
    }
    func.return
  }
}

// -----

// What the loop variable is multiplied by may be zero.
// CHECK: pipeline-loops: 'accel.accumulate' at /fc1/MatMul: the rows of 'sums' cannot be told from those of other iterations, expected one row number: the loop variable plus or times something fixed
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
      accel.accumulate %x at %product, %c0 weights %weights to %sums {tokens = 1 : i64} : memref<8x4xi8, #accel.onchip>, memref<4x4xi8, #accel.local>, memref<8x4xi20, #accel.local> loc("/fc1/MatMul")
    }
    func.return
  }
}

// -----

// The step may be anything.
// CHECK: pipeline-loops: 'accel.accumulate' at /fc1/MatMul: the rows of 'sums' cannot be told from those of other iterations, expected one row number: the loop variable plus or times something fixed
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
    scf.for %token = %c0 to %tokens step %tokens {
      accel.accumulate %x at %token, %c0 weights %weights to %sums {tokens = 1 : i64} : memref<8x4xi8, #accel.onchip>, memref<4x4xi8, #accel.local>, memref<8x4xi20, #accel.local> loc("/fc1/MatMul")
    }
    func.return
  }
}

// -----

// The next iteration adds to what this one adds to.
// CHECK: pipeline-loops: 'accel.accumulate' at /fc1/MatMul: the rows of 'sums' cannot be told from those of other iterations, expected one row number: the loop variable plus or times something fixed
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
      accel.accumulate %x at %token, %c0 weights %weights to %sums {tokens = 1 : i64} : memref<8x4xi8, #accel.onchip>, memref<4x4xi8, #accel.local>, memref<8x4xi20, #accel.local> loc("/fc1/MatMul")
      %next = arith.addi %token, %c1 : index
      accel.accumulate %x at %next, %c0 weights %weights to %sums {tokens = 1 : i64} : memref<8x4xi8, #accel.onchip>, memref<4x4xi8, #accel.local>, memref<8x4xi20, #accel.local> loc("/fc1/Again")
    }
    func.return
  }
}

// -----

// What is stored is what the iteration before has scaled.
// CHECK: pipeline-loops: 'accel.store_rounded' at /fc1/Round: 'scaled' passes values from one iteration to the next, so that they cannot overlap
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
      accel.store_rounded %scaled to %x[%token, %c0] {shift = 15 : i64} : memref<4xi49, #accel.local>, memref<8x4xi8, #accel.onchip> loc("/fc1/Round")
      accel.scale %sums[%token], %multipliers, %offsets to %scaled : memref<8x4xi20, #accel.local>, memref<4xi18, #accel.local>, memref<4xi48, #accel.local>, memref<4xi49, #accel.local>
    }
    func.return
  }
}

// -----

// What two ops write could change places.
// CHECK: pipeline-loops: 'accel.fill' at /fc1/Fill: every iteration changes 1 row of 'sums', the next one starts 0 further, so that they cannot overlap
builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @engine(%tokens: index) attributes {accel.engine = "some"} {
    %sums = accel.buffer : memref<8x4xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    scf.for %token = %c0 to %tokens step %c1 {
      accel.fill %sums[%c0] with 0 : memref<8x4xi20, #accel.local> loc("/fc1/Fill")
      accel.fill %sums[%c0] with 1 : memref<8x4xi20, #accel.local>
    }
    func.return
  }
}
