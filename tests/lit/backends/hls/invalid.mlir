// RUN: vaqf-opt %s -t hls --verify-diagnostics --split-input-file

// expected-error@+1 {{'builtin.module': has no attribute 'accel.hardware': run tile-engines and the passes after it}}
builtin.module {
}

// -----

// expected-error@+1 {{'accel.hardware' has 'word_bits' = None, expected a positive number}}
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64}} {
}

// -----

// expected-error@+1 {{'accel.hardware' has 'word_bits' = 96, expected a power of two of at least 8}}
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 96 : i64}} {
}

// -----

// expected-error@+1 {{'accel.hardware' has 'channel_slots' = 6, expected a multiple of the 4 lanes}}
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 6 : i64, word_bits = 64 : i64}} {
}

// -----

// expected-error@+1 {{'builtin.module': defines no function '@forward', which is the accelerator}}
builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  // expected-error@+1 {{'func.func': argument 0 has accel.port = None, expected 'input', 'output' or 'parameter'}}
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram>) {
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  // expected-error@+1 {{'func.func': has no argument with accel.port = 'output', expected a result}}
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}) {
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  // expected-error@+1 {{argument 0 is tensor<1xi8>, expected integers in DRAM}}
  func.func @forward(%image: tensor<1xi8> {accel.port = "input"}) {
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  // expected-error@+1 {{argument 0 is memref<4x4xi8, #accel.dram>, expected 64-bit words: run pack-parameters}}
  func.func @forward(%weight: memref<4x4xi8, #accel.dram> {accel.port = "parameter"}) {
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    %x = accel.buffer : memref<1x4xi8, #accel.onchip>
    // expected-error@+1 {{'accel.load_matrix': reads (1, 4), expected tiles x tokens x 4 channels}}
    accel.load_matrix %logits to %x : memref<1x4xi8, #accel.dram>, memref<1x4xi8, #accel.onchip>
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    %x = accel.buffer : memref<1x4xi8, #accel.onchip>
    // expected-error@+1 {{'accel.extract_patches': has no form in C++; it must be lowered by the passes before}}
    accel.extract_patches %image to %x {patch = array<i64: 2, 2>, order = "colours_first"} : memref<1x2x2xi8, #accel.dram>, memref<1x4xi8, #accel.onchip>
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    %one = arith.constant 1.0 : f32
    // expected-error@+1 {{'arith.addf': has no form in C++ for f32}}
    %two = arith.addf %one, %one : f32
    %four = arith.addf %two, %two : f32
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine() {
    func.return
  }
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    // expected-error@+1 {{'func.call': calls '@engine', which is no engine}}
    func.call @engine() : () -> ()
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine(%a: memref<1x4xi8, #accel.onchip>, %b: memref<1x4xi8, #accel.onchip>, %c: memref<1x4xi8, #accel.dram>)
      attributes {accel.engine = "engine"} {
    accel.store_matrix %a to %c : memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>
    accel.store_matrix %b to %c : memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>
    func.return
  }
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    %x = accel.buffer : memref<1x4xi8, #accel.onchip>
    // expected-error@+1 {{'func.call': passes 'x' twice: hardware needs a different array for each argument}}
    func.call @engine(%x, %x, %logits) : (memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>) -> ()
    func.return
  }
}

// -----

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
    // expected-error@+1 {{'func.call': passes 'source' from the port 'more_words', the first call from 'some_words': an engine reads each argument through one port}}
    func.call @engine(%y) : (memref<4xi8, #accel.dram>) -> ()
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine(%source: memref<2x4xi8, #accel.dram>) attributes {accel.engine = "engine"} {
    %c0 = arith.constant 0 : index
    %table = accel.buffer : memref<4xi8, #accel.local>
    // expected-error@+1 {{'accel.load': reads units of rank 1, they were packed in units of 2}}
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

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func @forward(
      %image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"},
      %a: memref<1xi64, #accel.dram> {accel.port = "parameter"}) {
    %c0 = arith.constant 0 : index
    %x = accel.view %a at 0 {unit_rank = 2 : i64} : memref<1xi64, #accel.dram> -> memref<2x4xi8, #accel.dram>
    // expected-error@+1 {{'accel.select': selects within a unit, or from a parameter whose units are not known}}
    %y = accel.select %x[%c0] : memref<2x4xi8, #accel.dram> -> memref<4xi8, #accel.dram>
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine(%x: memref<1x4xi8, #accel.onchip>) attributes {accel.engine = "engine"} {
    %c0 = arith.constant 0 : index
    %sums = accel.buffer : memref<1x4xi8, #accel.local>
    %m = accel.buffer : memref<4xi18, #accel.local>
    %o = accel.buffer : memref<4xi48, #accel.local>
    %scaled = accel.buffer : memref<4xi49, #accel.local>
    accel.copy_row %x[%c0, %c0] to %sums[%c0] : memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.local>
    // expected-error@+1 {{'accel.scale': 'sums' is used as signed and as activation}}
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

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine(%x: memref<1x4xi8, #accel.onchip>, %inputs: index) attributes {accel.engine = "engine"} {
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %sums = accel.buffer : memref<1x4xi9, #accel.local>
    %w = accel.buffer : memref<4x4xi1, #accel.local>
    scf.for %input = %c0 to %inputs step %c4 {
      // expected-error@+1 {{'accel.accumulate': 'sums' has elements of 9 bits, it needs 11: |sum| <= 4 * 2^7, the longest row of any layer}}
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

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 4 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine(%x: memref<4x4xi8, #accel.onchip>, %tokens: index) attributes {accel.engine = "engine"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %sums = accel.buffer : memref<1x4xi10, #accel.local>
    scf.for %token = %c0 to %tokens step %c1 {
      // expected-error@+1 {{'accel.add_row': 'sums' has elements of 10 bits, it needs 11: |sum| <= 4 tokens * 2^7}}
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

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine(%x: memref<1x4xi8, #accel.onchip>, %count: index) attributes {accel.engine = "engine"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %row = accel.buffer : memref<1x4xi8, #accel.local>
    scf.for %outer = %c0 to %count step %c1 {
      // expected-error@+1 {{'scf.for': is inside of a pipelined loop, so its bounds must be constants}}
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

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine(%x: memref<1x4xi8, #accel.onchip>, %source: memref<2x4x4xi1, #accel.dram>, %a: index, %b: index) attributes {accel.engine = "engine"} {
    %c0 = arith.constant 0 : index
    %sums = accel.buffer : memref<1x4xi10, #accel.local>
    %w = accel.buffer : memref<2x4x4xi1, #accel.local>
    accel.concurrent {
      // expected-error@+1 {{'accel.slot': selects a tile by an index that is neither always equal to the one of the other stage nor always different}}
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

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @engine(%x: memref<1x4xi8, #accel.onchip>, %y: memref<1x4xi8, #accel.dram>) attributes {accel.engine = "engine"} {
    accel.store_matrix %x to %y : memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>
    func.return
  }
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    // expected-error@+1 {{'accel.buffer': 'partition' splits the channels of a matrix by 2, a word has 4}}
    %x = accel.buffer {partition = [#accel.partition<dim = 1, factor = 2, "2 channels are read in one cycle">]} : memref<1x4xi8, #accel.onchip>
    func.call @engine(%x, %logits) : (memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>) -> ()
    func.return
  }
}

// -----

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
    // expected-error@+1 {{'accel.concurrent': calls engines at the same time that share x}}
    accel.concurrent {
      func.call @load_matrix(%tokens, %x) : (memref<1x1x4xi8, #accel.dram>, memref<1x4xi8, #accel.onchip>) -> ()
    } {
      func.call @store_matrix(%x, %logits) : (memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>) -> ()
    }
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @store_matrix(%x: memref<1x4xi8, #accel.onchip>, %y: memref<1x4xi8, #accel.dram>) attributes {accel.engine = "store_matrix"} {
    accel.store_matrix %x to %y : memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>
    func.return
  }
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    %x = accel.buffer : memref<1x4xi8, #accel.onchip>
    %y = accel.buffer : memref<1x4xi8, #accel.onchip>
    // expected-error@+1 {{'accel.concurrent': calls engines at the same time that share logits}}
    accel.concurrent {
      func.call @store_matrix(%x, %logits) : (memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>) -> ()
    } {
      func.call @store_matrix(%y, %logits) : (memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>) -> ()
    }
    func.return
  }
}

// -----

builtin.module attributes {accel.hardware = {lanes = 4 : i64, token_slots = 1 : i64, channel_slots = 4 : i64, word_bits = 64 : i64}} {
  func.func private @store_matrix(%x: memref<1x4xi8, #accel.onchip>, %y: memref<1x4xi8, #accel.dram>) attributes {accel.engine = "store_matrix"} {
    accel.store_matrix %x to %y : memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>
    func.return
  }
  func.func @forward(%image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x4xi8, #accel.dram> {accel.port = "output"}) {
    %c0 = arith.constant 0 : index
    %x = accel.buffer : memref<1x4xi8, #accel.onchip>
    // expected-error@+1 {{'accel.concurrent': does more at the same time than to call one engine each}}
    accel.concurrent {
      func.call @store_matrix(%x, %logits) : (memref<1x4xi8, #accel.onchip>, memref<1x4xi8, #accel.dram>) -> ()
    } {
      accel.checkpoint "x"[%c0], %x : memref<1x4xi8, #accel.onchip>
    }
    func.return
  }
}
