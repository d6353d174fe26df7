// RUN: vaqf-opt %s | vaqf-opt | filecheck %s

func.func @bursts(%weight: memref<36x64x64xi1, #accel.dram>, %table: memref<256xi8, #accel.dram>, %tile: memref<64x64xi1, #accel.local>, %pair: memref<2x64x64xi1, #accel.local>, %entries: memref<256xi8, #accel.local>, %i: index) {
  accel.load %weight[%i] to %tile : memref<36x64x64xi1, #accel.dram>, memref<64x64xi1, #accel.local>
  accel.load %weight[%i] to %pair[%i] : memref<36x64x64xi1, #accel.dram>, memref<2x64x64xi1, #accel.local>
  accel.load %table[] to %entries : memref<256xi8, #accel.dram>, memref<256xi8, #accel.local>
  func.return
}
// CHECK:       func.func @bursts(%weight: memref<36x64x64xi1, #accel.dram>, %table: memref<256xi8, #accel.dram>, %tile: memref<64x64xi1, #accel.local>, %pair: memref<2x64x64xi1, #accel.local>, %entries: memref<256xi8, #accel.local>, %i: index) {
// CHECK-NEXT:    accel.load %weight[%i] to %tile : memref<36x64x64xi1, #accel.dram>, memref<64x64xi1, #accel.local>
// CHECK-NEXT:    accel.load %weight[%i] to %pair[%i] : memref<36x64x64xi1, #accel.dram>, memref<2x64x64xi1, #accel.local>
// CHECK-NEXT:    accel.load %table[] to %entries : memref<256xi8, #accel.dram>, memref<256xi8, #accel.local>
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }

func.func @fills(%sums: memref<200x64xi16, #accel.local>, %signs: memref<64xi1, #accel.local>, %i: index) {
  accel.fill %sums[] with 0 : memref<200x64xi16, #accel.local>
  accel.fill %sums[%i] with -32768 : memref<200x64xi16, #accel.local>
  accel.fill %sums[%i, %i] with 32767 : memref<200x64xi16, #accel.local>
  accel.fill %signs[] with 1 : memref<64xi1, #accel.local>
  func.return
}
// CHECK:       func.func @fills(%sums: memref<200x64xi16, #accel.local>, %signs: memref<64xi1, #accel.local>, %i: index) {
// CHECK-NEXT:    accel.fill %sums[] with 0 : memref<200x64xi16, #accel.local>
// CHECK-NEXT:    accel.fill %sums[%i] with -32768 : memref<200x64xi16, #accel.local>
// CHECK-NEXT:    accel.fill %sums[%i, %i] with 32767 : memref<200x64xi16, #accel.local>
// CHECK-NEXT:    accel.fill %signs[] with 1 : memref<64xi1, #accel.local>
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }

func.func @accumulations(%activation: memref<?x?xi8, #accel.onchip>, %tile: memref<64x32xi1, #accel.local>, %pair: memref<2x64x32xi1, #accel.local>, %sums: memref<200x64xi20, #accel.local>, %i: index, %first: i1) {
  accel.accumulate %activation at %i, %i weights %tile to %sums {tokens = 4 : i64} : memref<?x?xi8, #accel.onchip>, memref<64x32xi1, #accel.local>, memref<200x64xi20, #accel.local>
  accel.accumulate %activation at %i, %i weights %pair[%i] to %sums limit %i {tokens = 1 : i64} : memref<?x?xi8, #accel.onchip>, memref<2x64x32xi1, #accel.local>, memref<200x64xi20, #accel.local>
  accel.accumulate %activation at %i, %i weights %tile to %sums restart %first limit %i {tokens = 8 : i64} : memref<?x?xi8, #accel.onchip>, memref<64x32xi1, #accel.local>, memref<200x64xi20, #accel.local>
  func.return
}
// CHECK:       func.func @accumulations(%activation: memref<?x?xi8, #accel.onchip>, %tile: memref<64x32xi1, #accel.local>, %pair: memref<2x64x32xi1, #accel.local>, %sums: memref<200x64xi20, #accel.local>, %i: index, %first: i1) {
// CHECK-NEXT:    accel.accumulate %activation at %i, %i weights %tile to %sums {tokens = 4 : i64} : memref<?x?xi8, #accel.onchip>, memref<64x32xi1, #accel.local>, memref<200x64xi20, #accel.local>
// CHECK-NEXT:    accel.accumulate %activation at %i, %i weights %pair[%i] to %sums limit %i {tokens = 1 : i64} : memref<?x?xi8, #accel.onchip>, memref<2x64x32xi1, #accel.local>, memref<200x64xi20, #accel.local>
// CHECK-NEXT:    accel.accumulate %activation at %i, %i weights %tile to %sums restart %first limit %i {tokens = 8 : i64} : memref<?x?xi8, #accel.onchip>, memref<64x32xi1, #accel.local>, memref<200x64xi20, #accel.local>
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }

