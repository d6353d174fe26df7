// RUN: vaqf-opt %s -t hls --verify-diagnostics --split-input-file | filecheck %s

// CHECK: the module has no attribute 'accel.hardware': run tile-engines and the passes after it
builtin.module {
}

// -----

// CHECK: 'accel.hardware' has 'word_bits' = None, expected a positive number
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64}} {
}

// -----

// CHECK: 'accel.hardware' has 'word_bits' = 96, expected a power of two of at least 8
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 96 : i64}} {
}

// -----

// CHECK: 'accel.hardware' has 'channel_slots' = 6, expected a multiple of the 4 lanes
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 6 : i64, word_bits = 64 : i64}} {
}

// -----

// CHECK: the module defines no function '@forward', which is the accelerator
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
}

// -----

// CHECK: 'func.func' at {{.*}}: argument 0 has accel.port = None, expected 'input', 'output' or 'parameter'
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram>) {
    func.return
  }
}

// -----

// CHECK: 'func.func' at {{.*}}: has no argument with accel.port = 'output', expected a result
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}) {
    func.return
  }
}

// -----

// CHECK: argument 0 is tensor<1xi8>, expected integers in DRAM
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func @forward(%image: tensor<1xi8> {accel.port = "input"}) {
    func.return
  }
}

// -----

// CHECK: argument 0 is memref<4x4xi8, #accel.dram>, expected 64-bit words: run pack-parameters
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func @forward(%weight: memref<4x4xi8, #accel.dram> {accel.port = "parameter"}) {
    func.return
  }
}

// -----

// CHECK: 'accel.load_matrix' at {{.*}}: reads (1, 4), expected tiles x tokens x 4 channels
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    %x = accel.buffer : memref<1x4xi8, #accel.onchip>
    accel.load_matrix %logits to %x : memref<1x4xi8, #accel.dram>, memref<1x4xi8, #accel.onchip>
    func.return
  }
}

// -----

// CHECK: 'accel.extract_patches' at {{.*}}: has no form in C++; it must be lowered by the passes before
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    %x = accel.buffer : memref<1x4xi8, #accel.onchip>
    accel.extract_patches %image to %x {patch = array<i64: 2, 2>, order = "colours_first"} : memref<1x2x2xi8, #accel.dram>, memref<1x4xi8, #accel.onchip>
    func.return
  }
}

// -----

// CHECK: 'arith.addf' at {{.*}}: has no form in C++ for f32
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    %one = arith.constant 1.0 : f32
    %two = arith.addf %one, %one : f32
    %four = arith.addf %two, %two : f32
    func.return
  }
}

// -----

// CHECK: 'func.call' at {{.*}}: calls '@engine', which is no engine
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine() {
    func.return
  }
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    func.call @engine() : () -> ()
    func.return
  }
}

// -----

// CHECK: 'func.call' at {{.*}}: passes 'x' twice: hardware needs a different array for each argument
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine(%a: memref<1x4xi8, #accel.onchip>, %b: memref<1x4xi8, #accel.onchip>, %c: memref<1x4xi8, #accel.dram>)
      attributes {accel.engine = "engine"} {
    accel.store_matrix %a to %c : memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>
    accel.store_matrix %b to %c : memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>
    func.return
  }
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    %x = accel.buffer : memref<1x4xi8, #accel.onchip>
    func.call @engine(%x, %x, %logits) : (memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>) -> ()
    func.return
  }
}

// -----

// CHECK: 'func.call' at {{.*}}: passes 'source' from the port 'more_words', the first call from 'some_words': an engine reads each argument through one port
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine(%source: memref<4xi8, #accel.dram>) attributes {accel.engine = "engine"} {
    %table = accel.buffer : memref<4xi8, #accel.local>
    accel.load %source[] to %table : memref<4xi8, #accel.dram>, memref<4xi8, #accel.local>
    func.return
  }
  func.func @forward(
      %image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"},
      %some_words: memref<1xi64, #accel.dram> {accel.port = "parameter"}, %more_words: memref<1xi64, #accel.dram> {accel.port = "parameter"}) {
    %x = accel.view %some_words at 0 {unit_rank = 1 : i64} : memref<1xi64, #accel.dram> -> memref<4xi8, #accel.dram>
    %y = accel.view %more_words at 0 {unit_rank = 1 : i64} : memref<1xi64, #accel.dram> -> memref<4xi8, #accel.dram>
    func.call @engine(%x) : (memref<4xi8, #accel.dram>) -> ()
    func.call @engine(%y) : (memref<4xi8, #accel.dram>) -> ()
    func.return
  }
}

// -----

// CHECK: 'accel.load' at {{.*}}: reads units of rank 1, they were packed in units of 2
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine(%source: memref<2x4xi8, #accel.dram>) attributes {accel.engine = "engine"} {
    %c0 = arith.constant 0 : index
    %table = accel.buffer : memref<4xi8, #accel.local>
    accel.load %source[%c0] to %table : memref<2x4xi8, #accel.dram>, memref<4xi8, #accel.local>
    func.return
  }
  func.func @forward(
      %image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"},
      %a: memref<1xi64, #accel.dram> {accel.port = "parameter"}) {
    %x = accel.view %a at 0 {unit_rank = 2 : i64} : memref<1xi64, #accel.dram> -> memref<2x4xi8, #accel.dram>
    func.call @engine(%x) : (memref<2x4xi8, #accel.dram>) -> ()
    func.return
  }
}

// -----

// CHECK: 'accel.select' at {{.*}}: selects within a unit, or from a parameter whose units are not known
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func @forward(
      %image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"},
      %a: memref<1xi64, #accel.dram> {accel.port = "parameter"}) {
    %c0 = arith.constant 0 : index
    %x = accel.view %a at 0 {unit_rank = 2 : i64} : memref<1xi64, #accel.dram> -> memref<2x4xi8, #accel.dram>
    %y = accel.select %x[%c0] : memref<2x4xi8, #accel.dram> -> memref<4xi8, #accel.dram>
    func.return
  }
}

