// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @reshape(%x: tensor<1x192x14x14xf32>) {
  %shape = onnx.constant dense<[0, 192, -1]> : tensor<3xi64>
  %y = onnx.Reshape %x, %shape : tensor<1x192x14x14xf32>, tensor<3xi64> -> tensor<1x192x196xf32>
  func.return
}
// CHECK:       func.func @reshape(%x: tensor<1x192x14x14xf32>) {
// CHECK-NEXT:    %shape = onnx.constant dense<[0, 192, -1]> : tensor<3xi64>
// CHECK-NEXT:    %y = onnx.Reshape %x, %shape : tensor<1x192x14x14xf32>, tensor<3xi64> -> tensor<1x192x196xf32>
// CHECK-NEXT:    func.return

func.func @transpose(%x: tensor<1x192x196xf32>) {
  %y = onnx.Transpose %x perm = [0, 2, 1] : tensor<1x192x196xf32> -> tensor<1x196x192xf32>
  func.return
}
// CHECK:       func.func @transpose(%x: tensor<1x192x196xf32>) {
// CHECK-NEXT:    %y = onnx.Transpose %x perm = [0, 2, 1] : tensor<1x192x196xf32> -> tensor<1x196x192xf32>
// CHECK-NEXT:    func.return

func.func @squeeze(%x: tensor<1x3x1x7xf32>) {
  %axes = onnx.constant dense<[-2, 0]> : tensor<2xi64>
  %y = onnx.Squeeze %x, %axes : tensor<1x3x1x7xf32>, tensor<2xi64> -> tensor<3x7xf32>
  %z = onnx.Unsqueeze %y, %axes : tensor<3x7xf32>, tensor<2xi64> -> tensor<1x3x1x7xf32>
  func.return
}
// CHECK:       func.func @squeeze(%x: tensor<1x3x1x7xf32>) {
// CHECK-NEXT:    %axes = onnx.constant dense<[-2, 0]> : tensor<2xi64>
// CHECK-NEXT:    %y = onnx.Squeeze %x, %axes : tensor<1x3x1x7xf32>, tensor<2xi64> -> tensor<3x7xf32>
// CHECK-NEXT:    %z = onnx.Unsqueeze %y, %axes : tensor<3x7xf32>, tensor<2xi64> -> tensor<1x3x1x7xf32>
// CHECK-NEXT:    func.return

func.func @expand(%x: tensor<1x192xf32>) {
  %shape = onnx.constant dense<[1, 197, 1]> : tensor<3xi64>
  %y = onnx.Expand %x, %shape : tensor<1x192xf32>, tensor<3xi64> -> tensor<1x197x192xf32>
  func.return
}
// CHECK:       func.func @expand(%x: tensor<1x192xf32>) {
// CHECK-NEXT:    %shape = onnx.constant dense<[1, 197, 1]> : tensor<3xi64>
// CHECK-NEXT:    %y = onnx.Expand %x, %shape : tensor<1x192xf32>, tensor<3xi64> -> tensor<1x197x192xf32>
// CHECK-NEXT:    func.return

func.func @computed(%x: tensor<1x4x6xf32>, %shape: tensor<2xi64>, %axes: tensor<1xi64>) {
  %reshaped = onnx.Reshape %x, %shape : tensor<1x4x6xf32>, tensor<2xi64> -> tensor<3x8xf32>
  %squeezed = onnx.Squeeze %x, %axes : tensor<1x4x6xf32>, tensor<1xi64> -> tensor<4x6xf32>
  %unsqueezed = onnx.Unsqueeze %x, %axes : tensor<1x4x6xf32>, tensor<1xi64> -> tensor<1x1x4x6xf32>
  %expanded = onnx.Expand %x, %shape : tensor<1x4x6xf32>, tensor<2xi64> -> tensor<5x4x6xf32>
  %tiled = onnx.Tile %squeezed, %shape : tensor<4x6xf32>, tensor<2xi64> -> tensor<8x12xf32>
  %flat = onnx.Flatten %x axis = -1 : tensor<1x4x6xf32> -> tensor<4x6xf32>
  func.return
}
// CHECK:       func.func @computed(%x: tensor<1x4x6xf32>, %shape: tensor<2xi64>, %axes: tensor<1xi64>) {
// CHECK-NEXT:    %reshaped = onnx.Reshape %x, %shape : tensor<1x4x6xf32>, tensor<2xi64> -> tensor<3x8xf32>
// CHECK-NEXT:    %squeezed = onnx.Squeeze %x, %axes : tensor<1x4x6xf32>, tensor<1xi64> -> tensor<4x6xf32>
// CHECK-NEXT:    %unsqueezed = onnx.Unsqueeze %x, %axes : tensor<1x4x6xf32>, tensor<1xi64> -> tensor<1x1x4x6xf32>
// CHECK-NEXT:    %expanded = onnx.Expand %x, %shape : tensor<1x4x6xf32>, tensor<2xi64> -> tensor<5x4x6xf32>
// CHECK-NEXT:    %tiled = onnx.Tile %squeezed, %shape : tensor<4x6xf32>, tensor<2xi64> -> tensor<8x12xf32>
// CHECK-NEXT:    %flat = onnx.Flatten %x axis = -1 : tensor<1x4x6xf32> -> tensor<4x6xf32>
