// RUN: vaqf-opt %s -p raise-onnx-to-vit | filecheck %s

// A convolution whose windows lie side by side. Patches are in row-major order.
func.func @convolution(%image: tensor<1x3x8x12xf32>) -> tensor<1x6x6xf32> {
  %shape = onnx.constant dense<[1, 6, -1]> : tensor<3xi64>
  %weight = onnx.initializer @proj.weight : tensor<6x3x4x4xf32>
  %bias = onnx.initializer @proj.bias : tensor<6xf32>
  %grid = onnx.Conv %image, %weight, %bias kernel_shape = [4, 4] strides = [4, 4] pads = [0, 0, 0, 0] dilations = [1, 1] group = 1 : tensor<1x3x8x12xf32>, tensor<6x3x4x4xf32>, tensor<6xf32> -> tensor<1x6x2x3xf32>
  %flat = onnx.Reshape %grid, %shape : tensor<1x6x2x3xf32>, tensor<3xi64> -> tensor<1x6x6xf32>
  %patches = onnx.Transpose %flat perm = [0, 2, 1] : tensor<1x6x6xf32> -> tensor<1x6x6xf32>
  func.return %patches : tensor<1x6x6xf32>
}
// CHECK:       func.func @convolution(
// CHECK-NEXT:    %image_1 = vit.reshape %image : tensor<1x3x8x12xf32> -> tensor<3x8x12xf32>
// CHECK-NEXT:    %proj_weight = vit.parameter @proj.weight :
// CHECK-NEXT:    %proj_bias = vit.parameter @proj.bias :
// CHECK-NEXT:    %grid = vit.patch_embedding %image_1, %proj_weight, %proj_bias :
// CHECK-NEXT:    %grid_1 = vit.reshape %grid : tensor<6x6xf32> -> tensor<1x6x6xf32>
// CHECK-NEXT:    func.return %grid_1

// A bias that an optimiser took out of the convolution.
func.func @bias_of_maps(%image: tensor<1x3x8x12xf32>) -> tensor<6x6xf32> {
  %shape = onnx.constant dense<[6, 6]> : tensor<2xi64>
  %weight = onnx.initializer @proj.weight : tensor<6x3x4x4xf32>
  %bias = onnx.initializer @proj.bias : tensor<1x6x1x1xf32>
  %grid = onnx.Conv %image, %weight kernel_shape = [4, 4] strides = [4, 4] pads = [0, 0, 0, 0] dilations = [1, 1] group = 1 : tensor<1x3x8x12xf32>, tensor<6x3x4x4xf32> -> tensor<1x6x2x3xf32>
  %sum = onnx.Add %grid, %bias : tensor<1x6x2x3xf32>, tensor<1x6x1x1xf32> -> tensor<1x6x2x3xf32>
  %flat = onnx.Reshape %sum, %shape : tensor<1x6x2x3xf32>, tensor<2xi64> -> tensor<6x6xf32>
  %patches = onnx.Transpose %flat perm = [1, 0] : tensor<6x6xf32> -> tensor<6x6xf32>
  func.return %patches : tensor<6x6xf32>
}
// CHECK:       func.func @bias_of_maps(
// CHECK-NEXT:    %image_1 = vit.reshape %image : tensor<1x3x8x12xf32> -> tensor<3x8x12xf32>
// CHECK-NEXT:    %proj_weight = vit.parameter @proj.weight :
// CHECK-NEXT:    %proj_bias_stored = vit.parameter @proj.bias :
// CHECK-NEXT:    %proj_bias = vit.reshape %proj_bias_stored : tensor<1x6x1x1xf32> -> tensor<6xf32>
// CHECK-NEXT:    %grid = vit.patch_embedding %image_1, %proj_weight, %proj_bias :
// CHECK-NEXT:    func.return %grid

