// RUN: vaqf-opt %s -p 'tile-engines{lanes=4 binary-matmul=4,4,2 integer-matmul=4,4,1 keys=2}' --verify-diagnostics --split-input-file

func.func @parameters() {
  func.return
}
func.func private @mean_tokens(%input: memref<5x6xi16, #accel.onchip>, %result: memref<1x6xi8, #accel.onchip>, %channels: index) attributes {accel.engine = "mean_tokens"} {
  %first = arith.constant 0 : index
  %tokens = arith.constant 5 : index
  // expected-error@unknown {{'accel.mean_tokens' at /ReduceMean: the number of channels differs between layers, expected one}}
  accel.mean_tokens %input at %first to %result sizes(%tokens, %channels) {multiplier = 69905 : i64, shift = 20 : i64} : memref<5x6xi16, #accel.onchip>, memref<1x6xi8, #accel.onchip> loc("/ReduceMean")
  func.return
}
func.func @forward() {
  %c5 = arith.constant 5 : index
  %c6 = arith.constant 6 : index
  %x = accel.buffer : memref<5x6xi16, #accel.onchip>
  %y = accel.buffer : memref<1x6xi8, #accel.onchip>
  func.call @mean_tokens(%x, %y, %c5) : (memref<5x6xi16, #accel.onchip>, memref<1x6xi8, #accel.onchip>, index) -> ()
  func.call @mean_tokens(%x, %y, %c6) : (memref<5x6xi16, #accel.onchip>, memref<1x6xi8, #accel.onchip>, index) -> ()
  func.return
}
