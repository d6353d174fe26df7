// RUN: vaqf-opt %s -p 'pipeline-loops{vector-lanes=4}' --split-input-file | filecheck %s
// RUN: vaqf-opt %s -p 'pipeline-loops{vector-lanes=4},pipeline-loops{vector-lanes=4}' --split-input-file | filecheck %s
// RUN: vaqf-opt %s -p 'pipeline-loops{vector-lanes=8}' --split-input-file | filecheck %s --check-prefix FAST
// RUN: vaqf-opt %s -p pipeline-loops --split-input-file | filecheck %s --check-prefix DEFAULT

// A matmul sums two tokens a cycle; eight channels of a token pass through the four vector lanes.
builtin.module attributes {accel.hardware = {lanes = 8 : i64}} {
  func.func private @integer_matmul(%x: memref<6x8xi8, #accel.onchip>, %result: memref<6x8xi8, #accel.onchip>, %residual: memref<6x8xi16, #accel.onchip>, %first: index, %tokens: index, %inputs: index, %epilogue: index) attributes {accel.engine = "integer_matmul"} {
    %weights = accel.buffer : memref<8x4xi8, #accel.local>
    %sums = accel.buffer : memref<6x8xi20, #accel.local>
    %multipliers = accel.buffer : memref<8xi18, #accel.local>
    %offsets = accel.buffer : memref<8xi48, #accel.local>
    %scaled = accel.buffer : memref<8xi49, #accel.local>
    %entries = accel.buffer : memref<256xi8, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    scf.for %input = %c0 to %inputs step %c4 {
      scf.for %token = %c0 to %tokens step %c2 {
        accel.accumulate %x at %token, %input weights %weights to %sums {tokens = 2 : i64} : memref<6x8xi8, #accel.onchip>, memref<8x4xi8, #accel.local>, memref<6x8xi20, #accel.local>
      }
    }
    scf.for %token = %c0 to %tokens step %c1 {
      accel.scale %sums[%token], %multipliers, %offsets to %scaled : memref<6x8xi20, #accel.local>, memref<8xi18, #accel.local>, memref<8xi48, #accel.local>, memref<8xi49, #accel.local>
      %row = arith.addi %first, %token : index
      scf.index_switch %epilogue
      case 0 {
        accel.store_rounded %scaled to %result[%row, %c0] {shift = 15 : i64} : memref<8xi49, #accel.local>, memref<6x8xi8, #accel.onchip>
        scf.yield
      }
      case 1 {
        accel.store_lookup %scaled, %entries to %result[%row, %c0] {shift = 15 : i64} : memref<8xi49, #accel.local>, memref<256xi8, #accel.local>, memref<6x8xi8, #accel.onchip>
        scf.yield
      }
      default {
        accel.add_rounded %scaled to %residual[%row, %c0] {shift = 15 : i64} : memref<8xi49, #accel.local>, memref<6x8xi16, #accel.onchip>
        scf.yield
      }
    }
    func.return
  }

  // The loop over layers is not in an engine.
  func.func @forward() {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    scf.for %layer = %c0 to %c1 step %c1 {
    }
    func.return
  }
}
// CHECK-LABEL:   func.func private @integer_matmul
// CHECK:           scf.for %input = %c0 to %inputs step %c4 {
// CHECK-NEXT:        scf.for %token = %c0 to %tokens step %c2 {
// CHECK-NEXT:          accel.accumulate
// CHECK-NEXT:        } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}
// CHECK-NEXT:      }
// CHECK-NEXT:      scf.for %token_1 = %c0 to %tokens step %c1 {
// CHECK:           } {accel.pipeline = #accel.pipeline<ii = 2, "every token is independent; 8 channels pass through 4 lanes">}
// CHECK-NEXT:      func.return
// CHECK-LABEL:   func.func @forward
// CHECK:           scf.for %layer = %c0 to %c1 step %c1 {
// CHECK-NEXT:      }
// CHECK-NEXT:      func.return

// FAST-LABEL:    func.func private @integer_matmul
// FAST:            #accel.pipeline<ii = 1, "every token is independent">
// FAST:            #accel.pipeline<ii = 1, "every token is independent">

