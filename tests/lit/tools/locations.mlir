// RUN: vaqf-opt %s --print-debuginfo | filecheck %s
// RUN: vaqf-opt %s --print-debuginfo | vaqf-opt --print-debuginfo | filecheck %s
func.func @forward(%x: tensor<2x3xf32>) {
  %0 = vit.gelu %x : tensor<2x3xf32> -> tensor<2x3xf32>
  %1 = vit.gelu %x : tensor<2x3xf32> -> tensor<2x3xf32> loc("/blocks.0/Gelu")
    %2 = vit.gelu %x : tensor<2x3xf32> -> tensor<2x3xf32> loc(unknown)
  func.return
}

// What has no location in the text gets its place in the text.

// CHECK:      func.func @forward
// CHECK-NEXT: vit.gelu {{.*}} loc("{{.*}}locations.mlir":4:3)
// CHECK-NEXT: vit.gelu {{.*}} loc("/blocks.0/Gelu")
// CHECK-NEXT: vit.gelu {{.*}} loc("{{.*}}locations.mlir":6:5)
// CHECK-NEXT: func.return loc("{{.*}}locations.mlir":7:3)
// CHECK-NEXT: } loc("{{.*}}locations.mlir":3:1)
