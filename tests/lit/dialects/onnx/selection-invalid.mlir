// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @concat_nothing() {
  // expected-error@+1 {{there is no input, expected at least one}}
  %z = "onnx.Concat"() <{axis = 0 : i64}> : () -> tensor<4x6xf32>
  func.return
}

// -----

func.func @concat_axis(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'axis' is 2, accepted range is [-2, 1]}}
  %z = onnx.Concat %x, %x axis = 2 : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x12xf32>
  func.return
}

// -----

func.func @concat_input(%x: tensor<4x6xf32>, %y: tensor<5x6xf32>) {
  // expected-error@+1 {{input 1 has shape (5, 6), expected (4, 6) but for the size of dimension 1}}
  %z = onnx.Concat %x, %y axis = 1 : tensor<4x6xf32>, tensor<5x6xf32> -> tensor<4x12xf32>
  func.return
}

// -----

func.func @concat_rank(%x: tensor<4x6xf32>, %y: tensor<4x6x1xf32>) {
  // expected-error@+1 {{input 1 has shape (4, 6, 1), expected (4, 6) but for the size of dimension 0}}
  %z = onnx.Concat %x, %y axis = 0 : tensor<4x6xf32>, tensor<4x6x1xf32> -> tensor<8x6xf32>
  func.return
}

// -----

func.func @concat_result(%x: tensor<4x6xf32>, %y: tensor<5x6xf32>) {
  // expected-error@+1 {{'result' has shape (8, 6), expected (9, 6)}}
  %z = onnx.Concat %x, %y axis = 0 : tensor<4x6xf32>, tensor<5x6xf32> -> tensor<8x6xf32>
  func.return
}

// -----

func.func @concat_elements(%x: tensor<4x6xf32>, %y: tensor<4x6xi64>) {
  // expected-error@+1 {{'input 1' has elements i64, expected f32}}
  %z = onnx.Concat %x, %y axis = 0 : tensor<4x6xf32>, tensor<4x6xi64> -> tensor<8x6xf32>
  func.return
}

// -----

