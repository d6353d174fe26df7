// A pass that fails leaves a file behind that fails as it did.

// RUN: rm -f %t.failed.mlir
// RUN: not vaqf-opt %s -p 'cse,quantize-weights{bits=99},dce' --mlir-pass-pipeline-crash-reproducer=%t.failed.mlir 2>%t.first
// RUN: filecheck %s --check-prefix WROTE --input-file %t.first
// WROTE:      wrote {{.*}}.failed.mlir: vaqf-opt --run-reproducer
// WROTE-NEXT: vaqf-opt: error: quantize-weights: bits is 99

// The passes before it are done.
// RUN: filecheck %s --check-prefix FILE --input-file %t.failed.mlir
// FILE:     {{^}}// configuration: --passes=quantize-weights{bits=99}
// FILE:     vit.gelu {{.*}} loc(
// FILE-NOT: vit.gelu

// RUN: not vaqf-opt --run-reproducer %t.failed.mlir 2>&1 | filecheck %s --check-prefix AGAIN
// AGAIN: vaqf-opt: error: quantize-weights: bits is 99

// Nothing is written when nothing fails.
// RUN: rm -f %t.fine.mlir
// RUN: vaqf-opt %s -p cse --mlir-pass-pipeline-crash-reproducer=%t.fine.mlir
// RUN: not ls %t.fine.mlir

// What is written to a terminal or a pipe cannot be taken back: only what failed is.
// RUN: vaqf-opt %s -p cse --mlir-pass-pipeline-crash-reproducer=/dev/stderr 2>&1 >/dev/null | filecheck %s --check-prefix SPECIAL --allow-empty
// SPECIAL-NOT: configuration
// RUN: not vaqf-opt %s -p 'quantize-weights{bits=99}' --mlir-pass-pipeline-crash-reproducer=/dev/stderr 2>&1 >/dev/null | filecheck %s --check-prefix PIPE
// PIPE: {{^}}// configuration: --passes=quantize-weights{bits=99}

// RUN: not vaqf-opt --run-reproducer %s 2>&1 | filecheck %s --check-prefix NONE
// NONE: vaqf-opt: error: {{.*}}reproducer.mlir: is no reproducer: its first line is '// A pass that fails leaves {{.*}}', expected '// configuration: --passes=...'

// RUN: not vaqf-opt --run-reproducer %models/families/timm_patch8.legacy17.onnx 2>&1 | filecheck %s --check-prefix MODEL
// MODEL: vaqf-opt: error: {{.*}}timm_patch8.legacy17.onnx: is a model, no reproducer

func.func @forward(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = vit.gelu %x : tensor<2x3xf32> -> tensor<2x3xf32>
  %1 = vit.gelu %x : tensor<2x3xf32> -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}
