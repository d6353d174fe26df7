// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @no_multiplier(%x: memref<17x36xi8, #accel.onchip>, %e: memref<256xi17, #accel.dram>, %s: i18) {
  // expected-error@+1 {{'probability_multiplier' and 'probability_shift' are needed together}}
  accel.attention %x, %x, %x, %e, %s, %s to %x {heads = 3 : i64, probability_bits = 7 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64, probability_shift = 16 : i64} : memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @large_shift(%x: memref<17x36xi8, #accel.onchip>, %e: memref<256xi17, #accel.dram>, %s: i18) {
  // expected-error@+1 {{'probability_shift' is 30, accepted range is [1, 29]}}
  accel.attention %x, %x, %x, %e, %s, %s probability %s to %x {heads = 3 : i64, probability_bits = 7 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64, probability_shift = 30 : i64} : memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<17x36xi8, #accel.onchip>
  func.return
}
