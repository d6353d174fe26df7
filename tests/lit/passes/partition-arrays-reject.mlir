// RUN: vaqf-opt %s -p partition-arrays --verify-diagnostics --split-input-file

// expected-error@+1 {{'builtin.module': has no 'lanes' in 'accel.hardware': run tile-engines first}}
builtin.module {
  func.func @forward() {
    %x = accel.buffer : memref<12x8xi8, #accel.onchip> loc("/normed")
    func.return
  }
}

// -----

// expected-error@+1 {{'builtin.module': has no function '@forward': run lower-vit-to-accel first}}
builtin.module attributes {accel.hardware = {lanes = 8 : i64}} {
  func.func private @four(%x: memref<12x8xi8, #accel.onchip>) attributes {accel.engine = "four"} {
    %weights = accel.buffer : memref<8x4xi8, #accel.local>
    %sums = accel.buffer : memref<12x8xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %step = arith.constant 4 : index
    %c12 = arith.constant 12 : index
    scf.for %token = %c0 to %c12 step %step {
      accel.accumulate %x at %token, %c0 weights %weights to %sums {tokens = 4 : i64} : memref<12x8xi8, #accel.onchip>, memref<8x4xi8, #accel.local>, memref<12x8xi20, #accel.local>
    } {accel.pipeline = #accel.pipeline<ii = 1, "">}
    func.return
  }
}

// -----

// How many copies of a table are needed depends on how often an iteration starts.
builtin.module attributes {accel.hardware = {lanes = 8 : i64}} {
  func.func private @lookup(%x: memref<12x8xi8, #accel.onchip>) attributes {accel.engine = "lookup"} {
    %scaled = accel.buffer : memref<8xi49, #accel.local>
    %entries = accel.buffer : memref<256xi8, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c12 = arith.constant 12 : index
    scf.for %token = %c0 to %c12 step %c1 {
      accel.store_lookup %scaled, %entries to %x[%token, %c0] {shift = 20 : i64} : memref<8xi49, #accel.local>, memref<256xi8, #accel.local>, memref<12x8xi8, #accel.onchip>
    // expected-error@unknown {{'scf.for' at /fc1/MatMul: has no 'accel.pipeline': run pipeline-loops first}}
    } loc("/fc1/MatMul")
    func.return
  }
  func.func @forward() {
    %x = accel.buffer : memref<12x8xi8, #accel.onchip> loc("/normed")
    func.call @lookup(%x) : (memref<12x8xi8, #accel.onchip>) -> () loc("/call")
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 8 : i64}} {
  func.func private @four(%x: memref<12x8xi8, #accel.onchip>) {
    %weights = accel.buffer : memref<8x4xi8, #accel.local>
    %sums = accel.buffer : memref<12x8xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %step = arith.constant 4 : index
    %c12 = arith.constant 12 : index
    scf.for %token = %c0 to %c12 step %step {
      accel.accumulate %x at %token, %c0 weights %weights to %sums {tokens = 4 : i64} : memref<12x8xi8, #accel.onchip>, memref<8x4xi8, #accel.local>, memref<12x8xi20, #accel.local>
    } {accel.pipeline = #accel.pipeline<ii = 1, "">}
    func.return
  }
  func.func @forward() {
    %x = accel.buffer : memref<12x8xi8, #accel.onchip> loc("/normed")
    // expected-error@unknown {{'func.call' at /call: calls 'four', which is no engine}}
    func.call @four(%x) : (memref<12x8xi8, #accel.onchip>) -> () loc("/call")
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 8 : i64}} {
  func.func private @four(%x: memref<12x8xi8, #accel.onchip>) attributes {accel.engine = "four"} {
    %weights = accel.buffer : memref<8x4xi8, #accel.local>
    %sums = accel.buffer : memref<12x8xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %step = arith.constant 4 : index
    %c12 = arith.constant 12 : index
    scf.for %token = %c0 to %c12 step %step {
      accel.accumulate %x at %token, %c0 weights %weights to %sums {tokens = 4 : i64} : memref<12x8xi8, #accel.onchip>, memref<8x4xi8, #accel.local>, memref<12x8xi20, #accel.local>
    } {accel.pipeline = #accel.pipeline<ii = 1, "">}
    func.return
  }
  func.func @forward(%x: memref<12x8xi8, #accel.onchip>) {
    // expected-error@unknown {{'func.call' at /call: argument 0 is no buffer, expected one on the device}}
    func.call @four(%x) : (memref<12x8xi8, #accel.onchip>) -> () loc("/call")
    func.return
  }
}

// -----

// Of 12 memories, a tool cannot tell which 4 of them hold the next 4 tokens.
builtin.module attributes {accel.hardware = {lanes = 8 : i64}} {
  func.func private @four(%x: memref<12x8xi8, #accel.onchip>) attributes {accel.engine = "four"} {
    %weights = accel.buffer : memref<8x4xi8, #accel.local>
    %sums = accel.buffer : memref<12x8xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %step = arith.constant 4 : index
    %c12 = arith.constant 12 : index
    scf.for %token = %c0 to %c12 step %step {
      accel.accumulate %x at %token, %c0 weights %weights to %sums {tokens = 4 : i64} : memref<12x8xi8, #accel.onchip>, memref<8x4xi8, #accel.local>, memref<12x8xi20, #accel.local>
    } {accel.pipeline = #accel.pipeline<ii = 1, "">}
    func.return
  }
  func.func private @six(%x: memref<12x8xi8, #accel.onchip>) attributes {accel.engine = "six"} {
    %weights = accel.buffer : memref<8x4xi8, #accel.local>
    %sums = accel.buffer : memref<12x8xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %step = arith.constant 6 : index
    %c12 = arith.constant 12 : index
    scf.for %token = %c0 to %c12 step %step {
      accel.accumulate %x at %token, %c0 weights %weights to %sums {tokens = 6 : i64} : memref<12x8xi8, #accel.onchip>, memref<8x4xi8, #accel.local>, memref<12x8xi20, #accel.local>
    } {accel.pipeline = #accel.pipeline<ii = 1, "">}
    func.return
  }
  func.func @forward() {
    // expected-error@unknown {{'accel.buffer' at /normed: 'x' is split for accesses that do not fit each other: 4 tokens are read in one cycle; 6 tokens are read in one cycle; expected equal numbers, or at most 2}}
    %x = accel.buffer : memref<12x8xi8, #accel.onchip> loc("/normed")
    func.call @four(%x) : (memref<12x8xi8, #accel.onchip>) -> () loc("/call")
    func.call @six(%x) : (memref<12x8xi8, #accel.onchip>) -> () loc("/call")
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 8 : i64}} {
  func.func private @four(%x: memref<12x8xi8, #accel.onchip>) attributes {accel.engine = "four"} {
    // expected-error@unknown {{'accel.buffer' at /fc1/MatMul: 'weights' needs 4160 memories, at most 4096 are possible: choose smaller tiles in tile-engines}}
    %weights = accel.buffer : memref<520x8xi8, #accel.local> loc("/fc1/MatMul")
    %sums = accel.buffer : memref<12x520xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %step = arith.constant 4 : index
    %c12 = arith.constant 12 : index
    scf.for %token = %c0 to %c12 step %step {
      accel.accumulate %x at %token, %c0 weights %weights to %sums {tokens = 4 : i64} : memref<12x8xi8, #accel.onchip>, memref<520x8xi8, #accel.local>, memref<12x520xi20, #accel.local>
    } {accel.pipeline = #accel.pipeline<ii = 1, "">}
    func.return
  }
  func.func @forward() {
    %x = accel.buffer : memref<12x8xi8, #accel.onchip> loc("/normed")
    func.call @four(%x) : (memref<12x8xi8, #accel.onchip>) -> () loc("/call")
    func.return
  }
}
