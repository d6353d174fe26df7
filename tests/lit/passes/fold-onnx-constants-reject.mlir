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
