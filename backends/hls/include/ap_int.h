// ap_int<W> and ap_uint<W> for C simulation with a plain C++14 compiler, without a vendor tool.
//
// Generated code says `#include <ap_int.h>`. A vendor installation brings its own, and so do Xilinx's open headers
// (`-isystem`): either takes the place of this file and gives the same bits. This one implements the subset that
// generated code uses, about as fast as built-in integers:
//
// - Numbers of 1 to 64 bits. Construction and assignment wrap to W bits, `+ - *` are exact, `/ %` truncate towards
//   zero, shifts keep the width of their left operand. Also `& | ^ ~ !`, comparisons, compound assignments, `++ --`,
//   bits `x[i]`, fields of bits `x.range(high, low)`, and conversion to built-in integers.
// - Unsigned memory words of more than 64 bits: copies, `== !=`, bits, and fields of up to 64 bits.
//
// The rest does not compile, and neither does what Xilinx's headers compute otherwise than the numbers say, such as
// the comparison of a wide unsigned number with a negative one. Positions of bits are checked as `assert` does.
#pragma once

#include <cassert>
#include <cstdint>
#include <type_traits>

namespace vaqf_ap {

/// Where an integer lives, and so how its bits are kept.
enum class form {
    stored,  ///< a variable: the smallest built-in integer of W bits; bits above W are ignored when it is read
    exact,   ///< the result of an expression: a built-in integer of 32 or 64 bits that equals it
    wide,    ///< a memory word of more than 64 bits: an array of built-in integers
};

template <int W, bool S, form F> class integer;  // of W bits; S where it is signed
template <class Word> class bit_reference;
template <class Word> class field;

// ---- Built-in integers -------------------------------------------------------------------------------------

constexpr int larger(int a, int b) { return a > b ? a : b; }

/// The unsigned integer that stores W bits.
template <int W>
using storage_t = std::conditional_t<(W > 16), std::conditional_t<(W > 32), std::uint64_t, std::uint32_t>,
                                     std::conditional_t<(W > 8), std::uint16_t, std::uint8_t>>;

/// The integer that expressions of W bits compute in: at least as wide as `int`, so that C++ promotes nothing.
template <int W, bool S>
using number_t = std::conditional_t<S, std::make_signed_t<storage_t<larger(W, 32)>>, storage_t<larger(W, 32)>>;

/// The number that the low W bits of `bits` stand for.
template <int W, bool S, class Bits> constexpr number_t<W, S> wrap(Bits bits) {
    using storage = storage_t<W>;
    constexpr int unused = 8 * sizeof(storage) - W;
    return std::conditional_t<S, std::make_signed_t<storage>, storage>(storage(bits << unused)) >> unused;
}

/// A mask of 1 to 64 ones.
constexpr std::uint64_t ones(int count) { return ~std::uint64_t(0) >> (64 - count); }

// ---- Operands ----------------------------------------------------------------------------------------------

/// Width, sign and value of what may stand in an expression; as in Xilinx's headers, an `int` is an ap_int<32>.
/// `bits` is the number up to its width: what lies above that has no meaning.
template <class T>
struct operand {
    static_assert(std::is_integral<T>::value, "make an ap_(u)int of floating point, enums and range() first");
    static constexpr int width = std::is_same<T, bool>::value ? 1 : 8 * sizeof(T);
    static constexpr bool is_signed = std::is_signed<T>::value;
    static constexpr number_t<width, is_signed> number(T x) { return x; }
    static constexpr number_t<width, is_signed> bits(T x) { return x; }
};
template <int W, bool S, form F>
struct operand<integer<W, S, F>> {
    static constexpr int width = W;
    static constexpr bool is_signed = S;
    static constexpr number_t<W, S> number(const integer<W, S, F>& x) { return x.number(); }
    static constexpr number_t<W, S> bits(const integer<W, S, F>& x) { return number_t<W, S>(x.bits()); }
};
template <class Word> struct operand<bit_reference<Word>> : operand<bool> {};

/// Whether a type is no operand (0), is one beside an ap_(u)int (1), or brings the operators of this file (2).
/// A field brings them to be rejected by `operand` in words.
template <class T> constexpr int role = std::is_arithmetic<T>::value || std::is_enum<T>::value ? 1 : 0;
template <int W, bool S, form F> constexpr int role<integer<W, S, F>> = F == form::wide ? 0 : 2;
template <class Word> constexpr int role<bit_reference<Word>> = 1;
template <class Word> constexpr int role<field<Word>> = 2;

template <class T> using if_operand = std::enable_if_t<(role<T> > 0)>;
template <class A, class B> using ours = std::enable_if_t<(role<A> * role<B> > 1)>;
template <class A, class B> using our_shift = std::enable_if_t<(role<A> * role<B> > 1 && std::is_class<A>::value)>;

/// The value of an operand in another type, modulo 2^(bits of that type).
template <class Number, class T> constexpr Number number_as(const T& x) { return Number(operand<T>::number(x)); }

// ---- Numbers of up to 64 bits ------------------------------------------------------------------------------

template <int W, bool S, form F>
class integer {
    static_assert(W >= 1, "an integer has at least one bit");
    static_assert(W <= 64 || F == form::exact, "a signed integer has at most 64 bits");
    static_assert(W <= 64 || F != form::exact, "an exact result needs more than 64 bits: cast the operands to fewer");

