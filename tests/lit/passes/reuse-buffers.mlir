// RUN: vaqf-opt %s -p reuse-buffers --split-input-file | filecheck %s
// RUN: vaqf-opt %s -p reuse-buffers --split-input-file --print-debuginfo | filecheck %s --check-prefix LOCATION

// A layer cannot write what it reads: the second buffer stays. The third takes the place of the first, whose
// last reader has run by then, and so does the fourth. Another type has a buffer of its own.
func.func @forward(%in: memref<3x4xi8, #accel.dram>, %m: memref<4xi18, #accel.dram>, %o: memref<4xi48, #accel.dram>, %out: memref<3x4xi8, #accel.dram>) {
  %zero = arith.constant 0 : index
  %first = accel.buffer : memref<3x4xi8, #accel.onchip> loc("first")
  %second = accel.buffer : memref<3x4xi8, #accel.onchip> loc("second")
  %third = accel.buffer : memref<3x4xi8, #accel.onchip> loc("third")
  %fourth = accel.buffer : memref<3x4xi8, #accel.onchip>
  %other = accel.buffer : memref<3x4xi6, #accel.onchip>
  accel.load_matrix %in to %first : memref<3x4xi8, #accel.dram>, memref<3x4xi8, #accel.onchip>
  accel.layer_norm %first at %zero, %m, %o to %second at %zero sizes(%zero, %zero) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip>
  accel.layer_norm %second at %zero, %m, %o to %third at %zero sizes(%zero, %zero) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip>
  accel.layer_norm %third at %zero, %m, %o to %other at %zero sizes(%zero, %zero) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi6, #accel.onchip>
  accel.layer_norm %other at %zero, %m, %o to %fourth at %zero sizes(%zero, %zero) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi6, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip>
  accel.store_matrix %fourth to %out : memref<3x4xi8, #accel.onchip>, memref<3x4xi8, #accel.dram>
  func.return
}
// CHECK:       func.func @forward
// CHECK-NEXT:    %zero = arith.constant 0 : index
// CHECK-NEXT:    %first = accel.buffer : memref<3x4xi8, #accel.onchip>
// CHECK-NEXT:    %second = accel.buffer : memref<3x4xi8, #accel.onchip>
// CHECK-NEXT:    %other = accel.buffer : memref<3x4xi6, #accel.onchip>
// CHECK-NEXT:    accel.load_matrix %in to %first
// CHECK-NEXT:    accel.layer_norm %first at %zero, %m, %o to %second at %zero sizes
// CHECK-NEXT:    accel.layer_norm %second at %zero, %m, %o to %first at %zero sizes
// CHECK-NEXT:    accel.layer_norm %first at %zero, %m, %o to %other at %zero sizes
// CHECK-NEXT:    accel.layer_norm %other at %zero, %m, %o to %first at %zero sizes
// CHECK-NEXT:    accel.store_matrix %first to %out
// CHECK-NEXT:    func.return
// LOCATION:      %first = accel.buffer {{.*}} loc(fused["first", "third"
// LOCATION:      %second = accel.buffer {{.*}} loc("second")

// -----

// What every iteration of a loop reads is needed until its end, and what nothing uses takes no part.
func.func @forward(%in: memref<3x4xi8, #accel.dram>, %m: memref<4xi18, #accel.dram>, %o: memref<4xi48, #accel.dram>, %out: memref<3x4xi8, #accel.dram>) {
  %zero = arith.constant 0 : index
  %kept = accel.buffer : memref<3x4xi8, #accel.onchip>
  %inside = accel.buffer : memref<3x4xi8, #accel.onchip>
  %unused = accel.buffer : memref<3x4xi8, #accel.onchip>
  %after = accel.buffer : memref<3x4xi8, #accel.onchip>
  accel.load_matrix %in to %kept : memref<3x4xi8, #accel.dram>, memref<3x4xi8, #accel.onchip>
  scf.for %layer = %zero to %zero step %zero {
    accel.layer_norm %kept at %zero, %m, %o to %inside at %zero sizes(%zero, %zero) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 20>} : memref<3x4xi8, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi8, #accel.onchip>
    accel.checkpoint "inside"[%layer], %inside : memref<3x4xi8, #accel.onchip>
  }
  accel.load_matrix %in to %after : memref<3x4xi8, #accel.dram>, memref<3x4xi8, #accel.onchip>
  accel.store_matrix %after to %out : memref<3x4xi8, #accel.onchip>, memref<3x4xi8, #accel.dram>
  func.return
}
// CHECK:       func.func @forward
// CHECK:         %kept = accel.buffer
// CHECK-NEXT:    %inside = accel.buffer
// CHECK-NEXT:    %unused = accel.buffer
// CHECK-NEXT:    accel.load_matrix %in to %kept
// CHECK:           accel.layer_norm %kept at %zero, %m, %o to %inside
// CHECK:         accel.load_matrix %in to %kept
// CHECK-NEXT:    accel.store_matrix %kept to %out
