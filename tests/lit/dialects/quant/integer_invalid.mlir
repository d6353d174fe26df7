// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @image_rank(%x: tensor<4x4x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'image' has rank 2, expected 3 (colours x height x width)}}
  %y = quant.extract_patches %x {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<4x4x!quant.int<8, 0.5>> -> tensor<4x12x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @patch_length(%x: tensor<3x4x4x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'patch' is [2], expected a height and a width}}
  %y = quant.extract_patches %x {patch = array<i64: 2>, order = "colours_first"} : tensor<3x4x4x!quant.int<8, 0.5>> -> tensor<4x12x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @patch_size(%x: tensor<3x4x4x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'patch' is [0, 2], expected a height and a width}}
  %y = quant.extract_patches %x {patch = array<i64: 0, 2>, order = "colours_first"} : tensor<3x4x4x!quant.int<8, 0.5>> -> tensor<4x12x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @patch_width(%x: tensor<3x4x4x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{an image of 4 x 4 does not divide into patches of 2 x 3}}
  %y = quant.extract_patches %x {patch = array<i64: 2, 3>, order = "colours_first"} : tensor<3x4x4x!quant.int<8, 0.5>> -> tensor<4x12x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @patches(%x: tensor<3x4x4x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'result' has shape (12, 4), expected (4, 12)}}
  %y = quant.extract_patches %x {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<3x4x4x!quant.int<8, 0.5>> -> tensor<12x4x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @patch_elements(%x: tensor<3x4x4x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'result' has elements !quant.int<8, 0.25>, expected !quant.int<8, 0.5>}}
  %y = quant.extract_patches %x {patch = array<i64: 2, 2>, order = "colours_first"} : tensor<3x4x4x!quant.int<8, 0.5>> -> tensor<4x12x!quant.int<8, 0.25>>
  func.return
}

// -----

func.func @linear_input(%x: tensor<6x!quant.int<8, 0.5>>, %w: tensor<7x6x!quant.binary>) {
  // expected-error@+1 {{'input' has rank 1, expected 2 (tokens x input channels)}}
  %y = quant.linear %x, %w : tensor<6x!quant.int<8, 0.5>>, tensor<7x6x!quant.binary> -> tensor<5x7xi11>
  func.return
}

// -----

func.func @linear_weight(%x: tensor<5x6x!quant.int<8, 0.5>>, %w: tensor<6x!quant.binary>) {
  // expected-error@+1 {{'weight' has rank 1, expected 2 (output x input channels)}}
  %y = quant.linear %x, %w : tensor<5x6x!quant.int<8, 0.5>>, tensor<6x!quant.binary> -> tensor<5x7xi11>
  func.return
}

// -----

func.func @linear_channels(%x: tensor<5x6x!quant.int<8, 0.5>>, %w: tensor<7x8x!quant.binary>) {
  // expected-error@+1 {{'weight' has 8 input channels, expected 6}}
  %y = quant.linear %x, %w : tensor<5x6x!quant.int<8, 0.5>>, tensor<7x8x!quant.binary> -> tensor<5x7xi11>
  func.return
}

// -----

func.func @linear_result(%x: tensor<5x6x!quant.int<8, 0.5>>, %w: tensor<7x6x!quant.binary>) {
  // expected-error@+1 {{'result' has shape (7, 5), expected (5, 7)}}
  %y = quant.linear %x, %w : tensor<5x6x!quant.int<8, 0.5>>, tensor<7x6x!quant.binary> -> tensor<7x5xi11>
  func.return
}

// -----

func.func @linear_narrow(%x: tensor<5x6x!quant.int<8, 0.5>>, %w: tensor<7x6x!quant.binary>) {
  // expected-error@+1 {{'result' has elements i10, expected i11 for 6 products}}
  %y = quant.linear %x, %w : tensor<5x6x!quant.int<8, 0.5>>, tensor<7x6x!quant.binary> -> tensor<5x7xi10>
  func.return
}

// -----

