// RUN: vaqf-opt %s -p raise-onnx-to-vit | filecheck %s

// Parts of a weight that lie next to each other are sliced, along whichever dimension.
func.func @sliced(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %three = onnx.constant dense<3> : tensor<1xi64>
  %positions = onnx.initializer @positions : tensor<1x5x4xf32>
  %some = onnx.Slice %positions, %one, %three, %one, %one : tensor<1x5x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<1x2x4xf32>
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %flat = onnx.Squeeze %some, %zero : tensor<1x2x4xf32>, tensor<1xi64> -> tensor<2x4xf32>
  %y = onnx.Add %x, %flat : tensor<2x4xf32>, tensor<2x4xf32> -> tensor<2x4xf32>
  func.return %y : tensor<2x4xf32>
}
// CHECK:       func.func @sliced(
// CHECK-NEXT:    %positions_stored = vit.parameter @positions :
// CHECK-NEXT:    %positions = vit.reshape %positions_stored : tensor<1x5x4xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %positions_1 = vit.slice %positions from 1 : tensor<5x4xf32> -> tensor<2x4xf32>
// CHECK-NEXT:    %y = vit.add %x, %positions_1 :
// CHECK-NEXT:    func.return %y

func.func @split(%x: tensor<5x4xf32>) -> tensor<5x3xf32> {
  %sizes = onnx.constant dense<[2, 3]> : tensor<2xi64>
  %both = onnx.initializer @weight : tensor<4x5xf32>
  %first, %second = onnx.Split %both, %sizes axis = 1 : tensor<4x5xf32>, tensor<2xi64> -> tensor<4x2xf32>, tensor<4x3xf32>
  %y = onnx.MatMul %x, %second : tensor<5x4xf32>, tensor<4x3xf32> -> tensor<5x3xf32>
  func.return %y : tensor<5x3xf32>
}
// CHECK:       func.func @split(
// CHECK-NEXT:    %weight_stored = vit.parameter @weight :
// CHECK-NEXT:    %weight = vit.transpose %weight_stored by [1, 0] : tensor<4x5xf32> -> tensor<5x4xf32>
// CHECK-NEXT:    %weight_1 = vit.slice %weight from 2 : tensor<5x4xf32> -> tensor<3x4xf32>
// CHECK-NEXT:    %y = vit.linear %x, %weight_1 :
// CHECK-NEXT:    func.return %y

func.func @gathered(%x: tensor<5x4xf32>) -> tensor<5x4xf32> {
  %index = onnx.constant dense<1> : tensor<i64>
  %stack = onnx.initializer @weights : tensor<3x4x4xf32>
  %weight = onnx.Gather %stack, %index axis = 0 : tensor<3x4x4xf32>, tensor<i64> -> tensor<4x4xf32>
  %y = onnx.MatMul %x, %weight : tensor<5x4xf32>, tensor<4x4xf32> -> tensor<5x4xf32>
  func.return %y : tensor<5x4xf32>
}
// CHECK:       func.func @gathered(
// CHECK-NEXT:    %weights_stored = vit.parameter @weights :
// CHECK-NEXT:    %weights = vit.slice %weights_stored from 1 : tensor<3x4x4xf32> -> tensor<1x4x4xf32>
// CHECK-NEXT:    %weights_1 = vit.reshape %weights : tensor<1x4x4xf32> -> tensor<4x4xf32>
// CHECK-NEXT:    %weights_2 = vit.transpose %weights_1 by [1, 0] : tensor<4x4xf32> -> tensor<4x4xf32>
// CHECK-NEXT:    %y = vit.linear %x, %weights_2 :
// CHECK-NEXT:    func.return %y

func.func @gathered_in_order(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %indices = onnx.constant dense<[[3, 4]]> : tensor<1x2xi64>
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %positions = onnx.initializer @positions : tensor<5x4xf32>
  %some = onnx.Gather %positions, %indices axis = 0 : tensor<5x4xf32>, tensor<1x2xi64> -> tensor<1x2x4xf32>
  %flat = onnx.Squeeze %some, %zero : tensor<1x2x4xf32>, tensor<1xi64> -> tensor<2x4xf32>
  %y = onnx.Add %x, %flat : tensor<2x4xf32>, tensor<2x4xf32> -> tensor<2x4xf32>
  func.return %y : tensor<2x4xf32>
}
// CHECK:       func.func @gathered_in_order(
// CHECK-NEXT:    %positions_stored = vit.parameter @positions :
// CHECK-NEXT:    %positions = vit.slice %positions_stored from 3 : tensor<5x4xf32> -> tensor<2x4xf32>
// CHECK-NEXT:    %y = vit.add %x, %positions :
// CHECK-NEXT:    func.return %y

