// RUN: vaqf-opt %s -p share-engines --verify-diagnostics | filecheck %s

// CHECK: share-engines: the module has no function '@forward': run lower-vit-to-accel first
func.func @backward() {
  func.return
}
