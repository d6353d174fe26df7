// Dialects, passes and targets are known to the tools of xDSL, too.

// RUN: xdsl-opt %s -p select-token-early | filecheck %s

func.func @forward(%x: tensor<2x3x!quant.int<8, 0.5>>) -> tensor<1x3x!quant.int<8, 0.5>> {
  %0 = vit.select_token %x[1] : tensor<2x3x!quant.int<8, 0.5>> -> tensor<1x3x!quant.int<8, 0.5>>
  func.return %0 : tensor<1x3x!quant.int<8, 0.5>>
}

// CHECK: vit.select_token
