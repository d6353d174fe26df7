// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @quantized(%x: tensor<4xf32>) {
  // expected-error@+1 {{'result' has shape (5,), expected (4,)}}
  %y = quant.quantize %x : tensor<4xf32> -> tensor<5x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @dequantized(%x: tensor<4x!quant.int<8, 0.5>>) {
  // expected-error@+1 {{'result' has shape (5,), expected (4,)}}
  %y = quant.dequantize %x : tensor<4x!quant.int<8, 0.5>> -> tensor<5xf32>
  func.return
}

// -----

func.func @table_entries() {
  // expected-error@+1 {{'table' has shape (1024,), expected (1025,)}}
  %table = quant.gelu_table {input = !quant.int<11, 0.5>, output = !quant.int<8, 0.5>} : tensor<1024xi8>
  func.return
}

// -----

func.func @table_width() {
  // expected-error@+1 {{'table' has entries of 16 bits, expected 8}}
  %table = quant.gelu_table {input = !quant.int<8, 0.5>, output = !quant.int<8, 0.5>} : tensor<256xi16>
  func.return
}

// -----

func.func @one_bit_table_width() {
  // expected-error@+1 {{'table' has entries of 1 bits, expected 2}}
  %table = quant.gelu_table {input = !quant.int<8, 0.5>, output = !quant.int<1, 0.5>} : tensor<256xi1>
  func.return
}

// -----

func.func @looked_up(%x: tensor<4x!quant.int<8, 0.5>>, %table: tensor<256xi8>) {
  // expected-error@+1 {{'result' has shape (5,), expected (4,)}}
  %y = quant.lookup %x, %table : tensor<4x!quant.int<8, 0.5>>, tensor<256xi8> -> tensor<5x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @looked_up_in(%x: tensor<4x!quant.int<8, 0.5>>, %table: tensor<128xi8>) {
  // expected-error@+1 {{'table' has shape (128,), expected (256,)}}
  %y = quant.lookup %x, %table : tensor<4x!quant.int<8, 0.5>>, tensor<128xi8> -> tensor<4x!quant.int<8, 0.5>>
  func.return
}

// -----

func.func @looked_up_width(%x: tensor<4x!quant.int<8, 0.5>>, %table: tensor<256xi16>) {
  // expected-error@+1 {{'table' has entries of 16 bits, expected 8}}
  %y = quant.lookup %x, %table : tensor<4x!quant.int<8, 0.5>>, tensor<256xi16> -> tensor<4x!quant.int<8, 0.5>>
  func.return
}
