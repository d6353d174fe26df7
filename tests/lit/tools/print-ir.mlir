// What `vaqf-opt` shows of passes goes to the standard error; the standard output has the result and nothing else.

// RUN: vaqf-opt %s -p cse,dce,cse --mlir-print-ir-after-all 2>%t | filecheck %s
// CHECK:      {{^}}builtin.module {
// CHECK-NEXT:   func.func
// CHECK-NEXT:     vit.gelu
// CHECK-NEXT:     func.return
// CHECK-NEXT:   }
// CHECK-NEXT: }
// CHECK-NOT:  {{.}}

// RUN: filecheck %s --check-prefix AFTER-ALL --input-file %t
// AFTER-ALL:      // -----// IR Dump After cse //----- //
// AFTER-ALL-NEXT: builtin.module {
// AFTER-ALL:      // -----// IR Dump After dce //----- //
// AFTER-ALL-NEXT: builtin.module {
// AFTER-ALL:      // -----// IR Dump After cse //----- //

// RUN: vaqf-opt %s -p cse,dce --mlir-print-ir-before-all 2>&1 >/dev/null | filecheck %s --check-prefix BEFORE-ALL
// BEFORE-ALL:         // -----// IR Dump Before cse //----- //
// BEFORE-ALL-COUNT-2: vit.gelu
// BEFORE-ALL:         // -----// IR Dump Before dce //----- //
// BEFORE-ALL:         vit.gelu
// BEFORE-ALL-NOT:     vit.gelu

// RUN: vaqf-opt %s -p cse,dce --mlir-print-ir-before=dce 2>&1 >/dev/null | filecheck %s --check-prefix BEFORE
// BEFORE-NOT: cse
// BEFORE:     // -----// IR Dump Before dce //----- //

// RUN: vaqf-opt %s -p 'cse,quantize-weights{bits=4}' --mlir-print-ir-after=quantize-weights 2>&1 >/dev/null | filecheck %s --check-prefix AFTER
// AFTER-NOT: cse
// AFTER:     // -----// IR Dump After quantize-weights{bits=4} //----- //

// Only the first pass changes something.
// RUN: vaqf-opt %s -p cse,dce,cse --mlir-print-ir-after-change 2>&1 >/dev/null | filecheck %s --check-prefix CHANGE
// RUN: vaqf-opt %s -p cse,dce,cse --mlir-print-ir-after-all --mlir-print-ir-after-change 2>&1 >/dev/null | filecheck %s --check-prefix CHANGE
// CHANGE:     // -----// IR Dump After cse //----- //
// CHANGE-NOT: IR Dump

// RUN: not vaqf-opt %s -p 'cse,quantize-weights{bits=99}' --mlir-print-ir-after-failure 2>&1 >/dev/null | filecheck %s --check-prefix FAILURE
// FAILURE-NOT: After cse
// FAILURE:     // -----// IR Dump After quantize-weights{bits=99} Failed //----- //
// FAILURE:     vaqf-opt: error: quantize-weights: bits is 99

// RUN: rm -rf %t.tree
// RUN: vaqf-opt %s -p cse,dce --mlir-print-ir-after-all --mlir-print-ir-before=dce --mlir-print-ir-tree-dir=%t.tree 2>&1 >/dev/null | filecheck %s --check-prefix NOTHING --allow-empty
// NOTHING-NOT: {{.}}
// RUN: ls %t.tree | filecheck %s --check-prefix TREE
// TREE:      00-after-cse.mlir
// TREE-NEXT: 01-before-dce.mlir
// TREE-NEXT: 02-after-dce.mlir
// RUN: vaqf-opt %t.tree/00-after-cse.mlir | filecheck %s
// RUN: not vaqf-opt %s -p cse --mlir-print-ir-tree-dir=%t.tree 2>&1 | filecheck %s --check-prefix NO-DUMPS
// NO-DUMPS: vaqf-opt: error: --mlir-print-ir-tree-dir has nothing to write: give --mlir-print-ir-after-all, or another flag that prints IR
// RUN: not vaqf-opt %s -p cse --mlir-print-ir-after=cse --mlir-print-ir-tree-dir=%s 2>&1 | filecheck %s --check-prefix NO-FOLDER
// NO-FOLDER: vaqf-opt: error: --mlir-print-ir-tree-dir is {{.*}}print-ir.mlir, which is no folder

// RUN: vaqf-opt %s -p 'cse,quantize-weights{bits=4}' --dump-pass-pipeline 2>&1 >/dev/null | filecheck %s --check-prefix PIPELINE
// PIPELINE:      Pass Manager with 2 passes:
// PIPELINE-NEXT: {{^}}cse,quantize-weights{bits=4}

// RUN: vaqf-opt %s -p cse,dce --mlir-timing 2>&1 >/dev/null | filecheck %s --check-prefix TIMING
// TIMING:     Pass execution timing report
// TIMING:     seconds      %  pass
// TIMING-DAG: {{[0-9.]+ +[0-9.]+}}  cse
// TIMING-DAG: {{[0-9.]+ +[0-9.]+}}  dce
// TIMING:     100.0  all

// RUN: vaqf-opt %s -p cse,dce --mlir-pass-statistics 2>&1 >/dev/null | filecheck %s --check-prefix STATISTICS
// STATISTICS:      Pass statistics report
// STATISTICS-NEXT: {{^}}cse
// STATISTICS-NEXT: 1 vit.gelu removed
// STATISTICS-NEXT: {{^}}dce
// STATISTICS-NEXT: nothing

// Passes of VAQF say in their own words what they did, before all that came and went.
// RUN: vaqf-opt %models/families/timm_deit3.legacy17.onnx --vaqf-vit -p binarize-weights --mlir-pass-statistics 2>&1 >/dev/null | filecheck %s --check-prefix WORDS
// WORDS:      {{^}}fuse-onnx-gelu
// WORDS-NEXT: {{^}}     2 GELUs recognized
// WORDS:      {{^}}select-token-early
// WORDS-NEXT: {{^}}     1 LayerNorms of fewer tokens
// WORDS-NEXT: {{^}}     1   vit.layer_norm retyped
// WORDS:      {{^}}binarize-weights
// WORDS-NEXT: {{^}}    12 layers binarized
// WORDS:          12   quant.binarize added

// RUN: vaqf-opt %s --mlir-print-debuginfo | filecheck %s --check-prefix LOCATION
// LOCATION: vit.gelu {{.*}} loc("{{.*}}print-ir.mlir":

// RUN: not vaqf-opt %s -p cse,dce --mlir-print-ir-after=dec 2>&1 | filecheck %s --check-prefix MISSPELT
// MISSPELT: vaqf-opt: error: --mlir-print-ir-after names 'dec', which does not run, did you mean 'dce'?

// RUN: not vaqf-opt %s -p cse,dce --mlir-print-ir-before=florp 2>&1 | filecheck %s --check-prefix UNKNOWN
// UNKNOWN: vaqf-opt: error: --mlir-print-ir-before names 'florp', which does not run, passes are cse, dce

// RUN: not vaqf-opt %s --verify-each=maybe 2>&1 | filecheck %s --check-prefix TRUTH
// TRUTH: vaqf-opt: error: argument --verify-each: 'maybe' is neither true nor false

func.func @forward(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = vit.gelu %x : tensor<2x3xf32> -> tensor<2x3xf32>
  %1 = vit.gelu %x : tensor<2x3xf32> -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}