// -----

// Words, not lanes, bind where a tile is wider than a word: 4 words are read and written through 2 ports.
builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @wide_tile(%residual: memref<6x16xi16, #accel.onchip>, %tokens: index) attributes {accel.engine = "wide"} {
    %scaled = accel.buffer : memref<16xi49, #accel.local>
    %sums = accel.buffer : memref<6x16xi20, #accel.local>
    %multipliers = accel.buffer : memref<16xi18, #accel.local>
    %offsets = accel.buffer : memref<16xi48, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    scf.for %token = %c0 to %tokens step %c1 {
      accel.scale %sums[%token], %multipliers, %offsets to %scaled : memref<6x16xi20, #accel.local>, memref<16xi18, #accel.local>, memref<16xi48, #accel.local>, memref<16xi49, #accel.local>
      accel.add_rounded %scaled to %residual[%token, %c0] {shift = 15 : i64} : memref<16xi49, #accel.local>, memref<6x16xi16, #accel.onchip>
    }
    func.return
  }

  // Heads of 10 channels start at even ones, and so lie in up to 3 words of 4.
  func.func private @copy(%x: memref<6x20xi8, #accel.onchip>) attributes {accel.engine = "copy"} {
    %head = accel.buffer : memref<6x10xi8, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c6 = arith.constant 6 : index
    %c10 = arith.constant 10 : index
    scf.for %token = %c0 to %c6 step %c1 {
      accel.copy_row %x[%token, %c10] to %head[%token] : memref<6x20xi8, #accel.onchip>, memref<6x10xi8, #accel.local>
    }
    func.return
  }
}
// CHECK-LABEL: @wide_tile
// CHECK:         #accel.pipeline<ii = 4, "every token is independent; 16 channels pass through 4 lanes">
// FAST-LABEL:  @wide_tile
// FAST:          #accel.pipeline<ii = 4, "every token is independent; 8 words of residual pass through 2 ports">
// CHECK-LABEL: @copy
// CHECK:         #accel.pipeline<ii = 2, "every token is independent; 3 words of x pass through 2 ports">

// -----

builtin.module attributes {accel.hardware = {lanes = 8 : i64}} {
  func.func private @layer_norm(%x: memref<6x8xi16, #accel.onchip>, %result: memref<6x8xi8, #accel.onchip>, %tokens: index) attributes {accel.engine = "layer_norm"} {
    %sums = accel.buffer : memref<6xi20, #accel.local>
    %squares = accel.buffer : memref<6xi35, #accel.local>
    %inverses = accel.buffer : memref<6xi19, #accel.local>
    %exponents = accel.buffer : memref<6xi7, #accel.local>
    %multipliers = accel.buffer : memref<8xi18, #accel.local>
    %offsets = accel.buffer : memref<8xi48, #accel.local>
    %scaled = accel.buffer : memref<8xi49, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    scf.for %token = %c0 to %tokens step %c1 {
      accel.fill %sums[%token] with 0 : memref<6xi20, #accel.local>
      accel.fill %squares[%token] with 0 : memref<6xi35, #accel.local>
    }
    scf.for %token = %c0 to %tokens step %c1 {
      accel.add_moments %x[%token, %c0] to %sums, %squares at %token {lanes = 8 : i64} : memref<6x8xi16, #accel.onchip>, memref<6xi20, #accel.local>, memref<6xi35, #accel.local>
    }
    scf.for %token = %c0 to %tokens step %c1 {
      accel.reciprocal_root %sums, %squares to %inverses, %exponents at %token {channels = 8 : i64, epsilon = 1 : i64, bits = 16 : i64} : memref<6xi20, #accel.local>, memref<6xi35, #accel.local>, memref<6xi19, #accel.local>, memref<6xi7, #accel.local>
    }
    scf.for %token = %c0 to %tokens step %c1 {
      accel.normalize %x[%token, %c0], %sums, %inverses, %exponents at %token, %multipliers, %offsets to %scaled {channels = 8 : i64} : memref<6x8xi16, #accel.onchip>, memref<6xi20, #accel.local>, memref<6xi19, #accel.local>, memref<6xi7, #accel.local>, memref<8xi18, #accel.local>, memref<8xi48, #accel.local>, memref<8xi49, #accel.local>
      accel.store_rounded %scaled to %result[%token, %c0] {shift = 25 : i64} : memref<8xi49, #accel.local>, memref<6x8xi8, #accel.onchip>
    }
    func.return
  }
}
// CHECK-LABEL:   @layer_norm
// CHECK:           } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}
// CHECK:           } {accel.pipeline = #accel.pipeline<ii = 2, "every token is independent; 8 channels pass through 4 lanes">}
// CHECK:           } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}
// CHECK:           } {accel.pipeline = #accel.pipeline<ii = 2, "every token is independent; 8 channels pass through 4 lanes">}
// FAST-LABEL:    @layer_norm
// FAST:            } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}
// FAST:            } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}
// FAST:            } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}
// FAST:            } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}

