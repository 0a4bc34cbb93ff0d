// SPDX-License-Identifier: Apache-2.0
#include "workspace/row_binary.hpp"

#include <fmt/format.h>

#include <array>
#include <cstring>

#include "workspace/clickhouse_type.hpp"

namespace workspace {

namespace {

constexpr std::uint64_t kMostColumns = 10'000;
constexpr std::int64_t kSecondsPerDay = 86'400;

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UnsignedInt128;

// Reads front to back; once past the end everything reads as zero and `ok` is false.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool ok() const { return ok_; }
  bool at_end() const { return at_ == end_; }

  std::string_view take(std::uint64_t count) {
    if (count > static_cast<std::uint64_t>(end_ - at_)) {
      ok_ = false;
      at_ = end_;
      return {};
    }
    const std::string_view taken(at_, static_cast<std::size_t>(count));
    at_ += count;
    return taken;
  }

  template <typename T>
  T number() {
    T value{};
    const std::string_view bytes = take(sizeof(T));
    if (ok_) std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }

  std::uint64_t varint() {  // LEB128
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = number<std::uint8_t>();
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }

  std::string_view text() { return take(varint()); }

 private:
  const char* at_;
  const char* end_;
  bool ok_ = true;
};

// Wraps where a time is further from year 1 than 64 bits of ticks can say; the engine's own types end before.
std::int64_t ticks_of_seconds(std::int64_t seconds) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(seconds) * model::kTicksPerSecond + model::kTicksAtUnixEpoch);
}

std::int64_t ticks_of_datetime64(std::int64_t value, unsigned scale) {
  static constexpr std::array<std::int64_t, 10> kPowers{1,         10,         100,         1'000,         10'000,
                                                        100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};
  if (scale > 7) {  // floored: a tick is what KQL knows
    const std::int64_t power = kPowers[scale - 7];
    value = value / power - (value % power < 0 ? 1 : 0);
  } else {
    value = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) * static_cast<std::uint64_t>(kPowers[7 - scale]));
  }
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(value) + model::kTicksAtUnixEpoch);
}

std::string decimal_text(Int128 value, unsigned scale) {
  const bool negative = value < 0;
  auto rest = negative ? UnsignedInt128{0} - static_cast<UnsignedInt128>(value) : static_cast<UnsignedInt128>(value);
  std::string digits;  // last one first
  while (rest > 0 || digits.size() <= scale) {
    digits += static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  std::string out = negative ? "-" : "";
  for (std::size_t i = digits.size(); i-- > 0;) {
    out += digits[i];
    if (i == scale && i > 0) out += '.';
  }
  return out;
}

std::string uuid_text(std::uint64_t high, std::uint64_t low) {
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xffff, high & 0xffff, low >> 48,
                     low & 0xffff'ffff'ffff);
}

Int128 read_int128(Cursor& cursor) {
  const auto low = cursor.number<std::uint64_t>();
  const auto high = cursor.number<std::int64_t>();
  return static_cast<Int128>(static_cast<UnsignedInt128>(static_cast<Int128>(high)) << 64 | low);
}

void append_number(Cursor& cursor, const WireType& type, model::Column& column) {
  switch (type.form) {
    case WireForm::boolean:
    case WireForm::uint8: return column.append(std::int64_t{cursor.number<std::uint8_t>()});
    case WireForm::int8: return column.append(std::int64_t{cursor.number<std::int8_t>()});
    case WireForm::int16: return column.append(std::int64_t{cursor.number<std::int16_t>()});
    case WireForm::int32: return column.append(std::int64_t{cursor.number<std::int32_t>()});
    case WireForm::int64:
    case WireForm::uint64: return column.append(cursor.number<std::int64_t>());  // KQL's long wraps
    case WireForm::uint16: return column.append(std::int64_t{cursor.number<std::uint16_t>()});
    case WireForm::uint32: return column.append(std::int64_t{cursor.number<std::uint32_t>()});
    case WireForm::date: return column.append(ticks_of_seconds(cursor.number<std::uint16_t>() * kSecondsPerDay));
    case WireForm::date32: return column.append(ticks_of_seconds(cursor.number<std::int32_t>() * kSecondsPerDay));
    case WireForm::datetime: return column.append(ticks_of_seconds(cursor.number<std::uint32_t>()));
    case WireForm::datetime64: return column.append(ticks_of_datetime64(cursor.number<std::int64_t>(), type.scale));
    case WireForm::float32: return column.append(double{cursor.number<float>()});
    default: return column.append(cursor.number<double>());
  }
}

void append_value(Cursor& cursor, const WireType& type, model::Column& column) {
  switch (type.form) {
    case WireForm::string: return column.append(cursor.text());
    case WireForm::fixed_string: return column.append(cursor.take(type.width));
    case WireForm::uuid: {
      const auto high = cursor.number<std::uint64_t>();
      return column.append(std::string_view(uuid_text(high, cursor.number<std::uint64_t>())));
    }
    case WireForm::decimal32: return column.append(std::string_view(decimal_text(cursor.number<std::int32_t>(), type.scale)));
    case WireForm::decimal64: return column.append(std::string_view(decimal_text(cursor.number<std::int64_t>(), type.scale)));
    case WireForm::decimal128: return column.append(std::string_view(decimal_text(read_int128(cursor), type.scale)));
    case WireForm::nothing: return column.append_null();
    default: return append_number(cursor, type, column);
  }
}

void append_row(Cursor& cursor, const std::vector<WireType>& types, std::vector<model::Column>& columns) {
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (types[i].nullable && cursor.number<std::uint8_t>() != 0)
      columns[i].append_null();
    else
      append_value(cursor, types[i], columns[i]);
  }
}

base::Error cut_short() {
  return {base::Kind::corrupt, "the answer of the workspace's engine is cut short; run the query again"};
}

}  // namespace

base::Result<model::ValueTable> read_row_binary(std::string_view bytes) {
  model::ValueTable table;
  Cursor cursor(bytes);
  const std::uint64_t count = cursor.varint();
  if (!cursor.ok() || count > kMostColumns) return base::fail(cut_short());
  std::vector<std::string_view> names;
  for (std::uint64_t i = 0; i < count; ++i) names.push_back(cursor.text());
  std::vector<WireType> types;
  for (const std::string_view name : names) {
    const std::string_view type = cursor.text();
    if (!cursor.ok()) return base::fail(cut_short());
    types.push_back(TRY_CONTEXT(parse_clickhouse_type(type), fmt::format("column {}", name)));
    table.columns.emplace_back(std::string(name), types.back().column);
  }
  while (!cursor.at_end() && count > 0) {
    append_row(cursor, types, table.columns);
    if (!cursor.ok()) return base::fail(cut_short());
  }
  return table;
}

}  // namespace workspace