func.func @linear_wide(%x: tensor<5x6x!quant.int<8, 0.5>>, %w: tensor<7x6x!quant.binary>) {
  // expected-error@+1 {{'result' has elements i12, expected i11 for 6 products}}
  %y = quant.linear %x, %w : tensor<5x6x!quant.int<8, 0.5>>, tensor<7x6x!quant.binary> -> tensor<5x7xi12>
  func.return
}

// -----

func.func @linear_integers(%x: tensor<5x6x!quant.int<8, 0.5>>, %w: tensor<7x6xi8>) {
  // expected-error@+1 {{'result' has elements i11, expected i18 for 6 products}}
  %y = quant.linear %x, %w : tensor<5x6x!quant.int<8, 0.5>>, tensor<7x6xi8> -> tensor<5x7xi11>
  func.return
}

// -----

func.func @requantized_rank(%x: tensor<7xi11>, %m: tensor<7xi18>, %o: tensor<7xi48>) {
  // expected-error@+1 {{'input' has rank 1, expected 2 (tokens x channels)}}
  %y = quant.requantize %x, %m, %o {shift = 20 : i64} : tensor<7xi11>, tensor<7xi18>, tensor<7xi48> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @requantized_width(%x: tensor<5x7xi47>, %m: tensor<7xi18>, %o: tensor<7xi48>) {
  // expected-error@+1 {{'input' has 47 bits, accepted range is [1, 46]}}
  %y = quant.requantize %x, %m, %o {shift = 20 : i64} : tensor<5x7xi47>, tensor<7xi18>, tensor<7xi48> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @requantize_multiplier(%x: tensor<5x7xi11>, %m: tensor<5xi18>, %o: tensor<7xi48>) {
  // expected-error@+1 {{'multiplier' has shape (5,), expected (7,)}}
  %y = quant.requantize %x, %m, %o {shift = 20 : i64} : tensor<5x7xi11>, tensor<5xi18>, tensor<7xi48> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @requantize_offset(%x: tensor<5x7xi11>, %m: tensor<7xi18>, %o: tensor<5xi48>) {
  // expected-error@+1 {{'offset' has shape (5,), expected (7,)}}
  %y = quant.requantize %x, %m, %o {shift = 20 : i64} : tensor<5x7xi11>, tensor<7xi18>, tensor<5xi48> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @requantize_multiplier_width(%x: tensor<5x7xi11>, %m: tensor<7xi17>, %o: tensor<7xi48>) {
  // expected-error@+1 {{'multiplier' is tensor<7xi17>, expected a tensor of i18}}
  %y = quant.requantize %x, %m, %o {shift = 20 : i64} : tensor<5x7xi11>, tensor<7xi17>, tensor<7xi48> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @requantize_offset_width(%x: tensor<5x7xi11>, %m: tensor<7xi18>, %o: tensor<7xi47>) {
  // expected-error@+1 {{'offset' is tensor<7xi47>, expected a tensor of i48}}
  %y = quant.requantize %x, %m, %o {shift = 20 : i64} : tensor<5x7xi11>, tensor<7xi18>, tensor<7xi47> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @requantize_shift(%x: tensor<5x7xi11>, %m: tensor<7xi18>, %o: tensor<7xi48>) {
  // expected-error@+1 {{'shift' is 0, accepted range is [1, 47]}}
  %y = quant.requantize %x, %m, %o {shift = 0 : i64} : tensor<5x7xi11>, tensor<7xi18>, tensor<7xi48> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @requantized(%x: tensor<5x7xi11>, %m: tensor<7xi18>, %o: tensor<7xi48>) {
  // expected-error@+1 {{'result' has shape (7, 5), expected (5, 7)}}
  %y = quant.requantize %x, %m, %o {shift = 20 : i64} : tensor<5x7xi11>, tensor<7xi18>, tensor<7xi48> -> tensor<7x5x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @rescaled_width(%x: tensor<5x7xi47>) {
  // expected-error@+1 {{'input' has 47 bits, accepted range is [1, 46]}}
  %y = quant.rescale %x {multiplier = 3 : i64, shift = 20 : i64} : tensor<5x7xi47> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @negative_multiplier(%x: tensor<5x7xi11>) {
  // expected-error@+1 {{'multiplier' is -1, accepted range is [0, 131071]}}
  %y = quant.rescale %x {multiplier = -1 : i64, shift = 20 : i64} : tensor<5x7xi11> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @large_multiplier(%x: tensor<5x7xi11>) {
  // expected-error@+1 {{'multiplier' is 131072, accepted range is [0, 131071]}}
  %y = quant.rescale %x {multiplier = 131072 : i64, shift = 20 : i64} : tensor<5x7xi11> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @rescale_shift(%x: tensor<5x7xi11>) {
  // expected-error@+1 {{'shift' is 48, accepted range is [1, 47]}}
  %y = quant.rescale %x {multiplier = 3 : i64, shift = 48 : i64} : tensor<5x7xi11> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @rescaled(%x: tensor<5x7xi11>) {
  // expected-error@+1 {{'result' has shape (7, 5), expected (5, 7)}}
  %y = quant.rescale %x {multiplier = 3 : i64, shift = 20 : i64} : tensor<5x7xi11> -> tensor<7x5x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @added_scale(%a: tensor<5x7x!quant.int<16, 0.001>>, %b: tensor<5x7x!quant.int<16, 0.002>>) {
  // expected-error@+1 {{'right' is tensor<5x7x!quant.int<16, 0.002>>, expected tensor<5x7x!quant.int<16, 0.001>>}}
  %y = quant.add %a, %b : tensor<5x7x!quant.int<16, 0.001>>, tensor<5x7x!quant.int<16, 0.002>> -> tensor<5x7x!quant.int<16, 0.001>>
  func.return
}

// -----

func.func @sum_shape(%a: tensor<5x7x!quant.int<16, 0.001>>, %b: tensor<5x7x!quant.int<16, 0.001>>) {
  // expected-error@+1 {{'result' is tensor<5x6x!quant.int<16, 0.001>>, expected tensor<5x7x!quant.int<16, 0.001>>}}
  %y = quant.add %a, %b : tensor<5x7x!quant.int<16, 0.001>>, tensor<5x7x!quant.int<16, 0.001>> -> tensor<5x6x!quant.int<16, 0.001>>
  func.return
}

// -----

func.func @query(%q: tensor<6x!quant.int<8, 0.5>>, %k: tensor<4x6x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'query' has rank 1, expected 2 (tokens x channels)}}
  %y = quant.attention_scores %q, %k {heads = 3 : i64} : tensor<6x!quant.int<8, 0.5>>, tensor<4x6x!quant.int<8, 0.5>> -> tensor<3x5x4xi17>
  func.return
}

// -----

func.func @key(%q: tensor<5x6x!quant.int<8, 0.5>>, %k: tensor<6x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'key' has rank 1, expected 2 (tokens x channels)}}
  %y = quant.attention_scores %q, %k {heads = 3 : i64} : tensor<5x6x!quant.int<8, 0.5>>, tensor<6x!quant.int<8, 0.5>> -> tensor<3x5x4xi17>
  func.return
}

// -----

func.func @key_channels(%q: tensor<5x6x!quant.int<8, 0.5>>, %k: tensor<4x9x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'key' has 9 channels, expected 6}}
  %y = quant.attention_scores %q, %k {heads = 3 : i64} : tensor<5x6x!quant.int<8, 0.5>>, tensor<4x9x!quant.int<8, 0.5>> -> tensor<3x5x4xi17>
  func.return
}

// -----

func.func @heads(%q: tensor<5x6x!quant.int<8, 0.5>>, %k: tensor<4x6x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'heads' is 4, it must divide the 6 channels}}
  %y = quant.attention_scores %q, %k {heads = 4 : i64} : tensor<5x6x!quant.int<8, 0.5>>, tensor<4x6x!quant.int<8, 0.5>> -> tensor<3x5x4xi17>
  func.return
}

// -----

func.func @scores_shape(%q: tensor<5x6x!quant.int<8, 0.5>>, %k: tensor<4x6x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'result' has shape (3, 4, 5), expected (3, 5, 4)}}
  %y = quant.attention_scores %q, %k {heads = 3 : i64} : tensor<5x6x!quant.int<8, 0.5>>, tensor<4x6x!quant.int<8, 0.5>> -> tensor<3x4x5xi17>
  func.return
}

// -----

func.func @scores_width(%q: tensor<5x6x!quant.int<8, 0.5>>, %k: tensor<4x6x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'result' has elements i16, expected i17 for 2 products}}
  %y = quant.attention_scores %q, %k {heads = 3 : i64} : tensor<5x6x!quant.int<8, 0.5>>, tensor<4x6x!quant.int<8, 0.5>> -> tensor<3x5x4xi16>
  func.return
}

// -----

func.func @table_entries() {
  // expected-error@+1 {{'table' has shape (255,), expected (256,)}}
  %t = quant.exponential_table : tensor<255xi17>
  func.return
}

// -----

func.func @table_width() {
  // expected-error@+1 {{'table' is tensor<256xi16>, expected a tensor of i17}}
  %t = quant.exponential_table : tensor<256xi16>
  func.return
}

// -----

func.func @softmax_rank(%x: tensor<5x4xi17>, %t: tensor<256xi17>) {
  // expected-error@+1 {{'input' has rank 2, expected 3 (heads x query tokens x key tokens)}}
  %y = quant.softmax %x, %t {multiplier = 3 : i64, shift = 17 : i64} : tensor<5x4xi17>, tensor<256xi17> -> tensor<3x5x4x!quant.uint<8, 0.00390625>>
  func.return
}

// -----

func.func @softmax_width(%x: tensor<3x5x4xi47>, %t: tensor<256xi17>) {
  // expected-error@+1 {{'input' has 47 bits, accepted range is [1, 46]}}
  %y = quant.softmax %x, %t {multiplier = 3 : i64, shift = 17 : i64} : tensor<3x5x4xi47>, tensor<256xi17> -> tensor<3x5x4x!quant.uint<8, 0.00390625>>
  func.return
}

// -----

func.func @softmax_table(%x: tensor<3x5x4xi17>, %t: tensor<128xi17>) {
  // expected-error@+1 {{'table' has shape (128,), expected (256,)}}
  %y = quant.softmax %x, %t {multiplier = 3 : i64, shift = 17 : i64} : tensor<3x5x4xi17>, tensor<128xi17> -> tensor<3x5x4x!quant.uint<8, 0.00390625>>
  func.return
}

// -----

func.func @softmax_table_width(%x: tensor<3x5x4xi17>, %t: tensor<256xi16>) {
  // expected-error@+1 {{'table' is tensor<256xi16>, expected a tensor of i17}}
  %y = quant.softmax %x, %t {multiplier = 3 : i64, shift = 17 : i64} : tensor<3x5x4xi17>, tensor<256xi16> -> tensor<3x5x4x!quant.uint<8, 0.00390625>>
  func.return
}

// -----

func.func @softmax_multiplier(%x: tensor<3x5x4xi17>, %t: tensor<256xi17>) {
  // expected-error@+1 {{'multiplier' is 131072, accepted range is [0, 131071]}}
  %y = quant.softmax %x, %t {multiplier = 131072 : i64, shift = 17 : i64} : tensor<3x5x4xi17>, tensor<256xi17> -> tensor<3x5x4x!quant.uint<8, 0.00390625>>
  func.return
}

// -----

func.func @softmax_shift(%x: tensor<3x5x4xi17>, %t: tensor<256xi17>) {
  // expected-error@+1 {{'shift' is 0, accepted range is [1, 47]}}
  %y = quant.softmax %x, %t {multiplier = 3 : i64, shift = 0 : i64} : tensor<3x5x4xi17>, tensor<256xi17> -> tensor<3x5x4x!quant.uint<8, 0.00390625>>
  func.return
}

// -----

func.func @probabilities_shape(%x: tensor<3x5x4xi17>, %t: tensor<256xi17>) {
  // expected-error@+1 {{'result' has shape (3, 4, 5), expected (3, 5, 4)}}
  %y = quant.softmax %x, %t {multiplier = 3 : i64, shift = 17 : i64} : tensor<3x5x4xi17>, tensor<256xi17> -> tensor<3x4x5x!quant.uint<8, 0.00390625>>
  func.return
}

// -----

func.func @probabilities_scale(%x: tensor<3x5x4xi17>, %t: tensor<256xi17>) {
  // expected-error@+1 {{'result' has scale 0.5, expected 0.00390625}}
  %y = quant.softmax %x, %t {multiplier = 3 : i64, shift = 17 : i64} : tensor<3x5x4xi17>, tensor<256xi17> -> tensor<3x5x4x!quant.uint<8, 0.5>>
  func.return
}

// -----

func.func @weights_rank(%p: tensor<5x4x!quant.uint<8, 0.00390625>>, %v: tensor<4x6x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'probabilities' has rank 2, expected 3 (heads x query tokens x key tokens)}}
  %y = quant.attention_values %p, %v : tensor<5x4x!quant.uint<8, 0.00390625>>, tensor<4x6x!quant.int<8, 0.5>> -> tensor<5x6xi18>
  func.return
}

