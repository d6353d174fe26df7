// RUN: vaqf-opt %s -p reuse-buffers --verify-diagnostics --split-input-file

// expected-error@+1 {{'builtin.module': has no function '@forward': run lower-vit-to-accel first}}
func.func @backward() {
  func.return
}

// -----

// expected-error@+1 {{'builtin.module': has no function '@forward': run lower-vit-to-accel first}}
func.func private @forward() -> ()
