// RUN: vaqf-opt %s -p lower-vit-to-accel --verify-diagnostics --split-input-file

func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<4x2x!quant.int<8, 0.5>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  // expected-error@unknown {{'vit.transpose' at /Transpose: has no layer on the accelerator}}
  %row = vit.transpose %x by [1, 0] : tensor<2x4x!quant.int<8, 0.5>> -> tensor<4x2x!quant.int<8, 0.5>> loc("/Transpose")
  func.return %row : tensor<4x2x!quant.int<8, 0.5>>
}

// -----

// expected-error@unknown {{'quant.linear' at /fc/MatMul: expected one requantization of the sums}}
func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<2x4x!quant.int<16, 0.25>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %fc_real = vit.parameter @fc.weight : tensor<4x4xf32>
  %fc_weight, %fc_scale = quant.binarize %fc_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %fc_multiplier, %fc_offset = quant.requantize_parameters %fc_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %fc_sums = quant.linear %x, %fc_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4x!quant.binary> -> tensor<2x4xi11> loc("/fc/MatMul")
  %again = quant.requantize %fc_sums, %fc_multiplier, %fc_offset {shift = 20 : i64} : tensor<2x4xi11>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>>
  %fc = quant.requantize %fc_sums, %fc_multiplier, %fc_offset {shift = 20 : i64} : tensor<2x4xi11>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/fc/MatMul")
  func.return %fc : tensor<2x4x!quant.int<16, 0.25>>
}

// -----

func.func @forward(%pixels: tensor<2x4x!quant.int<16, 0.25>> {vaqf.name = "pixels"}) -> (tensor<2x4x!quant.int<8, 0.5>> {vaqf.name = "logits"}) {
  %norm_gamma = vit.parameter @norm.weight : tensor<4xf32>
  %norm_beta = vit.parameter @norm.bias : tensor<4xf32>
  %norm_multiplier, %norm_offset = quant.layer_norm_parameters %norm_gamma, %norm_beta {output = !quant.int<8, 0.5>, shift = 25 : i64} : tensor<4xf32>, tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  // expected-error@unknown {{'quant.layer_norm' at /norm/LayerNormalization: the operand of type tensor<2x4x!quant.int<16, 0.25>> is not in a buffer of tokens x channels}}
  %norm = quant.layer_norm %pixels, %norm_multiplier, %norm_offset {epsilon = 9 : i64, shift = 25 : i64} : tensor<2x4x!quant.int<16, 0.25>>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<8, 0.5>> loc("/norm/LayerNormalization")
  func.return %norm : tensor<2x4x!quant.int<8, 0.5>>
}

// -----

// expected-error@unknown {{'quant.linear' at /fc/MatMul: reads a buffer from row 1 on, expected its first rows}}
func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<1x4x!quant.int<16, 0.25>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %selected = vit.select_token %x[1] : tensor<2x4x!quant.int<8, 0.5>> -> tensor<1x4x!quant.int<8, 0.5>>
  %fc_real = vit.parameter @fc.weight : tensor<4x4xf32>
  %fc_weight, %fc_scale = quant.binarize %fc_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %fc_multiplier, %fc_offset = quant.requantize_parameters %fc_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %fc_sums = quant.linear %selected, %fc_weight : tensor<1x4x!quant.int<8, 0.5>>, tensor<4x4x!quant.binary> -> tensor<1x4xi11> loc("/fc/MatMul")
  %fc = quant.requantize %fc_sums, %fc_multiplier, %fc_offset {shift = 20 : i64} : tensor<1x4xi11>, tensor<4xi18>, tensor<4xi48> -> tensor<1x4x!quant.int<16, 0.25>> loc("/fc/MatMul")
  func.return %fc : tensor<1x4x!quant.int<16, 0.25>>
}

// -----

func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<2x4x!quant.int<8, 0.5>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %table = quant.gelu_table {input = !quant.int<8, 0.5>, output = !quant.int<8, 0.5>} : tensor<256xi8>
  // expected-error@unknown {{'quant.lookup' at /Gelu: takes a value that is not requantized for it alone}}
  %hidden = quant.lookup %x, %table : tensor<2x4x!quant.int<8, 0.5>>, tensor<256xi8> -> tensor<2x4x!quant.int<8, 0.5>> loc("/Gelu")
  func.return %hidden : tensor<2x4x!quant.int<8, 0.5>>
}

// -----