// -----

func.func @value_rank(%p: tensor<3x5x4x!quant.uint<8, 0.00390625>>, %v: tensor<6x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'value' has rank 1, expected 2 (tokens x channels)}}
  %y = quant.attention_values %p, %v : tensor<3x5x4x!quant.uint<8, 0.00390625>>, tensor<6x!quant.int<8, 0.5>> -> tensor<5x6xi18>
  func.return
}

// -----

func.func @value_tokens(%p: tensor<3x5x4x!quant.uint<8, 0.00390625>>, %v: tensor<7x6x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'value' has 7 tokens, expected 4}}
  %y = quant.attention_values %p, %v : tensor<3x5x4x!quant.uint<8, 0.00390625>>, tensor<7x6x!quant.int<8, 0.5>> -> tensor<5x6xi18>
  func.return
}

// -----

func.func @value_channels(%p: tensor<3x5x4x!quant.uint<8, 0.00390625>>, %v: tensor<4x7x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'heads' is 3, it must divide the 7 channels}}
  %y = quant.attention_values %p, %v : tensor<3x5x4x!quant.uint<8, 0.00390625>>, tensor<4x7x!quant.int<8, 0.5>> -> tensor<5x6xi18>
  func.return
}

// -----

func.func @mixed_shape(%p: tensor<3x5x4x!quant.uint<8, 0.00390625>>, %v: tensor<4x6x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'result' has shape (6, 5), expected (5, 6)}}
  %y = quant.attention_values %p, %v : tensor<3x5x4x!quant.uint<8, 0.00390625>>, tensor<4x6x!quant.int<8, 0.5>> -> tensor<6x5xi18>
  func.return
}

