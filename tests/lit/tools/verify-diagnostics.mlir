// Comments say which errors a file has; `--verify-diagnostics` tells which of them did not come, and which came besides.

// RUN: vaqf-opt %s --split-input-file --verify-diagnostics 2>&1 | filecheck %s --check-prefix NOTHING --allow-empty
// NOTHING-NOT: {{.}}

func.func @same_line(%x: tensor<2x3xf32>) {
  vit.florp %x // expected-error {{operation 'vit.florp' is not registered}}
}

// -----

func.func @forward(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{'vit.transpose': 'permutation' is [1, 1], expected each of 0 to 1 once}}

  %t = vit.transpose %x by [1, 1] : tensor<2x3xf32> -> tensor<3x2xf32>
  func.return
}

// -----

func.func @forward(%x: tensor<2x3xf32>) {
  %t = vit.transpose %x by [1, 1] : tensor<2x3xf32> -> tensor<3x2xf32>
  // expected-error@-1 {{expected each of 0 to 1 once}}
  func.return
}

// -----

func.func @forward(%x: tensor<2x3xf32>) {
  %t = vit.transpose %x by [1, 1] : tensor<2x3xf32> -> tensor<3x2xf32>
  // expected-error@above {{expected each of 0 to 1 once}}
  func.return
}

// -----

func.func @forward(%x: tensor<2x3xf32>) {
  // expected-error-re@below {{'permutation' is [{{[0-9, ]+}}], expected each of 0 to {{1|2}} once}}
  %t = vit.transpose %x by [1, 1] : tensor<2x3xf32> -> tensor<3x2xf32>
  func.return
}

// -----

// A location that is a name is no line of the file.
func.func @forward(%x: tensor<2x3xf32>) {
  // expected-error@unknown {{'vit.transpose' at /blocks.0/Transpose: 'permutation' is [1, 1]}}
  %t = vit.transpose %x by [1, 1] : tensor<2x3xf32> -> tensor<3x2xf32> loc("/blocks.0/Transpose")
  func.return
}

// -----

func.func @intact() {
  func.return
}
