// RUN: vaqf-opt %s -t 'hls{file=src/extract_patches.cpp}' | filecheck %s
// RUN: sed 's/token_slots = 6/token_slots = 8/' %s | vaqf-opt -f mlir -t 'hls{file=src/extract_patches.cpp}' | filecheck %s --check-prefix HIGH
// RUN: vaqf-opt %s -t 'hls{file=src/colours_last.cpp}' | filecheck %s --check-prefix LAST
// RUN: vaqf-opt %s -t 'hls{file=src/load_matrix.cpp}' | filecheck %s --check-prefix LOAD
// RUN: vaqf-opt %s -t 'hls{file=src/store_matrix.cpp}' | filecheck %s --check-prefix STORE

// Words that hold rows and parts of rows: 12 pixels a row in words of 8, 10 lanes in words of 4.

builtin.module attributes {accel.hardware = {lanes = 10 : i64, token_slots = 6 : i64, channel_slots = 10 : i64, word_bits = 64 : i64}} {
  func.func private @extract_patches(%image: memref<3x8x12xi8, #accel.dram>, %patches: memref<6x48xi8, #accel.onchip>)
      attributes {accel.engine = "extract_patches"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c6 = arith.constant 6 : index
    %c10 = arith.constant 10 : index
    %c48 = arith.constant 48 : index
    %pixels = accel.buffer {partition = [#accel.partition<dim = 2, factor = 4, "4 pixels of a row of a patch are read at once">]}
        : memref<3x8x12xi8, #accel.local>
    accel.load %image[] to %pixels : memref<3x8x12xi8, #accel.dram>, memref<3x8x12xi8, #accel.local>
    // CHECK-LABEL: void load_pixels(
    // CHECK:           // 3 words are 2 rows.
    // CHECK-NEXT:      // II = 6: one element a cycle is written to each memory
    // CHECK-NEXT:  Groups:
    // CHECK-NEXT:      for (int group = 0; group < 12; ++group) {
    // CHECK:                   const word_t bits = memory[first_word + 3 * group + word];
    // CHECK:                       const int row = 2 * group + (8 * word + field) / 12;
    // CHECK-NEXT:                  pixels[row / 8][row % 8][(8 * word + field) % 12] = bits.range(8 * field + 7, 8 * field);
    scf.for %pixel = %c0 to %c48 step %c10 {
      scf.for %patch = %c0 to %c6 step %c1 {
        accel.gather_patch %pixels to %patches[%patch, %pixel] {lanes = 10 : i64, patch = array<i64: 4, 4>, order = "colours_first"}
            : memref<3x8x12xi8, #accel.local>, memref<6x48xi8, #accel.onchip>
        // CHECK-LABEL: void gather_patch(
        // CHECK:           const int top = patch / 3 * 4;
        // CHECK-NEXT:      const int left = patch % 3 * 4;
        // CHECK-NEXT:      const int first_column = channel % 4;
        // CHECK-NEXT:      const int first_row = channel / 4 % 4;
        // CHECK-NEXT:      const int first_colour = channel / 16;
        // CHECK:               const int column = first_column + lane;
        // CHECK-NEXT:          const int row = first_row + column / 4;
        // CHECK-NEXT:          const int colour = first_colour + row / 4;
        // CHECK-NEXT:          patches[word][patch][lane] =
        // CHECK-NEXT:              colour < 3 ? image[colour][top + row % 4][left + column % 4] : activation8_t(0);
      } {accel.pipeline = #accel.pipeline<ii = 3, "every patch is independent">}
    }
    func.return
  }
  func.func private @colours_last(%image: memref<3x8x12xi8, #accel.dram>, %patches: memref<6x48xi8, #accel.onchip>)
      attributes {accel.engine = "extract_patches"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c6 = arith.constant 6 : index
    %c10 = arith.constant 10 : index
    %c48 = arith.constant 48 : index
    %pixels = accel.buffer : memref<3x8x12xi8, #accel.local>
    accel.load %image[] to %pixels : memref<3x8x12xi8, #accel.dram>, memref<3x8x12xi8, #accel.local>
    scf.for %pixel = %c0 to %c48 step %c10 {
      scf.for %patch = %c0 to %c6 step %c1 {
        // Only lane 0 is divided: the others add small numbers, and carry.
        accel.gather_patch %pixels to %patches[%patch, %pixel] {lanes = 10 : i64, patch = array<i64: 4, 4>, order = "colours_last"}
            : memref<3x8x12xi8, #accel.local>, memref<6x48xi8, #accel.onchip>
        // LAST-LABEL: void gather_patch(
        // LAST:            const int first_colour = channel % 3;
        // LAST-NEXT:       const int first_column = channel / 3 % 4;
        // LAST-NEXT:       const int first_row = channel / 12;
        // LAST:                const int colour = first_colour + lane;
        // LAST-NEXT:           const int column = first_column + colour / 3;
        // LAST-NEXT:           const int row = first_row + column / 4;
        // LAST-NEXT:           patches[word][patch][lane] =
        // LAST-NEXT:               row < 4 ? image[colour % 3][top + row][left + column % 4] : activation8_t(0);
      } {accel.pipeline = #accel.pipeline<ii = 1, "every patch is independent">}
    }
    func.return
  }
  func.func private @load_matrix(%source: memref<2x5x10xi16, #accel.dram>, %matrix: memref<5x12xi16, #accel.onchip>)
      attributes {accel.engine = "load_matrix"} {
    // Two rows are five words; the last group has one row, and three words.
    accel.load_matrix %source to %matrix : memref<2x5x10xi16, #accel.dram>, memref<5x12xi16, #accel.onchip>
    // LOAD-LABEL: void read_matrix(
    // LOAD:               // 5 words are 2 rows.
    // LOAD:               for (int group = 0; group < 3; ++group) {
    // LOAD:                       const word_t bits =
    // LOAD-NEXT:                      5 * group + word < 13
    // LOAD-NEXT:                          ? memory[first_word + 13 * channel_word + 5 * group + word]
    // LOAD-NEXT:                          : word_t(0);
    // LOAD:                           const int row = 2 * group + (4 * word + field) / 10;
    // LOAD-NEXT:                      if (row < 5) {
    // LOAD-NEXT:                          matrix[channel_word][row][(4 * word + field) % 10] =
    // LOAD-NEXT:                              bits.range(16 * field + 15, 16 * field);
    func.return
  }
  func.func private @store_matrix(%matrix: memref<2x7xi12, #accel.onchip>, %destination: memref<2x7xi12, #accel.dram>)
      attributes {accel.engine = "store_matrix"} {
    accel.store_matrix %matrix to %destination : memref<2x7xi12, #accel.onchip>, memref<2x7xi12, #accel.dram>
    // STORE-LABEL: void write_matrix(
    // STORE:           for (int word = 0; word < 4; ++word) {
    // STORE:                   const int element = 4 * word + field;
    // STORE-NEXT:              const int channel = element % 7;
    // STORE-NEXT:              if (element < 14) {
    // STORE-NEXT:                  bits.range(16 * field + 11, 16 * field) = matrix[channel / kLanes][element / 7][channel % kLanes];
    func.return
  }
  func.func @forward(
      %image: memref<3x8x12xi8, #accel.dram> {accel.port = "input"}, %logits: memref<2x7xi12, #accel.dram> {accel.port = "output"},
      %constants: memref<26xi64, #accel.dram> {accel.port = "parameter"}) {
    %patches = accel.buffer : memref<6x48xi8, #accel.onchip>
    %residual = accel.buffer : memref<5x12xi16, #accel.onchip>
    %scores = accel.buffer : memref<2x7xi12, #accel.onchip>
    %tokens = accel.view %constants at 0 {unit_rank = 2 : i64} : memref<26xi64, #accel.dram> -> memref<2x5x10xi16, #accel.dram>
    func.call @colours_last(%image, %patches) : (memref<3x8x12xi8, #accel.dram>, memref<6x48xi8, #accel.onchip>) -> ()
    func.call @extract_patches(%image, %patches) : (memref<3x8x12xi8, #accel.dram>, memref<6x48xi8, #accel.onchip>) -> ()
    func.call @load_matrix(%tokens, %residual) : (memref<2x5x10xi16, #accel.dram>, memref<5x12xi16, #accel.onchip>) -> ()
    func.call @store_matrix(%scores, %logits) : (memref<2x7xi12, #accel.onchip>, memref<2x7xi12, #accel.dram>) -> ()
    func.return
  }
}

// An image that is by chance as high as there are token slots has rows, not tokens.
// HIGH: pixels[3][8][12];