// -----

builtin.module attributes {accel.hardware = {lanes = 8 : i64}} {
  func.func private @attention(%query: memref<5x8xi8, #accel.onchip>, %key: memref<5x8xi8, #accel.onchip>, %value: memref<5x8xi8, #accel.onchip>, %softmax_multiplier: i18, %value_multiplier: i18, %result: memref<5x8xi8, #accel.onchip>) attributes {accel.engine = "attention"} {
    %queries = accel.buffer : memref<5x8xi8, #accel.local>
    %keys = accel.buffer : memref<8x8xi8, #accel.local>
    %values = accel.buffer : memref<8x8xi8, #accel.local>
    %scores = accel.buffer : memref<5x8xi19, #accel.local>
    %maxima = accel.buffer : memref<5xi19, #accel.local>
    %exponentials = accel.buffer : memref<5x8xi17, #accel.local>
    %sums = accel.buffer : memref<5xi20, #accel.local>
    %inverses = accel.buffer : memref<5xi20, #accel.local>
    %mixed = accel.buffer : memref<5x8xi20, #accel.local>
    %octave = accel.buffer : memref<256xi17, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %c5 = arith.constant 5 : index
    scf.for %token = %c0 to %c5 step %c1 {
      accel.copy_row %query[%token, %c0] to %queries[%token] : memref<5x8xi8, #accel.onchip>, memref<5x8xi8, #accel.local>
      accel.copy_row %key[%token, %c0] to %keys[%token] : memref<5x8xi8, #accel.onchip>, memref<8x8xi8, #accel.local>
      accel.copy_row %value[%token, %c0] to %values[%token] : memref<5x8xi8, #accel.onchip>, memref<8x8xi8, #accel.local>
      accel.fill %maxima[%token] with -262144 : memref<5xi19, #accel.local>
      accel.fill %mixed[%token] with 0 : memref<5x8xi20, #accel.local>
    }
    scf.for %key_tile = %c0 to %c5 step %c4 {
      scf.for %token = %c0 to %c5 step %c1 {
        accel.score %queries[%token], %keys[%key_tile] to %scores, %maxima limit %c5 {lanes = 4 : i64} : memref<5x8xi8, #accel.local>, memref<8x8xi8, #accel.local>, memref<5x8xi19, #accel.local>, memref<5xi19, #accel.local>
      }
    }
    scf.for %token = %c0 to %c5 step %c1 {
      accel.exponentiate %scores[%token, %c0], %maxima, %octave, %softmax_multiplier to %exponentials, %sums limit %c5 {lanes = 4 : i64, shift = 22 : i64} : memref<5x8xi19, #accel.local>, memref<5xi19, #accel.local>, memref<256xi17, #accel.local>, memref<5x8xi17, #accel.local>, memref<5xi20, #accel.local>
    }
    scf.for %token = %c0 to %c5 step %c1 {
      accel.reciprocal %sums to %inverses at %token {shift = 33 : i64} : memref<5xi20, #accel.local>, memref<5xi20, #accel.local>
    }
    scf.for %token = %c0 to %c5 step %c1 {
      accel.mix %exponentials[%token, %c0], %inverses, %values to %mixed limit %c5 {lanes = 4 : i64, bits = 8 : i64, shift = 25 : i64} : memref<5x8xi17, #accel.local>, memref<5xi20, #accel.local>, memref<8x8xi8, #accel.local>, memref<5x8xi20, #accel.local>
    }
    scf.for %token = %c0 to %c5 step %c1 {
      accel.store_rescaled %mixed[%token], %value_multiplier to %result[%token, %c0] {shift = 23 : i64} : memref<5x8xi20, #accel.local>, memref<5x8xi8, #accel.onchip>
    }
    func.return
  }
}
// The largest score of a query is needed again after all the others, so that keys and queries are one pipeline.
// CHECK-LABEL:   @attention
// CHECK:           } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}
// CHECK:             } {accel.pipeline = #accel.pipeline<ii = 1, "what is written to maxima is needed 5 iterations later, and is there after 4 cycles">}
// CHECK-NEXT:      } {accel.flatten}
// CHECK:           } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}
// CHECK:           } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}
// CHECK:           } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}
// CHECK:           } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}

