// What a testbench needs that does not depend on the model: files, words of memory, comparisons.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "formats.hpp"

constexpr int kMismatch = 1;    ///< exit code when a value differs from its golden value
constexpr int kUsageError = 2;  ///< exit code when a file or an option is wrong

/// Ends the program with a message about what it was given.
[[noreturn]] inline void give_up(const std::string& message) {
    std::fprintf(stderr, "testbench: error: %s\n", message.c_str());
    std::exit(kUsageError);
}

/// The bytes of a file.
inline std::vector<std::uint8_t> read_file(const std::string& path) {
    std::FILE* file = std::fopen(path.c_str(), "rb");
    if (file == nullptr) give_up(path + ": cannot be opened; --project says where the project is");
    std::vector<std::uint8_t> bytes;
    std::uint8_t buffer[1 << 16];
    while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, file))
        bytes.insert(bytes.end(), buffer, buffer + count);
    const bool failed = std::ferror(file) != 0;
    std::fclose(file);
    if (failed) give_up(path + ": cannot be read");
    return bytes;
}

/// The 32-bit number that starts at a byte, lowest byte first.
inline std::uint32_t little_endian(const std::uint8_t* bytes) {
    return std::uint32_t(bytes[0]) | std::uint32_t(bytes[1]) << 8 | std::uint32_t(bytes[2]) << 16 |
           std::uint32_t(bytes[3]) << 24;
}

/// The 32-bit integers of a file; `count` of them.
inline std::vector<std::int32_t> read_integers(const std::string& path, std::size_t count) {
    const std::vector<std::uint8_t> bytes = read_file(path);
    if (bytes.size() != 4 * count)
        give_up(path + ": has " + std::to_string(bytes.size()) + " bytes, expected " + std::to_string(4 * count));
    std::vector<std::int32_t> integers(count);
    for (std::size_t i = 0; i < count; ++i) integers[i] = std::int32_t(little_endian(&bytes[4 * i]));
    return integers;
}

/// Fills a memory with the words of a file, lowest byte first.
inline void load_memory(word_t* memory, std::size_t words, const std::string& path) {
    constexpr std::size_t kBytes = kWordBits / 8;
    const std::vector<std::uint8_t> bytes = read_file(path);
    if (bytes.size() != words * kBytes)
        give_up(path + ": has " + std::to_string(bytes.size()) + " bytes, expected " +
                std::to_string(words * kBytes));
    for (std::size_t word = 0; word < words; ++word) {
        memory[word] = 0;
        for (int byte = 0; byte < int(kBytes); ++byte)
            memory[word].range(8 * byte + 7, 8 * byte) = ap_uint<8>(bytes[word * kBytes + byte]);
    }
}

/// Integers of Bits bits in the words of a memory, as the accelerator packs them.
template <int Bits>
struct packing {
    static constexpr int storage(int width) { return width >= Bits ? width : storage(2 * width); }
    static constexpr int kFieldBits = storage(1);  ///< a power of two
    static constexpr int kFields = kWordBits / kFieldBits;

    static void pack(const std::vector<std::int32_t>& integers, word_t* memory) {
        for (std::size_t i = 0; i < integers.size(); ++i) {
            word_t& word = memory[i / kFields];
            const int low = int(i % kFields) * kFieldBits;
            if (low == 0) word = 0;
            word.range(low + Bits - 1, low) = ap_int<Bits>(integers[i]);
        }
    }

    static std::vector<std::int32_t> unpack(const word_t* memory, std::size_t count) {
        std::vector<std::int32_t> integers(count);
        for (std::size_t i = 0; i < count; ++i) {
            const word_t& word = memory[i / kFields];
            const int low = int(i % kFields) * kFieldBits;
            const ap_int<Bits> integer = word.range(low + Bits - 1, low);
            integers[i] = std::int32_t((long long)(integer));
        }
        return integers;
    }
};

/// The integers of Bits bits for real values: clamp(floor(x / scale + 1/2)).
template <int Bits>
std::vector<std::int32_t> quantize(const std::vector<float>& values, double scale) {
    const double largest = double((1L << (Bits - 1)) - 1), smallest = -double(1L << (Bits - 1));
    std::vector<std::int32_t> integers(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i])) give_up("value " + std::to_string(i) + " of an image is not a number");
        const double steps = std::floor(double(values[i]) / scale + 0.5);
        integers[i] = std::int32_t(steps > largest ? largest : steps < smallest ? smallest : steps);
    }
    return integers;
}

/// Position of the largest element, the first one when there are several.
inline int largest_element(const std::vector<std::int32_t>& integers) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < integers.size(); ++i)
        if (integers[i] > integers[best]) best = i;
    return int(best);
}

/// Compares a matrix, row after row, with golden values; says how it went, and whether all are equal.
inline bool equals_golden(const std::string& name, int columns, const std::vector<std::int32_t>& values,
                          const std::vector<std::int32_t>& golden) {
    std::size_t differences = 0, first = 0;
    for (std::size_t i = values.size(); i-- > 0;)
        if (values[i] != golden[i]) {
            ++differences;
            first = i;
        }
    std::printf("  %-16s %5zu x %-5d ", name.c_str(), values.size() / std::size_t(columns), columns);
    if (differences == 0) {
        std::printf("equal\n");
        return true;
    }
    std::printf("mismatch: %zu values, the first in row %zu, column %zu is %ld, expected %ld\n", differences,
                first / std::size_t(columns), first % std::size_t(columns), long(values[first]), long(golden[first]));
    return false;
}
