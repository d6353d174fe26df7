// RUN: vaqf-opt %s -p partition-arrays --split-input-file | filecheck %s
// RUN: vaqf-opt %s -p partition-arrays,partition-arrays --split-input-file | filecheck %s

// An engine has one set of ports for an argument. `normed` and `hidden` are what it reads, `hidden` and `query`
// are what it writes: all of them are split as the activations that it reads.
builtin.module attributes {accel.hardware = {lanes = 8 : i64}} {
  func.func private @binary_matmul(%activation: memref<6x?xi8, #accel.onchip>, %result: memref<?x?xi8, #accel.onchip>, %residual: memref<6x8xi16, #accel.onchip>, %tokens: index, %inputs: index) attributes {accel.engine = "binary_matmul"} {
    %weights = accel.buffer : memref<2x8x4xi1, #accel.local>
    %sums = accel.buffer : memref<6x8xi16, #accel.local>
    %multipliers = accel.buffer : memref<8xi18, #accel.local>
    %offsets = accel.buffer : memref<8xi48, #accel.local>
    %scaled = accel.buffer : memref<8xi49, #accel.local>
    %entries = accel.buffer : memref<256xi8, #accel.local>
    %unused = accel.buffer {partition = [#accel.partition<dim = 0, factor = 3, "left by hand">], copies = 5 : i64} : memref<6xi8, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c3 = arith.constant 3 : index
    scf.for %token = %c0 to %tokens step %c3 {
      %weights_1 = accel.slot %weights[%c1] : memref<2x8x4xi1, #accel.local> -> memref<8x4xi1, #accel.local>
      accel.accumulate %activation at %token, %inputs weights %weights_1 to %sums {tokens = 3 : i64} : memref<6x?xi8, #accel.onchip>, memref<8x4xi1, #accel.local>, memref<6x8xi16, #accel.local>
    } {accel.pipeline = #accel.pipeline<ii = 1, "">}
    scf.for %token = %c0 to %tokens step %c1 {
      accel.scale %sums[%token], %multipliers, %offsets to %scaled : memref<6x8xi16, #accel.local>, memref<8xi18, #accel.local>, memref<8xi48, #accel.local>, memref<8xi49, #accel.local>
      accel.store_lookup %scaled, %entries to %result[%token, %c0] {shift = 15 : i64} : memref<8xi49, #accel.local>, memref<256xi8, #accel.local>, memref<?x?xi8, #accel.onchip>
      accel.add_rounded %scaled to %residual[%token, %c0] {shift = 15 : i64} : memref<8xi49, #accel.local>, memref<6x8xi16, #accel.onchip>
    } {accel.pipeline = #accel.pipeline<ii = 2, "">}
    func.return
  }
  // CHECK-LABEL: @binary_matmul
  // CHECK-NEXT:    %weights = accel.buffer {partition = [#accel.partition<dim = 0, factor = 0, "one tile is read while another one loads">, #accel.partition<dim = 1, factor = 0, "3 x 4 activations meet 8 x 4 weights">, #accel.partition<dim = 2, factor = 0, "3 x 4 activations meet 8 x 4 weights">]} : memref<2x8x4xi1, #accel.local>
  // CHECK-NEXT:    %sums = accel.buffer {partition = [#accel.partition<dim = 0, factor = 3, "3 tokens are summed in one cycle">, #accel.partition<dim = 1, factor = 0, "8 output channels are summed in one cycle">]} : memref<6x8xi16, #accel.local>
  // CHECK-NEXT:    %multipliers = accel.buffer {partition = [#accel.partition<dim = 0, factor = 0, "8 channels are requantized together">]} : memref<8xi18, #accel.local>
  // CHECK-NEXT:    %offsets = accel.buffer {partition = [#accel.partition<dim = 0, factor = 0, "8 channels are requantized together">]} : memref<8xi48, #accel.local>
  // CHECK-NEXT:    %scaled = accel.buffer {partition = [#accel.partition<dim = 0, factor = 0, "8 channels are requantized together">]} : memref<8xi49, #accel.local>
  // 8 lookups in 2 cycles, 2 ports a memory.
  // CHECK-NEXT:    %entries = accel.buffer {copies = 2 : i64} : memref<256xi8, #accel.local>
  // CHECK-NEXT:    %unused = accel.buffer : memref<6xi8, #accel.local>

  func.func private @other(%x: memref<6x8xi8, #accel.onchip>) attributes {accel.engine = "other"} {
    %row = accel.buffer : memref<6x8xi8, #accel.local>
    %c0 = arith.constant 0 : index
    accel.copy_row %x[%c0, %c0] to %row : memref<6x8xi8, #accel.onchip>, memref<6x8xi8, #accel.local>
    func.return
  }
  // CHECK-LABEL: @other
  // CHECK-NEXT:    %row = accel.buffer {partition = [#accel.partition<dim = 1, factor = 0, "a row is copied at once">]} : memref<6x8xi8, #accel.local>

  func.func @forward(%image: memref<3x8x8xi8, #accel.dram>) {
    %normed = accel.buffer : memref<6x8xi8, #accel.onchip>
    %hidden = accel.buffer : memref<6x32xi8, #accel.onchip>
    %query = accel.buffer : memref<6x8xi8, #accel.onchip>
    %residual = accel.buffer : memref<6x8xi16, #accel.onchip>
    %copied = accel.buffer : memref<6x8xi8, #accel.onchip>
    %c6 = arith.constant 6 : index
    %c8 = arith.constant 8 : index
    %c32 = arith.constant 32 : index
    %normed_1 = "memref.cast"(%normed) : (memref<6x8xi8, #accel.onchip>) -> memref<6x?xi8, #accel.onchip>
    %hidden_1 = "memref.cast"(%hidden) : (memref<6x32xi8, #accel.onchip>) -> memref<6x?xi8, #accel.onchip>
    %hidden_2 = "memref.cast"(%hidden) : (memref<6x32xi8, #accel.onchip>) -> memref<?x?xi8, #accel.onchip>
    %query_1 = "memref.cast"(%query) : (memref<6x8xi8, #accel.onchip>) -> memref<?x?xi8, #accel.onchip>
    func.call @binary_matmul(%normed_1, %hidden_2, %residual, %c6, %c8) : (memref<6x?xi8, #accel.onchip>, memref<?x?xi8, #accel.onchip>, memref<6x8xi16, #accel.onchip>, index, index) -> ()
    func.call @binary_matmul(%hidden_1, %query_1, %residual, %c6, %c32) : (memref<6x?xi8, #accel.onchip>, memref<?x?xi8, #accel.onchip>, memref<6x8xi16, #accel.onchip>, index, index) -> ()
    func.call @other(%copied) : (memref<6x8xi8, #accel.onchip>) -> ()
    func.return
  }
  // CHECK-LABEL: func.func @forward
  // CHECK-NEXT:    %normed = accel.buffer {partition = [#accel.partition<dim = 0, factor = 3, "3 tokens are read in one cycle">, #accel.partition<dim = 1, factor = 8, "8 channels are one word">]} : memref<6x8xi8, #accel.onchip>
  // CHECK-NEXT:    %hidden = accel.buffer {partition = [#accel.partition<dim = 0, factor = 3, "3 tokens are read in one cycle">, #accel.partition<dim = 1, factor = 8, "8 channels are one word">]} : memref<6x32xi8, #accel.onchip>
  // CHECK-NEXT:    %query = accel.buffer {partition = [#accel.partition<dim = 0, factor = 3, "3 tokens are read in one cycle">, #accel.partition<dim = 1, factor = 8, "8 channels are one word">]} : memref<6x8xi8, #accel.onchip>
  // CHECK-NEXT:    %residual = accel.buffer {partition = [#accel.partition<dim = 1, factor = 8, "8 channels are one word">]} : memref<6x8xi16, #accel.onchip>
  // CHECK-NEXT:    %copied = accel.buffer {partition = [#accel.partition<dim = 1, factor = 8, "8 channels are one word">]} : memref<6x8xi8, #accel.onchip>
}

// -----

// Two tokens at once and six at once: any two of the six memories have ports enough.
builtin.module attributes {accel.hardware = {lanes = 8 : i64}} {
  func.func private @two(%x: memref<6x8xi8, #accel.onchip>, %tokens: index) attributes {accel.engine = "two"} {
    %weights = accel.buffer : memref<8x4xi8, #accel.local>
    %sums = accel.buffer : memref<6x8xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    scf.for %token = %c0 to %tokens step %c2 {
      accel.accumulate %x at %token, %c0 weights %weights to %sums {tokens = 2 : i64} : memref<6x8xi8, #accel.onchip>, memref<8x4xi8, #accel.local>, memref<6x8xi20, #accel.local>
    } {accel.pipeline = #accel.pipeline<ii = 1, "">}
    func.return
  }
  func.func private @six(%x: memref<6x8xi8, #accel.onchip>, %tokens: index) attributes {accel.engine = "six"} {
    %weights = accel.buffer : memref<8x4xi8, #accel.local>
    %sums = accel.buffer : memref<6x8xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %c6 = arith.constant 6 : index
    scf.for %token = %c0 to %tokens step %c6 {
      accel.accumulate %x at %token, %c0 weights %weights to %sums {tokens = 6 : i64} : memref<6x8xi8, #accel.onchip>, memref<8x4xi8, #accel.local>, memref<6x8xi20, #accel.local>
    } {accel.pipeline = #accel.pipeline<ii = 1, "">}
    func.return
  }
  func.func @forward() {
    %x = accel.buffer : memref<6x8xi8, #accel.onchip>
    %c6 = arith.constant 6 : index
    func.call @two(%x, %c6) : (memref<6x8xi8, #accel.onchip>, index) -> ()
    func.call @six(%x, %c6) : (memref<6x8xi8, #accel.onchip>, index) -> ()
    func.return
  }
  // CHECK-LABEL: func.func @forward
  // CHECK-NEXT:    %x = accel.buffer {partition = [#accel.partition<dim = 0, factor = 6, "6 tokens are read in one cycle">, #accel.partition<dim = 1, factor = 8, "8 channels are one word">]}
}

// -----

builtin.module attributes {accel.hardware = {lanes = 8 : i64}} {
  func.func private @attention(%query: memref<5x8xi8, #accel.onchip>, %softmax_multiplier: i18, %value_multiplier: i18) attributes {accel.engine = "attention"} {
    %queries = accel.buffer : memref<5x8xi8, #accel.local>
    %keys = accel.buffer : memref<6x8xi8, #accel.local>
    %values = accel.buffer : memref<6x8xi8, #accel.local>
    %scores = accel.buffer : memref<5x6xi19, #accel.local>
    %maxima = accel.buffer : memref<5xi19, #accel.local>
    %exponentials = accel.buffer : memref<5x6xi17, #accel.local>
    %sums = accel.buffer : memref<5xi20, #accel.local>
    %inverses = accel.buffer : memref<5xi20, #accel.local>
    %mixed = accel.buffer : memref<5x8xi20, #accel.local>
    %octave = accel.buffer : memref<256xi17, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c5 = arith.constant 5 : index
    scf.for %token = %c0 to %c5 step %c1 {
      accel.copy_row %query[%token, %c0] to %keys : memref<5x8xi8, #accel.onchip>, memref<6x8xi8, #accel.local>
      accel.fill %mixed[%token] with 0 : memref<5x8xi20, #accel.local>
    } {accel.pipeline = #accel.pipeline<ii = 1, "">}
    scf.for %token = %c0 to %c5 step %c1 {
      accel.score %queries[%token], %keys[%c0] to %scores, %maxima limit %c5 {lanes = 3 : i64} : memref<5x8xi8, #accel.local>, memref<6x8xi8, #accel.local>, memref<5x6xi19, #accel.local>, memref<5xi19, #accel.local>
    } {accel.pipeline = #accel.pipeline<ii = 1, "">}
    scf.for %token = %c0 to %c5 step %c1 {
      accel.exponentiate %scores[%token, %c0], %maxima, %octave, %softmax_multiplier to %exponentials, %sums limit %c5 {lanes = 3 : i64, shift = 22 : i64} : memref<5x6xi19, #accel.local>, memref<5xi19, #accel.local>, memref<256xi17, #accel.local>, memref<5x6xi17, #accel.local>, memref<5xi20, #accel.local>
    } {accel.pipeline = #accel.pipeline<ii = 1, "">}
    scf.for %token = %c0 to %c5 step %c1 {
      accel.mix %exponentials[%token, %c0], %inverses, %values to %mixed limit %c5 {lanes = 3 : i64, bits = 8 : i64, shift = 25 : i64} : memref<5x6xi17, #accel.local>, memref<5xi20, #accel.local>, memref<6x8xi8, #accel.local>, memref<5x8xi20, #accel.local>
    } {accel.pipeline = #accel.pipeline<ii = 1, "">}
    scf.for %token = %c0 to %c5 step %c1 {
      accel.store_rescaled %mixed[%token], %value_multiplier to %query[%token, %c0] {shift = 23 : i64} : memref<5x8xi20, #accel.local>, memref<5x8xi8, #accel.onchip>
    } {accel.pipeline = #accel.pipeline<ii = 2, "">}
    func.return
  }
  // CHECK-LABEL: @attention
  // CHECK-NEXT:    %queries = accel.buffer {partition = [#accel.partition<dim = 1, factor = 0, "8 channels are multiplied in one cycle">]}
  // CHECK-NEXT:    %keys = accel.buffer {partition = [#accel.partition<dim = 0, factor = 3, "3 keys are compared in one cycle">, #accel.partition<dim = 1, factor = 0, "a row is copied at once">]}
  // CHECK-NEXT:    %values = accel.buffer {partition = [#accel.partition<dim = 0, factor = 3, "3 values are mixed in one cycle">, #accel.partition<dim = 1, factor = 0, "8 channels are mixed in one cycle">]}
  // CHECK-NEXT:    %scores = accel.buffer {partition = [#accel.partition<dim = 1, factor = 3, "3 scores are written in one cycle">]}
  // CHECK-NEXT:    %maxima = accel.buffer : memref<5xi19, #accel.local>
  // CHECK-NEXT:    %exponentials = accel.buffer {partition = [#accel.partition<dim = 1, factor = 3, "3 exponentials are written in one cycle">]}
  // CHECK-NEXT:    %sums = accel.buffer : memref<5xi20, #accel.local>
  // CHECK-NEXT:    %inverses = accel.buffer : memref<5xi20, #accel.local>
  // CHECK-NEXT:    %mixed = accel.buffer {partition = [#accel.partition<dim = 1, factor = 0, "a row of mixed is filled at once">]}
  // CHECK-NEXT:    %octave = accel.buffer {copies = 2 : i64} : memref<256xi17, #accel.local>

  func.func private @extract_patches(%patches: memref<4x48xi12, #accel.onchip>) attributes {accel.engine = "extract_patches"} {
    %pixels = accel.buffer : memref<3x8x8xi12, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    scf.for %patch = %c0 to %c4 step %c1 {
      accel.gather_patch %pixels to %patches[%patch, %c0] {lanes = 8 : i64, patch = array<i64: 4, 4>, order = "colours_first"} : memref<3x8x8xi12, #accel.local>, memref<4x48xi12, #accel.onchip>
    } {accel.pipeline = #accel.pipeline<ii = 2, "">}
    func.return
  }
  // CHECK-LABEL: @extract_patches
  // CHECK-NEXT:    %pixels = accel.buffer {partition = [#accel.partition<dim = 2, factor = 4, "4 pixels of a row of a patch are read at once">]}

  // Above 10 bits a value lies between two entries of the table: 16 of them are read in 2 cycles.
  func.func private @interpolated(%x: memref<4x48xi12, #accel.onchip>) attributes {accel.engine = "interpolated"} {
    %entries = accel.buffer : memref<1025xi12, #accel.local>
    %scaled = accel.buffer : memref<8xi49, #accel.local>
    %sums = accel.buffer : memref<4xi24, #accel.local>
    %squares = accel.buffer : memref<4xi24, #accel.local>
    %inverses = accel.buffer : memref<4xi19, #accel.local>
    %exponents = accel.buffer : memref<4xi7, #accel.local>
    %multipliers = accel.buffer : memref<8xi18, #accel.local>
    %offsets = accel.buffer : memref<8xi48, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    scf.for %token = %c0 to %c4 step %c1 {
      accel.normalize %x[%token, %c0], %sums, %inverses, %exponents at %token, %multipliers, %offsets to %scaled {channels = 48 : i64} : memref<4x48xi12, #accel.onchip>, memref<4xi24, #accel.local>, memref<4xi19, #accel.local>, memref<4xi7, #accel.local>, memref<8xi18, #accel.local>, memref<8xi48, #accel.local>, memref<8xi49, #accel.local>
      accel.store_lookup %scaled, %entries to %x[%token, %c0] {shift = 15 : i64} : memref<8xi49, #accel.local>, memref<1025xi12, #accel.local>, memref<4x48xi12, #accel.onchip>
    } {accel.pipeline = #accel.pipeline<ii = 2, "">}
    func.return
  }
  // CHECK-LABEL: @interpolated
  // CHECK-NEXT:    %entries = accel.buffer {copies = 4 : i64} : memref<1025xi12, #accel.local>
  // CHECK-NEXT:    %scaled = accel.buffer {partition = [#accel.partition<dim = 0, factor = 0, "8 channels are normalized together">]}

  func.func @forward() {
    func.return
  }
}
