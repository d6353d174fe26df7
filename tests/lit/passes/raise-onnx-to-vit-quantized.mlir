// RUN: vaqf-opt %s -p raise-onnx-to-vit | filecheck %s
// RUN: vaqf-opt %models/quantized/qdq_int8_per_channel.onnx -p %to_vit | filecheck %s --check-prefix QDQ
// RUN: vaqf-opt %models/quantized/qonnx_w1a6.onnx -p %to_vit | filecheck %s --check-prefix QONNX

// Weights are integers of the file with their scales, output channels first, and so is the bias. The
// rounding of what is only moved becomes a pair on the value itself.
func.func @linear(%x: tensor<1x4x6xf32>) -> tensor<1x4x8xf32> {
  %s = onnx.constant dense<0.015625> : tensor<f32>
  %q = onnx.QuantizeLinear %x, %s axis = 1 : tensor<1x4x6xf32>, tensor<f32> -> tensor<1x4x6xi16>
  %r = onnx.DequantizeLinear %q, %s axis = 1 : tensor<1x4x6xi16>, tensor<f32> -> tensor<1x4x6xf32>
  %w = onnx.initializer @w : tensor<6x8xf32>
  %ws = onnx.initializer @ws : tensor<1x8xf32>
  %none = onnx.constant dense<0.0> : tensor<f32>
  %bits = onnx.constant dense<4.0> : tensor<f32>
  %wr = onnx.Quant %w, %ws, %none, %bits {narrow = 1 : i64, rounding_mode = "ROUND", signed = 1 : i64} : tensor<6x8xf32>, tensor<1x8xf32>, tensor<f32>, tensor<f32> -> tensor<6x8xf32>
  %mm = onnx.MatMul %r, %wr : tensor<1x4x6xf32>, tensor<6x8xf32> -> tensor<1x4x8xf32>
  %b = onnx.initializer @b : tensor<8xi32>
  %bs = onnx.constant dense<0.5> : tensor<f32>
  %br = onnx.DequantizeLinear %b, %bs axis = 0 : tensor<8xi32>, tensor<f32> -> tensor<8xf32>
  %y = onnx.Add %mm, %br : tensor<1x4x8xf32>, tensor<8xf32> -> tensor<1x4x8xf32>
  func.return %y : tensor<1x4x8xf32>
}
// CHECK-LABEL: @linear
// CHECK:       quant.quantize %{{.*}} : tensor<4x6xf32> -> tensor<4x6x!quant.int<16, 0.015625>>
// CHECK-NEXT:  [[X:%.+]] = quant.dequantize
// CHECK-NEXT:  [[STORED:%.+]] = vit.parameter @w : tensor<6x8xf32>
// CHECK-NEXT:  [[TURNED:%.+]] = vit.transpose [[STORED]] by [1, 0]
// CHECK-NEXT:  vit.parameter @ws : tensor<1x8xf32>
// CHECK-NEXT:  [[SCALE:%.+]] = vit.reshape
// CHECK-NEXT:  [[INTEGERS:%.+]] = quant.round_weight [[TURNED]], [[SCALE]] from -7 to 7 : tensor<8x6xf32>, tensor<8xf32> -> tensor<8x6xi4>
// CHECK-NEXT:  [[WEIGHT:%.+]] = quant.dequantize_weight [[INTEGERS]], [[SCALE]]
// CHECK-NEXT:  [[BIAS:%.+]] = vit.parameter @b : tensor<8xi32>
// CHECK-NEXT:  [[UNIFORM:%.+]] = quant.uniform_scale 5.000000e-01 : tensor<8xf32>
// CHECK-NEXT:  [[ADDEND:%.+]] = quant.dequantize_weight [[BIAS]], [[UNIFORM]] : tensor<8xi32>, tensor<8xf32> -> tensor<8xf32>
// CHECK-NEXT:  vit.linear [[X]], [[WEIGHT]], [[ADDEND]]

