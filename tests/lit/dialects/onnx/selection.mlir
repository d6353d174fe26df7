// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @concat(%class: tensor<1x1x192xf32>, %patches: tensor<1x196x192xf32>) {
  %y = onnx.Concat %class, %patches axis = 1 : tensor<1x1x192xf32>, tensor<1x196x192xf32> -> tensor<1x197x192xf32>
  func.return
}
// CHECK:       func.func @concat(%class: tensor<1x1x192xf32>, %patches: tensor<1x196x192xf32>) {
// CHECK-NEXT:    %y = onnx.Concat %class, %patches axis = 1 : tensor<1x1x192xf32>, tensor<1x196x192xf32> -> tensor<1x197x192xf32>
// CHECK-NEXT:    func.return

func.func @slice(%x: tensor<3x197x64xf32>) {
  %starts = onnx.constant dense<[-1, 2]> : tensor<2xi64>
  %ends = onnx.constant dense<[-9223372036854775807, 9223372036854775807]> : tensor<2xi64>
  %axes = onnx.constant dense<[0, -1]> : tensor<2xi64>
  %steps = onnx.constant dense<[-2, 3]> : tensor<2xi64>
  %y = onnx.Slice %x, %starts, %ends, %axes, %steps : tensor<3x197x64xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64> -> tensor<2x197x21xf32>
  func.return
}
// CHECK:       func.func @slice(%x: tensor<3x197x64xf32>) {
// CHECK-NEXT:    %starts = onnx.constant dense<[-1, 2]> : tensor<2xi64>
// CHECK-NEXT:    %ends = onnx.constant dense<[-9223372036854775807, 9223372036854775807]> : tensor<2xi64>
// CHECK-NEXT:    %axes = onnx.constant dense<[0, -1]> : tensor<2xi64>
// CHECK-NEXT:    %steps = onnx.constant dense<[-2, 3]> : tensor<2xi64>
// CHECK-NEXT:    %y = onnx.Slice %x, %starts, %ends, %axes, %steps : tensor<3x197x64xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64> -> tensor<2x197x21xf32>
// CHECK-NEXT:    func.return

func.func @split(%x: tensor<3x197x64xf32>) {
  %sizes = onnx.constant dense<[1, 2]> : tensor<2xi64>
  %first, %rest = onnx.Split %x, %sizes axis = 0 : tensor<3x197x64xf32>, tensor<2xi64> -> tensor<1x197x64xf32>, tensor<2x197x64xf32>
  func.return
}
// CHECK:       func.func @split(%x: tensor<3x197x64xf32>) {
// CHECK-NEXT:    %sizes = onnx.constant dense<[1, 2]> : tensor<2xi64>
// CHECK-NEXT:    %first, %rest = onnx.Split %x, %sizes axis = 0 : tensor<3x197x64xf32>, tensor<2xi64> -> tensor<1x197x64xf32>, tensor<2x197x64xf32>
// CHECK-NEXT:    func.return

func.func @gather(%x: tensor<1x197x192xf32>) {
  %index = onnx.constant dense<0> : tensor<i64>
  %indices = onnx.constant dense<[[0, 1], [-1, -2]]> : tensor<2x2xi64>
  %class = onnx.Gather %x, %index axis = 1 : tensor<1x197x192xf32>, tensor<i64> -> tensor<1x192xf32>
  %some = onnx.Gather %x, %indices axis = -2 : tensor<1x197x192xf32>, tensor<2x2xi64> -> tensor<1x2x2x192xf32>
  func.return
}
// CHECK:       func.func @gather(%x: tensor<1x197x192xf32>) {
// CHECK-NEXT:    %index = onnx.constant dense<0> : tensor<i64>
// CHECK-NEXT:    %indices = onnx.constant dense<[[0, 1], [-1, -2]]> : tensor<2x2xi64>
// CHECK-NEXT:    %class = onnx.Gather %x, %index axis = 1 : tensor<1x197x192xf32>, tensor<i64> -> tensor<1x192xf32>
// CHECK-NEXT:    %some = onnx.Gather %x, %indices axis = -2 : tensor<1x197x192xf32>, tensor<2x2xi64> -> tensor<1x2x2x192xf32>
// CHECK-NEXT:    func.return

func.func @computed(%x: tensor<4x6xf32>, %n: tensor<1xi64>, %sizes: tensor<2xi64>, %k: tensor<i64>) {
  %slice = onnx.Slice %x, %n, %n, %n, %n : tensor<4x6xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<4x2xf32>
  %a, %b = onnx.Split %x, %sizes axis = 1 : tensor<4x6xf32>, tensor<2xi64> -> tensor<4x2xf32>, tensor<4x4xf32>
  %row = onnx.Gather %x, %k axis = 0 : tensor<4x6xf32>, tensor<i64> -> tensor<6xf32>
  %lower = onnx.Trilu %x upper = 0 : tensor<4x6xf32> -> tensor<4x6xf32>
  %upper = onnx.Trilu %x, %k upper = 1 : tensor<4x6xf32>, tensor<i64> -> tensor<4x6xf32>
  func.return
}
// CHECK:       func.func @computed(%x: tensor<4x6xf32>, %n: tensor<1xi64>, %sizes: tensor<2xi64>, %k: tensor<i64>) {
// CHECK-NEXT:    %slice = onnx.Slice %x, %n, %n, %n, %n : tensor<4x6xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<4x2xf32>
// CHECK-NEXT:    %a, %b = onnx.Split %x, %sizes axis = 1 : tensor<4x6xf32>, tensor<2xi64> -> tensor<4x2xf32>, tensor<4x4xf32>
// CHECK-NEXT:    %row = onnx.Gather %x, %k axis = 0 : tensor<4x6xf32>, tensor<i64> -> tensor<6xf32>
// CHECK-NEXT:    %lower = onnx.Trilu %x upper = 0 : tensor<4x6xf32> -> tensor<4x6xf32>
// CHECK-NEXT:    %upper = onnx.Trilu %x, %k upper = 1 : tensor<4x6xf32>, tensor<i64> -> tensor<4x6xf32>
