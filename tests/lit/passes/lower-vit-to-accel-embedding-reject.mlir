// RUN: vaqf-opt %s -p lower-vit-to-accel --verify-diagnostics --split-input-file

func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<2x4x!quant.int<16, 0.25>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %embed_real = vit.parameter @embed.weight : tensor<4x4xf32>
  %embed_weight, %embed_scale = quant.quantize_weight %embed_real : tensor<4x4xf32> -> tensor<4x4xi8>, tensor<4xf32>
  %embed_multiplier, %embed_offset = quant.requantize_parameters %embed_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %embed_sums = quant.linear %x, %embed_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4xi8> -> tensor<2x4xi17> loc("/embed/MatMul")
  %embed = quant.requantize %embed_sums, %embed_multiplier, %embed_offset {shift = 14 : i64} : tensor<2x4xi17>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/embed/MatMul")
  %position_real = vit.parameter @position : tensor<2x4xf32>
  %position = quant.quantize %position_real : tensor<2x4xf32> -> tensor<2x4x!quant.int<16, 0.25>>
  %another_real = vit.parameter @another : tensor<2x4xf32>
  %another = quant.quantize %another_real : tensor<2x4xf32> -> tensor<2x4x!quant.int<16, 0.25>>
  %positioned = quant.add %embed, %position : tensor<2x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<2x4x!quant.int<16, 0.25>> loc("/Add")
  // expected-error@unknown {{'quant.add' at /Add_1: adds parameters to computed tokens a second time, expected one sum}}
  %stream = quant.add %positioned, %another : tensor<2x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<2x4x!quant.int<16, 0.25>> loc("/Add_1")
  func.return %stream : tensor<2x4x!quant.int<16, 0.25>>
}

// -----

func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<3x4x!quant.int<16, 0.25>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %embed_real = vit.parameter @embed.weight : tensor<4x4xf32>
  %embed_weight, %embed_scale = quant.quantize_weight %embed_real : tensor<4x4xf32> -> tensor<4x4xi8>, tensor<4xf32>
  %embed_multiplier, %embed_offset = quant.requantize_parameters %embed_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %embed_sums = quant.linear %x, %embed_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4xi8> -> tensor<2x4xi17> loc("/embed/MatMul")
  %embed = quant.requantize %embed_sums, %embed_multiplier, %embed_offset {shift = 14 : i64} : tensor<2x4xi17>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/embed/MatMul")
  %register_real = vit.parameter @register : tensor<1x4xf32>
  %register = quant.quantize %register_real : tensor<1x4xf32> -> tensor<1x4x!quant.int<16, 0.25>>
  // expected-error@unknown {{'vit.concatenate' at /Concat: has parameters behind computed tokens to which nothing is added, expected them in front, or a position for all}}
  %stream = vit.concatenate %embed, %register : tensor<2x4x!quant.int<16, 0.25>>, tensor<1x4x!quant.int<16, 0.25>> -> tensor<3x4x!quant.int<16, 0.25>> loc("/Concat")
  func.return %stream : tensor<3x4x!quant.int<16, 0.25>>
}

// -----

func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<3x4x!quant.int<16, 0.25>> {vaqf.name = "logits"}, tensor<2x4x!quant.int<16, 0.25>> {vaqf.name = "others"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %embed_real = vit.parameter @embed.weight : tensor<4x4xf32>
  %embed_weight, %embed_scale = quant.quantize_weight %embed_real : tensor<4x4xf32> -> tensor<4x4xi8>, tensor<4xf32>
  %embed_multiplier, %embed_offset = quant.requantize_parameters %embed_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %embed_sums = quant.linear %x, %embed_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4xi8> -> tensor<2x4xi17> loc("/embed/MatMul")
  %embed = quant.requantize %embed_sums, %embed_multiplier, %embed_offset {shift = 14 : i64} : tensor<2x4xi17>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/embed/MatMul")
  %class_real = vit.parameter @class : tensor<1x4xf32>
  %class = quant.quantize %class_real : tensor<1x4xf32> -> tensor<1x4x!quant.int<16, 0.25>>
  // expected-error@unknown {{'vit.concatenate' at /Concat: takes a value that no linear layer or LayerNorm computes for it alone}}
  %stream = vit.concatenate %class, %embed : tensor<1x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>> -> tensor<3x4x!quant.int<16, 0.25>> loc("/Concat")
  func.return %stream, %embed : tensor<3x4x!quant.int<16, 0.25>>, tensor<2x4x!quant.int<16, 0.25>>
}

// -----

func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<4x2x!quant.int<16, 0.25>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %embed_real = vit.parameter @embed.weight : tensor<4x4xf32>
  %embed_weight, %embed_scale = quant.quantize_weight %embed_real : tensor<4x4xf32> -> tensor<4x4xi8>, tensor<4xf32>
  %embed_multiplier, %embed_offset = quant.requantize_parameters %embed_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %embed_sums = quant.linear %x, %embed_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4xi8> -> tensor<2x4xi17> loc("/embed/MatMul")
  %embed = quant.requantize %embed_sums, %embed_multiplier, %embed_offset {shift = 14 : i64} : tensor<2x4xi17>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/embed/MatMul")
  // expected-error@unknown {{'vit.reshape' at /Reshape: changes the shape of an activation, expected that of an image or a result}}
  %flat = vit.reshape %embed : tensor<2x4x!quant.int<16, 0.25>> -> tensor<1x8x!quant.int<16, 0.25>> loc("/Reshape")
  %again = vit.reshape %flat : tensor<1x8x!quant.int<16, 0.25>> -> tensor<4x2x!quant.int<16, 0.25>>
  func.return %again : tensor<4x2x!quant.int<16, 0.25>>
}

// -----

func.func @forward(%pixels: tensor<1x1x2x4x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> (tensor<1x4x!quant.int<16, 0.25>> {vaqf.name = "logits"}) {
  %image = vit.reshape %pixels : tensor<1x1x2x4x!quant.int<8, 0.5>> -> tensor<1x2x4x!quant.int<8, 0.5>>
  %x = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<1x2x4x!quant.int<8, 0.5>> -> tensor<2x4x!quant.int<8, 0.5>> loc("/patches")
  %embed_real = vit.parameter @embed.weight : tensor<4x4xf32>
  %embed_weight, %embed_scale = quant.quantize_weight %embed_real : tensor<4x4xf32> -> tensor<4x4xi8>, tensor<4xf32>
  %embed_multiplier, %embed_offset = quant.requantize_parameters %embed_scale {input_scale = 0.5 : f64, output = !quant.int<16, 0.25>, shift = 14 : i64} : tensor<4xf32> -> tensor<4xi18>, tensor<4xi48>
  %embed_sums = quant.linear %x, %embed_weight : tensor<2x4x!quant.int<8, 0.5>>, tensor<4x4xi8> -> tensor<2x4xi17> loc("/embed/MatMul")
  %embed = quant.requantize %embed_sums, %embed_multiplier, %embed_offset {shift = 14 : i64} : tensor<2x4xi17>, tensor<4xi18>, tensor<4xi48> -> tensor<2x4x!quant.int<16, 0.25>> loc("/embed/MatMul")
  %token = vit.select_token %embed[1] : tensor<2x4x!quant.int<16, 0.25>> -> tensor<1x4x!quant.int<16, 0.25>>
  // expected-error@+1 {{'func.return': reads some rows of a buffer, expected all of them}}
  func.return %token : tensor<1x4x!quant.int<16, 0.25>>
}
