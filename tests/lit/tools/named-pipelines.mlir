// The passes of `vaqf compile` have a name for each level that they reach.

// RUN: vaqf compile %models/families/timm_patch8.legacy17.onnx --stop-after vit > %t.vit
// RUN: vaqf-opt %models/families/timm_patch8.legacy17.onnx --vaqf-vit | diff - %t.vit

// RUN: vaqf compile %models/families/timm_patch8.legacy17.onnx --stop-after quantized > %t.quantized.mlir
// RUN: vaqf-opt %models/families/timm_patch8.legacy17.onnx --vaqf-quantize --vaqf-vit | diff - %t.quantized.mlir

// RUN: vaqf compile %models/families/timm_patch8.legacy17.onnx --stop-after accel > %t.accel
// RUN: vaqf-opt %models/families/timm_patch8.legacy17.onnx --vaqf-vit --vaqf-quantize --vaqf-lower | diff - %t.accel

// Those of -p come behind.
// RUN: vaqf-opt %t.quantized.mlir --vaqf-lower -p 'estimate-performance' --dump-pass-pipeline 2>&1 >/dev/null | filecheck %s
// CHECK: lower-vit-to-accel,{{.*}},estimate-performance{memory-bits=512},estimate-performance

// RUN: vaqf-opt --list-passes | filecheck %s --check-prefix LIST
// LIST:      {{^}}quantize-weights
// LIST-NEXT: Bring the weight of every linear and patch embedding to integers and scales.
// LIST-NEXT: bits: int (default 8)
// LIST-NEXT: Width of the integers, 2 to 16, where no rule says it.
// LIST:      {{^}}tile-engines
// LIST:      binary-matmul: tuple[int, ...] (default 64,64,4)
// LIST:      passes of xDSL:
// LIST:      canonicalize
// LIST-NEXT:   Applies all canonicalization patterns.