// -----

// CHECK: 'accel.scale' at {{.*}}: 'sums' is used as signed and as activation
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine(%x: memref<1x4xi8, #accel.onchip>) attributes {accel.engine = "engine"} {
    %c0 = arith.constant 0 : index
    %sums = accel.buffer : memref<1x4xi8, #accel.local>
    %m = accel.buffer : memref<4xi18, #accel.local>
    %o = accel.buffer : memref<4xi48, #accel.local>
    %scaled = accel.buffer : memref<4xi49, #accel.local>
    accel.copy_row %x[%c0, %c0] to %sums[%c0] : memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.local>
    accel.scale %sums[%c0], %m, %o to %scaled : memref<1x4xi8, #accel.local>, memref<4xi18, #accel.local>, memref<4xi48, #accel.local>, memref<4xi49, #accel.local>
    func.return
  }
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    %x = accel.buffer : memref<1x4xi8, #accel.onchip>
    func.call @engine(%x) : (memref<1x4xi8, #accel.onchip>) -> ()
    func.return
  }
}

// -----

// CHECK: 'accel.accumulate' at {{.*}}: 'sums' has elements of 9 bits, it needs 11: |sum| <= 4 * 2^7, the longest row of any layer
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine(%x: memref<1x4xi8, #accel.onchip>, %inputs: index) attributes {accel.engine = "engine"} {
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %sums = accel.buffer : memref<1x4xi9, #accel.local>
    %w = accel.buffer : memref<4x4xi1, #accel.local>
    scf.for %input = %c0 to %inputs step %c4 {
      accel.accumulate %x at %c0, %input weights %w to %sums {tokens = 1 : i64, form = "selected_sum"} : memref<1x4xi8, #accel.onchip>, memref<4x4xi1, #accel.local>, memref<1x4xi9, #accel.local>
    }
    func.return
  }
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    %c4 = arith.constant 4 : index
    %x = accel.buffer : memref<1x4xi8, #accel.onchip>
    func.call @engine(%x, %c4) : (memref<1x4xi8, #accel.onchip>, index) -> ()
    func.return
  }
}

// -----

// CHECK: 'accel.add_row' at {{.*}}: 'sums' has elements of 10 bits, it needs 11: |sum| <= 4 tokens * 2^7
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 4 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine(%x: memref<4x4xi8, #accel.onchip>, %tokens: index) attributes {accel.engine = "engine"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %sums = accel.buffer : memref<1x4xi10, #accel.local>
    scf.for %token = %c0 to %tokens step %c1 {
      accel.add_row %x[%token, %c0] to %sums[%c0] : memref<4x4xi8, #accel.onchip>, memref<1x4xi10, #accel.local>
    }
    func.return
  }
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    %c4 = arith.constant 4 : index
    %x = accel.buffer : memref<4x4xi8, #accel.onchip>
    func.call @engine(%x, %c4) : (memref<4x4xi8, #accel.onchip>, index) -> ()
    func.return
  }
}

// -----

// CHECK: 'scf.for' at {{.*}}: is inside of a pipelined loop, so its bounds must be constants
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine(%x: memref<1x4xi8, #accel.onchip>, %count: index) attributes {accel.engine = "engine"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %row = accel.buffer : memref<1x4xi8, #accel.local>
    scf.for %outer = %c0 to %count step %c1 {
      scf.for %inner = %c0 to %count step %c1 {
        accel.copy_row %x[%c0, %c0] to %row[%c0] : memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.local>
      }
    } {accel.pipeline = #accel.pipeline<ii = 1, "nothing is carried">}
    func.return
  }
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    %c4 = arith.constant 4 : index
    %x = accel.buffer : memref<1x4xi8, #accel.onchip>
    func.call @engine(%x, %c4) : (memref<1x4xi8, #accel.onchip>, index) -> ()
    func.return
  }
}

// -----

