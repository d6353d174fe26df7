// RUN: not vaqf-opt %s -p 'assume-ranges{magnitude=0.0}' 2>&1 | filecheck %s
// RUN: not vaqf-opt %s -p 'assume-ranges{magnitude=-1.0}' 2>&1 | filecheck %s --check-prefix NEGATIVE

// CHECK: vaqf-opt: error: assume-ranges: magnitude is 0.0, it must be positive
// NEGATIVE: vaqf-opt: error: assume-ranges: magnitude is -1.0, it must be positive
func.func @forward(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  func.return %x : tensor<1x2xf32>
}
