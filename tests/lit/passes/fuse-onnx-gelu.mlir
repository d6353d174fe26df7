// RUN: vaqf-opt %s -p fuse-onnx-gelu | filecheck %s
// RUN: vaqf-opt %s -p fuse-onnx-gelu --print-debuginfo | filecheck %s --check-prefix LOCATION

// As torch's legacy exporter writes it: (x * (1 + erf)) * 0.5.
func.func @half_last(%x: tensor<1x5x8xf32>) -> tensor<1x5x8xf32> {
  %root = onnx.constant dense<0.707106769> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %half = onnx.constant dense<0.5> : tensor<f32>
  %argument = onnx.Mul %x, %root : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  %curve = onnx.Erf %argument : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %sum = onnx.Add %curve, %one : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  %twice = onnx.Mul %x, %sum : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32> loc("/act/Mul")
  %y = onnx.Mul %twice, %half : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32> loc("/act/Mul_1")
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @half_last(
// CHECK-NEXT:    %twice = onnx.Gelu %x approximate = "none" : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %twice : tensor<1x5x8xf32>
// LOCATION:      onnx.Gelu {{.*}} loc("/act/Mul")

// As torch's dynamo exporter writes it: x * (0.5 * (1 + erf)); the root has six digits.
func.func @half_first(%x: tensor<1x5x8xf32>) -> tensor<1x5x8xf32> {
  %root = onnx.constant dense<0.707107> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<1xf32>
  %half = onnx.constant dense<0.5> : tensor<f32>
  %argument = onnx.Mul %x, %root : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  %curve = onnx.Erf %argument : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %sum = onnx.Add %curve, %one : tensor<1x5x8xf32>, tensor<1xf32> -> tensor<1x5x8xf32>
  %probability = onnx.Mul %sum, %half : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  %y = onnx.Mul %probability, %x : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @half_first(
// CHECK-NEXT:    %y = onnx.Gelu %x approximate = "none" : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %y : tensor<1x5x8xf32>

// x * (0.5 * erf + 0.5).
func.func @factored_in(%x: tensor<1x5x8xf32>) -> tensor<1x5x8xf32> {
  %root = onnx.constant dense<0.707106769> : tensor<f32>
  %half = onnx.constant dense<0.5> : tensor<f32>
  %argument = onnx.Mul %x, %root : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  %curve = onnx.Erf %argument : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %scaled = onnx.Mul %curve, %half : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  %sum = onnx.Add %scaled, %half : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  %y = onnx.Mul %x, %sum : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @factored_in(
// CHECK-NEXT:    %y = onnx.Gelu %x approximate = "none" : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %y : tensor<1x5x8xf32>

// The GELU of 2 x, times 3: what canonicalize-onnx-arithmetic leaves has the factor in the argument.
func.func @scaled(%x: tensor<1x5x8xf32>) -> tensor<1x5x8xf32> {
  %root = onnx.constant dense<1.41421354> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %three = onnx.constant dense<3.0> : tensor<f32>
  %argument = onnx.Mul %x, %root : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  %curve = onnx.Erf %argument : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %sum = onnx.Add %curve, %one : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  %product = onnx.Mul %x, %sum : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %y = onnx.Mul %product, %three : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @scaled(
// CHECK-NEXT:    %three = onnx.constant dense<3.000000e+00> : tensor<f32>
// CHECK-NEXT:    %product_factor = onnx.constant dense<2.000000e+00> : tensor<f32>
// CHECK-NEXT:    %product = onnx.Mul %x, %product_factor : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %product_1 = onnx.Gelu %product approximate = "none" : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %y = onnx.Mul %product_1, %three : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %y : tensor<1x5x8xf32>

func.func @by_tanh(%x: tensor<1x5x8xf32>) -> tensor<1x5x8xf32> {
  %root = onnx.constant dense<0.797884583> : tensor<f32>
  %cubic = onnx.constant dense<0.044715> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %half = onnx.constant dense<0.5> : tensor<f32>
  %square = onnx.Mul %x, %x : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %cube = onnx.Mul %x, %square : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %correction = onnx.Mul %cube, %cubic : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  %inner = onnx.Add %correction, %x : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %argument = onnx.Mul %inner, %root : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  %curve = onnx.Tanh %argument : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %sum = onnx.Add %curve, %one : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  %product = onnx.Mul %x, %sum : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %y = onnx.Mul %product, %half : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @by_tanh(
// CHECK-NEXT:    %product = onnx.Gelu %x approximate = "tanh" : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %product : tensor<1x5x8xf32>

// Of something else than what is multiplied, with another offset, with another power.
func.func @left_alone(%x: tensor<1x5x8xf32>, %z: tensor<1x5x8xf32>) -> (tensor<1x5x8xf32>, tensor<1x5x8xf32>, tensor<1x5x8xf32>) {
  %root = onnx.constant dense<0.797884583> : tensor<f32>
  %cubic = onnx.constant dense<0.044715> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %curve = onnx.Erf %x : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %sum = onnx.Add %curve, %one : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  %gated = onnx.Mul %z, %sum : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %offset = onnx.Add %curve, %two : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  %other = onnx.Mul %x, %offset : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %square = onnx.Mul %x, %x : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %correction = onnx.Mul %square, %cubic : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  %inner = onnx.Add %x, %correction : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %argument = onnx.Mul %inner, %root : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  %tanh = onnx.Tanh %argument : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %more = onnx.Add %tanh, %one : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
  %y = onnx.Mul %x, %more : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  func.return %gated, %other, %y : tensor<1x5x8xf32>, tensor<1x5x8xf32>, tensor<1x5x8xf32>
}
// CHECK:       func.func @left_alone(
// CHECK-NEXT:    %root = onnx.constant dense<0.797884583> : tensor<f32>
// CHECK-NEXT:    %cubic = onnx.constant dense<4.471500e-02> : tensor<f32>
// CHECK-NEXT:    %one = onnx.constant dense<1.000000e+00> : tensor<f32>
// CHECK-NEXT:    %two = onnx.constant dense<2.000000e+00> : tensor<f32>
// CHECK-NEXT:    %curve = onnx.Erf %x : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %sum = onnx.Add %curve, %one : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %gated = onnx.Mul %z, %sum : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %offset = onnx.Add %curve, %two : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %other = onnx.Mul %x, %offset : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %square = onnx.Mul %x, %x : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %correction = onnx.Mul %square, %cubic : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %inner = onnx.Add %x, %correction : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %argument = onnx.Mul %inner, %root : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %tanh = onnx.Tanh %argument : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %more = onnx.Add %tanh, %one : tensor<1x5x8xf32>, tensor<f32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %y = onnx.Mul %x, %more : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %gated, %other, %y : tensor<1x5x8xf32>, tensor<1x5x8xf32>, tensor<1x5x8xf32>

// One less the error function of the negative, after canonicalize-onnx-arithmetic.
func.func @negative_twice(%x: tensor<5x8xf32>) -> tensor<5x8xf32> {
  %minus_root = onnx.constant dense<-0.707106769> : tensor<f32>
  %minus_one = onnx.constant dense<-1.0> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %half = onnx.constant dense<0.5> : tensor<f32>
  %scaled = onnx.Mul %x, %minus_root : tensor<5x8xf32>, tensor<f32> -> tensor<5x8xf32>
  %curve = onnx.Erf %scaled : tensor<5x8xf32> -> tensor<5x8xf32>
  %turned = onnx.Mul %curve, %minus_one : tensor<5x8xf32>, tensor<f32> -> tensor<5x8xf32>
  %sum = onnx.Add %turned, %one : tensor<5x8xf32>, tensor<f32> -> tensor<5x8xf32>
  %product = onnx.Mul %x, %sum : tensor<5x8xf32>, tensor<5x8xf32> -> tensor<5x8xf32>
  %y = onnx.Mul %product, %half : tensor<5x8xf32>, tensor<f32> -> tensor<5x8xf32>
  func.return %y : tensor<5x8xf32>
}
// CHECK:       func.func @negative_twice(
// CHECK-NEXT:    %product = onnx.Gelu %x approximate = "none" : tensor<5x8xf32> -> tensor<5x8xf32>
// CHECK-NEXT:    func.return %product