// CHECK: 'accel.slot' at {{.*}}: selects a tile by an index that is neither always equal to the one of the other stage nor always different
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine(%x: memref<1x4xi8, #accel.onchip>, %source: memref<2x4x4xi1, #accel.dram>, %a: index, %b: index) attributes {accel.engine = "engine"} {
    %c0 = arith.constant 0 : index
    %sums = accel.buffer : memref<1x4xi10, #accel.local>
    %w = accel.buffer : memref<2x4x4xi1, #accel.local>
    accel.concurrent {
      %w_1 = accel.slot %w[%b] : memref<2x4x4xi1, #accel.local> -> memref<4x4xi1, #accel.local>
      accel.load %source[%c0] to %w_1 : memref<2x4x4xi1, #accel.dram>, memref<4x4xi1, #accel.local>
    } {
      %w_2 = accel.slot %w[%a] : memref<2x4x4xi1, #accel.local> -> memref<4x4xi1, #accel.local>
      accel.accumulate %x at %c0, %c0 weights %w_2 to %sums {tokens = 1 : i64, form = "selected_sum"} : memref<1x4xi8, #accel.onchip>, memref<4x4xi1, #accel.local>, memref<1x4xi10, #accel.local>
    }
    func.return
  }
  func.func @forward(
      %image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"},
      %words: memref<2xi64, #accel.dram> {accel.port = "parameter"}) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %x = accel.buffer : memref<1x4xi8, #accel.onchip>
    %w = accel.view %words at 0 {unit_rank = 2 : i64} : memref<2xi64, #accel.dram> -> memref<2x4x4xi1, #accel.dram>
    func.call @engine(%x, %w, %c0, %c1) : (memref<1x4xi8, #accel.onchip>, memref<2x4x4xi1, #accel.dram>, index, index) -> ()
    func.return
  }
}

// -----

// CHECK: 'accel.buffer' at {{.*}}: 'partition' splits the channels of a matrix by 2, a word has 4
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine(%x: memref<1x4xi8, #accel.onchip>, %y: memref<1x4xi8, #accel.dram>) attributes {accel.engine = "engine"} {
    accel.store_matrix %x to %y : memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>
    func.return
  }
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    %x = accel.buffer {partition = [#accel.partition<dim = 1, factor = 2, "2 channels are read in one cycle">]} : memref<1x4xi8, #accel.onchip>
    func.call @engine(%x, %logits) : (memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>) -> ()
    func.return
  }
}

// -----

// CHECK: 'accel.concurrent' at {{.*}}: calls engines at the same time that share x
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @store_matrix(%x: memref<1x4xi8, #accel.onchip>, %y: memref<1x4xi8, #accel.dram>) attributes {accel.engine = "store_matrix"} {
    accel.store_matrix %x to %y : memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>
    func.return
  }
  func.func private @load_matrix(%words: memref<1x1x4xi8, #accel.dram>, %x: memref<1x4xi8, #accel.onchip>) attributes {accel.engine = "load_matrix"} {
    accel.load_matrix %words to %x : memref<1x1x4xi8, #accel.dram>, memref<1x4xi8, #accel.onchip>
    func.return
  }
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}, %words: memref<1xi64, #accel.dram> {accel.port = "parameter"}) {
    %x = accel.buffer : memref<1x4xi8, #accel.onchip>
    %tokens = accel.view %words at 0 {unit_rank = 1 : i64} : memref<1xi64, #accel.dram> -> memref<1x1x4xi8, #accel.dram>
    accel.concurrent {
      func.call @load_matrix(%tokens, %x) : (memref<1x1x4xi8, #accel.dram>, memref<1x4xi8, #accel.onchip>) -> ()
    } {
      func.call @store_matrix(%x, %logits) : (memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>) -> ()
    }
    func.return
  }
}

// -----

// CHECK: 'accel.concurrent' at {{.*}}: calls engines at the same time that share logits
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @store_matrix(%x: memref<1x4xi8, #accel.onchip>, %y: memref<1x4xi8, #accel.dram>) attributes {accel.engine = "store_matrix"} {
    accel.store_matrix %x to %y : memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>
    func.return
  }
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    %x = accel.buffer : memref<1x4xi8, #accel.onchip>
    %y = accel.buffer : memref<1x4xi8, #accel.onchip>
    accel.concurrent {
      func.call @store_matrix(%x, %logits) : (memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>) -> ()
    } {
      func.call @store_matrix(%y, %logits) : (memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>) -> ()
    }
    func.return
  }
}

// -----

// CHECK: 'accel.concurrent' at {{.*}}: does more at the same time than to call one engine each
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @store_matrix(%x: memref<1x4xi8, #accel.onchip>, %y: memref<1x4xi8, #accel.dram>) attributes {accel.engine = "store_matrix"} {
    accel.store_matrix %x to %y : memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>
    func.return
  }
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    %c0 = arith.constant 0 : index
    %x = accel.buffer : memref<1x4xi8, #accel.onchip>
    accel.concurrent {
      func.call @store_matrix(%x, %logits) : (memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>) -> ()
    } {
      accel.checkpoint "x"[%c0], %x : memref<1x4xi8, #accel.onchip>
    }
    func.return
  }
}
