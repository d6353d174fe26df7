// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @weights_in_the_text() {
  // expected-error@+1 {{'value' has different elements, expected equal ones}}
  %weights = vit.constant dense<[1.0, 2.0]> : tensor<2xf32>
  func.return
}

// -----

func.func @permutation(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'permutation' is [0, 0], expected each of 0 to 1 once}}
  %y = vit.transpose %x by [0, 0] : tensor<4x6xf32> -> tensor<4x4xf32>
  func.return
}

// -----

func.func @transposed_shape(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has shape (4, 6), expected (6, 4)}}
  %y = vit.transpose %x by [1, 0] : tensor<4x6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @transposed_elements(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has elements i8, expected f32}}
  %y = vit.transpose %x by [1, 0] : tensor<4x6xf32> -> tensor<6x4xi8>
  func.return
}

// -----

func.func @reshaped_count(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has 25 values, expected 24}}
  %y = vit.reshape %x : tensor<4x6xf32> -> tensor<25xf32>
  func.return
}

// -----

func.func @reshaped_elements(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has elements i8, expected f32}}
  %y = vit.reshape %x : tensor<4x6xf32> -> tensor<24xi8>
  func.return
}

// -----

func.func @sliced_columns(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has shape (4, 3), expected rows of (4, 6)}}
  %y = vit.slice %x from 0 : tensor<4x6xf32> -> tensor<4x3xf32>
  func.return
}

// -----

func.func @sliced_outside(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{rows 2 to 5 are outside of the 4 rows of 'input'}}
  %y = vit.slice %x from 2 : tensor<4x6xf32> -> tensor<3x6xf32>
  func.return
}

// -----

func.func @sliced_before(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{rows -1 to 2 are outside of the 4 rows of 'input'}}
  %y = vit.slice %x from -1 : tensor<4x6xf32> -> tensor<3x6xf32>
  func.return
}

// -----

func.func @sliced_elements(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has elements i8, expected f32}}
  %y = vit.slice %x from 0 : tensor<4x6xf32> -> tensor<3x6xi8>
  func.return
}

// -----

func.func @concatenated_nothing() {
  // expected-error@+1 {{'inputs' is empty, expected at least one tensor}}
  %y = "vit.concatenate"() : () -> tensor<1x6xf32>
  func.return
}

// -----

func.func @concatenated_rank(%x: tensor<4x6xf32>, %z: tensor<6xf32>) {
  // expected-error@+1 {{'input 1' has rank 1, expected 2 (tokens x channels)}}
  %y = vit.concatenate %x, %z : tensor<4x6xf32>, tensor<6xf32> -> tensor<5x6xf32>
  func.return
}

// -----

func.func @concatenated_channels(%x: tensor<4x6xf32>, %z: tensor<1x7xf32>) {
  // expected-error@+1 {{input 1 has 7 channels, expected 6}}
  %y = vit.concatenate %x, %z : tensor<4x6xf32>, tensor<1x7xf32> -> tensor<5x6xf32>
  func.return
}

// -----

func.func @concatenated_shape(%x: tensor<4x6xf32>, %z: tensor<1x6xf32>) {
  // expected-error@+1 {{'result' has shape (6, 6), expected (5, 6)}}
  %y = vit.concatenate %x, %z : tensor<4x6xf32>, tensor<1x6xf32> -> tensor<6x6xf32>
  func.return
}

// -----

func.func @concatenated_elements(%x: tensor<4x6xf32>, %z: tensor<1x6xi8>) {
  // expected-error@+1 {{'result' has elements f32, expected i8}}
  %y = vit.concatenate %x, %z : tensor<4x6xf32>, tensor<1x6xi8> -> tensor<5x6xf32>
  func.return
}

// -----

func.func @selected_rank(%x: tensor<6xf32>) {
  // expected-error@+1 {{'input' has rank 1, expected 2 (tokens x channels)}}
  %y = vit.select_token %x[0] : tensor<6xf32> -> tensor<1x6xf32>
  func.return
}

