// RUN: vaqf-opt %s -p 'share-engines,tile-engines{lanes=4 binary-matmul=4,2,2 integer-matmul=8,4,1 keys=2}' | filecheck %s

// LayerNorms that write two widths: what is done with a token follows from the epilogue, and values are brought to the
// bits that the caller names.
func.func @parameters() -> (memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>) {
  %weight = vit.parameter @weight : tensor<4xf32>
  %m, %o = quant.layer_norm_parameters %weight {output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %m0 = accel.parameter %m : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %o0 = accel.parameter %o : tensor<4xi48> -> memref<4xi48, #accel.dram>
  %m1 = accel.parameter %m : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %o1 = accel.parameter %o : tensor<4xi48> -> memref<4xi48, #accel.dram>
  %m2 = accel.parameter %m : tensor<4xi18> -> memref<4xi18, #accel.dram>
  %o2 = accel.parameter %o : tensor<4xi48> -> memref<4xi48, #accel.dram>
  func.return %m0, %o0, %m1, %o1, %m2, %o2 : memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram>
}
func.func @forward(%m0: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %o0: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %m1: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %o1: memref<4xi48, #accel.dram> {accel.port = "parameter"}, %m2: memref<4xi18, #accel.dram> {accel.port = "parameter"}, %o2: memref<4xi48, #accel.dram> {accel.port = "parameter"}) {
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %bits = arith.constant 5 : i6
  %x = accel.buffer : memref<3x4xi16, #accel.onchip>
  %y = accel.buffer : memref<3x4xi6, #accel.onchip>
  %z = accel.buffer : memref<3x4xi1, #accel.onchip>
  accel.layer_norm %x at %c0, %m0, %o0 to %y at %c0 sizes(%c3, %c4) bits %bits {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 25>} : memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi6, #accel.onchip>
  accel.layer_norm %x at %c0, %m1, %o1 to %z at %c0 sizes(%c3, %c4) {epsilon = 9 : i64, epilogues = ["store"], shifts = array<i64: 23>} : memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi1, #accel.onchip>
  accel.layer_norm %x at %c0, %m2, %o2 to %x at %c0 sizes(%c3, %c4) {epsilon = 9 : i64, epilogues = ["add"], shifts = array<i64: 14>} : memref<3x4xi16, #accel.onchip>, memref<4xi18, #accel.dram>, memref<4xi48, #accel.dram> to memref<3x4xi16, #accel.onchip>
  func.return
}
// CHECK:       func.func private @layer_norm(
// CHECK:         scf.index_switch %epilogue
// CHECK-NEXT:    case 0 {
// CHECK-NEXT:      accel.store_rounded %scaled to %result[%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}] bits %bits {shift = 25 : i64} : memref<4xi49, #accel.local>, memref<3x4xi6, #accel.onchip>
// CHECK:         case 1 {
// One bit needs no number of bits.
// CHECK-NEXT:      accel.store_rounded %scaled to %result_1[%{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}] {shift = 23 : i64} : memref<4xi49, #accel.local>, memref<3x4xi1, #accel.onchip>
// CHECK:         default {
// CHECK-NEXT:      accel.add_rounded %scaled to %residual[{{.*}}] {shift = 14 : i64}
