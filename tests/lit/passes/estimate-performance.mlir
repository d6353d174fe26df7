// RUN: vaqf-opt %s -p estimate-performance | filecheck %s
// RUN: vaqf-opt %s -p estimate-performance,estimate-performance | filecheck %s

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 6 : i64, channel_slots = 8 : i64, word_bits = 128 : i64}} {
  // A burst of 40 cycles and 6 words; 4 cycles to start and end the call.
  func.func private @load_matrix(%source: memref<1x6x4xi16, #accel.dram>, %matrix: memref<6x4xi16, #accel.onchip>) attributes {accel.engine = "load_matrix"} {
    accel.load_matrix %source to %matrix : memref<1x6x4xi16, #accel.dram>, memref<6x4xi16, #accel.onchip>
    func.return
  }
  // CHECK-LABEL: @load_matrix
  // CHECK-SAME:    accel.resources = {lut = 48 : i64, ff = 96 : i64, dsp = 0 : i64, bram18 = 0 : i64, uram = 0 : i64}

  // For 6 tokens, 4 input channels and 8 output channels:
  //   accumulate: 3 iterations after 5 cycles, and 2 to enter and leave       2 + 5 + 2      =   9
  //   tile of input channels: 41 for the next weights hide the 9              max(41, 9) + 2 =  43
  //   the very last tile has no next one                                      9 + 2          =  11
  //   scale: 6 iterations after a chain of 8 + 3 cycles                       5 + 11 + 2     =  18
  //   output channels, first tile: multipliers, 2 tiles, scale                41 + 2 * 43 + 18 + 2 = 147
  //   output channels, last tile                                              41 + 43 + 11 + 18 + 2 = 115
  //   table: 16 words of 16 entries, one of them a cycle into each copy       40 + 16 * 16   = 296
  //   call: table, first weights, output channels                             296 + 41 + 147 + 115 + 4 = 603
  // For 2 input channels and 4 output channels there is one tile, and no table: 41 + (41 + 11 + 18 + 2) + 4 = 117.
  //
  // 16 products and 4 requantized channels take a DSP each. The sums are 8 memories of 3 words of 20 bits, of 16
  // LUTs each. The table has 256 entries of 8 bits, a block RAM, in 2 copies.
  func.func private @integer_matmul(%activation: memref<6x?xi8, #accel.onchip>, %weight: memref<?x4x2xi8, #accel.dram>, %multiplier: memref<?x4xi18, #accel.dram>, %table: memref<256xi8, #accel.dram>, %result: memref<6x?xi8, #accel.onchip>, %inputs: index, %outputs: index, %epilogue: index) attributes {accel.engine = "integer_matmul"} {
    %tokens = arith.constant 6 : index
    %entries = accel.buffer {copies = 2 : i64} : memref<256xi8, #accel.local>
    %sums = accel.buffer {partition = [#accel.partition<dim = 0, factor = 2, "">, #accel.partition<dim = 1, factor = 0, "">]} : memref<6x4xi20, #accel.local>
    %multipliers = accel.buffer {partition = [#accel.partition<dim = 0, factor = 0, "">]} : memref<4xi18, #accel.local>
    %offsets = accel.buffer {partition = [#accel.partition<dim = 0, factor = 0, "">]} : memref<4xi48, #accel.local>
    %scaled = accel.buffer {partition = [#accel.partition<dim = 0, factor = 0, "">]} : memref<4xi49, #accel.local>
    %weights = accel.buffer {partition = [#accel.partition<dim = 0, factor = 0, "">, #accel.partition<dim = 1, factor = 0, "">, #accel.partition<dim = 2, factor = 0, "">]} : memref<2x4x2xi8, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    %is_gelu = arith.cmpi eq, %epilogue, %c1 : index
    scf.if %is_gelu {
      accel.load %table[] to %entries : memref<256xi8, #accel.dram>, memref<256xi8, #accel.local>
    }
    %input_tiles = arith.ceildivui %inputs, %c2 : index
    %output_tiles = arith.ceildivui %outputs, %c4 : index
    %weight_tiles = arith.muli %output_tiles, %input_tiles : index
    %weights_1 = accel.slot %weights[%c0] : memref<2x4x2xi8, #accel.local> -> memref<4x2xi8, #accel.local>
    accel.load %weight[%c0] to %weights_1 : memref<?x4x2xi8, #accel.dram>, memref<4x2xi8, #accel.local>
    scf.for %output = %c0 to %outputs step %c4 {
      %output_tile = arith.divui %output, %c4 : index
      accel.load %multiplier[%output_tile] to %multipliers : memref<?x4xi18, #accel.dram>, memref<4xi18, #accel.local>
      %first_weights = arith.muli %output_tile, %input_tiles : index
      scf.for %input = %c0 to %inputs step %c2 {
        %input_tile = arith.divui %input, %c2 : index
        %weight_tile = arith.addi %first_weights, %input_tile : index
        %slot = arith.remui %weight_tile, %c2 : index
        %next_tile = arith.addi %weight_tile, %c1 : index
        %other_slot = arith.remui %next_tile, %c2 : index
        %is_left = arith.cmpi ult, %next_tile, %weight_tiles : index
        accel.concurrent {
          scf.if %is_left {
            %weights_2 = accel.slot %weights[%other_slot] : memref<2x4x2xi8, #accel.local> -> memref<4x2xi8, #accel.local>
            accel.load %weight[%next_tile] to %weights_2 : memref<?x4x2xi8, #accel.dram>, memref<4x2xi8, #accel.local>
          }
        } {
          scf.for %token = %c0 to %tokens step %c2 {
            %weights_3 = accel.slot %weights[%slot] : memref<2x4x2xi8, #accel.local> -> memref<4x2xi8, #accel.local>
            accel.accumulate %activation at %token, %input weights %weights_3 to %sums {tokens = 2 : i64} : memref<6x?xi8, #accel.onchip>, memref<4x2xi8, #accel.local>, memref<6x4xi20, #accel.local>
          } {accel.pipeline = #accel.pipeline<ii = 1, "">}
        }
      }
      scf.for %token = %c0 to %tokens step %c1 {
        accel.scale %sums[%token], %multipliers, %offsets to %scaled : memref<6x4xi20, #accel.local>, memref<4xi18, #accel.local>, memref<4xi48, #accel.local>, memref<4xi49, #accel.local>
        scf.index_switch %epilogue
        case 0 {
          accel.store_rounded %scaled to %result[%token, %output] {shift = 15 : i64} : memref<4xi49, #accel.local>, memref<6x?xi8, #accel.onchip>
          scf.yield
        }
        default {
          accel.store_lookup %scaled, %entries to %result[%token, %output] {shift = 15 : i64} : memref<4xi49, #accel.local>, memref<256xi8, #accel.local>, memref<6x?xi8, #accel.onchip>
          scf.yield
        }
      } {accel.pipeline = #accel.pipeline<ii = 1, "">}
    }
    func.return
  }
  // CHECK-LABEL: @integer_matmul
  // CHECK-SAME:    accel.resources = {lut = 1080 : i64, ff = 2156 : i64, dsp = 12 : i64, bram18 = 2 : i64, uram = 0 : i64}

  func.func private @store_matrix(%matrix: memref<1x10xi16, #accel.onchip>, %destination: memref<1x10xi16, #accel.dram>) attributes {accel.engine = "store_matrix"} {
    accel.store_matrix %matrix to %destination : memref<1x10xi16, #accel.onchip>, memref<1x10xi16, #accel.dram>
    func.return
  }

  func.func @forward(%tokens: memref<1x6x4xi16, #accel.dram>, %weight: memref<4x4x2xi8, #accel.dram>, %multiplier: memref<2x4xi18, #accel.dram>, %table: memref<256xi8, #accel.dram>, %logits: memref<1x10xi16, #accel.dram>) {
    // The loop takes 3 * (603 + 2) cycles. Matrices have room for 8 channels or 16: 12 words of 64 bits, 2 memories of
    // 6 words of 32 bits, and 24 words of 64 bits take 40, 2 * 24 and 40 LUTs.
    // CHECK-LABEL: @forward
    // CHECK-SAME:    accel.cycles = 2033 : i64, accel.words = 76 : i64, accel.resources = {lut = 6104 : i64, ff = 9180 : i64, dsp = 12 : i64, bram18 = 22 : i64, uram = 0 : i64}
    %residual = accel.buffer : memref<6x4xi16, #accel.onchip>
    %x = accel.buffer {partition = [#accel.partition<dim = 0, factor = 2, "">]} : memref<6x8xi8, #accel.onchip>
    %scores = accel.buffer : memref<1x10xi16, #accel.onchip>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %c4 = arith.constant 4 : index
    %c8 = arith.constant 8 : index
    %any_x = "memref.cast"(%x) : (memref<6x8xi8, #accel.onchip>) -> memref<6x?xi8, #accel.onchip>
    %any_weight = "memref.cast"(%weight) : (memref<4x4x2xi8, #accel.dram>) -> memref<?x4x2xi8, #accel.dram>
    %any_multiplier = "memref.cast"(%multiplier) : (memref<2x4xi18, #accel.dram>) -> memref<?x4xi18, #accel.dram>
    func.call @load_matrix(%tokens, %residual) : (memref<1x6x4xi16, #accel.dram>, memref<6x4xi16, #accel.onchip>) -> ()
    // CHECK:      func.call @load_matrix({{.*}}) {accel.cycles = 50 : i64, accel.words = 6 : i64, accel.binds = "memory"}
    accel.checkpoint "embedding"[%c0], %residual : memref<6x4xi16, #accel.onchip>
    scf.for %layer = %c0 to %c3 step %c1 {
      func.call @integer_matmul(%any_x, %any_weight, %any_multiplier, %table, %any_x, %c4, %c8, %c1) : (memref<6x?xi8, #accel.onchip>, memref<?x4x2xi8, #accel.dram>, memref<?x4xi18, #accel.dram>, memref<256xi8, #accel.dram>, memref<6x?xi8, #accel.onchip>, index, index, index) -> ()
      // CHECK:      func.call @integer_matmul({{.*}}) {accel.cycles = 604 : i64, accel.words = 22 : i64, accel.binds = "memory"}
    }
    func.call @integer_matmul(%any_x, %any_weight, %any_multiplier, %table, %any_x, %c2, %c4, %c0) : (memref<6x?xi8, #accel.onchip>, memref<?x4x2xi8, #accel.dram>, memref<?x4xi18, #accel.dram>, memref<256xi8, #accel.dram>, memref<6x?xi8, #accel.onchip>, index, index, index) -> ()
    // CHECK:      func.call @integer_matmul({{.*}}) {accel.cycles = 119 : i64, accel.words = 2 : i64, accel.binds = "memory"}
    func.call @store_matrix(%scores, %logits) : (memref<1x10xi16, #accel.onchip>, memref<1x10xi16, #accel.dram>) -> ()
    // CHECK:      func.call @store_matrix({{.*}}) {accel.cycles = 46 : i64, accel.words = 2 : i64, accel.binds = "memory"}
    func.return
  }
}
