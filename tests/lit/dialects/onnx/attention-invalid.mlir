// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @rank(%x: tensor<197x192xf32>) {
  // expected-error@+1 {{'query' has rank 2, expected 3 or 4}}
  %y = onnx.Attention %x, %x, %x : (tensor<197x192xf32>, tensor<197x192xf32>, tensor<197x192xf32>) -> tensor<197x192xf32>
  func.return
}

// -----

func.func @no_query_heads(%x: tensor<1x197x192xf32>) {
  // expected-error@+1 {{'query' has rank 3, but 'q_num_heads' is not given}}
  %y = onnx.Attention %x, %x, %x {kv_num_heads = 3 : i64} : (tensor<1x197x192xf32>, tensor<1x197x192xf32>, tensor<1x197x192xf32>) -> tensor<1x197x192xf32>
  func.return
}

// -----

func.func @no_key_heads(%x: tensor<1x197x192xf32>) {
  // expected-error@+1 {{'key' has rank 3, but 'kv_num_heads' is not given}}
  %y = onnx.Attention %x, %x, %x {q_num_heads = 3 : i64} : (tensor<1x197x192xf32>, tensor<1x197x192xf32>, tensor<1x197x192xf32>) -> tensor<1x197x192xf32>
  func.return
}

// -----

func.func @heads_do_not_divide(%x: tensor<1x197x192xf32>) {
  // expected-error@+1 {{'q_num_heads' is 5, it must divide the 192 channels of 'query'}}
  %y = onnx.Attention %x, %x, %x {q_num_heads = 5 : i64, kv_num_heads = 3 : i64} : (tensor<1x197x192xf32>, tensor<1x197x192xf32>, tensor<1x197x192xf32>) -> tensor<1x197x192xf32>
  func.return
}

// -----

func.func @ranks(%q: tensor<1x3x197x64xf32>, %x: tensor<1x197x192xf32>) {
  // expected-error@+1 {{'query', 'key' and 'value' have ranks 4, 3 and 3, expected one}}
  %y = onnx.Attention %q, %x, %x {kv_num_heads = 3 : i64} : (tensor<1x3x197x64xf32>, tensor<1x197x192xf32>, tensor<1x197x192xf32>) -> tensor<1x3x197x64xf32>
  func.return
}

// -----

func.func @grouped_queries(%q: tensor<1x6x197x64xf32>, %k: tensor<1x2x197x64xf32>) {
  // expected-error@+1 {{'key' has 2 heads, expected 6 as 'query' has}}
  %y = onnx.Attention %q, %k, %k : (tensor<1x6x197x64xf32>, tensor<1x2x197x64xf32>, tensor<1x2x197x64xf32>) -> tensor<1x6x197x64xf32>
  func.return
}

// -----

func.func @head_sizes(%q: tensor<1x3x197x64xf32>, %k: tensor<1x3x197x32xf32>) {
  // expected-error@+1 {{'key' has shape (1, 3, 197, 32), expected (1, 3, 197, 64)}}
  %y = onnx.Attention %q, %k, %k : (tensor<1x3x197x64xf32>, tensor<1x3x197x32xf32>, tensor<1x3x197x32xf32>) -> tensor<1x3x197x32xf32>
  func.return
}

// -----

func.func @tokens(%q: tensor<1x3x197x64xf32>, %v: tensor<1x3x50x64xf32>) {
  // expected-error@+1 {{'value' has shape (1, 3, 50, 64), expected (1, 3, 197, 64)}}
  %y = onnx.Attention %q, %q, %v : (tensor<1x3x197x64xf32>, tensor<1x3x197x64xf32>, tensor<1x3x50x64xf32>) -> tensor<1x3x197x64xf32>
  func.return
}

// -----

func.func @mask_elements(%q: tensor<1x3x197x64xf32>, %mask: tensor<197x197xi64>) {
  // expected-error@+1 {{'mask' has elements i64, accepted are f32, i1}}
  %y = onnx.Attention %q, %q, %q mask %mask : (tensor<1x3x197x64xf32>, tensor<1x3x197x64xf32>, tensor<1x3x197x64xf32>, tensor<197x197xi64>) -> tensor<1x3x197x64xf32>
  func.return
}

// -----

func.func @mask_shape(%q: tensor<1x3x197x64xf32>, %mask: tensor<2x1x197x197xf32>) {
  // expected-error@+1 {{'mask' has shape (2, 1, 197, 197), expected to fit (1, 3, 197, 197)}}
  %y = onnx.Attention %q, %q, %q mask %mask : (tensor<1x3x197x64xf32>, tensor<1x3x197x64xf32>, tensor<1x3x197x64xf32>, tensor<2x1x197x197xf32>) -> tensor<1x3x197x64xf32>
  func.return
}

// -----

func.func @result(%x: tensor<1x197x192xf32>) {
  // expected-error@+1 {{'result' has shape (1, 197, 64), expected (1, 197, 192)}}
  %y = onnx.Attention %x, %x, %x {q_num_heads = 3 : i64, kv_num_heads = 3 : i64} : (tensor<1x197x192xf32>, tensor<1x197x192xf32>, tensor<1x197x192xf32>) -> tensor<1x197x64xf32>
  func.return
}
