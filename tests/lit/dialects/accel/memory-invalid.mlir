// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @dram_buffer() {
  // expected-error@+1 {{'buffer' is in #accel.dram, expected #accel.onchip or #accel.local}}
  %b = accel.buffer : memref<4x6xi8, #accel.dram>
  func.return
}

// -----

func.func @default_space() {
  // expected-error@+1 {{'buffer' is in none, expected #accel.onchip or #accel.local}}
  %b = accel.buffer : memref<4x6xi8>
  func.return
}

// -----

func.func @dynamic_buffer() {
  // expected-error@+1 {{'buffer' has shape (-9223372036854775808, 6), every dimension must be positive}}
  %b = accel.buffer : memref<?x6xi8, #accel.onchip>
  func.return
}

// -----

func.func @empty_buffer() {
  // expected-error@+1 {{'buffer' has shape (), every dimension must be positive}}
  %b = accel.buffer : memref<i8, #accel.local>
  func.return
}

// -----

func.func @partition_dimension() {
  // expected-error@+1 {{'partition' splits dimension 2 of a buffer of rank 2}}
  %b = accel.buffer {partition = [#accel.partition<dim = 2, factor = 4, "four reads">]} : memref<4x6xi8, #accel.local>
  func.return
}

// -----

func.func @parameter_shape(%x: tensor<4x6xi8>) {
  // expected-error@+1 {{'buffer' has shape (6, 4), expected (4, 6)}}
  %p = accel.parameter %x : tensor<4x6xi8> -> memref<6x4xi8, #accel.dram>
  func.return
}

// -----

func.func @parameter_space(%x: tensor<4x6xi8>) {
  // expected-error@+1 {{'buffer' is in #accel.local, expected #accel.dram}}
  %p = accel.parameter %x : tensor<4x6xi8> -> memref<4x6xi8, #accel.local>
  func.return
}

// -----

func.func @parameter_width(%x: tensor<4x6x!quant.binary>) {
  // expected-error@+1 {{'buffer' has elements of 8 bits, expected 1}}
  %p = accel.parameter %x : tensor<4x6x!quant.binary> -> memref<4x6xi8, #accel.dram>
  func.return
}

// -----

func.func @real_parameter(%x: tensor<4x6xf32>) {
  // expected-error@+1 {{'value' is tensor<4x6xf32>, expected signed integers}}
  %p = accel.parameter %x : tensor<4x6xf32> -> memref<4x6xi8, #accel.dram>
  func.return
}

// -----

func.func @unsigned_parameter(%x: tensor<4x6x!quant.uint<8, 0.5>>) {
  // expected-error@+1 {{'value' is tensor<4x6x!quant.uint<8, 0.5>>, expected signed integers}}
  %p = accel.parameter %x : tensor<4x6x!quant.uint<8, 0.5>> -> memref<4x6xi8, #accel.dram>
  func.return
}

// -----

func.func @stack_space(%x: memref<4x6xi8, #accel.local>) {
  // expected-error@+1 {{'input 0' is in #accel.local, expected #accel.dram}}
  %s = accel.stack %x : memref<4x6xi8, #accel.local> -> memref<1x4x6xi8, #accel.dram>
  func.return
}

// -----

func.func @stack_types(%x: memref<4x6xi8, #accel.dram>, %y: memref<4x6xi4, #accel.dram>) {
  // expected-error@+1 {{input 1 is memref<4x6xi4, #accel.dram>, expected memref<4x6xi8, #accel.dram>}}
  %s = accel.stack %x, %y : memref<4x6xi8, #accel.dram>, memref<4x6xi4, #accel.dram> -> memref<2x4x6xi8, #accel.dram>
  func.return
}

// -----

func.func @stack_shape(%x: memref<4x6xi8, #accel.dram>) {
  // expected-error@+1 {{'result' has shape (3, 4, 6), expected (2, 4, 6)}}
  %s = accel.stack %x, %x : memref<4x6xi8, #accel.dram>, memref<4x6xi8, #accel.dram> -> memref<3x4x6xi8, #accel.dram>
  func.return
}

// -----

func.func @stack_result_space(%x: memref<4x6xi8, #accel.dram>) {
  // expected-error@+1 {{'result' is in #accel.local, expected #accel.dram}}
  %s = accel.stack %x : memref<4x6xi8, #accel.dram> -> memref<1x4x6xi8, #accel.local>
  func.return
}

// -----

func.func @stack_result_width(%x: memref<4x6xi8, #accel.dram>) {
  // expected-error@+1 {{'result' has elements of 4 bits, expected 8}}
  %s = accel.stack %x : memref<4x6xi8, #accel.dram> -> memref<1x4x6xi4, #accel.dram>
  func.return
}

// -----

func.func @empty_stack() {
  // expected-error@+1 {{'inputs' is empty, expected at least one parameter}}
  %s = "accel.stack"() : () -> memref<0x4xi8, #accel.dram>
  func.return
}

// -----

func.func @tile_rank(%x: memref<4x6xi8, #accel.dram>) {
  // expected-error@+1 {{'tile' is [2, 2, 2], expected 1 to 2 positive sizes}}
  %t = accel.tile %x by [2, 2, 2] : memref<4x6xi8, #accel.dram> -> memref<2x2x2x2xi8, #accel.dram>
  func.return
}

// -----

func.func @tile_size(%x: memref<4x6xi8, #accel.dram>) {
  // expected-error@+1 {{'tile' is [2, 0], expected 1 to 2 positive sizes}}
  %t = accel.tile %x by [2, 0] : memref<4x6xi8, #accel.dram> -> memref<2x2x2xi8, #accel.dram>
  func.return
}

// -----

func.func @tile_shape(%x: memref<4x6xi8, #accel.dram>) {
  // expected-error@+1 {{'result' has shape (3, 2, 4), expected (4, 2, 4)}}
  %t = accel.tile %x by [2, 4] : memref<4x6xi8, #accel.dram> -> memref<3x2x4xi8, #accel.dram>
  func.return
}

// -----

func.func @tile_space(%x: memref<4x6xi8, #accel.local>) {
  // expected-error@+1 {{'input' is in #accel.local, expected #accel.dram}}
  %t = accel.tile %x by [2, 4] : memref<4x6xi8, #accel.local> -> memref<4x2x4xi8, #accel.dram>
  func.return
}

// -----

func.func @tile_result_space(%x: memref<4x6xi8, #accel.dram>) {
  // expected-error@+1 {{'result' is in #accel.local, expected #accel.dram}}
  %t = accel.tile %x by [2, 4] : memref<4x6xi8, #accel.dram> -> memref<4x2x4xi8, #accel.local>
  func.return
}

// -----

func.func @tile_width(%x: memref<4x6xi8, #accel.dram>) {
  // expected-error@+1 {{'result' has elements of 4 bits, expected 8}}
  %t = accel.tile %x by [2, 4] : memref<4x6xi8, #accel.dram> -> memref<4x2x4xi4, #accel.dram>
  func.return
}

// -----

func.func @pack_ranks(%x: memref<4x6xi8, #accel.dram>) {
  // expected-error@+1 {{'unit_ranks' has 2 entries, expected 1}}
  %m = accel.pack %x {unit_ranks = array<i64: 1, 1>} : memref<4x6xi8, #accel.dram> -> memref<4xi128, #accel.dram>
  func.return
}

// -----

func.func @pack_rank(%x: memref<4x6xi8, #accel.dram>) {
  // expected-error@+1 {{unit rank 0 is 3, accepted range is [1, 2]}}
  %m = accel.pack %x {unit_ranks = array<i64: 3>} : memref<4x6xi8, #accel.dram> -> memref<4xi128, #accel.dram>
  func.return
}

// -----

func.func @pack_space(%x: memref<4x6xi8, #accel.local>) {
  // expected-error@+1 {{'input 0' is in #accel.local, expected #accel.dram}}
  %m = accel.pack %x {unit_ranks = array<i64: 1>} : memref<4x6xi8, #accel.local> -> memref<4xi128, #accel.dram>
  func.return
}

// -----

func.func @pack_words(%x: memref<4x6xi8, #accel.dram>) {
  // expected-error@+1 {{'memory' has shape (3,), expected (4,)}}
  %m = accel.pack %x {unit_ranks = array<i64: 1>} : memref<4x6xi8, #accel.dram> -> memref<3xi128, #accel.dram>
  func.return
}

// -----

func.func @pack_memory(%x: memref<4x6xi8, #accel.dram>) {
  // expected-error@+1 {{'memory' is in #accel.local, expected #accel.dram}}
  %m = accel.pack %x {unit_ranks = array<i64: 1>} : memref<4x6xi8, #accel.dram> -> memref<4xi128, #accel.local>
  func.return
}

// -----

func.func @view_memory_rank(%m: memref<4x1xi128, #accel.dram>) {
  // expected-error@+1 {{'memory' has rank 2, expected 1 (words)}}
  %v = accel.view %m at 0 {unit_rank = 1 : i64} : memref<4x1xi128, #accel.dram> -> memref<4x6xi8, #accel.dram>
  func.return
}

// -----

func.func @view_rank(%m: memref<4xi128, #accel.dram>) {
  // expected-error@+1 {{'unit_rank' is 0, accepted range is [1, 2]}}
  %v = accel.view %m at 0 {unit_rank = 0 : i64} : memref<4xi128, #accel.dram> -> memref<4x6xi8, #accel.dram>
  func.return
}

// -----

func.func @view_behind(%m: memref<4xi128, #accel.dram>) {
  // expected-error@+1 {{words 1 to 5 are outside of the 4 of 'memory'}}
  %v = accel.view %m at 1 {unit_rank = 1 : i64} : memref<4xi128, #accel.dram> -> memref<4x6xi8, #accel.dram>
  func.return
}

// -----

func.func @view_before(%m: memref<4xi128, #accel.dram>) {
  // expected-error@+1 {{words -1 to 3 are outside of the 4 of 'memory'}}
  %v = accel.view %m at -1 {unit_rank = 1 : i64} : memref<4xi128, #accel.dram> -> memref<4x6xi8, #accel.dram>
  func.return
}

// -----

func.func @view_space(%m: memref<4xi128, #accel.local>) {
  // expected-error@+1 {{'memory' is in #accel.local, expected #accel.dram}}
  %v = accel.view %m at 0 {unit_rank = 1 : i64} : memref<4xi128, #accel.local> -> memref<4x6xi8, #accel.dram>
  func.return
}

// -----

func.func @view_result(%m: memref<4xi128, #accel.dram>) {
  // expected-error@+1 {{'result' is in #accel.local, expected #accel.dram}}
  %v = accel.view %m at 0 {unit_rank = 1 : i64} : memref<4xi128, #accel.dram> -> memref<4x6xi8, #accel.local>
  func.return
}

// -----

func.func @select_shape(%x: memref<2x4x6xi8, #accel.dram>, %i: index) {
  // expected-error@+1 {{'result' has shape (2, 4), expected (4, 6)}}
  %s = accel.select %x[%i] : memref<2x4x6xi8, #accel.dram> -> memref<2x4xi8, #accel.dram>
  func.return
}

// -----

func.func @select_space(%x: memref<2x4x6xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{'input' is in #accel.local, expected #accel.dram}}
  %s = accel.select %x[%i] : memref<2x4x6xi8, #accel.local> -> memref<4x6xi8, #accel.dram>
  func.return
}

// -----

func.func @select_result_space(%x: memref<2x4x6xi8, #accel.dram>, %i: index) {
  // expected-error@+1 {{'result' is in #accel.local, expected #accel.dram}}
  %s = accel.select %x[%i] : memref<2x4x6xi8, #accel.dram> -> memref<4x6xi8, #accel.local>
  func.return
}

// -----

func.func @select_width(%x: memref<2x4x6xi8, #accel.dram>, %i: index) {
  // expected-error@+1 {{'result' has elements of 4 bits, expected 8}}
  %s = accel.select %x[%i] : memref<2x4x6xi8, #accel.dram> -> memref<4x6xi4, #accel.dram>
  func.return
}

// -----

func.func @no_numbers(%i: index) {
  // expected-error@+1 {{'values' is empty, expected one number a layer}}
  %n = accel.layer_constant [][%i] : i18
  func.return
}

// -----

func.func @wide_number(%i: index) {
  // expected-error@+1 {{131072 does not fit i18}}
  %n = accel.layer_constant [-131072, 131072][%i] : i18
  func.return
}

// -----

func.func @ultra() {
  // expected-error@+1 {{'buffer' is in #accel.local, expected #accel.onchip}}
  %b = accel.buffer {ultra} : memref<4x6xi8, #accel.local>
  func.return
}
