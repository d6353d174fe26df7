// RUN: sed 's/FORM/paired_sum/' %s | vaqf-opt -f mlir -t 'hls{file=src/matmul.cpp}' | filecheck %s --check-prefix PAIRED
// RUN: sed 's/FORM/selected_sum/' %s | vaqf-opt -f mlir -t 'hls{file=src/matmul.cpp}' | filecheck %s --check-prefix SELECTED
// RUN: sed 's/FORM/conditional_negation/' %s | vaqf-opt -f mlir -t 'hls{file=src/matmul.cpp}' | filecheck %s --check-prefix NEGATED

builtin.module attributes {accel.hardware = {lanes = 8 : i64, token_slots = 2 : i64, channel_slots = 8 : i64, word_bits = 64 : i64}} {
  func.func private @matmul(%x: memref<2x8xi4, #accel.onchip>, %source: memref<8x8xi1, #accel.dram>, %y: memref<2x8xi16, #accel.onchip>) attributes {accel.engine = "binary_matmul"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %weights = accel.buffer : memref<8x8xi1, #accel.local>
    %sums = accel.buffer : memref<2x8xi8, #accel.local>
    accel.load %source[] to %weights : memref<8x8xi1, #accel.dram>, memref<8x8xi1, #accel.local>
    scf.for %token = %c0 to %c2 step %c1 {
      accel.accumulate %x at %token, %c0 weights %weights to %sums {tokens = 1 : i64, form = "FORM"} : memref<2x8xi4, #accel.onchip>, memref<8x8xi1, #accel.local>, memref<2x8xi8, #accel.local>
    } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}
    func.return
  }
  func.func @forward(
      %image: memref<1x2x2xi8, #accel.dram> {accel.port = "input"}, %logits: memref<2x8xi16, #accel.dram> {accel.port = "output"},
      %words: memref<1xi64, #accel.dram> {accel.port = "parameter"}) {
    %x = accel.buffer : memref<2x8xi4, #accel.onchip>
    %y = accel.buffer : memref<2x8xi16, #accel.onchip>
    %w = accel.view %words at 0 {unit_rank = 2 : i64} : memref<1xi64, #accel.dram> -> memref<8x8xi1, #accel.dram>
    func.call @matmul(%x, %w, %y) : (memref<2x8xi4, #accel.onchip>, memref<8x8xi1, #accel.dram>, memref<2x8xi16, #accel.onchip>) -> ()
    func.return
  }
}

// A sum and a difference for two lanes, which all output lanes share; each chooses one, turns its sign, and adds it.
// PAIRED:      add_pairs(
// PAIRED:              const bool first = signs[2 * pair];
// PAIRED-NEXT:         const bool second = signs[2 * pair + 1];
// PAIRED-NEXT:         const matmul_pair_t term = first == second ? sums[pair] : differences[pair];
// PAIRED-NEXT:         const matmul_pair_t turned = first ? term : matmul_pair_t(~term);
// PAIRED-NEXT:         const matmul_carried_t before = (matmul_carried_t(chain_sum) << 1) | matmul_carried_t(1);
// PAIRED-NEXT:         const matmul_carried_t addend = (matmul_carried_t(turned) << 1) | matmul_carried_t(first ? 0 : 1);
// PAIRED-NEXT:         chain_sum = (before + addend) >> 1;
// PAIRED:      void accumulate(
// PAIRED:              pair_sums[pair] = lanes[2 * pair] + lanes[2 * pair + 1];
// PAIRED-NEXT:         pair_differences[pair] = lanes[2 * pair] - lanes[2 * pair + 1];
// PAIRED:              const matmul_tile_sum_t products = add_pairs(pair_sums, pair_differences, weight[lane]);
// PAIRED-NEXT:         sums[token + step][lane] += products;

// Twice what is selected, less the sum of all lanes, which all output lanes share.
// SELECTED:      void accumulate(
// SELECTED:              total += lanes[addend];
// SELECTED:              const matmul_tile_sum_t selected = sum_selected(lanes, weight[lane]);
// SELECTED-NEXT:         const matmul_tile_sum_t products = 2 * selected - total;
// SELECTED-NEXT:         sums[token + step][lane] += products;

// Every product has a sign of its own.
// NEGATED:      sum_negated(
// NEGATED:              sum += keep[lane] ? matmul_tile_sum_t(lanes[lane]) : matmul_tile_sum_t(-lanes[lane]);
// NEGATED:      void accumulate(
// NEGATED:              const matmul_tile_sum_t products = sum_negated(lanes, weight[lane]);
// NEGATED-NEXT:         sums[token + step][lane] += products;