 public:
    static constexpr int width = W;
    using number_type = number_t<W, S>;
    using bits_type = std::make_unsigned_t<number_type>;

    integer() = default;
    template <class T, class = if_operand<T>> constexpr integer(const T& x) : raw_() { keep(low(x)); }
    template <class Word> constexpr integer(const field<Word>& x) : raw_() { keep(bits_type(x.bits())); }

    /// The integer of a value that is known to fit.
    static constexpr integer exactly(number_type x) { integer y{}; y.raw_ = raw_type(x); return y; }

    constexpr number_type number() const { return F == form::exact ? number_type(raw_) : wrap<W, S>(bits()); }
    /// The W bits of the number, below others of no meaning.
    constexpr bits_type bits() const { return bits_type(raw_); }

    constexpr operator std::conditional_t<S, long long, unsigned long long>() const { return number(); }
    constexpr int to_int() const { return int(number()); }
    constexpr std::int64_t to_int64() const { return std::int64_t(number()); }
    constexpr std::uint64_t to_uint64() const { return std::uint64_t(number()); }

    // The low W bits of these depend on no higher bit of the operands, so nothing is wrapped: compilers vectorise a
    // loop of `sum += x` only where nothing but the addition lies between one value of `sum` and the next.
    template <class T> constexpr integer& operator+=(const T& x) { return keep(bits() + low(x)); }
    template <class T> constexpr integer& operator-=(const T& x) { return keep(bits() - low(x)); }
    template <class T> constexpr integer& operator*=(const T& x) { return keep(bits() * low(x)); }
    template <class T> constexpr integer& operator&=(const T& x) { return keep(bits() & low(x)); }
    template <class T> constexpr integer& operator|=(const T& x) { return keep(bits() | low(x)); }
    template <class T> constexpr integer& operator^=(const T& x) { return keep(bits() ^ low(x)); }
    template <class T> constexpr integer& operator/=(const T& x) { return *this = *this / x; }
    template <class T> constexpr integer& operator%=(const T& x) { return *this = *this % x; }
    template <class T> constexpr integer& operator<<=(const T& x) { return *this = *this << x; }
    template <class T> constexpr integer& operator>>=(const T& x) { return *this = *this >> x; }
    constexpr integer& operator++() { return *this += 1; }
    constexpr integer& operator--() { return *this -= 1; }
    constexpr integer operator++(int) { const integer old = *this; ++*this; return old; }
    constexpr integer operator--(int) { const integer old = *this; --*this; return old; }

