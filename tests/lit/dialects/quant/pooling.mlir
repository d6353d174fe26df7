// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @pooled(%x: tensor<196x192x!quant.int<16, 0.001>>, %signs: tensor<196x192x!quant.int<1, 0.5>>) {
  %mean = quant.mean_tokens %x {multiplier = 85599 : i64, shift = 24 : i64} : tensor<196x192x!quant.int<16, 0.001>> -> tensor<1x192x!quant.int<8, 0.001>>
  %sign = quant.mean_tokens %signs {multiplier = 0 : i64, shift = 47 : i64} : tensor<196x192x!quant.int<1, 0.5>> -> tensor<1x192x!quant.int<1, 0.5>>
  func.return
}
// CHECK:       func.func @pooled
// CHECK-NEXT:    %mean = quant.mean_tokens %x {multiplier = 85599 : i64, shift = 24 : i64} : tensor<196x192x!quant.int<16, 0.001>> -> tensor<1x192x!quant.int<8, 0.001>>
// CHECK-NEXT:    %sign = quant.mean_tokens %signs {multiplier = 0 : i64, shift = 47 : i64} : tensor<196x192x!quant.int<1, 0.5>> -> tensor<1x192x!quant.int<1, 0.5>>
