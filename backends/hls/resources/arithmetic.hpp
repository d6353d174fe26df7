// Arithmetic that all engines share.
#pragma once
#include "schedule.hpp"
#include <ap_int.h>

/// Brings a value into the range of a signed integer of Bits bits.
template <int Bits, class Number>
ap_int<Bits> clamp(const Number& value) {
#pragma HLS inline
    const ap_int<Bits> largest = (1 << (Bits - 1)) - 1;
    const ap_int<Bits> smallest = -(1 << (Bits - 1));
    if (value > largest) return largest;
    if (value < smallest) return smallest;
    return value;
}

/// Brings a value into the range of a signed integer of fewer bits, 2 to Bits.
template <int Bits, class Number>
ap_int<Bits> clamp(const Number& value, int bits) {
#pragma HLS inline
    const ap_int<Bits> largest = (1 << (bits - 1)) - 1;
    const ap_int<Bits> smallest = -(1 << (bits - 1));
    if (value > largest) return largest;
    if (value < smallest) return smallest;
    return value;
}

/// a / b for whole numbers that are not negative, rounded up.
constexpr int divide_up(int a, int b) { return (a + b - 1) / b; }

/// The smaller one of two numbers.
constexpr int smaller(int a, int b) { return a < b ? a : b; }

/// The larger one of two numbers.
constexpr int larger(int a, int b) { return a < b ? b : a; }
