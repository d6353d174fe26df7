// What passes do not write, but what the level allows: a slot that a loop carries, results of conditions and switches,
// a loop that a pipeline unrolls, stages that share nothing, words that hold parts of rows.

builtin.module attributes {accel.hardware = {lanes = 6 : i64, token_slots = 4 : i64, channel_slots = 6 : i64, word_bits = 64 : i64}} {
  func.func @parameters() -> (memref<4xi64, #accel.dram>) {
    %w = vit.parameter @weight : tensor<24x6xf32>
    %signs, %scale = quant.binarize %w : tensor<24x6xf32> -> tensor<24x6x!quant.binary>, tensor<24xf32>
    %stored = accel.parameter %signs : tensor<24x6x!quant.binary> -> memref<24x6xi1, #accel.dram>
    %tiles = accel.tile %stored by [6, 6] : memref<24x6xi1, #accel.dram> -> memref<4x6x6xi1, #accel.dram>
    %memory = accel.pack %tiles {unit_ranks = array<i64: 2>} : memref<4x6x6xi1, #accel.dram> -> memref<4xi64, #accel.dram>
    func.return %memory : memref<4xi64, #accel.dram>
  }

  func.func private @gather(%image: memref<1x4x6xi8, #accel.dram>, %patches: memref<4x6xi8, #accel.onchip>) attributes {accel.engine = "extract_patches"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %pixels = accel.buffer : memref<1x4x6xi8, #accel.local>
    accel.load %image[] to %pixels : memref<1x4x6xi8, #accel.dram>, memref<1x4x6xi8, #accel.local>
    scf.for %patch = %c0 to %c4 step %c1 {
      accel.gather_patch %pixels to %patches[%patch, %c0] {lanes = 6 : i64, patch = array<i64: 2, 3>, order = "colours_first"}
          : memref<1x4x6xi8, #accel.local>, memref<4x6xi8, #accel.onchip>
    } {accel.pipeline = #accel.pipeline<ii = 2, "every patch is independent">}
    func.return
  }

  func.func private @turns(%activation: memref<4x6xi8, #accel.onchip>, %weight: memref<4x6x6xi1, #accel.dram>, %result: memref<4x6xi16, #accel.onchip>, %mode: index)
      attributes {accel.engine = "turns"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %c4 = arith.constant 4 : index
    %c9 = arith.constant 9 : index
    %multiplier = arith.constant 16 : i18
    %sums = accel.buffer : memref<4x6xi14, #accel.local>
    %weights = accel.buffer : memref<2x6x6xi1, #accel.local>
    %copies = accel.buffer : memref<4x6xi8, #accel.local>
    accel.fill %sums[] with 0 : memref<4x6xi14, #accel.local>
    // Mode 0 takes one tile, mode 1 two, any other all four.
    %wanted = scf.index_switch %mode -> index
    case 0 {
      scf.yield %c1 : index
    }
    case 1 {
      %two = arith.addi %c1, %c1 : index
      scf.yield %two : index
    }
    default {
      scf.yield %c9 : index
    }
    %tiles = arith.minui %wanted, %c4 : index
    %weights_1 = accel.slot %weights[%c0] : memref<2x6x6xi1, #accel.local> -> memref<6x6xi1, #accel.local>
    accel.load %weight[%c0] to %weights_1 : memref<4x6x6xi1, #accel.dram>, memref<6x6xi1, #accel.local>
    %last = scf.for %tile = %c0 to %tiles step %c1 iter_args(%slot = %c0) -> (index) {
      %other = arith.subi %c1, %slot : index
      %next = arith.addi %tile, %c1 : index
      %some_left = arith.cmpi ult, %next, %tiles : index
      accel.concurrent {
        scf.if %some_left {
          %weights_2 = accel.slot %weights[%other] : memref<2x6x6xi1, #accel.local> -> memref<6x6xi1, #accel.local>
          accel.load %weight[%next] to %weights_2 : memref<4x6x6xi1, #accel.dram>, memref<6x6xi1, #accel.local>
        }
      } {
        scf.for %half = %c0 to %c2 step %c1 {
          scf.for %part = %c0 to %c2 step %c1 {
            %first = arith.muli %half, %c2 : index
            %token = arith.addi %first, %part : index
            %weights_9 = accel.slot %weights[%slot] : memref<2x6x6xi1, #accel.local> -> memref<6x6xi1, #accel.local>
            accel.accumulate %activation at %token, %c0 weights %weights_9 to %sums {tokens = 1 : i64, form = "selected_sum"}
                : memref<4x6xi8, #accel.onchip>, memref<6x6xi1, #accel.local>, memref<4x6xi14, #accel.local>
          }
        } {accel.pipeline = #accel.pipeline<ii = 1, "every token has sums of its own">}
      } {
        scf.for %token = %c0 to %c4 step %c1 {
          accel.copy_row %activation[%token, %c0] to %copies[%token] : memref<4x6xi8, #accel.onchip>, memref<4x6xi8, #accel.local>
        } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}
      }
      scf.yield %other : index
    }
    %is_odd = arith.cmpi eq, %last, %c1 : index
    // An odd number of tiles gives the tokens in reverse.
    scf.for %row = %c0 to %c4 step %c1 {
      %reversed = arith.subi %c3, %row : index
      %token = arith.select %is_odd, %reversed, %row : index
      %shifted = scf.if %is_odd -> (index) {
        scf.yield %reversed : index
      } else {
        %same = arith.addi %token, %c0 : index
        scf.yield %same : index
      }
      accel.store_rescaled %sums[%shifted], %multiplier to %result[%shifted, %c0] {shift = 4 : i64} : memref<4x6xi14, #accel.local>, memref<4x6xi16, #accel.onchip>
    }
    func.return
  }

  func.func private @store_matrix(%matrix: memref<4x6xi16, #accel.onchip>, %destination: memref<4x6xi16, #accel.dram>) attributes {accel.engine = "store_matrix"} {
    accel.store_matrix %matrix to %destination : memref<4x6xi16, #accel.onchip>, memref<4x6xi16, #accel.dram>
    func.return
  }

  func.func @forward(
      %image: memref<1x4x6xi8, #accel.dram> {vaqf.name = "image", accel.port = "input", accel.format = !quant.int<8, 0.5>},
      %sums: memref<4x6xi16, #accel.dram> {vaqf.name = "sums", accel.port = "output", accel.format = !quant.int<16, 1.0>},
      %weights: memref<4xi64, #accel.dram> {accel.port = "parameter"}) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %x = accel.buffer : memref<4x6xi8, #accel.onchip>
    %y = accel.buffer : memref<4x6xi16, #accel.onchip>
    %w = accel.view %weights at 0 {unit_rank = 2 : i64} : memref<4xi64, #accel.dram> -> memref<4x6x6xi1, #accel.dram>
    func.call @gather(%image, %x) : (memref<1x4x6xi8, #accel.dram>, memref<4x6xi8, #accel.onchip>) -> ()
    accel.checkpoint "patches"[%c0], %x : memref<4x6xi8, #accel.onchip>
    scf.for %mode = %c0 to %c3 step %c1 {
      func.call @turns(%x, %w, %y, %mode) : (memref<4x6xi8, #accel.onchip>, memref<4x6x6xi1, #accel.dram>, memref<4x6xi16, #accel.onchip>, index) -> ()
      accel.checkpoint "sums"[%mode], %y : memref<4x6xi16, #accel.onchip>
    }
    func.call @store_matrix(%y, %sums) : (memref<4x6xi16, #accel.onchip>, memref<4x6xi16, #accel.dram>) -> ()
    func.return
  }
}
