// RUN: vaqf-opt %s -p overlap-frames --verify-diagnostics --split-input-file

// expected-error@+1 {{'builtin.module': has no function '@parameters': run lower-vit-to-accel first}}
func.func @forward() {
  func.return
}

// -----

func.func @parameters() {
  func.return
}
// expected-error@+1 {{'func.func': computes several frames already}}
func.func @forward() attributes {accel.frames = 2 : i64} {
  func.return
}

// -----

// Blocks that became a loop have one order.
func.func @parameters() {
  func.return
}
func.func @forward() {
  %zero = arith.constant 0 : index
  // expected-error@+1 {{'scf.for': is no layer of a frame, expected what lower-vit-to-accel writes}}
  scf.for %layer = %zero to %zero step %zero {
  }
  func.return
}
