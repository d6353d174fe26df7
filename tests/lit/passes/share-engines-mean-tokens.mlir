// RUN: vaqf-opt %s -p share-engines | filecheck %s

// Means of the same number of tokens in the same formats share an engine, whichever rows they are of. Another
// multiplier is another constant in hardware.
func.func @parameters() {
  func.return
}
func.func @forward() {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c5 = arith.constant 5 : index
  %c6 = arith.constant 6 : index
  %x = accel.buffer : memref<5x6xi16, #accel.onchip>
  %y = accel.buffer : memref<1x6xi8, #accel.onchip>
  accel.mean_tokens %x at %c0 to %y sizes(%c4, %c6) {multiplier = 65536 : i64, shift = 18 : i64} : memref<5x6xi16, #accel.onchip>, memref<1x6xi8, #accel.onchip> loc("/head/ReduceMean")
  accel.mean_tokens %x at %c1 to %y sizes(%c4, %c6) {multiplier = 65536 : i64, shift = 18 : i64} : memref<5x6xi16, #accel.onchip>, memref<1x6xi8, #accel.onchip>
  accel.mean_tokens %x at %c0 to %y sizes(%c5, %c6) {multiplier = 104858 : i64, shift = 19 : i64} : memref<5x6xi16, #accel.onchip>, memref<1x6xi8, #accel.onchip>
  func.return
}
// CHECK:       func.func private @mean_tokens(%input: memref<5x6xi16, #accel.onchip>, %first: index, %result: memref<1x6xi8, #accel.onchip>) attributes {accel.engine = "mean_tokens"} {
// CHECK-NEXT:    %tokens = arith.constant 4 : index
// CHECK-NEXT:    %channels = arith.constant 6 : index
// CHECK-NEXT:    accel.mean_tokens %input at %first to %result sizes(%tokens, %channels) {multiplier = 65536 : i64, shift = 18 : i64}
// CHECK:       func.func private @mean_tokens_2(%input: memref<5x6xi16, #accel.onchip>, %result: memref<1x6xi8, #accel.onchip>)
// CHECK:         accel.mean_tokens %input at %first to %result sizes(%tokens, %channels) {multiplier = 104858 : i64, shift = 19 : i64}
// CHECK:       func.func @forward
// CHECK:         func.call @mean_tokens(%x, %c0, %y)
// CHECK-NEXT:    func.call @mean_tokens(%x, %c1, %y)
// CHECK-NEXT:    func.call @mean_tokens_2(%x, %y)
