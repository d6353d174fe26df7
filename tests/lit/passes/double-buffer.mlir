// RUN: vaqf-opt %s -p double-buffer | filecheck %s
// RUN: vaqf-opt %s -p double-buffer --print-debuginfo | filecheck %s --check-prefix LOCATION
// RUN: vaqf-opt %s -p double-buffer | vaqf-opt -f mlir | filecheck %s

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 6 : i64, channel_slots = 4 : i64}} {
  // Three stages: weights load, while those before are multiplied and multipliers load, while what was summed before
  // that is scaled. What a stage hands to the next exists twice; what one stage has for itself stays as it is.
  func.func private @integer_matmul(%activation: memref<?x?xi8, #accel.onchip>, %weight: memref<?x4x2xi8, #accel.dram>, %multiplier: memref<?x4xi18, #accel.dram>, %offset: memref<?x4xi48, #accel.dram>, %result: memref<?x?xi8, #accel.onchip>, %tokens: index, %input_tiles: index, %output_tiles: index) attributes {accel.engine = "integer_matmul"} {
    %weights = accel.buffer : memref<3x4x2xi8, #accel.local>
    %sums = accel.buffer : memref<6x4xi20, #accel.local>
    %multipliers = accel.buffer : memref<4xi18, #accel.local>
    %offsets = accel.buffer : memref<4xi48, #accel.local>
    %scaled = accel.buffer : memref<4xi49, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    scf.for %output_tile = %c0 to %output_tiles step %c1 {
      %output = arith.muli %output_tile, %c4 : index
      %first = arith.muli %output_tile, %input_tiles : index
      accel.load %weight[%first] count %input_tiles to %weights : memref<?x4x2xi8, #accel.dram>, memref<3x4x2xi8, #accel.local> loc("/fc1/Weights")
      accel.load %multiplier[%output_tile] to %multipliers : memref<?x4xi18, #accel.dram>, memref<4xi18, #accel.local>
      accel.load %offset[%output_tile] to %offsets : memref<?x4xi48, #accel.dram>, memref<4xi48, #accel.local>
      scf.for %input_tile = %c0 to %input_tiles step %c1 {
        %tile = accel.slot %weights[%input_tile] : memref<3x4x2xi8, #accel.local> -> memref<4x2xi8, #accel.local>
        %input = arith.muli %input_tile, %c2 : index
        scf.for %token = %c0 to %tokens step %c2 {
          accel.accumulate %activation at %token, %input weights %tile to %sums {tokens = 2 : i64} : memref<?x?xi8, #accel.onchip>, memref<4x2xi8, #accel.local>, memref<6x4xi20, #accel.local> loc("/fc1/MatMul")
        }
      }
      scf.for %token = %c0 to %tokens step %c1 {
        accel.scale %sums[%token], %multipliers, %offsets to %scaled : memref<6x4xi20, #accel.local>, memref<4xi18, #accel.local>, memref<4xi48, #accel.local>, memref<4xi49, #accel.local>
        accel.store_rounded %scaled to %result[%token, %output] {shift = 15 : i64} : memref<4xi49, #accel.local>, memref<?x?xi8, #accel.onchip>
      }
    } {accel.overlap}
    func.return
  }

  // Iterations of a loop without the attribute stay one after the other.
  func.func private @tables(%source: memref<3x4xi18, #accel.dram>, %x: memref<4x4xi8, #accel.onchip>, %count: index) attributes {accel.engine = "tables"} {
    %multipliers = accel.buffer : memref<4xi18, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    scf.for %tile = %c0 to %count step %c1 {
      accel.load %source[%tile] to %multipliers : memref<3x4xi18, #accel.dram>, memref<4xi18, #accel.local>
    }
    func.return
  }
}