func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<2x4x!quant.int<4, 0.5>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %fc1_real = vit.parameter @fc1.weight : tensor<4x4xf32>
  %fc1_weight, %fc1_scale = quant.binarize %fc1_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %fc1_multiplier, %fc1_offset = quant.requantize_parameters %fc1_scale {input_scale = 0.5 : f64, output = !quant.int<8, 0.5>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %fc1_sums = quant.linear %x, %fc1_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4x!quant.binary> -> tensor<2x4xi11> loc("/fc1/MatMul")
  %fc1 = quant.requantize %fc1_sums, %fc1_multiplier, %fc1_offset {shift = 20 : i64} : tensor<2x4xi11>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<8, 0.5>> loc("/fc1/MatMul")
  %table = quant.gelu_table {input = !quant.int<8, 0.5>, output = !quant.int<4, 0.5>} : tensor<256xi4>
  // expected-error@unknown {{'quant.lookup' at /Gelu: replaces !quant.int<8, 0.5> by !quant.int<4, 0.5>, expected equal widths}}
  %hidden = quant.lookup %fc1, %table : tensor<2x4x!quant.int<8, 0.5>>, tensor<256xi4> -> tensor<2x4x!quant.int<4, 0.5>> loc("/Gelu")
  func.return %hidden : tensor<2x4x!quant.int<4, 0.5>>
}

// -----

func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<4x4x!quant.int<16, 0.25>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %a_real = vit.parameter @a.weight : tensor<4x4xf32>
  %a_weight, %a_scale = quant.binarize %a_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %a_multiplier, %a_offset = quant.requantize_parameters %a_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %a_sums = quant.linear %x, %a_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4x!quant.binary> -> tensor<2x4xi11> loc("/a/MatMul")
  %a = quant.requantize %a_sums, %a_multiplier, %a_offset {shift = 20 : i64} : tensor<2x4xi11>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/a/MatMul")
  %b_real = vit.parameter @b.weight : tensor<4x4xf32>
  %b_weight, %b_scale = quant.binarize %b_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %b_multiplier, %b_offset = quant.requantize_parameters %b_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %b_sums = quant.linear %x, %b_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4x!quant.binary> -> tensor<2x4xi11> loc("/b/MatMul")
  %b = quant.requantize %b_sums, %b_multiplier, %b_offset {shift = 20 : i64} : tensor<2x4xi11>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/b/MatMul")
  %tokens = vit.concatenate %a, %b : tensor<2x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<4x4x!quant.int<16, 0.25>>
  %position_real = vit.parameter @position : tensor<4x4xf32>
  %position = quant.quantize %position_real : tensor<4x4xf32> -> tensor<4x4x!quant.int<16, 0.25>>
  // expected-error@unknown {{'quant.add' at /Add: puts 2 computed activations together, expected one}}
  %stream = quant.add %tokens, %position : tensor<4x4x!quant.int<16, 0.25>>, tensor<4x4x!quant.int<16, 0.25>> -> tensor<4x4x!quant.int<16, 0.25>> loc("/Add")
  func.return %stream : tensor<4x4x!quant.int<16, 0.25>>
}

// -----

func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<4x4x!quant.int<16, 0.25>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %a_real = vit.parameter @a.weight : tensor<4x4xf32>
  %a_weight, %a_scale = quant.binarize %a_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %a_multiplier, %a_offset = quant.requantize_parameters %a_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %a_sums = quant.linear %x, %a_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4x!quant.binary> -> tensor<2x4xi11> loc("/a/MatMul")
  %a = quant.requantize %a_sums, %a_multiplier, %a_offset {shift = 20 : i64} : tensor<2x4xi11>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/a/MatMul")
  %b_real = vit.parameter @b.weight : tensor<4x4xf32>
  %b_weight, %b_scale = quant.binarize %b_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %b_multiplier, %b_offset = quant.requantize_parameters %b_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 20 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %b_sums = quant.linear %x, %b_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4x!quant.binary> -> tensor<2x4xi11> loc("/b/MatMul")
  %b = quant.requantize %b_sums, %b_multiplier, %b_offset {shift = 20 : i64} : tensor<2x4xi11>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/b/MatMul")
  // expected-error@unknown {{'vit.concatenate' at /Concat: puts 2 computed activations together, expected one}}
  %tokens = vit.concatenate %a, %b : tensor<2x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<4x4x!quant.int<16, 0.25>> loc("/Concat")
  func.return %tokens : tensor<4x4x!quant.int<16, 0.25>>
}

// -----

