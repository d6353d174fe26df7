// RUN: vaqf-opt %s --verify-diagnostics --parsing-diagnostics --split-input-file | filecheck %s

// CHECK: 'input' has rank 1, expected 2 (tokens x channels)
func.func @input(%x: memref<6xi16, #accel.onchip>, %y: memref<1x6xi8, #accel.onchip>, %i: index) {
  accel.mean_tokens %x at %i to %y sizes(%i, %i) {multiplier = 1 : i64, shift = 1 : i64} : memref<6xi16, #accel.onchip>, memref<1x6xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'result' is in #accel.dram, expected #accel.onchip
func.func @result(%x: memref<5x6xi16, #accel.onchip>, %y: memref<1x6xi8, #accel.dram>, %i: index) {
  accel.mean_tokens %x at %i to %y sizes(%i, %i) {multiplier = 1 : i64, shift = 1 : i64} : memref<5x6xi16, #accel.onchip>, memref<1x6xi8, #accel.dram>
  func.return
}

// -----

// CHECK: 'multiplier' is 131072, accepted range is [0, 131071]
func.func @multiplier(%x: memref<5x6xi16, #accel.onchip>, %y: memref<1x6xi8, #accel.onchip>, %i: index) {
  accel.mean_tokens %x at %i to %y sizes(%i, %i) {multiplier = 131072 : i64, shift = 1 : i64} : memref<5x6xi16, #accel.onchip>, memref<1x6xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'shift' is 48, accepted range is [1, 47]
func.func @shift(%x: memref<5x6xi16, #accel.onchip>, %y: memref<1x6xi8, #accel.onchip>, %i: index) {
  accel.mean_tokens %x at %i to %y sizes(%i, %i) {multiplier = 1 : i64, shift = 48 : i64} : memref<5x6xi16, #accel.onchip>, memref<1x6xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'matrix' is in #accel.local, expected #accel.onchip
func.func @added_matrix(%x: memref<5x6xi16, #accel.local>, %sums: memref<2x4xi25, #accel.local>, %i: index) {
  accel.add_row %x[%i, %i] to %sums[%i] : memref<5x6xi16, #accel.local>, memref<2x4xi25, #accel.local>
  func.return
}

// -----

// CHECK: 'sums' has rank 1, expected 2 (tiles x lanes)
func.func @sums_rank(%x: memref<5x6xi16, #accel.onchip>, %sums: memref<4xi25, #accel.local>, %i: index) {
  accel.add_row %x[%i, %i] to %sums[%i] : memref<5x6xi16, #accel.onchip>, memref<4xi25, #accel.local>
  func.return
}

// -----

// CHECK: 'sums' is in #accel.onchip, expected #accel.local
func.func @sums_space(%x: memref<5x6xi16, #accel.onchip>, %sums: memref<2x4xi25, #accel.onchip>, %i: index) {
  accel.add_row %x[%i, %i] to %sums[%i] : memref<5x6xi16, #accel.onchip>, memref<2x4xi25, #accel.onchip>
  func.return
}
