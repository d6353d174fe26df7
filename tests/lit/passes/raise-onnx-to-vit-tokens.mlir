// RUN: vaqf-opt %s -p raise-onnx-to-vit | filecheck %s

// A class token in front, and then the positions.
func.func @class_token(%x: tensor<1x4x6xf32>) -> tensor<1x5x6xf32> {
  %class = onnx.initializer @cls_token : tensor<1x1x6xf32>
  %positions = onnx.initializer @pos_embed : tensor<1x5x6xf32>
  %all = onnx.Concat %class, %x axis = 1 : tensor<1x1x6xf32>, tensor<1x4x6xf32> -> tensor<1x5x6xf32>
  %y = onnx.Add %all, %positions : tensor<1x5x6xf32>, tensor<1x5x6xf32> -> tensor<1x5x6xf32>
  func.return %y : tensor<1x5x6xf32>
}
// CHECK:       func.func @class_token(
// CHECK-NEXT:    %cls_token_stored = vit.parameter @cls_token :
// CHECK-NEXT:    %cls_token = vit.reshape %cls_token_stored : tensor<1x1x6xf32> -> tensor<1x6xf32>
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x4x6xf32> -> tensor<4x6xf32>
// CHECK-NEXT:    %all = vit.concatenate %cls_token, %tokens : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32>
// CHECK-NEXT:    %pos_embed_stored = vit.parameter @pos_embed :
// CHECK-NEXT:    %pos_embed = vit.reshape %pos_embed_stored : tensor<1x5x6xf32> -> tensor<5x6xf32>
// CHECK-NEXT:    %y = vit.add %all, %pos_embed :
// CHECK-NEXT:    %y_1 = vit.reshape %y : tensor<5x6xf32> -> tensor<1x5x6xf32>
// CHECK-NEXT:    func.return %y_1

// Positions of the patches alone, and then a class token and registers. The positions are shared by
// all images, and have no batch.
func.func @registers(%x: tensor<1x4x6xf32>) -> tensor<1x7x6xf32> {
  %class = onnx.initializer @cls_token : tensor<1x1x6xf32>
  %registers = onnx.initializer @reg_token : tensor<1x2x6xf32>
  %positions = onnx.initializer @pos_embed : tensor<4x6xf32>
  %placed = onnx.Add %x, %positions : tensor<1x4x6xf32>, tensor<4x6xf32> -> tensor<1x4x6xf32>
  %y = onnx.Concat %class, %registers, %placed axis = 1 : tensor<1x1x6xf32>, tensor<1x2x6xf32>, tensor<1x4x6xf32> -> tensor<1x7x6xf32>
  func.return %y : tensor<1x7x6xf32>
}
// CHECK:       func.func @registers(
// CHECK-NEXT:    %cls_token_stored = vit.parameter @cls_token :
// CHECK-NEXT:    %cls_token = vit.reshape %cls_token_stored : tensor<1x1x6xf32> -> tensor<1x6xf32>
// CHECK-NEXT:    %reg_token_stored = vit.parameter @reg_token :
// CHECK-NEXT:    %reg_token = vit.reshape %reg_token_stored : tensor<1x2x6xf32> -> tensor<2x6xf32>
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x4x6xf32> -> tensor<4x6xf32>
// CHECK-NEXT:    %pos_embed = vit.parameter @pos_embed :
// CHECK-NEXT:    %placed = vit.add %tokens, %pos_embed :
// CHECK-NEXT:    %y = vit.concatenate %cls_token, %reg_token, %placed : tensor<1x6xf32>, tensor<2x6xf32>, tensor<4x6xf32> -> tensor<7x6xf32>
// CHECK-NEXT:    %y_1 = vit.reshape %y : tensor<7x6xf32> -> tensor<1x7x6xf32>
// CHECK-NEXT:    func.return %y_1

