// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @no_operator(%x: tensor<3xf32>) {
  // expected-error@+1 {{'op_type' is empty, expected the name of an operator}}
  %y = onnx.Opaque "" "" (%x) : (tensor<3xf32>) -> tensor<3xf32>
  func.return
}

// -----

func.func @two_reasons(%x: tensor<*xf32>) {
  // expected-error@+1 {{'reason' and 'follows' are both given, expected one of them}}
  %y = onnx.Opaque "" "Abs" (%x) reason "no" follows "/Window" : (tensor<*xf32>) -> tensor<*xf32>
  func.return
}

// -----

func.func @follows_nothing(%x: tensor<3xf32>) {
  // expected-error@+1 {{'follows' is given, but the shapes of all operands are known}}
  %y = onnx.Opaque "" "Abs" (%x) follows "/Window" : (tensor<3xf32>) -> tensor<3xf32>
  func.return
}

// -----

func.func @no_tensor(%x: f32) {
  // expected-error@+1 {{Unexpected attribute f32}}
  %y = onnx.Opaque "" "Abs" (%x) : (f32) -> tensor<3xf32>
  func.return
}

// -----

func.func @elements() {
  // expected-error@+1 {{'value' is tensor<4xindex>, expected numbers}}
  %w = onnx.initializer @w : tensor<4xindex>
  func.return
}
