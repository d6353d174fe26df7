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
enum class Type : std::int64_t { float32, float64, int32 };

// Calls a function with values of the type that they have.
template <typename Function>
void with_type(const void *values, Type type, Function function) {
  switch (type) {
  case Type::float32:
    return function(static_cast<const float *>(values));
  case Type::float64:
    return function(static_cast<const double *>(values));
  case Type::int32:
    return function(static_cast<const std::int32_t *>(values));
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
  with_type(all_sums, type, [=](auto *sums) mutable {
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
  with_type(all_sums, type, [=](auto *sums) mutable {
    for (std::int64_t row = 0; row < rows; ++row, sums += channels, out += channels) {
#pragma GCC ivdep
      for (std::int64_t channel = 0; channel < channels; ++channel)
        // None is negative, so that cutting off is rounding down.
        out[channel] = table[static_cast<std::int32_t>(
            scaled(sums[channel], multiplier[channel], offset[channel], 0, high))];
    }
  });
}

// The sum of each row, and that of its squares.
extern "C" void moments(const float *tokens, std::int64_t rows, std::int64_t channels, double *sums,
                        double *squares) {
  for (std::int64_t row = 0; row < rows; ++row, tokens += channels) {
    double sum = 0, sum_of_squares = 0;
    for (std::int64_t channel = 0; channel < channels; ++channel) {
      const double value = tokens[channel];
      sum += value;
      sum_of_squares += value * value;
    }
    sums[row] = sum;
    squares[row] = sum_of_squares;
  }
}

// out = floor(tokens * factor + offset), with one of each a row.
extern "C" void normalize(const float *tokens, std::int64_t rows, std::int64_t channels,
                          const double *factor, const double *offset, float *out) {
  for (std::int64_t row = 0; row < rows; ++row, tokens += channels, out += channels) {
#pragma GCC ivdep
    for (std::int64_t channel = 0; channel < channels; ++channel)
      out[channel] = std::floor(tokens[channel] * factor[row] + offset[row]);
  }
}

// The probabilities of each row of scores: table[steps] is the exponential of a score that is that
// many steps below the maximum, table[last] that of all that are further below.
extern "C" void softmax(const void *all_scores, Type type, std::int64_t rows, std::int64_t keys,
                        double multiplier, const float *table, double last, std::int64_t dividend,
                        double unit, double most, float *out) {
  with_type(all_scores, type, [=](auto *scores) mutable {
    for (std::int64_t row = 0; row < rows; ++row, scores += keys, out += keys) {
      auto maximum = scores[0];
      for (std::int64_t key = 1; key < keys; ++key)
        maximum = std::max(maximum, scores[key]);
      double sum = 0;
#pragma GCC ivdep
      for (std::int64_t key = 0; key < keys; ++key) {
        const double below = static_cast<double>(maximum) - scores[key];
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

// out = 256 * upper + lower + offset.
extern "C" void join_bytes(const std::int32_t *upper, const std::int32_t *lower, std::int64_t rows,
                           std::int64_t channels, const double *offset, double *out) {
  for (std::int64_t row = 0; row < rows; ++row) {
#pragma GCC ivdep
    for (std::int64_t channel = 0; channel < channels; ++channel)
      out[channel] = 256.0 * upper[channel] + lower[channel] + offset[channel];
    upper += channels, lower += channels, out += channels;
  }
}
