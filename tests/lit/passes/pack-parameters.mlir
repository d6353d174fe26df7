// RUN: vaqf-opt %s -p 'pack-parameters{word-bits=64}' | filecheck %s
// RUN: vaqf-opt %s -p 'pack-parameters{word-bits=64}' --print-debuginfo | filecheck %s --check-prefix LOCATION
// RUN: vaqf-opt %s -p pack-parameters | filecheck %s --check-prefix WIDE

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 6 : i64, channel_slots = 4 : i64}} {
  func.func @parameters() -> (memref<1x3x4xi16, #accel.dram>, memref<2x5xi8, #accel.dram>, memref<2x3x4x8xi1, #accel.dram>, memref<2x3x4xi48, #accel.dram>, memref<2x4x8xi1, #accel.dram>) {
    %tokens_t, %table_t, %weight_t, %offset_t, %head_t = "test.op"() : () -> (tensor<1x3x4xi16>, tensor<2x5xi8>, tensor<2x3x4x8xi1>, tensor<2x3x4xi48>, tensor<2x4x8xi1>)
    %tokens = accel.parameter %tokens_t : tensor<1x3x4xi16> -> memref<1x3x4xi16, #accel.dram> loc("/Add")
    %table = accel.parameter %table_t : tensor<2x5xi8> -> memref<2x5xi8, #accel.dram> loc("/act/Gelu")
    %weight = accel.parameter %weight_t : tensor<2x3x4x8xi1> -> memref<2x3x4x8xi1, #accel.dram> loc("/fc1/MatMul")
    %offset = accel.parameter %offset_t : tensor<2x3x4xi48> -> memref<2x3x4xi48, #accel.dram> loc("/fc1/MatMul")
    %head = accel.parameter %head_t : tensor<2x4x8xi1> -> memref<2x4x8xi1, #accel.dram> loc("/head/Gemm")
    func.return %tokens, %table, %weight, %offset, %head : memref<1x3x4xi16, #accel.dram>, memref<2x5xi8, #accel.dram>, memref<2x3x4x8xi1, #accel.dram>, memref<2x3x4xi48, #accel.dram>, memref<2x4x8xi1, #accel.dram>
  }

  func.func private @load_matrix(%source: memref<1x3x4xi16, #accel.dram>, %matrix: memref<3x4xi16, #accel.onchip>) attributes {accel.engine = "load_matrix"} {
    accel.load_matrix %source to %matrix : memref<1x3x4xi16, #accel.dram>, memref<3x4xi16, #accel.onchip>
    func.return
  }

  func.func private @binary_matmul(%x: memref<6x8xi8, #accel.onchip>, %weight: memref<?x4x8xi1, #accel.dram>, %offset: memref<3x4xi48, #accel.dram>, %table: memref<5xi8, #accel.dram>) attributes {accel.engine = "binary_matmul"} {
    %entries = accel.buffer : memref<5xi8, #accel.local>
    %pair = accel.buffer : memref<2x4x8xi1, #accel.local>
    %offsets = accel.buffer : memref<4xi48, #accel.local>
    %sums = accel.buffer : memref<6x4xi16, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    accel.load %table[] to %entries : memref<5xi8, #accel.dram>, memref<5xi8, #accel.local>
    accel.load %offset[%c1] to %offsets : memref<3x4xi48, #accel.dram>, memref<4xi48, #accel.local>
    %pair_1 = accel.slot %pair[%c0] : memref<2x4x8xi1, #accel.local> -> memref<4x8xi1, #accel.local>
    accel.load %weight[%c0] to %pair_1 : memref<?x4x8xi1, #accel.dram>, memref<4x8xi1, #accel.local>
    %pair_2 = accel.slot %pair[%c1] : memref<2x4x8xi1, #accel.local> -> memref<4x8xi1, #accel.local>
    accel.load %weight[%c1] to %pair_2 : memref<?x4x8xi1, #accel.dram>, memref<4x8xi1, #accel.local>
    %pair_3 = accel.slot %pair[%c0] : memref<2x4x8xi1, #accel.local> -> memref<4x8xi1, #accel.local>
    accel.accumulate %x at %c0, %c0 weights %pair_3 to %sums {tokens = 1 : i64} : memref<6x8xi8, #accel.onchip>, memref<4x8xi1, #accel.local>, memref<6x4xi16, #accel.local>
    func.return
  }

  func.func @forward(%image: memref<3x8x8xi8, #accel.dram> {accel.port = "input"}, %tokens: memref<1x3x4xi16, #accel.dram> {accel.port = "parameter"}, %table: memref<2x5xi8, #accel.dram> {accel.port = "parameter"}, %weight: memref<2x3x4x8xi1, #accel.dram> {accel.port = "parameter"}, %offset: memref<2x3x4xi48, #accel.dram> {accel.port = "parameter"}, %head: memref<2x4x8xi1, #accel.dram> {accel.port = "parameter"}) {
    %residual = accel.buffer : memref<3x4xi16, #accel.onchip>
    %x = accel.buffer : memref<6x8xi8, #accel.onchip>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    func.call @load_matrix(%tokens, %residual) : (memref<1x3x4xi16, #accel.dram>, memref<3x4xi16, #accel.onchip>) -> ()
    %some_offset = accel.select %offset[%c0] : memref<2x3x4xi48, #accel.dram> -> memref<3x4xi48, #accel.dram>
    scf.for %layer = %c0 to %c2 step %c1 {
      %layer_weight = accel.select %weight[%layer] : memref<2x3x4x8xi1, #accel.dram> -> memref<3x4x8xi1, #accel.dram>
      %any_weight = "memref.cast"(%layer_weight) : (memref<3x4x8xi1, #accel.dram>) -> memref<?x4x8xi1, #accel.dram>
      %layer_table = accel.select %table[%layer] : memref<2x5xi8, #accel.dram> -> memref<5xi8, #accel.dram>
      func.call @binary_matmul(%x, %any_weight, %some_offset, %layer_table) : (memref<6x8xi8, #accel.onchip>, memref<?x4x8xi1, #accel.dram>, memref<3x4xi48, #accel.dram>, memref<5xi8, #accel.dram>) -> ()
    }
    %first_table = accel.select %table[%c0] : memref<2x5xi8, #accel.dram> -> memref<5xi8, #accel.dram>
    %any_head = "memref.cast"(%head) : (memref<2x4x8xi1, #accel.dram>) -> memref<?x4x8xi1, #accel.dram>
    func.call @binary_matmul(%x, %any_head, %some_offset, %first_table) : (memref<6x8xi8, #accel.onchip>, memref<?x4x8xi1, #accel.dram>, memref<3x4xi48, #accel.dram>, memref<5xi8, #accel.dram>) -> ()
    func.return
  }
}

// CHECK:       accel.hardware = {lanes = 4 : i64, token_slots = 6 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}

// A tile of 32 bits is a word of its own: 6 words, and 2 of the head.
// CHECK-LABEL: func.func @parameters
// CHECK-SAME:    -> (memref<8xi64, #accel.dram>, memref<29xi64, #accel.dram>) {
// CHECK:         %head = accel.parameter
// CHECK-NEXT:    %weights = accel.pack %weight, %head {unit_ranks = array<i64: 2, 2>} : memref<2x3x4x8xi1, #accel.dram>, memref<2x4x8xi1, #accel.dram> -> memref<8xi64, #accel.dram>
// CHECK-NEXT:    %constants = accel.pack %tokens, %table, %offset {unit_ranks = array<i64: 1, 1, 1>} : memref<1x3x4xi16, #accel.dram>, memref<2x5xi8, #accel.dram>, memref<2x3x4xi48, #accel.dram> -> memref<29xi64, #accel.dram>
// CHECK-NEXT:    func.return %weights, %constants

// Four 16-bit integers are a word, five 8-bit ones start another; 48 bits take a word each.
// CHECK-LABEL: func.func @forward
// CHECK-SAME:    (%image: memref<3x8x8xi8, #accel.dram> {accel.port = "input"}, %weights: memref<8xi64, #accel.dram> {accel.port = "parameter"}, %constants: memref<29xi64, #accel.dram> {accel.port = "parameter"}) {
// CHECK-NEXT:    %weight = accel.view %weights at 0 {unit_rank = 2 : i64} : memref<8xi64, #accel.dram> -> memref<2x3x4x8xi1, #accel.dram>
// CHECK-NEXT:    %head = accel.view %weights at 6 {unit_rank = 2 : i64} : memref<8xi64, #accel.dram> -> memref<2x4x8xi1, #accel.dram>
// CHECK-NEXT:    %tokens = accel.view %constants at 0 {unit_rank = 1 : i64} : memref<29xi64, #accel.dram> -> memref<1x3x4xi16, #accel.dram>
// CHECK-NEXT:    %table = accel.view %constants at 3 {unit_rank = 1 : i64} : memref<29xi64, #accel.dram> -> memref<2x5xi8, #accel.dram>
// CHECK-NEXT:    %offset = accel.view %constants at 5 {unit_rank = 1 : i64} : memref<29xi64, #accel.dram> -> memref<2x3x4xi48, #accel.dram>
// CHECK-NEXT:    %residual = accel.buffer
// CHECK:         func.call @load_matrix(%tokens, %residual)
// CHECK:         accel.select %weight[%layer]
// CHECK:         "memref.cast"(%head)

// LOCATION-LABEL: func.func @forward
// LOCATION:         %weight = accel.view {{.*}} loc("/fc1/MatMul")
// LOCATION:         %head = accel.view {{.*}} loc("/head/Gemm")
// LOCATION:         %table = accel.view {{.*}} loc("/act/Gelu")

// WIDE: word_bits = 128 : i64
// WIDE: %weights: memref<8xi128, #accel.dram> {accel.port = "parameter"}, %constants: memref<17xi128, #accel.dram>
