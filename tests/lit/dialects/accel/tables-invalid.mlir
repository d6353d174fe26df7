// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @entries(%t: memref<12xi6, #accel.dram>) {
  // expected-error@+1 {{'input' has 12 entries, expected a power of two from 4 on}}
  %x = accel.extend_table %t : memref<12xi6, #accel.dram> -> memref<256xi8, #accel.dram>
  func.return
}

// -----

func.func @signs(%t: memref<2xi6, #accel.dram>) {
  // expected-error@+1 {{'input' has 2 entries, expected a power of two from 4 on}}
  %x = accel.extend_table %t : memref<2xi6, #accel.dram> -> memref<256xi8, #accel.dram>
  func.return
}

// -----

func.func @fewer(%t: memref<64xi6, #accel.dram>) {
  // expected-error@+1 {{'result' has 32 entries, expected a power of two from 64 on}}
  %x = accel.extend_table %t : memref<64xi6, #accel.dram> -> memref<32xi8, #accel.dram>
  func.return
}

// -----

func.func @narrower(%t: memref<64xi6, #accel.dram>) {
  // expected-error@+1 {{'result' has entries of 5 bits, expected at least 6}}
  %x = accel.extend_table %t : memref<64xi6, #accel.dram> -> memref<256xi5, #accel.dram>
  func.return
}

// -----

func.func @rank(%t: memref<8x8xi6, #accel.dram>) {
  // expected-error@+1 {{'input' has rank 2, expected 1 (entries)}}
  %x = accel.extend_table %t : memref<8x8xi6, #accel.dram> -> memref<256xi8, #accel.dram>
  func.return
}

// -----

func.func @space(%t: memref<64xi6, #accel.dram>) {
  // expected-error@+1 {{'result' is in #accel.onchip, expected #accel.dram}}
  %x = accel.extend_table %t : memref<64xi6, #accel.dram> -> memref<256xi8, #accel.onchip>
  func.return
}
