// RUN: vaqf-opt %s --verify-diagnostics --split-input-file
// RUN: vaqf-opt %s --split-input-file --disable-verify --print-debuginfo | filecheck %s

// A location that is unknown stays so; messages tell the place in the text all the same.

func.func @forward(%x: tensor<2xf32>) {
  // expected-error@+1 {{'result' has shape (3,), expected (2,)}}
  %y = vit.gelu %x : tensor<2xf32> -> tensor<3xf32> loc(unknown)
  func.return loc(unknown)
}
// CHECK: func.return loc(unknown)