// -----

func.func @selected_token(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'token' is 4, accepted range is [0, 3]}}
  %y = vit.select_token %x[4] : tensor<4x6xf32> -> tensor<1x6xf32>
  func.return
}

// -----

func.func @selected_shape(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has shape (6,), expected (1, 6)}}
  %y = vit.select_token %x[0] : tensor<4x6xf32> -> tensor<6xf32>
  func.return
}

// -----

func.func @selected_elements(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has elements i8, expected f32}}
  %y = vit.select_token %x[0] : tensor<4x6xf32> -> tensor<1x6xi8>
  func.return
}

// -----

func.func @image_rank(%x: tensor<1x3x8x8xf32>, %w: tensor<6x3x4x4xf32>) {
  // expected-error@+1 {{'image' has rank 4, expected 3 (colours x height x width)}}
  %y = vit.patch_embedding %x, %w : tensor<1x3x8x8xf32>, tensor<6x3x4x4xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @kernel_rank(%x: tensor<3x8x8xf32>, %w: tensor<6x48xf32>) {
  // expected-error@+1 {{'weight' has rank 2, expected 4 (channels x colours x patch height x patch width)}}
  %y = vit.patch_embedding %x, %w : tensor<3x8x8xf32>, tensor<6x48xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @colours(%x: tensor<3x8x8xf32>, %w: tensor<6x1x4x4xf32>) {
  // expected-error@+1 {{'weight' has 1 colours, expected 3}}
  %y = vit.patch_embedding %x, %w : tensor<3x8x8xf32>, tensor<6x1x4x4xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @patch_size(%x: tensor<3x8x9xf32>, %w: tensor<6x3x4x4xf32>) {
  // expected-error@+1 {{an image of 8 x 9 does not divide into patches of 4 x 4}}
  %y = vit.patch_embedding %x, %w : tensor<3x8x9xf32>, tensor<6x3x4x4xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @patch_bias(%x: tensor<3x8x8xf32>, %w: tensor<6x3x4x4xf32>, %b: tensor<5xf32>) {
  // expected-error@+1 {{'bias' has shape (5,), expected (6,)}}
  %y = vit.patch_embedding %x, %w, %b : tensor<3x8x8xf32>, tensor<6x3x4x4xf32>, tensor<5xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @patches(%x: tensor<3x8x8xf32>, %w: tensor<6x3x4x4xf32>) {
  // expected-error@+1 {{'result' has shape (5, 6), expected (4, 6)}}
  %y = vit.patch_embedding %x, %w : tensor<3x8x8xf32>, tensor<6x3x4x4xf32> -> tensor<5x6xf32>
  func.return
}

// -----

func.func @linear_rank(%x: tensor<1x4x6xf32>, %w: tensor<8x6xf32>) {
  // expected-error@+1 {{'input' has rank 3, expected 2 (tokens x input channels)}}
  %y = vit.linear %x, %w : tensor<1x4x6xf32>, tensor<8x6xf32> -> tensor<4x8xf32>
  func.return
}

// -----

func.func @linear_weight_rank(%x: tensor<4x6xf32>, %w: tensor<6xf32>) {
  // expected-error@+1 {{'weight' has rank 1, expected 2 (output x input channels)}}
  %y = vit.linear %x, %w : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x8xf32>
  func.return
}

// -----

func.func @linear_stored_transposed(%x: tensor<4x6xf32>, %w: tensor<6x8xf32>) {
  // expected-error@+1 {{'weight' has 8 input channels, expected 6}}
  %y = vit.linear %x, %w : tensor<4x6xf32>, tensor<6x8xf32> -> tensor<4x8xf32>
  func.return
}

// -----

func.func @linear_bias(%x: tensor<4x6xf32>, %w: tensor<8x6xf32>, %b: tensor<6xf32>) {
  // expected-error@+1 {{'bias' has shape (6,), expected (8,)}}
  %y = vit.linear %x, %w, %b : tensor<4x6xf32>, tensor<8x6xf32>, tensor<6xf32> -> tensor<4x8xf32>
  func.return
}

// -----

func.func @linear_shape(%x: tensor<4x6xf32>, %w: tensor<8x6xf32>) {
  // expected-error@+1 {{'result' has shape (4, 6), expected (4, 8)}}
  %y = vit.linear %x, %w : tensor<4x6xf32>, tensor<8x6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @layer_norm_rank(%x: tensor<1x4x6xf32>, %w: tensor<6xf32>, %b: tensor<6xf32>) {
  // expected-error@+1 {{'input' has rank 3, expected 2 (tokens x channels)}}
  %y = vit.layer_norm %x, %w, %b {epsilon = 1.0e-06 : f64} : tensor<1x4x6xf32>, tensor<6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @layer_norm_weight(%x: tensor<4x6xf32>, %w: tensor<5xf32>, %b: tensor<6xf32>) {
  // expected-error@+1 {{'weight' has shape (5,), expected (6,)}}
  %y = vit.layer_norm %x, %w, %b {epsilon = 1.0e-06 : f64} : tensor<4x6xf32>, tensor<5xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @layer_norm_bias(%x: tensor<4x6xf32>, %w: tensor<6xf32>, %b: tensor<5xf32>) {
  // expected-error@+1 {{'bias' has shape (5,), expected (6,)}}
  %y = vit.layer_norm %x, %w, %b {epsilon = 1.0e-06 : f64} : tensor<4x6xf32>, tensor<6xf32>, tensor<5xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @layer_norm_shape(%x: tensor<4x6xf32>, %w: tensor<6xf32>, %b: tensor<6xf32>) {
  // expected-error@+1 {{'result' has shape (1, 4, 6), expected (4, 6)}}
  %y = vit.layer_norm %x, %w, %b {epsilon = 1.0e-06 : f64} : tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32> -> tensor<1x4x6xf32>
  func.return
}

// -----

func.func @layer_norm_epsilon(%x: tensor<4x6xf32>, %w: tensor<6xf32>, %b: tensor<6xf32>) {
  // expected-error@+1 {{'epsilon' is -1e-06, it must not be negative}}
  %y = vit.layer_norm %x, %w, %b {epsilon = -1.0e-06 : f64} : tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @query_rank(%q: tensor<2x4x3xf32>, %k: tensor<5x6xf32>) {
  // expected-error@+1 {{'query' has rank 3, expected 2 (tokens x channels)}}
  %y = vit.attention_scores %q, %k {heads = 2 : i64, scale = 0.5 : f64} : tensor<2x4x3xf32>, tensor<5x6xf32> -> tensor<2x4x5xf32>
  func.return
}

// -----

func.func @key_rank(%q: tensor<4x6xf32>, %k: tensor<2x5x3xf32>) {
  // expected-error@+1 {{'key' has rank 3, expected 2 (tokens x channels)}}
  %y = vit.attention_scores %q, %k {heads = 2 : i64, scale = 0.5 : f64} : tensor<4x6xf32>, tensor<2x5x3xf32> -> tensor<2x4x5xf32>
  func.return
}

// -----

func.func @key_channels(%q: tensor<4x6xf32>, %k: tensor<5x8xf32>) {
  // expected-error@+1 {{'key' has 8 channels, expected 6}}
  %y = vit.attention_scores %q, %k {heads = 2 : i64, scale = 0.5 : f64} : tensor<4x6xf32>, tensor<5x8xf32> -> tensor<2x4x5xf32>
  func.return
}

// -----

func.func @heads(%q: tensor<4x6xf32>, %k: tensor<5x6xf32>) {
  // expected-error@+1 {{'heads' is 4, it must divide the 6 channels}}
  %y = vit.attention_scores %q, %k {heads = 4 : i64, scale = 0.5 : f64} : tensor<4x6xf32>, tensor<5x6xf32> -> tensor<4x4x5xf32>
  func.return
}

// -----

func.func @no_heads(%q: tensor<4x6xf32>, %k: tensor<5x6xf32>) {
  // expected-error@+1 {{'heads' is 0, it must divide the 6 channels}}
  %y = vit.attention_scores %q, %k {heads = 0 : i64, scale = 0.5 : f64} : tensor<4x6xf32>, tensor<5x6xf32> -> tensor<0x4x5xf32>
  func.return
}

// -----

func.func @scores_shape(%q: tensor<4x6xf32>, %k: tensor<5x6xf32>) {
  // expected-error@+1 {{'result' has shape (2, 5, 4), expected (2, 4, 5)}}
  %y = vit.attention_scores %q, %k {heads = 2 : i64, scale = 0.5 : f64} : tensor<4x6xf32>, tensor<5x6xf32> -> tensor<2x5x4xf32>
  func.return
}

// -----

func.func @scale(%q: tensor<4x6xf32>, %k: tensor<5x6xf32>) {
  // expected-error@+1 {{'scale' is 0.0, it must be positive}}
  %y = vit.attention_scores %q, %k {heads = 2 : i64, scale = 0.0 : f64} : tensor<4x6xf32>, tensor<5x6xf32> -> tensor<2x4x5xf32>
  func.return
}

// -----

func.func @softmax_rank(%x: tensor<4x5xf32>) {
  // expected-error@+1 {{'input' has rank 2, expected 3 (heads x query tokens x key tokens)}}
  %y = vit.softmax %x : tensor<4x5xf32> -> tensor<4x5xf32>
  func.return
}

// -----

func.func @softmax_shape(%x: tensor<2x4x5xf32>) {
  // expected-error@+1 {{'result' has shape (2, 5, 4), expected (2, 4, 5)}}
  %y = vit.softmax %x : tensor<2x4x5xf32> -> tensor<2x5x4xf32>
  func.return
}

// -----

func.func @probabilities_rank(%p: tensor<4x5xf32>, %v: tensor<5x6xf32>) {
  // expected-error@+1 {{'probabilities' has rank 2, expected 3 (heads x query tokens x key tokens)}}
  %y = vit.attention_values %p, %v : tensor<4x5xf32>, tensor<5x6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @value_rank(%p: tensor<2x4x5xf32>, %v: tensor<2x5x3xf32>) {
  // expected-error@+1 {{'value' has rank 3, expected 2 (tokens x channels)}}
  %y = vit.attention_values %p, %v : tensor<2x4x5xf32>, tensor<2x5x3xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @value_tokens(%p: tensor<2x4x5xf32>, %v: tensor<4x6xf32>) {
  // expected-error@+1 {{'value' has 4 tokens, expected 5}}
  %y = vit.attention_values %p, %v : tensor<2x4x5xf32>, tensor<4x6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @value_heads(%p: tensor<2x4x5xf32>, %v: tensor<5x7xf32>) {
  // expected-error@+1 {{'heads' is 2, it must divide the 7 channels}}
  %y = vit.attention_values %p, %v : tensor<2x4x5xf32>, tensor<5x7xf32> -> tensor<4x7xf32>
  func.return
}

// -----

func.func @mixed_shape(%p: tensor<2x4x5xf32>, %v: tensor<5x6xf32>) {
  // expected-error@+1 {{'result' has shape (5, 6), expected (4, 6)}}
  %y = vit.attention_values %p, %v : tensor<2x4x5xf32>, tensor<5x6xf32> -> tensor<5x6xf32>
  func.return
}

// -----

func.func @gelu_shape(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has shape (6, 4), expected (4, 6)}}
  %y = vit.gelu %x : tensor<4x6xf32> -> tensor<6x4xf32>
  func.return
}

// -----

func.func @added_shapes(%x: tensor<4x6xf32>, %z: tensor<6xf32>) {
  // expected-error@+1 {{'right' has shape (6,), expected (4, 6)}}
  %y = vit.add %x, %z : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @sum_shape(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has shape (6, 4), expected (4, 6)}}
  %y = vit.add %x, %x : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<6x4xf32>
  func.return
}

// -----

func.func @not_real(%x: tensor<4x6xi8>) {
  // expected-error@+1 {{i8 should be of base attribute f32}}
  %y = vit.gelu %x : tensor<4x6xi8> -> tensor<4x6xi8>
  func.return
}

// -----

func.func @patch_rank(%image: tensor<3x8x12xf32>) {
  // expected-error@+1 {{'patch' is [4], expected a positive height and width}}
  %y = vit.extract_patches %image {patch = array<i64: 4>, order = "colours_first"} : tensor<3x8x12xf32> -> tensor<4x72xf32>
  func.return
}

// -----

func.func @patch_size(%image: tensor<3x8x12xf32>) {
  // expected-error@+1 {{an image of 8 x 12 does not divide into patches of 3 x 6}}
  %y = vit.extract_patches %image {patch = array<i64: 3, 6>, order = "colours_first"} : tensor<3x8x12xf32> -> tensor<4x72xf32>
  func.return
}

// -----

func.func @pixel_order(%image: tensor<3x8x12xf32>) {
  // expected-error@+1 {{'order' is "rgb", accepted are "colours_first" and "colours_last"}}
  %y = vit.extract_patches %image {patch = array<i64: 4, 6>, order = "rgb"} : tensor<3x8x12xf32> -> tensor<4x72xf32>
  func.return
}

// -----

func.func @patches_shape(%image: tensor<3x8x12xf32>) {
  // expected-error@+1 {{'result' has shape (72, 4), expected (4, 72)}}
  %y = vit.extract_patches %image {patch = array<i64: 4, 6>, order = "colours_last"} : tensor<3x8x12xf32> -> tensor<72x4xf32>
  func.return
}

// -----

func.func @mean_shape(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has shape (4, 6), expected (1, 6)}}
  %y = vit.mean_tokens %x : tensor<4x6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @row_factors(%x: tensor<4x6xf32>, %f: tensor<6xf32>) {
  // expected-error@+1 {{'factor' has shape (6,), expected (4,)}}
  %y = vit.scale_rows %x, %f : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @scaled_rows(%x: tensor<4x6xf32>, %f: tensor<4xf32>) {
  // expected-error@+1 {{'result' has shape (6, 4), expected (4, 6)}}
  %y = vit.scale_rows %x, %f : tensor<4x6xf32>, tensor<4xf32> -> tensor<6x4xf32>
  func.return
}

// -----

func.func @rows_of_a_number(%x: tensor<f32>) {
  // expected-error@+1 {{'input' has no dimensions, expected rows}}
  %y = vit.scale_rows %x, %x : tensor<f32>, tensor<f32> -> tensor<f32>
  func.return
}

// -----

func.func @channel_factors(%x: tensor<4x6xf32>, %f: tensor<4xf32>) {
  // expected-error@+1 {{'factor' has shape (4,), expected (6,)}}
  %y = vit.scale_channels %x, %f : tensor<4x6xf32>, tensor<4xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @scaled_channels(%x: tensor<4x6xf32>, %f: tensor<6xf32>) {
  // expected-error@+1 {{'result' has shape (6, 4), expected (4, 6)}}
  %y = vit.scale_channels %x, %f : tensor<4x6xf32>, tensor<6xf32> -> tensor<6x4xf32>
  func.return
}

// -----

func.func @infinite_factor(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'factor' is inf, it must be finite}}
  %y = vit.scale %x by 0x7FF0000000000000 : f64 : tensor<4x6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @scaled_shape(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has shape (6, 4), expected (4, 6)}}
  %y = vit.scale %x by 2.0 : f64 : tensor<4x6xf32> -> tensor<6x4xf32>
  func.return
}