func.func @slice_lengths(%x: tensor<4x6xf32>) {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %two = onnx.constant dense<[0, 1]> : tensor<2xi64>
  // expected-error@+1 {{'starts', 'ends', 'axes' and 'steps' differ in length}}
  %z = onnx.Slice %x, %one, %two, %two, %two : tensor<4x6xf32>, tensor<1xi64>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @slice_steps(%x: tensor<4x6xf32>) {
  %zero = onnx.constant dense<0> : tensor<1xi64>
  // expected-error@+1 {{'steps' is [0], it must not have zeros}}
  %z = onnx.Slice %x, %zero, %zero, %zero, %zero : tensor<4x6xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @slice_result(%x: tensor<4x6xf32>) {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %end = onnx.constant dense<9> : tensor<1xi64>
  // expected-error@+1 {{'result' has shape (4, 6), expected (4, 5)}}
  %z = onnx.Slice %x, %one, %end, %one, %one : tensor<4x6xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @split_count(%x: tensor<4x6xf32>) {
  %sizes = onnx.constant dense<2> : tensor<3xi64>
  // expected-error@+1 {{there are 2 pieces, expected 3}}
  %a, %b = onnx.Split %x, %sizes axis = 1 : tensor<4x6xf32>, tensor<3xi64> -> tensor<4x2xf32>, tensor<4x2xf32>
  func.return
}

// -----

func.func @split_total(%x: tensor<4x6xf32>) {
  %sizes = onnx.constant dense<2> : tensor<2xi64>
  // expected-error@+1 {{'sizes' is [2, 2], dimension 1 has 6}}
  %a, %b = onnx.Split %x, %sizes axis = 1 : tensor<4x6xf32>, tensor<2xi64> -> tensor<4x2xf32>, tensor<4x2xf32>
  func.return
}

// -----

func.func @split_piece(%x: tensor<4x6xf32>) {
  %sizes = onnx.constant dense<[2, 4]> : tensor<2xi64>
  // expected-error@+1 {{'piece 1' has shape (4, 2), expected (4, 4)}}
  %a, %b = onnx.Split %x, %sizes axis = 1 : tensor<4x6xf32>, tensor<2xi64> -> tensor<4x2xf32>, tensor<4x2xf32>
  func.return
}

// -----

func.func @split_elements(%x: tensor<4x6xf32>) {
  %sizes = onnx.constant dense<6> : tensor<1xi64>
  // expected-error@+1 {{'piece 0' has elements i64, expected f32}}
  %a = onnx.Split %x, %sizes axis = 1 : tensor<4x6xf32>, tensor<1xi64> -> tensor<4x6xi64>
  func.return
}

// -----

func.func @gather_index(%x: tensor<4x6xf32>) {
  %index = onnx.constant dense<4> : tensor<i64>
  // expected-error@+1 {{'indices' is 4, accepted range is [-4, 3]}}
  %z = onnx.Gather %x, %index axis = 0 : tensor<4x6xf32>, tensor<i64> -> tensor<6xf32>
  func.return
}

// -----

func.func @gather_result(%x: tensor<4x6xf32>) {
  %index = onnx.constant dense<3> : tensor<1xi64>
  // expected-error@+1 {{'result' has shape (6,), expected (1, 6)}}
  %z = onnx.Gather %x, %index axis = 0 : tensor<4x6xf32>, tensor<1xi64> -> tensor<6xf32>
  func.return
}

// -----

func.func @gather_index_from_input(%x: tensor<4x6xf32>, %index: tensor<i64>) {
  // expected-error@+1 {{'result' has shape (4,), expected (6,)}}
  %z = onnx.Gather %x, %index axis = 0 : tensor<4x6xf32>, tensor<i64> -> tensor<4xf32>
  func.return
}

// -----

func.func @gather_elements(%x: tensor<4x6xf32>, %index: tensor<f32>) {
  // expected-error@+1 {{'indices' has elements f32, accepted are i32, i64}}
  %z = onnx.Gather %x, %index axis = 0 : tensor<4x6xf32>, tensor<f32> -> tensor<6xf32>
  func.return
}

// -----

func.func @slice_from_input(%x: tensor<4x6xf32>, %n: tensor<1xi64>) {
  // expected-error@+1 {{'result' has rank 1, expected 2 (that of 'input')}}
  %z = onnx.Slice %x, %n, %n, %n, %n : tensor<4x6xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<4xf32>
  func.return
}

// -----

func.func @split_from_input(%x: tensor<4x6xf32>, %n: tensor<2xi64>) {
  // expected-error@+1 {{'sizes' is [2, 1], dimension 0 has 4}}
  %a, %b = onnx.Split %x, %n axis = 0 : tensor<4x6xf32>, tensor<2xi64> -> tensor<2x6xf32>, tensor<1x6xf32>
  func.return
}

// -----

func.func @split_rank_from_input(%x: tensor<4x6xf32>, %n: tensor<2xi64>) {
  // expected-error@+1 {{'piece 1' has rank 1, expected 2 (that of 'input')}}
  %a, %b = onnx.Split %x, %n axis = 0 : tensor<4x6xf32>, tensor<2xi64> -> tensor<2x6xf32>, tensor<2xf32>
  func.return
}

// -----

func.func @trilu_rank(%x: tensor<4xf32>) {
  // expected-error@+1 {{'input' has rank 1, expected at least 2}}
  %z = onnx.Trilu %x upper = 0 : tensor<4xf32> -> tensor<4xf32>
  func.return
}

// -----

func.func @trilu_upper(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'upper' is 2, accepted values are 0 and 1}}
  %z = onnx.Trilu %x upper = 2 : tensor<4x6xf32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @trilu_diagonal(%x: tensor<4x6xf32>, %k: tensor<f32>) {
  // expected-error@+1 {{'diagonal' has elements f32, accepted are i32, i64}}
  %z = onnx.Trilu %x, %k upper = 1 : tensor<4x6xf32>, tensor<f32> -> tensor<4x6xf32>
  func.return
}

// -----

func.func @trilu_result(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has shape (6, 4), expected (4, 6)}}
  %z = onnx.Trilu %x upper = 0 : tensor<4x6xf32> -> tensor<6x4xf32>
  func.return
}

// -----

func.func @trilu_elements(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'result' has elements i64, expected f32}}
  %z = onnx.Trilu %x upper = 0 : tensor<4x6xf32> -> tensor<4x6xi64>
  func.return
}