    /// A bit, moved to the place of the sign: compilers vectorise a comparison, but not a conversion to `bool`.
    constexpr bool operator[](int position) const& {
        assert(0 <= position && position < W);
        constexpr int top = 8 * sizeof(bits_type) - 1;
        return std::make_signed_t<bits_type>(bits() << bits_type(top - position)) < 0;
    }
    constexpr bit_reference<integer> operator[](int position) & { return {*this, position}; }
    constexpr field<const integer> range(int high, int low) const& { return {*this, high, low}; }
    constexpr field<integer> range(int high, int low) & { return {*this, high, low}; }

 private:
    template <class Word> friend class field;
    using raw_type = std::conditional_t<F == form::exact, number_type, storage_t<W>>;

    /// The low W bits of an operand, below others of no meaning.
    template <class T> static constexpr bits_type low(const T& x) {
        return bits_type(operand<T>::width < W ? operand<T>::number(x) : operand<T>::bits(x));
    }
    constexpr integer& keep(bits_type x) { raw_ = raw_type(F == form::exact ? wrap<W, S>(x) : x); return *this; }

    constexpr std::uint64_t read(int low, int count) const { return bits() >> low & ones(count); }
    constexpr void write(int low, int count, std::uint64_t value) {
        keep(bits_type((bits() & ~(ones(count) << low)) | (value & ones(count)) << low));
    }

