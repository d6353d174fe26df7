// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @opaque(%x: tensor<1x3x32x32xf32>, %tokens: tensor<1x7xi64>) {
  %w = onnx.initializer @w : tensor<8x3x3x3xf32>
  %s = onnx.initializer @steps : tensor<4xui8>

  %window = onnx.Opaque "com.example" "Window" (%x) : (tensor<1x3x32x32xf32>) -> tensor<*xf32>
  // CHECK:      %window = onnx.Opaque "com.example" "Window"(%x) : (tensor<1x3x32x32xf32>) -> tensor<*xf32>

  %abs = onnx.Opaque "" "Abs" (%window) follows "/layers.0/Window" : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK-NEXT: %abs = onnx.Opaque "" "Abs"(%window) follows "/layers.0/Window" : (tensor<*xf32>) -> tensor<*xf32>

  %conv = onnx.Opaque "" "Conv" (%x, %w) reason "auto_pad is SAME_UPPER" : (tensor<1x3x32x32xf32>, tensor<8x3x3x3xf32>) -> tensor<1x8x32x32xf32>
  // CHECK-NEXT: %conv = onnx.Opaque "" "Conv"(%x, %w) reason "auto_pad is SAME_UPPER" : (tensor<1x3x32x32xf32>, tensor<8x3x3x3xf32>) -> tensor<1x8x32x32xf32>

  %values, %indices = onnx.Opaque "" "Unique" (%tokens) : (tensor<1x7xi64>) -> (tensor<*xf32>, tensor<*xf32>)
  // CHECK-NEXT: %values, %indices = onnx.Opaque "" "Unique"(%tokens) : (tensor<1x7xi64>) -> (tensor<*xf32>, tensor<*xf32>)

  %noise = onnx.Opaque "" "RandomNormal" () : () -> tensor<2x2xf32>
  // CHECK-NEXT: %noise = onnx.Opaque "" "RandomNormal"() : () -> tensor<2x2xf32>
  func.return
}
