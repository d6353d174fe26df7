// The first pass of a pipeline that fails is told, and what it fails on is a reproducer.

// RUN: vaqf bisect %s -p 'cse,quantize-weights{bits=99},dce' -o %t.mlir 2>%t.progress | filecheck %s
// CHECK:      pass 2 of 3: quantize-weights{bits=99}
// CHECK-NEXT:   criterion   crashes
// CHECK-NEXT:   before      verifies
// CHECK-NEXT:   after       quantize-weights: bits is 99
// CHECK-NEXT:   reproducer  {{.*}}.mlir, 3 operations
// CHECK-NEXT:   again       vaqf-opt --run-reproducer {{.*}}.mlir
// RUN: filecheck %s --check-prefix PROGRESS --input-file %t.progress
// PROGRESS: ran 1 of 3 passes
// RUN: not vaqf-opt --run-reproducer %t.mlir 2>&1 | filecheck %s --check-prefix AGAIN
// AGAIN: vaqf-opt: error: quantize-weights: bits is 99

// A reproducer is bisected with its pass; without anything that the pass does not need.
// RUN: vaqf bisect %t.mlir -o %t.small.mlir --reduce | filecheck %s --check-prefix SMALL
// SMALL:      pass 1 of 1: quantize-weights{bits=99}
// SMALL:      reproducer  {{.*}}.small.mlir, 0 of 3 operations
// RUN: not vaqf-opt --run-reproducer %t.small.mlir 2>&1 | filecheck %s --check-prefix AGAIN

// What rounds weights is what changes the results.
// RUN: python -c "import numpy; numpy.savez('%t.npz', pixel_values=numpy.ones((1, 3, 32, 32), 'f'))"
// RUN: vaqf bisect %models/families/timm_patch8.legacy17.onnx --vaqf-vit -p binarize-weights,hoist-rounding --input %t.npz --tolerance 1e-3 | filecheck %s --check-prefix DIFFERS
// DIFFERS:      pass 10 of 11: binarize-weights
// DIFFERS-NEXT:   criterion   differs
// DIFFERS-NEXT:   before      max error {{.*}}e-{{.*}} in 'logits', sample 0
// DIFFERS-NEXT:   after       max error {{.*}} in 'logits', sample 0
// DIFFERS-NEXT:   pass alone  max error

// The exit code is 1 when nothing breaks.
// RUN: not vaqf bisect %s -p cse,dce | filecheck %s --check-prefix NOTHING
// NOTHING: nothing breaks in 2 passes

// RUN: not vaqf bisect %s -p cse --until differs 2>&1 | filecheck %s --check-prefix INPUT
// INPUT: vaqf: error: --until differs executes the IR: give arrays with --input
// RUN: not vaqf bisect %s -p cse --exact --tolerance 1 2>&1 | filecheck %s --check-prefix BOTH
// BOTH: vaqf: error: argument --tolerance: not allowed with argument --exact

func.func @forward(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = vit.gelu %x : tensor<2x3xf32> -> tensor<2x3xf32>
  %1 = vit.gelu %x : tensor<2x3xf32> -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}
