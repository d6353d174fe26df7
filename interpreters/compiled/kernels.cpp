// What NumPy would do in many passes over memory, in one.
//
// Matrices are dense, a row after the other. Every number is an integer, or one over a power of two,
// and none needs more than the 53 bits of a double: so no operation rounds, and the compiler may put
// them into any order. Python has proven that before it calls.

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace {

double scaled(float sum, double multiplier, double offset, double low, double high) {
  return std::min(std::max(sum * multiplier + offset, low), high);
}

} // namespace

// out = floor(clip(sums * multiplier + offset, low, high)). May be done in place.
extern "C" void requantize(const float *sums, std::int64_t rows, std::int64_t channels,
                           const double *multiplier, const double *offset, double low, double high,
                           float *out) {
  for (std::int64_t row = 0; row < rows; ++row, sums += channels, out += channels) {
#pragma GCC ivdep
    for (std::int64_t channel = 0; channel < channels; ++channel)
      out[channel] =
          std::floor(scaled(sums[channel], multiplier[channel], offset[channel], low, high));
  }
}

// out = table[floor(clip(sums * multiplier + offset, 0, high))]. May be done in place.
extern "C" void requantize_and_look_up(const float *sums, std::int64_t rows, std::int64_t channels,
                                       const double *multiplier, const double *offset, double high,
                                       const float *table, float *out) {
  for (std::int64_t row = 0; row < rows; ++row, sums += channels, out += channels) {
#pragma GCC ivdep
    for (std::int64_t channel = 0; channel < channels; ++channel)
      // None is negative, so that cutting off is rounding down.
      out[channel] = table[static_cast<std::int32_t>(
          scaled(sums[channel], multiplier[channel], offset[channel], 0, high))];
  }
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
extern "C" void softmax(const float *scores, std::int64_t rows, std::int64_t keys, double multiplier,
                        const float *table, double last, std::int64_t dividend, double unit,
                        double most, float *out) {
  for (std::int64_t row = 0; row < rows; ++row, scores += keys, out += keys) {
    float maximum = scores[0];
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
}