// -----

// A row of a patch is 4 pixels, so that 8 lanes are collected in 2 cycles.
builtin.module attributes {accel.hardware = {lanes = 8 : i64}} {
  func.func private @extract_patches(%patches: memref<4x48xi8, #accel.onchip>) attributes {accel.engine = "extract_patches"} {
    %pixels = accel.buffer : memref<3x8x8xi8, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    scf.for %patch = %c0 to %c4 step %c1 {
      accel.gather_patch %pixels to %patches[%patch, %c0] {lanes = 8 : i64, patch = array<i64: 4, 4>, order = "colours_first"} : memref<3x8x8xi8, #accel.local>, memref<4x48xi8, #accel.onchip>
    }
    func.return
  }
}
// CHECK-LABEL:   @extract_patches
// CHECK:           } {accel.pipeline = #accel.pipeline<ii = 1, "every patch is independent">}

// -----

// By default there are 32 vector lanes. A row of a head is requantized at once, whatever there are.
builtin.module attributes {accel.hardware = {lanes = 64 : i64}} {
  func.func private @rows(%result: memref<6x64xi8, #accel.onchip>, %value_multiplier: i18, %tokens: index, %multipliers: memref<64xi18, #accel.local>, %offsets: memref<64xi48, #accel.local>) attributes {accel.engine = "rows"} {
    %mixed = accel.buffer : memref<6x64xi20, #accel.local>
    %scaled = accel.buffer : memref<64xi49, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    scf.for %token = %c0 to %tokens step %c1 {
      accel.store_rescaled %mixed[%token], %value_multiplier to %result[%token, %c0] {shift = 23 : i64} : memref<6x64xi20, #accel.local>, memref<6x64xi8, #accel.onchip>
    }
    scf.for %token = %c0 to %tokens step %c1 {
      accel.scale %mixed[%token], %multipliers, %offsets to %scaled : memref<6x64xi20, #accel.local>, memref<64xi18, #accel.local>, memref<64xi48, #accel.local>, memref<64xi49, #accel.local>
    }
    func.return
  }
}
// DEFAULT-LABEL: @rows
// DEFAULT:         } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}
// DEFAULT:         } {accel.pipeline = #accel.pipeline<ii = 2, "every token is independent; 64 channels pass through 32 lanes">}

// -----

