// RUN: vaqf-opt %s -p fold-onnx-constants | filecheck %s

// How torch writes `cls_token.expand(batch, -1, -1)`: all of it follows from the shape of the image.
func.func @class_token(%image: tensor<1x3x32x32xf32>) -> tensor<1x1x6xf32> {
  %minus = onnx.constant dense<-1> : tensor<1xi64>
  %batch = onnx.Shape %image start = 0 end = 1 : tensor<1x3x32x32xf32> -> tensor<1xi64>
  %asked = onnx.Concat %batch, %minus, %minus axis = 0 : tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<3xi64>
  %rank = onnx.Shape %asked start = 0 : tensor<3xi64> -> tensor<1xi64>
  %ones = onnx.ConstantOfShape %rank value = dense<1> : tensor<1xi64> : tensor<1xi64> -> tensor<3xi64>
  %minuses = onnx.Mul %ones, %minus : tensor<3xi64>, tensor<1xi64> -> tensor<3xi64>
  %kept = onnx.Equal %asked, %minuses : tensor<3xi64>, tensor<3xi64> -> tensor<3xi1>
  %wanted = onnx.Where %kept, %ones, %asked : tensor<3xi1>, tensor<3xi64>, tensor<3xi64> -> tensor<3xi64>
  %token = onnx.initializer @cls_token : tensor<1x1x6xf32>
  %expanded = onnx.Expand %token, %wanted : tensor<1x1x6xf32>, tensor<3xi64> -> tensor<1x1x6xf32>
  func.return %expanded : tensor<1x1x6xf32>
}
// CHECK:       func.func @class_token(%image: tensor<1x3x32x32xf32>) -> tensor<1x1x6xf32> {
// CHECK-NEXT:    %wanted = onnx.constant dense<1> : tensor<3xi64>
// CHECK-NEXT:    %token = onnx.initializer @cls_token : tensor<1x1x6xf32>
// CHECK-NEXT:    %expanded = onnx.Expand %token, %wanted : tensor<1x1x6xf32>, tensor<3xi64> -> tensor<1x1x6xf32>
// CHECK-NEXT:    func.return %expanded : tensor<1x1x6xf32>

// A weight is never computed with, but its shape is known.
func.func @weights(%x: tensor<4x6xf32>) -> (tensor<4x6xf32>, tensor<4x6xf32>) {
  %w = onnx.initializer @w : tensor<6xf32>
  %size = onnx.Size %w : tensor<6xf32> -> tensor<i64>
  %real = onnx.Cast %size : tensor<i64> -> tensor<f32>
  %root = onnx.Sqrt %real : tensor<f32> -> tensor<f32>
  %scaled = onnx.Mul %w, %root : tensor<6xf32>, tensor<f32> -> tensor<6xf32>
  %a = onnx.Add %x, %scaled : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  %b = onnx.Add %x, %w : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return %a, %b : tensor<4x6xf32>, tensor<4x6xf32>
}
// CHECK:       func.func @weights
// CHECK-NEXT:    %w = onnx.initializer @w : tensor<6xf32>
// CHECK-NEXT:    %root = onnx.constant dense<2.44948983> : tensor<f32>
// CHECK-NEXT:    %scaled = onnx.Mul %w, %root
// CHECK-NEXT:    %a = onnx.Add %x, %scaled
// CHECK-NEXT:    %b = onnx.Add %x, %w
// CHECK-NEXT:    func.return

// A mask whose elements differ is too large for a constant; what is computed from it is not.
func.func @masks(%x: tensor<64x64xf32>) -> (tensor<64x64xf32>, tensor<64x64xf32>) {
  %shape = onnx.Shape %x start = 0 : tensor<64x64xf32> -> tensor<2xi64>
  %ones = onnx.ConstantOfShape %shape value = dense<1.0> : tensor<1xf32> : tensor<2xi64> -> tensor<64x64xf32>
  %triangle = onnx.Trilu %ones upper = 0 : tensor<64x64xf32> -> tensor<64x64xf32>
  %axes = onnx.constant dense<0> : tensor<1xi64>
  %largest = onnx.ReduceMax %triangle, %axes keepdims = 0 : tensor<64x64xf32>, tensor<1xi64> -> tensor<64xf32>
  %causal = onnx.Mul %x, %triangle : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
  %same = onnx.Mul %x, %largest : tensor<64x64xf32>, tensor<64xf32> -> tensor<64x64xf32>
  func.return %causal, %same : tensor<64x64xf32>, tensor<64x64xf32>
}
// CHECK:       func.func @masks
// CHECK-NEXT:    %ones = onnx.constant dense<1.000000e+00> : tensor<64x64xf32>
// CHECK-NEXT:    %triangle = onnx.Trilu %ones upper = 0
// CHECK-NEXT:    %largest = onnx.constant dense<1.000000e+00> : tensor<64xf32>
// CHECK-NEXT:    %causal = onnx.Mul %x, %triangle
// CHECK-NEXT:    %same = onnx.Mul %x, %largest
// CHECK-NEXT:    func.return

// More than 65,536 elements are not computed, even if they are all the same.
func.func @large() -> tensor<257x256xf32> {
  %shape = onnx.constant dense<[257, 256]> : tensor<2xi64>
  %ones = onnx.ConstantOfShape %shape value = dense<1.0> : tensor<1xf32> : tensor<2xi64> -> tensor<257x256xf32>
  func.return %ones : tensor<257x256xf32>
}
// CHECK:       func.func @large() -> tensor<257x256xf32> {
// CHECK-NEXT:    %shape = onnx.constant
// CHECK-NEXT:    %ones = onnx.ConstantOfShape %shape

// Several results of one operation; those that nothing needs are gone.
func.func @pieces(%x: tensor<2x6xf32>) -> tensor<3x4xf32> {
  %sizes = onnx.constant dense<2> : tensor<2xi64>
  %all = onnx.constant dense<[3, 4, 5, 6]> : tensor<4xi64>
  %shape, %rest = onnx.Split %all, %sizes axis = 0 : tensor<4xi64>, tensor<2xi64> -> tensor<2xi64>, tensor<2xi64>
  %dead = onnx.Add %x, %x : tensor<2x6xf32>, tensor<2x6xf32> -> tensor<2x6xf32>
  %y = onnx.Reshape %x, %shape : tensor<2x6xf32>, tensor<2xi64> -> tensor<3x4xf32>
  func.return %y : tensor<3x4xf32>
}
// CHECK:       func.func @pieces
// CHECK-NEXT:    %shape = onnx.constant dense<[3, 4]> : tensor<2xi64>
// CHECK-NEXT:    %y = onnx.Reshape %x, %shape
// CHECK-NEXT:    func.return

// Nothing is known of a node that has no operation.
func.func @opaque() -> tensor<3xf32> {
  %shape = onnx.constant dense<3> : tensor<1xi64>
  %noise = onnx.Opaque "" "RandomNormal" (%shape) : (tensor<1xi64>) -> tensor<3xf32>
  %y = onnx.Exp %noise : tensor<3xf32> -> tensor<3xf32>
  func.return %y : tensor<3xf32>
}
// CHECK:       func.func @opaque
// CHECK-NEXT:    %shape = onnx.constant
// CHECK-NEXT:    %noise = onnx.Opaque "" "RandomNormal"(%shape)
// CHECK-NEXT:    %y = onnx.Exp %noise
