// The IR of each level is what vaqf-opt gives with the passes that vaqf compile prints.

// RUN: vaqf compile %models/families/timm_patch8.legacy17.onnx --stop-after vit > %t.vit 2> %t.told
// RUN: filecheck %s --input-file %t.told
// CHECK:      {{^}}vaqf-opt {{.*}}timm_patch8.legacy17.onnx -p fold-onnx-constants,{{.*}},raise-onnx-to-vit,{{.*}},select-token-early
// CHECK-NEXT: s  onnx
// CHECK-NEXT: s  vit
// RUN: vaqf-opt %models/families/timm_patch8.legacy17.onnx -p %to_vit | diff - %t.vit

// RUN: vaqf compile %models/families/timm_patch8.legacy17.onnx --stop-after quantized --weight-bits 16 --activation-bits 6 -o %t.quantized 2> %t.told
// RUN: sed -n -e 's|^vaqf-opt|vaqf-opt -o %t.again|p' %t.told > %t.sh
// RUN: sh %t.sh
// RUN: diff %t.again %t.quantized
// RUN: filecheck %s --input-file %t.quantized --check-prefix QUANTIZED
// QUANTIZED: !quant.int<6,
// QUANTIZED-NOT: !quant.binary