// CHECK:       func.func private @integer_matmul({{.*}}
// CHECK-NEXT:    %scaled = accel.buffer : memref<4xi49, #accel.local>
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c1 = arith.constant 1 : index
// CHECK-NEXT:    %c2 = arith.constant 2 : index
// CHECK-NEXT:    %c4 = arith.constant 4 : index
// CHECK-NEXT:    %weights = accel.buffer : memref<2x3x4x2xi8, #accel.local>
// CHECK-NEXT:    %multipliers = accel.buffer : memref<2x4xi18, #accel.local>
// CHECK-NEXT:    %offsets = accel.buffer : memref<2x4xi48, #accel.local>
// CHECK-NEXT:    %sums = accel.buffer : memref<2x6x4xi20, #accel.local>
// CHECK-NEXT:    %turns = arith.addi %output_tiles, %c2 : index
// CHECK-NEXT:    scf.for %turn = %c0 to %turns step %c1 {
// CHECK-NEXT:      %slot = arith.remui %turn, %c2 : index
// CHECK-NEXT:      %next_turn = arith.addi %turn, %c1 : index
// CHECK-NEXT:      %other_slot = arith.remui %next_turn, %c2 : index
// CHECK-NEXT:      %is_left = arith.cmpi ult, %turn, %output_tiles : index
// CHECK-NEXT:      %has_begun = arith.cmpi uge, %turn, %c1 : index
// CHECK-NEXT:      %end = arith.addi %output_tiles, %c1 : index
// CHECK-NEXT:      %is_left_1 = arith.cmpi ult, %turn, %end : index
// CHECK-NEXT:      %is_active = arith.andi %has_begun, %is_left_1 : i1
// CHECK-NEXT:      %has_begun_1 = arith.cmpi uge, %turn, %c2 : index
// CHECK-NEXT:      accel.concurrent {
// CHECK-NEXT:        scf.if %is_left {
// CHECK-NEXT:          %weights_1 = accel.slot %weights[%slot] : memref<2x3x4x2xi8, #accel.local> -> memref<3x4x2xi8, #accel.local>
// CHECK-NEXT:          %first = arith.muli %turn, %input_tiles : index
// CHECK-NEXT:          accel.load %weight[%first] count %input_tiles to %weights_1 : memref<?x4x2xi8, #accel.dram>, memref<3x4x2xi8, #accel.local>
// CHECK-NEXT:        }
// CHECK-NEXT:      } {
// CHECK-NEXT:        scf.if %is_active {
// CHECK-NEXT:          %output_tile = arith.subi %turn, %c1 : index
// CHECK-NEXT:          %multipliers_1 = accel.slot %multipliers[%other_slot] : memref<2x4xi18, #accel.local> -> memref<4xi18, #accel.local>
// CHECK-NEXT:          %offsets_1 = accel.slot %offsets[%other_slot] : memref<2x4xi48, #accel.local> -> memref<4xi48, #accel.local>
// CHECK-NEXT:          accel.load %multiplier[%output_tile] to %multipliers_1 : memref<?x4xi18, #accel.dram>, memref<4xi18, #accel.local>
// CHECK-NEXT:          accel.load %offset[%output_tile] to %offsets_1 : memref<?x4xi48, #accel.dram>, memref<4xi48, #accel.local>
// CHECK-NEXT:        }
// CHECK-NEXT:      } {
// CHECK-NEXT:        scf.if %is_active {
// CHECK-NEXT:          %output_tile_1 = arith.subi %turn, %c1 : index
// CHECK-NEXT:          %weights_2 = accel.slot %weights[%other_slot] : memref<2x3x4x2xi8, #accel.local> -> memref<3x4x2xi8, #accel.local>
// CHECK-NEXT:          %sums_1 = accel.slot %sums[%other_slot] : memref<2x6x4xi20, #accel.local> -> memref<6x4xi20, #accel.local>
// CHECK-NEXT:          scf.for %input_tile = %c0 to %input_tiles step %c1 {
// CHECK-NEXT:            %tile = accel.slot %weights_2[%input_tile] : memref<3x4x2xi8, #accel.local> -> memref<4x2xi8, #accel.local>
// CHECK-NEXT:            %input = arith.muli %input_tile, %c2 : index
// CHECK-NEXT:            scf.for %token = %c0 to %tokens step %c2 {
// CHECK-NEXT:              accel.accumulate %activation at %token, %input weights %tile to %sums_1 {tokens = 2 : i64} : memref<?x?xi8, #accel.onchip>, memref<4x2xi8, #accel.local>, memref<6x4xi20, #accel.local>
// CHECK-NEXT:            }
// CHECK-NEXT:          }
// CHECK-NEXT:        }
// CHECK-NEXT:      } {
// CHECK-NEXT:        scf.if %has_begun_1 {
// CHECK-NEXT:          %output_tile_2 = arith.subi %turn, %c2 : index
// CHECK-NEXT:          %sums_2 = accel.slot %sums[%slot] : memref<2x6x4xi20, #accel.local> -> memref<6x4xi20, #accel.local>
// CHECK-NEXT:          %multipliers_2 = accel.slot %multipliers[%slot] : memref<2x4xi18, #accel.local> -> memref<4xi18, #accel.local>
// CHECK-NEXT:          %offsets_2 = accel.slot %offsets[%slot] : memref<2x4xi48, #accel.local> -> memref<4xi48, #accel.local>
// CHECK-NEXT:          %output = arith.muli %output_tile_2, %c4 : index
// CHECK-NEXT:          scf.for %token_1 = %c0 to %tokens step %c1 {
// CHECK-NEXT:            accel.scale %sums_2[%token_1], %multipliers_2, %offsets_2 to %scaled : memref<6x4xi20, #accel.local>, memref<4xi18, #accel.local>, memref<4xi48, #accel.local>, memref<4xi49, #accel.local>
// CHECK-NEXT:            accel.store_rounded %scaled to %result[%token_1, %output] {shift = 15 : i64} : memref<4xi49, #accel.local>, memref<?x?xi8, #accel.onchip>
// CHECK-NEXT:          }
// CHECK-NEXT:        }
// CHECK-NEXT:      }
// CHECK-NEXT:    }
// CHECK-NEXT:    func.return
// CHECK:       func.func private @tables({{.*}}
// CHECK-NEXT:    %multipliers = accel.buffer : memref<4xi18, #accel.local>
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c1 = arith.constant 1 : index
// CHECK-NEXT:    scf.for %tile = %c0 to %count step %c1 {
// CHECK-NEXT:      accel.load %source[%tile] to %multipliers : memref<3x4xi18, #accel.dram>, memref<4xi18, #accel.local>
// CHECK-NEXT:    }
// CHECK-NEXT:    func.return

// LOCATION: accel.load %weight[{{.*}} loc("/fc1/Weights")
// LOCATION: accel.accumulate {{.*}} loc("/fc1/MatMul")
