// RUN: vaqf-opt %s -p estimate-performance --verify-diagnostics --split-input-file

// expected-error@+1 {{'builtin.module': has no 'lanes' in 'accel.hardware': run tile-engines first}}
builtin.module {
  func.func @forward() {
    func.return
  }
}

// -----

// expected-error@+1 {{'builtin.module': has no 'channel_slots' in 'accel.hardware': run tile-engines first}}
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 6 : i64, word_bits = 128 : i64}} {
  func.func @forward() {
    func.return
  }
}

// -----

// expected-error@+1 {{'builtin.module': has 'token_slots' = "many" in 'accel.hardware', it must be positive}}
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = "many", channel_slots = 4 : i64, word_bits = 128 : i64}} {
  func.func @forward() {
    func.return
  }
}

// -----

// expected-error@+1 {{'builtin.module': has no 'word_bits' in 'accel.hardware': run pack-parameters first}}
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 6 : i64, channel_slots = 4 : i64}} {
  func.func @forward() {
    func.return
  }
}

// -----

// expected-error@+1 {{'builtin.module': has no function '@forward': run lower-vit-to-accel first}}
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 6 : i64, channel_slots = 4 : i64, word_bits = 128 : i64}} {
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 6 : i64, channel_slots = 4 : i64, word_bits = 128 : i64}} {
  func.func private @engine(%tokens: index, %x: memref<6x4xi8, #accel.onchip>) attributes {accel.engine = "some"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    scf.for %token = %c0 to %tokens step %c1 {
    // expected-error@unknown {{'scf.for' at /fc1/MatMul: has a bound that is not known, expected constants or sizes of the call}}
    } loc("/fc1/MatMul")
    func.return
  }
  func.func @forward(%size: index) {
    %x = accel.buffer : memref<6x4xi8, #accel.onchip>
    %c0 = arith.constant 0 : index
    func.call @engine(%size, %x) : (index, memref<6x4xi8, #accel.onchip>) -> () loc("/call")
    func.return
  }
}

// -----

// The call passes 0, by which nothing can be divided.
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 6 : i64, channel_slots = 4 : i64, word_bits = 128 : i64}} {
  func.func private @engine(%tokens: index, %x: memref<6x4xi8, #accel.onchip>) attributes {accel.engine = "some"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %count = arith.divui %c1, %tokens : index
    scf.for %token = %c0 to %count step %c1 {
    // expected-error@unknown {{'scf.for' at /fc1/MatMul: has a bound that is not known, expected constants or sizes of the call}}
    } loc("/fc1/MatMul")
    func.return
  }
  func.func @forward(%size: index) {
    %x = accel.buffer : memref<6x4xi8, #accel.onchip>
    %c0 = arith.constant 0 : index
    func.call @engine(%c0, %x) : (index, memref<6x4xi8, #accel.onchip>) -> () loc("/call")
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 6 : i64, channel_slots = 4 : i64, word_bits = 128 : i64}} {
  func.func private @engine(%tokens: index, %x: memref<6x4xi8, #accel.onchip>) attributes {accel.engine = "some"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    scf.for %token = %c0 to %tokens step %tokens {
    // expected-error@unknown {{'scf.for' at /fc1/MatMul: has step 0, it must be positive}}
    } loc("/fc1/MatMul")
    func.return
  }
  func.func @forward(%size: index) {
    %x = accel.buffer : memref<6x4xi8, #accel.onchip>
    %c0 = arith.constant 0 : index
    func.call @engine(%c0, %x) : (index, memref<6x4xi8, #accel.onchip>) -> () loc("/call")
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 6 : i64, channel_slots = 4 : i64, word_bits = 128 : i64}} {
  func.func private @engine(%tokens: index, %x: memref<6x4xi8, #accel.onchip>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    func.return
  }
  func.func @forward(%size: index) {
    %x = accel.buffer : memref<6x4xi8, #accel.onchip>
    %c0 = arith.constant 0 : index
    // expected-error@unknown {{'func.call' at /call: calls 'engine', which is no engine}}
    func.call @engine(%c0, %x) : (index, memref<6x4xi8, #accel.onchip>) -> () loc("/call")
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 6 : i64, channel_slots = 4 : i64, word_bits = 128 : i64}} {
  func.func private @engine(%tokens: index, %x: memref<6x4xi8, #accel.onchip>) attributes {accel.engine = "some"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    // expected-error@unknown {{'test.op' at /strange: takes an unknown number of cycles, expected loops, bursts and tile ops}}
    "test.op"() : () -> () loc("/strange")
    func.return
  }
  func.func @forward(%size: index) {
    %x = accel.buffer : memref<6x4xi8, #accel.onchip>
    %c0 = arith.constant 0 : index
    func.call @engine(%c0, %x) : (index, memref<6x4xi8, #accel.onchip>) -> () loc("/call")
    func.return
  }
}
