// RUN: vaqf-opt %s --split-input-file --parsing-diagnostics | filecheck %s
// RUN: not vaqf-opt %s 2>&1 | filecheck %s --check-prefix ERROR

func.func @forward(%x: tensor<2x3xf32>) {
  vit.florp %x
  func.return
}

// -----

func.func @forward(%x: tensor<2x3xf32>) {
  %t = vit.parameter @"not closed, and long enough to be slow to look at : tensor<3x2xf32>
  func.return
}

// -----

func.func @forward() {
  func.return %y : i32
}

// CHECK:      {{^.*}}parse-errors.mlir:5:13: Operation vit.florp is not registered
// CHECK-NEXT:   vit.florp %x
// CHECK-NEXT:             ^^
// CHECK-NEXT: {{//}} -----
// CHECK-NEXT: parse-errors.mlir:12:
// CHECK:      {{//}} -----
// CHECK-NEXT: parse-errors.mlir:{{.*}}: values used but not defined: [%y]

// ERROR:      vaqf-opt: error: {{.*}}parse-errors.mlir:5:13: Operation vit.florp is not registered
// ERROR-NEXT:   vit.florp %x
// ERROR-NEXT:             ^^
// ERROR-NOT:  {{.}}
