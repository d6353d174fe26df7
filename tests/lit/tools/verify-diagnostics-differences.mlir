// Whatever differs from the comments is told, with its place; the IR is not printed.

// RUN: not vaqf-opt %s --split-input-file --verify-diagnostics -o %t.mlir >%t.out 2>%t.err
// RUN: filecheck %s --check-prefix NOTHING --allow-empty --input-file %t.out
// RUN: not ls %t.mlir
// RUN: filecheck %s --input-file %t.err
// NOTHING-NOT: {{.}}

func.func @not_expected(%x: tensor<2x3xf32>) {
  %t = vit.transpose %x by [1, 1] : tensor<2x3xf32> -> tensor<3x2xf32>
  func.return
}
// CHECK: {{^.*}}differences.mlir:10:3: error: unexpected error: 'vit.transpose': 'permutation' is [1, 1], expected each of 0 to 1 once

// -----

func.func @on_another_line(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{expected each of 0 to 1 once}}
  %t = vit.transpose %x by [1, 1] : tensor<2x3xf32> -> tensor<3x2xf32>
  func.return
}
// CHECK-NEXT: differences.mlir:19:3: error: unexpected error: 'vit.transpose': 'permutation'
// CHECK-NEXT: differences.mlir:18:6: error: expected error "expected each of 0 to 1 once" was not produced

// -----

func.func @another_message(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{'permutation' is [0, 0]}}
  %t = vit.transpose %x by [1, 1] : tensor<2x3xf32> -> tensor<3x2xf32> loc("/Transpose")
  func.return
}
// CHECK-NEXT: differences.mlir: error: unexpected error: 'vit.transpose' at /Transpose: 'permutation'
// CHECK-NEXT: differences.mlir:28:6: error: expected error "'permutation' is [0, 0]" was not produced

// -----

// What is in the way of a person is an error here, never a warning.
func.func @other_kinds() {
  // expected-warning@+1 {{this}}
  // expected-note-re@below {{that {{.*}}}}
  // expected-remark@unknown {{these}}
  func.return
}
// CHECK-NEXT: differences.mlir:39:6: error: expected warning "this" was not produced
// CHECK-NEXT: differences.mlir:40:6: error: expected note "that {{[{][{].*[}][}]}}" was not produced
// CHECK-NEXT: differences.mlir:41:6: error: expected remark "these" was not produced
// CHECK-NOT: {{.}}

// A comment that cannot be read is a mistake, and not left out.
// RUN: sed -e 's|error@+2|error@2|' %s > %t.typo.mlir
// RUN: not vaqf-opt %t.typo.mlir --split-input-file --verify-diagnostics 2>&1 | filecheck %s --check-prefix TYPO
// TYPO: vaqf-opt: error: {{.*}}.typo.mlir:18:6: cannot be read, accepted is expected{{.}}error
