// RUN: vaqf-opt %s -p raise-onnx-to-vit | filecheck %s
// RUN: vaqf-opt %s -p raise-onnx-to-vit --print-debuginfo | filecheck %s --check-prefix LOCATION

// The batch is dropped inside. Weights stay where they are, and are turned over for vit.linear.
func.func @linear(%x: tensor<1x5x4xf32>) -> tensor<1x5x8xf32> {
  %weight = onnx.initializer @"onnx::MatMul_7" : tensor<4x8xf32>
  %bias = onnx.initializer @fc.bias : tensor<8xf32>
  %product = onnx.MatMul %x, %weight : tensor<1x5x4xf32>, tensor<4x8xf32> -> tensor<1x5x8xf32> loc("/fc/MatMul")
  %y = onnx.Add %product, %bias : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32> loc("/fc/Add")
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @linear(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %fc_weight_stored = vit.parameter @"onnx::MatMul_7" :
// CHECK-NEXT:    %fc_weight = vit.transpose %fc_weight_stored by [1, 0] : tensor<4x8xf32> -> tensor<8x4xf32>
// CHECK-NEXT:    %fc_bias = vit.parameter @fc.bias :
// CHECK-NEXT:    %fc = vit.linear %tokens, %fc_weight, %fc_bias :
// CHECK-NEXT:    %fc_1 = vit.reshape %fc : tensor<5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %fc_1

func.func @no_bias(%x: tensor<1x5x4xf32>) -> tensor<1x5x8xf32> {
  %weight = onnx.initializer @weight : tensor<4x8xf32>
  %y = onnx.MatMul %x, %weight : tensor<1x5x4xf32>, tensor<4x8xf32> -> tensor<1x5x8xf32>
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @no_bias(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %weight_stored = vit.parameter @weight :
// CHECK-NEXT:    %weight = vit.transpose %weight_stored by [1, 0] : tensor<4x8xf32> -> tensor<8x4xf32>
// CHECK-NEXT:    %y = vit.linear %tokens, %weight :
// CHECK-NEXT:    %y_1 = vit.reshape %y : tensor<5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %y_1

// A weight that is stored as output x input channels needs no transposition, however often the graph
// turned it over.
func.func @general_product(%x: tensor<5x4xf32>) -> tensor<5x8xf32> {
  %weight = onnx.initializer @weight : tensor<8x4xf32>
  %bias = onnx.initializer @bias : tensor<8xf32>
  %y = onnx.Gemm %x, %weight, %bias {transB = 1 : i64} : tensor<5x4xf32>, tensor<8x4xf32>, tensor<8xf32> -> tensor<5x8xf32>
  func.return %y : tensor<5x8xf32>
}
// CHECK:       func.func @general_product(
// CHECK-NEXT:    %weight = vit.parameter @weight :
// CHECK-NEXT:    %bias = vit.parameter @bias :
// CHECK-NEXT:    %y = vit.linear %x, %weight, %bias :
// CHECK-NEXT:    func.return %y

func.func @turned_over(%x: tensor<5x4xf32>) -> tensor<5x8xf32> {
  %stored = onnx.initializer @weight : tensor<8x4xf32>
  %weight = onnx.Transpose %stored perm = [1, 0] : tensor<8x4xf32> -> tensor<4x8xf32>
  %y = onnx.Gemm %x, %weight : tensor<5x4xf32>, tensor<4x8xf32> -> tensor<5x8xf32>
  func.return %y : tensor<5x8xf32>
}
// CHECK:       func.func @turned_over(
// CHECK-NEXT:    %weight = vit.parameter @weight :
// CHECK-NEXT:    %y = vit.linear %x, %weight :
// CHECK-NEXT:    func.return %y

func.func @batch_of_weights(%x: tensor<1x5x4xf32>) -> tensor<1x5x8xf32> {
  %weight = onnx.initializer @weight : tensor<1x4x8xf32>
  %y = onnx.MatMul %x, %weight : tensor<1x5x4xf32>, tensor<1x4x8xf32> -> tensor<1x5x8xf32>
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @batch_of_weights(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %weight_stored = vit.parameter @weight :
// CHECK-NEXT:    %weight = vit.reshape %weight_stored : tensor<1x4x8xf32> -> tensor<4x8xf32>
// CHECK-NEXT:    %weight_1 = vit.transpose %weight by [1, 0] : tensor<4x8xf32> -> tensor<8x4xf32>
// CHECK-NEXT:    %y = vit.linear %tokens, %weight_1 :
// CHECK-NEXT:    %y_1 = vit.reshape %y : tensor<5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %y_1

// Optimisers write a linear layer as a product of matrices between two reshapes.
func.func @between_reshapes(%x: tensor<1x5x4xf32>) -> tensor<1x5x8xf32> {
  %flat = onnx.constant dense<[5, 4]> : tensor<2xi64>
  %deep = onnx.constant dense<[1, 5, 8]> : tensor<3xi64>
  %weight = onnx.initializer @weight : tensor<4x8xf32>
  %bias = onnx.initializer @bias : tensor<8xf32>
  %matrix = onnx.Reshape %x, %flat : tensor<1x5x4xf32>, tensor<2xi64> -> tensor<5x4xf32>
  %product = onnx.Gemm %matrix, %weight, %bias : tensor<5x4xf32>, tensor<4x8xf32>, tensor<8xf32> -> tensor<5x8xf32>
  %y = onnx.Reshape %product, %deep : tensor<5x8xf32>, tensor<3xi64> -> tensor<1x5x8xf32>
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @between_reshapes(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %weight_stored = vit.parameter @weight :
// CHECK-NEXT:    %weight = vit.transpose %weight_stored by [1, 0] : tensor<4x8xf32> -> tensor<8x4xf32>
// CHECK-NEXT:    %bias = vit.parameter @bias :
// CHECK-NEXT:    %product = vit.linear %tokens, %weight, %bias :
// CHECK-NEXT:    %product_1 = vit.reshape %product : tensor<5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %product_1

// Channels stand before tokens where an optimiser moved a transposition in front of the bias.
func.func @bias_of_rows(%x: tensor<1x5x4xf32>) -> tensor<1x5x8xf32> {
  %weight = onnx.initializer @weight : tensor<4x8xf32>
  %bias = onnx.initializer @bias : tensor<8x1xf32>
  %product = onnx.MatMul %x, %weight : tensor<1x5x4xf32>, tensor<4x8xf32> -> tensor<1x5x8xf32>
  %turned = onnx.Transpose %product perm = [0, 2, 1] : tensor<1x5x8xf32> -> tensor<1x8x5xf32>
  %sum = onnx.Add %turned, %bias : tensor<1x8x5xf32>, tensor<8x1xf32> -> tensor<1x8x5xf32>
  %y = onnx.Transpose %sum perm = [0, 2, 1] : tensor<1x8x5xf32> -> tensor<1x5x8xf32>
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @bias_of_rows(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %weight_stored = vit.parameter @weight :
// CHECK-NEXT:    %weight = vit.transpose %weight_stored by [1, 0] : tensor<4x8xf32> -> tensor<8x4xf32>
// CHECK-NEXT:    %bias_stored = vit.parameter @bias :
// CHECK-NEXT:    %bias = vit.reshape %bias_stored : tensor<8x1xf32> -> tensor<8xf32>
// CHECK-NEXT:    %product = vit.linear %tokens, %weight, %bias :
// CHECK-NEXT:    %product_1 = vit.reshape %product : tensor<5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %product_1

// Optimisers join layers of the same input, and leave their biases apart.
func.func @bias_of_some_channels(%x: tensor<5x4xf32>) -> (tensor<5x6xf32>, tensor<5x2xf32>) {
  %sizes = onnx.constant dense<[6, 2]> : tensor<2xi64>
  %weight = onnx.initializer @weight : tensor<4x8xf32>
  %first_bias = onnx.initializer @first.bias : tensor<6xf32>
  %second_bias = onnx.initializer @second.bias : tensor<2xf32>
  %product = onnx.MatMul %x, %weight : tensor<5x4xf32>, tensor<4x8xf32> -> tensor<5x8xf32>
  %first, %second = onnx.Split %product, %sizes axis = 1 : tensor<5x8xf32>, tensor<2xi64> -> tensor<5x6xf32>, tensor<5x2xf32>
  %y = onnx.Add %first, %first_bias : tensor<5x6xf32>, tensor<6xf32> -> tensor<5x6xf32>
  %z = onnx.Add %second, %second_bias : tensor<5x2xf32>, tensor<2xf32> -> tensor<5x2xf32>
  func.return %y, %z : tensor<5x6xf32>, tensor<5x2xf32>
}
// CHECK:       func.func @bias_of_some_channels(
// CHECK-NEXT:    %weight_stored = vit.parameter @weight :
// CHECK-NEXT:    %weight = vit.transpose %weight_stored by [1, 0] : tensor<4x8xf32> -> tensor<8x4xf32>
// CHECK-NEXT:    %weight_1 = vit.slice %weight from 0 : tensor<8x4xf32> -> tensor<6x4xf32>
// CHECK-NEXT:    %first_bias = vit.parameter @first.bias :
// CHECK-NEXT:    %product = vit.linear %x, %weight_1, %first_bias :
// CHECK-NEXT:    %weight_stored_1 = vit.parameter @weight :
// CHECK-NEXT:    %weight_2 = vit.transpose %weight_stored_1 by [1, 0] : tensor<4x8xf32> -> tensor<8x4xf32>
// CHECK-NEXT:    %weight_3 = vit.slice %weight_2 from 6 : tensor<8x4xf32> -> tensor<2x4xf32>
// CHECK-NEXT:    %second_bias = vit.parameter @second.bias :
// CHECK-NEXT:    %product_1 = vit.linear %x, %weight_3, %second_bias :
// CHECK-NEXT:    func.return %product, %product_1

// Two layers may share a weight. A layer that nothing needs is not written.
func.func @shared_weight(%x: tensor<5x4xf32>) -> tensor<5x4xf32> {
  %weight = onnx.initializer @weight : tensor<4x4xf32>
  %hidden = onnx.MatMul %x, %weight : tensor<5x4xf32>, tensor<4x4xf32> -> tensor<5x4xf32>
  %y = onnx.MatMul %hidden, %weight : tensor<5x4xf32>, tensor<4x4xf32> -> tensor<5x4xf32>
  %dead = onnx.MatMul %y, %weight : tensor<5x4xf32>, tensor<4x4xf32> -> tensor<5x4xf32>
  func.return %y : tensor<5x4xf32>
}
// CHECK:       func.func @shared_weight(
// CHECK-NEXT:    %weight_stored = vit.parameter @weight :
// CHECK-NEXT:    %weight = vit.transpose %weight_stored by [1, 0] : tensor<4x4xf32> -> tensor<4x4xf32>
// CHECK-NEXT:    %hidden = vit.linear %x, %weight :
// CHECK-NEXT:    %weight_stored_1 = vit.parameter @weight :
// CHECK-NEXT:    %weight_1 = vit.transpose %weight_stored_1 by [1, 0] : tensor<4x4xf32> -> tensor<4x4xf32>
// CHECK-NEXT:    %y = vit.linear %hidden, %weight_1 :
// CHECK-NEXT:    func.return %y

// What is at the vit level already stays as it is.
func.func @nothing_to_do(%x: tensor<5x8xf32>) -> tensor<5x8xf32> {
  %y = vit.gelu %x : tensor<5x8xf32> -> tensor<5x8xf32>
  func.return %y : tensor<5x8xf32>
}
// CHECK:       func.func @nothing_to_do(
// CHECK-NEXT:    %y = vit.gelu %x :
// CHECK-NEXT:    func.return %y

// Each operation has the location of the node that it stands for, and parameters that of their user.
// LOCATION:      func.func @linear(
// LOCATION-NEXT: vit.reshape {{.*}} loc("input0")
// LOCATION-NEXT: vit.parameter {{.*}} loc("/fc/MatMul")
// LOCATION-NEXT: vit.transpose {{.*}} loc("/fc/MatMul")
// LOCATION-NEXT: vit.parameter {{.*}} loc("/fc/MatMul")
// LOCATION-NEXT: vit.linear {{.*}} loc("/fc/MatMul")

// Dimensions of one in front of a weight, and of a bias that has more dimensions than the product.
func.func @more_dimensions(%x: tensor<1x5x4xf32>) -> tensor<1x1x5x8xf32> {
  %shape = onnx.constant dense<[1, 5, 8]> : tensor<3xi64>
  %first = onnx.initializer @first : tensor<1x1x4x8xf32>
  %second = onnx.initializer @second : tensor<8x8xf32>
  %bias = onnx.initializer @bias : tensor<1x1x1x8xf32>
  %deep = onnx.MatMul %x, %first : tensor<1x5x4xf32>, tensor<1x1x4x8xf32> -> tensor<1x1x5x8xf32>
  %flat = onnx.Reshape %deep, %shape : tensor<1x1x5x8xf32>, tensor<3xi64> -> tensor<1x5x8xf32>
  %product = onnx.MatMul %flat, %second : tensor<1x5x8xf32>, tensor<8x8xf32> -> tensor<1x5x8xf32>
  %y = onnx.Add %product, %bias : tensor<1x5x8xf32>, tensor<1x1x1x8xf32> -> tensor<1x1x5x8xf32>
  func.return %y : tensor<1x1x5x8xf32>
}
// CHECK:       func.func @more_dimensions(
// CHECK:         %deep = vit.linear %tokens, %first_1 : tensor<5x4xf32>, tensor<8x4xf32> -> tensor<5x8xf32>
// CHECK:         %bias = vit.reshape %bias_stored : tensor<1x1x1x8xf32> -> tensor<8xf32>
// CHECK-NEXT:    %product = vit.linear %deep, %second, %bias : tensor<5x8xf32>, tensor<8x8xf32>, tensor<8xf32> -> tensor<5x8xf32>
