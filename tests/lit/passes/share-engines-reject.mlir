// RUN: vaqf-opt %s -p share-engines --verify-diagnostics

// expected-error@+1 {{'builtin.module': has no function '@forward': run lower-vit-to-accel first}}
func.func @backward() {
  func.return
}