// Sums that the next input tile adds to are needed as many iterations later as there are tokens: with one token that is
// too soon to start an iteration in every cycle, and the loops stay apart. Two ops that write the same row do so in
// their order: the second one waits for the first.
builtin.module attributes {accel.hardware = {lanes = 8 : i64}} {
  func.func private @matmul(%x: memref<8x8xi8, #accel.onchip>, %tokens: index) attributes {accel.engine = "matmul"} {
    %weights = accel.buffer : memref<3x8x8xi8, #accel.local>
    %sums = accel.buffer : memref<8x8xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c3 = arith.constant 3 : index
    scf.for %input_tile = %c0 to %c3 step %c1 {
      %tile = accel.slot %weights[%input_tile] : memref<3x8x8xi8, #accel.local> -> memref<8x8xi8, #accel.local>
      scf.for %token = %c0 to %tokens step %c1 {
        accel.accumulate %x at %token, %c0 weights %tile to %sums {tokens = 1 : i64} : memref<8x8xi8, #accel.onchip>, memref<8x8xi8, #accel.local>, memref<8x8xi20, #accel.local>
      }
    }
    func.return
  }
  func.func private @wider_matmul(%x: memref<8x8xi8, #accel.onchip>, %tokens: index) attributes {accel.engine = "matmul"} {
    %weights = accel.buffer : memref<3x8x8xi8, #accel.local>
    %sums = accel.buffer : memref<8x8xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c3 = arith.constant 3 : index
    scf.for %input_tile = %c0 to %c3 step %c1 {
      %tile = accel.slot %weights[%input_tile] : memref<3x8x8xi8, #accel.local> -> memref<8x8xi8, #accel.local>
      scf.for %token = %c0 to %tokens step %c1 {
        accel.accumulate %x at %token, %c0 weights %tile to %sums {tokens = 1 : i64} : memref<8x8xi8, #accel.onchip>, memref<8x8xi8, #accel.local>, memref<8x8xi20, #accel.local>
      }
    }
    func.return
  }
  func.func @forward(%x: memref<8x8xi8, #accel.onchip>) {
    %c1 = arith.constant 1 : index
    %c7 = arith.constant 7 : index
    func.call @matmul(%x, %c1) : (memref<8x8xi8, #accel.onchip>, index) -> ()
    func.call @matmul(%x, %c7) : (memref<8x8xi8, #accel.onchip>, index) -> ()
    func.call @wider_matmul(%x, %c7) : (memref<8x8xi8, #accel.onchip>, index) -> ()
    func.return
  }
}
// CHECK-LABEL: @matmul
// CHECK:             } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}
// CHECK-NEXT:      }
// CHECK-NEXT:      func.return
// CHECK-LABEL: @wider_matmul
// CHECK:         %sums = accel.buffer {accel.distance = 7 : i64}
// CHECK:           scf.for %input_tile = %c0 to %c3 step %c1 {
// CHECK-NEXT:        scf.for %token = %c0 to %tokens step %c1 {
// CHECK-NEXT:          %tile = accel.slot %weights[%input_tile]
// CHECK-NEXT:          accel.accumulate
// CHECK-NEXT:        } {accel.pipeline = #accel.pipeline<ii = 1, "what is written to sums is needed 7 iterations later, and is there after 4 cycles">}
// CHECK-NEXT:      } {accel.flatten}

// -----

// A sum that every iteration adds to is there after four cycles; what another op has written, after all of that op.
builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @same_row(%x: memref<8x4xi8, #accel.onchip>, %tokens: index) attributes {accel.engine = "some"} {
    %weights = accel.buffer : memref<4x4xi8, #accel.local>
    %sums = accel.buffer : memref<8x4xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    scf.for %token = %c0 to %tokens step %c1 {
      accel.accumulate %x at %c0, %c0 weights %weights to %sums {tokens = 1 : i64} : memref<8x4xi8, #accel.onchip>, memref<4x4xi8, #accel.local>, memref<8x4xi20, #accel.local>
    }
    scf.for %token = %c0 to %tokens step %c1 {
      accel.fill %sums[%c0] with 0 : memref<8x4xi20, #accel.local>
      accel.fill %sums[%c0] with 1 : memref<8x4xi20, #accel.local>
    }
    func.return
  }
}
// CHECK-LABEL: @same_row
// CHECK:         } {accel.pipeline = #accel.pipeline<ii = 4, "what is written to sums is needed 1 iteration later, and is there after 4 cycles">}
// CHECK:         } {accel.pipeline = #accel.pipeline<ii = 3, "what is written to sums is needed 1 iteration later, and is there after 3 cycles">}