    raw_type raw_;
};

// ---- Expressions: a result is as wide as in Xilinx's headers ---------------------------------------------------

template <int W, bool S> using exact_t = integer<W, S, form::exact>;

template <class A, class B>
struct operands {
    static constexpr int a = operand<A>::width, b = operand<B>::width;
    static constexpr bool a_signed = operand<A>::is_signed, b_signed = operand<B>::is_signed;
    static constexpr bool any_signed = a_signed || b_signed, mixed = a_signed != b_signed;
    static constexpr int common = larger(a + (mixed && b_signed), b + (mixed && a_signed));  // holds both
    static constexpr int narrower = a < b ? a : b;
};

template <class A, class B, class Of = operands<A, B>> using sum_t = exact_t<Of::common + 1, Of::any_signed>;
template <class A, class B, class Of = operands<A, B>> using difference_t = exact_t<Of::common + 1, true>;
template <class A, class B, class Of = operands<A, B>> using product_t = exact_t<Of::a + Of::b, Of::any_signed>;
template <class A, class B, class Of = operands<A, B>> using common_t = exact_t<Of::common, Of::any_signed>;
template <class A, class B, class Of = operands<A, B>> using quotient_t = exact_t<Of::a + Of::b_signed, Of::b_signed>;
template <class A, class B, class Of = operands<A, B>> using remainder_t = exact_t<Of::narrower, Of::a_signed>;

/// The value of an operand in the type that R computes in, which holds it.
template <class R, class T>
constexpr typename R::number_type as(const T& x) { return number_as<typename R::number_type>(x); }

template <class A, class B, class = ours<A, B>, class R = sum_t<A, B>>
constexpr R operator+(const A& a, const B& b) { return R::exactly(as<R>(a) + as<R>(b)); }
template <class A, class B, class = ours<A, B>, class R = difference_t<A, B>>
constexpr R operator-(const A& a, const B& b) { return R::exactly(as<R>(a) - as<R>(b)); }
template <class A, class B, class = ours<A, B>, class R = product_t<A, B>>
constexpr R operator*(const A& a, const B& b) { return R::exactly(as<R>(a) * as<R>(b)); }
template <class A, class B, class = ours<A, B>, class R = common_t<A, B>>
constexpr R operator&(const A& a, const B& b) { return R::exactly(as<R>(a) & as<R>(b)); }
template <class A, class B, class = ours<A, B>, class R = common_t<A, B>>
constexpr R operator|(const A& a, const B& b) { return R::exactly(as<R>(a) | as<R>(b)); }
template <class A, class B, class = ours<A, B>, class R = common_t<A, B>>
constexpr R operator^(const A& a, const B& b) { return R::exactly(as<R>(a) ^ as<R>(b)); }

/// What to divide in: it holds both operands and the quotient.
template <class A, class B, class Of = operands<A, B>>
struct division : exact_t<larger(Of::a + Of::a_signed, Of::b), Of::a_signed> {
    static_assert(role<A> > 1, "a built-in integer is divided by an ap_(u)int: make it an ap_(u)int");
    static_assert(!Of::mixed, "a signed and an unsigned integer are divided: cast one of them");
};
template <class A, class B, class = ours<A, B>, class R = quotient_t<A, B>, class D = division<A, B>>
constexpr R operator/(const A& a, const B& b) { return R::exactly(as<D>(a) / as<D>(b)); }
template <class A, class B, class = ours<A, B>, class R = remainder_t<A, B>, class D = division<A, B>>
constexpr R operator%(const A& a, const B& b) { return R::exactly(as<D>(a) % as<D>(b)); }

template <int W, bool S, form F> constexpr exact_t<W, S> operator+(const integer<W, S, F>& x) { return x; }
template <int W, bool S, form F> constexpr exact_t<W, S> operator~(const integer<W, S, F>& x) { return ~x.number(); }
template <int W, bool S, form F>
constexpr auto operator-(const integer<W, S, F>& x) { return exact_t<1, false>(0) - x; }

/// number * 2^amount, wrapped to the width of R; a negative amount divides, and rounds down.
template <class R> constexpr R shifted(typename R::number_type number, int amount) {
    constexpr int all = 8 * sizeof(number);
    if (amount >= 0) return amount < all ? R(typename R::bits_type(number) << amount) : R(0);
    return R::exactly(amount > -all ? number >> -amount : number < 0 ? -1 : 0);
}
template <class T> constexpr int shift_amount(const T& x) {
    static_assert(operand<T>::width + !operand<T>::is_signed <= 32, "a shift amount fits an int");
    return number_as<int>(x);
}
template <class A, class B, class = our_shift<A, B>, class R = exact_t<operand<A>::width, operand<A>::is_signed>>
constexpr R operator<<(const A& a, const B& b) { return shifted<R>(as<R>(a), shift_amount(b)); }
template <class A, class B, class = our_shift<A, B>, class R = exact_t<operand<A>::width, operand<A>::is_signed>>
constexpr R operator>>(const A& a, const B& b) { return shifted<R>(as<R>(a), -shift_amount(b)); }

/// What to compare in. Where the unsigned operand is the wider one, Xilinx's headers make the other one unsigned too.
template <class A, class B, class Of = operands<A, B>>
struct comparison {
    using number_type = number_t<Of::common, Of::any_signed>;
    static_assert(!Of::mixed || (Of::a_signed ? Of::b < larger(Of::a, 32) : Of::a < larger(Of::b, 32)),
                  "a signed integer is compared with a wide unsigned one: cast one of them");
};
template <class A, class B, class = ours<A, B>, class C = comparison<A, B>>
constexpr bool operator==(const A& a, const B& b) { return as<C>(a) == as<C>(b); }
template <class A, class B, class = ours<A, B>, class C = comparison<A, B>>
constexpr bool operator<(const A& a, const B& b) { return as<C>(a) < as<C>(b); }
template <class A, class B, class = ours<A, B>> constexpr bool operator!=(const A& a, const B& b) { return !(a == b); }
template <class A, class B, class = ours<A, B>> constexpr bool operator>(const A& a, const B& b) { return b < a; }
template <class A, class B, class = ours<A, B>> constexpr bool operator<=(const A& a, const B& b) { return !(b < a); }
template <class A, class B, class = ours<A, B>> constexpr bool operator>=(const A& a, const B& b) { return !(a < b); }

template <class A, class B> void operator,(const A&, const B&) = delete;  // concatenates in Xilinx's headers

// ---- Words of more than 64 bits ----------------------------------------------------------------------------

template <int W>
class integer<W, false, form::wide> {
 public:
    static constexpr int width = W;

