// RUN: vaqf-opt %s -p canonicalize-onnx-arithmetic | filecheck %s
// RUN: vaqf-opt %s -p canonicalize-onnx-arithmetic --print-debuginfo | filecheck %s --check-prefix LOCATION

// Activations stand on the left, then weights, then constants; of two activations the order stays.
func.func @order(%x: tensor<1x5x4xf32>, %y: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %w = onnx.initializer @"fc.bias" : tensor<4xf32>
  %c = onnx.constant dense<3.0> : tensor<f32>
  %size = onnx.constant dense<[1, 4]> : tensor<2xi64>
  %biased = onnx.Add %w, %x : tensor<4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32> loc("/fc/Add")
  %row = onnx.Reshape %w, %size : tensor<4xf32>, tensor<2xi64> -> tensor<1x4xf32>
  %moved = onnx.Mul %row, %biased : tensor<1x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  %shifted = onnx.Mul %c, %w : tensor<f32>, tensor<4xf32> -> tensor<4xf32>
  %sum = onnx.Add %y, %moved : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  %z = onnx.Add %sum, %shifted : tensor<1x5x4xf32>, tensor<4xf32> -> tensor<1x5x4xf32>
  func.return %z : tensor<1x5x4xf32>
}
// CHECK:       func.func @order(
// CHECK-NEXT:    %w = onnx.initializer @fc.bias : tensor<4xf32>
// CHECK-NEXT:    %c = onnx.constant dense<3.000000e+00> : tensor<f32>
// CHECK-NEXT:    %size = onnx.constant dense<[1, 4]> : tensor<2xi64>
// CHECK-NEXT:    %biased = onnx.Add %x, %w : tensor<1x5x4xf32>, tensor<4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %row = onnx.Reshape %w, %size : tensor<4xf32>, tensor<2xi64> -> tensor<1x4xf32>
// CHECK-NEXT:    %moved = onnx.Mul %biased, %row : tensor<1x5x4xf32>, tensor<1x4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %shifted = onnx.Mul %w, %c : tensor<4xf32>, tensor<f32> -> tensor<4xf32>
// CHECK-NEXT:    %sum = onnx.Add %y, %moved : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %z = onnx.Add %sum, %shifted : tensor<1x5x4xf32>, tensor<4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    func.return %z : tensor<1x5x4xf32>
// LOCATION:      onnx.Add %x, %w {{.*}} loc("/fc/Add")

func.func @differences_and_quotients(%x: tensor<1x5x4xf32>, %y: tensor<1x5x4xf32>) -> (tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>) {
  %c = onnx.constant dense<8.0> : tensor<1xf32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %minus = onnx.Sub %x, %c : tensor<1x5x4xf32>, tensor<1xf32> -> tensor<1x5x4xf32>
  %from = onnx.Sub %c, %x : tensor<1xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  %neg = onnx.Neg %x : tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  %by = onnx.Div %x, %c : tensor<1x5x4xf32>, tensor<1xf32> -> tensor<1x5x4xf32>
  %reciprocal = onnx.Reciprocal %y : tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  %times = onnx.Mul %x, %reciprocal : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  func.return %minus, %from, %neg, %by, %times : tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>
}
// CHECK:       func.func @differences_and_quotients(
// CHECK-NEXT:    %c = onnx.constant dense<8.000000e+00> : tensor<1xf32>
// CHECK-NEXT:    %minus_constant = onnx.constant dense<-8.000000e+00> : tensor<1xf32>
// CHECK-NEXT:    %minus = onnx.Add %x, %minus_constant : tensor<1x5x4xf32>, tensor<1xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %from_constant = onnx.constant dense<-1.000000e+00> : tensor<f32>
// CHECK-NEXT:    %from = onnx.Mul %x, %from_constant : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %from_1 = onnx.Add %from, %c : tensor<1x5x4xf32>, tensor<1xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %neg_constant = onnx.constant dense<-1.000000e+00> : tensor<f32>
// CHECK-NEXT:    %neg = onnx.Mul %x, %neg_constant : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %by_constant = onnx.constant dense<1.250000e-01> : tensor<1xf32>
// CHECK-NEXT:    %by = onnx.Mul %x, %by_constant : tensor<1x5x4xf32>, tensor<1xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %times = onnx.Div %x, %y : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    func.return %minus, %from_1, %neg, %by, %times : tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>

