// RUN: vaqf-opt %s --verify-diagnostics --split-input-file | filecheck %s

// CHECK: 'input' has 12 entries, expected a power of two from 4 on
func.func @entries(%t: memref<12xi6, #accel.dram>) {
  %x = accel.extend_table %t : memref<12xi6, #accel.dram> -> memref<256xi8, #accel.dram>
  func.return
}

// -----

// CHECK: 'input' has 2 entries, expected a power of two from 4 on
func.func @signs(%t: memref<2xi6, #accel.dram>) {
  %x = accel.extend_table %t : memref<2xi6, #accel.dram> -> memref<256xi8, #accel.dram>
  func.return
}

// -----

// CHECK: 'result' has 32 entries, expected a power of two from 64 on
func.func @fewer(%t: memref<64xi6, #accel.dram>) {
  %x = accel.extend_table %t : memref<64xi6, #accel.dram> -> memref<32xi8, #accel.dram>
  func.return
}

// -----

// CHECK: 'result' has entries of 5 bits, expected at least 6
func.func @narrower(%t: memref<64xi6, #accel.dram>) {
  %x = accel.extend_table %t : memref<64xi6, #accel.dram> -> memref<256xi5, #accel.dram>
  func.return
}

// -----

// CHECK: 'input' has rank 2, expected 1 (entries)
func.func @rank(%t: memref<8x8xi6, #accel.dram>) {
  %x = accel.extend_table %t : memref<8x8xi6, #accel.dram> -> memref<256xi8, #accel.dram>
  func.return
}

// -----

// CHECK: 'result' is in #accel.onchip, expected #accel.dram
func.func @space(%t: memref<64xi6, #accel.dram>) {
  %x = accel.extend_table %t : memref<64xi6, #accel.dram> -> memref<256xi8, #accel.onchip>
  func.return
}
