// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @softmax(%scores: tensor<1x3x197x197xf32>) {
  %y = onnx.Softmax %scores axis = -1 : tensor<1x3x197x197xf32> -> tensor<1x3x197x197xf32>
  func.return
}
// CHECK:       func.func @softmax(%scores: tensor<1x3x197x197xf32>) {
// CHECK-NEXT:    %y = onnx.Softmax %scores axis = -1 : tensor<1x3x197x197xf32> -> tensor<1x3x197x197xf32>
// CHECK-NEXT:    func.return

func.func @layer_normalization(%x: tensor<1x197x192xf32>, %scale: tensor<192xf32>, %bias: tensor<192xf32>) {
  %y = onnx.LayerNormalization %x, %scale, %bias axis = -1 epsilon = 9.99999974e-06 : tensor<1x197x192xf32>, tensor<192xf32>, tensor<192xf32> -> tensor<1x197x192xf32>
  %z = onnx.LayerNormalization %x, %scale axis = 2 epsilon = 0.0 : tensor<1x197x192xf32>, tensor<192xf32> -> tensor<1x197x192xf32>
  func.return
}
// CHECK:       func.func @layer_normalization(%x: tensor<1x197x192xf32>, %scale: tensor<192xf32>, %bias: tensor<192xf32>) {
// CHECK-NEXT:    %y = onnx.LayerNormalization %x, %scale, %bias axis = -1 epsilon = 1.000000e-05 : tensor<1x197x192xf32>, tensor<192xf32>, tensor<192xf32> -> tensor<1x197x192xf32>
// CHECK-NEXT:    %z = onnx.LayerNormalization %x, %scale axis = 2 epsilon = 0.000000e+00 : tensor<1x197x192xf32>, tensor<192xf32> -> tensor<1x197x192xf32>
// CHECK-NEXT:    func.return

func.func @reduce_mean(%x: tensor<1x197x192xf32>) {
  %axes = onnx.constant dense<[-1, 0]> : tensor<2xi64>
  %kept = onnx.ReduceMean %x, %axes keepdims = 1 : tensor<1x197x192xf32>, tensor<2xi64> -> tensor<1x197x1xf32>
  %dropped = onnx.ReduceMean %x, %axes keepdims = 0 : tensor<1x197x192xf32>, tensor<2xi64> -> tensor<197xf32>
  func.return
}
// CHECK:       func.func @reduce_mean(%x: tensor<1x197x192xf32>) {
// CHECK-NEXT:    %axes = onnx.constant dense<[-1, 0]> : tensor<2xi64>
// CHECK-NEXT:    %kept = onnx.ReduceMean %x, %axes keepdims = 1 : tensor<1x197x192xf32>, tensor<2xi64> -> tensor<1x197x1xf32>
// CHECK-NEXT:    %dropped = onnx.ReduceMean %x, %axes keepdims = 0 : tensor<1x197x192xf32>, tensor<2xi64> -> tensor<197xf32>
// CHECK-NEXT:    func.return
