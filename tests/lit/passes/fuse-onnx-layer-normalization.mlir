// RUN: vaqf-opt %s -p fuse-onnx-layer-normalization | filecheck %s
// RUN: vaqf-opt %s -p fuse-onnx-layer-normalization --print-debuginfo | filecheck %s --check-prefix LOCATION

// As torch's legacy exporter writes it at opset 14, after canonicalize-onnx-arithmetic.
func.func @layer_norm(%x: tensor<1x5x8xf32>) -> tensor<1x5x8xf32> {
  %gamma = onnx.initializer @"norm.weight" : tensor<8xf32>
  %beta = onnx.initializer @"norm.bias" : tensor<8xf32>
  %axes = onnx.constant dense<-1> : tensor<1xi64>
  %epsilon = onnx.constant dense<1.0e-06> : tensor<f32>
  %mean = onnx.ReduceMean %x, %axes keepdims = 1 : tensor<1x5x8xf32>, tensor<1xi64> -> tensor<1x5x1xf32>
  %centred = onnx.Sub %x, %mean : tensor<1x5x8xf32>, tensor<1x5x1xf32> -> tensor<1x5x8xf32>
  %square = onnx.Mul %centred, %centred : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %variance = onnx.ReduceMean %square, %axes keepdims = 1 : tensor<1x5x8xf32>, tensor<1xi64> -> tensor<1x5x1xf32>
  %sum = onnx.Add %variance, %epsilon : tensor<1x5x1xf32>, tensor<f32> -> tensor<1x5x1xf32>
  %deviation = onnx.Sqrt %sum : tensor<1x5x1xf32> -> tensor<1x5x1xf32>
  %normalised = onnx.Div %centred, %deviation : tensor<1x5x8xf32>, tensor<1x5x1xf32> -> tensor<1x5x8xf32>
  %scaled = onnx.Mul %normalised, %gamma : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32> loc("/norm/Mul")
  %y = onnx.Add %scaled, %beta : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32> loc("/norm/Add_1")
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @layer_norm(
// CHECK-NEXT:    %gamma = onnx.initializer @norm.weight : tensor<8xf32>
// CHECK-NEXT:    %beta = onnx.initializer @norm.bias : tensor<8xf32>
// CHECK-NEXT:    %y = onnx.LayerNormalization %x, %gamma, %beta axis = -1 epsilon = 1.000000e-06 : tensor<1x5x8xf32>, tensor<8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %y : tensor<1x5x8xf32>
// LOCATION:      onnx.LayerNormalization {{.*}} loc("/norm/Add_1")

// The mean is subtracted twice, the dimension counted from the front, the weight has three
// dimensions, and there is no bias.
func.func @other_forms(%x: tensor<1x5x8xf32>) -> tensor<1x5x8xf32> {
  %gamma = onnx.initializer @gamma : tensor<1x1x8xf32>
  %axes = onnx.constant dense<2> : tensor<1xi64>
  %epsilon = onnx.constant dense<1.0e-12> : tensor<1xf32>
  %mean = onnx.ReduceMean %x, %axes keepdims = 1 : tensor<1x5x8xf32>, tensor<1xi64> -> tensor<1x5x1xf32>
  %first = onnx.Sub %x, %mean : tensor<1x5x8xf32>, tensor<1x5x1xf32> -> tensor<1x5x8xf32>
  %second = onnx.Sub %x, %mean : tensor<1x5x8xf32>, tensor<1x5x1xf32> -> tensor<1x5x8xf32>
  %square = onnx.Mul %first, %second : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %variance = onnx.ReduceMean %square, %axes keepdims = 1 : tensor<1x5x8xf32>, tensor<1xi64> -> tensor<1x5x1xf32>
  %sum = onnx.Add %variance, %epsilon : tensor<1x5x1xf32>, tensor<1xf32> -> tensor<1x5x1xf32>
  %deviation = onnx.Sqrt %sum : tensor<1x5x1xf32> -> tensor<1x5x1xf32>
  %normalised = onnx.Div %second, %deviation : tensor<1x5x8xf32>, tensor<1x5x1xf32> -> tensor<1x5x8xf32>
  %y = onnx.Mul %normalised, %gamma : tensor<1x5x8xf32>, tensor<1x1x8xf32> -> tensor<1x5x8xf32>
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @other_forms(
// CHECK-NEXT:    %gamma = onnx.initializer @gamma : tensor<1x1x8xf32>
// CHECK-NEXT:    %gamma_shape = onnx.constant dense<8> : tensor<1xi64>
// CHECK-NEXT:    %gamma_vector = onnx.Reshape %gamma, %gamma_shape : tensor<1x1x8xf32>, tensor<1xi64> -> tensor<8xf32>
// CHECK-NEXT:    %y = onnx.LayerNormalization %x, %gamma_vector axis = -1 epsilon = 1.000000e-12 : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %y : tensor<1x5x8xf32>

// A bias of its own completes a layer normalisation; a LayerScale, or a position embedding, is none.
func.func @after_layer_norm(%x: tensor<1x5x8xf32>) -> (tensor<1x5x8xf32>, tensor<1x5x8xf32>, tensor<1x5x8xf32>, tensor<1x5x8xf32>) {
  %gamma = onnx.initializer @gamma : tensor<8xf32>
  %beta = onnx.initializer @beta : tensor<8xf32>
  %position = onnx.initializer @position : tensor<1x5x8xf32>
  %a = onnx.LayerNormalization %x, %gamma axis = -1 epsilon = 1.0e-06 : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
  %b = onnx.Add %a, %beta : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
  %c = onnx.LayerNormalization %b, %gamma axis = -1 epsilon = 1.0e-06 : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
  %d = onnx.Add %c, %position : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %e = onnx.LayerNormalization %b, %gamma, %beta axis = -1 epsilon = 1.0e-06 : tensor<1x5x8xf32>, tensor<8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
  %f = onnx.Mul %e, %gamma : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
  %g = onnx.Add %e, %beta : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
  func.return %b, %d, %f, %g : tensor<1x5x8xf32>, tensor<1x5x8xf32>, tensor<1x5x8xf32>, tensor<1x5x8xf32>
}
// CHECK:       func.func @after_layer_norm(
// CHECK-NEXT:    %gamma = onnx.initializer @gamma : tensor<8xf32>
// CHECK-NEXT:    %beta = onnx.initializer @beta : tensor<8xf32>
// CHECK-NEXT:    %position = onnx.initializer @position : tensor<1x5x8xf32>
// CHECK-NEXT:    %b = onnx.LayerNormalization %x, %gamma, %beta axis = -1 epsilon = 1.000000e-06 : tensor<1x5x8xf32>, tensor<8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %c = onnx.LayerNormalization %b, %gamma axis = -1 epsilon = 1.000000e-06 : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %d = onnx.Add %c, %position : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %e = onnx.LayerNormalization %b, %gamma, %beta axis = -1 epsilon = 1.000000e-06 : tensor<1x5x8xf32>, tensor<8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %f = onnx.Mul %e, %gamma : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %g = onnx.Add %e, %beta : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %b, %d, %f, %g : tensor<1x5x8xf32>, tensor<1x5x8xf32>, tensor<1x5x8xf32>, tensor<1x5x8xf32>

// Another dimension, the mean of something else, and a factor that is no weight: it stays outside.
func.func @left_alone(%x: tensor<1x5x5xf32>, %z: tensor<1x5x5xf32>) -> (tensor<1x5x5xf32>, tensor<1x5x5xf32>, tensor<1x5x5xf32>) {
  %gamma = onnx.initializer @gamma : tensor<5xf32>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %other = onnx.constant dense<1> : tensor<1xi64>
  %epsilon = onnx.constant dense<1.0e-06> : tensor<f32>
  %mean = onnx.ReduceMean %x, %other keepdims = 1 : tensor<1x5x5xf32>, tensor<1xi64> -> tensor<1x1x5xf32>
  %centred = onnx.Sub %x, %mean : tensor<1x5x5xf32>, tensor<1x1x5xf32> -> tensor<1x5x5xf32>
  %square = onnx.Mul %centred, %centred : tensor<1x5x5xf32>, tensor<1x5x5xf32> -> tensor<1x5x5xf32>
  %variance = onnx.ReduceMean %square, %other keepdims = 1 : tensor<1x5x5xf32>, tensor<1xi64> -> tensor<1x1x5xf32>
  %sum = onnx.Add %variance, %epsilon : tensor<1x1x5xf32>, tensor<f32> -> tensor<1x1x5xf32>
  %deviation = onnx.Sqrt %sum : tensor<1x1x5xf32> -> tensor<1x1x5xf32>
  %normalised = onnx.Div %centred, %deviation : tensor<1x5x5xf32>, tensor<1x1x5xf32> -> tensor<1x5x5xf32>
  %a = onnx.Mul %normalised, %gamma : tensor<1x5x5xf32>, tensor<5xf32> -> tensor<1x5x5xf32>
  %mean2 = onnx.ReduceMean %x, %last keepdims = 1 : tensor<1x5x5xf32>, tensor<1xi64> -> tensor<1x5x1xf32>
  %centred2 = onnx.Sub %x, %mean2 : tensor<1x5x5xf32>, tensor<1x5x1xf32> -> tensor<1x5x5xf32>
  %centred3 = onnx.Sub %z, %mean2 : tensor<1x5x5xf32>, tensor<1x5x1xf32> -> tensor<1x5x5xf32>
  %square2 = onnx.Mul %centred2, %centred2 : tensor<1x5x5xf32>, tensor<1x5x5xf32> -> tensor<1x5x5xf32>
  %variance2 = onnx.ReduceMean %square2, %last keepdims = 1 : tensor<1x5x5xf32>, tensor<1xi64> -> tensor<1x5x1xf32>
  %sum2 = onnx.Add %variance2, %epsilon : tensor<1x5x1xf32>, tensor<f32> -> tensor<1x5x1xf32>
  %deviation2 = onnx.Sqrt %sum2 : tensor<1x5x1xf32> -> tensor<1x5x1xf32>
  %normalised2 = onnx.Div %centred3, %deviation2 : tensor<1x5x5xf32>, tensor<1x5x1xf32> -> tensor<1x5x5xf32>
  %b = onnx.Mul %normalised2, %gamma : tensor<1x5x5xf32>, tensor<5xf32> -> tensor<1x5x5xf32>
  %normalised3 = onnx.Div %centred2, %deviation2 : tensor<1x5x5xf32>, tensor<1x5x1xf32> -> tensor<1x5x5xf32>
  %c = onnx.Mul %normalised3, %z : tensor<1x5x5xf32>, tensor<1x5x5xf32> -> tensor<1x5x5xf32>
  func.return %a, %b, %c : tensor<1x5x5xf32>, tensor<1x5x5xf32>, tensor<1x5x5xf32>
}
// CHECK:       func.func @left_alone(
// CHECK-NEXT:    %gamma = onnx.initializer @gamma : tensor<5xf32>
// CHECK-NEXT:    %last = onnx.constant dense<-1> : tensor<1xi64>
// CHECK-NEXT:    %other = onnx.constant dense<1> : tensor<1xi64>
// CHECK-NEXT:    %epsilon = onnx.constant dense<1.000000e-06> : tensor<f32>
// CHECK-NEXT:    %mean = onnx.ReduceMean %x, %other keepdims = 1 : tensor<1x5x5xf32>, tensor<1xi64> -> tensor<1x1x5xf32>
// CHECK-NEXT:    %centred = onnx.Sub %x, %mean : tensor<1x5x5xf32>, tensor<1x1x5xf32> -> tensor<1x5x5xf32>
// CHECK-NEXT:    %square = onnx.Mul %centred, %centred : tensor<1x5x5xf32>, tensor<1x5x5xf32> -> tensor<1x5x5xf32>
// CHECK-NEXT:    %variance = onnx.ReduceMean %square, %other keepdims = 1 : tensor<1x5x5xf32>, tensor<1xi64> -> tensor<1x1x5xf32>
// CHECK-NEXT:    %sum = onnx.Add %variance, %epsilon : tensor<1x1x5xf32>, tensor<f32> -> tensor<1x1x5xf32>
// CHECK-NEXT:    %deviation = onnx.Sqrt %sum : tensor<1x1x5xf32> -> tensor<1x1x5xf32>
// CHECK-NEXT:    %normalised = onnx.Div %centred, %deviation : tensor<1x5x5xf32>, tensor<1x1x5xf32> -> tensor<1x5x5xf32>
// CHECK-NEXT:    %a = onnx.Mul %normalised, %gamma : tensor<1x5x5xf32>, tensor<5xf32> -> tensor<1x5x5xf32>
// CHECK-NEXT:    %mean2 = onnx.ReduceMean %x, %last keepdims = 1 : tensor<1x5x5xf32>, tensor<1xi64> -> tensor<1x5x1xf32>
// CHECK-NEXT:    %centred2 = onnx.Sub %x, %mean2 : tensor<1x5x5xf32>, tensor<1x5x1xf32> -> tensor<1x5x5xf32>
// CHECK-NEXT:    %centred3 = onnx.Sub %z, %mean2 : tensor<1x5x5xf32>, tensor<1x5x1xf32> -> tensor<1x5x5xf32>
// CHECK-NEXT:    %square2 = onnx.Mul %centred2, %centred2 : tensor<1x5x5xf32>, tensor<1x5x5xf32> -> tensor<1x5x5xf32>
// CHECK-NEXT:    %variance2 = onnx.ReduceMean %square2, %last keepdims = 1 : tensor<1x5x5xf32>, tensor<1xi64> -> tensor<1x5x1xf32>
// CHECK-NEXT:    %sum2 = onnx.Add %variance2, %epsilon : tensor<1x5x1xf32>, tensor<f32> -> tensor<1x5x1xf32>
// CHECK-NEXT:    %deviation2 = onnx.Sqrt %sum2 : tensor<1x5x1xf32> -> tensor<1x5x1xf32>
// CHECK-NEXT:    %normalised2 = onnx.Div %centred3, %deviation2 : tensor<1x5x5xf32>, tensor<1x5x1xf32> -> tensor<1x5x5xf32>
// CHECK-NEXT:    %b = onnx.Mul %normalised2, %gamma : tensor<1x5x5xf32>, tensor<5xf32> -> tensor<1x5x5xf32>
// CHECK-NEXT:    %normalised3_ones = onnx.constant dense<1.000000e+00> : tensor<5xf32>
// CHECK-NEXT:    %normalised3 = onnx.LayerNormalization %x, %normalised3_ones axis = -1 epsilon = 1.000000e-06 : tensor<1x5x5xf32>, tensor<5xf32> -> tensor<1x5x5xf32>
// CHECK-NEXT:    %c = onnx.Mul %normalised3, %z : tensor<1x5x5xf32>, tensor<1x5x5xf32> -> tensor<1x5x5xf32>
// CHECK-NEXT:    func.return %a, %b, %c : tensor<1x5x5xf32>, tensor<1x5x5xf32>, tensor<1x5x5xf32>

// No weight: optimisers delete a multiplication by ones. A bias alone is taken all the same.
func.func @without_weight(%x: tensor<1x5x8xf32>) -> (tensor<1x5x8xf32>, tensor<1x5x8xf32>) {
  %beta = onnx.initializer @beta : tensor<8xf32>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %epsilon = onnx.constant dense<1.0e-06> : tensor<f32>
  %mean = onnx.ReduceMean %x, %last keepdims = 1 : tensor<1x5x8xf32>, tensor<1xi64> -> tensor<1x5x1xf32>
  %centred = onnx.Sub %x, %mean : tensor<1x5x8xf32>, tensor<1x5x1xf32> -> tensor<1x5x8xf32>
  %square = onnx.Mul %centred, %centred : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %variance = onnx.ReduceMean %square, %last keepdims = 1 : tensor<1x5x8xf32>, tensor<1xi64> -> tensor<1x5x1xf32>
  %sum = onnx.Add %variance, %epsilon : tensor<1x5x1xf32>, tensor<f32> -> tensor<1x5x1xf32>
  %deviation = onnx.Sqrt %sum : tensor<1x5x1xf32> -> tensor<1x5x1xf32>
  %a = onnx.Div %centred, %deviation : tensor<1x5x8xf32>, tensor<1x5x1xf32> -> tensor<1x5x8xf32>
  %normalised = onnx.Div %centred, %deviation : tensor<1x5x8xf32>, tensor<1x5x1xf32> -> tensor<1x5x8xf32>
  %b = onnx.Add %normalised, %beta : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
  func.return %a, %b : tensor<1x5x8xf32>, tensor<1x5x8xf32>
}
// CHECK:       func.func @without_weight(
// CHECK-NEXT:    %beta = onnx.initializer @beta : tensor<8xf32>
// CHECK-NEXT:    %a_ones = onnx.constant dense<1.000000e+00> : tensor<8xf32>
// CHECK-NEXT:    %a = onnx.LayerNormalization %x, %a_ones axis = -1 epsilon = 1.000000e-06 : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    %normalised_ones = onnx.constant dense<1.000000e+00> : tensor<8xf32>
// CHECK-NEXT:    %b = onnx.LayerNormalization %x, %normalised_ones, %beta axis = -1 epsilon = 1.000000e-06 : tensor<1x5x8xf32>, tensor<8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %a, %b : tensor<1x5x8xf32>, tensor<1x5x8xf32>
