// RUN: vaqf-opt %s --print-debuginfo | filecheck %s
// RUN: vaqf-opt %s --print-debuginfo | vaqf-opt --print-debuginfo | filecheck %s
func.func @forward(%x: tensor<2x3xf32>) {
  %0 = vit.gelu %x : tensor<2x3xf32> -> tensor<2x3xf32>
  %1 = vit.gelu %x : tensor<2x3xf32> -> tensor<2x3xf32> loc("/blocks.0/Gelu")
  %2 = vit.gelu %x : tensor<2x3xf32> -> tensor<2x3xf32> loc(unknown)
    "test.op"() ({
      "test.termop"() : () -> ()
    }) : () -> ()
  func.return
}

// What has no location in the text gets its place in the text.

// CHECK:      func.func @forward
// CHECK-NEXT: vit.gelu {{.*}} loc("{{.*}}locations.mlir":4:3)
// CHECK-NEXT: vit.gelu {{.*}} loc("/blocks.0/Gelu")
// CHECK-NEXT: vit.gelu {{.*}} loc(unknown)
// CHECK-NEXT: "test.op"
// CHECK-NEXT: "test.termop"() : () -> () loc("{{.*}}locations.mlir":8:7)
// CHECK-NEXT: }) : () -> () loc("{{.*}}locations.mlir":7:5)
// CHECK-NEXT: func.return loc("{{.*}}locations.mlir":10:3)
// CHECK-NEXT: } loc("{{.*}}locations.mlir":3:1)