// The residual stream is one buffer: nothing may need a sum after the next one is there.
func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<3x4x!quant.int<8, 0.5>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %embed_real = vit.parameter @embed.weight : tensor<4x4xf32>
  %embed_weight, %embed_scale = quant.binarize %embed_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %embed_multiplier, %embed_offset = quant.requantize_parameters %embed_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %embed_sums = quant.linear %x, %embed_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4x!quant.binary> -> tensor<2x4xi11> loc("/embed/MatMul")
  %embed = quant.requantize %embed_sums, %embed_multiplier, %embed_offset {shift = 14 : i64} : tensor<2x4xi11>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/embed/MatMul")
  %class_real = vit.parameter @class : tensor<1x4xf32>
  %class = quant.quantize %class_real : tensor<1x4xf32> -> tensor<1x4x!quant.int<16, 0.25>>
  %position_real = vit.parameter @position : tensor<3x4xf32>
  %position = quant.quantize %position_real : tensor<3x4xf32> -> tensor<3x4x!quant.int<16, 0.25>>
  %tokens = vit.concatenate %class, %embed : tensor<1x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<3x4x!quant.int<16, 0.25>>
  %stream = quant.add %tokens, %position : tensor<3x4x!quant.int<16, 0.25>>, tensor<3x4x!quant.int<16, 0.25>> -> tensor<3x4x!quant.int<16, 0.25>> loc("/Add")
  %norm1_gamma = vit.parameter @norm1.weight : tensor<4xf32>
  %norm1_beta = vit.parameter @norm1.bias : tensor<4xf32>
  %norm1_multiplier, %norm1_offset = quant.layer_norm_parameters %norm1_gamma, %norm1_beta {output = !quant.int<8, 0.5>, shift = 25 : i64} : tensor<4xf32>, tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %norm1 = quant.layer_norm %stream, %norm1_multiplier, %norm1_offset {epsilon = 9 : i64, shift = 25 : i64} : tensor<3x4x!quant.int<16, 0.25>>, tensor<4xi18>, tensor<4xi48> -> tensor<3x4x!quant.int<8, 0.5>> loc("/norm1/LayerNormalization")
  %fc_real = vit.parameter @fc.weight : tensor<4x4xf32>
  %fc_weight, %fc_scale = quant.binarize %fc_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %fc_multiplier, %fc_offset = quant.requantize_parameters %fc_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %fc_sums = quant.linear %norm1, %fc_weight : tensor<3x4x!quant.int<8, 0.5>>, tensor<4x4x!quant.binary> -> tensor<3x4xi11> loc("/fc/MatMul")
  %fc = quant.requantize %fc_sums, %fc_multiplier, %fc_offset {shift = 14 : i64} : tensor<3x4xi11>, tensor<4xi18>, tensor<4xi48> -> tensor<3x4x!quant.int<16, 0.25>> loc("/fc/MatMul")
  // expected-error@unknown {{'quant.add' at /Add_1: 'quant.layer_norm' at /norm/LayerNormalization still needs the value before the update}}
  %next = quant.add %stream, %fc : tensor<3x4x!quant.int<16, 0.25>>, tensor<3x4x!quant.int<16, 0.25>> -> tensor<3x4x!quant.int<16, 0.25>> loc("/Add_1")
  %norm_gamma = vit.parameter @norm.weight : tensor<4xf32>
  %norm_beta = vit.parameter @norm.bias : tensor<4xf32>
  %norm_multiplier, %norm_offset = quant.layer_norm_parameters %norm_gamma, %norm_beta {output = !quant.int<8, 0.5>, shift = 25 : i64} : tensor<4xf32>, tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %norm = quant.layer_norm %stream, %norm_multiplier, %norm_offset {epsilon = 9 : i64, shift = 25 : i64} : tensor<3x4x!quant.int<16, 0.25>>, tensor<4xi18>, tensor<4xi48> -> tensor<3x4x!quant.int<8, 0.5>> loc("/norm/LayerNormalization")
  func.return %norm : tensor<3x4x!quant.int<8, 0.5>>
}

// -----

