// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @no_epilogue(%x: memref<17x36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi18, #accel.dram>, %o: memref<24xi48, #accel.dram>, %y: memref<17x24xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'epilogues' is [], expected some of ['store', 'gelu', 'add']}}
  accel.linear %x, %w, %m, %o to %y at %i sizes(%i, %i, %i) {epilogues = [], shifts = array<i64>} : memref<17x36xi8, #accel.onchip>, memref<24x36xi1, #accel.dram>, memref<24xi18, #accel.dram>, memref<24xi48, #accel.dram> to memref<17x24xi8, #accel.onchip>
  func.return
}

// -----

func.func @unknown_epilogue(%x: memref<17x36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi18, #accel.dram>, %o: memref<24xi48, #accel.dram>, %y: memref<17x24xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'epilogues' is ['relu'], expected some of ['store', 'gelu', 'add']}}
  accel.linear %x, %w, %m, %o to %y at %i sizes(%i, %i, %i) {epilogues = ["relu"], shifts = array<i64: 20>} : memref<17x36xi8, #accel.onchip>, memref<24x36xi1, #accel.dram>, memref<24xi18, #accel.dram>, memref<24xi48, #accel.dram> to memref<17x24xi8, #accel.onchip>
  func.return
}

// -----

func.func @equal_epilogues(%x: memref<17x36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi18, #accel.dram>, %o: memref<24xi48, #accel.dram>, %y: memref<17x24xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'epilogues' has one twice, with equal shifts and destinations}}
  accel.linear %x, %w, %m, %o to %y, %y at %i sizes(%i, %i, %i) epilogue %i {epilogues = ["store", "store"], shifts = array<i64: 20, 20>} : memref<17x36xi8, #accel.onchip>, memref<24x36xi1, #accel.dram>, memref<24xi18, #accel.dram>, memref<24xi48, #accel.dram> to memref<17x24xi8, #accel.onchip>, memref<17x24xi8, #accel.onchip>
  func.return
}

// -----

func.func @shift_count(%x: memref<17x36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi18, #accel.dram>, %o: memref<24xi48, #accel.dram>, %y: memref<17x24xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'shifts' has 2 entries, expected 1}}
  accel.linear %x, %w, %m, %o to %y at %i sizes(%i, %i, %i) {epilogues = ["store"], shifts = array<i64: 20, 20>} : memref<17x36xi8, #accel.onchip>, memref<24x36xi1, #accel.dram>, memref<24xi18, #accel.dram>, memref<24xi48, #accel.dram> to memref<17x24xi8, #accel.onchip>
  func.return
}

// -----

func.func @shift(%x: memref<17x36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi18, #accel.dram>, %o: memref<24xi48, #accel.dram>, %y: memref<17x24xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'shift' is 48, accepted range is [1, 47]}}
  accel.linear %x, %w, %m, %o to %y at %i sizes(%i, %i, %i) {epilogues = ["store"], shifts = array<i64: 48>} : memref<17x36xi8, #accel.onchip>, memref<24x36xi1, #accel.dram>, memref<24xi18, #accel.dram>, memref<24xi48, #accel.dram> to memref<17x24xi8, #accel.onchip>
  func.return
}

// -----

func.func @needless_choice(%x: memref<17x36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi18, #accel.dram>, %o: memref<24xi48, #accel.dram>, %y: memref<17x24xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'epilogue' selects among several epilogues, and only then}}
  accel.linear %x, %w, %m, %o to %y at %i sizes(%i, %i, %i) epilogue %i {epilogues = ["store"], shifts = array<i64: 20>} : memref<17x36xi8, #accel.onchip>, memref<24x36xi1, #accel.dram>, memref<24xi18, #accel.dram>, memref<24xi48, #accel.dram> to memref<17x24xi8, #accel.onchip>
  func.return
}

// -----

func.func @missing_choice(%x: memref<17x36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi18, #accel.dram>, %o: memref<24xi48, #accel.dram>, %y: memref<17x24xi8, #accel.onchip>, %r: memref<17x24xi16, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'epilogue' selects among several epilogues, and only then}}
  accel.linear %x, %w, %m, %o to %y, %r at %i sizes(%i, %i, %i) {epilogues = ["store", "add"], shifts = array<i64: 20, 14>} : memref<17x36xi8, #accel.onchip>, memref<24x36xi1, #accel.dram>, memref<24xi18, #accel.dram>, memref<24xi48, #accel.dram> to memref<17x24xi8, #accel.onchip>, memref<17x24xi16, #accel.onchip>
  func.return
}

