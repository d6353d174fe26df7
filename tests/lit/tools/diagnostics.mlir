// Errors name the operation and its place in one line, and never repeat the module.

// RUN: vaqf-opt %s --split-input-file --verify-diagnostics
// RUN: not vaqf-opt %s --split-input-file 2>&1 | filecheck %s

func.func @forward(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'vit.transpose': 'permutation' is [1, 1], expected each of 0 to 1 once}}
  %t = vit.transpose %x by [1, 1] : tensor<2x3xf32> -> tensor<3x2xf32>
  func.return
}

// -----

func.func @forward(%x: tensor<2x3xf32>) {
  // expected-error@unknown {{'vit.transpose' at /blocks.0/Transpose: 'permutation' is [1, 1], expected each of 0 to 1 once}}
  %t = vit.transpose %x by [1, 1] : tensor<2x3xf32> -> tensor<3x2xf32> loc("/blocks.0/Transpose")
  func.return
}

// -----

// expected-error@+1 {{!quant.int: bits is 77, accepted range is [1, 16]}}
func.func @forward(%x: tensor<2x3x!quant.int<77, 0.5>>) {
  func.return
}

// -----

func.func @intact() {
  func.return
}

// -----

func.func @forward(%x: tensor<2x3xf32>) -> tensor<2x2xf32> {
  // expected-error@+1 {{func.return}}
  func.return %x : tensor<2x3xf32>
}

// CHECK:     {{^}}vaqf-opt: error: 'vit.transpose' at {{.*}}diagnostics.mlir:8:3: 'permutation' is [1, 1], expected each of 0 to 1 once
// CHECK-NOT: {{.}}
