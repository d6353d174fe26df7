// RUN: vaqf-opt %s -t 'hls{file=src/attention.cpp}' | filecheck %s
// RUN: vaqf-opt %s -t 'hls{file=src/attention.cpp}' | filecheck %s --check-prefix FUNCTIONS
// RUN: vaqf-opt %s -t 'hls{file=include/formats.hpp}' | filecheck %s --check-prefix FORMATS

// Heads of 6 channels, which do not fit the words of 8.

builtin.module attributes {accel.hardware = {lanes = 8 : i64, token_slots = 5 : i64, channel_slots = 8 : i64, word_bits = 64 : i64}} {
  func.func private @attention(
      %query: memref<5x12xi6, #accel.onchip>, %key: memref<5x12xi6, #accel.onchip>, %value: memref<5x12xi6, #accel.onchip>,
      %exponentials: memref<256xi17, #accel.dram>, %softmax_multiplier: i18, %value_multiplier: i18,
      %result: memref<5x12xi6, #accel.onchip>) attributes {accel.engine = "attention"} {
    // CHECK: {{^}}void attention(
    // CHECK: multiplier_t softmax_multiplier, multiplier_t value_multiplier,
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c5 = arith.constant 5 : index
    %c6 = arith.constant 6 : index
    %queries = accel.buffer {partition = [#accel.partition<dim = 1, factor = 0, "a row is copied at once">]} : memref<5x6xi6, #accel.local>
    // CHECK:          activation6_t queries[kTokenSlots][kAttentionHeadChannels];
    %keys = accel.buffer : memref<6x6xi6, #accel.local>
    %values = accel.buffer : memref<6x6xi6, #accel.local>
    %scores = accel.buffer {partition = [#accel.partition<dim = 1, factor = 2, "2 scores are written in one cycle">]} : memref<5x6xi14, #accel.local>
    // CHECK:          attention_score_t scores[kTokenSlots][6];
    // CHECK-NEXT:     // Split: 2 scores are written in one cycle.
    // CHECK-NEXT: #pragma HLS array_partition variable = scores cyclic factor = 2 dim = 2
    // FORMATS:      using attention_score_t = ap_int<14>;
    // FORMATS-SAME: // |score| <= 6 channels of a head * 2^10
    %maxima = accel.buffer : memref<5xi14, #accel.local>
    %rows = accel.buffer : memref<5x6xi17, #accel.local>
    %sums = accel.buffer : memref<5xi20, #accel.local>
    // FORMATS:      using attention_sum_t = ap_uint<20>;
    // FORMATS-SAME: // sum of 5 exponentials of at most 2^15
    %inverses = accel.buffer : memref<5xi20, #accel.local>
    %mixed = accel.buffer : memref<5x6xi17, #accel.local>
    %octave = accel.buffer : memref<256xi17, #accel.local>
    // CHECK:          attention_octave_t octave[256];
    accel.load %exponentials[] to %octave : memref<256xi17, #accel.dram>, memref<256xi17, #accel.local>
    // CHECK-NEXT:     load_octave(constants_memory, exponentials_at, octave);
    scf.for %head = %c0 to %c2 step %c1 {
      // CHECK-NEXT: Heads:
      %channel = arith.muli %head, %c6 : index
      // CHECK:              const int channel = head * 6;
      scf.for %token = %c0 to %c5 step %c1 {
        accel.copy_row %query[%token, %channel] to %queries[%token] : memref<5x12xi6, #accel.onchip>, memref<5x6xi6, #accel.local>
        accel.copy_row %key[%token, %channel] to %keys[%token] : memref<5x12xi6, #accel.onchip>, memref<6x6xi6, #accel.local>
        accel.copy_row %value[%token, %channel] to %values[%token] : memref<5x12xi6, #accel.onchip>, memref<6x6xi6, #accel.local>
        accel.fill %maxima[%token] with -8192 : memref<5xi14, #accel.local>
        accel.fill %mixed[%token] with 0 : memref<5x6xi17, #accel.local>
        // CHECK:                  copy_row(query, token, channel, queries, token);
        // CHECK-NEXT:             copy_row(key, token, channel, keys, token);
        // CHECK-NEXT:             copy_row(value, token, channel, values, token);
        // CHECK-NEXT:             maxima[token] = -8192;
        // CHECK-NEXT:             fill(mixed[token]);
      } {accel.pipeline = #accel.pipeline<ii = 1, "every token is independent">}
      scf.for %key_number = %c0 to %c5 step %c2 {
        // CHECK: for (int key_number = 0; key_number < 5; key_number += kAttentionKeyLanes) {
        scf.for %query_number = %c0 to %c5 step %c1 {
          accel.score %queries[%query_number], %keys[%key_number] to %scores, %maxima limit %c5 {lanes = 2 : i64}
              : memref<5x6xi6, #accel.local>, memref<6x6xi6, #accel.local>, memref<5x6xi14, #accel.local>, memref<5xi14, #accel.local>
          accel.exponentiate %scores[%query_number, %key_number], %maxima, %octave, %softmax_multiplier to %rows, %sums limit %c5 {lanes = 2 : i64, shift = 17 : i64}
              : memref<5x6xi14, #accel.local>, memref<5xi14, #accel.local>, memref<256xi17, #accel.local>, memref<5x6xi17, #accel.local>, memref<5xi20, #accel.local>
          accel.mix %rows[%query_number, %key_number], %inverses, %values to %mixed limit %c5 {bits = 8 : i64, lanes = 2 : i64, shift = 25 : i64}
              : memref<5x6xi17, #accel.local>, memref<5xi20, #accel.local>, memref<6x6xi6, #accel.local>, memref<5x6xi17, #accel.local>
          // CHECK:                      score(queries, query_number, keys, key_number, scores, maxima, 5);
          // CHECK-NEXT:                 exponentiate(
          // CHECK-NEXT:                         scores, query_number, key_number, maxima, octave, softmax_multiplier, rows, sums, 5);
          // CHECK-NEXT:                 mix(rows, query_number, key_number, inverses, values, mixed, 5);
        } {accel.pipeline = #accel.pipeline<ii = 1, "every query updates its own rows">}
      }
      scf.for %query_number = %c0 to %c5 step %c1 {
        accel.reciprocal %sums to %inverses at %query_number {shift = 33 : i64} : memref<5xi20, #accel.local>, memref<5xi20, #accel.local>
        accel.store_rescaled %mixed[%query_number], %value_multiplier to %result[%query_number, %channel] {shift = 24 : i64}
            : memref<5x6xi17, #accel.local>, memref<5x12xi6, #accel.onchip>
        // CHECK: reciprocal(sums, inverses, query_number);
        // CHECK: store_rescaled(mixed, query_number, result, query_number, channel, value_multiplier);
      }
    }
    func.return
  }

  func.func @forward(
      %image: memref<1x4x4xi8, #accel.dram> {accel.port = "input"}, %logits: memref<1x10xi16, #accel.dram> {accel.port = "output"},
      %constants: memref<128xi64, #accel.dram> {accel.port = "parameter"}) {
    %q = accel.buffer : memref<5x12xi6, #accel.onchip>
    %k = accel.buffer : memref<5x12xi6, #accel.onchip>
    %v = accel.buffer : memref<5x12xi6, #accel.onchip>
    %y = accel.buffer : memref<5x12xi6, #accel.onchip>
    %table = accel.view %constants at 0 {unit_rank = 1 : i64} : memref<128xi64, #accel.dram> -> memref<256xi17, #accel.dram>
    %softmax_multiplier = arith.constant 94548 : i18
    %value_multiplier = arith.constant 70000 : i18
    func.call @attention(%q, %k, %v, %table, %softmax_multiplier, %value_multiplier, %y)
        : (memref<5x12xi6, #accel.onchip>, memref<5x12xi6, #accel.onchip>, memref<5x12xi6, #accel.onchip>, memref<256xi17, #accel.dram>, i18, i18, memref<5x12xi6, #accel.onchip>) -> ()
    func.return
  }
}

// A head starts anywhere in a word.
// FUNCTIONS-LABEL: void copy_row(
// FUNCTIONS:               destination[target][lane] = matrix[(channel + lane) / kLanes][row][(channel + lane) % kLanes];
// FUNCTIONS-NOT:   copy_row_2

// Two keys share the multipliers of a query; up to 127 products of 6 bits add up before they are taken apart.
// FUNCTIONS-LABEL: void multiply_pair(
// FUNCTIONS-NEXT:          const activation6_t shared[kAttentionHeadChannels], const activation6_t low[kAttentionHeadChannels],
// FUNCTIONS:               packed_products_t products = 0;
// FUNCTIONS:                       const packed_factor_t factor = (packed_factor_t(high[lane]) << 18) + low[lane];
// FUNCTIONS-NEXT:                  products += factor * shared[lane];
// FUNCTIONS:               const packed_field_t field = products;
// FUNCTIONS-NEXT:          low_sum += field;
// FUNCTIONS-NEXT:          high_sum += (products >> 18) + (field < 0 ? 1 : 0);

// FUNCTIONS-LABEL: void score(
// FUNCTIONS:               multiply_pair(queries[query], keys[key + 2 * pair], keys[key + 2 * pair + 1], low, high);
// FUNCTIONS-NEXT:          scores[query][key + 2 * pair] = low;
// FUNCTIONS-NEXT:          if (key + 2 * pair < limit && low > maximum) {
// FUNCTIONS:               scores[query][key + 2 * pair + 1] = high;

// FUNCTIONS-LABEL: void exponentiate(
// FUNCTIONS:           const attention_steps_t half = attention_steps_t(1) << 16;
// FUNCTIONS:               const attention_steps_t steps = (distance * factor + half) >> 17;
// FUNCTIONS:               const bool vanishes = key + lane >= limit || steps >= attention_steps_t(4096);
// FUNCTIONS:               attention_row_t(table[fraction] >> octaves)

// FUNCTIONS-LABEL: void mix(
// FUNCTIONS:               const attention_quotient_t quotient =
// FUNCTIONS-NEXT:              (exponentials[query][key + lane] * inverses[query] + half) >> 25;
// FUNCTIONS:                   sum += probabilities[factor] * values[key + factor][channel];

// FUNCTIONS-LABEL: void reciprocal(
// FUNCTIONS:           inverses[query] = dividend / sums[query];

// FUNCTIONS-LABEL: void store_rescaled(
// FUNCTIONS:               const attention_rescaled_t rescaled = values[token][lane] * multiplier + half;
// FUNCTIONS-NEXT:          matrix[(channel + lane) / kLanes][row][(channel + lane) % kLanes] = clamp<6>(rescaled >> 24);
