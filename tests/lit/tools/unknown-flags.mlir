// RUN: not vaqf-opt %s --mlir-print-ir-afterall 2>&1 | filecheck %s --check-prefix FLAG
// RUN: not vaqf-opt %s --verify-each=maybe 2>&1 | filecheck %s --check-prefix VALUE
// RUN: vaqf-opt %s --verify-each | filecheck %s
// RUN: vaqf-opt --verify-each=0 - < %s | filecheck %s
// RUN: vaqf-opt - -o - < %s | filecheck %s
// FLAG: vaqf-opt: error: unrecognized arguments: --mlir-print-ir-afterall, did you mean '--mlir-print-ir-after-all'?
// FLAG-NOT: {{.}}
// VALUE: vaqf-opt: error: argument --verify-each: 'maybe' is neither true nor false (see vaqf-opt --help)

// CHECK: func.func @forward
func.func @forward() {
  func.return
}
