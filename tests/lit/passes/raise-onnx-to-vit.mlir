// RUN: vaqf-opt %s -p raise-onnx-to-vit | filecheck %s
// RUN: vaqf-opt %s -p raise-onnx-to-vit --print-debuginfo | filecheck %s --check-prefix LOCATION

// The batch is dropped inside. Weights stay where they are, and are turned over for vit.linear.
// Each operation has the location of the node that it stands for, and parameters that of their user.
func.func @linear(%x: tensor<1x5x4xf32>) -> tensor<1x5x8xf32> {
  %weight = onnx.initializer @"onnx::MatMul_7" : tensor<4x8xf32>
  %bias = onnx.initializer @fc.bias : tensor<8xf32>
  %product = onnx.MatMul %x, %weight : tensor<1x5x4xf32>, tensor<4x8xf32> -> tensor<1x5x8xf32> loc("/fc/MatMul")
  %y = onnx.Add %product, %bias : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32> loc("/fc/Add")
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @linear(%x: tensor<1x5x4xf32>) -> tensor<1x5x8xf32> {
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %fc_weight_stored = vit.parameter @"onnx::MatMul_7" : tensor<4x8xf32>
// CHECK-NEXT:    %fc_weight = vit.transpose %fc_weight_stored by [1, 0] : tensor<4x8xf32> -> tensor<8x4xf32>
// CHECK-NEXT:    %fc_bias = vit.parameter @fc.bias : tensor<8xf32>
// CHECK-NEXT:    %fc = vit.linear %tokens, %fc_weight, %fc_bias : tensor<5x4xf32>, tensor<8x4xf32>, tensor<8xf32> -> tensor<5x8xf32>
// CHECK-NEXT:    %fc_1 = vit.reshape %fc : tensor<5x8xf32> -> tensor<1x5x8xf32>
// CHECK-NEXT:    func.return %fc_1 : tensor<1x5x8xf32>
// LOCATION:      vit.reshape {{.*}} loc("input0")
// LOCATION-NEXT: vit.parameter {{.*}} loc("/fc/MatMul")
// LOCATION-NEXT: vit.transpose {{.*}} loc("/fc/MatMul")
// LOCATION-NEXT: vit.parameter {{.*}} loc("/fc/MatMul")
// LOCATION-NEXT: vit.linear {{.*}} loc("/fc/MatMul")

func.func @bias_first(%x: tensor<1x5x4xf32>) -> tensor<1x5x8xf32> {
  %weight = onnx.initializer @weight : tensor<4x8xf32>
  %bias = onnx.initializer @bias : tensor<8xf32>
  %product = onnx.MatMul %x, %weight : tensor<1x5x4xf32>, tensor<4x8xf32> -> tensor<1x5x8xf32>
  %y = onnx.Add %bias, %product : tensor<8xf32>, tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @bias_first
// CHECK:         vit.linear %tokens, %weight, %bias :

func.func @no_bias(%x: tensor<1x5x4xf32>) -> tensor<1x5x8xf32> {
  %weight = onnx.initializer @weight : tensor<4x8xf32>
  %y = onnx.MatMul %x, %weight : tensor<1x5x4xf32>, tensor<4x8xf32> -> tensor<1x5x8xf32>
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @no_bias
// CHECK:         vit.linear %tokens, %weight :

// A weight that is stored as output x input channels needs no transposition, however often the graph
// turned it over.
func.func @general_product(%x: tensor<5x4xf32>) -> tensor<5x8xf32> {
  %weight = onnx.initializer @weight : tensor<8x4xf32>
  %bias = onnx.initializer @bias : tensor<8xf32>
  %y = onnx.Gemm %x, %weight, %bias {transB = 1 : i64} : tensor<5x4xf32>, tensor<8x4xf32>, tensor<8xf32> -> tensor<5x8xf32>
  func.return %y : tensor<5x8xf32>
}
// CHECK:       func.func @general_product
// CHECK-NEXT:    %weight = vit.parameter @weight : tensor<8x4xf32>
// CHECK-NEXT:    %bias = vit.parameter @bias : tensor<8xf32>
// CHECK-NEXT:    %y = vit.linear %x, %weight, %bias : tensor<5x4xf32>, tensor<8x4xf32>, tensor<8xf32> -> tensor<5x8xf32>
// CHECK-NEXT:    func.return %y : tensor<5x8xf32>

func.func @turned_over(%x: tensor<5x4xf32>) -> tensor<5x8xf32> {
  %stored = onnx.initializer @weight : tensor<8x4xf32>
  %weight = onnx.Transpose %stored perm = [1, 0] : tensor<8x4xf32> -> tensor<4x8xf32>
  %y = onnx.Gemm %x, %weight : tensor<5x4xf32>, tensor<4x8xf32> -> tensor<5x8xf32>
  func.return %y : tensor<5x8xf32>
}
// CHECK:       func.func @turned_over
// CHECK-NEXT:    %weight = vit.parameter @weight : tensor<8x4xf32>
// CHECK-NEXT:    %y = vit.linear %x, %weight : tensor<5x4xf32>, tensor<8x4xf32> -> tensor<5x8xf32>

func.func @batch_of_weights(%x: tensor<1x5x4xf32>) -> tensor<1x5x8xf32> {
  %weight = onnx.initializer @weight : tensor<1x4x8xf32>
  %y = onnx.MatMul %x, %weight : tensor<1x5x4xf32>, tensor<1x4x8xf32> -> tensor<1x5x8xf32>
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @batch_of_weights
// CHECK:         %weight_stored = vit.parameter @weight : tensor<1x4x8xf32>
// CHECK-NEXT:    %weight = vit.reshape %weight_stored : tensor<1x4x8xf32> -> tensor<4x8xf32>
// CHECK-NEXT:    %weight_1 = vit.transpose %weight by [1, 0] : tensor<4x8xf32> -> tensor<8x4xf32>
// CHECK-NEXT:    %y = vit.linear %tokens, %weight_1 :

// Optimisers write a linear layer as a product of matrices between two reshapes.
func.func @between_reshapes(%x: tensor<1x5x4xf32>) -> tensor<1x5x8xf32> {
  %flat = onnx.constant dense<[5, 4]> : tensor<2xi64>
  %deep = onnx.constant dense<[1, 5, 8]> : tensor<3xi64>
  %weight = onnx.initializer @weight : tensor<4x8xf32>
  %matrix = onnx.Reshape %x, %flat : tensor<1x5x4xf32>, tensor<2xi64> -> tensor<5x4xf32>
  %product = onnx.Gemm %matrix, %weight : tensor<5x4xf32>, tensor<4x8xf32> -> tensor<5x8xf32>
  %y = onnx.Reshape %product, %deep : tensor<5x8xf32>, tensor<3xi64> -> tensor<1x5x8xf32>
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @between_reshapes
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    vit.parameter
// CHECK-NEXT:    vit.transpose
// CHECK-NEXT:    %product = vit.linear %tokens

func.func @layer_norm_and_residual(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %scale = onnx.initializer @norm.weight : tensor<4xf32>
  %bias = onnx.initializer @norm.bias : tensor<4xf32>
  %norm = onnx.LayerNormalization %x, %scale, %bias axis = -1 epsilon = 9.99999974E-6 : tensor<1x5x4xf32>, tensor<4xf32>, tensor<4xf32> -> tensor<1x5x4xf32>
  %y = onnx.Add %x, %norm : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  func.return %y : tensor<1x5x4xf32>
}
// CHECK:       func.func @layer_norm_and_residual
// CHECK:         %norm = vit.layer_norm %tokens, %norm_weight, %norm_bias {epsilon = 1.000000e-05 : f64} : tensor<5x4xf32>, tensor<4xf32>, tensor<4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %y = vit.add %tokens, %norm : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>

// A GELU has as many spellings as there are places for its factors.
func.func @gelu_half_last(%x: tensor<5x8xf32>) -> tensor<5x8xf32> {
  %root = onnx.constant dense<1.41421354> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %half = onnx.constant dense<0.5> : tensor<f32>
  %t = onnx.Div %x, %root : tensor<5x8xf32>, tensor<f32> -> tensor<5x8xf32>
  %e = onnx.Erf %t : tensor<5x8xf32> -> tensor<5x8xf32>
  %s = onnx.Add %e, %one : tensor<5x8xf32>, tensor<f32> -> tensor<5x8xf32>
  %p = onnx.Mul %x, %s : tensor<5x8xf32>, tensor<5x8xf32> -> tensor<5x8xf32> loc("/act/Mul")
  %y = onnx.Mul %p, %half : tensor<5x8xf32>, tensor<f32> -> tensor<5x8xf32> loc("/act/Mul_1")
  func.return %y : tensor<5x8xf32>
}
// CHECK:       func.func @gelu_half_last
// CHECK-NEXT:    %act = vit.gelu %x : tensor<5x8xf32> -> tensor<5x8xf32>
// CHECK-NEXT:    func.return %act
// LOCATION:      func.func @gelu_half_last
// LOCATION-NEXT:   vit.gelu {{.*}} loc("/act/Mul_1")

func.func @gelu_half_inside(%x: tensor<5x8xf32>) -> tensor<5x8xf32> {
  %root = onnx.constant dense<0.707106769> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %half = onnx.constant dense<0.5> : tensor<f32>
  %t = onnx.Mul %root, %x : tensor<f32>, tensor<5x8xf32> -> tensor<5x8xf32>
  %e = onnx.Erf %t : tensor<5x8xf32> -> tensor<5x8xf32>
  %s = onnx.Add %one, %e : tensor<f32>, tensor<5x8xf32> -> tensor<5x8xf32>
  %h = onnx.Mul %half, %s : tensor<f32>, tensor<5x8xf32> -> tensor<5x8xf32>
  %y = onnx.Mul %h, %x : tensor<5x8xf32>, tensor<5x8xf32> -> tensor<5x8xf32>
  func.return %y : tensor<5x8xf32>
}
// CHECK:       func.func @gelu_half_inside
// CHECK-NEXT:    %y = vit.gelu %x : tensor<5x8xf32> -> tensor<5x8xf32>
// CHECK-NEXT:    func.return %y

func.func @gelu_half_first(%x: tensor<5x8xf32>) -> tensor<5x8xf32> {
  %root = onnx.constant dense<1.41421354> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %half = onnx.constant dense<0.5> : tensor<f32>
  %h = onnx.Mul %x, %half : tensor<5x8xf32>, tensor<f32> -> tensor<5x8xf32>
  %t = onnx.Div %x, %root : tensor<5x8xf32>, tensor<f32> -> tensor<5x8xf32>
  %e = onnx.Erf %t : tensor<5x8xf32> -> tensor<5x8xf32>
  %s = onnx.Add %e, %one : tensor<5x8xf32>, tensor<f32> -> tensor<5x8xf32>
  %y = onnx.Mul %h, %s : tensor<5x8xf32>, tensor<5x8xf32> -> tensor<5x8xf32>
  func.return %y : tensor<5x8xf32>
}
// CHECK:       func.func @gelu_half_first
// CHECK-NEXT:    %y = vit.gelu %x : tensor<5x8xf32> -> tensor<5x8xf32>
// CHECK-NEXT:    func.return %y

func.func @gelu(%x: tensor<1x5x8xf32>) -> tensor<1x5x8xf32> {
  %y = onnx.Gelu %x approximate = "none" : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  func.return %y : tensor<1x5x8xf32>
}
// CHECK:       func.func @gelu(
// CHECK-NEXT:    %tokens = vit.reshape %x
// CHECK-NEXT:    %y = vit.gelu %tokens : tensor<5x8xf32> -> tensor<5x8xf32>

// Patches in row-major order, the class token before them, and the embedding of positions.
func.func @embedding(%image: tensor<1x3x8x12xf32>) -> tensor<1x7x6xf32> {
  %shape = onnx.constant dense<[1, 6, -1]> : tensor<3xi64>
  %weight = onnx.initializer @proj.weight : tensor<6x3x4x4xf32>
  %bias = onnx.initializer @proj.bias : tensor<6xf32>
  %class = onnx.initializer @cls_token : tensor<1x1x6xf32>
  %positions = onnx.initializer @pos_embed : tensor<1x7x6xf32>
  %grid = onnx.Conv %image, %weight, %bias kernel_shape = [4, 4] strides = [4, 4] pads = [0, 0, 0, 0] dilations = [1, 1] group = 1 : tensor<1x3x8x12xf32>, tensor<6x3x4x4xf32>, tensor<6xf32> -> tensor<1x6x2x3xf32>
  %flat = onnx.Reshape %grid, %shape : tensor<1x6x2x3xf32>, tensor<3xi64> -> tensor<1x6x6xf32>
  %patches = onnx.Transpose %flat perm = [0, 2, 1] : tensor<1x6x6xf32> -> tensor<1x6x6xf32>
  %all = onnx.Concat %class, %patches axis = 1 : tensor<1x1x6xf32>, tensor<1x6x6xf32> -> tensor<1x7x6xf32>
  %y = onnx.Add %all, %positions : tensor<1x7x6xf32>, tensor<1x7x6xf32> -> tensor<1x7x6xf32>
  func.return %y : tensor<1x7x6xf32>
}
// CHECK:       func.func @embedding
// CHECK-NEXT:    %image_1 = vit.reshape %image : tensor<1x3x8x12xf32> -> tensor<3x8x12xf32>
// CHECK-NEXT:    %proj_weight = vit.parameter @proj.weight : tensor<6x3x4x4xf32>
// CHECK-NEXT:    %proj_bias = vit.parameter @proj.bias : tensor<6xf32>
// CHECK-NEXT:    %grid = vit.patch_embedding %image_1, %proj_weight, %proj_bias : tensor<3x8x12xf32>, tensor<6x3x4x4xf32>, tensor<6xf32> -> tensor<6x6xf32>
// CHECK-NEXT:    %cls_token_stored = vit.parameter @cls_token : tensor<1x1x6xf32>
// CHECK-NEXT:    %cls_token = vit.reshape %cls_token_stored : tensor<1x1x6xf32> -> tensor<1x6xf32>
// CHECK-NEXT:    %all = vit.concatenate %cls_token, %grid : tensor<1x6xf32>, tensor<6x6xf32> -> tensor<7x6xf32>
// CHECK-NEXT:    %pos_embed_stored = vit.parameter @pos_embed : tensor<1x7x6xf32>
// CHECK-NEXT:    %pos_embed = vit.reshape %pos_embed_stored : tensor<1x7x6xf32> -> tensor<7x6xf32>
// CHECK-NEXT:    %y = vit.add %all, %pos_embed : tensor<7x6xf32>, tensor<7x6xf32> -> tensor<7x6xf32>

// However a graph picks the class token, it is selected.
func.func @class_by_index(%x: tensor<1x5x4xf32>) -> tensor<1x4xf32> {
  %index = onnx.constant dense<0> : tensor<i64>
  %y = onnx.Gather %x, %index axis = 1 : tensor<1x5x4xf32>, tensor<i64> -> tensor<1x4xf32> loc("/Gather")
  func.return %y : tensor<1x4xf32>
}
// CHECK:       func.func @class_by_index
// CHECK-NEXT:    vit.reshape
// CHECK-NEXT:    %token = vit.select_token %tokens[0] : tensor<5x4xf32> -> tensor<1x4xf32>
// CHECK-NEXT:    func.return %token : tensor<1x4xf32>
// LOCATION:      func.func @class_by_index
// LOCATION:        vit.select_token {{.*}} loc("/Gather")

func.func @class_by_slice(%x: tensor<1x5x4xf32>) -> tensor<1x4xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %two = onnx.constant dense<2> : tensor<1xi64>
  %slice = onnx.Slice %x, %one, %two, %one, %one : tensor<1x5x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<1x1x4xf32>
  %y = onnx.Squeeze %slice, %one : tensor<1x1x4xf32>, tensor<1xi64> -> tensor<1x4xf32>
  func.return %y : tensor<1x4xf32>
}
// CHECK:       func.func @class_by_slice
// CHECK-NEXT:    vit.reshape
// CHECK-NEXT:    %slice_token = vit.select_token %tokens[1] : tensor<5x4xf32> -> tensor<1x4xf32>
// CHECK-NEXT:    func.return %slice_token : tensor<1x4xf32>

// What is at the vit level already stays as it is.
func.func @nothing_to_do(%x: tensor<5x8xf32>) -> tensor<5x8xf32> {
  %y = vit.gelu %x : tensor<5x8xf32> -> tensor<5x8xf32>
  func.return %y : tensor<5x8xf32>
}
// CHECK:       func.func @nothing_to_do
// CHECK-NEXT:    %y = vit.gelu %x : tensor<5x8xf32> -> tensor<5x8xf32>