// Without a convolution, pixels are moved until each patch is a row: "b c (h p) (w q) -> b (h w) (p q c)".
func.func @rows_of_pixels(%image: tensor<1x3x8x12xf32>) -> tensor<1x6x48xf32> {
  %grid = onnx.constant dense<[1, 3, 2, 4, 3, 4]> : tensor<6xi64>
  %shape = onnx.constant dense<[1, 6, 48]> : tensor<3xi64>
  %gamma = onnx.initializer @norm.weight : tensor<48xf32>
  %beta = onnx.initializer @norm.bias : tensor<48xf32>
  %deep = onnx.Reshape %image, %grid : tensor<1x3x8x12xf32>, tensor<6xi64> -> tensor<1x3x2x4x3x4xf32>
  %turned = onnx.Transpose %deep perm = [0, 2, 4, 3, 5, 1] : tensor<1x3x2x4x3x4xf32> -> tensor<1x2x3x4x4x3xf32>
  %patches = onnx.Reshape %turned, %shape : tensor<1x2x3x4x4x3xf32>, tensor<3xi64> -> tensor<1x6x48xf32>
  %norm = onnx.LayerNormalization %patches, %gamma, %beta axis = -1 epsilon = 9.99999974E-6 : tensor<1x6x48xf32>, tensor<48xf32>, tensor<48xf32> -> tensor<1x6x48xf32>
  func.return %norm : tensor<1x6x48xf32>
}
// CHECK:       func.func @rows_of_pixels(
// CHECK-NEXT:    %image_1 = vit.reshape %image : tensor<1x3x8x12xf32> -> tensor<3x8x12xf32>
// CHECK-NEXT:    %image_patches = vit.extract_patches %image_1 {patch = array<i64: 4, 4>, order = "colours_last"} : tensor<3x8x12xf32> -> tensor<6x48xf32>
// CHECK-NEXT:    %norm_weight = vit.parameter @norm.weight :
// CHECK-NEXT:    %norm_bias = vit.parameter @norm.bias :
// CHECK-NEXT:    %norm = vit.layer_norm %image_patches, %norm_weight, %norm_bias {epsilon = 1.000000e-05 : f64} :
// CHECK-NEXT:    %norm_1 = vit.reshape %norm : tensor<6x48xf32> -> tensor<1x6x48xf32>
// CHECK-NEXT:    func.return %norm_1

// Colours in front of rows and columns, and a linear layer: that is what a convolution computes.
func.func @linear_of_pixels(%image: tensor<1x3x8x12xf32>) -> tensor<1x6x5xf32> {
  %grid = onnx.constant dense<[1, 3, 2, 4, 3, 4]> : tensor<6xi64>
  %shape = onnx.constant dense<[1, 6, 48]> : tensor<3xi64>
  %weight = onnx.initializer @weight : tensor<48x5xf32>
  %bias = onnx.initializer @bias : tensor<5xf32>
  %deep = onnx.Reshape %image, %grid : tensor<1x3x8x12xf32>, tensor<6xi64> -> tensor<1x3x2x4x3x4xf32>
  %turned = onnx.Transpose %deep perm = [0, 2, 4, 1, 3, 5] : tensor<1x3x2x4x3x4xf32> -> tensor<1x2x3x3x4x4xf32>
  %patches = onnx.Reshape %turned, %shape : tensor<1x2x3x3x4x4xf32>, tensor<3xi64> -> tensor<1x6x48xf32>
  %product = onnx.MatMul %patches, %weight : tensor<1x6x48xf32>, tensor<48x5xf32> -> tensor<1x6x5xf32>
  %y = onnx.Add %product, %bias : tensor<1x6x5xf32>, tensor<5xf32> -> tensor<1x6x5xf32>
  func.return %y : tensor<1x6x5xf32>
}
// CHECK:       func.func @linear_of_pixels(
// CHECK-NEXT:    %image_1 = vit.reshape %image : tensor<1x3x8x12xf32> -> tensor<3x8x12xf32>
// CHECK-NEXT:    %weight_stored = vit.parameter @weight :
// CHECK-NEXT:    %weight = vit.transpose %weight_stored by [1, 0] : tensor<48x5xf32> -> tensor<5x48xf32>
// CHECK-NEXT:    %weight_1 = vit.reshape %weight : tensor<5x48xf32> -> tensor<5x3x4x4xf32>
// CHECK-NEXT:    %bias = vit.parameter @bias :
// CHECK-NEXT:    %product = vit.patch_embedding %image_1, %weight_1, %bias :
// CHECK-NEXT:    %product_1 = vit.reshape %product : tensor<6x5xf32> -> tensor<1x6x5xf32>
// CHECK-NEXT:    func.return %product_1

