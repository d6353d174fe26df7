// RUN: vaqf-opt %s -p overlap-frames --verify-diagnostics --split-input-file | filecheck %s

// CHECK: overlap-frames: the module has no function '@parameters': run lower-vit-to-accel first
func.func @forward() {
  func.return
}

// -----

// CHECK: 'func.func' at {{.*}}: computes several frames already
func.func @parameters() {
  func.return
}
func.func @forward() attributes {accel.frames = 2 : i64} {
  func.return
}

// -----

// Blocks that became a loop have one order.
// CHECK: 'scf.for' at {{.*}}: is no layer of a frame, expected what lower-vit-to-accel writes
func.func @parameters() {
  func.return
}
func.func @forward() {
  %zero = arith.constant 0 : index
  scf.for %layer = %zero to %zero step %zero {
  }
  func.return
}
