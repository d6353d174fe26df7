// RUN: vaqf-opt %s --split-input-file --verify-diagnostics | filecheck %s
// RUN: not vaqf-opt %s --split-input-file 2>&1 | filecheck %s --check-prefix ONLY

func.func @forward(%x: tensor<2x3xf32>) {
  %t = vit.transpose %x by [1, 1] : tensor<2x3xf32> -> tensor<3x2xf32>
  func.return
}

// -----

func.func @forward(%x: tensor<2x3xf32>) {
  %t = vit.transpose %x by [1, 1] : tensor<2x3xf32> -> tensor<3x2xf32> loc("/blocks.0/Transpose")
  func.return
}

// -----

func.func @forward(%x: tensor<2x3x!quant.int<77, 0.5>>) {
  func.return
}

// -----

func.func @intact() {
  func.return
}

// -----

func.func @forward(%x: tensor<2x3xf32>) -> tensor<2x2xf32> {
  func.return %x : tensor<2x3xf32>
}

// Errors name the operation and its place in one line, and never repeat the module. Lines count
// from the start of the file, and the parts after an error are still looked at.

// CHECK:      {{^}}'vit.transpose' at {{.*}}diagnostics.mlir:5:3: 'permutation' is [1, 1], expected each of 0 to 1 once
// CHECK-NEXT: {{//}} -----
// CHECK-NEXT: {{^}}'vit.transpose' at /blocks.0/Transpose: 'permutation' is [1, 1], expected each of 0 to 1 once
// CHECK-NEXT: {{//}} -----
// CHECK-NEXT: diagnostics.mlir:18:54: !quant.int: bits is 77, accepted range is [1, 16]
// CHECK-NEXT: {{//}} -----
// CHECK-NEXT: builtin.module {
// CHECK-NEXT:   func.func @intact() {
// CHECK-NEXT:     func.return
// CHECK-NEXT:   }
// CHECK-NEXT: }
// CHECK-NEXT: {{//}} -----
// CHECK-NEXT: {{^}}'func.return' at {{.*}}diagnostics.mlir:31:3: {{.*}}
// CHECK-NOT:  {{.}}

// ONLY:     {{^}}vaqf-opt: error: 'vit.transpose' at {{.*}}diagnostics.mlir:5:3: 'permutation' is [1, 1], expected each of 0 to 1 once
// ONLY-NOT: {{.}}