// -----

func.func @mixed_width(%p: tensor<3x5x4x!quant.uint<8, 0.00390625>>, %v: tensor<4x6x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'result' has elements i17, expected i18 for 4 products}}
  %y = quant.attention_values %p, %v : tensor<3x5x4x!quant.uint<8, 0.00390625>>, tensor<4x6x!quant.int<8, 0.5>> -> tensor<5x6xi17>
  func.return
}

// -----

func.func @normalized_rank(%x: tensor<7x!quant.int<16, 0.001>>, %m: tensor<7xi18>, %o: tensor<7xi48>) {
  // expected-error@+1 {{'input' has rank 1, expected 2 (tokens x channels)}}
  %y = quant.layer_norm %x, %m, %o {epsilon = 36 : i64, shift = 20 : i64} : tensor<7x!quant.int<16, 0.001>>, tensor<7xi18>, tensor<7xi48> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @norm_multiplier(%x: tensor<5x7x!quant.int<16, 0.001>>, %m: tensor<5xi18>, %o: tensor<7xi48>) {
  // expected-error@+1 {{'multiplier' has shape (5,), expected (7,)}}
  %y = quant.layer_norm %x, %m, %o {epsilon = 36 : i64, shift = 20 : i64} : tensor<5x7x!quant.int<16, 0.001>>, tensor<5xi18>, tensor<7xi48> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @norm_offset(%x: tensor<5x7x!quant.int<16, 0.001>>, %m: tensor<7xi18>, %o: tensor<5xi48>) {
  // expected-error@+1 {{'offset' has shape (5,), expected (7,)}}
  %y = quant.layer_norm %x, %m, %o {epsilon = 36 : i64, shift = 20 : i64} : tensor<5x7x!quant.int<16, 0.001>>, tensor<7xi18>, tensor<5xi48> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @norm_multiplier_width(%x: tensor<5x7x!quant.int<16, 0.001>>, %m: tensor<7xi19>, %o: tensor<7xi48>) {
  // expected-error@+1 {{'multiplier' is tensor<7xi19>, expected a tensor of i18}}
  %y = quant.layer_norm %x, %m, %o {epsilon = 36 : i64, shift = 20 : i64} : tensor<5x7x!quant.int<16, 0.001>>, tensor<7xi19>, tensor<7xi48> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @norm_offset_width(%x: tensor<5x7x!quant.int<16, 0.001>>, %m: tensor<7xi18>, %o: tensor<7xi49>) {
  // expected-error@+1 {{'offset' is tensor<7xi49>, expected a tensor of i48}}
  %y = quant.layer_norm %x, %m, %o {epsilon = 36 : i64, shift = 20 : i64} : tensor<5x7x!quant.int<16, 0.001>>, tensor<7xi18>, tensor<7xi49> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @norm_shift(%x: tensor<5x7x!quant.int<16, 0.001>>, %m: tensor<7xi18>, %o: tensor<7xi48>) {
  // expected-error@+1 {{'shift' is 48, accepted range is [1, 47]}}
  %y = quant.layer_norm %x, %m, %o {epsilon = 36 : i64, shift = 48 : i64} : tensor<5x7x!quant.int<16, 0.001>>, tensor<7xi18>, tensor<7xi48> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @normalized(%x: tensor<5x7x!quant.int<16, 0.001>>, %m: tensor<7xi18>, %o: tensor<7xi48>) {
  // expected-error@+1 {{'result' has shape (7, 5), expected (5, 7)}}
  %y = quant.layer_norm %x, %m, %o {epsilon = 36 : i64, shift = 20 : i64} : tensor<5x7x!quant.int<16, 0.001>>, tensor<7xi18>, tensor<7xi48> -> tensor<7x5x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @too_many_channels(%x: tensor<5x46341x!quant.int<16, 0.001>>, %m: tensor<46341xi18>, %o: tensor<46341xi48>) {
  // expected-error@+1 {{the variance of 46341 channels of 16 bits has 64 bits, accepted range is [1, 62]}}
  %y = quant.layer_norm %x, %m, %o {epsilon = 36 : i64, shift = 20 : i64} : tensor<5x46341x!quant.int<16, 0.001>>, tensor<46341xi18>, tensor<46341xi48> -> tensor<5x46341x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @no_epsilon(%x: tensor<5x7x!quant.int<16, 0.001>>, %m: tensor<7xi18>, %o: tensor<7xi48>) {
  // expected-error@+1 {{'epsilon' is 0, accepted range is [1, 52613349376]}}
  %y = quant.layer_norm %x, %m, %o {epsilon = 0 : i64, shift = 20 : i64} : tensor<5x7x!quant.int<16, 0.001>>, tensor<7xi18>, tensor<7xi48> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @large_epsilon(%x: tensor<5x7x!quant.int<16, 0.001>>, %m: tensor<7xi18>, %o: tensor<7xi48>) {
  // expected-error@+1 {{'epsilon' is 52613349377, accepted range is [1, 52613349376]}}
  %y = quant.layer_norm %x, %m, %o {epsilon = 52613349377 : i64, shift = 20 : i64} : tensor<5x7x!quant.int<16, 0.001>>, tensor<7xi18>, tensor<7xi48> -> tensor<5x7x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @patch_order(%image: tensor<3x4x4x!quant.int<8, 0.02>>) {
  // expected-error@+1 {{'order' is "rows_first", accepted are "colours_first" and "colours_last"}}
  %patches = quant.extract_patches %image {patch = array<i64: 2, 2>, order = "rows_first"} : tensor<3x4x4x!quant.int<8, 0.02>> -> tensor<4x12x!quant.int<8, 0.02>>
  func.return
}