    integer() = default;
    template <class T, class = if_operand<T>>
    constexpr integer(const T& x) : parts_{number_as<std::uint64_t>(x)} {
        for (int i = 1; i < kParts; ++i) parts_[i] = operand<T>::number(x) < 0 ? ones(64) : 0;
        parts_[kParts - 1] &= ones(W - 64 * (kParts - 1));
    }
    template <class Word> constexpr integer(const field<Word>& x) : integer(x.bits()) {}

    friend constexpr bool operator==(const integer& a, const integer& b) {
        bool same = true;
        for (int i = 0; i < kParts; ++i) same &= a.parts_[i] == b.parts_[i];
        return same;
    }
    friend constexpr bool operator!=(const integer& a, const integer& b) { return !(a == b); }

    constexpr bool operator[](int position) const& { return range(position, position); }
    constexpr bit_reference<integer> operator[](int position) & { return {*this, position}; }
    constexpr field<const integer> range(int high, int low) const& { return {*this, high, low}; }
    constexpr field<integer> range(int high, int low) & { return {*this, high, low}; }

 private:
    template <class Word> friend class field;
    static constexpr int kParts = (W + 63) / 64;

    constexpr std::uint64_t read(unsigned low, unsigned count) const {
        const unsigned part = low / 64, offset = low % 64;
        std::uint64_t bits = parts_[part] >> offset;
        if (offset + count > 64) bits |= parts_[part + 1] << (64 - offset);
        return bits & ones(count);
    }
    constexpr void write(unsigned low, unsigned count, std::uint64_t value) {
        const unsigned part = low / 64, offset = low % 64;
        const std::uint64_t mask = ones(count), bits = value & mask;
        parts_[part] = (parts_[part] & ~(mask << offset)) | bits << offset;
        if (offset + count > 64)
            parts_[part + 1] = (parts_[part + 1] & ~(mask >> (64 - offset))) | bits >> (64 - offset);
    }

    std::uint64_t parts_[kParts];
};

// ---- Parts of words, to be read or assigned -----------------------------------------------------------------

/// `word.range(high, low)`: an unsigned integer of high - low + 1 bits, at most 64.
template <class Word>
class field {
 public:
    constexpr field(Word& word, int high, int low) : word_(word), low_(low), count_(high - low + 1) {
        assert(0 <= low && low <= high && high < Word::width && high - low < 64);
    }
    constexpr field(const field&) = default;

    constexpr std::uint64_t bits() const { return word_.read(low_, count_); }
    template <class T, class = std::enable_if_t<std::is_integral<T>::value>>
    constexpr operator T() const { return T(bits()); }

    template <class T, class = if_operand<T>>
    constexpr field& operator=(const T& x) { word_.write(low_, count_, number_as<std::uint64_t>(x)); return *this; }
    template <class Other> constexpr field& operator=(const field<Other>& x) { return *this = x.bits(); }
    constexpr field& operator=(const field& x) { return *this = x.bits(); }

 private:
    Word& word_;
    int low_, count_;
};

/// `word[position]`: one bit.
template <class Word>
class bit_reference {
 public:
    constexpr bit_reference(Word& word, int position) : word_(word), position_(position) {}
    constexpr bit_reference(const bit_reference&) = default;

    constexpr operator bool() const { return static_cast<const Word&>(word_)[position_]; }
    bool operator~() const = delete;

    template <class T, class = if_operand<T>>
    constexpr bit_reference& operator=(const T& x) {
        word_.range(position_, position_) = operand<T>::number(x) != 0;
        return *this;
    }
    constexpr bit_reference& operator=(const bit_reference& x) { return *this = bool(x); }

 private:
    Word& word_;
    int position_;
};

}  // namespace vaqf_ap

template <int W> using ap_int = vaqf_ap::integer<W, true, vaqf_ap::form::stored>;
template <int W> using ap_uint = vaqf_ap::integer<W, false, (W > 64 ? vaqf_ap::form::wide : vaqf_ap::form::stored)>;
