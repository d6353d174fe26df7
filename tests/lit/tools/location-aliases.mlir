// MLIR writes the locations that several operations share behind the module.

// RUN: vaqf-opt %s --mlir-print-debuginfo | filecheck %s

#loc = loc("early")
module {
  func.func @forward(%x: tensor<2x3xf32> loc(#loc)) {
    %0 = vit.gelu %x : tensor<2x3xf32> -> tensor<2x3xf32> loc(#loc2)
    %1 = vit.gelu %x : tensor<2x3xf32> -> tensor<2x3xf32>
    func.return loc(#loc1)
  } loc(#loc)
} loc(#loc)
#loc1 = loc("late")
#loc2 = loc(fused["/blocks.0/Gelu", #loc1])

// CHECK:      func.func @forward(%x: tensor<2x3xf32> loc("early")) {
// CHECK-NEXT: vit.gelu {{.*}} loc(fused["/blocks.0/Gelu", "late"])
// CHECK-NEXT: vit.gelu {{.*}} loc("{{.*}}location-aliases.mlir":9:5)
// CHECK-NEXT: func.return loc("late")
// CHECK-NEXT: } loc("early")
// CHECK-NOT:  #loc

// RUN: sed 's/#loc2 =/#loc1 =/' %s > %t.twice.mlir
// RUN: not vaqf-opt %t.twice.mlir 2>&1 | filecheck %s --check-prefix TWICE
// TWICE: error: {{.*}}twice.mlir:14:{{.*}}re-declaration of alias '#loc1'

// RUN: sed '/^#loc2/d' %s > %t.missing.mlir
// RUN: not vaqf-opt %t.missing.mlir 2>&1 | filecheck %s --check-prefix MISSING
// MISSING: error: {{.*}}missing.mlir:8:{{.*}}undefined symbol alias '#loc2'
