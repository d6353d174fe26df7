// RUN: vaqf-opt %s -p fold-onnx-constants --verify-diagnostics --split-input-file

func.func @index() -> tensor<i64> {
  %list = onnx.constant dense<[1, 2, 3]> : tensor<3xi64>
  %three = onnx.constant dense<3> : tensor<i64>
  %four = onnx.constant dense<4> : tensor<i64>
  %index = onnx.Add %three, %four : tensor<i64>, tensor<i64> -> tensor<i64>
  // expected-error@+1 {{'onnx.Gather': index 7 is out of bounds for axis 0 with size 3}}
  %y = onnx.Gather %list, %index axis = 0 : tensor<3xi64>, tensor<i64> -> tensor<i64>
  func.return %y : tensor<i64>
}

// -----

func.func @no_quotient() -> tensor<i64> {
  %one = onnx.constant dense<1> : tensor<i64>
  %zero = onnx.constant dense<0> : tensor<i64>
  // expected-error@+1 {{'onnx.Div': divides an integer by 0}}
  %y = onnx.Div %one, %zero : tensor<i64>, tensor<i64> -> tensor<i64>
  func.return %y : tensor<i64>
}

// -----

func.func @no_remainder() -> tensor<2xi64> {
  %one = onnx.constant dense<1> : tensor<2xi64>
  %zero = onnx.constant dense<[2, 0]> : tensor<2xi64>
  // expected-error@+1 {{'onnx.Mod': divides an integer by 0}}
  %y = onnx.Mod %one, %zero fmod = 0 : tensor<2xi64>, tensor<2xi64> -> tensor<2xi64>
  func.return %y : tensor<2xi64>
}
