// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

// Probabilities in units that a model gives, and not of 2^-bits.
func.func @layer(%x: memref<17x36xi8, #accel.onchip>, %e: memref<256xi17, #accel.dram>, %s: i18) {
  accel.attention %x, %x, %x, %e, %s, %s probability %s to %x {heads = 3 : i64, probability_bits = 7 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64, probability_shift = 16 : i64} : memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<17x36xi8, #accel.onchip>
  func.return
}
// CHECK: accel.attention %x, %x, %x, %e, %s, %s probability %s to %x {{{.*}}probability_shift = 16 : i64{{.*}}}

func.func @tile(%sums: memref<17xi21, #accel.local>, %inverses: memref<17xi40, #accel.local>, %s: i18, %i: index) {
  accel.reciprocal %sums to %inverses at %i multiplier %s {shift = 19 : i64} : memref<17xi21, #accel.local>, memref<17xi40, #accel.local>
  func.return
}
// CHECK: accel.reciprocal %sums to %inverses at %i multiplier %s {shift = 19 : i64} : memref<17xi21, #accel.local>, memref<17xi40, #accel.local>