// -----

func.func @activation_rank(%x: memref<36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi18, #accel.dram>, %o: memref<24xi48, #accel.dram>, %y: memref<17x24xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'activation' has rank 1, expected 2 (tokens x channels)}}
  accel.linear %x, %w, %m, %o to %y at %i sizes(%i, %i, %i) {epilogues = ["store"], shifts = array<i64: 20>} : memref<36xi8, #accel.onchip>, memref<24x36xi1, #accel.dram>, memref<24xi18, #accel.dram>, memref<24xi48, #accel.dram> to memref<17x24xi8, #accel.onchip>
  func.return
}

// -----

func.func @activation_space(%x: memref<17x36xi8, #accel.dram>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi18, #accel.dram>, %o: memref<24xi48, #accel.dram>, %y: memref<17x24xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'activation' is in #accel.dram, expected #accel.onchip}}
  accel.linear %x, %w, %m, %o to %y at %i sizes(%i, %i, %i) {epilogues = ["store"], shifts = array<i64: 20>} : memref<17x36xi8, #accel.dram>, memref<24x36xi1, #accel.dram>, memref<24xi18, #accel.dram>, memref<24xi48, #accel.dram> to memref<17x24xi8, #accel.onchip>
  func.return
}

// -----

func.func @weight_space(%x: memref<17x36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.local>, %m: memref<24xi18, #accel.dram>, %o: memref<24xi48, #accel.dram>, %y: memref<17x24xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'weight' is in #accel.local, expected #accel.dram}}
  accel.linear %x, %w, %m, %o to %y at %i sizes(%i, %i, %i) {epilogues = ["store"], shifts = array<i64: 20>} : memref<17x36xi8, #accel.onchip>, memref<24x36xi1, #accel.local>, memref<24xi18, #accel.dram>, memref<24xi48, #accel.dram> to memref<17x24xi8, #accel.onchip>
  func.return
}

// -----

func.func @multiplier_space(%x: memref<17x36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi18, #accel.local>, %o: memref<24xi48, #accel.dram>, %y: memref<17x24xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'multiplier' is in #accel.local, expected #accel.dram}}
  accel.linear %x, %w, %m, %o to %y at %i sizes(%i, %i, %i) {epilogues = ["store"], shifts = array<i64: 20>} : memref<17x36xi8, #accel.onchip>, memref<24x36xi1, #accel.dram>, memref<24xi18, #accel.local>, memref<24xi48, #accel.dram> to memref<17x24xi8, #accel.onchip>
  func.return
}

// -----

func.func @offset_space(%x: memref<17x36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi18, #accel.dram>, %o: memref<24xi48, #accel.local>, %y: memref<17x24xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'offset' is in #accel.local, expected #accel.dram}}
  accel.linear %x, %w, %m, %o to %y at %i sizes(%i, %i, %i) {epilogues = ["store"], shifts = array<i64: 20>} : memref<17x36xi8, #accel.onchip>, memref<24x36xi1, #accel.dram>, memref<24xi18, #accel.dram>, memref<24xi48, #accel.local> to memref<17x24xi8, #accel.onchip>
  func.return
}

// -----

func.func @multiplier_width(%x: memref<17x36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi17, #accel.dram>, %o: memref<24xi48, #accel.dram>, %y: memref<17x24xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'multiplier' has elements of 17 bits, expected 18}}
  accel.linear %x, %w, %m, %o to %y at %i sizes(%i, %i, %i) {epilogues = ["store"], shifts = array<i64: 20>} : memref<17x36xi8, #accel.onchip>, memref<24x36xi1, #accel.dram>, memref<24xi17, #accel.dram>, memref<24xi48, #accel.dram> to memref<17x24xi8, #accel.onchip>
  func.return
}

// -----

func.func @offset_width(%x: memref<17x36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi18, #accel.dram>, %o: memref<24xi32, #accel.dram>, %y: memref<17x24xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'offset' has elements of 32 bits, expected 48}}
  accel.linear %x, %w, %m, %o to %y at %i sizes(%i, %i, %i) {epilogues = ["store"], shifts = array<i64: 20>} : memref<17x36xi8, #accel.onchip>, memref<24x36xi1, #accel.dram>, memref<24xi18, #accel.dram>, memref<24xi32, #accel.dram> to memref<17x24xi8, #accel.onchip>
  func.return
}

