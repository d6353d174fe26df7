// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @reductions(%x: tensor<4x6xf32>, %axes: tensor<1xi64>, %axis: tensor<i64>) {
  %last = onnx.constant dense<-1> : tensor<1xi64>
  // CHECK: %last = onnx.constant dense<-1> : tensor<1xi64>
  %a = onnx.ReduceMean %x, %last keepdims = 1 : tensor<4x6xf32>, tensor<1xi64> -> tensor<4x1xf32>
  // CHECK-NEXT: %a = onnx.ReduceMean %x, %last keepdims = 1 : tensor<4x6xf32>, tensor<1xi64> -> tensor<4x1xf32>
  %b = onnx.ReduceSum %x, %last keepdims = 0 : tensor<4x6xf32>, tensor<1xi64> -> tensor<4xf32>
  // CHECK-NEXT: %b = onnx.ReduceSum %x, %last keepdims = 0 : tensor<4x6xf32>, tensor<1xi64> -> tensor<4xf32>
  %c = onnx.ReduceProd %x, %last keepdims = 1 : tensor<4x6xf32>, tensor<1xi64> -> tensor<4x1xf32>
  // CHECK-NEXT: %c = onnx.ReduceProd %x, %last keepdims = 1 : tensor<4x6xf32>, tensor<1xi64> -> tensor<4x1xf32>
  %d = onnx.ReduceMax %x, %axes keepdims = 0 : tensor<4x6xf32>, tensor<1xi64> -> tensor<6xf32>
  // CHECK-NEXT: %d = onnx.ReduceMax %x, %axes keepdims = 0 : tensor<4x6xf32>, tensor<1xi64> -> tensor<6xf32>
  %e = onnx.ReduceMin %x, %last keepdims = 1 : tensor<4x6xf32>, tensor<1xi64> -> tensor<4x1xf32>
  // CHECK-NEXT: %e = onnx.ReduceMin %x, %last keepdims = 1 : tensor<4x6xf32>, tensor<1xi64> -> tensor<4x1xf32>
  %f = onnx.CumSum %x, %axis exclusive = 1 reverse = 0 : tensor<4x6xf32>, tensor<i64> -> tensor<4x6xf32>
  // CHECK-NEXT: %f = onnx.CumSum %x, %axis exclusive = 1 reverse = 0 : tensor<4x6xf32>, tensor<i64> -> tensor<4x6xf32>
  func.return
}
