// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

// Values of fewer bits than the elements that they are stored in, and engines that write several widths.
func.func @narrow(%x: memref<17x36xi8, #accel.onchip>, %residual: memref<17x36xi16, #accel.onchip>, %y: memref<17x36xi6, #accel.onchip>, %w: memref<36x36xi1, #accel.dram>, %m: memref<36xi18, #accel.dram>, %o: memref<36xi48, #accel.dram>, %e: memref<256xi17, #accel.dram>, %s: i18, %i: index, %b: i6, %table: memref<64xi6, #accel.dram>) {
  accel.linear %x, %w, %m, %o to %x, %y, %residual at %i sizes(%i, %i, %i) epilogue %i bits %b {epilogues = ["store", "store", "add"], shifts = array<i64: 20, 20, 14>} : memref<17x36xi8, #accel.onchip>, memref<36x36xi1, #accel.dram>, memref<36xi18, #accel.dram>, memref<36xi48, #accel.dram> to memref<17x36xi8, #accel.onchip>, memref<17x36xi6, #accel.onchip>, memref<17x36xi16, #accel.onchip>
  accel.layer_norm %residual at %i, %m, %o to %x, %residual at %i sizes(%i, %i) epilogue %i bits %b {epsilon = 36 : i64, epilogues = ["store", "add"], shifts = array<i64: 20, 14>} : memref<17x36xi16, #accel.onchip>, memref<36xi18, #accel.dram>, memref<36xi48, #accel.dram> to memref<17x36xi8, #accel.onchip>, memref<17x36xi16, #accel.onchip>
  accel.attention %x, %x, %x, %e, %s, %s to %y bits %b {heads = 3 : i64, probability_bits = 8 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64} : memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<17x36xi6, #accel.onchip>
  %extended = accel.extend_table %table : memref<64xi6, #accel.dram> -> memref<256xi8, #accel.dram>
  %scaled = accel.buffer : memref<12xi49, #accel.local>
  %mixed = accel.buffer : memref<17x12xi24, #accel.local>
  accel.store_rounded %scaled to %x[%i, %i] bits %b {shift = 20 : i64} : memref<12xi49, #accel.local>, memref<17x36xi8, #accel.onchip>
  accel.store_rescaled %mixed[%i], %s to %x[%i, %i] bits %b {shift = 24 : i64} : memref<17x12xi24, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}
// CHECK:       accel.linear %x, %w, %m, %o to %x, %y, %residual at %i sizes(%i, %i, %i) epilogue %i bits %b {epilogues = ["store", "store", "add"], shifts = array<i64: 20, 20, 14>} : memref<17x36xi8, #accel.onchip>, memref<36x36xi1, #accel.dram>, memref<36xi18, #accel.dram>, memref<36xi48, #accel.dram> to memref<17x36xi8, #accel.onchip>, memref<17x36xi6, #accel.onchip>, memref<17x36xi16, #accel.onchip>
// CHECK-NEXT:  accel.layer_norm %residual at %i, %m, %o to %x, %residual at %i sizes(%i, %i) epilogue %i bits %b {epsilon = 36 : i64, epilogues = ["store", "add"], shifts = array<i64: 20, 14>} : memref<17x36xi16, #accel.onchip>, memref<36xi18, #accel.dram>, memref<36xi48, #accel.dram> to memref<17x36xi8, #accel.onchip>, memref<17x36xi16, #accel.onchip>
// CHECK-NEXT:  accel.attention %x, %x, %x, %e, %s, %s to %y bits %b {heads = 3 : i64, probability_bits = 8 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64} : memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<17x36xi6, #accel.onchip>
// CHECK-NEXT:  accel.extend_table %table : memref<64xi6, #accel.dram> -> memref<256xi8, #accel.dram>
// CHECK:       accel.store_rounded %scaled to %x[%i, %i] bits %b {shift = 20 : i64} : memref<12xi49, #accel.local>, memref<17x36xi8, #accel.onchip>
// CHECK-NEXT:  accel.store_rescaled %mixed[%i], %s to %x[%i, %i] bits %b {shift = 24 : i64} : memref<17x12xi24, #accel.local>, memref<17x36xi8, #accel.onchip>