func.func @epilogues(%sums: memref<200x64xi20, #accel.local>, %multipliers: memref<64xi18, #accel.local>, %offsets: memref<64xi48, #accel.local>, %scaled: memref<64xi49, #accel.local>, %entries: memref<256xi8, #accel.local>, %matrix: memref<?x?xi8, #accel.onchip>, %residual: memref<?x?xi16, #accel.onchip>, %i: index) {
  accel.scale %sums[%i], %multipliers, %offsets to %scaled : memref<200x64xi20, #accel.local>, memref<64xi18, #accel.local>, memref<64xi48, #accel.local>, memref<64xi49, #accel.local>
  accel.store_rounded %scaled to %matrix[%i, %i] {shift = 20 : i64} : memref<64xi49, #accel.local>, memref<?x?xi8, #accel.onchip>
  accel.store_lookup %scaled, %entries to %matrix[%i, %i] {shift = 20 : i64} : memref<64xi49, #accel.local>, memref<256xi8, #accel.local>, memref<?x?xi8, #accel.onchip>
  accel.add_rounded %scaled to %residual[%i, %i] {shift = 14 : i64} : memref<64xi49, #accel.local>, memref<?x?xi16, #accel.onchip>
  func.return
}
// CHECK:       func.func @epilogues(%sums: memref<200x64xi20, #accel.local>, %multipliers: memref<64xi18, #accel.local>, %offsets: memref<64xi48, #accel.local>, %scaled: memref<64xi49, #accel.local>, %entries: memref<256xi8, #accel.local>, %matrix: memref<?x?xi8, #accel.onchip>, %residual: memref<?x?xi16, #accel.onchip>, %i: index) {
// CHECK-NEXT:    accel.scale %sums[%i], %multipliers, %offsets to %scaled : memref<200x64xi20, #accel.local>, memref<64xi18, #accel.local>, memref<64xi48, #accel.local>, memref<64xi49, #accel.local>
// CHECK-NEXT:    accel.store_rounded %scaled to %matrix[%i, %i] {shift = 20 : i64} : memref<64xi49, #accel.local>, memref<?x?xi8, #accel.onchip>
// CHECK-NEXT:    accel.store_lookup %scaled, %entries to %matrix[%i, %i] {shift = 20 : i64} : memref<64xi49, #accel.local>, memref<256xi8, #accel.local>, memref<?x?xi8, #accel.onchip>
// CHECK-NEXT:    accel.add_rounded %scaled to %residual[%i, %i] {shift = 14 : i64} : memref<64xi49, #accel.local>, memref<?x?xi16, #accel.onchip>
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }

func.func @patches(%pixels: memref<3x224x224xi8, #accel.local>, %patches: memref<196x768xi8, #accel.onchip>, %i: index) {
  accel.gather_patch %pixels to %patches[%i, %i] {lanes = 64 : i64, patch = array<i64: 16, 16>, order = "colours_first"} : memref<3x224x224xi8, #accel.local>, memref<196x768xi8, #accel.onchip>
  func.return
}
// CHECK:       func.func @patches(%pixels: memref<3x224x224xi8, #accel.local>, %patches: memref<196x768xi8, #accel.onchip>, %i: index) {
// CHECK-NEXT:    accel.gather_patch %pixels to %patches[%i, %i] {lanes = 64 : i64, patch = array<i64: 16, 16>, order = "colours_first"} : memref<3x224x224xi8, #accel.local>, memref<196x768xi8, #accel.onchip>
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }

