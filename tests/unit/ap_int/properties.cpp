// What <ap_int.h> of this project promises beyond Xilinx's: checked by compiling.
#include <ap_int.h>

#include <type_traits>

// Arrays of them cost what arrays of built-in integers cost.
static_assert(std::is_trivial<ap_int<6>>::value, "numbers are trivial");
static_assert(std::is_trivial<ap_uint<512>>::value, "words are trivial");
static_assert(sizeof(ap_int<1>) == 1 && sizeof(ap_uint<8>) == 1, "up to 8 bits are stored in one byte");
static_assert(sizeof(ap_int<9>) == 2 && sizeof(ap_uint<16>) == 2, "up to 16 bits are stored in two bytes");
static_assert(sizeof(ap_int<17>) == 4 && sizeof(ap_uint<32>) == 4, "up to 32 bits are stored in four bytes");
static_assert(sizeof(ap_int<33>) == 8 && sizeof(ap_uint<64>) == 8, "up to 64 bits are stored in eight bytes");
static_assert(sizeof(ap_uint<512>) == 64, "wide words have no overhead");

// Tables are constants of the program, and expressions of constants are constants.
constexpr ap_int<8> kTable[] = {1, -2, 255, 128};
static_assert(kTable[2] == -1 && kTable[3] == -128, "construction wraps");
static_assert(kTable[0] + kTable[1] * kTable[3] == 257, "sums and products are exact");
static_assert((kTable[1] >> 1) == -1 && (ap_uint<8>(200) << 1) == 144, "shifts keep the width");
static_assert(ap_uint<5>(kTable[3].range(7, 3)) == 16 && kTable[3][7], "parts are read");

constexpr int sum_of_first(int count) {
    ap_int<4> sum = 0;
    for (ap_uint<4> i = 1; i <= count; ++i) sum += i;
    return sum.to_int();
}
static_assert(sum_of_first(3) == 6 && sum_of_first(4) == 10 - 16, "a sum wraps to its width when it is read");

// The selected sum of an engine and the product sum of another are deduced through a template parameter.
template <int W>
constexpr int width_of(const ap_int<W>&) { return W; }
static_assert(width_of(kTable[0]) == 8 && ap_int<8>::width == 8, "the width can be deduced");

ap_int<22> product_sum(const ap_int<8>* a, const ap_int<8>* b) {
    ap_int<22> sum = 0;
    for (int i = 0; i < 64; ++i) sum += a[i] * b[i];
    return sum;
}