// The same with colours behind them: the weight is turned into the order of a kernel.
func.func @linear_of_pixels_by_colour(%image: tensor<1x3x8x12xf32>) -> tensor<1x6x5xf32> {
  %grid = onnx.constant dense<[1, 3, 2, 4, 3, 4]> : tensor<6xi64>
  %shape = onnx.constant dense<[1, 6, 48]> : tensor<3xi64>
  %weight = onnx.initializer @weight : tensor<48x5xf32>
  %deep = onnx.Reshape %image, %grid : tensor<1x3x8x12xf32>, tensor<6xi64> -> tensor<1x3x2x4x3x4xf32>
  %turned = onnx.Transpose %deep perm = [0, 2, 4, 3, 5, 1] : tensor<1x3x2x4x3x4xf32> -> tensor<1x2x3x4x4x3xf32>
  %patches = onnx.Reshape %turned, %shape : tensor<1x2x3x4x4x3xf32>, tensor<3xi64> -> tensor<1x6x48xf32>
  %y = onnx.MatMul %patches, %weight : tensor<1x6x48xf32>, tensor<48x5xf32> -> tensor<1x6x5xf32>
  func.return %y : tensor<1x6x5xf32>
}
// CHECK:       func.func @linear_of_pixels_by_colour(
// CHECK-NEXT:    %image_1 = vit.reshape %image : tensor<1x3x8x12xf32> -> tensor<3x8x12xf32>
// CHECK-NEXT:    %weight_stored = vit.parameter @weight :
// CHECK-NEXT:    %weight = vit.transpose %weight_stored by [1, 0] : tensor<48x5xf32> -> tensor<5x48xf32>
// CHECK-NEXT:    %weight_1 = vit.reshape %weight : tensor<5x48xf32> -> tensor<5x4x4x3xf32>
// CHECK-NEXT:    %weight_2 = vit.transpose %weight_1 by [0, 3, 1, 2] : tensor<5x4x4x3xf32> -> tensor<5x3x4x4xf32>
// CHECK-NEXT:    %y = vit.patch_embedding %image_1, %weight_2 :
// CHECK-NEXT:    %y_1 = vit.reshape %y : tensor<6x5xf32> -> tensor<1x6x5xf32>
// CHECK-NEXT:    func.return %y_1

