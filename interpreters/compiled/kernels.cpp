// What NumPy would do in many passes over memory, in one.
//
// Matrices are dense, a row after the other. Every number is an integer, or one over a power of two,
// and none needs more than the 53 bits of a double: so no operation rounds, and the compiler may put
// them into any order. Python has proven that before it calls.

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace {

// In what sums of products are given.
enum class Type : std::int64_t { float32, float64, int32, bytes };

// Sums of products of the upper bytes of inputs, and so many elements behind them of the lower ones.
struct Bytes {
  const std::int32_t *upper;
  std::int64_t behind;

  double operator[](std::int64_t index) const { return 256.0 * upper[index] + upper[index + behind]; }
  void operator+=(std::int64_t elements) { upper += elements; }
};

// Calls a function with so many sums as what they are.
template <typename Function>
void with_type(const void *sums, Type type, std::int64_t count, Function function) {
  switch (type) {
  case Type::float32:
    return function(static_cast<const float *>(sums));
  case Type::float64:
    return function(static_cast<const double *>(sums));
  case Type::int32:
    return function(static_cast<const std::int32_t *>(sums));
  case Type::bytes:
    return function(Bytes{static_cast<const std::int32_t *>(sums), count});
  }
}

double scaled(double sum, double multiplier, double offset, double low, double high) {
  return std::min(std::max(sum * multiplier + offset, low), high);
}

} // namespace

// out = floor(clip(sums * multiplier + offset, low, high)). May be done in place.
extern "C" void requantize(const void *all_sums, Type type, std::int64_t rows,
                           std::int64_t channels, const double *multiplier, const double *offset,
                           double low, double high, float *out) {
  with_type(all_sums, type, rows * channels, [=](auto sums) mutable {
    for (std::int64_t row = 0; row < rows; ++row, sums += channels, out += channels) {
#pragma GCC ivdep
      for (std::int64_t channel = 0; channel < channels; ++channel)
        out[channel] =
            std::floor(scaled(sums[channel], multiplier[channel], offset[channel], low, high));
    }
  });
}

// out = table[floor(clip(sums * multiplier + offset, 0, high))]. May be done in place.
extern "C" void requantize_and_look_up(const void *all_sums, Type type, std::int64_t rows,
                                       std::int64_t channels, const double *multiplier,
                                       const double *offset, double high, const float *table,
                                       float *out) {
  with_type(all_sums, type, rows * channels, [=](auto sums) mutable {
    for (std::int64_t row = 0; row < rows; ++row, sums += channels, out += channels) {
#pragma GCC ivdep
      for (std::int64_t channel = 0; channel < channels; ++channel)
        // None is negative, so that cutting off is rounding down.
        out[channel] = table[static_cast<std::int32_t>(
            scaled(sums[channel], multiplier[channel], offset[channel], 0, high))];
    }
  });
}

// out = clip(left + right, low, high).
extern "C" void add(const float *left, const float *right, std::int64_t count, float low, float high,
                    float *out) {
  for (std::int64_t index = 0; index < count; ++index)
    out[index] = std::min(std::max(left[index] + right[index], low), high);
}

// Each row with mean 0 and variance 1, with as many fraction bits: `arithmetic.layer_norm`.
extern "C" void normalize(const float *tokens, std::int64_t rows, std::int64_t channels,
                          std::int64_t epsilon, std::int64_t variance_bits,
                          std::int64_t inverse_bits, std::int64_t fraction_bits, float *out) {
  for (std::int64_t row = 0; row < rows; ++row, tokens += channels, out += channels) {
    double sum = 0, squares = 0;
    for (std::int64_t channel = 0; channel < channels; ++channel) {
      const double value = tokens[channel];
      sum += value;
      squares += value * value;
    }
    const auto whole_sum = static_cast<std::int64_t>(sum);
    const auto variance = static_cast<std::uint64_t>(
        channels * static_cast<std::int64_t>(squares) - whole_sum * whole_sum + epsilon);
    const std::int64_t variance_length = 64 - __builtin_clzll(variance);
    const std::int64_t exponent = (variance_bits - variance_length) >> 1;
    const std::uint64_t square = variance << (2 * exponent);
    // Of large integers the root in doubles may be one too large.
    auto root = static_cast<std::uint64_t>(std::sqrt(static_cast<double>(square)));
    root -= root * root > square;
    const auto inverse = static_cast<double>((std::uint64_t{1} << inverse_bits) / root);
    const double scaled_inverse =
        std::ldexp(inverse, static_cast<int>(fraction_bits + exponent - inverse_bits));
    const double factor = static_cast<double>(channels) * scaled_inverse;
    const double offset = 0.5 - sum * scaled_inverse;
#pragma GCC ivdep
    for (std::int64_t channel = 0; channel < channels; ++channel)
      out[channel] = std::floor(tokens[channel] * factor + offset);
  }
}

// The probabilities of each row of scores: table[steps] is the exponential of a score that is that
// many steps below the maximum, table[last] that of all that are further below, as scores are from
// the farthest on.
extern "C" void softmax(const void *all_scores, Type type, std::int64_t rows, std::int64_t keys,
                        double multiplier, double farthest, const float *table, double last,
                        std::int64_t dividend, double unit, double most, float *out) {
  with_type(all_scores, type, rows * keys, [=](auto scores) mutable {
    for (std::int64_t row = 0; row < rows; ++row, scores += keys, out += keys) {
      auto maximum = scores[0];
      for (std::int64_t key = 1; key < keys; ++key)
        maximum = std::max(maximum, scores[key]);
      double sum = 0;
#pragma GCC ivdep
      for (std::int64_t key = 0; key < keys; ++key) {
        const double below = std::min(static_cast<double>(maximum) - scores[key], farthest);
        out[key] = table[static_cast<std::int32_t>(std::min(below * multiplier + 0.5, last))];
        sum += out[key];
      }
      const double inverse = static_cast<double>(dividend / static_cast<std::int64_t>(sum)) * unit;
#pragma GCC ivdep
      for (std::int64_t key = 0; key < keys; ++key)
        out[key] = std::floor(std::min(out[key] * inverse + 0.5, most));
    }
  });
}

// bytes = values + 128, for values of 8 bits.
extern "C" void one_byte(const float *values, std::int64_t count, std::uint8_t *bytes) {
  for (std::int64_t index = 0; index < count; ++index)
    bytes[index] = static_cast<std::uint8_t>(static_cast<std::int32_t>(values[index]) + 128);
}

// The upper bytes of values + 2^15, for values of 16 bits, then all lower ones.
extern "C" void two_bytes(const float *values, std::int64_t count, std::uint8_t *bytes) {
  for (std::int64_t index = 0; index < count; ++index) {
    const std::int32_t value = static_cast<std::int32_t>(values[index]) + (1 << 15);
    bytes[index] = static_cast<std::uint8_t>(value >> 8);
    bytes[count + index] = static_cast<std::uint8_t>(value);
  }
}