// Tokens first, then a batch of one.
func.func @sequence_first(%batch: tensor<1x4x6xf32>) -> tensor<5x1x6xf32> {
  %class = onnx.initializer @cls_token : tensor<1x1x6xf32>
  %x = onnx.Transpose %batch perm = [1, 0, 2] : tensor<1x4x6xf32> -> tensor<4x1x6xf32>
  %y = onnx.Concat %class, %x axis = 0 : tensor<1x1x6xf32>, tensor<4x1x6xf32> -> tensor<5x1x6xf32>
  func.return %y : tensor<5x1x6xf32>
}
// CHECK:       func.func @sequence_first(
// CHECK-NEXT:    %cls_token_stored = vit.parameter @cls_token :
// CHECK-NEXT:    %cls_token = vit.reshape %cls_token_stored : tensor<1x1x6xf32> -> tensor<1x6xf32>
// CHECK-NEXT:    %tokens = vit.reshape %batch : tensor<1x4x6xf32> -> tensor<4x6xf32>
// CHECK-NEXT:    %y = vit.concatenate %cls_token, %tokens : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32>
// CHECK-NEXT:    %y_1 = vit.reshape %y : tensor<5x6xf32> -> tensor<5x1x6xf32>
// CHECK-NEXT:    func.return %y_1

// Channels first: the transposition stands behind the concatenation.
func.func @channels_first(%grid: tensor<1x4x6xf32>) -> tensor<1x5x6xf32> {
  %class = onnx.initializer @cls_token : tensor<1x6x1xf32>
  %x = onnx.Transpose %grid perm = [0, 2, 1] : tensor<1x4x6xf32> -> tensor<1x6x4xf32>
  %all = onnx.Concat %class, %x axis = 2 : tensor<1x6x1xf32>, tensor<1x6x4xf32> -> tensor<1x6x5xf32>
  %y = onnx.Transpose %all perm = [0, 2, 1] : tensor<1x6x5xf32> -> tensor<1x5x6xf32>
  func.return %y : tensor<1x5x6xf32>
}
// CHECK:       func.func @channels_first(
// CHECK-NEXT:    %cls_token_stored = vit.parameter @cls_token :
// CHECK-NEXT:    %cls_token = vit.transpose %cls_token_stored by [0, 2, 1] : tensor<1x6x1xf32> -> tensor<1x1x6xf32>
// CHECK-NEXT:    %cls_token_1 = vit.reshape %cls_token : tensor<1x1x6xf32> -> tensor<1x6xf32>
// CHECK-NEXT:    %tokens = vit.reshape %grid : tensor<1x4x6xf32> -> tensor<4x6xf32>
// CHECK-NEXT:    %all = vit.concatenate %cls_token_1, %tokens : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32>
// CHECK-NEXT:    %all_1 = vit.reshape %all : tensor<5x6xf32> -> tensor<1x5x6xf32>
// CHECK-NEXT:    func.return %all_1

