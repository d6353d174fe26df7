// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @input(%x: memref<6xi16, #accel.onchip>, %y: memref<1x6xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'input' has rank 1, expected 2 (tokens x channels)}}
  accel.mean_tokens %x at %i to %y sizes(%i, %i) {multiplier = 1 : i64, shift = 1 : i64} : memref<6xi16, #accel.onchip>, memref<1x6xi8, #accel.onchip>
  func.return
}

// -----

func.func @result(%x: memref<5x6xi16, #accel.onchip>, %y: memref<1x6xi8, #accel.dram>, %i: index) {
  // expected-error@+1 {{'result' is in #accel.dram, expected #accel.onchip}}
  accel.mean_tokens %x at %i to %y sizes(%i, %i) {multiplier = 1 : i64, shift = 1 : i64} : memref<5x6xi16, #accel.onchip>, memref<1x6xi8, #accel.dram>
  func.return
}

// -----

func.func @multiplier(%x: memref<5x6xi16, #accel.onchip>, %y: memref<1x6xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'multiplier' is 131072, accepted range is [0, 131071]}}
  accel.mean_tokens %x at %i to %y sizes(%i, %i) {multiplier = 131072 : i64, shift = 1 : i64} : memref<5x6xi16, #accel.onchip>, memref<1x6xi8, #accel.onchip>
  func.return
}

// -----

func.func @shift(%x: memref<5x6xi16, #accel.onchip>, %y: memref<1x6xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'shift' is 48, accepted range is [1, 47]}}
  accel.mean_tokens %x at %i to %y sizes(%i, %i) {multiplier = 1 : i64, shift = 48 : i64} : memref<5x6xi16, #accel.onchip>, memref<1x6xi8, #accel.onchip>
  func.return
}

// -----

func.func @added_matrix(%x: memref<5x6xi16, #accel.local>, %sums: memref<2x4xi25, #accel.local>, %i: index) {
  // expected-error@+1 {{'matrix' is in #accel.local, expected #accel.onchip}}
  accel.add_row %x[%i, %i] to %sums[%i] : memref<5x6xi16, #accel.local>, memref<2x4xi25, #accel.local>
  func.return
}

// -----

func.func @sums_rank(%x: memref<5x6xi16, #accel.onchip>, %sums: memref<4xi25, #accel.local>, %i: index) {
  // expected-error@+1 {{'sums' has rank 1, expected 2 (tiles x lanes)}}
  accel.add_row %x[%i, %i] to %sums[%i] : memref<5x6xi16, #accel.onchip>, memref<4xi25, #accel.local>
  func.return
}

// -----

func.func @sums_space(%x: memref<5x6xi16, #accel.onchip>, %sums: memref<2x4xi25, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'sums' is in #accel.onchip, expected #accel.local}}
  accel.add_row %x[%i, %i] to %sums[%i] : memref<5x6xi16, #accel.onchip>, memref<2x4xi25, #accel.onchip>
  func.return
}
