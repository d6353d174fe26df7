// RUN: vaqf-opt %s -p 'tile-engines{lanes=4 binary-matmul=4,4,2 integer-matmul=4,4,1 keys=2}' --print-debuginfo | filecheck %s
// RUN: vaqf-opt %s -p 'tile-engines{lanes=4 binary-matmul=4,4,2 integer-matmul=4,4,1 keys=2},pipeline-loops{vector-lanes=2},partition-arrays,pack-parameters,estimate-performance' | filecheck %s --check-prefix SCHEDULE

// Six channels are two tiles of four lanes. The sums are as wide as those of five tokens can need.
func.func @parameters() {
  func.return
}
func.func private @mean_tokens(%input: memref<?x6xi16, #accel.onchip>, %first: index, %result: memref<1x6xi8, #accel.onchip>, %tokens: index) attributes {accel.engine = "mean_tokens"} {
  %channels = arith.constant 6 : index
  accel.mean_tokens %input at %first to %result sizes(%tokens, %channels) {multiplier = 69905 : i64, shift = 20 : i64} : memref<?x6xi16, #accel.onchip>, memref<1x6xi8, #accel.onchip> loc("/ReduceMean")
  func.return
}
func.func @forward() {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c5 = arith.constant 5 : index
  %x = accel.buffer : memref<5x6xi16, #accel.onchip>
  %y = accel.buffer : memref<1x6xi8, #accel.onchip>
  %input = "memref.cast"(%x) : (memref<5x6xi16, #accel.onchip>) -> memref<?x6xi16, #accel.onchip>
  func.call @mean_tokens(%input, %c1, %y, %c4) : (memref<?x6xi16, #accel.onchip>, index, memref<1x6xi8, #accel.onchip>, index) -> ()
  func.call @mean_tokens(%input, %c0, %y, %c5) : (memref<?x6xi16, #accel.onchip>, index, memref<1x6xi8, #accel.onchip>, index) -> ()
  func.return
}
// CHECK:       func.func private @mean_tokens(
// CHECK-NEXT:    %sums = accel.buffer : memref<2x4xi19, #accel.local> loc("/ReduceMean")
// CHECK-NEXT:    %multiplier = arith.constant 69905 : i18
// CHECK:         scf.for %tile = %c0 to %c2 step %c1 {
// CHECK-NEXT:      accel.fill %sums[%tile] with 0
// CHECK-NEXT:    }
// CHECK-NEXT:    scf.for %token = %c0 to %tokens step %c1 {
// CHECK-NEXT:      %row = arith.addi %first, %token : index
// CHECK-NEXT:      scf.for %tile_1 = %c0 to %c2 step %c1 {
// CHECK-NEXT:        %channel = arith.muli %tile_1, %c4 : index
// CHECK-NEXT:        accel.add_row %input[%row, %channel] to %sums[%tile_1] : memref<?x6xi16, #accel.onchip>, memref<2x4xi19, #accel.local> loc("/ReduceMean")
// CHECK-NEXT:      }
// CHECK-NEXT:    }
// CHECK-NEXT:    scf.for %tile_2 = %c0 to %c2 step %c1 {
// CHECK-NEXT:      %channel_1 = arith.muli %tile_2, %c4 : index
// CHECK-NEXT:      accel.store_rescaled %sums[%tile_2], %multiplier to %result[%c0, %channel_1] {shift = 20 : i64} : memref<2x4xi19, #accel.local>, memref<1x6xi8, #accel.onchip> loc("/ReduceMean")
// CHECK-NEXT:    }
// CHECK-NEXT:    func.return

// A word is added every cycle, and a row is multiplied at once.
// SCHEDULE:      func.func private @mean_tokens({{.*}} accel.resources = {lut = 380 : i64, ff = 584 : i64, dsp = 4 : i64, bram18 = 0 : i64, uram = 0 : i64}
// SCHEDULE-NEXT:   %sums = accel.buffer {accel.distance = 0 : i64, accel.resources = {lut = 48 : i64, ff = 76 : i64, dsp = 0 : i64, bram18 = 0 : i64, uram = 0 : i64}, partition = [#accel.partition<dim = 1, factor = 0, "a row of sums is filled at once">], word}
// SCHEDULE:        accel.fill
// SCHEDULE-NEXT:   } {accel.pipeline = #accel.pipeline<ii = 1, "every tile is independent">, accel.depth =
// SCHEDULE:        accel.add_row
// SCHEDULE-NEXT:   } {accel.pipeline = #accel.pipeline<ii = 1, "every tile is independent">, accel.depth =
// SCHEDULE:        accel.store_rescaled
// SCHEDULE-NEXT:   } {accel.pipeline = #accel.pipeline<ii = 1, "every tile is independent">, accel.depth =
// For each token 4 cycles of two tiles, 2 around their loop and 2 around the token.
// SCHEDULE:        func.call @mean_tokens(%input, %c1, %y, %c4) {accel.cycles = 52 : i64, accel.words = 0 : i64, accel.binds = "vector"}
// SCHEDULE-NEXT:   func.call @mean_tokens(%input, %c0, %y, %c5) {accel.cycles = 60 : i64, accel.words = 0 : i64, accel.binds = "vector"}
