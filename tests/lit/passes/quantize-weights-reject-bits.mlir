// RUN: not vaqf-opt %s -p 'quantize-weights{bits=1}' 2>&1 | filecheck %s --check-prefix ONE
// RUN: not vaqf-opt %s -p 'quantize-weights{bits=17}' 2>&1 | filecheck %s --check-prefix MANY

// ONE: quantize-weights: bits is 1, accepted range is [2, 16]
// MANY: quantize-weights: bits is 17, accepted range is [2, 16]
func.func @any() {
  func.return
}