// A slice of a slice is one, and a slice of everything is none.
func.func @sliced_twice(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %one = onnx.constant dense<1> : tensor<1xi64>
  %two = onnx.constant dense<2> : tensor<1xi64>
  %five = onnx.constant dense<5> : tensor<1xi64>
  %positions = onnx.initializer @positions : tensor<5x4xf32>
  %all = onnx.Slice %positions, %zero, %five, %zero, %one : tensor<5x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<5x4xf32>
  %most = onnx.Slice %all, %one, %five, %zero, %one : tensor<5x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<4x4xf32>
  %third = onnx.Slice %most, %one, %two, %zero, %one : tensor<4x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<1x4xf32>
  %y = onnx.Add %x, %third : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
  func.return %y : tensor<1x4xf32>
}
// CHECK:       func.func @sliced_twice(
// CHECK-NEXT:    %positions_stored = vit.parameter @positions :
// CHECK-NEXT:    %positions = vit.slice %positions_stored from 2 : tensor<5x4xf32> -> tensor<1x4xf32>
// CHECK-NEXT:    %y = vit.add %x, %positions :
// CHECK-NEXT:    func.return %y

// A class token for each image of a batch of one.
func.func @expanded(%x: tensor<1x4x6xf32>) -> tensor<1x5x6xf32> {
  %sizes = onnx.constant dense<[1, 1, 6]> : tensor<3xi64>
  %stored = onnx.initializer @cls_token : tensor<1x6xf32>
  %class = onnx.Expand %stored, %sizes : tensor<1x6xf32>, tensor<3xi64> -> tensor<1x1x6xf32>
  %y = onnx.Concat %class, %x axis = 1 : tensor<1x1x6xf32>, tensor<1x4x6xf32> -> tensor<1x5x6xf32>
  func.return %y : tensor<1x5x6xf32>
}
// CHECK:       func.func @expanded(
// CHECK-NEXT:    %cls_token = vit.parameter @cls_token :
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x4x6xf32> -> tensor<4x6xf32>
// CHECK-NEXT:    %y = vit.concatenate %cls_token, %tokens : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32>
// CHECK-NEXT:    %y_1 = vit.reshape %y : tensor<5x6xf32> -> tensor<1x5x6xf32>
// CHECK-NEXT:    func.return %y_1

// A position embedding in two tensors.
func.func @concatenated(%x: tensor<1x5x6xf32>) -> tensor<1x5x6xf32> {
  %class = onnx.initializer @class_position : tensor<1x1x6xf32>
  %patches = onnx.initializer @patch_positions : tensor<1x4x6xf32>
  %positions = onnx.Concat %class, %patches axis = 1 : tensor<1x1x6xf32>, tensor<1x4x6xf32> -> tensor<1x5x6xf32>
  %y = onnx.Add %x, %positions : tensor<1x5x6xf32>, tensor<1x5x6xf32> -> tensor<1x5x6xf32>
  func.return %y : tensor<1x5x6xf32>
}
// CHECK:       func.func @concatenated(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x5x6xf32> -> tensor<5x6xf32>
// CHECK-NEXT:    %class_position_stored = vit.parameter @class_position :
// CHECK-NEXT:    %class_position = vit.reshape %class_position_stored : tensor<1x1x6xf32> -> tensor<1x6xf32>
// CHECK-NEXT:    %patch_positions_stored = vit.parameter @patch_positions :
// CHECK-NEXT:    %patch_positions = vit.reshape %patch_positions_stored : tensor<1x4x6xf32> -> tensor<4x6xf32>
// CHECK-NEXT:    %positions = vit.concatenate %class_position, %patch_positions : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32>
// CHECK-NEXT:    %y = vit.add %tokens, %positions :
// CHECK-NEXT:    %y_1 = vit.reshape %y : tensor<5x6xf32> -> tensor<1x5x6xf32>
// CHECK-NEXT:    func.return %y_1
