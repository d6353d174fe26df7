// Our dialects for `mlir-opt --irdl-file`.

// RUN: vaqf-opt --export-irdl | filecheck %s
// RUN: vaqf-opt --export-irdl -o %t
// RUN: vaqf-opt --export-irdl | diff - %t

// CHECK:      irdl.dialect @onnx {
// CHECK:        irdl.operation @microsoft_skip_layer_normalization {
// CHECK:          irdl.operands(input: %0, skip: %1, gamma: %2, beta: optional %3, bias: optional %4)
// CHECK:      irdl.dialect @vit {
// CHECK:        irdl.operation @concatenate {
// CHECK-NEXT:     %0 = irdl.base "!builtin.tensor"
// CHECK-NEXT:     %1 = irdl.base "!builtin.tuple"
// CHECK-NEXT:     %2 = irdl.any_of(%0, %1)
// CHECK-NEXT:     %3 = irdl.base "!builtin.tensor"
// CHECK-NEXT:     irdl.operands(inputs: variadic %2)
// CHECK-NEXT:     irdl.results(result: %3)
// CHECK-NEXT:   }
// CHECK:      irdl.dialect @quant {
// CHECK-NEXT:   irdl.type @int {
// CHECK-NEXT:     %0 = irdl.base "#builtin.integer"
// CHECK-NEXT:     %1 = irdl.base "#builtin.float"
// CHECK-NEXT:     irdl.parameters(bits: %0, scale: %1)
// CHECK-NEXT:   }
// CHECK:        irdl.type @binary {}
// CHECK:        irdl.operation @gelu_table {
// CHECK-NEXT:     %0 = irdl.base "!builtin.tensor"
// CHECK-NEXT:     %1 = irdl.base @quant::@int
// CHECK-NEXT:     %2 = irdl.base @quant::@int
// CHECK-NEXT:     irdl.results(table: %0)
// CHECK-NEXT:     irdl.attributes {"input" = %1, "output" = %2}
// CHECK-NEXT:   }
// CHECK:      irdl.dialect @accel {
// CHECK:        irdl.operation @slot {
// CHECK:          %1 = irdl.is index