// A token of it is in that buffer, too.
func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<1x4x!quant.int<8, 0.5>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %embed_real = vit.parameter @embed.weight : tensor<4x4xf32>
  %embed_weight, %embed_scale = quant.binarize %embed_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %embed_multiplier, %embed_offset = quant.requantize_parameters %embed_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %embed_sums = quant.linear %x, %embed_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4x!quant.binary> -> tensor<2x4xi11> loc("/embed/MatMul")
  %embed = quant.requantize %embed_sums, %embed_multiplier, %embed_offset {shift = 14 : i64} : tensor<2x4xi11>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/embed/MatMul")
  %class_real = vit.parameter @class : tensor<1x4xf32>
  %class = quant.quantize %class_real : tensor<1x4xf32> -> tensor<1x4x!quant.int<16, 0.25>>
  %position_real = vit.parameter @position : tensor<3x4xf32>
  %position = quant.quantize %position_real : tensor<3x4xf32> -> tensor<3x4x!quant.int<16, 0.25>>
  %tokens = vit.concatenate %class, %embed : tensor<1x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<3x4x!quant.int<16, 0.25>>
  %stream = quant.add %tokens, %position : tensor<3x4x!quant.int<16, 0.25>>, tensor<3x4x!quant.int<16, 0.25>> -> tensor<3x4x!quant.int<16, 0.25>> loc("/Add")
  %selected = vit.select_token %stream[0] : tensor<3x4x!quant.int<16, 0.25>> -> tensor<1x4x!quant.int<16, 0.25>>
  %norm1_gamma = vit.parameter @norm1.weight : tensor<4xf32>
  %norm1_beta = vit.parameter @norm1.bias : tensor<4xf32>
  %norm1_multiplier, %norm1_offset = quant.layer_norm_parameters %norm1_gamma, %norm1_beta {output = !quant.int<8, 0.5>, shift = 25 : i64} : tensor<4xf32>, tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %norm1 = quant.layer_norm %stream, %norm1_multiplier, %norm1_offset {epsilon = 9 : i64, shift = 25 : i64} : tensor<3x4x!quant.int<16, 0.25>>, tensor<4xi18>, tensor<4xi48> -> tensor<3x4x!quant.int<8, 0.5>> loc("/norm1/LayerNormalization")
  %fc_real = vit.parameter @fc.weight : tensor<4x4xf32>
  %fc_weight, %fc_scale = quant.binarize %fc_real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %fc_multiplier, %fc_offset = quant.requantize_parameters %fc_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %fc_sums = quant.linear %norm1, %fc_weight : tensor<3x4x!quant.int<8, 0.5>>, tensor<4x4x!quant.binary> -> tensor<3x4xi11> loc("/fc/MatMul")
  %fc = quant.requantize %fc_sums, %fc_multiplier, %fc_offset {shift = 14 : i64} : tensor<3x4xi11>, tensor<4xi18>, tensor<4xi48> -> tensor<3x4x!quant.int<16, 0.25>> loc("/fc/MatMul")
  // expected-error@unknown {{'quant.add' at /Add_1: 'quant.layer_norm' at /norm/LayerNormalization still needs the value before the update}}
  %next = quant.add %stream, %fc : tensor<3x4x!quant.int<16, 0.25>>, tensor<3x4x!quant.int<16, 0.25>> -> tensor<3x4x!quant.int<16, 0.25>> loc("/Add_1")
  %norm_gamma = vit.parameter @norm.weight : tensor<4xf32>
  %norm_beta = vit.parameter @norm.bias : tensor<4xf32>
  %norm_multiplier, %norm_offset = quant.layer_norm_parameters %norm_gamma, %norm_beta {output = !quant.int<8, 0.5>, shift = 25 : i64} : tensor<4xf32>, tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %norm = quant.layer_norm %selected, %norm_multiplier, %norm_offset {epsilon = 9 : i64, shift = 25 : i64} : tensor<1x4x!quant.int<16, 0.25>>, tensor<4xi18>, tensor<4xi48> -> tensor<1x4x!quant.int<8, 0.5>> loc("/norm/LayerNormalization")
  func.return %norm : tensor<1x4x!quant.int<8, 0.5>>
}

// -----

func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<2x4x!quant.int<8, 0.5>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %real = vit.parameter @w : tensor<4x4xf32>
  %weight, %scale = quant.binarize %real : tensor<4x4xf32> -> tensor<4x4x!quant.binary>, tensor<4xf32>
  %sums = quant.linear %x, %weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4x!quant.binary> -> tensor<2x4xi11>
  // expected-error@unknown {{'quant.rescale' at /Rescale: expected attention values of a softmax of attention scores}}
  %y = quant.rescale %sums {multiplier = 80566 : i64, shift = 24 : i64} : tensor<2x4xi11> -> tensor<2x4x!quant.int<8, 0.5>> loc("/Rescale")
  func.return %y : tensor<2x4x!quant.int<8, 0.5>>
}

// -----

// expected-error@+1 {{'pixels' is tensor<1x1x2x4xf32>, expected integers: run integerize-interface}}
func.func @forward(%pixels: tensor<1x1x2x4xf32> {vaqf.name = "pixels"}) -> (tensor<1x1x2x4xf32> {vaqf.name = "logits"}) {
  func.return %pixels : tensor<1x1x2x4xf32>
}