func.func @layer_norm(%x: memref<?x?xi16, #accel.onchip>, %sums: memref<197xi25, #accel.local>, %squares: memref<197xi39, #accel.local>, %inverses: memref<197xi19, #accel.local>, %exponents: memref<197xi7, #accel.local>, %multipliers: memref<64xi18, #accel.local>, %offsets: memref<64xi48, #accel.local>, %scaled: memref<64xi49, #accel.local>, %i: index) {
  accel.add_moments %x[%i, %i] to %sums, %squares at %i {lanes = 64 : i64} : memref<?x?xi16, #accel.onchip>, memref<197xi25, #accel.local>, memref<197xi39, #accel.local>
  accel.add_moments %x[%i, %i] to %sums, %squares at %i limit %i {lanes = 64 : i64} : memref<?x?xi16, #accel.onchip>, memref<197xi25, #accel.local>, memref<197xi39, #accel.local>
  accel.reciprocal_root %sums, %squares to %inverses, %exponents at %i {channels = 192 : i64, epsilon = 36 : i64, bits = 16 : i64} : memref<197xi25, #accel.local>, memref<197xi39, #accel.local>, memref<197xi19, #accel.local>, memref<197xi7, #accel.local>
  accel.normalize %x[%i, %i], %sums, %inverses, %exponents at %i, %multipliers, %offsets to %scaled {channels = 192 : i64} : memref<?x?xi16, #accel.onchip>, memref<197xi25, #accel.local>, memref<197xi19, #accel.local>, memref<197xi7, #accel.local>, memref<64xi18, #accel.local>, memref<64xi48, #accel.local>, memref<64xi49, #accel.local>
  func.return
}
// CHECK:       func.func @layer_norm(%x: memref<?x?xi16, #accel.onchip>, %sums: memref<197xi25, #accel.local>, %squares: memref<197xi39, #accel.local>, %inverses: memref<197xi19, #accel.local>, %exponents: memref<197xi7, #accel.local>, %multipliers: memref<64xi18, #accel.local>, %offsets: memref<64xi48, #accel.local>, %scaled: memref<64xi49, #accel.local>, %i: index) {
// CHECK-NEXT:    accel.add_moments %x[%i, %i] to %sums, %squares at %i {lanes = 64 : i64} : memref<?x?xi16, #accel.onchip>, memref<197xi25, #accel.local>, memref<197xi39, #accel.local>
// CHECK-NEXT:    accel.add_moments %x[%i, %i] to %sums, %squares at %i limit %i {lanes = 64 : i64} : memref<?x?xi16, #accel.onchip>, memref<197xi25, #accel.local>, memref<197xi39, #accel.local>
// CHECK-NEXT:    accel.reciprocal_root %sums, %squares to %inverses, %exponents at %i {channels = 192 : i64, epsilon = 36 : i64, bits = 16 : i64} : memref<197xi25, #accel.local>, memref<197xi39, #accel.local>, memref<197xi19, #accel.local>, memref<197xi7, #accel.local>
// CHECK-NEXT:    accel.normalize %x[%i, %i], %sums, %inverses, %exponents at %i, %multipliers, %offsets to %scaled {channels = 192 : i64} : memref<?x?xi16, #accel.onchip>, memref<197xi25, #accel.local>, memref<197xi19, #accel.local>, memref<197xi7, #accel.local>, memref<64xi18, #accel.local>, memref<64xi48, #accel.local>, memref<64xi49, #accel.local>
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }

