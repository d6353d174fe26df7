// RUN: vaqf-opt %s --verify-diagnostics --parsing-diagnostics --split-input-file | filecheck %s

// CHECK: 'source' is in #accel.onchip, expected #accel.dram
func.func @load_source(%s: memref<6x4x4xi8, #accel.onchip>, %d: memref<4x4xi8, #accel.local>, %i: index) {
  accel.load %s[%i] to %d : memref<6x4x4xi8, #accel.onchip>, memref<4x4xi8, #accel.local>
  func.return
}

// -----

// CHECK: 'destination' is in #accel.onchip, expected #accel.local
func.func @load_destination(%s: memref<6x4x4xi8, #accel.dram>, %d: memref<4x4xi8, #accel.onchip>, %i: index) {
  accel.load %s[%i] to %d : memref<6x4x4xi8, #accel.dram>, memref<4x4xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: reads (4, 4) into (4, 5), expected equal shapes
func.func @load_shape(%s: memref<6x4x4xi8, #accel.dram>, %d: memref<4x5xi8, #accel.local>, %i: index) {
  accel.load %s[%i] to %d : memref<6x4x4xi8, #accel.dram>, memref<4x5xi8, #accel.local>
  func.return
}

// -----

// CHECK: reads (4, 4) into (4,), expected equal shapes
func.func @load_units(%s: memref<6x4x4xi8, #accel.dram>, %d: memref<4x4xi8, #accel.local>, %i: index) {
  accel.load %s[%i] count %i to %d : memref<6x4x4xi8, #accel.dram>, memref<4x4xi8, #accel.local>
  func.return
}

// -----

// CHECK: reads () into (4, 4), expected equal shapes
func.func @load_nothing(%s: memref<6x4x4xi8, #accel.dram>, %d: memref<4x4xi8, #accel.local>, %i: index) {
  accel.load %s[%i, %i, %i] to %d : memref<6x4x4xi8, #accel.dram>, memref<4x4xi8, #accel.local>
  func.return
}

// -----

// CHECK: 'destination' has elements of 16 bits, expected 8
func.func @load_width(%s: memref<6x4x4xi8, #accel.dram>, %d: memref<4x4xi16, #accel.local>, %i: index) {
  accel.load %s[%i] to %d : memref<6x4x4xi8, #accel.dram>, memref<4x4xi16, #accel.local>
  func.return
}

// -----

// CHECK: 'buffer' is in #accel.onchip, expected #accel.local
func.func @fill_space(%b: memref<4x6xi8, #accel.onchip>, %i: index) {
  accel.fill %b[] with 0 : memref<4x6xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 3 indices for a buffer of rank 2
func.func @fill_rank(%b: memref<4x6xi8, #accel.local>, %i: index) {
  accel.fill %b[%i, %i, %i] with 0 : memref<4x6xi8, #accel.local>
  func.return
}

// -----

// CHECK: 'value' is 128, accepted range is [-128, 127]
func.func @fill_value(%b: memref<4x6xi8, #accel.local>, %i: index) {
  accel.fill %b[] with 128 : memref<4x6xi8, #accel.local>
  func.return
}

// -----

// CHECK: 'value' is -2, accepted range is [-1, 1]
func.func @fill_bit(%b: memref<4x6xi1, #accel.local>, %i: index) {
  accel.fill %b[] with -2 : memref<4x6xi1, #accel.local>
  func.return
}

// -----

// CHECK: 'activation' is in #accel.local, expected #accel.onchip
func.func @activation_space(%a: memref<17x36xi8, #accel.local>, %w: memref<12x4xi1, #accel.local>, %s: memref<20x12xi16, #accel.local>, %i: index) {
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 4 : i64, form = "paired_sum"} : memref<17x36xi8, #accel.local>, memref<12x4xi1, #accel.local>, memref<20x12xi16, #accel.local>
  func.return
}

// -----

// CHECK: 'weight' is in #accel.dram, expected #accel.local
func.func @weight_space(%a: memref<17x36xi8, #accel.onchip>, %w: memref<12x4xi1, #accel.dram>, %s: memref<20x12xi16, #accel.local>, %i: index) {
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 4 : i64, form = "paired_sum"} : memref<17x36xi8, #accel.onchip>, memref<12x4xi1, #accel.dram>, memref<20x12xi16, #accel.local>
  func.return
}

// -----

// CHECK: 'weight' has rank 3, expected 2 (output lanes x input lanes)
func.func @weight_rank(%a: memref<17x36xi8, #accel.onchip>, %w: memref<2x12x4xi1, #accel.local>, %s: memref<20x12xi16, #accel.local>, %i: index) {
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 4 : i64, form = "paired_sum"} : memref<17x36xi8, #accel.onchip>, memref<2x12x4xi1, #accel.local>, memref<20x12xi16, #accel.local>
  func.return
}

// -----

// CHECK: 'sums' has rank 1, expected 2 (token slots x output lanes)
func.func @sums_rank(%a: memref<17x36xi8, #accel.onchip>, %w: memref<12x4xi1, #accel.local>, %s: memref<12xi16, #accel.local>, %i: index) {
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 4 : i64, form = "paired_sum"} : memref<17x36xi8, #accel.onchip>, memref<12x4xi1, #accel.local>, memref<12xi16, #accel.local>
  func.return
}

// -----

// CHECK: 'sums' is in #accel.onchip, expected #accel.local
func.func @sums_space(%a: memref<17x36xi8, #accel.onchip>, %w: memref<12x4xi1, #accel.local>, %s: memref<20x12xi16, #accel.onchip>, %i: index) {
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 4 : i64, form = "paired_sum"} : memref<17x36xi8, #accel.onchip>, memref<12x4xi1, #accel.local>, memref<20x12xi16, #accel.onchip>
  func.return
}

// -----

// CHECK: 'sums' has 10 lanes, expected 12
func.func @sums_lanes(%a: memref<17x36xi8, #accel.onchip>, %w: memref<12x4xi1, #accel.local>, %s: memref<20x10xi16, #accel.local>, %i: index) {
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 4 : i64, form = "paired_sum"} : memref<17x36xi8, #accel.onchip>, memref<12x4xi1, #accel.local>, memref<20x10xi16, #accel.local>
  func.return
}

