// Prints what memory words of more than 64 bits hold after every operation that the subset has for them. Two
// implementations of <ap_int.h> agree if and only if they print the same.
#include <ap_int.h>

#include <cstdint>
#include <cstdio>

namespace {

/// The same pseudo-random 64 bits on every machine (splitmix64).
std::uint64_t random_bits() {
    static std::uint64_t state = 7;
    std::uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}
int random_below(int limit) { return int(random_bits() % std::uint64_t(limit)); }

template <int W>
void print(const char* what, const ap_uint<W>& word) {
    std::printf("%s %d:", what, W);
    for (int low = (W - 1) / 64 * 64; low >= 0; low -= 64) {
        const int high = low + 63 < W ? low + 63 : W - 1;
        const std::uint64_t part = word.range(high, low);
        std::printf(" %016llx", static_cast<unsigned long long>(part));
    }
    std::printf("\n");
}

template <int W>
ap_uint<W> random_word() {
    ap_uint<W> word = 0;
    for (int low = 0; low < W; low += 32) word.range(low + 31 < W ? low + 31 : W - 1, low) = random_bits();
    return word;
}

template <int W>
void construction() {
    print("of 0", ap_uint<W>(0));
    print("of unsigned", ap_uint<W>(random_bits()));
    print("of int", ap_uint<W>(-2));
    print("of long long", ap_uint<W>(-0x123456789abcdefLL));
    print("of bool", ap_uint<W>(true));
    print("of ap_uint", ap_uint<W>(ap_uint<37>(random_bits())));
    print("of ap_uint", ap_uint<W>(ap_uint<64>(random_bits() | std::uint64_t(1) << 63)));
    print("of ap_int", ap_uint<W>(ap_int<9>(-3)));
    print("of an expression", ap_uint<W>(ap_int<9>(-3) - ap_uint<3>(6)));
    const ap_uint<W> word = random_word<W>();
    print("of a range", ap_uint<W>(word.range(63, 1)));
    ap_uint<W> other;
    other = word;
    print("of a word", other);
    other = 5;
    print("= int", other);
    other = ap_uint<20>(0xfffff);
    print("= ap_uint", other);
}

template <int W>
void equality() {
    const ap_uint<W> word = random_word<W>();
    ap_uint<W> same = word;
    std::printf("equal %d %d\n", word == same, word != same);
    for (int i = 0; i < 8; ++i) {
        ap_uint<W> other = word;
        const int position = random_below(W);
        other[position] = !other[position];
        std::printf("equal %d %d\n", word == other, word != other);
    }
    const ap_uint<W> five = 5;
    std::printf("equal %d %d %d\n", five == 5, five != 0, ap_uint<W>(-1) == ap_int<8>(-1));
}

template <int W>
void bits() {
    ap_uint<W> word = random_word<W>();
    const ap_uint<W> constant = word;
    int ones = 0;
    for (int i = 0; i < W; ++i) ones += constant[i] ? i : 0;
    for (int i = 0; i < W; ++i) ones += word[i] ? 1 : 0;
    std::printf("ones %d\n", ones);
    for (int i = 0; i < W; i += 3) word[i] = constant[W - 1 - i];
    print("bit = bool", word);
    for (int i = 0; i < W; i += 5) word[i] = word[W - 1 - i];
    print("bit = bit", word);
    for (int i = 0; i < W; i += 7) word[i] = 1;
    word[0] = ap_uint<1>(0);
    word[W - 1] = ap_int<4>(-8);
    print("bit = number", word);
}

template <int W>
void fields() {
    ap_uint<W> word = random_word<W>();
    const ap_uint<W> constant = random_word<W>();
    for (int i = 0; i < 60; ++i) {
        const int low = random_below(W);
        const int room = W - low < 64 ? W - low : 64;
        const int high = low + random_below(room);
        const unsigned long long whole = constant.range(high, low);
        const int truncated = word.range(high, low);
        const ap_int<8> number = word.range(high, low);
        ap_uint<50> other;
        other = constant.range(high, low);
        std::printf("%d..%d: %016llx %d %d %016llx\n", high, low, whole, truncated, int(number),
                    static_cast<unsigned long long>(other));
        word.range(high, low) = random_bits();
        print("range = unsigned", word);
        word.range(high, low) = -1 - i;
        print("range = int", word);
        word.range(high, low) = ap_int<11>(random_bits());
        print("range = ap_int", word);
        word.range(high, low) = number + other;
        print("range = expression", word);
        word.range(W - 1 - low, W - 1 - high) = constant.range(high, low);
        print("range = constant range", word);
        word.range(high, low) = word.range(W - 1 - low, W - 1 - high);
        print("range = range", word);
        ap_uint<40> narrow = random_bits();
        narrow.range(30, 9) = word.range(high, low);
        std::printf("narrow %016llx\n", static_cast<unsigned long long>(narrow));
    }
}

/// As a memory port is read: numbers packed side by side, across the boundaries of 64 bits where W is no multiple.
template <int Lane>
void lanes() {
    ap_uint<512> word = 0;
    ap_int<Lane> lane[512 / Lane];
    for (int i = 0; i < 512 / Lane; ++i) {
        lane[i] = random_bits();
        word.range(i * Lane + Lane - 1, i * Lane) = lane[i];
    }
    print("packed", word);
    int different = 0;
    for (int i = 0; i < 512 / Lane; ++i)
        different += ap_int<Lane>(word.range(i * Lane + Lane - 1, i * Lane)) != lane[i];
    std::printf("%d lanes of %d differ\n", different, Lane);
}

template <int W>
void words() {
    construction<W>();
    equality<W>();
    bits<W>();
    fields<W>();
}

}  // namespace

int main() {
    words<65>();
    words<128>();
    words<200>();
    words<256>();
    words<512>();
    lanes<1>();
    lanes<6>();
    lanes<8>();
    lanes<13>();
    lanes<33>();
    lanes<64>();
}
