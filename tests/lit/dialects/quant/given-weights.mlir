// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @given(%weight: tensor<8x6xf32>, %scale: tensor<8xf32>) {
  %stored = vit.parameter @stored : tensor<8x6xui8>
  // CHECK: %stored = vit.parameter @stored : tensor<8x6xui8>
  %uniform = quant.uniform_scale 1.562500e-02 : tensor<8xf32>
  // CHECK-NEXT: %uniform = quant.uniform_scale 1.562500e-02 : tensor<8xf32>
  %signs = quant.weight_signs %weight : tensor<8x6xf32> -> tensor<8x6x!quant.binary>
  // CHECK-NEXT: %signs = quant.weight_signs %weight : tensor<8x6xf32> -> tensor<8x6x!quant.binary>
  %rounded = quant.round_weight %weight, %scale from -7 to 7 : tensor<8x6xf32>, tensor<8xf32> -> tensor<8x6xi4>
  // CHECK-NEXT: %rounded = quant.round_weight %weight, %scale from -7 to 7 : tensor<8x6xf32>, tensor<8xf32> -> tensor<8x6xi4>
  %centred = quant.recentre_weight %stored by 128 : tensor<8x6xui8> -> tensor<8x6xi9>
  // CHECK-NEXT: %centred = quant.recentre_weight %stored by 128 : tensor<8x6xui8> -> tensor<8x6xi9>
  %bias = vit.parameter @bias : tensor<8xi32>
  // CHECK-NEXT: %bias = vit.parameter @bias : tensor<8xi32>
  %real = quant.dequantize_weight %bias, %uniform : tensor<8xi32>, tensor<8xf32> -> tensor<8xf32>
  // CHECK-NEXT: %real = quant.dequantize_weight %bias, %uniform : tensor<8xi32>, tensor<8xf32> -> tensor<8xf32>
  func.return
}

func.func @softmax(%scores: tensor<3x5x5xi22>, %table: tensor<256xi17>) {
  %p = quant.softmax %scores, %table {multiplier = 94548 : i64, shift = 17 : i64, probability_multiplier = 102400 : i64, probability_shift = 17 : i64} : tensor<3x5x5xi22>, tensor<256xi17> -> tensor<3x5x5x!quant.uint<7, 0.01>>
  // CHECK: %p = quant.softmax %scores, %table {{{.*}}probability_multiplier = 102400 : i64{{.*}}} : tensor<3x5x5xi22>, tensor<256xi17> -> tensor<3x5x5x!quant.uint<7, 0.01>>
  func.return
}
