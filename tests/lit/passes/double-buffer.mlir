// RUN: vaqf-opt %s -p double-buffer | filecheck %s
// RUN: vaqf-opt %s -p double-buffer --print-debuginfo | filecheck %s --check-prefix LOCATION
// RUN: vaqf-opt %s -p double-buffer | vaqf-opt -f mlir | filecheck %s

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 6 : i64, channel_slots = 4 : i64}} {
  // The tile of weights becomes a pair; multipliers, which are no weights, keep their one tile.
  func.func private @integer_matmul(%activation: memref<?x?xi8, #accel.onchip>, %weight: memref<?x4x2xi8, #accel.dram>, %multiplier: memref<?x4xi18, #accel.dram>, %result: memref<?x?xi8, #accel.onchip>, %tokens: index, %inputs: index, %outputs: index) attributes {accel.engine = "integer_matmul"} {
    %tile = accel.buffer : memref<4x2xi8, #accel.local>
    %sums = accel.buffer : memref<6x4xi20, #accel.local>
    %multipliers = accel.buffer : memref<4xi18, #accel.local>
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    %input_tiles = arith.ceildivui %inputs, %c2 : index
    scf.for %output = %c0 to %outputs step %c4 {
      %output_tile = arith.divui %output, %c4 : index
      accel.load %multiplier[%output_tile] to %multipliers : memref<?x4xi18, #accel.dram>, memref<4xi18, #accel.local>
      %first_weights = arith.muli %output_tile, %input_tiles : index
      scf.for %input = %c0 to %inputs step %c2 {
        %input_tile = arith.divui %input, %c2 : index
        %weight_tile = arith.addi %first_weights, %input_tile : index
        accel.load %weight[%weight_tile] to %tile : memref<?x4x2xi8, #accel.dram>, memref<4x2xi8, #accel.local> loc("/fc1/MatMul")
        %is_first = arith.cmpi eq, %input, %c0 : index
        scf.for %token = %c0 to %tokens step %c2 {
          accel.accumulate %activation at %token, %input weights %tile to %sums restart %is_first limit %inputs {tokens = 2 : i64} : memref<?x?xi8, #accel.onchip>, memref<4x2xi8, #accel.local>, memref<6x4xi20, #accel.local> loc("/fc1/Accumulate")
        }
      }
    }
    func.return
  }

  // Nothing is multiplied by what this engine loads: it stays as it is.
  func.func private @table(%source: memref<3x4xi18, #accel.dram>, %tile: index) attributes {accel.engine = "table"} {
    %entries = accel.buffer : memref<4xi18, #accel.local>
    accel.load %source[%tile] to %entries : memref<3x4xi18, #accel.dram>, memref<4xi18, #accel.local>
    func.return
  }

  // Without the attribute it is no engine.
  func.func private @not_an_engine() {
    func.return
  }
}

// CHECK-LABEL: func.func private @integer_matmul
// CHECK-NEXT:    %sums = accel.buffer : memref<6x4xi20, #accel.local>
// CHECK-NEXT:    %multipliers = accel.buffer : memref<4xi18, #accel.local>
// CHECK-NEXT:    %c0 = arith.constant 0 : index
// CHECK-NEXT:    %c2 = arith.constant 2 : index
// CHECK-NEXT:    %c4 = arith.constant 4 : index
// CHECK-NEXT:    %tile = accel.buffer : memref<2x4x2xi8, #accel.local>
// CHECK-NEXT:    %c1 = arith.constant 1 : index
// CHECK-NEXT:    %input_tiles = arith.ceildivui %inputs, %c2 : index
// CHECK-NEXT:    %output_tiles = arith.ceildivui %outputs, %c4 : index
// CHECK-NEXT:    %weight_tiles = arith.muli %output_tiles, %input_tiles : index
// CHECK-NEXT:    accel.load %weight[%c0] to %tile[%c0] : memref<?x4x2xi8, #accel.dram>, memref<2x4x2xi8, #accel.local>
// CHECK-NEXT:    scf.for %output = %c0 to %outputs step %c4 {
// CHECK-NEXT:      %output_tile = arith.divui %output, %c4 : index
// CHECK-NEXT:      accel.load %multiplier[%output_tile] to %multipliers : memref<?x4xi18, #accel.dram>, memref<4xi18, #accel.local>
// CHECK-NEXT:      %first_weights = arith.muli %output_tile, %input_tiles : index
// CHECK-NEXT:      scf.for %input = %c0 to %inputs step %c2 {
// CHECK-NEXT:        %input_tile = arith.divui %input, %c2 : index
// CHECK-NEXT:        %weight_tile = arith.addi %first_weights, %input_tile : index
// CHECK-NEXT:        %is_first = arith.cmpi eq, %input, %c0 : index
// CHECK-NEXT:        %slot = arith.remui %weight_tile, %c2 : index
// CHECK-NEXT:        %next_tile = arith.addi %weight_tile, %c1 : index
// CHECK-NEXT:        %other_slot = arith.remui %next_tile, %c2 : index
// CHECK-NEXT:        %is_left = arith.cmpi ult, %next_tile, %weight_tiles : index
// CHECK-NEXT:        accel.concurrent {
// CHECK-NEXT:          scf.if %is_left {
// CHECK-NEXT:            accel.load %weight[%next_tile] to %tile[%other_slot] : memref<?x4x2xi8, #accel.dram>, memref<2x4x2xi8, #accel.local>
// CHECK-NEXT:          }
// CHECK-NEXT:        } {
// CHECK-NEXT:          scf.for %token = %c0 to %tokens step %c2 {
// CHECK-NEXT:            accel.accumulate %activation at %token, %input weights %tile[%slot] to %sums restart %is_first limit %inputs {tokens = 2 : i64} : memref<?x?xi8, #accel.onchip>, memref<2x4x2xi8, #accel.local>, memref<6x4xi20, #accel.local>
// CHECK-NEXT:          }
// CHECK-NEXT:        }
// CHECK-NEXT:      }
// CHECK-NEXT:    }
// CHECK-NEXT:    func.return
// CHECK-LABEL: func.func private @table
// CHECK-NEXT:    %entries = accel.buffer : memref<4xi18, #accel.local>
// CHECK-NEXT:    accel.load %source[%tile] to %entries
// CHECK-NEXT:    func.return
// CHECK-LABEL: func.func private @not_an_engine
// CHECK-NEXT:    func.return

// LOCATION-LABEL: func.func private @integer_matmul
// LOCATION:         %tile = accel.buffer : memref<2x4x2xi8, #accel.local> loc("/fc1/MatMul")
// LOCATION:         accel.load %weight[%c0] to %tile[%c0] {{.*}} loc("/fc1/MatMul")
// LOCATION:         arith.remui %weight_tile, %c2 : index loc("/fc1/MatMul")
// LOCATION:         accel.load %weight[%next_tile] {{.*}} loc("/fc1/MatMul")
// LOCATION:         accel.accumulate {{.*}} loc("/fc1/Accumulate")
// LOCATION:         } loc("/fc1/MatMul")
