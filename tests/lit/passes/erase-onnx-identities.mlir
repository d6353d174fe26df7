// RUN: vaqf-opt %s -p erase-onnx-identities | filecheck %s

func.func @copies(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %a = onnx.Identity %x : tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  %b = onnx.Dropout %a : tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  %c = onnx.Cast %b : tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  func.return %c : tensor<1x5x4xf32>
}
// CHECK:       func.func @copies(
// CHECK-NEXT:    func.return %x : tensor<1x5x4xf32>

// Shared weights of the legacy exporter.
func.func @weights(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %w = onnx.initializer @w : tensor<4xf32>
  %shared = onnx.Identity %w : tensor<4xf32> -> tensor<4xf32>
  %y = onnx.Add %x, %shared : tensor<1x5x4xf32>, tensor<4xf32> -> tensor<1x5x4xf32>
  func.return %y : tensor<1x5x4xf32>
}
// CHECK:       func.func @weights(
// CHECK-NEXT:    %w = onnx.initializer @w : tensor<4xf32>
// CHECK-NEXT:    %y = onnx.Add %x, %w : tensor<1x5x4xf32>, tensor<4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    func.return %y : tensor<1x5x4xf32>

func.func @moves(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %shape = onnx.constant dense<[-1, 5, 4]> : tensor<3xi64>
  %ones = onnx.constant dense<1> : tensor<3xi64>
  %nothing = onnx.constant dense<> : tensor<0xi64>
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %end = onnx.constant dense<9223372036854775807> : tensor<1xi64>
  %one = onnx.constant dense<1> : tensor<1xi64>
  %five = onnx.constant dense<5> : tensor<1xi64>
  %a = onnx.Reshape %x, %shape : tensor<1x5x4xf32>, tensor<3xi64> -> tensor<1x5x4xf32>
  %b = onnx.Expand %a, %ones : tensor<1x5x4xf32>, tensor<3xi64> -> tensor<1x5x4xf32>
  %c = onnx.Tile %b, %ones : tensor<1x5x4xf32>, tensor<3xi64> -> tensor<1x5x4xf32>
  %d = onnx.Squeeze %c, %nothing : tensor<1x5x4xf32>, tensor<0xi64> -> tensor<1x5x4xf32>
  %e = onnx.Transpose %d perm = [0, 1, 2] : tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  %f = onnx.Slice %e, %zero, %end, %one, %one : tensor<1x5x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<1x5x4xf32>
  %g = onnx.Concat %f axis = 1 : tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  %h = onnx.Split %g, %five axis = 1 : tensor<1x5x4xf32>, tensor<1xi64> -> tensor<1x5x4xf32>
  func.return %h : tensor<1x5x4xf32>
}
// CHECK:       func.func @moves(
// CHECK-NEXT:    func.return %x : tensor<1x5x4xf32>

func.func @neutral_constants(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %zeros = onnx.constant dense<0.0> : tensor<5x4xf32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %a = onnx.Add %zeros, %x : tensor<5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  %b = onnx.Mul %a, %one : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
  func.return %b : tensor<1x5x4xf32>
}
// CHECK:       func.func @neutral_constants(
// CHECK-NEXT:    func.return %x : tensor<1x5x4xf32>

// As transformers 5 writes attention through the dynamo exporter: a mask that hides nothing, and a
// guard against rows that are all hidden.
func.func @mask_of_transformers(%scores: tensor<1x3x5x5xf32>) -> tensor<1x3x5x5xf32> {
  %all = onnx.constant dense<true> : tensor<1x1x5x1xi1>
  %shape = onnx.constant dense<[1, 1, 5, 5]> : tensor<4xi64>
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %lowest = onnx.constant dense<-3.40282347e+38> : tensor<f32>
  %mask = onnx.Expand %all, %shape : tensor<1x1x5x1xi1>, tensor<4xi64> -> tensor<1x1x5x5xi1>
  %bias = onnx.Where %mask, %zero, %lowest : tensor<1x1x5x5xi1>, tensor<f32>, tensor<f32> -> tensor<1x1x5x5xf32>
  %masked = onnx.Add %scores, %bias : tensor<1x3x5x5xf32>, tensor<1x1x5x5xf32> -> tensor<1x3x5x5xf32>
  %p = onnx.Softmax %masked axis = -1 : tensor<1x3x5x5xf32> -> tensor<1x3x5x5xf32>
  %failed = onnx.IsNaN %p : tensor<1x3x5x5xf32> -> tensor<1x3x5x5xi1>
  %y = onnx.Where %failed, %zero, %p : tensor<1x3x5x5xi1>, tensor<f32>, tensor<1x3x5x5xf32> -> tensor<1x3x5x5xf32>
  func.return %y : tensor<1x3x5x5xf32>
}
// CHECK:       func.func @mask_of_transformers(
// CHECK-NEXT:    %p = onnx.Softmax %scores axis = -1 : tensor<1x3x5x5xf32> -> tensor<1x3x5x5xf32>
// CHECK-NEXT:    func.return %p : tensor<1x3x5x5xf32>

func.func @branches(%x: tensor<1x5x4xf32>, %y: tensor<4xf32>) -> (tensor<1x5x4xf32>, tensor<1x5x4xf32>) {
  %yes = onnx.constant dense<true> : tensor<i1>
  %no = onnx.constant dense<false> : tensor<5x1xi1>
  %left = onnx.Where %yes, %x, %y : tensor<i1>, tensor<1x5x4xf32>, tensor<4xf32> -> tensor<1x5x4xf32>
  %right = onnx.Where %no, %x, %y : tensor<5x1xi1>, tensor<1x5x4xf32>, tensor<4xf32> -> tensor<1x5x4xf32>
  func.return %left, %right : tensor<1x5x4xf32>, tensor<1x5x4xf32>
}
// CHECK:       func.func @branches(
// CHECK-NEXT:    %y_shape = onnx.constant dense<[1, 5, 4]> : tensor<3xi64>
// CHECK-NEXT:    %right = onnx.Expand %y, %y_shape : tensor<4xf32>, tensor<3xi64> -> tensor<1x5x4xf32>
// CHECK-NEXT:    func.return %x, %right : tensor<1x5x4xf32>, tensor<1x5x4xf32>

