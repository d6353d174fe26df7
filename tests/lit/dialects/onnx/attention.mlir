// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @with_heads(%q: tensor<1x3x197x64xf32>, %k: tensor<1x3x50x64xf32>, %v: tensor<1x3x50x32xf32>) {
  %y = onnx.Attention %q, %k, %v {scale = 0.125 : f32} : (tensor<1x3x197x64xf32>, tensor<1x3x50x64xf32>, tensor<1x3x50x32xf32>) -> tensor<1x3x197x32xf32>
  func.return
}
// CHECK:       func.func @with_heads
// CHECK-NEXT:    %y = onnx.Attention %q, %k, %v {scale = 1.250000e-01 : f32} : (tensor<1x3x197x64xf32>, tensor<1x3x50x64xf32>, tensor<1x3x50x32xf32>) -> tensor<1x3x197x32xf32>
// CHECK-NEXT:    func.return

func.func @with_channels(%x: tensor<1x197x192xf32>) {
  %y = onnx.Attention %x, %x, %x {q_num_heads = 3 : i64, kv_num_heads = 3 : i64} : (tensor<1x197x192xf32>, tensor<1x197x192xf32>, tensor<1x197x192xf32>) -> tensor<1x197x192xf32>
  func.return
}
// CHECK:       func.func @with_channels
// CHECK-NEXT:    %y = onnx.Attention %x, %x, %x {q_num_heads = 3 : i64, kv_num_heads = 3 : i64} : (tensor<1x197x192xf32>, tensor<1x197x192xf32>, tensor<1x197x192xf32>) -> tensor<1x197x192xf32>
// CHECK-NEXT:    func.return

func.func @masks(%x: tensor<1x3x197x64xf32>, %condition: tensor<197x197xi1>, %bias: tensor<1x3x1x197xf32>) {
  %y = onnx.Attention %x, %x, %x mask %condition : (tensor<1x3x197x64xf32>, tensor<1x3x197x64xf32>, tensor<1x3x197x64xf32>, tensor<197x197xi1>) -> tensor<1x3x197x64xf32>
  %z = onnx.Attention %x, %x, %x mask %bias : (tensor<1x3x197x64xf32>, tensor<1x3x197x64xf32>, tensor<1x3x197x64xf32>, tensor<1x3x1x197xf32>) -> tensor<1x3x197x64xf32>
  func.return
}
// CHECK:       func.func @masks
// CHECK-NEXT:    %y = onnx.Attention %x, %x, %x mask %condition : (tensor<1x3x197x64xf32>, tensor<1x3x197x64xf32>, tensor<1x3x197x64xf32>, tensor<197x197xi1>) -> tensor<1x3x197x64xf32>
// CHECK-NEXT:    %z = onnx.Attention %x, %x, %x mask %bias : (tensor<1x3x197x64xf32>, tensor<1x3x197x64xf32>, tensor<1x3x197x64xf32>, tensor<1x3x1x197xf32>) -> tensor<1x3x197x64xf32>
// CHECK-NEXT:    func.return
