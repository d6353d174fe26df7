// RUN: vaqf-opt %s -p fold-scales-into-linears --verify-diagnostics --split-input-file

func.func @activation(%x: tensor<5x4xf32>) -> tensor<5x4xf32> {
  %active = vit.gelu %x : tensor<5x4xf32> -> tensor<5x4xf32>
  // expected-error@+1 {{Mul: it multiplies a GELU, accepted are factors that a linear layer before or behind them can take}}
  %half = vit.scale %active by 0.5 : f64 : tensor<5x4xf32> -> tensor<5x4xf32>
  func.return %half : tensor<5x4xf32>
}

// -----

// Factors of the channels that go into a layer are none of those that come out of it.
func.func @channels_before_a_layer(%x: tensor<5x4xf32>) -> tensor<5x3xf32> {
  %gamma = vit.parameter @gamma : tensor<4xf32>
  %weight = vit.parameter @weight : tensor<3x4xf32>
  // expected-error@+1 {{Mul: it multiplies an input, accepted are factors that a linear layer before or behind them can take}}
  %scaled = vit.scale_channels %x, %gamma : tensor<5x4xf32>, tensor<4xf32> -> tensor<5x4xf32>
  %y = vit.linear %scaled, %weight : tensor<5x4xf32>, tensor<3x4xf32> -> tensor<5x3xf32>
  func.return %y : tensor<5x3xf32>
}

// -----

func.func @used_twice(%x: tensor<5x4xf32>) -> tensor<5x4xf32> {
  %weight = vit.parameter @weight : tensor<4x4xf32>
  %proj = vit.linear %x, %weight : tensor<5x4xf32>, tensor<4x4xf32> -> tensor<5x4xf32>
  // expected-error@+1 {{Mul: the result of a linear layer is used without this factor as well, accepted are factors that a linear layer before or behind them can take}}
  %half = vit.scale %proj by 0.5 : f64 : tensor<5x4xf32> -> tensor<5x4xf32>
  %sum = vit.add %proj, %half : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  func.return %sum : tensor<5x4xf32>
}

// -----

// One term is a layer, the other is not.
func.func @term(%x: tensor<5x4xf32>) -> tensor<5x4xf32> {
  %weight = vit.parameter @weight : tensor<4x4xf32>
  %proj = vit.linear %x, %weight : tensor<5x4xf32>, tensor<4x4xf32> -> tensor<5x4xf32>
  %sum = vit.add %x, %proj : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  // expected-error@+1 {{Mul: it multiplies an input, accepted are factors that a linear layer before or behind them can take}}
  %half = vit.scale %sum by 0.5 : f64 : tensor<5x4xf32> -> tensor<5x4xf32>
  func.return %half : tensor<5x4xf32>
}

// -----

// All of a network are told at once: those of DeepNorm, and one on probabilities.
func.func @all(%x: tensor<5x4xf32>, %scores: tensor<2x5x5xf32>) -> (tensor<5x4xf32>, tensor<2x5x5xf32>) {
  // expected-error@unknown {{Mul at /blocks.0/Mul: it multiplies an input, accepted are factors that a linear layer before or behind them can take}}
  %a = vit.scale %x by 0.5 : f64 : tensor<5x4xf32> -> tensor<5x4xf32> loc("/blocks.0/Mul")
  %b = vit.gelu %x : tensor<5x4xf32> -> tensor<5x4xf32>
  %sum = vit.add %a, %b : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  // expected-error@unknown {{Mul at /blocks.1/Mul: the result of a sum is used without this factor as well, accepted are factors that a linear layer before or behind them can take}}
  %c = vit.scale %sum by 0.5 : f64 : tensor<5x4xf32> -> tensor<5x4xf32> loc("/blocks.1/Mul")
  %d = vit.gelu %sum : tensor<5x4xf32> -> tensor<5x4xf32>
  %sum2 = vit.add %c, %d : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  // expected-error@unknown {{Mul at /blocks.2/Mul: the result of a sum is used without this factor as well, accepted are factors that a linear layer before or behind them can take}}
  %e = vit.scale %sum2 by 0.5 : f64 : tensor<5x4xf32> -> tensor<5x4xf32> loc("/blocks.2/Mul")
  %f = vit.gelu %sum2 : tensor<5x4xf32> -> tensor<5x4xf32>
  %sum3 = vit.add %e, %f : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  %p = vit.softmax %scores : tensor<2x5x5xf32> -> tensor<2x5x5xf32>
  // expected-error@unknown {{Mul at /attention/Mul: it multiplies a softmax, accepted are factors that a linear layer before or behind them can take}}
  %g = vit.scale %p by 0.5 : f64 : tensor<2x5x5xf32> -> tensor<2x5x5xf32> loc("/attention/Mul")
  func.return %sum3, %g : tensor<5x4xf32>, tensor<2x5x5xf32>
}
