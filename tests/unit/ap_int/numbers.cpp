// Prints what every operation on ap_int and ap_uint of 1 to 64 bits gives: for each pair of types and each operation
// the type of the result, and a hash of the results for a grid of values. Two implementations of <ap_int.h> agree if
// and only if they print the same.
#include <ap_int.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <type_traits>

namespace {

// ---- Values and results ----------------------------------------------------------------------------------------

/// The same pseudo-random 64 bits on every machine (splitmix64).
std::uint64_t random_bits() {
    static std::uint64_t state = 1;
    std::uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

template <class T>
struct traits {  // of built-in integers
    static constexpr int width = std::is_same<T, bool>::value ? 1 : 8 * sizeof(T);
    static constexpr bool is_signed = std::is_signed<T>::value;
    static constexpr const char* name = is_signed ? "int" : "unsigned";
};
template <int W>
struct traits<ap_int<W>> {
    static constexpr int width = W;
    static constexpr bool is_signed = true;
    static constexpr const char* name = "ap_int";
};
template <int W>
struct traits<ap_uint<W>> {
    static constexpr int width = W;
    static constexpr bool is_signed = false;
    static constexpr const char* name = "ap_uint";
};

constexpr int kValues = 12;

/// Both ends of the range, what lies beside zero, alternating bits, and random values.
template <class T>
struct Samples {
    Samples() {
        const std::uint64_t top = std::uint64_t(1) << (traits<T>::width - 1);
        const std::uint64_t edges[] = {0, 1, 2, 3, ~std::uint64_t(0), top, top - 1, top + 1, 0x5555555555555555u};
        int i = 0;
        for (std::uint64_t edge : edges) values[i++] = T(edge);
        while (i < kValues) values[i++] = T(random_bits());
    }
    T values[kValues];
};

/// Collects the results of each operation.
class Log {
 public:
    void add(const char* operation, bool result) { record(operation, "bool", 1, result); }
    void add(const char* operation, int result) { record(operation, "int", 32, result); }
    void add(const char* operation, long long result) { record(operation, "int", 64, result); }
    template <class R>
    void add(const char* operation, const R& result) {
        record(operation, double(R(-1)) < 0 ? "ap_int" : "ap_uint", R::width, static_cast<long long>(result));
    }

    /// Prints and forgets the results.
    void print(const char* a, int a_width, const char* b, int b_width) {
        for (int i = 0; i < count_; ++i)
            std::printf("%s<%d> %s %s<%d> is %s<%d> %016llx\n", a, a_width, rows_[i].operation, b, b_width,
                        rows_[i].type, rows_[i].width, static_cast<unsigned long long>(rows_[i].hash));
        count_ = 0;
    }

 private:
    struct Row {
        const char* operation;
        const char* type;
        int width;
        std::uint64_t hash;
    };

    __attribute__((noinline)) void record(const char* operation, const char* type, int width, long long result) {
        int i = 0;
        while (i < count_ && std::strcmp(rows_[i].operation, operation) != 0) ++i;
        if (i == count_) rows_[count_++] = {operation, type, width, 0xcbf29ce484222325u};
        for (int byte = 0; byte < 8; ++byte)
            rows_[i].hash = (rows_[i].hash ^ (std::uint64_t(result) >> 8 * byte & 0xff)) * 0x100000001b3u;
    }

    Row rows_[64];
    int count_ = 0;
};

// ---- Operations on two operands ----------------------------------------------------------------------------------

constexpr int larger(int a, int b) { return a > b ? a : b; }

/// What the subset allows, from the rules for the width of a result.
template <class A, class B>
struct allowed {
    static constexpr int a = traits<A>::width, b = traits<B>::width;
    static constexpr bool a_signed = traits<A>::is_signed, b_signed = traits<B>::is_signed;
    static constexpr bool same_sign = a_signed == b_signed;
    static constexpr int both = larger(a + (b_signed && !a_signed), b + (a_signed && !b_signed));
    static constexpr bool bitwise = both <= 64;
    static constexpr bool sum = both + 1 <= 64;
    static constexpr bool product = a + b <= 64;
    static constexpr bool quotient = same_sign && a + a_signed <= 64;
    static constexpr bool comparison = same_sign || (a_signed ? b < larger(a, 32) : a < larger(b, 32));
    static constexpr bool expression = larger(both + 1, b + 1) + 2 <= 64 && a + both + 2 <= 64;
};
template <bool Condition>
using when = std::integral_constant<bool, Condition>;

template <class A, class B>
void bitwise(std::true_type, Log& log, const A& a, const B& b) {
    log.add("&", a & b);
    log.add("|", a | b);
    log.add("^", a ^ b);
}
template <class A, class B>
void sum(std::true_type, Log& log, const A& a, const B& b) {
    log.add("+", a + b);
    log.add("-", a - b);
}
template <class A, class B>
void product(std::true_type, Log& log, const A& a, const B& b) {
    log.add("*", a * b);
}
template <class A, class B>
void comparison(std::true_type, Log& log, const A& a, const B& b) {
    log.add("==", a == b);
    log.add("!=", a != b);
    log.add("<", a < b);
    log.add("<=", a <= b);
    log.add(">", a > b);
    log.add(">=", a >= b);
}
template <class A, class B>
void quotient(std::true_type, Log& log, const A& a, const B& b) {
    if (b == B(0)) return;
    log.add("/", a / b);
    log.add("%", a % b);
    A c = a;
    log.add("/=", c /= b);
    c = a;
    log.add("%=", c %= b);
}
template <class A, class B>
void expression(std::true_type, Log& log, const A& a, const B& b) {
    log.add("and an expression with", ((a + b) << 1) - (a & b) + a * (a - b));
    A c = a;
    c += a - b;
    c -= (a + b) >> 1;
    log.add("+= an expression with", c);
}
template <class... Any>
void bitwise(std::false_type, const Any&...) {}
template <class... Any>
void sum(std::false_type, const Any&...) {}
template <class... Any>
void product(std::false_type, const Any&...) {}
template <class... Any>
void comparison(std::false_type, const Any&...) {}
template <class... Any>
void quotient(std::false_type, const Any&...) {}
template <class... Any>
void expression(std::false_type, const Any&...) {}

/// Operators that also take a built-in integer on the left.
template <class A, class B>
void symmetric(Log& log, const A& a, const B& b) {
    using allow = allowed<A, B>;
    bitwise(when<allow::bitwise>(), log, a, b);
    sum(when<allow::sum>(), log, a, b);
    product(when<allow::product>(), log, a, b);
    comparison(when<allow::comparison>(), log, a, b);
}

/// Operators that have an ap_(u)int on the left.
template <class A, class B>
void assignments(Log& log, const A& a, const B& b) {
    quotient(when<allowed<A, B>::quotient>(), log, a, b);
    log.add("of", A(b));
    A c = a;
    c = b;
    log.add("=", c);
    // Twice, so that bits which the first one carried out of the width would show.
    c = a;
    c += b;
    log.add("+=", c += b);
    c = a;
    c -= b;
    log.add("-=", c -= b);
    c = a;
    c *= b;
    log.add("*=", c *= b);
    c = a;
    log.add("&=", c &= b);
    c = a;
    log.add("|=", c |= b);
    c = a;
    log.add("^=", c ^= b);
}

template <class A, class B>
void pair() {
    static const Samples<A> as;
    static const Samples<B> bs;
    Log log;
    for (const A& a : as.values)
        for (const B& b : bs.values) {
            symmetric(log, a, b);
            assignments(log, a, b);
            expression(when<allowed<A, B>::expression>(), log, a, b);
        }
    log.print(traits<A>::name, traits<A>::width, traits<B>::name, traits<B>::width);
}

template <class A, class B>
void with_builtin() {
    static const Samples<A> as;
    static const Samples<B> bs;
    Log log;
    for (const A& a : as.values)
        for (const B& b : bs.values) {
            symmetric(log, a, b);
            assignments(log, a, b);
        }
    log.print(traits<A>::name, traits<A>::width, traits<B>::name, traits<B>::width);
    for (const A& a : as.values)
        for (const B& b : bs.values) symmetric(log, b, a);
    log.print(traits<B>::name, traits<B>::width, traits<A>::name, traits<A>::width);
}

// ---- Operations on one operand -----------------------------------------------------------------------------------

template <class A>
void unary(Log& log, A a) {
    log.add("~", ~a);
    log.add("unary +", +a);
    log.add("!", !a);
    log.add("?", a ? 3 : 5);
    log.add("x++", a++);
    log.add("++x", ++a);
    log.add("x--", a--);
    log.add("--x", --a);
    a += a++;
    log.add("++ and +=", a);
}

template <class A>
void negation(std::true_type, Log& log, const A& a) {
    log.add("unary -", -a);
}
template <class... Any>
void negation(std::false_type, const Any&...) {}

template <class A>
void conversions(Log& log, const A& a) {
    log.add("to_int", a.to_int());
    log.add("to_int64", static_cast<long long>(a.to_int64()));
    log.add("to_uint64", static_cast<long long>(a.to_uint64()));
    const int as_int = a;
    const long long as_long = a;
    const unsigned char as_char = a;
    const bool as_bool = a;
    const double as_double = a;
    log.add("as int", as_int);
    log.add("as long", as_long);
    log.add("as char", int(as_char));
    log.add("as bool", as_bool);
    log.add("as double", as_double > -1e18 && as_double < 9e18 ? static_cast<long long>(as_double) : 1);
    const int table[] = {7, 8};
    log.add("as index", table[ap_uint<1>(a)]);
}

template <class A>
void shifts(Log& log, const A& a) {
    constexpr int width = traits<A>::width;
    const int amounts[] = {0, 1, 2, 5, width - 1, width, width + 1, 63, 70, -1, -4, -70};
    for (int amount : amounts) {
        log.add("<<", a << amount);
        log.add(">>", a >> amount);
        A b = a;
        log.add("<<=", b <<= amount);
        b = a;
        log.add(">>=", b >>= amount);
        log.add("<< signed", a << ap_int<9>(amount));
        log.add(">> signed", a >> ap_int<9>(amount));
        if (amount < 0 || amount > 63) continue;
        log.add("<< unsigned", a << ap_uint<6>(amount));
        log.add(">> unsigned", a >> ap_uint<6>(amount));
    }
}

template <class A>
void bits(Log& log, A a) {
    constexpr int width = traits<A>::width;
    const A constant = a;
    for (int i = 0; i < width; ++i) {
        log.add("bit", constant[i]);
        log.add("bit ?", a[i] ? 1 : 0);
        const bool bit = a[width - 1 - i];
        A b = a;
        b[i] = bit;
        log.add("bit = bool", b);
        b[width - 1 - i] = a[i];
        log.add("bit = bit", b);
        b[width / 2] = 1;
        b[i] = ap_uint<1>(0);
        log.add("bit = number", b);
        b[width - 1] = !b[0];
        log.add("bit = !bit", b);
    }
}

template <class A>
void ranges(Log& log, A a) {
    constexpr int width = traits<A>::width;
    const A constant = a;
    for (int low = 0; low < width; low += 3)
        for (int high = low; high < width; high += 2) {
            const unsigned long long whole = a.range(high, low);
            const int truncated = constant.range(high, low);
            const bool any = constant.range(high, low);
            log.add("range as unsigned long long", static_cast<long long>(whole));
            log.add("range as int", truncated);
            log.add("range as bool", any);
            log.add("range as ap_int", ap_int<5>(a.range(high, low)));
            ap_uint<23> number = constant.range(high, low);
            log.add("range as ap_uint", number);
            number = a.range(high, low);
            log.add("= range", number);
            A b = a;
            b.range(high, low) = a;
            log.add("range = number", b);
            b.range(high, low) = -2;
            log.add("range = int", b);
            b.range(high, low) = ap_int<3>(-3);
            log.add("range = narrow number", b);
            b.range(width - 1 - low, width - 1 - high) = constant.range(high, low);
            b.range(width - 1, width - 1 - high) = a.range(high, 0);
            log.add("range = range", b);
        }
}

template <class A>
void alone() {
    static const Samples<A> as;
    Log log;
    for (const A& a : as.values) {
        unary(log, a);
        negation(when<(traits<A>::width < 64)>(), log, a);
        conversions(log, a);
        shifts(log, a);
        bits(log, a);
        ranges(log, a);
    }
    log.print(traits<A>::name, traits<A>::width, "alone", 0);
}

// ---- The grid of widths ------------------------------------------------------------------------------------------

template <int W>
void width() {
    alone<ap_int<W>>();
    alone<ap_uint<W>>();
    constexpr int other = 1 + W * 29 % 64;
    pair<ap_int<W>, ap_int<other>>();
    pair<ap_int<W>, ap_uint<other>>();
    pair<ap_uint<W>, ap_int<other>>();
    pair<ap_uint<W>, ap_uint<other>>();
}

template <int W>
void builtins() {
    with_builtin<ap_int<W>, bool>();
    with_builtin<ap_uint<W>, signed char>();
    with_builtin<ap_int<W>, unsigned char>();
    with_builtin<ap_uint<W>, short>();
    with_builtin<ap_int<W>, unsigned short>();
    with_builtin<ap_int<W>, int>();
    with_builtin<ap_uint<W>, int>();
    with_builtin<ap_uint<W>, unsigned>();
    with_builtin<ap_int<W>, long>();
    with_builtin<ap_uint<W>, unsigned long long>();
}

template <int... Ws>
void widths() {
    const int run[] = {(width<Ws>(), 0)...};
    static_cast<void>(run);
}

}  // namespace

int main() {
    widths<1, 3, 8, 9, 16, 17, 24, 32, 33, 48, 63, 64>();
    builtins<8>();
    builtins<23>();
}