// Rows of patches that are cut out of the image one by one, and put beside each other again.
func.func @rows_one_by_one(%image: tensor<1x3x4x4xf32>) -> tensor<1x4x12xf32> {
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %one = onnx.constant dense<1> : tensor<1xi64>
  %two = onnx.constant dense<2> : tensor<1xi64>
  %four = onnx.constant dense<4> : tensor<1xi64>
  %grid = onnx.constant dense<[1, 3, 2, 2, 2, 2]> : tensor<6xi64>
  %shape = onnx.constant dense<[1, 4, 12]> : tensor<3xi64>
  %gamma = onnx.initializer @gamma : tensor<12xf32>
  %above = onnx.Slice %image, %zero, %two, %two, %one : tensor<1x3x4x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<1x3x2x4xf32>
  %below = onnx.Slice %image, %two, %four, %two, %one : tensor<1x3x4x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<1x3x2x4xf32>
  %rows = onnx.Concat %above, %below axis = 2 : tensor<1x3x2x4xf32>, tensor<1x3x2x4xf32> -> tensor<1x3x4x4xf32>
  %deep = onnx.Reshape %rows, %grid : tensor<1x3x4x4xf32>, tensor<6xi64> -> tensor<1x3x2x2x2x2xf32>
  %turned = onnx.Transpose %deep perm = [0, 2, 4, 1, 3, 5] : tensor<1x3x2x2x2x2xf32> -> tensor<1x2x2x3x2x2xf32>
  %patches = onnx.Reshape %turned, %shape : tensor<1x2x2x3x2x2xf32>, tensor<3xi64> -> tensor<1x4x12xf32>
  %y = onnx.LayerNormalization %patches, %gamma axis = -1 epsilon = 1.0e-6 : tensor<1x4x12xf32>, tensor<12xf32> -> tensor<1x4x12xf32>
  func.return %y : tensor<1x4x12xf32>
}
// CHECK:       func.func @rows_one_by_one(
// CHECK-NEXT:    %image_1 = vit.reshape %image : tensor<1x3x4x4xf32> -> tensor<3x4x4xf32>
// CHECK-NEXT:    %image_patches = vit.extract_patches %image_1 {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<3x4x4xf32> -> tensor<4x12xf32>
// CHECK-NEXT:    %gamma = vit.parameter @gamma :
// CHECK-NEXT:    %y = vit.layer_norm %image_patches, %gamma {epsilon = 1.000000e-06 : f64} :
// CHECK-NEXT:    %y_1 = vit.reshape %y : tensor<4x12xf32> -> tensor<1x4x12xf32>
// CHECK-NEXT:    func.return %y_1

// Positions that are stored as maps, and added before the channels become the last dimension.
func.func @positions_of_maps(%image: tensor<1x3x8x12xf32>) -> tensor<6x5xf32> {
  %shape = onnx.constant dense<[5, 6]> : tensor<2xi64>
  %weight = onnx.initializer @proj.weight : tensor<5x3x4x4xf32>
  %positions = onnx.initializer @pos_embed : tensor<1x5x2x3xf32>
  %grid = onnx.Conv %image, %weight kernel_shape = [4, 4] strides = [4, 4] pads = [0, 0, 0, 0] dilations = [1, 1] group = 1 : tensor<1x3x8x12xf32>, tensor<5x3x4x4xf32> -> tensor<1x5x2x3xf32>
  %sum = onnx.Add %grid, %positions : tensor<1x5x2x3xf32>, tensor<1x5x2x3xf32> -> tensor<1x5x2x3xf32>
  %flat = onnx.Reshape %sum, %shape : tensor<1x5x2x3xf32>, tensor<2xi64> -> tensor<5x6xf32>
  %patches = onnx.Transpose %flat perm = [1, 0] : tensor<5x6xf32> -> tensor<6x5xf32>
  func.return %patches : tensor<6x5xf32>
}
// CHECK:       func.func @positions_of_maps(
// CHECK-NEXT:    %image_1 = vit.reshape %image : tensor<1x3x8x12xf32> -> tensor<3x8x12xf32>
// CHECK-NEXT:    %proj_weight = vit.parameter @proj.weight :
// CHECK-NEXT:    %grid = vit.patch_embedding %image_1, %proj_weight :
// CHECK-NEXT:    %pos_embed_stored = vit.parameter @pos_embed :
// CHECK-NEXT:    %pos_embed = vit.transpose %pos_embed_stored by [0, 2, 3, 1] : tensor<1x5x2x3xf32> -> tensor<1x2x3x5xf32>
// CHECK-NEXT:    %pos_embed_1 = vit.reshape %pos_embed : tensor<1x2x3x5xf32> -> tensor<6x5xf32>
// CHECK-NEXT:    %sum = vit.add %grid, %pos_embed_1 :
// CHECK-NEXT:    func.return %sum
