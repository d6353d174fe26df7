// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @initializer() -> tensor<768x192xf32> {
  %weight = onnx.initializer @"blocks.0/fc1:weight" : tensor<768x192xf32>
  func.return %weight : tensor<768x192xf32>
}
// CHECK:       func.func @initializer() -> tensor<768x192xf32> {
// CHECK-NEXT:    %weight = onnx.initializer @"blocks.0/fc1:weight" : tensor<768x192xf32>
// CHECK-NEXT:    func.return %weight : tensor<768x192xf32>

func.func @constant() {
  %scale = onnx.constant dense<0.353553385> : tensor<f32>
  %shape = onnx.constant dense<[1, 197, -1]> : tensor<3xi64>
  %mask = onnx.constant dense<true> : tensor<1x1x197x197xi1>
  func.return
}
// CHECK:       func.func @constant() {
// CHECK-NEXT:    %scale = onnx.constant dense<0.353553385> : tensor<f32>
// CHECK-NEXT:    %shape = onnx.constant dense<[1, 197, -1]> : tensor<3xi64>
// CHECK-NEXT:    %mask = onnx.constant dense<true> : tensor<1x1x197x197xi1>
// CHECK-NEXT:    func.return
