// RUN: vaqf-opt %s -p fold-scales-into-linears --verify-diagnostics --split-input-file | filecheck %s

// CHECK:      1 node cannot become part of a Vision Transformer:
// CHECK-NEXT:   1 x Mul: it multiplies a GELU, accepted are factors that a linear layer before or behind them can take
func.func @activation(%x: tensor<5x4xf32>) -> tensor<5x4xf32> {
  %active = vit.gelu %x : tensor<5x4xf32> -> tensor<5x4xf32>
  %half = vit.scale %active by 0.5 : f64 : tensor<5x4xf32> -> tensor<5x4xf32>
  func.return %half : tensor<5x4xf32>
}

// -----

// Factors of the channels that go into a layer are none of those that come out of it.
// CHECK:      1 node cannot become part of a Vision Transformer:
// CHECK-NEXT:   1 x Mul: it multiplies an input, accepted are factors that a linear layer before or behind them can take
func.func @channels_before_a_layer(%x: tensor<5x4xf32>) -> tensor<5x3xf32> {
  %gamma = vit.parameter @gamma : tensor<4xf32>
  %weight = vit.parameter @weight : tensor<3x4xf32>
  %scaled = vit.scale_channels %x, %gamma : tensor<5x4xf32>, tensor<4xf32> -> tensor<5x4xf32>
  %y = vit.linear %scaled, %weight : tensor<5x4xf32>, tensor<3x4xf32> -> tensor<5x3xf32>
  func.return %y : tensor<5x3xf32>
}

// -----

// CHECK:      1 node cannot become part of a Vision Transformer:
// CHECK-NEXT:   1 x Mul: the result of a linear layer is used without this factor as well, accepted are factors that a linear layer before or behind them can take
func.func @used_twice(%x: tensor<5x4xf32>) -> tensor<5x4xf32> {
  %weight = vit.parameter @weight : tensor<4x4xf32>
  %proj = vit.linear %x, %weight : tensor<5x4xf32>, tensor<4x4xf32> -> tensor<5x4xf32>
  %half = vit.scale %proj by 0.5 : f64 : tensor<5x4xf32> -> tensor<5x4xf32>
  %sum = vit.add %proj, %half : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  func.return %sum : tensor<5x4xf32>
}

// -----

// One term is a layer, the other is not.
// CHECK:      1 node cannot become part of a Vision Transformer:
// CHECK-NEXT:   1 x Mul: it multiplies an input, accepted are factors that a linear layer before or behind them can take
func.func @term(%x: tensor<5x4xf32>) -> tensor<5x4xf32> {
  %weight = vit.parameter @weight : tensor<4x4xf32>
  %proj = vit.linear %x, %weight : tensor<5x4xf32>, tensor<4x4xf32> -> tensor<5x4xf32>
  %sum = vit.add %x, %proj : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  %half = vit.scale %sum by 0.5 : f64 : tensor<5x4xf32> -> tensor<5x4xf32>
  func.return %half : tensor<5x4xf32>
}

// -----

// All of a network are told at once: those of DeepNorm, and one on probabilities.
// CHECK:      4 nodes cannot become part of a Vision Transformer:
// CHECK-NEXT:   2 x Mul: the result of a sum is used without this factor as well, accepted are factors that a linear layer before or behind them can take
// CHECK-NEXT:       5x4 -> 5x4 at /blocks.1/Mul, /blocks.2/Mul
// CHECK-NEXT:   1 x Mul: it multiplies an input, accepted are factors that a linear layer before or behind them can take
// CHECK-NEXT:       5x4 -> 5x4 at /blocks.0/Mul
// CHECK-NEXT:   1 x Mul: it multiplies a softmax, accepted are factors that a linear layer before or behind them can take
// CHECK-NEXT:       2x5x5 -> 2x5x5 at /attention/Mul
func.func @all(%x: tensor<5x4xf32>, %scores: tensor<2x5x5xf32>) -> (tensor<5x4xf32>, tensor<2x5x5xf32>) {
  %a = vit.scale %x by 0.5 : f64 : tensor<5x4xf32> -> tensor<5x4xf32> loc("/blocks.0/Mul")
  %b = vit.gelu %x : tensor<5x4xf32> -> tensor<5x4xf32>
  %sum = vit.add %a, %b : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  %c = vit.scale %sum by 0.5 : f64 : tensor<5x4xf32> -> tensor<5x4xf32> loc("/blocks.1/Mul")
  %d = vit.gelu %sum : tensor<5x4xf32> -> tensor<5x4xf32>
  %sum2 = vit.add %c, %d : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  %e = vit.scale %sum2 by 0.5 : f64 : tensor<5x4xf32> -> tensor<5x4xf32> loc("/blocks.2/Mul")
  %f = vit.gelu %sum2 : tensor<5x4xf32> -> tensor<5x4xf32>
  %sum3 = vit.add %e, %f : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  %p = vit.softmax %scores : tensor<2x5x5xf32> -> tensor<2x5x5xf32>
  %g = vit.scale %p by 0.5 : f64 : tensor<2x5x5xf32> -> tensor<2x5x5xf32> loc("/attention/Mul")
  func.return %sum3, %g : tensor<5x4xf32>, tensor<2x5x5xf32>
}
