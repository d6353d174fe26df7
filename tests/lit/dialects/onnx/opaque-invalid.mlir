// RUN: vaqf-opt %s --verify-diagnostics --parsing-diagnostics --split-input-file | filecheck %s

// CHECK: 'op_type' is empty, expected the name of an operator
func.func @no_operator(%x: tensor<3xf32>) {
  %y = onnx.Opaque "" "" (%x) : (tensor<3xf32>) -> tensor<3xf32>
  func.return
}

// -----

// CHECK: 'reason' and 'follows' are both given, expected one of them
func.func @two_reasons(%x: tensor<*xf32>) {
  %y = onnx.Opaque "" "Abs" (%x) reason "no" follows "/Window" : (tensor<*xf32>) -> tensor<*xf32>
  func.return
}

// -----

// CHECK: 'follows' is given, but the shapes of all operands are known
func.func @follows_nothing(%x: tensor<3xf32>) {
  %y = onnx.Opaque "" "Abs" (%x) follows "/Window" : (tensor<3xf32>) -> tensor<3xf32>
  func.return
}

// -----

// CHECK: Unexpected attribute f32
func.func @no_tensor(%x: f32) {
  %y = onnx.Opaque "" "Abs" (%x) : (f32) -> tensor<3xf32>
  func.return
}

// -----

// CHECK: 'value' is tensor<4xindex>, expected numbers
func.func @elements() {
  %w = onnx.initializer @w : tensor<4xindex>
  func.return
}
