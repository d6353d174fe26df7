// RUN: vaqf-opt %s --split-input-file --verify-diagnostics
// RUN: not vaqf-opt %s 2>&1 | filecheck %s

// CHECK:      vaqf-opt: error: {{.*}}parse-errors.mlir:11:3: operation 'vit.florp' is not registered
// CHECK-NEXT:   vit.florp %x
// CHECK-NEXT:   ^^^^^^^^^
// CHECK-NOT:  {{.}}

func.func @forward(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{operation 'vit.florp' is not registered}}
  vit.florp %x
  func.return
}

// -----

func.func @forward(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{End of file reached before closing string literal.}}
  %t = vit.parameter @"not closed, and long enough to be slow to look at : tensor<3x2xf32>
  func.return
}

// -----

func.func @forward() {
  // expected-error@+1 {{the type of a dense constant is i64, expected a tensor, memref or vector of integers, indices or floats}}
  %shape = onnx.constant dense<1> : i64
  func.return
}

// -----

func.func @forward() {
  // expected-error@+1 {{the type of a dense constant is tensor<?xi64>, expected a static shape}}
  %shape = onnx.constant dense<1> : tensor<?xi64>
  func.return
}

// -----

func.func @forward() {
  // expected-error@+1 {{Integer value 999999999999999999999 is out of range for type i64}}
  %shape = onnx.constant dense<999999999999999999999> : tensor<i64>
  func.return
}

// -----

func.func @forward(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{operation 'vit.gelo' is not registered, did you mean 'vit.gelu'?}}
  %y = vit.gelo %x
  func.return
}

// -----

// Nothing but a comment is a module without operations.

// -----

func.func @first(%y: i32) {
  func.return %y : i32
}
func.func @forward() {
  // expected-error@+1 {{values used but not defined: [%y]}}
  func.return %y : i32
}

// -----

func.func @forward() {
  // expected-error@+1 {{region ends with missing block declarations for block(s) nope}}
  cf.br ^nope
}

// -----

func.func @forward(%x: tensor<2xf32>) {
  // expected-error@+1 {{operation 'vit.gelo' is not registered, did you mean 'vit.gelu'?}}
  %y = "vit.gelo"(%x) : (tensor<2xf32>) -> tensor<2xf32>
  func.return
}

// -----

func.func @first(%y: i32) {
  func.return %y : i32
}
func.func @forward(%x: i32) {
  %0 = arith.addi %x, %y : i32
  // expected-error@-1 {{values used but not defined: [%y]}}
  "test.op"() {text = "%y here"} : () -> () // and %y there
  func.return %0 : i32
}

// -----

func.func @forward() {
  cf.br ^nope // expected-error {{region ends with missing block declarations for block(s) nope}}
  // ^nope
}