// A class token that is stored without batch and tokens, with the first of all positions.
func.func @class_token_with_position(%x: tensor<1x4x6xf32>) -> tensor<1x5x6xf32> {
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %one = onnx.constant dense<1> : tensor<1xi64>
  %five = onnx.constant dense<5> : tensor<1xi64>
  %both = onnx.constant dense<[0, 1]> : tensor<2xi64>
  %stored = onnx.initializer @cls_token : tensor<6xf32>
  %positions = onnx.initializer @pos_embed : tensor<1x5x6xf32>
  %first = onnx.Slice %positions, %zero, %one, %one, %one : tensor<1x5x6xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<1x1x6xf32>
  %others = onnx.Slice %positions, %one, %five, %one, %one : tensor<1x5x6xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<1x4x6xf32>
  %class = onnx.Unsqueeze %stored, %both : tensor<6xf32>, tensor<2xi64> -> tensor<1x1x6xf32>
  %placed_class = onnx.Add %class, %first : tensor<1x1x6xf32>, tensor<1x1x6xf32> -> tensor<1x1x6xf32>
  %placed = onnx.Add %x, %others : tensor<1x4x6xf32>, tensor<1x4x6xf32> -> tensor<1x4x6xf32>
  %y = onnx.Concat %placed_class, %placed axis = 1 : tensor<1x1x6xf32>, tensor<1x4x6xf32> -> tensor<1x5x6xf32>
  func.return %y : tensor<1x5x6xf32>
}
// CHECK:       func.func @class_token_with_position(
// CHECK-NEXT:    %cls_token_stored = vit.parameter @cls_token :
// CHECK-NEXT:    %cls_token = vit.reshape %cls_token_stored : tensor<6xf32> -> tensor<1x6xf32>
// CHECK-NEXT:    %pos_embed_stored = vit.parameter @pos_embed :
// CHECK-NEXT:    %pos_embed = vit.reshape %pos_embed_stored : tensor<1x5x6xf32> -> tensor<5x6xf32>
// CHECK-NEXT:    %pos_embed_1 = vit.slice %pos_embed from 0 : tensor<5x6xf32> -> tensor<1x6xf32>
// CHECK-NEXT:    %placed_class = vit.add %cls_token, %pos_embed_1 :
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x4x6xf32> -> tensor<4x6xf32>
// CHECK-NEXT:    %pos_embed_stored_1 = vit.parameter @pos_embed :
// CHECK-NEXT:    %pos_embed_2 = vit.reshape %pos_embed_stored_1 : tensor<1x5x6xf32> -> tensor<5x6xf32>
// CHECK-NEXT:    %pos_embed_3 = vit.slice %pos_embed_2 from 1 : tensor<5x6xf32> -> tensor<4x6xf32>
// CHECK-NEXT:    %placed = vit.add %tokens, %pos_embed_3 :
// CHECK-NEXT:    %y = vit.concatenate %placed_class, %placed : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32>
// CHECK-NEXT:    %y_1 = vit.reshape %y : tensor<5x6xf32> -> tensor<1x5x6xf32>
// CHECK-NEXT:    func.return %y_1

// No class token, written as a concatenation with none.
func.func @no_class_token(%x: tensor<1x4x6xf32>) -> tensor<1x4x6xf32> {
  %none = onnx.initializer @cls_token : tensor<1x0x6xf32>
  %positions = onnx.initializer @pos_embed : tensor<4x6xf32>
  %all = onnx.Concat %none, %x axis = 1 : tensor<1x0x6xf32>, tensor<1x4x6xf32> -> tensor<1x4x6xf32>
  %y = onnx.Add %all, %positions : tensor<1x4x6xf32>, tensor<4x6xf32> -> tensor<1x4x6xf32>
  func.return %y : tensor<1x4x6xf32>
}
// CHECK:       func.func @no_class_token(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x4x6xf32> -> tensor<4x6xf32>
// CHECK-NEXT:    %pos_embed = vit.parameter @pos_embed :
// CHECK-NEXT:    %y = vit.add %tokens, %pos_embed :
// CHECK-NEXT:    %y_1 = vit.reshape %y : tensor<4x6xf32> -> tensor<1x4x6xf32>
// CHECK-NEXT:    func.return %y_1

// A residual connection whose second term has lost its batch, and both their order.
func.func @other_layouts(%x: tensor<1x4x6xf32>, %y: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %one = onnx.constant dense<1> : tensor<1xi64>
  %left = onnx.Transpose %x perm = [2, 0, 1] : tensor<1x4x6xf32> -> tensor<6x1x4xf32>
  %turned = onnx.Transpose %y perm = [1, 0] : tensor<4x6xf32> -> tensor<6x4xf32>
  %right = onnx.Unsqueeze %turned, %one : tensor<6x4xf32>, tensor<1xi64> -> tensor<6x1x4xf32>
  %sum = onnx.Add %left, %right : tensor<6x1x4xf32>, tensor<6x1x4xf32> -> tensor<6x1x4xf32>
  %back = onnx.Transpose %sum perm = [1, 2, 0] : tensor<6x1x4xf32> -> tensor<1x4x6xf32>
  %z = onnx.Squeeze %back, %zero : tensor<1x4x6xf32>, tensor<1xi64> -> tensor<4x6xf32>
  func.return %z : tensor<4x6xf32>
}
// CHECK:       func.func @other_layouts(
// CHECK-NEXT:    %tokens = vit.reshape %x : tensor<1x4x6xf32> -> tensor<4x6xf32>
// CHECK-NEXT:    %sum = vit.add %y, %tokens :
// CHECK-NEXT:    func.return %sum
