// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func private @engine(%tokens: index, %tiles: memref<36x64x64xi1, #accel.dram>) attributes {accel.engine = "binary_matmul"} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %pair = accel.buffer : memref<2x64x64xi1, #accel.local>
  %sums = accel.buffer : memref<197x64xi16, #accel.local>
  accel.concurrent {
    %pair_1 = accel.slot %pair[%one] : memref<2x64x64xi1, #accel.local> -> memref<64x64xi1, #accel.local>
    accel.load %tiles[%one] to %pair_1 : memref<36x64x64xi1, #accel.dram>, memref<64x64xi1, #accel.local>
  } {
    scf.for %token = %zero to %tokens step %one {
      accel.fill %sums[%token] with 0 : memref<197x64xi16, #accel.local>
    } {accel.pipeline = #accel.pipeline<ii = 1, "every iteration has a row of its own">}
  }
  func.return
}
// CHECK:       func.func private @engine(%tokens: index, %tiles: memref<36x64x64xi1, #accel.dram>) attributes {accel.engine = "binary_matmul"} {
// CHECK-NEXT:    %zero = arith.constant 0 : index
// CHECK-NEXT:    %one = arith.constant 1 : index
// CHECK-NEXT:    %pair = accel.buffer : memref<2x64x64xi1, #accel.local>
// CHECK-NEXT:    %sums = accel.buffer : memref<197x64xi16, #accel.local>
// CHECK-NEXT:    accel.concurrent {
// CHECK-NEXT:      %pair_1 = accel.slot %pair[%one]
// CHECK-NEXT:      accel.load %tiles[%one] to %pair_1
// CHECK-NEXT:    } {
// CHECK-NEXT:      scf.for %token = %zero to %tokens step %one {
// CHECK-NEXT:        accel.fill %sums[%token] with 0
// CHECK-NEXT:      } {accel.pipeline = #accel.pipeline<ii = 1, "every iteration has a row of its own">}
// CHECK-NEXT:    }
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }

// A name with a quotation mark is printed so that it can be read.
func.func @reasons() {
  %zero = arith.constant 0 : index
  scf.for %i = %zero to %zero step %zero {
  } {accel.pipeline = #accel.pipeline<ii = 12, "of \22them\22 all">}
  func.return
}
// CHECK:       func.func @reasons() {
// CHECK-NEXT:    %zero = arith.constant 0 : index
// CHECK-NEXT:    scf.for %i = %zero to %zero step %zero {
// CHECK-NEXT:    } {accel.pipeline = #accel.pipeline<ii = 12, "of \22them\22 all">}
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }

// Attributes of its own are kept.
func.func @attributes(%sums: memref<4x4xi16, #accel.local>) {
  %zero = arith.constant 0 : index
  accel.concurrent {
    accel.fill %sums[%zero] with 0 : memref<4x4xi16, #accel.local>
  } {
    accel.fill %sums[%zero] with 0 : memref<4x4xi16, #accel.local>
  } attributes {note = "kept"}
  func.return
}
// CHECK:       func.func @attributes
// CHECK:         accel.concurrent {
// CHECK-NEXT:      accel.fill %sums[%zero] with 0
// CHECK-NEXT:    } {
// CHECK-NEXT:      accel.fill %sums[%zero] with 0
// CHECK-NEXT:    } attributes {note = "kept"}