// What stretches its input, changes its elements or their order, or has several cases stays.
func.func @left_alone(%x: tensor<1x4x4xf32>, %n: tensor<4xi64>) -> (tensor<2x4x4xf32>, tensor<4xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>) {
  %zeros = onnx.constant dense<0.0> : tensor<2x1x1xf32>
  %some = onnx.constant dense<[0.0, 1.0, 0.0, 0.0]> : tensor<4xf32>
  %condition = onnx.constant dense<[true, true, false, true]> : tensor<4xi1>
  %one = onnx.constant dense<1> : tensor<1xi64>
  %three = onnx.constant dense<3> : tensor<1xi64>
  %back = onnx.constant dense<-1> : tensor<1xi64>
  %start = onnx.constant dense<-9> : tensor<1xi64>
  %stretched = onnx.Add %x, %zeros : tensor<1x4x4xf32>, tensor<2x1x1xf32> -> tensor<2x4x4xf32>
  %reals = onnx.Cast %n : tensor<4xi64> -> tensor<4xf32>
  %sum = onnx.Add %x, %some : tensor<1x4x4xf32>, tensor<4xf32> -> tensor<1x4x4xf32>
  %turned = onnx.Transpose %x perm = [0, 2, 1] : tensor<1x4x4xf32> -> tensor<1x4x4xf32>
  %reversed = onnx.Slice %x, %three, %start, %one, %back : tensor<1x4x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<1x4x4xf32>
  %chosen = onnx.Where %condition, %x, %some : tensor<4xi1>, tensor<1x4x4xf32>, tensor<4xf32> -> tensor<1x4x4xf32>
  %failed = onnx.IsNaN %x : tensor<1x4x4xf32> -> tensor<1x4x4xi1>
  %guarded = onnx.Where %failed, %some, %x : tensor<1x4x4xi1>, tensor<4xf32>, tensor<1x4x4xf32> -> tensor<1x4x4xf32>
  %p = onnx.Softmax %x axis = -1 : tensor<1x4x4xf32> -> tensor<1x4x4xf32>
  %other = onnx.Where %failed, %some, %p : tensor<1x4x4xi1>, tensor<4xf32>, tensor<1x4x4xf32> -> tensor<1x4x4xf32>
  func.return %stretched, %reals, %sum, %turned, %reversed, %chosen, %guarded, %other : tensor<2x4x4xf32>, tensor<4xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>
}
// CHECK:       func.func @left_alone(
// CHECK-NEXT:    %zeros = onnx.constant dense<0.000000e+00> : tensor<2x1x1xf32>
// CHECK-NEXT:    %some = onnx.constant dense<[0.000000e+00, 1.000000e+00, 0.000000e+00, 0.000000e+00]> : tensor<4xf32>
// CHECK-NEXT:    %condition = onnx.constant dense<[true, true, false, true]> : tensor<4xi1>
// CHECK-NEXT:    %one = onnx.constant dense<1> : tensor<1xi64>
// CHECK-NEXT:    %three = onnx.constant dense<3> : tensor<1xi64>
// CHECK-NEXT:    %back = onnx.constant dense<-1> : tensor<1xi64>
// CHECK-NEXT:    %start = onnx.constant dense<-9> : tensor<1xi64>
// CHECK-NEXT:    %stretched = onnx.Add %x, %zeros : tensor<1x4x4xf32>, tensor<2x1x1xf32> -> tensor<2x4x4xf32>
// CHECK-NEXT:    %reals = onnx.Cast %n : tensor<4xi64> -> tensor<4xf32>
// CHECK-NEXT:    %sum = onnx.Add %x, %some : tensor<1x4x4xf32>, tensor<4xf32> -> tensor<1x4x4xf32>
// CHECK-NEXT:    %turned = onnx.Transpose %x perm = [0, 2, 1] : tensor<1x4x4xf32> -> tensor<1x4x4xf32>
// CHECK-NEXT:    %reversed = onnx.Slice %x, %three, %start, %one, %back : tensor<1x4x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<1x4x4xf32>
// CHECK-NEXT:    %chosen = onnx.Where %condition, %x, %some : tensor<4xi1>, tensor<1x4x4xf32>, tensor<4xf32> -> tensor<1x4x4xf32>
// CHECK-NEXT:    %failed = onnx.IsNaN %x : tensor<1x4x4xf32> -> tensor<1x4x4xi1>
// CHECK-NEXT:    %guarded = onnx.Where %failed, %some, %x : tensor<1x4x4xi1>, tensor<4xf32>, tensor<1x4x4xf32> -> tensor<1x4x4xf32>
// CHECK-NEXT:    %p = onnx.Softmax %x axis = -1 : tensor<1x4x4xf32> -> tensor<1x4x4xf32>
// CHECK-NEXT:    %other = onnx.Where %failed, %some, %p : tensor<1x4x4xi1>, tensor<4xf32>, tensor<1x4x4xf32> -> tensor<1x4x4xf32>
// CHECK-NEXT:    func.return %stretched, %reals, %sum, %turned, %reversed, %chosen, %guarded, %other : tensor<2x4x4xf32>, tensor<4xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>
