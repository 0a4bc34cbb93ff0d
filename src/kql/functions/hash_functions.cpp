// SPDX-License-Identifier: Apache-2.0
// hash(), hash_md5() and their kin.
#include <bit>

#include "base/hash.hpp"
#include "kql/functions/function.hpp"

namespace kql {

namespace {

template <typename Word>
std::string bytes_of(Word word) {  // little-endian
  std::string out;
  for (std::size_t i = 0; i < sizeof(Word); ++i) out += static_cast<char>(word >> (8 * i) & 0xff);
  return out;
}

// A number and a time by the bytes it is kept in, a text by its own.
std::uint64_t hash_of(const Value& value, Type type) {
  switch (type) {
    case Type::boolean: return base::xxhash64(bytes_of(static_cast<std::uint8_t>(value.boolean() ? 1 : 0)));
    case Type::int32: return base::xxhash64(bytes_of(static_cast<std::uint32_t>(value.integer())));
    case Type::int64:
    case Type::datetime:
    case Type::timespan: return base::xxhash64(bytes_of(static_cast<std::uint64_t>(value.integer())));
    case Type::real: return base::xxhash64(bytes_of(std::bit_cast<std::uint64_t>(value.real())));
    default: return base::xxhash64(to_text(value, type));
  }
}

Value as_long(std::uint64_t hash) { return Value::integer(static_cast<std::int64_t>(hash)); }

Value hash_value(const Arguments& a) {
  const std::uint64_t hash = hash_of(a[0], a.types[0]);
  if (a.size() == 1) return as_long(hash);
  if (a.integer(1) <= 0) return {};
  return as_long(hash % static_cast<std::uint64_t>(a.integer(1)));
}

// Which way Kusto combines hashes is not written down anywhere; within a query any good way serves.
std::uint64_t combined(std::uint64_t left, std::uint64_t right) {
  return left ^ (right + 0x9e3779b97f4a7c15u + (left << 6) + (left >> 2));
}

Value combined_hashes(const Arguments& a) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Value hash = convert(a[i], a.types[i], Type::int64);
    if (hash.is_null()) return {};
    out = i == 0 ? static_cast<std::uint64_t>(hash.integer()) : combined(out, static_cast<std::uint64_t>(hash.integer()));
  }
  return as_long(out);
}

Value hash_of_all(const Arguments& a) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < a.size(); ++i) out = i == 0 ? hash_of(a[i], a.types[i]) : combined(out, hash_of(a[i], a.types[i]));
  return as_long(out);
}

template <base::Hasher::Algorithm algorithm>
Value digest(const Arguments& a) {
  base::Hasher hasher(algorithm);
  hasher.update(a.as_text(0));
  return Value::text(hasher.hex());
}

}  // namespace

std::span<const Function> hash_functions() {
  using Algorithm = base::Hasher::Algorithm;
  static constexpr Function kAll[] = {
      {.name = "hash", .signature = "(plain, whole?) long", .evaluate = hash_value},
      {.name = "hash_xxhash64", .signature = "(plain, whole?) long", .evaluate = hash_value},
      {.name = "hash_combine", .signature = "(any, any...) long", .evaluate = combined_hashes},
      {.name = "hash_many", .signature = "(plain...) long", .evaluate = hash_of_all},
      {.name = "hash_md5", .signature = "(plain) string", .evaluate = digest<Algorithm::md5>},
      {.name = "hash_sha1", .signature = "(plain) string", .evaluate = digest<Algorithm::sha1>},
      {.name = "hash_sha256", .signature = "(plain) string", .evaluate = digest<Algorithm::sha256>},
  };
  return kAll;
}

}  // namespace kql
