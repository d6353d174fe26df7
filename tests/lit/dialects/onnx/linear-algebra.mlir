// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @matmul(%x: tensor<1x197x192xf32>, %weight: tensor<192x768xf32>) {
  %y = onnx.MatMul %x, %weight : tensor<1x197x192xf32>, tensor<192x768xf32> -> tensor<1x197x768xf32>
  func.return
}
// CHECK:       func.func @matmul(%x: tensor<1x197x192xf32>, %weight: tensor<192x768xf32>) {
// CHECK-NEXT:    %y = onnx.MatMul %x, %weight : tensor<1x197x192xf32>, tensor<192x768xf32> -> tensor<1x197x768xf32>
// CHECK-NEXT:    func.return

func.func @gemm(%x: tensor<1x192xf32>, %weight: tensor<1000x192xf32>, %bias: tensor<1000xf32>) {
  %y = onnx.Gemm %x, %weight, %bias {transB = 1 : i64} : tensor<1x192xf32>, tensor<1000x192xf32>, tensor<1000xf32> -> tensor<1x1000xf32>
  %z = onnx.Gemm %x, %y {alpha = 0.5 : f32, transA = 1 : i64} : tensor<1x192xf32>, tensor<1x1000xf32> -> tensor<192x1000xf32>
  func.return
}
// CHECK:       func.func @gemm(%x: tensor<1x192xf32>, %weight: tensor<1000x192xf32>, %bias: tensor<1000xf32>) {
// CHECK-NEXT:    %y = onnx.Gemm %x, %weight, %bias {transB = 1 : i64} : tensor<1x192xf32>, tensor<1000x192xf32>, tensor<1000xf32> -> tensor<1x1000xf32>
// CHECK-NEXT:    %z = onnx.Gemm %x, %y {alpha = 5.000000e-01 : f32, transA = 1 : i64} : tensor<1x192xf32>, tensor<1x1000xf32> -> tensor<192x1000xf32>
// CHECK-NEXT:    func.return

func.func @conv(%image: tensor<1x3x224x224xf32>, %weight: tensor<192x3x16x16xf32>, %bias: tensor<192xf32>) {
  %y = onnx.Conv %image, %weight, %bias kernel_shape = [16, 16] strides = [16, 16] pads = [0, 0, 0, 0] dilations = [1, 1] group = 1 : tensor<1x3x224x224xf32>, tensor<192x3x16x16xf32>, tensor<192xf32> -> tensor<1x192x14x14xf32>
  func.return
}
// CHECK:       func.func @conv(%image: tensor<1x3x224x224xf32>, %weight: tensor<192x3x16x16xf32>, %bias: tensor<192xf32>) {
// CHECK-NEXT:    %y = onnx.Conv %image, %weight, %bias kernel_shape = [16, 16] strides = [16, 16] pads = [0, 0, 0, 0] dilations = [1, 1] group = 1 : tensor<1x3x224x224xf32>, tensor<192x3x16x16xf32>, tensor<192xf32> -> tensor<1x192x14x14xf32>
// CHECK-NEXT:    func.return

func.func @grouped_conv(%x: tensor<1x4x9xf32>, %weight: tensor<6x2x3xf32>) {
  %y = onnx.Conv %x, %weight kernel_shape = [3] strides = [2] pads = [1, 2] dilations = [2] group = 2 : tensor<1x4x9xf32>, tensor<6x2x3xf32> -> tensor<1x6x4xf32>
  func.return
}
// CHECK:       func.func @grouped_conv(%x: tensor<1x4x9xf32>, %weight: tensor<6x2x3xf32>) {
// CHECK-NEXT:    %y = onnx.Conv %x, %weight kernel_shape = [3] strides = [2] pads = [1, 2] dilations = [2] group = 2 : tensor<1x4x9xf32>, tensor<6x2x3xf32> -> tensor<1x6x4xf32>
// CHECK-NEXT:    func.return
