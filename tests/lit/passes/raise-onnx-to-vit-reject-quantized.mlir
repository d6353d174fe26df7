// RUN: vaqf-opt %s -p raise-onnx-to-vit --verify-diagnostics --split-input-file
// RUN: not vaqf-opt %models/quantized/qdq_everything.onnx -p %to_vit 2>&1 | filecheck %s --check-prefix EVERYTHING

// EVERYTHING: x QuantizeLinear: activations are rounded about another zero point than 0: with quantize_static, take ActivationSymmetric=True
// EVERYTHING: at {{.*}}pixel_values_QuantizeLinear

func.func @asymmetric(%x: tensor<1x4x6xf32>) -> tensor<1x4x6xf32> {
  %s = onnx.constant dense<0.25> : tensor<f32>
  %zero = onnx.constant dense<127> : tensor<ui8>
  // expected-error@+1 {{QuantizeLinear: activations are rounded about another zero point than 128: with quantize_static, take ActivationSymmetric=True}}
  %q = onnx.QuantizeLinear %x, %s, %zero axis = 1 : tensor<1x4x6xf32>, tensor<f32>, tensor<ui8> -> tensor<1x4x6xui8>
  %y = onnx.DequantizeLinear %q, %s, %zero axis = 1 : tensor<1x4x6xui8>, tensor<f32>, tensor<ui8> -> tensor<1x4x6xf32>
  func.return %y : tensor<1x4x6xf32>
}

// -----

func.func @unsigned(%x: tensor<1x4x6xf32>) -> tensor<1x4x6xf32> {
  %s = onnx.constant dense<0.25> : tensor<f32>
  // expected-error@+1 {{QuantizeLinear: activations are rounded to 0 to 255, accepted are signed integers: take QuantType.QInt8 and ActivationSymmetric=True, or in Brevitas Int8ActPerTensorFloat}}
  %q = onnx.QuantizeLinear %x, %s axis = 1 : tensor<1x4x6xf32>, tensor<f32> -> tensor<1x4x6xui8>
  %y = onnx.DequantizeLinear %q, %s axis = 1 : tensor<1x4x6xui8>, tensor<f32> -> tensor<1x4x6xf32>
  func.return %y : tensor<1x4x6xf32>
}

// -----

func.func @per_channel(%x: tensor<1x4x6xf32>) -> tensor<1x4x6xf32> {
  %s = onnx.initializer @s : tensor<6xf32>
  %zero = onnx.constant dense<0> : tensor<6xi8>
  // expected-error@+1 {{QuantizeLinear: the activations have a scale for each index of dimension 2, accepted is one for all}}
  %q = onnx.QuantizeLinear %x, %s, %zero axis = 2 : tensor<1x4x6xf32>, tensor<6xf32>, tensor<6xi8> -> tensor<1x4x6xi8>
  %y = onnx.DequantizeLinear %q, %s, %zero axis = 2 : tensor<1x4x6xi8>, tensor<6xf32>, tensor<6xi8> -> tensor<1x4x6xf32>
  func.return %y : tensor<1x4x6xf32>
}

// -----

func.func @two_scales(%x: tensor<1x4x6xf32>) -> tensor<1x4x6xf32> {
  %s = onnx.constant dense<0.25> : tensor<f32>
  %t = onnx.constant dense<0.5> : tensor<f32>
  %zero = onnx.constant dense<0> : tensor<i8>
  %q = onnx.QuantizeLinear %x, %s, %zero axis = 1 : tensor<1x4x6xf32>, tensor<f32>, tensor<i8> -> tensor<1x4x6xi8>
  // expected-error@+1 {{DequantizeLinear: its scale and zero point are 0.5 and 0, those of the rounding before it 0.25 and 0}}
  %y = onnx.DequantizeLinear %q, %t, %zero axis = 1 : tensor<1x4x6xi8>, tensor<f32>, tensor<i8> -> tensor<1x4x6xf32>
  func.return %y : tensor<1x4x6xf32>
}

// -----

func.func @before_the_bias(%x: tensor<1x4x6xf32>) -> tensor<1x4x8xf32> {
  %w = onnx.initializer @w : tensor<6x8xf32>
  %b = onnx.initializer @b : tensor<8xf32>
  %mm = onnx.MatMul %x, %w : tensor<1x4x6xf32>, tensor<6x8xf32> -> tensor<1x4x8xf32>
  %s = onnx.constant dense<0.25> : tensor<f32>
  %zero = onnx.constant dense<0> : tensor<i8>
  %q = onnx.QuantizeLinear %mm, %s, %zero axis = 1 : tensor<1x4x8xf32>, tensor<f32>, tensor<i8> -> tensor<1x4x8xi8>
  %r = onnx.DequantizeLinear %q, %s, %zero axis = 1 : tensor<1x4x8xi8>, tensor<f32>, tensor<i8> -> tensor<1x4x8xf32>
  // expected-error@+1 {{Add: it adds a bias to a product that is rounded before: leave it out: with quantize_static, op_types_to_quantize=['Conv', 'Gemm', 'MatMul'] and extra_options={'OpTypesToExcludeOutputQuantization': ['Conv', 'Gemm', 'MatMul']}}}
  %y = onnx.Add %r, %b : tensor<1x4x8xf32>, tensor<8xf32> -> tensor<1x4x8xf32>
  func.return %y : tensor<1x4x8xf32>
}

