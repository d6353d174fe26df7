// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @linear(%image: tensor<3x224x224x!quant.int<8, 0.02>>, %integers: tensor<192x768xi8>, %signs: tensor<768x192x!quant.binary>, %x: tensor<197x192x!quant.int<8, 0.03125>>, %m: tensor<768xi18>, %o: tensor<768xi48>) {
  %patches = quant.extract_patches %image {patch = array<i64: 16, 16>, order = "colours_first"} : tensor<3x224x224x!quant.int<8, 0.02>> -> tensor<196x768x!quant.int<8, 0.02>>
  %embedded = quant.linear %patches, %integers : tensor<196x768x!quant.int<8, 0.02>>, tensor<192x768xi8> -> tensor<196x192xi25>
  %sums = quant.linear %x, %signs : tensor<197x192x!quant.int<8, 0.03125>>, tensor<768x192x!quant.binary> -> tensor<197x768xi16>
  %h = quant.requantize %sums, %m, %o {shift = 20 : i64} : tensor<197x768xi16>, tensor<768xi18>, tensor<768xi48> -> tensor<197x768x!quant.int<8, 0.0518>>
  func.return
}
// CHECK:       func.func @linear
// CHECK-NEXT:    %patches = quant.extract_patches %image {patch = array<i64: 16, 16>, order = "colours_first"} : tensor<3x224x224x!quant.int<8, 0.02>> -> tensor<196x768x!quant.int<8, 0.02>>
// CHECK-NEXT:    %embedded = quant.linear %patches, %integers : tensor<196x768x!quant.int<8, 0.02>>, tensor<192x768xi8> -> tensor<196x192xi25>
// CHECK-NEXT:    %sums = quant.linear %x, %signs : tensor<197x192x!quant.int<8, 0.03125>>, tensor<768x192x!quant.binary> -> tensor<197x768xi16>
// CHECK-NEXT:    %h = quant.requantize %sums, %m, %o {shift = 20 : i64} : tensor<197x768xi16>, tensor<768xi18>, tensor<768xi48> -> tensor<197x768x!quant.int<8, 0.0518>>

func.func @attention(%query: tensor<197x192x!quant.int<8, 0.05>>, %key: tensor<197x192x!quant.int<8, 0.04>>, %value: tensor<197x192x!quant.int<8, 0.03>>) {
  %scores = quant.attention_scores %query, %key {heads = 3 : i64} : tensor<197x192x!quant.int<8, 0.05>>, tensor<197x192x!quant.int<8, 0.04>> -> tensor<3x197x197xi22>
  %table = quant.exponential_table : tensor<256xi17>
  %p = quant.softmax %scores, %table {multiplier = 94548 : i64, shift = 17 : i64} : tensor<3x197x197xi22>, tensor<256xi17> -> tensor<3x197x197x!quant.uint<8, 0.00390625>>
  %sums = quant.attention_values %p, %value : tensor<3x197x197x!quant.uint<8, 0.00390625>>, tensor<197x192x!quant.int<8, 0.03>> -> tensor<197x192xi24>
  %mixed = quant.rescale %sums {multiplier = 71234 : i64, shift = 24 : i64} : tensor<197x192xi24> -> tensor<197x192x!quant.int<8, 0.0203>>
  func.return
}
// CHECK:       func.func @attention
// CHECK-NEXT:    %scores = quant.attention_scores %query, %key {heads = 3 : i64} : tensor<197x192x!quant.int<8, 0.05>>, tensor<197x192x!quant.int<8, 0.04>> -> tensor<3x197x197xi22>
// CHECK-NEXT:    %table = quant.exponential_table : tensor<256xi17>
// CHECK-NEXT:    %p = quant.softmax %scores, %table {multiplier = 94548 : i64, shift = 17 : i64} : tensor<3x197x197xi22>, tensor<256xi17> -> tensor<3x197x197x!quant.uint<8, 0.00390625>>
// CHECK-NEXT:    %sums = quant.attention_values %p, %value : tensor<3x197x197x!quant.uint<8, 0.00390625>>, tensor<197x192x!quant.int<8, 0.03>> -> tensor<197x192xi24>
// CHECK-NEXT:    %mixed = quant.rescale %sums {multiplier = 71234 : i64, shift = 24 : i64} : tensor<197x192xi24> -> tensor<197x192x!quant.int<8, 0.0203>>

func.func @stream(%x: tensor<197x192x!quant.int<16, 0.001>>, %update: tensor<197x192x!quant.int<16, 0.001>>, %m: tensor<192xi18>, %o: tensor<192xi48>) {
  %sum = quant.add %x, %update : tensor<197x192x!quant.int<16, 0.001>>, tensor<197x192x!quant.int<16, 0.001>> -> tensor<197x192x!quant.int<16, 0.001>>
  %normed = quant.layer_norm %sum, %m, %o {epsilon = 36 : i64, shift = 20 : i64} : tensor<197x192x!quant.int<16, 0.001>>, tensor<192xi18>, tensor<192xi48> -> tensor<197x192x!quant.int<8, 0.0312>>
  func.return
}
// CHECK:       func.func @stream
// CHECK-NEXT:    %sum = quant.add %x, %update : tensor<197x192x!quant.int<16, 0.001>>, tensor<197x192x!quant.int<16, 0.001>> -> tensor<197x192x!quant.int<16, 0.001>>
// CHECK-NEXT:    %normed = quant.layer_norm %sum, %m, %o {epsilon = 36 : i64, shift = 20 : i64} : tensor<197x192x!quant.int<16, 0.001>>, tensor<192xi18>, tensor<192xi48> -> tensor<197x192x!quant.int<8, 0.0312>>
