// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @binarize(%weight: tensor<768x192xf32>) {
  %signs, %scale = quant.binarize %weight : tensor<768x192xf32> -> tensor<768x192x!quant.binary>, tensor<768xf32>
  %same, %one = quant.binarize %weight {per_tensor} : tensor<768x192xf32> -> tensor<768x192x!quant.binary>, tensor<768xf32>
  %real = quant.dequantize_weight %signs, %scale : tensor<768x192x!quant.binary>, tensor<768xf32> -> tensor<768x192xf32>
  func.return
}
// CHECK:       func.func @binarize
// CHECK-NEXT:    %signs, %scale = quant.binarize %weight : tensor<768x192xf32> -> tensor<768x192x!quant.binary>, tensor<768xf32>
// CHECK-NEXT:    %same, %one = quant.binarize %weight {per_tensor} : tensor<768x192xf32> -> tensor<768x192x!quant.binary>, tensor<768xf32>
// CHECK-NEXT:    %real = quant.dequantize_weight %signs, %scale : tensor<768x192x!quant.binary>, tensor<768xf32> -> tensor<768x192xf32>

func.func @quantize(%weight: tensor<1000x192xf32>) {
  %integers, %scale = quant.quantize_weight %weight : tensor<1000x192xf32> -> tensor<1000x192xi8>, tensor<1000xf32>
  %real = quant.dequantize_weight %integers, %scale : tensor<1000x192xi8>, tensor<1000xf32> -> tensor<1000x192xf32>
  %wide, %fine = quant.quantize_weight %weight : tensor<1000x192xf32> -> tensor<1000x192xi16>, tensor<1000xf32>
  func.return
}
// CHECK:       func.func @quantize
// CHECK-NEXT:    %integers, %scale = quant.quantize_weight %weight : tensor<1000x192xf32> -> tensor<1000x192xi8>, tensor<1000xf32>
// CHECK-NEXT:    %real = quant.dequantize_weight %integers, %scale : tensor<1000x192xi8>, tensor<1000xf32> -> tensor<1000x192xf32>
// CHECK-NEXT:    %wide, %fine = quant.quantize_weight %weight : tensor<1000x192xf32> -> tensor<1000x192xi16>, tensor<1000xf32>

func.func @parameters(%scale: tensor<768xf32>, %bias: tensor<768xf32>) {
  %m, %o = quant.requantize_parameters %scale, %bias {input_scale = 3.125e-02 : f64, output = !quant.int<8, 0.0518>, shift = 20 : i64} : tensor<768xf32>, tensor<768xf32> -> tensor<768xi18>, tensor<768xi48>
  %n, %p = quant.requantize_parameters %scale {input_scale = 3.125e-02 : f64, output = !quant.int<1, 0.0518>, shift = 1 : i64} : tensor<768xf32> -> tensor<768xi18>, tensor<768xi48>
  %q, %r = quant.layer_norm_parameters %scale, %bias {output = !quant.int<8, 0.0312>, shift = 47 : i64} : tensor<768xf32>, tensor<768xf32> -> tensor<768xi18>, tensor<768xi48>
  %s, %t = quant.layer_norm_parameters %scale {output = !quant.int<8, 0.0312>, shift = 47 : i64} : tensor<768xf32> -> tensor<768xi18>, tensor<768xi48>
  func.return
}
// CHECK:       func.func @parameters
// CHECK-NEXT:    %m, %o = quant.requantize_parameters %scale, %bias {input_scale = 3.125000e-02 : f64, output = !quant.int<8, 0.0518>, shift = 20 : i64} : tensor<768xf32>, tensor<768xf32> -> tensor<768xi18>, tensor<768xi48>
// CHECK-NEXT:    %n, %p = quant.requantize_parameters %scale {input_scale = 3.125000e-02 : f64, output = !quant.int<1, 0.0518>, shift = 1 : i64} : tensor<768xf32> -> tensor<768xi18>, tensor<768xi48>
// CHECK-NEXT:    %q, %r = quant.layer_norm_parameters %scale, %bias {output = !quant.int<8, 0.0312>, shift = 47 : i64} : tensor<768xf32>, tensor<768xf32> -> tensor<768xi18>, tensor<768xi48>
// CHECK-NEXT:    %s, %t = quant.layer_norm_parameters %scale {output = !quant.int<8, 0.0312>, shift = 47 : i64} : tensor<768xf32> -> tensor<768xi18>, tensor<768xi48>

// A scale survives to the last bit.
func.func @exact(%scale: tensor<4xf32>) {
  %m, %o = quant.requantize_parameters %scale {input_scale = 0.012345678901234567 : f64, output = !quant.int<8, 0.1>, shift = 1 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  func.return
}
// CHECK:       func.func @exact
// CHECK-NEXT:    %m, %o = quant.requantize_parameters %scale {input_scale = 0.012345678901234567 : f64, output = !quant.int<8, 0.1>, shift = 1 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