// -----

func.func @scores(%x: tensor<1x4x6xf32>) -> tensor<1x4x4xf32> {
  %t = onnx.Transpose %x perm = [0, 2, 1] : tensor<1x4x6xf32> -> tensor<1x6x4xf32>
  %scores = onnx.MatMul %x, %t : tensor<1x4x6xf32>, tensor<1x6x4xf32> -> tensor<1x4x4xf32>
  %s = onnx.constant dense<0.25> : tensor<f32>
  %zero = onnx.constant dense<0> : tensor<i8>
  // expected-error@+1 {{QuantizeLinear: it rounds attention scores, whose softmax is exact: leave it out}}
  %q = onnx.QuantizeLinear %scores, %s, %zero axis = 1 : tensor<1x4x4xf32>, tensor<f32>, tensor<i8> -> tensor<1x4x4xi8>
  %r = onnx.DequantizeLinear %q, %s, %zero axis = 1 : tensor<1x4x4xi8>, tensor<f32>, tensor<i8> -> tensor<1x4x4xf32>
  %p = onnx.Softmax %r axis = -1 : tensor<1x4x4xf32> -> tensor<1x4x4xf32>
  func.return %p : tensor<1x4x4xf32>
}

// -----

func.func @blocks(%x: tensor<1x4x6xf32>) -> tensor<1x4x8xf32> {
  %w = onnx.initializer @w : tensor<6x8xi8>
  %s = onnx.initializer @s : tensor<2x8xf32>
  // expected-error@+1 {{DequantizeLinear: blocks of 3 values have scales of their own, accepted is one scale for a weight or one for each of its output channels}}
  %r = onnx.DequantizeLinear %w, %s axis = 0 blocks = 3 : tensor<6x8xi8>, tensor<2x8xf32> -> tensor<6x8xf32>
  %y = onnx.MatMul %x, %r : tensor<1x4x6xf32>, tensor<6x8xf32> -> tensor<1x4x8xf32>
  func.return %y : tensor<1x4x8xf32>
}

// -----

func.func @input_channels(%x: tensor<1x4x6xf32>) -> tensor<1x4x8xf32> {
  %w = onnx.initializer @w : tensor<6x8xf32>
  %s = onnx.initializer @s : tensor<6x1xf32>
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %bits = onnx.constant dense<4.0> : tensor<f32>
  %r = onnx.Quant %w, %s, %zero, %bits {narrow = 1 : i64, rounding_mode = "ROUND", signed = 1 : i64} : tensor<6x8xf32>, tensor<6x1xf32>, tensor<f32>, tensor<f32> -> tensor<6x8xf32>
  // expected-error@+1 {{MatMul: the 6 indices of dimension 1 of a weight of shape (8, 6) have scales of their own, expected its 8 output channels}}
  %y = onnx.MatMul %x, %r : tensor<1x4x6xf32>, tensor<6x8xf32> -> tensor<1x4x8xf32>
  func.return %y : tensor<1x4x8xf32>
}

// -----

func.func @qonnx(%x: tensor<1x4x6xf32>) -> (tensor<1x4x6xf32>, tensor<1x4x6xf32>, tensor<1x4x6xf32>, tensor<1x4x6xf32>) {
  %s = onnx.constant dense<0.25> : tensor<f32>
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %three = onnx.constant dense<3.0> : tensor<f32>
  %bits = onnx.constant dense<4.0> : tensor<f32>
  %half = onnx.constant dense<4.5> : tensor<f32>
  // expected-error@+1 {{Quant: activations are rounded to -7 to 7, expected all integers of 4 bits: take narrow_range=False}}
  %a = onnx.Quant %x, %s, %zero, %bits {narrow = 1 : i64, rounding_mode = "ROUND", signed = 1 : i64} : tensor<1x4x6xf32>, tensor<f32>, tensor<f32>, tensor<f32> -> tensor<1x4x6xf32>
  // expected-error@+1 {{Quant: 'rounding_mode' is FLOOR, accepted is ROUND}}
  %b = onnx.Quant %x, %s, %zero, %bits {narrow = 0 : i64, rounding_mode = "FLOOR", signed = 1 : i64} : tensor<1x4x6xf32>, tensor<f32>, tensor<f32>, tensor<f32> -> tensor<1x4x6xf32>
  // expected-error@+1 {{Quant: 'zero_point' is 3, accepted is 0: take a symmetric quantizer, in Brevitas Int8ActPerTensorFloat for activations and Int8WeightPerChannelFloat for weights}}
  %c = onnx.Quant %x, %s, %three, %bits {narrow = 0 : i64, rounding_mode = "ROUND", signed = 1 : i64} : tensor<1x4x6xf32>, tensor<f32>, tensor<f32>, tensor<f32> -> tensor<1x4x6xf32>
  // expected-error@+1 {{Quant: it rounds to 4.5 bits, accepted are 1 to 16}}
  %d = onnx.Quant %x, %s, %zero, %half {narrow = 0 : i64, rounding_mode = "ROUND", signed = 1 : i64} : tensor<1x4x6xf32>, tensor<f32>, tensor<f32>, tensor<f32> -> tensor<1x4x6xf32>
  func.return %a, %b, %c, %d : tensor<1x4x6xf32>, tensor<1x4x6xf32>, tensor<1x4x6xf32>, tensor<1x4x6xf32>
}