func.func @powers(%x: tensor<1x5x4xf32>) -> (tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>) {
  %one = onnx.constant dense<1> : tensor<i32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %three = onnx.constant dense<3> : tensor<1xi64>
  %half = onnx.constant dense<0.5> : tensor<f32>
  %minus_half = onnx.constant dense<-0.5> : tensor<f32>
  %minus_one = onnx.constant dense<-1.0> : tensor<f32>
  %first = onnx.Pow %x, %one : tensor<1x5x4xf32>, tensor<i32> -> tensor<1x5x4xf32>
  %square = onnx.Pow %x, %two : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
  %cube = onnx.Pow %x, %three : tensor<1x5x4xf32>, tensor<1xi64> -> tensor<1x5x4xf32>
  %root = onnx.Pow %x, %half : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
  %inverse_root = onnx.Pow %x, %minus_half : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
  %inverse = onnx.Pow %x, %minus_one : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
  func.return %first, %square, %cube, %root, %inverse_root, %inverse : tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>
}
// CHECK:       func.func @powers(
// CHECK-NEXT:    %square = onnx.Mul %x, %x : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %cube = onnx.Mul %x, %x : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %cube_1 = onnx.Mul %cube, %x : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %root = onnx.Sqrt %x : tensor<1x5x4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %inverse_root_constant = onnx.constant dense<1.000000e+00> : tensor<f32>
// CHECK-NEXT:    %inverse_root = onnx.Sqrt %x : tensor<1x5x4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %inverse_root_1 = onnx.Div %inverse_root_constant, %inverse_root : tensor<f32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %inverse_constant = onnx.constant dense<1.000000e+00> : tensor<f32>
// CHECK-NEXT:    %inverse = onnx.Div %inverse_constant, %x : tensor<f32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    func.return %x, %square, %cube_1, %root, %inverse_root_1, %inverse : tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>

// The constant of a quotient stays on the left of it: there is nothing else to divide.
func.func @quotient_of_constant(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %two = onnx.constant dense<2.0> : tensor<f32>
  %three = onnx.constant dense<3.0> : tensor<f32>
  %a = onnx.Div %two, %x : tensor<f32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  %b = onnx.Mul %three, %a : tensor<f32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  func.return %b : tensor<1x5x4xf32>
}
// CHECK:       func.func @quotient_of_constant(
// CHECK-NEXT:    %two = onnx.constant dense<2.000000e+00> : tensor<f32>
// CHECK-NEXT:    %three = onnx.constant dense<3.000000e+00> : tensor<f32>
// CHECK-NEXT:    %a = onnx.Div %two, %x : tensor<f32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %b = onnx.Mul %a, %three : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    func.return %b : tensor<1x5x4xf32>

// Neighbouring constants become one; those that cancel are gone.
func.func @constants(%x: tensor<1x5x4xf32>, %y: tensor<1x5x4xf32>) -> (tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>) {
  %two = onnx.constant dense<2.0> : tensor<f32>
  %half = onnx.constant dense<0.5> : tensor<1x1xf32>
  %six = onnx.constant dense<6.0> : tensor<f32>
  %a = onnx.Mul %x, %two : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
  %b = onnx.Mul %six, %a : tensor<f32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  %c = onnx.Mul %a, %half : tensor<1x5x4xf32>, tensor<1x1xf32> -> tensor<1x5x4xf32>
  %d = onnx.Add %x, %two : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
  %e = onnx.Sub %d, %six : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
  func.return %b, %c, %e : tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>
}
// CHECK:       func.func @constants(
// CHECK-NEXT:    %b_constant = onnx.constant dense<1.200000e+01> : tensor<f32>
// CHECK-NEXT:    %b = onnx.Mul %x, %b_constant : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %e_constant = onnx.constant dense<-4.000000e+00> : tensor<f32>
// CHECK-NEXT:    %e = onnx.Add %x, %e_constant : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    func.return %b, %x, %e : tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>

// Constant factors come last.
func.func @factors(%x: tensor<1x5x4xf32>, %y: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %two = onnx.constant dense<2.0> : tensor<f32>
  %three = onnx.constant dense<3.0> : tensor<f32>
  %a = onnx.Mul %x, %two : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
  %b = onnx.Mul %three, %y : tensor<f32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  %c = onnx.Mul %b, %a : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  func.return %c : tensor<1x5x4xf32>
}
// CHECK:       func.func @factors(
// CHECK-NEXT:    %c = onnx.Mul %x, %y : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %c_constant = onnx.constant dense<6.000000e+00> : tensor<f32>
// CHECK-NEXT:    %c_1 = onnx.Mul %c, %c_constant : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    func.return %c_1 : tensor<1x5x4xf32>

