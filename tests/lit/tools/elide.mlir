// Large constants are left out of the text as MLIR does it. What needs them refuses such text.

// RUN: vaqf-opt %s --mlir-elide-elementsattrs-if-larger=2 > %t.mlir
// RUN: filecheck %s --input-file %t.mlir
// CHECK:      %axes = onnx.constant dense<[0, 1]> : tensor<2xi64>
// CHECK-NEXT: %zeros = onnx.constant dense<0.000000e+00> : tensor<3x3xf32>
// CHECK-NEXT: %x = onnx.constant dense_resource<__elided__> : tensor<3xf32>
// CHECK-NEXT: %y = onnx.constant dense_resource<__elided__> : tensor<3x1xf32>
// CHECK-NOT:  dialect_resources

// RUN: vaqf-opt %s --mlir-elide-elementsattrs-if-larger=1 | filecheck %s --check-prefix ONE
// ONE: %axes = onnx.constant dense_resource<__elided__> : tensor<2xi64>

// RUN: vaqf-opt %s --mlir-elide-elementsattrs-if-larger=3 | filecheck %s --check-prefix THREE
// THREE-NOT: elided

// In every other way to print.
// RUN: vaqf-opt %s --mlir-elide-elementsattrs-if-larger=2 --print-op-generic | filecheck %s --check-prefix GENERIC
// GENERIC: "onnx.constant"() <{value = dense_resource<__elided__> : tensor<3xf32>}> : () -> tensor<3xf32>

// RUN: vaqf-opt %s --mlir-elide-elementsattrs-if-larger=2 --syntax-highlight | filecheck %s --check-prefix COLOURS
// COLOURS: {{..}}%x{{.+}} = onnx.constant dense_resource<__elided__> : tensor<3xf32>

// RUN: vaqf-opt %s -p cse --mlir-elide-elementsattrs-if-larger=2 --mlir-print-ir-before-all 2>&1 >/dev/null | filecheck %s --check-prefix DUMP
// DUMP:     IR Dump Before cse
// DUMP:     %x = onnx.constant dense_resource<__elided__> : tensor<3xf32>
// DUMP-NOT: dense<[1.0

// Where a failure has to be seen again, nothing is left out.
// RUN: not vaqf-opt %s -p quantize-weights{bits=99} --mlir-elide-elementsattrs-if-larger=2 --mlir-pass-pipeline-crash-reproducer=%t.failed.mlir
// RUN: filecheck %s --check-prefix REPRODUCER --input-file %t.failed.mlir
// REPRODUCER-NOT: elided

// The text is read, and printed as it was: alone, in parts, and in the generic format.
// RUN: vaqf-opt %t.mlir | diff - %t.mlir
// RUN: vaqf-opt %t.mlir --print-op-generic | vaqf-opt | diff - %t.mlir
// RUN: sed -e '1s|^|// -----\n|' %t.mlir > %t.part.mlir
// RUN: cat %t.mlir %t.part.mlir > %t.twice.mlir
// RUN: vaqf-opt %t.twice.mlir --split-input-file | diff - %t.twice.mlir

// Nothing computes with it, or looks at it.
// RUN: not vaqf-opt %t.mlir -p fold-onnx-constants 2>&1 | filecheck %s --check-prefix REFUSED
// RUN: not vaqf-opt %t.mlir -p canonicalize-onnx-arithmetic 2>&1 | filecheck %s --check-prefix REFUSED
// RUN: not vaqf-opt %t.mlir -p raise-onnx-to-vit 2>&1 | filecheck %s --check-prefix REFUSED
// RUN: not vaqf-opt %t.mlir --vaqf-vit 2>&1 | filecheck %s --check-prefix REFUSED
// RUN: not vaqf run %t.mlir --input %models/../../examples/mnist/digits.npz 2>&1 | filecheck %s --check-prefix REFUSED
// REFUSED:     {{^}}vaqf{{(-opt)?}}: error: {{(.*: )?}}'onnx.constant' at {{.*}}.mlir:{{[56]}}:5: the elements are needed, but elided: print the IR again without --mlir-elide-elementsattrs-if-larger
// REFUSED-NOT: {{.}}

// RUN: not vaqf-opt %s --mlir-elide-elementsattrs-if-larger=few 2>&1 | filecheck %s --check-prefix FEW
// FEW: vaqf-opt: error: argument --mlir-elide-elementsattrs-if-larger: 'few' is no number of elements

func.func @forward() -> tensor<3x3xf32> {
  %axes = onnx.constant dense<[0, 1]> : tensor<2xi64>
  %zeros = onnx.constant dense<0.0> : tensor<3x3xf32>
  %x = onnx.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %y = onnx.constant dense<[[1.0], [2.0], [3.0]]> : tensor<3x1xf32>
  %sum = onnx.Add %x, %y : tensor<3xf32>, tensor<3x1xf32> -> tensor<3x3xf32>
  func.return %sum : tensor<3x3xf32>
}