// -----

// CHECK: 'tokens' is 3, it must be positive and divide the 20 rows of 'sums'
func.func @sums_rows(%a: memref<17x36xi8, #accel.onchip>, %w: memref<12x4xi1, #accel.local>, %s: memref<20x12xi16, #accel.local>, %i: index) {
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 3 : i64, form = "paired_sum"} : memref<17x36xi8, #accel.onchip>, memref<12x4xi1, #accel.local>, memref<20x12xi16, #accel.local>
  func.return
}

// -----

// CHECK: 'tokens' is 0, it must be positive and divide the 20 rows of 'sums'
func.func @no_tokens(%a: memref<17x36xi8, #accel.onchip>, %w: memref<12x4xi1, #accel.local>, %s: memref<20x12xi16, #accel.local>, %i: index) {
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 0 : i64, form = "paired_sum"} : memref<17x36xi8, #accel.onchip>, memref<12x4xi1, #accel.local>, memref<20x12xi16, #accel.local>
  func.return
}

// -----

// CHECK: 'sums' has rank 1, expected 2 (token slots x lanes)
func.func @scale_rank(%s: memref<12xi20, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  accel.scale %s[%i], %m, %o to %y : memref<12xi20, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

// CHECK: 'sums' is in #accel.onchip, expected #accel.local
func.func @scale_space(%s: memref<20x12xi20, #accel.onchip>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.onchip>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

// CHECK: 'multipliers' has shape (10,), expected (12,)
func.func @multipliers_shape(%s: memref<20x12xi20, #accel.local>, %m: memref<10xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.local>, memref<10xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

// CHECK: 'multipliers' is in #accel.dram, expected #accel.local
func.func @multipliers_space(%s: memref<20x12xi20, #accel.local>, %m: memref<12xi18, #accel.dram>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.local>, memref<12xi18, #accel.dram>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

// CHECK: 'multipliers' has elements of 17 bits, expected 18
func.func @multipliers_width(%s: memref<20x12xi20, #accel.local>, %m: memref<12xi17, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.local>, memref<12xi17, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

// CHECK: 'offsets' has shape (10,), expected (12,)
func.func @offsets_shape(%s: memref<20x12xi20, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<10xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.local>, memref<12xi18, #accel.local>, memref<10xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

// CHECK: 'offsets' is in #accel.dram, expected #accel.local
func.func @offsets_space(%s: memref<20x12xi20, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.dram>, %y: memref<12xi49, #accel.local>, %i: index) {
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.dram>, memref<12xi49, #accel.local>
  func.return
}

// -----

// CHECK: 'offsets' has elements of 49 bits, expected 48
func.func @offsets_width(%s: memref<20x12xi20, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi49, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.local>, memref<12xi18, #accel.local>, memref<12xi49, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

// CHECK: 'scaled' has shape (10,), expected (12,)
func.func @scaled_shape(%s: memref<20x12xi20, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<10xi49, #accel.local>, %i: index) {
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<10xi49, #accel.local>
  func.return
}

// -----

// CHECK: 'scaled' is in #accel.onchip, expected #accel.local
func.func @scaled_space(%s: memref<20x12xi20, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.onchip>, %i: index) {
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.onchip>
  func.return
}

// -----

// CHECK: 'scaled' has elements of 48 bits, expected 49
func.func @scaled_width(%s: memref<20x12xi20, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi48, #accel.local>, %i: index) {
  accel.scale %s[%i], %m, %o to %y : memref<20x12xi20, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi48, #accel.local>
  func.return
}

// -----

// CHECK: 'scaled' has rank 2, expected 1 (lanes)
func.func @rounded_rank(%s: memref<1x12xi49, #accel.local>, %m: memref<17x36xi8, #accel.onchip>, %i: index) {
  accel.store_rounded %s to %m[%i, %i] {shift = 20 : i64} : memref<1x12xi49, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'scaled' is in #accel.onchip, expected #accel.local
func.func @rounded_space(%s: memref<12xi49, #accel.onchip>, %m: memref<17x36xi8, #accel.onchip>, %i: index) {
  accel.store_rounded %s to %m[%i, %i] {shift = 20 : i64} : memref<12xi49, #accel.onchip>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'matrix' is in #accel.local, expected #accel.onchip
func.func @rounded_matrix(%s: memref<12xi49, #accel.local>, %m: memref<17x36xi8, #accel.local>, %i: index) {
  accel.store_rounded %s to %m[%i, %i] {shift = 20 : i64} : memref<12xi49, #accel.local>, memref<17x36xi8, #accel.local>
  func.return
}

// -----

// CHECK: 'shift' is 0, accepted range is [1, 47]
func.func @rounded_shift(%s: memref<12xi49, #accel.local>, %m: memref<17x36xi8, #accel.onchip>, %i: index) {
  accel.store_rounded %s to %m[%i, %i] {shift = 0 : i64} : memref<12xi49, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'scaled' has rank 2, expected 1 (lanes)
func.func @added_rank(%s: memref<1x12xi49, #accel.local>, %m: memref<17x36xi8, #accel.onchip>, %i: index) {
  accel.add_rounded %s to %m[%i, %i] {shift = 20 : i64} : memref<1x12xi49, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'matrix' is in #accel.local, expected #accel.onchip
func.func @added_matrix(%s: memref<12xi49, #accel.local>, %m: memref<17x36xi16, #accel.local>, %i: index) {
  accel.add_rounded %s to %m[%i, %i] {shift = 20 : i64} : memref<12xi49, #accel.local>, memref<17x36xi16, #accel.local>
  func.return
}

// -----

// CHECK: 'shift' is 48, accepted range is [1, 47]
func.func @added_shift(%s: memref<12xi49, #accel.local>, %m: memref<17x36xi8, #accel.onchip>, %i: index) {
  accel.add_rounded %s to %m[%i, %i] {shift = 48 : i64} : memref<12xi49, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'scaled' has rank 2, expected 1 (lanes)
func.func @looked_rank(%s: memref<1x12xi49, #accel.local>, %t: memref<256xi8, #accel.local>, %m: memref<17x36xi8, #accel.onchip>, %i: index) {
  accel.store_lookup %s, %t to %m[%i, %i] {shift = 20 : i64} : memref<1x12xi49, #accel.local>, memref<256xi8, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'table' has rank 2, expected 1 (entries)
func.func @looked_table(%s: memref<12xi49, #accel.local>, %t: memref<2x256xi8, #accel.local>, %m: memref<17x36xi8, #accel.onchip>, %i: index) {
  accel.store_lookup %s, %t to %m[%i, %i] {shift = 20 : i64} : memref<12xi49, #accel.local>, memref<2x256xi8, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'table' is in #accel.dram, expected #accel.local
func.func @looked_table_space(%s: memref<12xi49, #accel.local>, %t: memref<256xi8, #accel.dram>, %m: memref<17x36xi8, #accel.onchip>, %i: index) {
  accel.store_lookup %s, %t to %m[%i, %i] {shift = 20 : i64} : memref<12xi49, #accel.local>, memref<256xi8, #accel.dram>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'matrix' is in #accel.local, expected #accel.onchip
func.func @looked_matrix(%s: memref<12xi49, #accel.local>, %t: memref<256xi8, #accel.local>, %m: memref<17x36xi8, #accel.local>, %i: index) {
  accel.store_lookup %s, %t to %m[%i, %i] {shift = 20 : i64} : memref<12xi49, #accel.local>, memref<256xi8, #accel.local>, memref<17x36xi8, #accel.local>
  func.return
}

// -----

// CHECK: 'shift' is 48, accepted range is [1, 47]
func.func @looked_shift(%s: memref<12xi49, #accel.local>, %t: memref<256xi8, #accel.local>, %m: memref<17x36xi8, #accel.onchip>, %i: index) {
  accel.store_lookup %s, %t to %m[%i, %i] {shift = 48 : i64} : memref<12xi49, #accel.local>, memref<256xi8, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'image' has rank 2, expected 3 (colours x height x width)
func.func @image_rank(%im: memref<8x8xi8, #accel.local>, %p: memref<4x48xi8, #accel.onchip>, %i: index) {
  accel.gather_patch %im to %p[%i, %i] {lanes = 12 : i64, patch = array<i64: 4, 4>, order = "colours_first"} : memref<8x8xi8, #accel.local>, memref<4x48xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'image' is in #accel.dram, expected #accel.local
func.func @image_space(%im: memref<3x8x8xi8, #accel.dram>, %p: memref<4x48xi8, #accel.onchip>, %i: index) {
  accel.gather_patch %im to %p[%i, %i] {lanes = 12 : i64, patch = array<i64: 4, 4>, order = "colours_first"} : memref<3x8x8xi8, #accel.dram>, memref<4x48xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'patches' is in #accel.local, expected #accel.onchip
func.func @patches_space(%im: memref<3x8x8xi8, #accel.local>, %p: memref<4x48xi8, #accel.local>, %i: index) {
  accel.gather_patch %im to %p[%i, %i] {lanes = 12 : i64, patch = array<i64: 4, 4>, order = "colours_first"} : memref<3x8x8xi8, #accel.local>, memref<4x48xi8, #accel.local>
  func.return
}

// -----

// CHECK: 'lanes' is 0, it must be positive
func.func @gather_lanes(%im: memref<3x8x8xi8, #accel.local>, %p: memref<4x48xi8, #accel.onchip>, %i: index) {
  accel.gather_patch %im to %p[%i, %i] {lanes = 0 : i64, patch = array<i64: 4, 4>, order = "colours_first"} : memref<3x8x8xi8, #accel.local>, memref<4x48xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'patch' is [4, 4, 4], expected a positive height and width
func.func @gather_patch(%im: memref<3x8x8xi8, #accel.local>, %p: memref<4x48xi8, #accel.onchip>, %i: index) {
  accel.gather_patch %im to %p[%i, %i] {lanes = 12 : i64, patch = array<i64: 4, 4, 4>, order = "colours_first"} : memref<3x8x8xi8, #accel.local>, memref<4x48xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'patches' has elements of 4 bits, expected at least 8
func.func @gather_width(%im: memref<3x8x8xi8, #accel.local>, %p: memref<4x48xi4, #accel.onchip>, %i: index) {
  accel.gather_patch %im to %p[%i, %i] {lanes = 12 : i64, patch = array<i64: 4, 4>, order = "colours_first"} : memref<3x8x8xi8, #accel.local>, memref<4x48xi4, #accel.onchip>
  func.return
}

// -----

// CHECK: 'matrix' is in #accel.local, expected #accel.onchip
func.func @moments_matrix(%x: memref<17x36xi16, #accel.local>, %s: memref<17xi22, #accel.local>, %q: memref<17xi37, #accel.local>, %i: index) {
  accel.add_moments %x[%i, %i] to %s, %q at %i {lanes = 12 : i64} : memref<17x36xi16, #accel.local>, memref<17xi22, #accel.local>, memref<17xi37, #accel.local>
  func.return
}

// -----

// CHECK: 'sums' has rank 2, expected 1 (tokens)
func.func @moments_rank(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17x1xi22, #accel.local>, %q: memref<17xi37, #accel.local>, %i: index) {
  accel.add_moments %x[%i, %i] to %s, %q at %i {lanes = 12 : i64} : memref<17x36xi16, #accel.onchip>, memref<17x1xi22, #accel.local>, memref<17xi37, #accel.local>
  func.return
}

// -----

// CHECK: 'squares' has shape (16,), expected (17,)
func.func @moments_shape(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %q: memref<16xi37, #accel.local>, %i: index) {
  accel.add_moments %x[%i, %i] to %s, %q at %i {lanes = 12 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<16xi37, #accel.local>
  func.return
}

// -----

// CHECK: 'squares' is in #accel.onchip, expected #accel.local
func.func @moments_space(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %q: memref<17xi37, #accel.onchip>, %i: index) {
  accel.add_moments %x[%i, %i] to %s, %q at %i {lanes = 12 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<17xi37, #accel.onchip>
  func.return
}

// -----

// CHECK: 'lanes' is -1, it must be positive
func.func @moments_lanes(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %q: memref<17xi37, #accel.local>, %i: index) {
  accel.add_moments %x[%i, %i] to %s, %q at %i {lanes = -1 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<17xi37, #accel.local>
  func.return
}

// -----

// CHECK: 'sums' has rank 2, expected 1 (tokens)
func.func @root_rank(%s: memref<17x1xi22, #accel.local>, %q: memref<17xi37, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %i: index) {
  accel.reciprocal_root %s, %q to %v, %e at %i {channels = 36 : i64, epsilon = 9 : i64, bits = 16 : i64} : memref<17x1xi22, #accel.local>, memref<17xi37, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>
  func.return
}

// -----

// CHECK: 'squares' has shape (16,), expected (17,)
func.func @root_squares(%s: memref<17xi22, #accel.local>, %q: memref<16xi37, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %i: index) {
  accel.reciprocal_root %s, %q to %v, %e at %i {channels = 36 : i64, epsilon = 9 : i64, bits = 16 : i64} : memref<17xi22, #accel.local>, memref<16xi37, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>
  func.return
}

// -----

// CHECK: 'inverses' is in #accel.onchip, expected #accel.local
func.func @root_inverses(%s: memref<17xi22, #accel.local>, %q: memref<17xi37, #accel.local>, %v: memref<17xi19, #accel.onchip>, %e: memref<17xi7, #accel.local>, %i: index) {
  accel.reciprocal_root %s, %q to %v, %e at %i {channels = 36 : i64, epsilon = 9 : i64, bits = 16 : i64} : memref<17xi22, #accel.local>, memref<17xi37, #accel.local>, memref<17xi19, #accel.onchip>, memref<17xi7, #accel.local>
  func.return
}

// -----

// CHECK: 'exponents' has shape (16,), expected (17,)
func.func @root_exponents(%s: memref<17xi22, #accel.local>, %q: memref<17xi37, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<16xi7, #accel.local>, %i: index) {
  accel.reciprocal_root %s, %q to %v, %e at %i {channels = 36 : i64, epsilon = 9 : i64, bits = 16 : i64} : memref<17xi22, #accel.local>, memref<17xi37, #accel.local>, memref<17xi19, #accel.local>, memref<16xi7, #accel.local>
  func.return
}

// -----

// CHECK: 'channels' is 0, it must be positive
func.func @root_channels(%s: memref<17xi22, #accel.local>, %q: memref<17xi37, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %i: index) {
  accel.reciprocal_root %s, %q to %v, %e at %i {channels = 0 : i64, epsilon = 9 : i64, bits = 16 : i64} : memref<17xi22, #accel.local>, memref<17xi37, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>
  func.return
}

// -----

// CHECK: 'epsilon' is 0, it must be positive
func.func @root_epsilon(%s: memref<17xi22, #accel.local>, %q: memref<17xi37, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %i: index) {
  accel.reciprocal_root %s, %q to %v, %e at %i {channels = 36 : i64, epsilon = 0 : i64, bits = 16 : i64} : memref<17xi22, #accel.local>, memref<17xi37, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>
  func.return
}

// -----

// CHECK: 'bits' is 0, it must be positive
func.func @root_bits(%s: memref<17xi22, #accel.local>, %q: memref<17xi37, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %i: index) {
  accel.reciprocal_root %s, %q to %v, %e at %i {channels = 36 : i64, epsilon = 9 : i64, bits = 0 : i64} : memref<17xi22, #accel.local>, memref<17xi37, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>
  func.return
}

// -----

// CHECK: 'matrix' is in #accel.local, expected #accel.onchip
func.func @norm_matrix(%x: memref<17x36xi16, #accel.local>, %s: memref<17xi22, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  accel.normalize %x[%i, %i], %s, %v, %e at %i, %m, %o to %y {channels = 36 : i64} : memref<17x36xi16, #accel.local>, memref<17xi22, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

// CHECK: 'sums' has rank 2, expected 1 (tokens)
func.func @norm_sums(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17x1xi22, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  accel.normalize %x[%i, %i], %s, %v, %e at %i, %m, %o to %y {channels = 36 : i64} : memref<17x36xi16, #accel.onchip>, memref<17x1xi22, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

// CHECK: 'inverses' has shape (16,), expected (17,)
func.func @norm_inverses(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %v: memref<16xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  accel.normalize %x[%i, %i], %s, %v, %e at %i, %m, %o to %y {channels = 36 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<16xi19, #accel.local>, memref<17xi7, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

// CHECK: 'exponents' is in #accel.onchip, expected #accel.local
func.func @norm_exponents(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.onchip>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  accel.normalize %x[%i, %i], %s, %v, %e at %i, %m, %o to %y {channels = 36 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.onchip>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

// CHECK: 'multipliers' has shape (10,), expected (12,)
func.func @norm_multipliers(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %m: memref<10xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  accel.normalize %x[%i, %i], %s, %v, %e at %i, %m, %o to %y {channels = 36 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>, memref<10xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

// CHECK: 'offsets' has elements of 32 bits, expected 48
func.func @norm_offsets(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi32, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  accel.normalize %x[%i, %i], %s, %v, %e at %i, %m, %o to %y {channels = 36 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>, memref<12xi18, #accel.local>, memref<12xi32, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

// CHECK: 'scaled' has elements of 50 bits, expected 49
func.func @norm_scaled(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi50, #accel.local>, %i: index) {
  accel.normalize %x[%i, %i], %s, %v, %e at %i, %m, %o to %y {channels = 36 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi50, #accel.local>
  func.return
}

// -----

// CHECK: 'scaled' has rank 2, expected 1 (lanes)
func.func @norm_scaled_rank(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<1x12xi49, #accel.local>, %i: index) {
  accel.normalize %x[%i, %i], %s, %v, %e at %i, %m, %o to %y {channels = 36 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<1x12xi49, #accel.local>
  func.return
}

// -----

// CHECK: 'channels' is 0, it must be positive
func.func @norm_channels(%x: memref<17x36xi16, #accel.onchip>, %s: memref<17xi22, #accel.local>, %v: memref<17xi19, #accel.local>, %e: memref<17xi7, #accel.local>, %m: memref<12xi18, #accel.local>, %o: memref<12xi48, #accel.local>, %y: memref<12xi49, #accel.local>, %i: index) {
  accel.normalize %x[%i, %i], %s, %v, %e at %i, %m, %o to %y {channels = 0 : i64} : memref<17x36xi16, #accel.onchip>, memref<17xi22, #accel.local>, memref<17xi19, #accel.local>, memref<17xi7, #accel.local>, memref<12xi18, #accel.local>, memref<12xi48, #accel.local>, memref<12xi49, #accel.local>
  func.return
}

// -----

// CHECK: 'matrix' is in #accel.local, expected #accel.onchip
func.func @copy_matrix(%m: memref<17x36xi8, #accel.local>, %d: memref<17x12xi8, #accel.local>, %i: index) {
  accel.copy_row %m[%i, %i] to %d[%i] : memref<17x36xi8, #accel.local>, memref<17x12xi8, #accel.local>
  func.return
}

// -----

// CHECK: 'destination' has rank 1, expected 2 (rows x channels)
func.func @copy_rank(%m: memref<17x36xi8, #accel.onchip>, %d: memref<12xi8, #accel.local>, %i: index) {
  accel.copy_row %m[%i, %i] to %d[%i] : memref<17x36xi8, #accel.onchip>, memref<12xi8, #accel.local>
  func.return
}

// -----

// CHECK: 'destination' is in #accel.onchip, expected #accel.local
func.func @copy_space(%m: memref<17x36xi8, #accel.onchip>, %d: memref<17x12xi8, #accel.onchip>, %i: index) {
  accel.copy_row %m[%i, %i] to %d[%i] : memref<17x36xi8, #accel.onchip>, memref<17x12xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'destination' has elements of 16 bits, expected 8
func.func @copy_width(%m: memref<17x36xi8, #accel.onchip>, %d: memref<17x12xi16, #accel.local>, %i: index) {
  accel.copy_row %m[%i, %i] to %d[%i] : memref<17x36xi8, #accel.onchip>, memref<17x12xi16, #accel.local>
  func.return
}

// -----

// CHECK: 'queries' has rank 1, expected 2 (tokens x channels)
func.func @score_queries(%q: memref<12xi8, #accel.local>, %k: memref<24x12xi8, #accel.local>, %s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %i: index) {
  accel.score %q[%i], %k[%i] to %s, %m {lanes = 8 : i64} : memref<12xi8, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>
  func.return
}

// -----

// CHECK: 'keys' is in #accel.onchip, expected #accel.local
func.func @score_keys_space(%q: memref<17x12xi8, #accel.local>, %k: memref<24x12xi8, #accel.onchip>, %s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %i: index) {
  accel.score %q[%i], %k[%i] to %s, %m {lanes = 8 : i64} : memref<17x12xi8, #accel.local>, memref<24x12xi8, #accel.onchip>, memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>
  func.return
}

// -----

// CHECK: 'keys' has 10 channels, expected 12
func.func @score_keys(%q: memref<17x12xi8, #accel.local>, %k: memref<24x10xi8, #accel.local>, %s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %i: index) {
  accel.score %q[%i], %k[%i] to %s, %m {lanes = 8 : i64} : memref<17x12xi8, #accel.local>, memref<24x10xi8, #accel.local>, memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>
  func.return
}

// -----

// CHECK: 'scores' has shape (17, 17), expected (17, 24)
func.func @score_shape(%q: memref<17x12xi8, #accel.local>, %k: memref<24x12xi8, #accel.local>, %s: memref<17x17xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %i: index) {
  accel.score %q[%i], %k[%i] to %s, %m {lanes = 8 : i64} : memref<17x12xi8, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x17xi19, #accel.local>, memref<17xi19, #accel.local>
  func.return
}

// -----

// CHECK: 'scores' is in #accel.onchip, expected #accel.local
func.func @score_space(%q: memref<17x12xi8, #accel.local>, %k: memref<24x12xi8, #accel.local>, %s: memref<17x24xi19, #accel.onchip>, %m: memref<17xi19, #accel.local>, %i: index) {
  accel.score %q[%i], %k[%i] to %s, %m {lanes = 8 : i64} : memref<17x12xi8, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x24xi19, #accel.onchip>, memref<17xi19, #accel.local>
  func.return
}

// -----

// CHECK: 'maxima' has shape (24,), expected (17,)
func.func @score_maxima(%q: memref<17x12xi8, #accel.local>, %k: memref<24x12xi8, #accel.local>, %s: memref<17x24xi19, #accel.local>, %m: memref<24xi19, #accel.local>, %i: index) {
  accel.score %q[%i], %k[%i] to %s, %m {lanes = 8 : i64} : memref<17x12xi8, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x24xi19, #accel.local>, memref<24xi19, #accel.local>
  func.return
}

// -----

// CHECK: 'maxima' is in #accel.onchip, expected #accel.local
func.func @score_maxima_space(%q: memref<17x12xi8, #accel.local>, %k: memref<24x12xi8, #accel.local>, %s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.onchip>, %i: index) {
  accel.score %q[%i], %k[%i] to %s, %m {lanes = 8 : i64} : memref<17x12xi8, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x24xi19, #accel.local>, memref<17xi19, #accel.onchip>
  func.return
}

// -----

// CHECK: 'lanes' is 0, it must be positive
func.func @score_lanes(%q: memref<17x12xi8, #accel.local>, %k: memref<24x12xi8, #accel.local>, %s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %i: index) {
  accel.score %q[%i], %k[%i] to %s, %m {lanes = 0 : i64} : memref<17x12xi8, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>
  func.return
}

// -----

// CHECK: 'scores' has rank 1, expected 2 (tokens x key slots)
func.func @exp_scores(%s: memref<17xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %t: memref<256xi17, #accel.local>, %e: memref<17x24xi17, #accel.local>, %u: memref<17xi22, #accel.local>, %c: i18, %i: index) {
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 17 : i64} : memref<17xi19, #accel.local>, memref<17xi19, #accel.local>, memref<256xi17, #accel.local>, memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

// CHECK: 'exponentials' has shape (17, 17), expected (17, 24)
func.func @exp_shape(%s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %t: memref<256xi17, #accel.local>, %e: memref<17x17xi17, #accel.local>, %u: memref<17xi22, #accel.local>, %c: i18, %i: index) {
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 17 : i64} : memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>, memref<256xi17, #accel.local>, memref<17x17xi17, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

// CHECK: 'exponentials' is in #accel.onchip, expected #accel.local
func.func @exp_space(%s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %t: memref<256xi17, #accel.local>, %e: memref<17x24xi17, #accel.onchip>, %u: memref<17xi22, #accel.local>, %c: i18, %i: index) {
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 17 : i64} : memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>, memref<256xi17, #accel.local>, memref<17x24xi17, #accel.onchip>, memref<17xi22, #accel.local>
  func.return
}

// -----

// CHECK: 'maxima' has shape (24,), expected (17,)
func.func @exp_maxima(%s: memref<17x24xi19, #accel.local>, %m: memref<24xi19, #accel.local>, %t: memref<256xi17, #accel.local>, %e: memref<17x24xi17, #accel.local>, %u: memref<17xi22, #accel.local>, %c: i18, %i: index) {
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 17 : i64} : memref<17x24xi19, #accel.local>, memref<24xi19, #accel.local>, memref<256xi17, #accel.local>, memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

// CHECK: 'maxima' is in #accel.onchip, expected #accel.local
func.func @exp_maxima_space(%s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.onchip>, %t: memref<256xi17, #accel.local>, %e: memref<17x24xi17, #accel.local>, %u: memref<17xi22, #accel.local>, %c: i18, %i: index) {
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 17 : i64} : memref<17x24xi19, #accel.local>, memref<17xi19, #accel.onchip>, memref<256xi17, #accel.local>, memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

// CHECK: 'sums' has shape (24,), expected (17,)
func.func @exp_sums(%s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %t: memref<256xi17, #accel.local>, %e: memref<17x24xi17, #accel.local>, %u: memref<24xi22, #accel.local>, %c: i18, %i: index) {
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 17 : i64} : memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>, memref<256xi17, #accel.local>, memref<17x24xi17, #accel.local>, memref<24xi22, #accel.local>
  func.return
}

// -----

// CHECK: 'sums' is in #accel.onchip, expected #accel.local
func.func @exp_sums_space(%s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %t: memref<256xi17, #accel.local>, %e: memref<17x24xi17, #accel.local>, %u: memref<17xi22, #accel.onchip>, %c: i18, %i: index) {
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 17 : i64} : memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>, memref<256xi17, #accel.local>, memref<17x24xi17, #accel.local>, memref<17xi22, #accel.onchip>
  func.return
}

// -----

// CHECK: 'table' has shape (255,), expected (256,)
func.func @exp_table(%s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %t: memref<255xi17, #accel.local>, %e: memref<17x24xi17, #accel.local>, %u: memref<17xi22, #accel.local>, %c: i18, %i: index) {
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 17 : i64} : memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>, memref<255xi17, #accel.local>, memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

// CHECK: 'table' is in #accel.dram, expected #accel.local
func.func @exp_table_space(%s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %t: memref<256xi17, #accel.dram>, %e: memref<17x24xi17, #accel.local>, %u: memref<17xi22, #accel.local>, %c: i18, %i: index) {
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 17 : i64} : memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>, memref<256xi17, #accel.dram>, memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

// CHECK: 'lanes' is 0, it must be positive
func.func @exp_lanes(%s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %t: memref<256xi17, #accel.local>, %e: memref<17x24xi17, #accel.local>, %u: memref<17xi22, #accel.local>, %c: i18, %i: index) {
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 0 : i64, shift = 17 : i64} : memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>, memref<256xi17, #accel.local>, memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

// CHECK: 'shift' is 0, accepted range is [1, 47]
func.func @exp_shift(%s: memref<17x24xi19, #accel.local>, %m: memref<17xi19, #accel.local>, %t: memref<256xi17, #accel.local>, %e: memref<17x24xi17, #accel.local>, %u: memref<17xi22, #accel.local>, %c: i18, %i: index) {
  accel.exponentiate %s[%i, %i], %m, %t, %c to %e, %u {lanes = 8 : i64, shift = 0 : i64} : memref<17x24xi19, #accel.local>, memref<17xi19, #accel.local>, memref<256xi17, #accel.local>, memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

// CHECK: 'sums' has rank 2, expected 1 (queries)
func.func @reciprocal_rank(%s: memref<17x1xi22, #accel.local>, %v: memref<17xi22, #accel.local>, %i: index) {
  accel.reciprocal %s to %v at %i {shift = 35 : i64} : memref<17x1xi22, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

// CHECK: 'inverses' has shape (16,), expected (17,)
func.func @reciprocal_shape(%s: memref<17xi22, #accel.local>, %v: memref<16xi22, #accel.local>, %i: index) {
  accel.reciprocal %s to %v at %i {shift = 35 : i64} : memref<17xi22, #accel.local>, memref<16xi22, #accel.local>
  func.return
}

// -----

// CHECK: 'inverses' is in #accel.onchip, expected #accel.local
func.func @reciprocal_space(%s: memref<17xi22, #accel.local>, %v: memref<17xi22, #accel.onchip>, %i: index) {
  accel.reciprocal %s to %v at %i {shift = 35 : i64} : memref<17xi22, #accel.local>, memref<17xi22, #accel.onchip>
  func.return
}

// -----

// CHECK: 'shift' is 48, accepted range is [1, 47]
func.func @reciprocal_shift(%s: memref<17xi22, #accel.local>, %v: memref<17xi22, #accel.local>, %i: index) {
  accel.reciprocal %s to %v at %i {shift = 48 : i64} : memref<17xi22, #accel.local>, memref<17xi22, #accel.local>
  func.return
}

// -----

// CHECK: 'exponentials' has rank 1, expected 2 (tokens x key slots)
func.func @mix_exponentials(%e: memref<17xi17, #accel.local>, %v: memref<17xi22, #accel.local>, %x: memref<24x12xi8, #accel.local>, %m: memref<17x12xi21, #accel.local>, %i: index) {
  accel.mix %e[%i, %i], %v, %x to %m {lanes = 8 : i64, bits = 8 : i64, shift = 27 : i64} : memref<17xi17, #accel.local>, memref<17xi22, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x12xi21, #accel.local>
  func.return
}

// -----

// CHECK: 'inverses' has shape (24,), expected (17,)
func.func @mix_inverses(%e: memref<17x24xi17, #accel.local>, %v: memref<24xi22, #accel.local>, %x: memref<24x12xi8, #accel.local>, %m: memref<17x12xi21, #accel.local>, %i: index) {
  accel.mix %e[%i, %i], %v, %x to %m {lanes = 8 : i64, bits = 8 : i64, shift = 27 : i64} : memref<17x24xi17, #accel.local>, memref<24xi22, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x12xi21, #accel.local>
  func.return
}

// -----

// CHECK: 'inverses' is in #accel.onchip, expected #accel.local
func.func @mix_inverses_space(%e: memref<17x24xi17, #accel.local>, %v: memref<17xi22, #accel.onchip>, %x: memref<24x12xi8, #accel.local>, %m: memref<17x12xi21, #accel.local>, %i: index) {
  accel.mix %e[%i, %i], %v, %x to %m {lanes = 8 : i64, bits = 8 : i64, shift = 27 : i64} : memref<17x24xi17, #accel.local>, memref<17xi22, #accel.onchip>, memref<24x12xi8, #accel.local>, memref<17x12xi21, #accel.local>
  func.return
}

// -----

// CHECK: 'values' has 17 key slots, expected 24
func.func @mix_values(%e: memref<17x24xi17, #accel.local>, %v: memref<17xi22, #accel.local>, %x: memref<17x12xi8, #accel.local>, %m: memref<17x12xi21, #accel.local>, %i: index) {
  accel.mix %e[%i, %i], %v, %x to %m {lanes = 8 : i64, bits = 8 : i64, shift = 27 : i64} : memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>, memref<17x12xi8, #accel.local>, memref<17x12xi21, #accel.local>
  func.return
}

// -----

// CHECK: 'mixed' has shape (17, 10), expected (17, 12)
func.func @mix_shape(%e: memref<17x24xi17, #accel.local>, %v: memref<17xi22, #accel.local>, %x: memref<24x12xi8, #accel.local>, %m: memref<17x10xi21, #accel.local>, %i: index) {
  accel.mix %e[%i, %i], %v, %x to %m {lanes = 8 : i64, bits = 8 : i64, shift = 27 : i64} : memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x10xi21, #accel.local>
  func.return
}

// -----

// CHECK: 'mixed' is in #accel.onchip, expected #accel.local
func.func @mix_space(%e: memref<17x24xi17, #accel.local>, %v: memref<17xi22, #accel.local>, %x: memref<24x12xi8, #accel.local>, %m: memref<17x12xi21, #accel.onchip>, %i: index) {
  accel.mix %e[%i, %i], %v, %x to %m {lanes = 8 : i64, bits = 8 : i64, shift = 27 : i64} : memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x12xi21, #accel.onchip>
  func.return
}

// -----

// CHECK: 'lanes' is 0, it must be positive
func.func @mix_lanes(%e: memref<17x24xi17, #accel.local>, %v: memref<17xi22, #accel.local>, %x: memref<24x12xi8, #accel.local>, %m: memref<17x12xi21, #accel.local>, %i: index) {
  accel.mix %e[%i, %i], %v, %x to %m {lanes = 0 : i64, bits = 8 : i64, shift = 27 : i64} : memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x12xi21, #accel.local>
  func.return
}

// -----

// CHECK: 'bits' is 17, accepted range is [1, 16]
func.func @mix_bits(%e: memref<17x24xi17, #accel.local>, %v: memref<17xi22, #accel.local>, %x: memref<24x12xi8, #accel.local>, %m: memref<17x12xi21, #accel.local>, %i: index) {
  accel.mix %e[%i, %i], %v, %x to %m {lanes = 8 : i64, bits = 17 : i64, shift = 27 : i64} : memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x12xi21, #accel.local>
  func.return
}

// -----

// CHECK: 'shift' is 0, accepted range is [1, 47]
func.func @mix_shift(%e: memref<17x24xi17, #accel.local>, %v: memref<17xi22, #accel.local>, %x: memref<24x12xi8, #accel.local>, %m: memref<17x12xi21, #accel.local>, %i: index) {
  accel.mix %e[%i, %i], %v, %x to %m {lanes = 8 : i64, bits = 8 : i64, shift = 0 : i64} : memref<17x24xi17, #accel.local>, memref<17xi22, #accel.local>, memref<24x12xi8, #accel.local>, memref<17x12xi21, #accel.local>
  func.return
}

// -----

// CHECK: 'values' has rank 1, expected 2 (tokens x lanes)
func.func @rescaled_rank(%v: memref<12xi21, #accel.local>, %m: memref<17x36xi8, #accel.onchip>, %c: i18, %i: index) {
  accel.store_rescaled %v[%i], %c to %m[%i, %i] {shift = 24 : i64} : memref<12xi21, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'values' is in #accel.onchip, expected #accel.local
func.func @rescaled_space(%v: memref<17x12xi21, #accel.onchip>, %m: memref<17x36xi8, #accel.onchip>, %c: i18, %i: index) {
  accel.store_rescaled %v[%i], %c to %m[%i, %i] {shift = 24 : i64} : memref<17x12xi21, #accel.onchip>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'matrix' is in #accel.local, expected #accel.onchip
func.func @rescaled_matrix(%v: memref<17x12xi21, #accel.local>, %m: memref<17x36xi8, #accel.local>, %c: i18, %i: index) {
  accel.store_rescaled %v[%i], %c to %m[%i, %i] {shift = 24 : i64} : memref<17x12xi21, #accel.local>, memref<17x36xi8, #accel.local>
  func.return
}

// -----

// CHECK: 'shift' is 48, accepted range is [1, 47]
func.func @rescaled_shift(%v: memref<17x12xi21, #accel.local>, %m: memref<17x36xi8, #accel.onchip>, %c: i18, %i: index) {
  accel.store_rescaled %v[%i], %c to %m[%i, %i] {shift = 48 : i64} : memref<17x12xi21, #accel.local>, memref<17x36xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'order' is "rows_first", accepted are "colours_first" and "colours_last"
func.func @gathered_order(%image: memref<3x4x4xi8, #accel.local>, %patches: memref<4x12xi8, #accel.onchip>, %i: index) {
  accel.gather_patch %image to %patches[%i, %i] {lanes = 4 : i64, patch = array<i64: 2, 2>, order = "rows_first"} : memref<3x4x4xi8, #accel.local>, memref<4x12xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'form' is absent, accepted are 'conditional_negation', 'selected_sum', 'paired_sum'
func.func @accumulate_no_form(%a: memref<17x36xi8, #accel.onchip>, %w: memref<12x4xi1, #accel.local>, %s: memref<20x12xi16, #accel.local>, %i: index) {
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 4 : i64} : memref<17x36xi8, #accel.onchip>, memref<12x4xi1, #accel.local>, memref<20x12xi16, #accel.local>
  func.return
}

// -----

// CHECK: 'form' is 'tables', accepted are 'conditional_negation', 'selected_sum', 'paired_sum'
func.func @accumulate_unknown_form(%a: memref<17x36xi8, #accel.onchip>, %w: memref<12x4xi1, #accel.local>, %s: memref<20x12xi16, #accel.local>, %i: index) {
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 4 : i64, form = "tables"} : memref<17x36xi8, #accel.onchip>, memref<12x4xi1, #accel.local>, memref<20x12xi16, #accel.local>
  func.return
}

// -----

// CHECK: 'form' is "paired_sum", expected none for weights of 8 bits
func.func @accumulate_form(%a: memref<17x36xi8, #accel.onchip>, %w: memref<12x4xi8, #accel.local>, %s: memref<20x12xi16, #accel.local>, %i: index) {
  accel.accumulate %a at %i, %i weights %w to %s {tokens = 4 : i64, form = "paired_sum"} : memref<17x36xi8, #accel.onchip>, memref<12x4xi8, #accel.local>, memref<20x12xi16, #accel.local>
  func.return
}

// -----

// CHECK: 'buffer' is in #accel.dram, expected #accel.local
func.func @slot_space(%b: memref<2x4xi8, #accel.dram>, %i: index) {
  %s = accel.slot %b[%i] : memref<2x4xi8, #accel.dram> -> memref<4xi8, #accel.local>
  func.return
}

// -----

// CHECK: 'result' is in #accel.dram, expected #accel.local
func.func @slot_result(%b: memref<2x4xi8, #accel.local>, %i: index) {
  %s = accel.slot %b[%i] : memref<2x4xi8, #accel.local> -> memref<4xi8, #accel.dram>
  func.return
}

// -----

// CHECK: 'buffer' has rank 1, expected slots x an array
func.func @slot_rank(%b: memref<4xi8, #accel.local>, %i: index) {
  %s = accel.slot %b[%i] : memref<4xi8, #accel.local> -> memref<4xi8, #accel.local>
  func.return
}

// -----

// CHECK: 'result' has shape (5,), expected (4,)
func.func @slot_shape(%b: memref<2x4xi8, #accel.local>, %i: index) {
  %s = accel.slot %b[%i] : memref<2x4xi8, #accel.local> -> memref<5xi8, #accel.local>
  func.return
}

// -----

// CHECK: 'result' has elements of 9 bits, expected 8
func.func @slot_width(%b: memref<2x4xi8, #accel.local>, %i: index) {
  %s = accel.slot %b[%i] : memref<2x4xi8, #accel.local> -> memref<4xi9, #accel.local>
  func.return
}

// -----

// CHECK: 'storage' has rank 1, expected 2 (tokens x channels)
func.func @reuse_rank(%b: memref<4xi8, #accel.onchip>) {
  %m = accel.reuse %b : memref<4xi8, #accel.onchip> -> memref<4x4xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'matrix' has rank 1, expected 2 (tokens x channels)
func.func @reuse_matrix_rank(%b: memref<4x4xi8, #accel.onchip>) {
  %m = accel.reuse %b : memref<4x4xi8, #accel.onchip> -> memref<4xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'storage' is in #accel.local, expected #accel.onchip
func.func @reuse_space(%b: memref<4x4xi8, #accel.local>) {
  %m = accel.reuse %b : memref<4x4xi8, #accel.local> -> memref<4x4xi8, #accel.onchip>
  func.return
}

// -----

// CHECK: 'matrix' is in #accel.local, expected #accel.onchip
func.func @reuse_matrix_space(%b: memref<4x4xi8, #accel.onchip>) {
  %m = accel.reuse %b : memref<4x4xi8, #accel.onchip> -> memref<4x4xi8, #accel.local>
  func.return
}

// -----

// CHECK: 'matrix' has elements of 9 bits, expected 8
func.func @reuse_width(%b: memref<4x4xi8, #accel.onchip>) {
  %m = accel.reuse %b : memref<4x4xi8, #accel.onchip> -> memref<4x4xi9, #accel.onchip>
  func.return
}

// -----

// CHECK: 'matrix' has shape (4, 5), 'storage' only (4, 4)
func.func @reuse_shape(%b: memref<4x4xi8, #accel.onchip>) {
  %m = accel.reuse %b : memref<4x4xi8, #accel.onchip> -> memref<4x5xi8, #accel.onchip>
  func.return
}
