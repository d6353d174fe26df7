// RUN: vaqf-opt %s -p reuse-buffers --verify-diagnostics --split-input-file | filecheck %s

// CHECK: reuse-buffers: the module has no function '@forward': run lower-vit-to-accel first
func.func @backward() {
  func.return
}

// -----

// CHECK: reuse-buffers: the module has no function '@forward': run lower-vit-to-accel first
func.func private @forward() -> ()
