// RUN: vaqf-opt %s --verify-diagnostics --split-input-file

func.func @load_source(%s: memref<6x4x4xi8, #accel.onchip>, %d: memref<4x4xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{'source' is in #accel.onchip, expected #accel.dram}}
  accel.load %s[%i] to %d : memref<6x4x4xi8, #accel.onchip>, memref<4x4xi8, #accel.local>
  func.return
}

// -----

func.func @load_destination(%s: memref<6x4x4xi8, #accel.dram>, %d: memref<4x4xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'destination' is in #accel.onchip, expected #accel.local}}
  accel.load %s[%i] to %d : memref<6x4x4xi8, #accel.dram>, memref<4x4xi8, #accel.onchip>
  func.return
}

// -----

func.func @load_shape(%s: memref<6x4x4xi8, #accel.dram>, %d: memref<4x5xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{reads (4, 4) into (4, 5), expected equal shapes}}
  accel.load %s[%i] to %d : memref<6x4x4xi8, #accel.dram>, memref<4x5xi8, #accel.local>
  func.return
}

// -----

func.func @load_units(%s: memref<6x4x4xi8, #accel.dram>, %d: memref<4x4xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{reads (4, 4) into (4,), expected equal shapes}}
  accel.load %s[%i] count %i to %d : memref<6x4x4xi8, #accel.dram>, memref<4x4xi8, #accel.local>
  func.return
}

// -----

func.func @load_nothing(%s: memref<6x4x4xi8, #accel.dram>, %d: memref<4x4xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{reads () into (4, 4), expected equal shapes}}
  accel.load %s[%i, %i, %i] to %d : memref<6x4x4xi8, #accel.dram>, memref<4x4xi8, #accel.local>
  func.return
}

// -----

func.func @load_width(%s: memref<6x4x4xi8, #accel.dram>, %d: memref<4x4xi16, #accel.local>, %i: index) {
  // expected-error@+1 {{'destination' has elements of 16 bits, expected 8}}
  accel.load %s[%i] to %d : memref<6x4x4xi8, #accel.dram>, memref<4x4xi16, #accel.local>
  func.return
}

// -----

func.func @fill_space(%b: memref<4x6xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'buffer' is in #accel.onchip, expected #accel.local}}
  accel.fill %b[] with 0 : memref<4x6xi8, #accel.onchip>
  func.return
}

// -----

func.func @fill_rank(%b: memref<4x6xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{3 indices for a buffer of rank 2}}
  accel.fill %b[%i, %i, %i] with 0 : memref<4x6xi8, #accel.local>
  func.return
}

// -----

func.func @fill_value(%b: memref<4x6xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{'value' is 128, accepted range is [-128, 127]}}
  accel.fill %b[] with 128 : memref<4x6xi8, #accel.local>
  func.return
}

// -----

func.func @fill_bit(%b: memref<4x6xi1, #accel.local>, %i: index) {
  // expected-error@+1 {{'value' is -2, accepted range is [-1, 1]}}
  accel.fill %b[] with -2 : memref<4x6xi1, #accel.local>
  func.return
}

// -----

func.func @activation_space(%a: memref<17x36xi8, #accel.local>, %w: memref<12x4xi1, #accel.local>, %s: memref<20x12xi16, #accel.local>, %i: index) {
  // expected-error@+1 {{'activation' is in #accel.local, expected #accel.onchip}}
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 4 : i64, form = "paired_sum"} : memref<17x36xi8, #accel.local>, memref<12x4xi1, #accel.local>, memref<20x12xi16, #accel.local>
  func.return
}

// -----

func.func @weight_space(%a: memref<17x36xi8, #accel.onchip>, %w: memref<12x4xi1, #accel.dram>, %s: memref<20x12xi16, #accel.local>, %i: index) {
  // expected-error@+1 {{'weight' is in #accel.dram, expected #accel.local}}
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 4 : i64, form = "paired_sum"} : memref<17x36xi8, #accel.onchip>, memref<12x4xi1, #accel.dram>, memref<20x12xi16, #accel.local>
  func.return
}

// -----

func.func @weight_rank(%a: memref<17x36xi8, #accel.onchip>, %w: memref<2x12x4xi1, #accel.local>, %s: memref<20x12xi16, #accel.local>, %i: index) {
  // expected-error@+1 {{'weight' has rank 3, expected 2 (output lanes x input lanes)}}
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 4 : i64, form = "paired_sum"} : memref<17x36xi8, #accel.onchip>, memref<2x12x4xi1, #accel.local>, memref<20x12xi16, #accel.local>
  func.return
}

// -----

func.func @sums_rank(%a: memref<17x36xi8, #accel.onchip>, %w: memref<12x4xi1, #accel.local>, %s: memref<12xi16, #accel.local>, %i: index) {
  // expected-error@+1 {{'sums' has rank 1, expected 2 (token slots x output lanes)}}
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 4 : i64, form = "paired_sum"} : memref<17x36xi8, #accel.onchip>, memref<12x4xi1, #accel.local>, memref<12xi16, #accel.local>
  func.return
}

// -----

func.func @sums_space(%a: memref<17x36xi8, #accel.onchip>, %w: memref<12x4xi1, #accel.local>, %s: memref<20x12xi16, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'sums' is in #accel.onchip, expected #accel.local}}
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 4 : i64, form = "paired_sum"} : memref<17x36xi8, #accel.onchip>, memref<12x4xi1, #accel.local>, memref<20x12xi16, #accel.onchip>
  func.return
}

// -----

func.func @sums_lanes(%a: memref<17x36xi8, #accel.onchip>, %w: memref<12x4xi1, #accel.local>, %s: memref<20x10xi16, #accel.local>, %i: index) {
  // expected-error@+1 {{'sums' has 10 lanes, expected 12}}
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 4 : i64, form = "paired_sum"} : memref<17x36xi8, #accel.onchip>, memref<12x4xi1, #accel.local>, memref<20x10xi16, #accel.local>
  func.return
}

