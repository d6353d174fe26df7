// RUN: vaqf-opt %s --verify-diagnostics --parsing-diagnostics --split-input-file | filecheck %s

// CHECK: 'result' has shape (5,), expected (4,)
func.func @quantized(%x: tensor<4xf32>) {
  %y = quant.quantize %x : tensor<4xf32> -> tensor<5x!quant.int<8, 0.5>>
  func.return
}

// -----

// CHECK: 'result' has shape (5,), expected (4,)
func.func @dequantized(%x: tensor<4x!quant.int<8, 0.5>>) {
  %y = quant.dequantize %x : tensor<4x!quant.int<8, 0.5>> -> tensor<5xf32>
  func.return
}

// -----

// CHECK: 'table' has shape (1024,), expected (1025,)
func.func @table_entries() {
  %table = quant.gelu_table {input = !quant.int<11, 0.5>, output = !quant.int<8, 0.5>} : tensor<1024xi8>
  func.return
}

// -----

// CHECK: 'table' has entries of 16 bits, expected 8
func.func @table_width() {
  %table = quant.gelu_table {input = !quant.int<8, 0.5>, output = !quant.int<8, 0.5>} : tensor<256xi16>
  func.return
}

// -----

// CHECK: 'table' has entries of 1 bits, expected 2
func.func @one_bit_table_width() {
  %table = quant.gelu_table {input = !quant.int<8, 0.5>, output = !quant.int<1, 0.5>} : tensor<256xi1>
  func.return
}

// -----

// CHECK: 'result' has shape (5,), expected (4,)
func.func @looked_up(%x: tensor<4x!quant.int<8, 0.5>>, %table: tensor<256xi8>) {
  %y = quant.lookup %x, %table : tensor<4x!quant.int<8, 0.5>>, tensor<256xi8> -> tensor<5x!quant.int<8, 0.5>>
  func.return
}

// -----

// CHECK: 'table' has shape (128,), expected (256,)
func.func @looked_up_in(%x: tensor<4x!quant.int<8, 0.5>>, %table: tensor<128xi8>) {
  %y = quant.lookup %x, %table : tensor<4x!quant.int<8, 0.5>>, tensor<128xi8> -> tensor<4x!quant.int<8, 0.5>>
  func.return
}

// -----

// CHECK: 'table' has entries of 16 bits, expected 8
func.func @looked_up_width(%x: tensor<4x!quant.int<8, 0.5>>, %table: tensor<256xi16>) {
  %y = quant.lookup %x, %table : tensor<4x!quant.int<8, 0.5>>, tensor<256xi16> -> tensor<4x!quant.int<8, 0.5>>
  func.return
}