// -----

func.func @offset_shape(%x: memref<17x36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi18, #accel.dram>, %o: memref<12xi48, #accel.dram>, %y: memref<17x24xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'offset' has shape (12,), expected (24,)}}
  accel.linear %x, %w, %m, %o to %y at %i sizes(%i, %i, %i) {epilogues = ["store"], shifts = array<i64: 20>} : memref<17x36xi8, #accel.onchip>, memref<24x36xi1, #accel.dram>, memref<24xi18, #accel.dram>, memref<12xi48, #accel.dram> to memref<17x24xi8, #accel.onchip>
  func.return
}

// -----

func.func @missing_table(%x: memref<17x36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi18, #accel.dram>, %o: memref<24xi48, #accel.dram>, %y: memref<17x24xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'table' is missing with epilogues ['gelu']}}
  accel.linear %x, %w, %m, %o to %y at %i sizes(%i, %i, %i) {epilogues = ["gelu"], shifts = array<i64: 20>} : memref<17x36xi8, #accel.onchip>, memref<24x36xi1, #accel.dram>, memref<24xi18, #accel.dram>, memref<24xi48, #accel.dram> to memref<17x24xi8, #accel.onchip>
  func.return
}

// -----

func.func @needless_table(%x: memref<17x36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi18, #accel.dram>, %o: memref<24xi48, #accel.dram>, %t: memref<256xi8, #accel.dram>, %y: memref<17x24xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'table' is not used with epilogues ['store']}}
  accel.linear %x, %w, %m, %o table %t to %y at %i sizes(%i, %i, %i) {epilogues = ["store"], shifts = array<i64: 20>} : memref<17x36xi8, #accel.onchip>, memref<24x36xi1, #accel.dram>, memref<24xi18, #accel.dram>, memref<24xi48, #accel.dram> table memref<256xi8, #accel.dram> to memref<17x24xi8, #accel.onchip>
  func.return
}

// -----

func.func @needless_result(%x: memref<17x36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi18, #accel.dram>, %o: memref<24xi48, #accel.dram>, %y: memref<17x24xi8, #accel.onchip>, %r: memref<17x24xi16, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'destinations' has 2 entries, expected 1}}
  accel.linear %x, %w, %m, %o to %y, %r at %i sizes(%i, %i, %i) {epilogues = ["add"], shifts = array<i64: 20>} : memref<17x36xi8, #accel.onchip>, memref<24x36xi1, #accel.dram>, memref<24xi18, #accel.dram>, memref<24xi48, #accel.dram> to memref<17x24xi8, #accel.onchip>, memref<17x24xi16, #accel.onchip>
  func.return
}

// -----

func.func @result_space(%x: memref<17x36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi18, #accel.dram>, %o: memref<24xi48, #accel.dram>, %y: memref<17x24xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{'destinations' is in #accel.local, expected #accel.onchip}}
  accel.linear %x, %w, %m, %o to %y at %i sizes(%i, %i, %i) {epilogues = ["store"], shifts = array<i64: 20>} : memref<17x36xi8, #accel.onchip>, memref<24x36xi1, #accel.dram>, memref<24xi18, #accel.dram>, memref<24xi48, #accel.dram> to memref<17x24xi8, #accel.local>
  func.return
}

// -----

func.func @residual_space(%x: memref<17x36xi8, #accel.onchip>, %w: memref<24x36xi1, #accel.dram>, %m: memref<24xi18, #accel.dram>, %o: memref<24xi48, #accel.dram>, %r: memref<17x24xi16, #accel.local>, %i: index) {
  // expected-error@+1 {{'destinations' is in #accel.local, expected #accel.onchip}}
  accel.linear %x, %w, %m, %o to %r at %i sizes(%i, %i, %i) {epilogues = ["add"], shifts = array<i64: 20>} : memref<17x36xi8, #accel.onchip>, memref<24x36xi1, #accel.dram>, memref<24xi18, #accel.dram>, memref<24xi48, #accel.dram> to memref<17x24xi16, #accel.local>
  func.return
}

// -----