func.func @attention(%query: memref<197x192xi8, #accel.onchip>, %queries: memref<197x64xi8, #accel.local>, %keys: memref<208x64xi8, #accel.local>, %scores: memref<197x208xi22, #accel.local>, %maxima: memref<197xi22, #accel.local>, %table: memref<256xi17, #accel.local>, %rows: memref<197x208xi17, #accel.local>, %sums: memref<197xi25, #accel.local>, %inverses: memref<197xi25, #accel.local>, %mixed: memref<197x64xi24, #accel.local>, %scale: i18, %i: index) {
  accel.copy_row %query[%i, %i] to %queries : memref<197x192xi8, #accel.onchip>, memref<197x64xi8, #accel.local>
  accel.score %queries[%i], %keys[%i] to %scores, %maxima {lanes = 16 : i64} : memref<197x64xi8, #accel.local>, memref<208x64xi8, #accel.local>, memref<197x208xi22, #accel.local>, memref<197xi22, #accel.local>
  accel.score %queries[%i], %keys[%i] to %scores, %maxima limit %i {lanes = 16 : i64} : memref<197x64xi8, #accel.local>, memref<208x64xi8, #accel.local>, memref<197x208xi22, #accel.local>, memref<197xi22, #accel.local>
  accel.exponentiate %scores[%i, %i], %maxima, %table, %scale to %rows, %sums {lanes = 16 : i64, shift = 17 : i64} : memref<197x208xi22, #accel.local>, memref<197xi22, #accel.local>, memref<256xi17, #accel.local>, memref<197x208xi17, #accel.local>, memref<197xi25, #accel.local>
  accel.exponentiate %scores[%i, %i], %maxima, %table, %scale to %rows, %sums limit %i {lanes = 16 : i64, shift = 17 : i64} : memref<197x208xi22, #accel.local>, memref<197xi22, #accel.local>, memref<256xi17, #accel.local>, memref<197x208xi17, #accel.local>, memref<197xi25, #accel.local>
  accel.reciprocal %sums to %inverses at %i {shift = 38 : i64} : memref<197xi25, #accel.local>, memref<197xi25, #accel.local>
  accel.mix %rows[%i, %i], %inverses, %keys to %mixed {lanes = 16 : i64, bits = 8 : i64, shift = 30 : i64} : memref<197x208xi17, #accel.local>, memref<197xi25, #accel.local>, memref<208x64xi8, #accel.local>, memref<197x64xi24, #accel.local>
  accel.mix %rows[%i, %i], %inverses, %keys to %mixed limit %i {lanes = 16 : i64, bits = 8 : i64, shift = 30 : i64} : memref<197x208xi17, #accel.local>, memref<197xi25, #accel.local>, memref<208x64xi8, #accel.local>, memref<197x64xi24, #accel.local>
  accel.store_rescaled %mixed[%i], %scale to %query[%i, %i] {shift = 24 : i64} : memref<197x64xi24, #accel.local>, memref<197x192xi8, #accel.onchip>
  func.return
}
// CHECK:       func.func @attention(%query: memref<197x192xi8, #accel.onchip>, %queries: memref<197x64xi8, #accel.local>, %keys: memref<208x64xi8, #accel.local>, %scores: memref<197x208xi22, #accel.local>, %maxima: memref<197xi22, #accel.local>, %table: memref<256xi17, #accel.local>, %rows: memref<197x208xi17, #accel.local>, %sums: memref<197xi25, #accel.local>, %inverses: memref<197xi25, #accel.local>, %mixed: memref<197x64xi24, #accel.local>, %scale: i18, %i: index) {
// CHECK-NEXT:    accel.copy_row %query[%i, %i] to %queries : memref<197x192xi8, #accel.onchip>, memref<197x64xi8, #accel.local>
// CHECK-NEXT:    accel.score %queries[%i], %keys[%i] to %scores, %maxima {lanes = 16 : i64} : memref<197x64xi8, #accel.local>, memref<208x64xi8, #accel.local>, memref<197x208xi22, #accel.local>, memref<197xi22, #accel.local>
// CHECK-NEXT:    accel.score %queries[%i], %keys[%i] to %scores, %maxima limit %i {lanes = 16 : i64} : memref<197x64xi8, #accel.local>, memref<208x64xi8, #accel.local>, memref<197x208xi22, #accel.local>, memref<197xi22, #accel.local>
// CHECK-NEXT:    accel.exponentiate %scores[%i, %i], %maxima, %table, %scale to %rows, %sums {lanes = 16 : i64, shift = 17 : i64} : memref<197x208xi22, #accel.local>, memref<197xi22, #accel.local>, memref<256xi17, #accel.local>, memref<197x208xi17, #accel.local>, memref<197xi25, #accel.local>
// CHECK-NEXT:    accel.exponentiate %scores[%i, %i], %maxima, %table, %scale to %rows, %sums limit %i {lanes = 16 : i64, shift = 17 : i64} : memref<197x208xi22, #accel.local>, memref<197xi22, #accel.local>, memref<256xi17, #accel.local>, memref<197x208xi17, #accel.local>, memref<197xi25, #accel.local>
// CHECK-NEXT:    accel.reciprocal %sums to %inverses at %i {shift = 38 : i64} : memref<197xi25, #accel.local>, memref<197xi25, #accel.local>
// CHECK-NEXT:    accel.mix %rows[%i, %i], %inverses, %keys to %mixed {lanes = 16 : i64, bits = 8 : i64, shift = 30 : i64} : memref<197x208xi17, #accel.local>, memref<197xi25, #accel.local>, memref<208x64xi8, #accel.local>, memref<197x64xi24, #accel.local>
// CHECK-NEXT:    accel.mix %rows[%i, %i], %inverses, %keys to %mixed limit %i {lanes = 16 : i64, bits = 8 : i64, shift = 30 : i64} : memref<197x208xi17, #accel.local>, memref<197xi25, #accel.local>, memref<208x64xi8, #accel.local>, memref<197x64xi24, #accel.local>
// CHECK-NEXT:    accel.store_rescaled %mixed[%i], %scale to %query[%i, %i] {shift = 24 : i64} : memref<197x64xi24, #accel.local>, memref<197x192xi8, #accel.onchip>
// CHECK-NEXT:    func.return
// CHECK-NEXT:  }
