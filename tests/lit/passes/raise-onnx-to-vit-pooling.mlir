// RUN: vaqf-opt %s -p raise-onnx-to-vit | filecheck %s
// RUN: vaqf-opt %s -p raise-onnx-to-vit --print-debuginfo | filecheck %s --check-prefix LOCATION

// The mean of all tokens.
func.func @mean(%x: tensor<1x5x4xf32>) -> tensor<1x4xf32> {
  %axes = onnx.constant dense<1> : tensor<1xi64>
  %y = onnx.ReduceMean %x, %axes keepdims = 0 : tensor<1x5x4xf32>, tensor<1xi64> -> tensor<1x4xf32> loc("/ReduceMean")
  func.return %y : tensor<1x4xf32>
}
// CHECK:       func.func @mean(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %mean = vit.mean_tokens %tokens : tensor<5x4xf32> -> tensor<1x4xf32>
// CHECK-NEXT:    func.return %mean

// The mean of the patches, without the class token before them; the dimension stays for a while.
func.func @mean_of_patches(%x: tensor<1x5x4xf32>) -> tensor<1x4xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %five = onnx.constant dense<5> : tensor<1xi64>
  %axes = onnx.constant dense<-2> : tensor<1xi64>
  %patches = onnx.Slice %x, %one, %five, %one, %one : tensor<1x5x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<1x4x4xf32>
  %mean = onnx.ReduceMean %patches, %axes keepdims = 1 : tensor<1x4x4xf32>, tensor<1xi64> -> tensor<1x1x4xf32>
  %y = onnx.Squeeze %mean, %one : tensor<1x1x4xf32>, tensor<1xi64> -> tensor<1x4xf32>
  func.return %y : tensor<1x4xf32>
}
// CHECK:       func.func @mean_of_patches(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %patches = vit.slice %tokens from 1 : tensor<5x4xf32> -> tensor<4x4xf32>
// CHECK-NEXT:    %mean = vit.mean_tokens %patches : tensor<4x4xf32> -> tensor<1x4xf32>
// CHECK-NEXT:    func.return %mean

// The mean of feature maps, whose channels stand before rows and columns.
func.func @mean_of_maps(%x: tensor<1x6x4xf32>) -> tensor<1x4xf32> {
  %flat = onnx.constant dense<[1, 4]> : tensor<2xi64>
  %shape = onnx.constant dense<[1, 4, 2, 3]> : tensor<4xi64>
  %axes = onnx.constant dense<[2, 3]> : tensor<2xi64>
  %turned = onnx.Transpose %x perm = [0, 2, 1] : tensor<1x6x4xf32> -> tensor<1x4x6xf32>
  %maps = onnx.Reshape %turned, %shape : tensor<1x4x6xf32>, tensor<4xi64> -> tensor<1x4x2x3xf32>
  %mean = onnx.ReduceMean %maps, %axes keepdims = 1 : tensor<1x4x2x3xf32>, tensor<2xi64> -> tensor<1x4x1x1xf32>
  %y = onnx.Reshape %mean, %flat : tensor<1x4x1x1xf32>, tensor<2xi64> -> tensor<1x4xf32>
  func.return %y : tensor<1x4xf32>
}
// CHECK:       func.func @mean_of_maps(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x6x4xf32> -> tensor<6x4xf32>
// CHECK-NEXT:    %mean = vit.mean_tokens %tokens : tensor<6x4xf32> -> tensor<1x4xf32>
// CHECK-NEXT:    func.return %mean

// However a graph picks the class token, it is selected.
func.func @class_by_index(%x: tensor<1x5x4xf32>) -> tensor<1x4xf32> {
  %index = onnx.constant dense<0> : tensor<i64>
  %y = onnx.Gather %x, %index axis = 1 : tensor<1x5x4xf32>, tensor<i64> -> tensor<1x4xf32> loc("/Gather")
  func.return %y : tensor<1x4xf32>
}
// CHECK:       func.func @class_by_index(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %token = vit.select_token %tokens[0] : tensor<5x4xf32> -> tensor<1x4xf32>
// CHECK-NEXT:    func.return %token

func.func @class_by_slice(%x: tensor<1x5x4xf32>) -> tensor<1x4xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %two = onnx.constant dense<2> : tensor<1xi64>
  %slice = onnx.Slice %x, %one, %two, %one, %one : tensor<1x5x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<1x1x4xf32>
  %y = onnx.Squeeze %slice, %one : tensor<1x1x4xf32>, tensor<1xi64> -> tensor<1x4xf32>
  func.return %y : tensor<1x4xf32>
}
// CHECK:       func.func @class_by_slice(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %slice_token = vit.select_token %tokens[1] : tensor<5x4xf32> -> tensor<1x4xf32>
// CHECK-NEXT:    func.return %slice_token

// Without a head, all tokens are returned, beside one of them.
func.func @features(%x: tensor<1x5x4xf32>) -> (tensor<1x5x4xf32>, tensor<1x4xf32>) {
  %index = onnx.constant dense<0> : tensor<i64>
  %gamma = onnx.initializer @gamma : tensor<4xf32>
  %norm = onnx.LayerNormalization %x, %gamma axis = -1 epsilon = 1.0e-6 : tensor<1x5x4xf32>, tensor<4xf32> -> tensor<1x5x4xf32>
  %class = onnx.Gather %norm, %index axis = 1 : tensor<1x5x4xf32>, tensor<i64> -> tensor<1x4xf32>
  func.return %norm, %class : tensor<1x5x4xf32>, tensor<1x4xf32>
}
// CHECK:       func.func @features(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %gamma = vit.parameter @gamma :
// CHECK-NEXT:    %norm = vit.layer_norm %tokens, %gamma {epsilon = 1.000000e-06 : f64} :
// CHECK-NEXT:    %norm_1 = vit.reshape %norm : tensor<5x4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %class_token = vit.select_token %norm[0] : tensor<5x4xf32> -> tensor<1x4xf32>
// CHECK-NEXT:    func.return %norm_1, %class_token

// Each operation has the location of the node that it stands for, and parameters that of their user.
// LOCATION:      func.func @mean(
// LOCATION:        vit.mean_tokens {{.*}} loc("/ReduceMean")
// LOCATION:      func.func @class_by_index(
// LOCATION:        vit.select_token {{.*}} loc("/Gather")