func.func @normalized_looked_up(%x: memref<17x36xi16, #accel.onchip>, %m: memref<36xi18, #accel.dram>, %o: memref<36xi48, #accel.dram>, %i: index) {
  // expected-error@+1 {{'epilogues' is ['gelu'], expected some of ['store', 'add']}}
  accel.layer_norm %x at %i, %m, %o to %x at %i sizes(%i, %i) {epsilon = 36 : i64, epilogues = ["gelu"], shifts = array<i64: 20>} : memref<17x36xi16, #accel.onchip>, memref<36xi18, #accel.dram>, memref<36xi48, #accel.dram> to memref<17x36xi16, #accel.onchip>
  func.return
}

// -----

func.func @normalized_twice(%x: memref<17x36xi16, #accel.onchip>, %m: memref<36xi18, #accel.dram>, %o: memref<36xi48, #accel.dram>, %i: index) {
  // expected-error@+1 {{'destinations' has 2 entries, expected 1}}
  accel.layer_norm %x at %i, %m, %o to %x, %x at %i sizes(%i, %i) {epsilon = 36 : i64, epilogues = ["add"], shifts = array<i64: 20>} : memref<17x36xi16, #accel.onchip>, memref<36xi18, #accel.dram>, memref<36xi48, #accel.dram> to memref<17x36xi16, #accel.onchip>, memref<17x36xi16, #accel.onchip>
  func.return
}

// -----

func.func @normalized_added_space(%x: memref<17x36xi16, #accel.onchip>, %m: memref<36xi18, #accel.dram>, %o: memref<36xi48, #accel.dram>, %y: memref<17x36xi16, #accel.local>, %i: index) {
  // expected-error@+1 {{'destinations' is in #accel.local, expected #accel.onchip}}
  accel.layer_norm %x at %i, %m, %o to %y at %i sizes(%i, %i) {epsilon = 36 : i64, epilogues = ["add"], shifts = array<i64: 20>} : memref<17x36xi16, #accel.onchip>, memref<36xi18, #accel.dram>, memref<36xi48, #accel.dram> to memref<17x36xi16, #accel.local>
  func.return
}

// -----

func.func @normalized_rank(%x: memref<1x17x36xi16, #accel.onchip>, %m: memref<36xi18, #accel.dram>, %o: memref<36xi48, #accel.dram>, %y: memref<17x36xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'input' has rank 3, expected 2 (tokens x channels)}}
  accel.layer_norm %x at %i, %m, %o to %y at %i sizes(%i, %i) {epsilon = 36 : i64, epilogues = ["store"], shifts = array<i64: 20>} : memref<1x17x36xi16, #accel.onchip>, memref<36xi18, #accel.dram>, memref<36xi48, #accel.dram> to memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @normalized_space(%x: memref<17x36xi16, #accel.local>, %m: memref<36xi18, #accel.dram>, %o: memref<36xi48, #accel.dram>, %y: memref<17x36xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'input' is in #accel.local, expected #accel.onchip}}
  accel.layer_norm %x at %i, %m, %o to %y at %i sizes(%i, %i) {epsilon = 36 : i64, epilogues = ["store"], shifts = array<i64: 20>} : memref<17x36xi16, #accel.local>, memref<36xi18, #accel.dram>, memref<36xi48, #accel.dram> to memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @norm_result(%x: memref<17x36xi16, #accel.onchip>, %m: memref<36xi18, #accel.dram>, %o: memref<36xi48, #accel.dram>, %y: memref<17x36xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{'destinations' is in #accel.local, expected #accel.onchip}}
  accel.layer_norm %x at %i, %m, %o to %y at %i sizes(%i, %i) {epsilon = 36 : i64, epilogues = ["store"], shifts = array<i64: 20>} : memref<17x36xi16, #accel.onchip>, memref<36xi18, #accel.dram>, memref<36xi48, #accel.dram> to memref<17x36xi8, #accel.local>
  func.return
}

// -----

