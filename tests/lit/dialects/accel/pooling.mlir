// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @layer(%residual: memref<197x192xi16, #accel.onchip>, %pooled: memref<1x192xi8, #accel.onchip>, %first: index, %tokens: index, %channels: index) {
  accel.mean_tokens %residual at %first to %pooled sizes(%tokens, %channels) {multiplier = 85599 : i64, shift = 24 : i64} : memref<197x192xi16, #accel.onchip>, memref<1x192xi8, #accel.onchip>
  func.return
}
// CHECK:       func.func @layer
// CHECK-NEXT:    accel.mean_tokens %residual at %first to %pooled sizes(%tokens, %channels) {multiplier = 85599 : i64, shift = 24 : i64} : memref<197x192xi16, #accel.onchip>, memref<1x192xi8, #accel.onchip>

func.func @tile(%x: memref<197x192xi16, #accel.onchip>, %sums: memref<3x64xi25, #accel.local>, %i: index) {
  accel.add_row %x[%i, %i] to %sums[%i] : memref<197x192xi16, #accel.onchip>, memref<3x64xi25, #accel.local>
  func.return
}
// CHECK:       func.func @tile
// CHECK-NEXT:    accel.add_row %x[%i, %i] to %sums[%i] : memref<197x192xi16, #accel.onchip>, memref<3x64xi25, #accel.local>