func.func @gemm(%x: tensor<5x4xf32>) -> (tensor<5x6xf32>, tensor<5x6xf32>, tensor<5x6xf32>, tensor<5x6xf32>) {
  %w = onnx.initializer @w : tensor<6x4xf32>
  %bias = onnx.initializer @b : tensor<6xf32>
  %scaled = onnx.Gemm %x, %w {alpha = 0.5 : f32, transB = 1 : i64} : tensor<5x4xf32>, tensor<6x4xf32> -> tensor<5x6xf32>
  %both = onnx.Gemm %x, %w, %bias {alpha = 0.5 : f32, beta = 0.5 : f32, transB = 1 : i64} : tensor<5x4xf32>, tensor<6x4xf32>, tensor<6xf32> -> tensor<5x6xf32>
  %none = onnx.Gemm %x, %w, %bias {beta = 0.0 : f32, transB = 1 : i64} : tensor<5x4xf32>, tensor<6x4xf32>, tensor<6xf32> -> tensor<5x6xf32>
  %mixed = onnx.Gemm %x, %w, %bias {alpha = 0.5 : f32, transB = 1 : i64} : tensor<5x4xf32>, tensor<6x4xf32>, tensor<6xf32> -> tensor<5x6xf32>
  func.return %scaled, %both, %none, %mixed : tensor<5x6xf32>, tensor<5x6xf32>, tensor<5x6xf32>, tensor<5x6xf32>
}
// CHECK:       func.func @gemm(
// CHECK-NEXT:    %w = onnx.initializer @w : tensor<6x4xf32>
// CHECK-NEXT:    %bias = onnx.initializer @b : tensor<6xf32>
// CHECK-NEXT:    %scaled = onnx.Gemm %x, %w {transB = 1 : i64} : tensor<5x4xf32>, tensor<6x4xf32> -> tensor<5x6xf32>
// CHECK-NEXT:    %scaled_constant = onnx.constant dense<5.000000e-01> : tensor<f32>
// CHECK-NEXT:    %scaled_1 = onnx.Mul %scaled, %scaled_constant : tensor<5x6xf32>, tensor<f32> -> tensor<5x6xf32>
// CHECK-NEXT:    %both = onnx.Gemm %x, %w, %bias {transB = 1 : i64} : tensor<5x4xf32>, tensor<6x4xf32>, tensor<6xf32> -> tensor<5x6xf32>
// CHECK-NEXT:    %both_constant = onnx.constant dense<5.000000e-01> : tensor<f32>
// CHECK-NEXT:    %both_1 = onnx.Mul %both, %both_constant : tensor<5x6xf32>, tensor<f32> -> tensor<5x6xf32>
// CHECK-NEXT:    %none = onnx.Gemm %x, %w {transB = 1 : i64} : tensor<5x4xf32>, tensor<6x4xf32> -> tensor<5x6xf32>
// CHECK-NEXT:    %mixed = onnx.Gemm %x, %w, %bias {alpha = 5.000000e-01 : f32, transB = 1 : i64} : tensor<5x4xf32>, tensor<6x4xf32>, tensor<6xf32> -> tensor<5x6xf32>
// CHECK-NEXT:    func.return %scaled_1, %both_1, %none, %mixed : tensor<5x6xf32>, tensor<5x6xf32>, tensor<5x6xf32>, tensor<5x6xf32>

// What has no constant stays, and so do integers, constants that differ, and results that `float32` does not hold.
func.func @left_alone(%x: tensor<1x5x4xf32>, %y: tensor<1x5x4xf32>, %n: tensor<4xi64>) -> (tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<4xi64>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>) {
  %w = onnx.initializer @w : tensor<4xf32>
  %several = onnx.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %integer = onnx.constant dense<2> : tensor<i64>
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %tiny = onnx.constant dense<1.0e-39> : tensor<f32>
  %four = onnx.constant dense<4.0> : tensor<f32>
  %difference = onnx.Sub %x, %y : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  %quotient = onnx.Div %x, %w : tensor<1x5x4xf32>, tensor<4xf32> -> tensor<1x5x4xf32>
  %by_several = onnx.Div %x, %several : tensor<1x5x4xf32>, tensor<4xf32> -> tensor<1x5x4xf32>
  %by_zero = onnx.Div %x, %zero : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
  %half = onnx.Div %n, %integer : tensor<4xi64>, tensor<i64> -> tensor<4xi64>
  %by_tiny = onnx.Div %x, %tiny : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
  %fourth = onnx.Pow %x, %four : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
  %any = onnx.Pow %x, %y : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  func.return %difference, %quotient, %by_several, %by_zero, %half, %by_tiny, %fourth, %any : tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<4xi64>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>
}
// CHECK:       func.func @left_alone(
// CHECK-NEXT:    %w = onnx.initializer @w : tensor<4xf32>
// CHECK-NEXT:    %several = onnx.constant dense<[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00]> : tensor<4xf32>
// CHECK-NEXT:    %integer = onnx.constant dense<2> : tensor<i64>
// CHECK-NEXT:    %zero = onnx.constant dense<0.000000e+00> : tensor<f32>
// CHECK-NEXT:    %tiny = onnx.constant dense<1.000000e-39> : tensor<f32>
// CHECK-NEXT:    %four = onnx.constant dense<4.000000e+00> : tensor<f32>
// CHECK-NEXT:    %difference = onnx.Sub %x, %y : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %quotient = onnx.Div %x, %w : tensor<1x5x4xf32>, tensor<4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %by_several = onnx.Div %x, %several : tensor<1x5x4xf32>, tensor<4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %by_zero = onnx.Div %x, %zero : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %half = onnx.Div %n, %integer : tensor<4xi64>, tensor<i64> -> tensor<4xi64>
// CHECK-NEXT:    %by_tiny = onnx.Div %x, %tiny : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %fourth = onnx.Pow %x, %four : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    %any = onnx.Pow %x, %y : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
// CHECK-NEXT:    func.return %difference, %quotient, %by_several, %by_zero, %half, %by_tiny, %fourth, %any : tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<4xi64>, tensor<1x5x4xf32>, tensor<1x5x4xf32>, tensor<1x5x4xf32>