// A pair twice in a row is one; uint8 about 128 is int8; moves between the two nodes of a pair do not
// matter. A factor before the rounding divides the scale, and stays on what is rounded.
func.func @twice(%x: tensor<1x4x6xf32>) -> tensor<1x4x6xf32> {
  %two = onnx.constant dense<2.0> : tensor<f32>
  %scaled = onnx.Mul %x, %two : tensor<1x4x6xf32>, tensor<f32> -> tensor<1x4x6xf32>
  %s = onnx.constant dense<0.25> : tensor<f32>
  %zero = onnx.constant dense<128> : tensor<ui8>
  %q = onnx.QuantizeLinear %scaled, %s, %zero axis = 1 : tensor<1x4x6xf32>, tensor<f32>, tensor<ui8> -> tensor<1x4x6xui8>
  %t = onnx.Transpose %q perm = [0, 2, 1] : tensor<1x4x6xui8> -> tensor<1x6x4xui8>
  %r = onnx.DequantizeLinear %t, %s, %zero axis = 1 : tensor<1x6x4xui8>, tensor<f32>, tensor<ui8> -> tensor<1x6x4xf32>
  %q2 = onnx.QuantizeLinear %r, %s, %zero axis = 1 : tensor<1x6x4xf32>, tensor<f32>, tensor<ui8> -> tensor<1x6x4xui8>
  %r2 = onnx.DequantizeLinear %q2, %s, %zero axis = 1 : tensor<1x6x4xui8>, tensor<f32>, tensor<ui8> -> tensor<1x6x4xf32>
  %back = onnx.Transpose %r2 perm = [0, 2, 1] : tensor<1x6x4xf32> -> tensor<1x4x6xf32>
  %sum = onnx.Add %back, %back : tensor<1x4x6xf32>, tensor<1x4x6xf32> -> tensor<1x4x6xf32>
  func.return %sum : tensor<1x4x6xf32>
}
// CHECK-LABEL: @twice
// CHECK:       quant.quantize %{{.*}} : tensor<4x6xf32> -> tensor<4x6x!quant.int<8, 0.125>>
// CHECK-NEXT:  [[R:%.+]] = quant.dequantize
// CHECK-NOT:   quant.quantize
// CHECK:       [[S:%.+]] = vit.scale [[R]] by 2.0
// CHECK:       vit.add [[S]], [[S]]

// Signs with one scale for all.
func.func @signs(%x: tensor<1x4x6xf32>) -> tensor<1x4x8xf32> {
  %s = onnx.constant dense<0.25> : tensor<1xf32>
  %xr = onnx.BipolarQuant %x, %s : tensor<1x4x6xf32>, tensor<1xf32> -> tensor<1x4x6xf32>
  %w = onnx.initializer @w : tensor<6x8xf32>
  %wr = onnx.BipolarQuant %w, %s : tensor<6x8xf32>, tensor<1xf32> -> tensor<6x8xf32>
  %y = onnx.MatMul %xr, %wr : tensor<1x4x6xf32>, tensor<6x8xf32> -> tensor<1x4x8xf32>
  func.return %y : tensor<1x4x8xf32>
}
// CHECK-LABEL: @signs
// CHECK:       quant.quantize %{{.*}} : tensor<4x6xf32> -> tensor<4x6x!quant.int<1, 0.25>>
// CHECK:       [[SIGNS:%.+]] = quant.weight_signs %{{.*}} : tensor<8x6xf32> -> tensor<8x6x!quant.binary>
// CHECK-NEXT:  [[SCALE:%.+]] = quant.uniform_scale 2.500000e-01 : tensor<8xf32>
// CHECK-NEXT:  quant.dequantize_weight [[SIGNS]], [[SCALE]]

// QDQ: quant.quantize %{{.*}} : tensor<3x16x16xf32> -> tensor<3x16x16x!quant.int<8, 0.0307
// QDQ: vit.parameter @patch_embed.proj.weight_quantized : tensor<20x3x4x4xi8>
// QDQ: quant.quantize %{{.*}}_query : tensor<17x
// QDQ: quant.quantize %{{.*}}_key : tensor<17x
// QDQ: quant.quantize %{{.*}}probabilities : tensor<{{.*}}!quant.uint<7, 0.00

// QONNX: quant.round_weight %{{.*}} from -127 to 127 : tensor<24x48xf32>, tensor<24xf32> -> tensor<24x48xi8>
// QONNX: quant.quantize %{{.*}} : tensor<17x24xf32> -> tensor<17x24x!quant.int<6, 0.
// QONNX: quant.weight_signs %{{.*}} : tensor<72x24xf32> -> tensor<72x24x!quant.binary>
// QONNX: quant.quantize %{{.*}}probabilities : tensor<2x17x17xf32> -> tensor<2x17x17x!quant.uint<8, 0.00

// A rounded bias stands on the left, where `canonicalize-onnx-arithmetic` turns only weights around.
func.func @bias_first(%x: tensor<1x4x6xf32>) -> tensor<1x4x8xf32> {
  %w = onnx.initializer @w : tensor<6x8xf32>
  %mm = onnx.MatMul %x, %w : tensor<1x4x6xf32>, tensor<6x8xf32> -> tensor<1x4x8xf32>
  %b = onnx.initializer @b : tensor<8xi32>
  %bs = onnx.initializer @bs : tensor<8xf32>
  %br = onnx.DequantizeLinear %b, %bs axis = 0 : tensor<8xi32>, tensor<8xf32> -> tensor<8xf32>
  %y = onnx.Add %br, %mm : tensor<8xf32>, tensor<1x4x8xf32> -> tensor<1x4x8xf32>
  func.return %y : tensor<1x4x8xf32>
}
// CHECK-LABEL: @bias_first
// CHECK:       [[BIAS:%.+]] = quant.dequantize_weight %{{.*}} : tensor<8xi32>, tensor<8xf32> -> tensor<8xf32>
// CHECK:       vit.linear %{{.*}}, %{{.*}}, [[BIAS]]
