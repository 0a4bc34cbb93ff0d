// SPDX-License-Identifier: Apache-2.0
// Functions of the bits of whole numbers.
#include <bit>

#include "kql/functions/function.hpp"

namespace kql {

namespace {

std::uint64_t bits_at(const Arguments& a, std::size_t i) { return static_cast<std::uint64_t>(a.integer(i)); }
Value of_bits(std::uint64_t bits) { return Value::integer(static_cast<std::int64_t>(bits)); }

Value bits_and(const Arguments& a) { return of_bits(bits_at(a, 0) & bits_at(a, 1)); }
Value bits_or(const Arguments& a) { return of_bits(bits_at(a, 0) | bits_at(a, 1)); }
Value bits_xor(const Arguments& a) { return of_bits(bits_at(a, 0) ^ bits_at(a, 1)); }
Value bits_not(const Arguments& a) { return of_bits(~bits_at(a, 0)); }
Value shifted_left(const Arguments& a) { return a.integer(1) < 0 ? Value() : of_bits(bits_at(a, 0) << (bits_at(a, 1) % 64)); }
// The sign stays.
Value shifted_right(const Arguments& a) { return a.integer(1) < 0 ? Value() : Value::integer(a.integer(0) >> (a.integer(1) % 64)); }
Value ones(const Arguments& a) { return Value::integer(std::popcount(bits_at(a, 0))); }

constexpr Naming kFirst = Naming::first_argument;
constexpr std::string_view kTwo = "(long, long) long";

constexpr Function kFunctions[] = {
    {.name = "binary_and", .signature = kTwo, .evaluate = bits_and, .naming = kFirst},
    {.name = "binary_or", .signature = kTwo, .evaluate = bits_or, .naming = kFirst},
    {.name = "binary_xor", .signature = kTwo, .evaluate = bits_xor, .naming = kFirst},
    {.name = "binary_not", .signature = "(long) long", .evaluate = bits_not, .naming = kFirst},
    {.name = "binary_shift_left", .signature = kTwo, .evaluate = shifted_left, .naming = kFirst},
    {.name = "binary_shift_right", .signature = kTwo, .evaluate = shifted_right, .naming = kFirst},
    {.name = "bitset_count_ones", .signature = "(long) long", .evaluate = ones, .naming = kFirst},
};

}  // namespace

std::span<const Function> bit_functions() { return kFunctions; }

}  // namespace kql
