// RUN: not vaqf-opt %s -p 'binarize-weights{per-tensor=maybe}' 2>&1 | filecheck %s

// CHECK: per-tensor
func.func @any() {
  func.return
}
