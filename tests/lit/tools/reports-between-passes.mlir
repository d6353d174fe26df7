// RUN: vaqf-opt %s -p cse,dce --print-between-passes --time-passes 2>%t | filecheck %s
// RUN: filecheck %s --check-prefix REPORT --input-file %t

func.func @forward(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = vit.gelu %x : tensor<2x3xf32> -> tensor<2x3xf32>
  %1 = vit.gelu %x : tensor<2x3xf32> -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// The standard output has the result and nothing else.

// CHECK:      {{^}}builtin.module {
// CHECK-NEXT:   func.func
// CHECK-NEXT:     vit.gelu
// CHECK-NEXT:     func.return
// CHECK-NEXT:   }
// CHECK-NEXT: }
// CHECK-NOT:  {{.}}

// REPORT:      s  cse
// REPORT-NEXT: // IR after cse:
// REPORT-NEXT: builtin.module {
// REPORT:      s  dce
// REPORT-NEXT: // IR after dce:
// REPORT-NEXT: builtin.module {
