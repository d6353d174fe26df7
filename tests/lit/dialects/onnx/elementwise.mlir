// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @binary(%x: tensor<1x197x192xf32>, %bias: tensor<192xf32>, %scale: tensor<f32>) {
  %sum = onnx.Add %bias, %x : tensor<192xf32>, tensor<1x197x192xf32> -> tensor<1x197x192xf32>
  %difference = onnx.Sub %x, %scale : tensor<1x197x192xf32>, tensor<f32> -> tensor<1x197x192xf32>
  %product = onnx.Mul %x, %scale : tensor<1x197x192xf32>, tensor<f32> -> tensor<1x197x192xf32>
  %quotient = onnx.Div %x, %scale : tensor<1x197x192xf32>, tensor<f32> -> tensor<1x197x192xf32>
  %power = onnx.Pow %x, %scale : tensor<1x197x192xf32>, tensor<f32> -> tensor<1x197x192xf32>
  func.return
}
// CHECK:       func.func @binary(%x: tensor<1x197x192xf32>, %bias: tensor<192xf32>, %scale: tensor<f32>) {
// CHECK-NEXT:    %sum = onnx.Add %bias, %x : tensor<192xf32>, tensor<1x197x192xf32> -> tensor<1x197x192xf32>
// CHECK-NEXT:    %difference = onnx.Sub %x, %scale : tensor<1x197x192xf32>, tensor<f32> -> tensor<1x197x192xf32>
// CHECK-NEXT:    %product = onnx.Mul %x, %scale : tensor<1x197x192xf32>, tensor<f32> -> tensor<1x197x192xf32>
// CHECK-NEXT:    %quotient = onnx.Div %x, %scale : tensor<1x197x192xf32>, tensor<f32> -> tensor<1x197x192xf32>
// CHECK-NEXT:    %power = onnx.Pow %x, %scale : tensor<1x197x192xf32>, tensor<f32> -> tensor<1x197x192xf32>
// CHECK-NEXT:    func.return

func.func @unary(%x: tensor<1x197x192xf32>) {
  %root = onnx.Sqrt %x : tensor<1x197x192xf32> -> tensor<1x197x192xf32>
  %erf = onnx.Erf %x : tensor<1x197x192xf32> -> tensor<1x197x192xf32>
  %exact = onnx.Gelu %x approximate = "none" : tensor<1x197x192xf32> -> tensor<1x197x192xf32>
  %close = onnx.Gelu %x approximate = "tanh" : tensor<1x197x192xf32> -> tensor<1x197x192xf32>
  func.return
}
// CHECK:       func.func @unary(%x: tensor<1x197x192xf32>) {
// CHECK-NEXT:    %root = onnx.Sqrt %x : tensor<1x197x192xf32> -> tensor<1x197x192xf32>
// CHECK-NEXT:    %erf = onnx.Erf %x : tensor<1x197x192xf32> -> tensor<1x197x192xf32>
// CHECK-NEXT:    %exact = onnx.Gelu %x approximate = "none" : tensor<1x197x192xf32> -> tensor<1x197x192xf32>
// CHECK-NEXT:    %close = onnx.Gelu %x approximate = "tanh" : tensor<1x197x192xf32> -> tensor<1x197x192xf32>
// CHECK-NEXT:    func.return

func.func @where(%mask: tensor<1x1x7x7xi1>, %x: tensor<1x3x7x7xf32>, %lowest: tensor<f32>) {
  %y = onnx.Where %mask, %x, %lowest : tensor<1x1x7x7xi1>, tensor<1x3x7x7xf32>, tensor<f32> -> tensor<1x3x7x7xf32>
  func.return
}
// CHECK:       func.func @where(%mask: tensor<1x1x7x7xi1>, %x: tensor<1x3x7x7xf32>, %lowest: tensor<f32>) {
// CHECK-NEXT:    %y = onnx.Where %mask, %x, %lowest : tensor<1x1x7x7xi1>, tensor<1x3x7x7xf32>, tensor<f32> -> tensor<1x3x7x7xf32>
// CHECK-NEXT:    func.return