// -----

func.func @sums_rows(%a: memref<17x36xi8, #accel.onchip>, %w: memref<12x4xi1, #accel.local>, %s: memref<20x12xi16, #accel.local>, %i: index) {
  // expected-error@+1 {{'tokens' is 3, it must be positive and divide the 20 rows of 'sums'}}
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 3 : i64, form = "paired_sum"} : memref<17x36xi8, #accel.onchip>, memref<12x4xi1, #accel.local>, memref<20x12xi16, #accel.local>
  func.return
}

// -----

func.func @no_tokens(%a: memref<17x36xi8, #accel.onchip>, %w: memref<12x4xi1, #accel.local>, %s: memref<20x12xi16, #accel.local>, %i: index) {
  // expected-error@+1 {{'tokens' is 0, it must be positive and divide the 20 rows of 'sums'}}
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 0 : i64, form = "paired_sum"} : memref<17x36xi8, #accel.onchip>, memref<12x4xi1, #accel.local>, memref<20x12xi16, #accel.local>
  func.return
}

// -----

func.func @scale_rank(%s: memref<12xi20, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  // expected-error@+1 {{'sums' has rank 1, expected 2 (token slots x lanes)}}
  accel.scale %s[%i], %m, %o to %y : memref<12xi20, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

func.func @scale_space(%s: memref<20x12xi20, #accel.onchip>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  // expected-error@+1 {{'sums' is in #accel.onchip, expected #accel.local}}
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.onchip>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

func.func @multipliers_shape(%s: memref<20x12xi20, #accel.local>, %m: memref<10xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  // expected-error@+1 {{'multipliers' has shape (10,), expected (12,)}}
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.local>, memref<10xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

func.func @multipliers_space(%s: memref<20x12xi20, #accel.local>, %m: memref<12xi18, #accel.dram>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  // expected-error@+1 {{'multipliers' is in #accel.dram, expected #accel.local}}
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.local>, memref<12xi18, #accel.dram>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

func.func @multipliers_width(%s: memref<20x12xi20, #accel.local>, %m: memref<12xi17, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  // expected-error@+1 {{'multipliers' has elements of 17 bits, expected 18}}
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.local>, memref<12xi17, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

func.func @offsets_shape(%s: memref<20x12xi20, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<10xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  // expected-error@+1 {{'offsets' has shape (10,), expected (12,)}}
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.local>, memref<12xi18, #accel.local>, memref<10xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

func.func @offsets_space(%s: memref<20x12xi20, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.dram>, %y: memref<12xi49, #accel.local>, %i: index) {
  // expected-error@+1 {{'offsets' is in #accel.dram, expected #accel.local}}
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.dram>, memref<12xi49, #accel.local>
  func.return
}

// -----

func.func @offsets_width(%s: memref<20x12xi20, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi49, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  // expected-error@+1 {{'offsets' has elements of 49 bits, expected 48}}
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.local>, memref<12xi18, #accel.local>, memref<12xi49, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

func.func @scaled_shape(%s: memref<20x12xi20, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<10xi49, #accel.local>, %i: index) {
  // expected-error@+1 {{'scaled' has shape (10,), expected (12,)}}
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<10xi49, #accel.local>
  func.return
}

// -----

func.func @scaled_space(%s: memref<20x12xi20, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'scaled' is in #accel.onchip, expected #accel.local}}
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.onchip>
  func.return
}

// -----

func.func @scaled_width(%s: memref<20x12xi20, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi48, #accel.local>, %i: index) {
  // expected-error@+1 {{'scaled' has elements of 48 bits, expected 49}}
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi48, #accel.local>
  func.return
}

// -----

func.func @rounded_rank(%s: memref<1x12xi49, #accel.local>, %m: memref<17x36xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'scaled' has rank 2, expected 1 (lanes)}}
  accel.store_rounded %s to %m[%i, %i] {shift = 20 : i64} : memref<1x12xi49, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @rounded_space(%s: memref<12xi49, #accel.onchip>, %m: memref<17x36xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'scaled' is in #accel.onchip, expected #accel.local}}
  accel.store_rounded %s to %m[%i, %i] {shift = 20 : i64} : memref<12xi49, #accel.onchip>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @rounded_matrix(%s: memref<12xi49, #accel.local>, %m: memref<17x36xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{'matrix' is in #accel.local, expected #accel.onchip}}
  accel.store_rounded %s to %m[%i, %i] {shift = 20 : i64} : memref<12xi49, #accel.local>, memref<17x36xi8, #accel.local>
  func.return
}

// -----

func.func @rounded_shift(%s: memref<12xi49, #accel.local>, %m: memref<17x36xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'shift' is 0, accepted range is [1, 47]}}
  accel.store_rounded %s to %m[%i, %i] {shift = 0 : i64} : memref<12xi49, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @added_rank(%s: memref<1x12xi49, #accel.local>, %m: memref<17x36xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'scaled' has rank 2, expected 1 (lanes)}}
  accel.add_rounded %s to %m[%i, %i] {shift = 20 : i64} : memref<1x12xi49, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @added_matrix(%s: memref<12xi49, #accel.local>, %m: memref<17x36xi16, #accel.local>, %i: index) {
  // expected-error@+1 {{'matrix' is in #accel.local, expected #accel.onchip}}
  accel.add_rounded %s to %m[%i, %i] {shift = 20 : i64} : memref<12xi49, #accel.local>, memref<17x36xi16, #accel.local>
  func.return
}

// -----

func.func @added_shift(%s: memref<12xi49, #accel.local>, %m: memref<17x36xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'shift' is 48, accepted range is [1, 47]}}
  accel.add_rounded %s to %m[%i, %i] {shift = 48 : i64} : memref<12xi49, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @looked_rank(%s: memref<1x12xi49, #accel.local>, %t: memref<256xi8, #accel.local>, %m: memref<17x36xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'scaled' has rank 2, expected 1 (lanes)}}
  accel.store_lookup %s, %t to %m[%i, %i] {shift = 20 : i64} : memref<1x12xi49, #accel.local>, memref<256xi8, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @looked_table(%s: memref<12xi49, #accel.local>, %t: memref<2x256xi8, #accel.local>, %m: memref<17x36xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'table' has rank 2, expected 1 (entries)}}
  accel.store_lookup %s, %t to %m[%i, %i] {shift = 20 : i64} : memref<12xi49, #accel.local>, memref<2x256xi8, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @looked_table_space(%s: memref<12xi49, #accel.local>, %t: memref<256xi8, #accel.dram>, %m: memref<17x36xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'table' is in #accel.dram, expected #accel.local}}
  accel.store_lookup %s, %t to %m[%i, %i] {shift = 20 : i64} : memref<12xi49, #accel.local>, memref<256xi8, #accel.dram>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @looked_matrix(%s: memref<12xi49, #accel.local>, %t: memref<256xi8, #accel.local>, %m: memref<17x36xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{'matrix' is in #accel.local, expected #accel.onchip}}
  accel.store_lookup %s, %t to %m[%i, %i] {shift = 20 : i64} : memref<12xi49, #accel.local>, memref<256xi8, #accel.local>, memref<17x36xi8, #accel.local>
  func.return
}

// -----

func.func @looked_shift(%s: memref<12xi49, #accel.local>, %t: memref<256xi8, #accel.local>, %m: memref<17x36xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'shift' is 48, accepted range is [1, 47]}}
  accel.store_lookup %s, %t to %m[%i, %i] {shift = 48 : i64} : memref<12xi49, #accel.local>, memref<256xi8, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @image_rank(%im: memref<8x8xi8, #accel.local>, %p: memref<4x48xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'image' has rank 2, expected 3 (colours x height x width)}}
  accel.gather_patch %im to %p[%i, %i] {lanes = 12 : i64, patch = array<i64: 4, 4>, order = "colours_first"} : memref<8x8xi8, #accel.local>, memref<4x48xi8, #accel.onchip>
  func.return
}

// -----

func.func @image_space(%im: memref<3x8x8xi8, #accel.dram>, %p: memref<4x48xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'image' is in #accel.dram, expected #accel.local}}
  accel.gather_patch %im to %p[%i, %i] {lanes = 12 : i64, patch = array<i64: 4, 4>, order = "colours_first"} : memref<3x8x8xi8, #accel.dram>, memref<4x48xi8, #accel.onchip>
  func.return
}

// -----

func.func @patches_space(%im: memref<3x8x8xi8, #accel.local>, %p: memref<4x48xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{'patches' is in #accel.local, expected #accel.onchip}}
  accel.gather_patch %im to %p[%i, %i] {lanes = 12 : i64, patch = array<i64: 4, 4>, order = "colours_first"} : memref<3x8x8xi8, #accel.local>, memref<4x48xi8, #accel.local>
  func.return
}

// -----

func.func @gather_lanes(%im: memref<3x8x8xi8, #accel.local>, %p: memref<4x48xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'lanes' is 0, it must be positive}}
  accel.gather_patch %im to %p[%i, %i] {lanes = 0 : i64, patch = array<i64: 4, 4>, order = "colours_first"} : memref<3x8x8xi8, #accel.local>, memref<4x48xi8, #accel.onchip>
  func.return
}

// -----

func.func @gather_patch(%im: memref<3x8x8xi8, #accel.local>, %p: memref<4x48xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'patch' is [4, 4, 4], expected a positive height and width}}
  accel.gather_patch %im to %p[%i, %i] {lanes = 12 : i64, patch = array<i64: 4, 4, 4>, order = "colours_first"} : memref<3x8x8xi8, #accel.local>, memref<4x48xi8, #accel.onchip>
  func.return
}

// -----

func.func @gather_width(%im: memref<3x8x8xi8, #accel.local>, %p: memref<4x48xi4, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'patches' has elements of 4 bits, expected at least 8}}
  accel.gather_patch %im to %p[%i, %i] {lanes = 12 : i64, patch = array<i64: 4, 4>, order = "colours_first"} : memref<3x8x8xi8, #accel.local>, memref<4x48xi4, #accel.onchip>
  func.return
}

// -----

func.func @moments_matrix(%x: memref<17x36xi16, #accel.local>, %s: memref<17xi22, #accel.local>, %q: memref<17xi37, #accel.local>, %i: index) {
  // expected-error@+1 {{'matrix' is in #accel.local, expected #accel.onchip}}
  accel.add_moments %x[%i, %i] to %s, %q at %i {lanes = 12 : i64} : memref<17x36xi16, #accel.local>, memref<17xi22, #accel.local>, memref<17xi37, #accel.local>
  func.return
}

// -----

func.func @moments_rank(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17x1xi22, #accel.local>, %q: memref<17xi37, #accel.local>, %i: index) {
  // expected-error@+1 {{'sums' has rank 2, expected 1 (tokens)}}
  accel.add_moments %x[%i, %i] to %s, %q at %i {lanes = 12 : i64} : memref<17x36xi16, #accel.onchip>, memref<17x1xi22, #accel.local>, memref<17xi37, #accel.local>
  func.return
}

// -----

func.func @moments_shape(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %q: memref<16xi37, #accel.local>, %i: index) {
  // expected-error@+1 {{'squares' has shape (16,), expected (17,)}}
  accel.add_moments %x[%i, %i] to %s, %q at %i {lanes = 12 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<16xi37, #accel.local>
  func.return
}

// -----

func.func @moments_space(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %q: memref<17xi37, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'squares' is in #accel.onchip, expected #accel.local}}
  accel.add_moments %x[%i, %i] to %s, %q at %i {lanes = 12 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<17xi37, #accel.onchip>
  func.return
}

// -----

func.func @moments_lanes(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %q: memref<17xi37, #accel.local>, %i: index) {
  // expected-error@+1 {{'lanes' is -1, it must be positive}}
  accel.add_moments %x[%i, %i] to %s, %q at %i {lanes = -1 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<17xi37, #accel.local>
  func.return
}

// -----

func.func @root_rank(%s: memref<17x1xi22, #accel.local>, %q: memref<17xi37, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %i: index) {
  // expected-error@+1 {{'sums' has rank 2, expected 1 (tokens)}}
  accel.reciprocal_root %s, %q to %v, %e at %i {channels = 36 : i64, epsilon = 9 : i64, bits = 16 : i64} : memref<17x1xi22, #accel.local>, memref<17xi37, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>
  func.return
}

// -----

func.func @root_squares(%s: memref<17xi22, #accel.local>, %q: memref<16xi37, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %i: index) {
  // expected-error@+1 {{'squares' has shape (16,), expected (17,)}}
  accel.reciprocal_root %s, %q to %v, %e at %i {channels = 36 : i64, epsilon = 9 : i64, bits = 16 : i64} : memref<17xi22, #accel.local>, memref<16xi37, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>
  func.return
}

// -----

func.func @root_inverses(%s: memref<17xi22, #accel.local>, %q: memref<17xi37, #accel.local>, %v: memref<17xi19, #accel.onchip>, %e: memref<17xi7, #accel.local>, %i: index) {
  // expected-error@+1 {{'inverses' is in #accel.onchip, expected #accel.local}}
  accel.reciprocal_root %s, %q to %v, %e at %i {channels = 36 : i64, epsilon = 9 : i64, bits = 16 : i64} : memref<17xi22, #accel.local>, memref<17xi37, #accel.local>, memref<17xi19, #accel.onchip>, memref<17xi7, #accel.local>
  func.return
}

// -----

func.func @root_exponents(%s: memref<17xi22, #accel.local>, %q: memref<17xi37, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<16xi7, #accel.local>, %i: index) {
  // expected-error@+1 {{'exponents' has shape (16,), expected (17,)}}
  accel.reciprocal_root %s, %q to %v, %e at %i {channels = 36 : i64, epsilon = 9 : i64, bits = 16 : i64} : memref<17xi22, #accel.local>, memref<17xi37, #accel.local>, memref<17xi19, #accel.local>, memref<16xi7, #accel.local>
  func.return
}

// -----

func.func @root_channels(%s: memref<17xi22, #accel.local>, %q: memref<17xi37, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %i: index) {
  // expected-error@+1 {{'channels' is 0, it must be positive}}
  accel.reciprocal_root %s, %q to %v, %e at %i {channels = 0 : i64, epsilon = 9 : i64, bits = 16 : i64} : memref<17xi22, #accel.local>, memref<17xi37, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>
  func.return
}

// -----

func.func @root_epsilon(%s: memref<17xi22, #accel.local>, %q: memref<17xi37, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %i: index) {
  // expected-error@+1 {{'epsilon' is 0, it must be positive}}
  accel.reciprocal_root %s, %q to %v, %e at %i {channels = 36 : i64, epsilon = 0 : i64, bits = 16 : i64} : memref<17xi22, #accel.local>, memref<17xi37, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>
  func.return
}

// -----

func.func @root_bits(%s: memref<17xi22, #accel.local>, %q: memref<17xi37, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %i: index) {
  // expected-error@+1 {{'bits' is 0, it must be positive}}
  accel.reciprocal_root %s, %q to %v, %e at %i {channels = 36 : i64, epsilon = 9 : i64, bits = 0 : i64} : memref<17xi22, #accel.local>, memref<17xi37, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>
  func.return
}

// -----

func.func @norm_matrix(%x: memref<17x36xi16, #accel.local>, %s: memref<17xi22, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  // expected-error@+1 {{'matrix' is in #accel.local, expected #accel.onchip}}
  accel.normalize %x[%i, %i], %s, %v, %e at %i, %m, %o to %y {channels = 36 : i64} : memref<17x36xi16, #accel.local>, memref<17xi22, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

func.func @norm_sums(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17x1xi22, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  // expected-error@+1 {{'sums' has rank 2, expected 1 (tokens)}}
  accel.normalize %x[%i, %i], %s, %v, %e at %i, %m, %o to %y {channels = 36 : i64} : memref<17x36xi16, #accel.onchip>, memref<17x1xi22, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

func.func @norm_inverses(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %v: memref<16xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  // expected-error@+1 {{'inverses' has shape (16,), expected (17,)}}
  accel.normalize %x[%i, %i], %s, %v, %e at %i, %m, %o to %y {channels = 36 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<16xi19, #accel.local>, memref<17xi7, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

func.func @norm_exponents(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.onchip>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  // expected-error@+1 {{'exponents' is in #accel.onchip, expected #accel.local}}
  accel.normalize %x[%i, %i], %s, %v, %e at %i, %m, %o to %y {channels = 36 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.onchip>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

func.func @norm_multipliers(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %m: memref<10xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  // expected-error@+1 {{'multipliers' has shape (10,), expected (12,)}}
  accel.normalize %x[%i, %i], %s, %v, %e at %i, %m, %o to %y {channels = 36 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>, memref<10xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

func.func @norm_offsets(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi32, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  // expected-error@+1 {{'offsets' has elements of 32 bits, expected 48}}
  accel.normalize %x[%i, %i], %s, %v, %e at %i, %m, %o to %y {channels = 36 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>, memref<12xi18, #accel.local>, memref<12xi32, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

func.func @norm_scaled(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi50, #accel.local>, %i: index) {
  // expected-error@+1 {{'scaled' has elements of 50 bits, expected 49}}
  accel.normalize %x[%i, %i], %s, %v, %e at %i, %m, %o to %y {channels = 36 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi50, #accel.local>
  func.return
}

// -----

func.func @norm_scaled_rank(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<1x12xi49, #accel.local>, %i: index) {
  // expected-error@+1 {{'scaled' has rank 2, expected 1 (lanes)}}
  accel.normalize %x[%i, %i], %s, %v, %e at %i, %m, %o to %y {channels = 36 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<1x12xi49, #accel.local>
  func.return
}

// -----

func.func @norm_channels(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  // expected-error@+1 {{'channels' is 0, it must be positive}}
  accel.normalize %x[%i, %i], %s, %v, %e at %i, %m, %o to %y {channels = 0 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

func.func @copy_matrix(%m: memref<17x36xi8, #accel.local>, %d: memref<17x12xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{'matrix' is in #accel.local, expected #accel.onchip}}
  accel.copy_row %m[%i, %i] to %d[%i] : memref<17x36xi8, #accel.local>, memref<17x12xi8, #accel.local>
  func.return
}

// -----

func.func @copy_rank(%m: memref<17x36xi8, #accel.onchip>, %d: memref<12xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{'destination' has rank 1, expected 2 (rows x channels)}}
  accel.copy_row %m[%i, %i] to %d[%i] : memref<17x36xi8, #accel.onchip>, memref<12xi8, #accel.local>
  func.return
}

// -----

func.func @copy_space(%m: memref<17x36xi8, #accel.onchip>, %d: memref<17x12xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'destination' is in #accel.onchip, expected #accel.local}}
  accel.copy_row %m[%i, %i] to %d[%i] : memref<17x36xi8, #accel.onchip>, memref<17x12xi8, #accel.onchip>
  func.return
}

// -----

func.func @copy_width(%m: memref<17x36xi8, #accel.onchip>, %d: memref<17x12xi16, #accel.local>, %i: index) {
  // expected-error@+1 {{'destination' has elements of 16 bits, expected 8}}
  accel.copy_row %m[%i, %i] to %d[%i] : memref<17x36xi8, #accel.onchip>, memref<17x12xi16, #accel.local>
  func.return
}

// -----

func.func @score_queries(%q: memref<12xi8, #accel.local>, %k: memref<24x12xi8, #accel.local>, %s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %i: index) {
  // expected-error@+1 {{'queries' has rank 1, expected 2 (tokens x channels)}}
  accel.score %q[%i], %k[%i] to %s, %m {lanes = 8 : i64} : memref<12xi8, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>
  func.return
}

// -----

func.func @score_keys_space(%q: memref<17x12xi8, #accel.local>, %k: memref<24x12xi8, #accel.onchip>, %s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %i: index) {
  // expected-error@+1 {{'keys' is in #accel.onchip, expected #accel.local}}
  accel.score %q[%i], %k[%i] to %s, %m {lanes = 8 : i64} : memref<17x12xi8, #accel.local>, memref<24x12xi8, #accel.onchip>, memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>
  func.return
}

// -----

func.func @score_keys(%q: memref<17x12xi8, #accel.local>, %k: memref<24x10xi8, #accel.local>, %s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %i: index) {
  // expected-error@+1 {{'keys' has 10 channels, expected 12}}
  accel.score %q[%i], %k[%i] to %s, %m {lanes = 8 : i64} : memref<17x12xi8, #accel.local>, memref<24x10xi8, #accel.local>, memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>
  func.return
}

// -----

func.func @score_shape(%q: memref<17x12xi8, #accel.local>, %k: memref<24x12xi8, #accel.local>, %s: memref<17x17xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %i: index) {
  // expected-error@+1 {{'scores' has shape (17, 17), expected (17, 24)}}
  accel.score %q[%i], %k[%i] to %s, %m {lanes = 8 : i64} : memref<17x12xi8, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x17xi19, #accel.local>, memref<17xi19, #accel.local>
  func.return
}

// -----

func.func @score_space(%q: memref<17x12xi8, #accel.local>, %k: memref<24x12xi8, #accel.local>, %s: memref<17x24xi19, #accel.onchip>, %m: memref<17xi19, #accel.local>, %i: index) {
  // expected-error@+1 {{'scores' is in #accel.onchip, expected #accel.local}}
  accel.score %q[%i], %k[%i] to %s, %m {lanes = 8 : i64} : memref<17x12xi8, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x24xi19, #accel.onchip>, memref<17xi19, #accel.local>
  func.return
}

// -----

func.func @score_maxima(%q: memref<17x12xi8, #accel.local>, %k: memref<24x12xi8, #accel.local>, %s: memref<17x24xi19, #accel.local>, %m: memref<24xi19, #accel.local>, %i: index) {
  // expected-error@+1 {{'maxima' has shape (24,), expected (17,)}}
  accel.score %q[%i], %k[%i] to %s, %m {lanes = 8 : i64} : memref<17x12xi8, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x24xi19, #accel.local>, memref<24xi19, #accel.local>
  func.return
}

// -----

func.func @score_maxima_space(%q: memref<17x12xi8, #accel.local>, %k: memref<24x12xi8, #accel.local>, %s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'maxima' is in #accel.onchip, expected #accel.local}}
  accel.score %q[%i], %k[%i] to %s, %m {lanes = 8 : i64} : memref<17x12xi8, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x24xi19, #accel.local>, memref<17xi19, #accel.onchip>
  func.return
}

// -----

func.func @score_lanes(%q: memref<17x12xi8, #accel.local>, %k: memref<24x12xi8, #accel.local>, %s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %i: index) {
  // expected-error@+1 {{'lanes' is 0, it must be positive}}
  accel.score %q[%i], %k[%i] to %s, %m {lanes = 0 : i64} : memref<17x12xi8, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>
  func.return
}

// -----

func.func @exp_scores(%s: memref<17xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %t: memref<256xi17, #accel.local>, %e: memref<17x24xi17, #accel.local>, %u: memref<17xi22, #accel.local>, %c: i18, %i: index) {
  // expected-error@+1 {{'scores' has rank 1, expected 2 (tokens x key slots)}}
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 17 : i64} : memref<17xi19, #accel.local>, memref<17xi19, #accel.local>, memref<256xi17, #accel.local>, memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

func.func @exp_shape(%s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %t: memref<256xi17, #accel.local>, %e: memref<17x17xi17, #accel.local>, %u: memref<17xi22, #accel.local>, %c: i18, %i: index) {
  // expected-error@+1 {{'exponentials' has shape (17, 17), expected (17, 24)}}
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 17 : i64} : memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>, memref<256xi17, #accel.local>, memref<17x17xi17, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

func.func @exp_space(%s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %t: memref<256xi17, #accel.local>, %e: memref<17x24xi17, #accel.onchip>, %u: memref<17xi22, #accel.local>, %c: i18, %i: index) {
  // expected-error@+1 {{'exponentials' is in #accel.onchip, expected #accel.local}}
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 17 : i64} : memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>, memref<256xi17, #accel.local>, memref<17x24xi17, #accel.onchip>, memref<17xi22, #accel.local>
  func.return
}

// -----

func.func @exp_maxima(%s: memref<17x24xi19, #accel.local>, %m: memref<24xi19, #accel.local>, %t: memref<256xi17, #accel.local>, %e: memref<17x24xi17, #accel.local>, %u: memref<17xi22, #accel.local>, %c: i18, %i: index) {
  // expected-error@+1 {{'maxima' has shape (24,), expected (17,)}}
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 17 : i64} : memref<17x24xi19, #accel.local>, memref<24xi19, #accel.local>, memref<256xi17, #accel.local>, memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

func.func @exp_maxima_space(%s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.onchip>, %t: memref<256xi17, #accel.local>, %e: memref<17x24xi17, #accel.local>, %u: memref<17xi22, #accel.local>, %c: i18, %i: index) {
  // expected-error@+1 {{'maxima' is in #accel.onchip, expected #accel.local}}
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 17 : i64} : memref<17x24xi19, #accel.local>, memref<17xi19, #accel.onchip>, memref<256xi17, #accel.local>, memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

func.func @exp_sums(%s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %t: memref<256xi17, #accel.local>, %e: memref<17x24xi17, #accel.local>, %u: memref<24xi22, #accel.local>, %c: i18, %i: index) {
  // expected-error@+1 {{'sums' has shape (24,), expected (17,)}}
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 17 : i64} : memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>, memref<256xi17, #accel.local>, memref<17x24xi17, #accel.local>, memref<24xi22, #accel.local>
  func.return
}

// -----

func.func @exp_sums_space(%s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %t: memref<256xi17, #accel.local>, %e: memref<17x24xi17, #accel.local>, %u: memref<17xi22, #accel.onchip>, %c: i18, %i: index) {
  // expected-error@+1 {{'sums' is in #accel.onchip, expected #accel.local}}
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 17 : i64} : memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>, memref<256xi17, #accel.local>, memref<17x24xi17, #accel.local>, memref<17xi22, #accel.onchip>
  func.return
}

// -----

func.func @exp_table(%s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %t: memref<255xi17, #accel.local>, %e: memref<17x24xi17, #accel.local>, %u: memref<17xi22, #accel.local>, %c: i18, %i: index) {
  // expected-error@+1 {{'table' has shape (255,), expected (256,)}}
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 17 : i64} : memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>, memref<255xi17, #accel.local>, memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

func.func @exp_table_space(%s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %t: memref<256xi17, #accel.dram>, %e: memref<17x24xi17, #accel.local>, %u: memref<17xi22, #accel.local>, %c: i18, %i: index) {
  // expected-error@+1 {{'table' is in #accel.dram, expected #accel.local}}
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 17 : i64} : memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>, memref<256xi17, #accel.dram>, memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

func.func @exp_lanes(%s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %t: memref<256xi17, #accel.local>, %e: memref<17x24xi17, #accel.local>, %u: memref<17xi22, #accel.local>, %c: i18, %i: index) {
  // expected-error@+1 {{'lanes' is 0, it must be positive}}
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 0 : i64, shift = 17 : i64} : memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>, memref<256xi17, #accel.local>, memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

func.func @exp_shift(%s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %t: memref<256xi17, #accel.local>, %e: memref<17x24xi17, #accel.local>, %u: memref<17xi22, #accel.local>, %c: i18, %i: index) {
  // expected-error@+1 {{'shift' is 0, accepted range is [1, 47]}}
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 0 : i64} : memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>, memref<256xi17, #accel.local>, memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

func.func @reciprocal_rank(%s: memref<17x1xi22, #accel.local>, %v: memref<17xi22, #accel.local>, %i: index) {
  // expected-error@+1 {{'sums' has rank 2, expected 1 (queries)}}
  accel.reciprocal %s to %v at %i {shift = 35 : i64} : memref<17x1xi22, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

func.func @reciprocal_shape(%s: memref<17xi22, #accel.local>, %v: memref<16xi22, #accel.local>, %i: index) {
  // expected-error@+1 {{'inverses' has shape (16,), expected (17,)}}
  accel.reciprocal %s to %v at %i {shift = 35 : i64} : memref<17xi22, #accel.local>, memref<16xi22, #accel.local>
  func.return
}

// -----

func.func @reciprocal_space(%s: memref<17xi22, #accel.local>, %v: memref<17xi22, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'inverses' is in #accel.onchip, expected #accel.local}}
  accel.reciprocal %s to %v at %i {shift = 35 : i64} : memref<17xi22, #accel.local>, memref<17xi22, #accel.onchip>
  func.return
}

// -----

func.func @reciprocal_shift(%s: memref<17xi22, #accel.local>, %v: memref<17xi22, #accel.local>, %i: index) {
  // expected-error@+1 {{'shift' is 48, accepted range is [1, 47]}}
  accel.reciprocal %s to %v at %i {shift = 48 : i64} : memref<17xi22, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

func.func @mix_exponentials(%e: memref<17xi17, #accel.local>, %v: memref<17xi22, #accel.local>, %x: memref<24x12xi8, #accel.local>, %m: memref<17x12xi21, #accel.local>, %i: index) {
  // expected-error@+1 {{'exponentials' has rank 1, expected 2 (tokens x key slots)}}
  accel.mix %e[%i, %i], %v, %x to %m {lanes = 8 : i64, bits = 8 : i64, shift = 27 : i64} : memref<17xi17, #accel.local>, memref<17xi22, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x12xi21, #accel.local>
  func.return
}

// -----

func.func @mix_inverses(%e: memref<17x24xi17, #accel.local>, %v: memref<24xi22, #accel.local>, %x: memref<24x12xi8, #accel.local>, %m: memref<17x12xi21, #accel.local>, %i: index) {
  // expected-error@+1 {{'inverses' has shape (24,), expected (17,)}}
  accel.mix %e[%i, %i], %v, %x to %m {lanes = 8 : i64, bits = 8 : i64, shift = 27 : i64} : memref<17x24xi17, #accel.local>, memref<24xi22, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x12xi21, #accel.local>
  func.return
}

// -----

func.func @mix_inverses_space(%e: memref<17x24xi17, #accel.local>, %v: memref<17xi22, #accel.onchip>, %x: memref<24x12xi8, #accel.local>, %m: memref<17x12xi21, #accel.local>, %i: index) {
  // expected-error@+1 {{'inverses' is in #accel.onchip, expected #accel.local}}
  accel.mix %e[%i, %i], %v, %x to %m {lanes = 8 : i64, bits = 8 : i64, shift = 27 : i64} : memref<17x24xi17, #accel.local>, memref<17xi22, #accel.onchip>, memref<24x12xi8, #accel.local>, memref<17x12xi21, #accel.local>
  func.return
}

// -----

func.func @mix_values(%e: memref<17x24xi17, #accel.local>, %v: memref<17xi22, #accel.local>, %x: memref<17x12xi8, #accel.local>, %m: memref<17x12xi21, #accel.local>, %i: index) {
  // expected-error@+1 {{'values' has 17 key slots, expected 24}}
  accel.mix %e[%i, %i], %v, %x to %m {lanes = 8 : i64, bits = 8 : i64, shift = 27 : i64} : memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>, memref<17x12xi8, #accel.local>, memref<17x12xi21, #accel.local>
  func.return
}

// -----

func.func @mix_shape(%e: memref<17x24xi17, #accel.local>, %v: memref<17xi22, #accel.local>, %x: memref<24x12xi8, #accel.local>, %m: memref<17x10xi21, #accel.local>, %i: index) {
  // expected-error@+1 {{'mixed' has shape (17, 10), expected (17, 12)}}
  accel.mix %e[%i, %i], %v, %x to %m {lanes = 8 : i64, bits = 8 : i64, shift = 27 : i64} : memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x10xi21, #accel.local>
  func.return
}

// -----

func.func @mix_space(%e: memref<17x24xi17, #accel.local>, %v: memref<17xi22, #accel.local>, %x: memref<24x12xi8, #accel.local>, %m: memref<17x12xi21, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'mixed' is in #accel.onchip, expected #accel.local}}
  accel.mix %e[%i, %i], %v, %x to %m {lanes = 8 : i64, bits = 8 : i64, shift = 27 : i64} : memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x12xi21, #accel.onchip>
  func.return
}

// -----

func.func @mix_lanes(%e: memref<17x24xi17, #accel.local>, %v: memref<17xi22, #accel.local>, %x: memref<24x12xi8, #accel.local>, %m: memref<17x12xi21, #accel.local>, %i: index) {
  // expected-error@+1 {{'lanes' is 0, it must be positive}}
  accel.mix %e[%i, %i], %v, %x to %m {lanes = 0 : i64, bits = 8 : i64, shift = 27 : i64} : memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x12xi21, #accel.local>
  func.return
}

// -----

func.func @mix_bits(%e: memref<17x24xi17, #accel.local>, %v: memref<17xi22, #accel.local>, %x: memref<24x12xi8, #accel.local>, %m: memref<17x12xi21, #accel.local>, %i: index) {
  // expected-error@+1 {{'bits' is 17, accepted range is [1, 16]}}
  accel.mix %e[%i, %i], %v, %x to %m {lanes = 8 : i64, bits = 17 : i64, shift = 27 : i64} : memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x12xi21, #accel.local>
  func.return
}

// -----

func.func @mix_shift(%e: memref<17x24xi17, #accel.local>, %v: memref<17xi22, #accel.local>, %x: memref<24x12xi8, #accel.local>, %m: memref<17x12xi21, #accel.local>, %i: index) {
  // expected-error@+1 {{'shift' is 0, accepted range is [1, 47]}}
  accel.mix %e[%i, %i], %v, %x to %m {lanes = 8 : i64, bits = 8 : i64, shift = 0 : i64} : memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x12xi21, #accel.local>
  func.return
}

// -----

func.func @rescaled_rank(%v: memref<12xi21, #accel.local>, %m: memref<17x36xi8, #accel.onchip>, %c: i18, %i: index) {
  // expected-error@+1 {{'values' has rank 1, expected 2 (tokens x lanes)}}
  accel.store_rescaled %v[%i], %c to %m[%i, %i] {shift = 24 : i64} : memref<12xi21, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @rescaled_space(%v: memref<17x12xi21, #accel.onchip>, %m: memref<17x36xi8, #accel.onchip>, %c: i18, %i: index) {
  // expected-error@+1 {{'values' is in #accel.onchip, expected #accel.local}}
  accel.store_rescaled %v[%i], %c to %m[%i, %i] {shift = 24 : i64} : memref<17x12xi21, #accel.onchip>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @rescaled_matrix(%v: memref<17x12xi21, #accel.local>, %m: memref<17x36xi8, #accel.local>, %c: i18, %i: index) {
  // expected-error@+1 {{'matrix' is in #accel.local, expected #accel.onchip}}
  accel.store_rescaled %v[%i], %c to %m[%i, %i] {shift = 24 : i64} : memref<17x12xi21, #accel.local>, memref<17x36xi8, #accel.local>
  func.return
}

// -----

func.func @rescaled_shift(%v: memref<17x12xi21, #accel.local>, %m: memref<17x36xi8, #accel.onchip>, %c: i18, %i: index) {
  // expected-error@+1 {{'shift' is 48, accepted range is [1, 47]}}
  accel.store_rescaled %v[%i], %c to %m[%i, %i] {shift = 48 : i64} : memref<17x12xi21, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

func.func @gathered_order(%image: memref<3x4x4xi8, #accel.local>, %patches: memref<4x12xi8, #accel.onchip>, %i: index) {
  // expected-error@+1 {{'order' is "rows_first", accepted are "colours_first" and "colours_last"}}
  accel.gather_patch %image to %patches[%i, %i] {lanes = 4 : i64, patch = array<i64: 2, 2>, order = "rows_first"} : memref<3x4x4xi8, #accel.local>, memref<4x12xi8, #accel.onchip>
  func.return
}

// -----

func.func @accumulate_no_form(%a: memref<17x36xi8, #accel.onchip>, %w: memref<12x4xi1, #accel.local>, %s: memref<20x12xi16, #accel.local>, %i: index) {
  // expected-error@+1 {{'form' is absent, accepted are 'conditional_negation', 'selected_sum', 'paired_sum'}}
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 4 : i64} : memref<17x36xi8, #accel.onchip>, memref<12x4xi1, #accel.local>, memref<20x12xi16, #accel.local>
  func.return
}

// -----

func.func @accumulate_unknown_form(%a: memref<17x36xi8, #accel.onchip>, %w: memref<12x4xi1, #accel.local>, %s: memref<20x12xi16, #accel.local>, %i: index) {
  // expected-error@+1 {{'form' is 'tables', accepted are 'conditional_negation', 'selected_sum', 'paired_sum'}}
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 4 : i64, form = "tables"} : memref<17x36xi8, #accel.onchip>, memref<12x4xi1, #accel.local>, memref<20x12xi16, #accel.local>
  func.return
}

// -----

func.func @accumulate_form(%a: memref<17x36xi8, #accel.onchip>, %w: memref<12x4xi8, #accel.local>, %s: memref<20x12xi16, #accel.local>, %i: index) {
  // expected-error@+1 {{'form' is "paired_sum", expected none for weights of 8 bits}}
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 4 : i64, form = "paired_sum"} : memref<17x36xi8, #accel.onchip>, memref<12x4xi8, #accel.local>, memref<20x12xi16, #accel.local>
  func.return
}

// -----

func.func @slot_space(%b: memref<2x4xi8, #accel.dram>, %i: index) {
  // expected-error@+1 {{'buffer' is in #accel.dram, expected #accel.local}}
  %s = accel.slot %b[%i] : memref<2x4xi8, #accel.dram> -> memref<4xi8, #accel.local>
  func.return
}

// -----

func.func @slot_result(%b: memref<2x4xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{'result' is in #accel.dram, expected #accel.local}}
  %s = accel.slot %b[%i] : memref<2x4xi8, #accel.local> -> memref<4xi8, #accel.dram>
  func.return
}

// -----

func.func @slot_rank(%b: memref<4xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{'buffer' has rank 1, expected slots x an array}}
  %s = accel.slot %b[%i] : memref<4xi8, #accel.local> -> memref<4xi8, #accel.local>
  func.return
}

// -----

func.func @slot_shape(%b: memref<2x4xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{'result' has shape (5,), expected (4,)}}
  %s = accel.slot %b[%i] : memref<2x4xi8, #accel.local> -> memref<5xi8, #accel.local>
  func.return
}

// -----

func.func @slot_width(%b: memref<2x4xi8, #accel.local>, %i: index) {
  // expected-error@+1 {{'result' has elements of 9 bits, expected 8}}
  %s = accel.slot %b[%i] : memref<2x4xi8, #accel.local> -> memref<4xi9, #accel.local>
  func.return
}

// -----

func.func @reuse_rank(%b: memref<4xi8, #accel.onchip>) {
  // expected-error@+1 {{'storage' has rank 1, expected 2 (tokens x channels)}}
  %m = accel.reuse %b : memref<4xi8, #accel.onchip> -> memref<4x4xi8, #accel.onchip>
  func.return
}

// -----

func.func @reuse_matrix_rank(%b: memref<4x4xi8, #accel.onchip>) {
  // expected-error@+1 {{'matrix' has rank 1, expected 2 (tokens x channels)}}
  %m = accel.reuse %b : memref<4x4xi8, #accel.onchip> -> memref<4xi8, #accel.onchip>
  func.return
}

// -----

func.func @reuse_space(%b: memref<4x4xi8, #accel.local>) {
  // expected-error@+1 {{'storage' is in #accel.local, expected #accel.onchip}}
  %m = accel.reuse %b : memref<4x4xi8, #accel.local> -> memref<4x4xi8, #accel.onchip>
  func.return
}

// -----

func.func @reuse_matrix_space(%b: memref<4x4xi8, #accel.onchip>) {
  // expected-error@+1 {{'matrix' is in #accel.local, expected #accel.onchip}}
  %m = accel.reuse %b : memref<4x4xi8, #accel.onchip> -> memref<4x4xi8, #accel.local>
  func.return
}

// -----

func.func @reuse_width(%b: memref<4x4xi8, #accel.onchip>) {
  // expected-error@+1 {{'matrix' has elements of 9 bits, expected 8}}
  %m = accel.reuse %b : memref<4x4xi8, #accel.onchip> -> memref<4x4xi9, #accel.onchip>
  func.return
}

// -----

func.func @reuse_shape(%b: memref<4x4xi8, #accel.onchip>) {
  // expected-error@+1 {{'matrix' has shape (4, 5), 'storage' only (4, 4)}}
  %m = accel.reuse %b : memref<4x4xi8, #accel.onchip> -> memref<4x5xi8, #accel.onchip>
  func.return
}