func.func @norm_multiplier(%x: memref<17x36xi16, #accel.onchip>, %m: memref<36xi18, #accel.local>, %o: memref<36xi48, #accel.dram>, %y: memref<17x36xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'multiplier' is in #accel.local, expected #accel.dram}}
  accel.layer_norm %x at %i, %m, %o to %y at %i sizes(%i, %i) {epsilon = 36 : i64, epilogues = ["store"], shifts = array<i64: 20>} : memref<17x36xi16, #accel.onchip>, memref<36xi18, #accel.local>, memref<36xi48, #accel.dram> to memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @norm_offset(%x: memref<17x36xi16, #accel.onchip>, %m: memref<36xi18, #accel.dram>, %o: memref<36xi48, #accel.local>, %y: memref<17x36xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'offset' is in #accel.local, expected #accel.dram}}
  accel.layer_norm %x at %i, %m, %o to %y at %i sizes(%i, %i) {epsilon = 36 : i64, epilogues = ["store"], shifts = array<i64: 20>} : memref<17x36xi16, #accel.onchip>, memref<36xi18, #accel.dram>, memref<36xi48, #accel.local> to memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @norm_multiplier_width(%x: memref<17x36xi16, #accel.onchip>, %m: memref<36xi16, #accel.dram>, %o: memref<36xi48, #accel.dram>, %y: memref<17x36xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'multiplier' has elements of 16 bits, expected 18}}
  accel.layer_norm %x at %i, %m, %o to %y at %i sizes(%i, %i) {epsilon = 36 : i64, epilogues = ["store"], shifts = array<i64: 20>} : memref<17x36xi16, #accel.onchip>, memref<36xi16, #accel.dram>, memref<36xi48, #accel.dram> to memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @norm_offset_width(%x: memref<17x36xi16, #accel.onchip>, %m: memref<36xi18, #accel.dram>, %o: memref<36xi47, #accel.dram>, %y: memref<17x36xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'offset' has elements of 47 bits, expected 48}}
  accel.layer_norm %x at %i, %m, %o to %y at %i sizes(%i, %i) {epsilon = 36 : i64, epilogues = ["store"], shifts = array<i64: 20>} : memref<17x36xi16, #accel.onchip>, memref<36xi18, #accel.dram>, memref<36xi47, #accel.dram> to memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @norm_offset_shape(%x: memref<17x36xi16, #accel.onchip>, %m: memref<36xi18, #accel.dram>, %o: memref<3x12xi48, #accel.dram>, %y: memref<17x36xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'offset' has shape (3, 12), expected (36,)}}
  accel.layer_norm %x at %i, %m, %o to %y at %i sizes(%i, %i) {epsilon = 36 : i64, epilogues = ["store"], shifts = array<i64: 20>} : memref<17x36xi16, #accel.onchip>, memref<36xi18, #accel.dram>, memref<3x12xi48, #accel.dram> to memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @norm_shift(%x: memref<17x36xi16, #accel.onchip>, %m: memref<36xi18, #accel.dram>, %o: memref<36xi48, #accel.dram>, %y: memref<17x36xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'shift' is 0, accepted range is [1, 47]}}
  accel.layer_norm %x at %i, %m, %o to %y at %i sizes(%i, %i) {epsilon = 36 : i64, epilogues = ["store"], shifts = array<i64: 0>} : memref<17x36xi16, #accel.onchip>, memref<36xi18, #accel.dram>, memref<36xi48, #accel.dram> to memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @query_space(%q: memref<17x36xi8, #accel.local>, %k: memref<17x36xi8, #accel.onchip>, %v: memref<17x36xi8, #accel.onchip>, %e: memref<256xi17, #accel.dram>, %s: i18, %y: memref<17x36xi8, #accel.onchip>) {
  // expected-error@+1 {{'query' is in #accel.local, expected #accel.onchip}}
  accel.attention %q, %k, %v, %e, %s, %s to %y {heads = 3 : i64, probability_bits = 8 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64} : memref<17x36xi8, #accel.local>, memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @key_type(%q: memref<17x36xi8, #accel.onchip>, %k: memref<17x36xi4, #accel.onchip>, %v: memref<17x36xi8, #accel.onchip>, %e: memref<256xi17, #accel.dram>, %s: i18, %y: memref<17x36xi8, #accel.onchip>) {
  // expected-error@+1 {{'key' is memref<17x36xi4, #accel.onchip>, expected memref<17x36xi8, #accel.onchip>}}
  accel.attention %q, %k, %v, %e, %s, %s to %y {heads = 3 : i64, probability_bits = 8 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64} : memref<17x36xi8, #accel.onchip>, memref<17x36xi4, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @value_type(%q: memref<17x36xi8, #accel.onchip>, %k: memref<17x36xi8, #accel.onchip>, %v: memref<16x36xi8, #accel.onchip>, %e: memref<256xi17, #accel.dram>, %s: i18, %y: memref<17x36xi8, #accel.onchip>) {
  // expected-error@+1 {{'value' is memref<16x36xi8, #accel.onchip>, expected memref<17x36xi8, #accel.onchip>}}
  accel.attention %q, %k, %v, %e, %s, %s to %y {heads = 3 : i64, probability_bits = 8 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64} : memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<16x36xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @mixed_type(%q: memref<17x36xi8, #accel.onchip>, %k: memref<17x36xi8, #accel.onchip>, %v: memref<17x36xi8, #accel.onchip>, %e: memref<256xi17, #accel.dram>, %s: i18, %y: memref<16x36xi16, #accel.onchip>) {
  // expected-error@+1 {{'result' has shape (16, 36), expected (17, 36)}}
  accel.attention %q, %k, %v, %e, %s, %s to %y {heads = 3 : i64, probability_bits = 8 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64} : memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<16x36xi16, #accel.onchip>
  func.return
}

// -----

func.func @table_entries(%q: memref<17x36xi8, #accel.onchip>, %k: memref<17x36xi8, #accel.onchip>, %v: memref<17x36xi8, #accel.onchip>, %e: memref<128xi17, #accel.dram>, %s: i18, %y: memref<17x36xi8, #accel.onchip>) {
  // expected-error@+1 {{'exponentials' has shape (128,), expected (256,)}}
  accel.attention %q, %k, %v, %e, %s, %s to %y {heads = 3 : i64, probability_bits = 8 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64} : memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<128xi17, #accel.dram>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @table_space(%q: memref<17x36xi8, #accel.onchip>, %k: memref<17x36xi8, #accel.onchip>, %v: memref<17x36xi8, #accel.onchip>, %e: memref<256xi17, #accel.local>, %s: i18, %y: memref<17x36xi8, #accel.onchip>) {
  // expected-error@+1 {{'exponentials' is in #accel.local, expected #accel.dram}}
  accel.attention %q, %k, %v, %e, %s, %s to %y {heads = 3 : i64, probability_bits = 8 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64} : memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<256xi17, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @heads(%q: memref<17x36xi8, #accel.onchip>, %k: memref<17x36xi8, #accel.onchip>, %v: memref<17x36xi8, #accel.onchip>, %e: memref<256xi17, #accel.dram>, %s: i18, %y: memref<17x36xi8, #accel.onchip>) {
  // expected-error@+1 {{'heads' is 5, it must divide the 36 channels}}
  accel.attention %q, %k, %v, %e, %s, %s to %y {heads = 5 : i64, probability_bits = 8 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64} : memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @no_heads(%q: memref<17x36xi8, #accel.onchip>, %k: memref<17x36xi8, #accel.onchip>, %v: memref<17x36xi8, #accel.onchip>, %e: memref<256xi17, #accel.dram>, %s: i18, %y: memref<17x36xi8, #accel.onchip>) {
  // expected-error@+1 {{'heads' is 0, it must divide the 36 channels}}
  accel.attention %q, %k, %v, %e, %s, %s to %y {heads = 0 : i64, probability_bits = 8 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64} : memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @probabilities(%q: memref<17x36xi8, #accel.onchip>, %k: memref<17x36xi8, #accel.onchip>, %v: memref<17x36xi8, #accel.onchip>, %e: memref<256xi17, #accel.dram>, %s: i18, %y: memref<17x36xi8, #accel.onchip>) {
  // expected-error@+1 {{'probability_bits' is 17, accepted range is [1, 16]}}
  accel.attention %q, %k, %v, %e, %s, %s to %y {heads = 3 : i64, probability_bits = 17 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64} : memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @softmax_shift(%q: memref<17x36xi8, #accel.onchip>, %k: memref<17x36xi8, #accel.onchip>, %v: memref<17x36xi8, #accel.onchip>, %e: memref<256xi17, #accel.dram>, %s: i18, %y: memref<17x36xi8, #accel.onchip>) {
  // expected-error@+1 {{'shift' is 48, accepted range is [1, 47]}}
  accel.attention %q, %k, %v, %e, %s, %s to %y {heads = 3 : i64, probability_bits = 8 : i64, softmax_shift = 48 : i64, value_shift = 24 : i64} : memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @value_shift(%q: memref<17x36xi8, #accel.onchip>, %k: memref<17x36xi8, #accel.onchip>, %v: memref<17x36xi8, #accel.onchip>, %e: memref<256xi17, #accel.dram>, %s: i18, %y: memref<17x36xi8, #accel.onchip>) {
  // expected-error@+1 {{'shift' is 0, accepted range is [1, 47]}}
  accel.attention %q, %k, %v, %e, %s, %s to %y {heads = 3 : i64, probability_bits = 8 : i64, softmax_shift = 17 : i64, value_shift = 0 : i64} : memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<256xi17, #accel.dram>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @image_rank(%i: memref<8x8xi8, #accel.dram>, %p: memref<4x48xi8, #accel.onchip>) {
  // expected-error@+1 {{'image' has rank 2, expected 3 (colours x height x width)}}
  accel.extract_patches %i to %p {patch = array<i64: 4, 4>, order = "colours_first"} : memref<8x8xi8, #accel.dram>, memref<4x48xi8, #accel.onchip>
  func.return
}

// -----

func.func @image_space(%i: memref<3x8x8xi8, #accel.onchip>, %p: memref<4x48xi8, #accel.onchip>) {
  // expected-error@+1 {{'image' is in #accel.onchip, expected #accel.dram}}
  accel.extract_patches %i to %p {patch = array<i64: 4, 4>, order = "colours_first"} : memref<3x8x8xi8, #accel.onchip>, memref<4x48xi8, #accel.onchip>
  func.return
}

// -----

func.func @patches_space(%i: memref<3x8x8xi8, #accel.dram>, %p: memref<4x48xi8, #accel.dram>) {
  // expected-error@+1 {{'patches' is in #accel.dram, expected #accel.onchip}}
  accel.extract_patches %i to %p {patch = array<i64: 4, 4>, order = "colours_first"} : memref<3x8x8xi8, #accel.dram>, memref<4x48xi8, #accel.dram>
  func.return
}

// -----

func.func @patch_rank(%i: memref<3x8x8xi8, #accel.dram>, %p: memref<4x48xi8, #accel.onchip>) {
  // expected-error@+1 {{'patch' is [4], expected a positive height and width}}
  accel.extract_patches %i to %p {patch = array<i64: 4>, order = "colours_first"} : memref<3x8x8xi8, #accel.dram>, memref<4x48xi8, #accel.onchip>
  func.return
}

// -----

func.func @patch_size(%i: memref<3x8x8xi8, #accel.dram>, %p: memref<4x48xi8, #accel.onchip>) {
  // expected-error@+1 {{'patch' is [4, 0], expected a positive height and width}}
  accel.extract_patches %i to %p {patch = array<i64: 4, 0>, order = "colours_first"} : memref<3x8x8xi8, #accel.dram>, memref<4x48xi8, #accel.onchip>
  func.return
}

// -----

func.func @patch_divides(%i: memref<3x8x8xi8, #accel.dram>, %p: memref<4x48xi8, #accel.onchip>) {
  // expected-error@+1 {{'patch' is 3 x 4, it must divide the image of 8 x 8}}
  accel.extract_patches %i to %p {patch = array<i64: 3, 4>, order = "colours_first"} : memref<3x8x8xi8, #accel.dram>, memref<4x48xi8, #accel.onchip>
  func.return
}

// -----

func.func @patches_shape(%i: memref<3x8x8xi8, #accel.dram>, %p: memref<4x48xi8, #accel.onchip>) {
  // expected-error@+1 {{'patches' has shape (4, 48), expected (8, 24)}}
  accel.extract_patches %i to %p {patch = array<i64: 4, 2>, order = "colours_first"} : memref<3x8x8xi8, #accel.dram>, memref<4x48xi8, #accel.onchip>
  func.return
}

// -----

func.func @patches_width(%i: memref<3x8x8xi8, #accel.dram>, %p: memref<4x48xi4, #accel.onchip>) {
  // expected-error@+1 {{'patches' has elements of 4 bits, expected at least 8}}
  accel.extract_patches %i to %p {patch = array<i64: 4, 4>, order = "colours_first"} : memref<3x8x8xi8, #accel.dram>, memref<4x48xi4, #accel.onchip>
  func.return
}

// -----

func.func @loaded_space(%s: memref<17x36xi16, #accel.local>, %m: memref<17x36xi16, #accel.onchip>) {
  // expected-error@+1 {{'source' is in #accel.local, expected #accel.dram}}
  accel.load_matrix %s to %m : memref<17x36xi16, #accel.local>, memref<17x36xi16, #accel.onchip>
  func.return
}

// -----

func.func @loaded_matrix(%s: memref<17x36xi16, #accel.dram>, %m: memref<17x36xi16, #accel.local>) {
  // expected-error@+1 {{'matrix' is in #accel.local, expected #accel.onchip}}
  accel.load_matrix %s to %m : memref<17x36xi16, #accel.dram>, memref<17x36xi16, #accel.local>
  func.return
}

// -----

func.func @loaded_width(%s: memref<17x36xi8, #accel.dram>, %m: memref<17x36xi16, #accel.onchip>) {
  // expected-error@+1 {{'source' has elements of 8 bits, expected 16}}
  accel.load_matrix %s to %m : memref<17x36xi8, #accel.dram>, memref<17x36xi16, #accel.onchip>
  func.return
}

// -----

func.func @stored_matrix(%m: memref<1x10xi16, #accel.local>, %d: memref<1x10xi16, #accel.dram>) {
  // expected-error@+1 {{'matrix' is in #accel.local, expected #accel.onchip}}
  accel.store_matrix %m to %d : memref<1x10xi16, #accel.local>, memref<1x10xi16, #accel.dram>
  func.return
}

// -----

func.func @stored_space(%m: memref<1x10xi16, #accel.onchip>, %d: memref<1x10xi16, #accel.onchip>) {
  // expected-error@+1 {{'destination' is in #accel.onchip, expected #accel.dram}}
  accel.store_matrix %m to %d : memref<1x10xi16, #accel.onchip>, memref<1x10xi16, #accel.onchip>
  func.return
}

// -----

func.func @stored_shape(%m: memref<1x10xi16, #accel.onchip>, %d: memref<10xi16, #accel.dram>) {
  // expected-error@+1 {{'destination' has shape (10,), expected (1, 10)}}
  accel.store_matrix %m to %d : memref<1x10xi16, #accel.onchip>, memref<10xi16, #accel.dram>
  func.return
}

// -----

func.func @stored_width(%m: memref<1x10xi16, #accel.onchip>, %d: memref<1x10xi8, #accel.dram>) {
  // expected-error@+1 {{'destination' has elements of 8 bits, expected 16}}
  accel.store_matrix %m to %d : memref<1x10xi16, #accel.onchip>, memref<1x10xi8, #accel.dram>
  func.return
}

// -----

func.func @checkpoint_space(%x: memref<4xi8, #accel.dram>, %i: index) {
  // expected-error@+1 {{'buffer' is in #accel.dram, expected #accel.onchip or #accel.local}}
  accel.checkpoint "x"[%i], %x : memref<4xi8, #accel.dram>
  func.return
}

// -----

func.func @patch_order(%image: memref<3x4x4xi8, #accel.dram>, %patches: memref<4x12xi8, #accel.onchip>) {
  // expected-error@+1 {{'order' is "rows_first", accepted are "colours_first" and "colours_last"}}
  accel.extract_patches %image to %patches {patch = array<i64: 2, 2>, order = "rows_first"} : memref<3x4x4xi8, #accel.dram>, memref<4x12xi8, #accel.onchip>
  func.return
}

// -----

func.func @patches_of_bits(%im: memref<3x8x8xi1, #accel.dram>, %p: memref<4x48xi8, #accel.onchip>) {
  // expected-error@+1 {{'patches' has elements of 8 bits, expected 1}}
  accel.extract_patches %im to %p {patch = array<i64: 4, 4>, order = "colours_first"} : memref<3x8x8xi1, #accel.dram>, memref<4x48xi8, #accel.onchip>
  func.return
}

// -----

func.func @checkpoint_frame(%x: memref<4xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{'frame' is -1, it must not be negative}}
  accel.checkpoint "x"[%i], %x {frame = -1 : i64} : memref<4xi8, #accel.local>
  func.return
}

// -----

func.func @heads(%x: memref<17x36xi8, #accel.onchip>, %e: memref<256xi17, #accel.dram>, %s: i18, %h: index) {
  // expected-error@+1 {{'first_head' and 'head_count' are needed together}}
  "accel.attention"(%x, %x, %x, %e, %s, %s, %x, %h) <{heads = 3 : i64, probability_bits = 8 : i64, softmax_shift = 17 : i64, value_shift = 24 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0>}> : (memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<17x36xi8, #accel.onchip>, memref<256xi17, #accel.dram>, i18, i18, memref<17x36xi8, #accel.onchip>, index) -> ()
  func.return
}
