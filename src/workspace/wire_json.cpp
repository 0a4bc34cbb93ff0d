// SPDX-License-Identifier: Apache-2.0
#include "workspace/wire_json.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>

#include "base/json_escape.hpp"

namespace workspace {

namespace {

constexpr std::size_t kPiece = 64u << 10;
constexpr std::string_view kReplacementText = "\xEF\xBF\xBD";

void append_digits(std::uint64_t value, int width, std::string& out) {
  char digits[20];
  for (int i = width; i-- > 0; value /= 10) digits[i] = static_cast<char>('0' + value % 10);
  out.append(digits, static_cast<std::size_t>(width));
}

template <typename Number>
void append_number(Number value, std::string& out) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  out.append(text, static_cast<std::size_t>(end - text));
}

// How many bytes from `at` on are printable ASCII that stands as it is in a JSON string. Eight at a time: texts are most of
// an answer.
std::size_t plain_run(std::string_view text, std::size_t at) {
  constexpr std::uint64_t kOnes = 0x0101010101010101u, kHighs = 0x8080808080808080u;
  const std::size_t begin = at;
  while (at + 8 <= text.size()) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    const std::uint64_t quote = word ^ (kOnes * '"'), slash = word ^ (kOnes * '\\');
    const std::uint64_t special = word | (word - kOnes * 0x20) | ((quote - kOnes) & ~quote) | ((slash - kOnes) & ~slash);
    if (special & kHighs) break;
    at += 8;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x20 && static_cast<unsigned char>(text[at]) < 0x80 && text[at] != '"' && text[at] != '\\') ++at;
  return at - begin;
}

bool is_continuation(std::string_view text, std::size_t at) { return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0u) == 0x80u; }

// Length of the well-formed UTF-8 sequence (RFC 3629) that begins with a byte past ASCII; 0: there is none.
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const auto second = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0u;
  if (first < 0xC2 || first > 0xF4 || !is_continuation(text, at + 1)) return 0;
  if (first < 0xE0) return 2;
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) || !is_continuation(text, at + 2)) return 0;
  if (first < 0xF0) return 3;
  if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F) || !is_continuation(text, at + 3)) return 0;
  return 4;
}

void append_wire_real(double value, std::string& out) {
  if (std::isnan(value)) {
    out += "\"NaN\"";
  } else if (std::isinf(value)) {
    out += value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  } else {
    const std::size_t begin = out.size();
    append_number(value, out);
    // A whole number keeps the look of a real: readers that tell 1 from 1.0 see the column's type.
    if (out.find_first_of(".e", begin) == std::string::npos) out += ".0";
  }
}

template <void (*append)(std::int64_t, std::string&)>
void append_quoted(std::int64_t ticks, std::string& out) {
  out += '"';
  append(ticks, out);
  out += '"';
}

void append_value(const model::Column& column, std::size_t row, std::string& out) {
  if (column.is_null(row)) {
    out += "null";
    return;
  }
  switch (column.type) {
    case model::ColumnType::boolean: out += column.boolean(row) ? "true" : "false"; return;
    case model::ColumnType::int32:
    case model::ColumnType::int64: append_number(column.integer(row), out); return;
    case model::ColumnType::real: append_wire_real(column.real(row), out); return;
    case model::ColumnType::datetime: append_quoted<append_datetime>(column.integer(row), out); return;
    case model::ColumnType::timespan: append_quoted<append_timespan>(column.integer(row), out); return;
    default: append_json_text(column.text(row), out);
  }
}

void append_columns(const model::ValueTable& table, std::string& out) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    out += i == 0 ? "{\"name\":" : ",{\"name\":";
    append_json_text(table.columns[i].name, out);
    out += ",\"type\":\"";
    out += model::column_type_name(table.columns[i].type);
    out += "\"}";
  }
}

}  // namespace

void append_json_text(std::string_view text, std::string& out) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t plain = plain_run(text, at);
    out.append(text.substr(at, plain));
    at += plain;
    if (at == text.size()) break;
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      base::append_json_escape(text[at++], out);
    } else if (const std::size_t length = sequence_length(text, at)) {
      out.append(text.substr(at, length));
      at += length;
    } else {
      out += kReplacementText;
      ++at;
    }
  }
  out += '"';
}

void append_datetime(std::int64_t ticks, std::string& out) {
  constexpr std::int64_t kLast = 3'155'378'975'999'999'999;  // 9999-12-31T23:59:59.9999999Z
  ticks = std::clamp<std::int64_t>(ticks, 0, kLast);
  const std::int64_t seconds = (ticks - model::kTicksAtUnixEpoch >= 0 ? ticks - model::kTicksAtUnixEpoch
                                                                      : ticks - model::kTicksAtUnixEpoch - (model::kTicksPerSecond - 1)) / model::kTicksPerSecond;
  const auto day = std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(seconds)));
  const std::chrono::year_month_day date(day);
  const auto of_day = static_cast<std::uint64_t>(seconds - day.time_since_epoch().count() * 86'400);
  append_digits(static_cast<std::uint64_t>(static_cast<int>(date.year())), 4, out);
  out += '-';
  append_digits(static_cast<unsigned>(date.month()), 2, out);
  out += '-';
  append_digits(static_cast<unsigned>(date.day()), 2, out);
  out += 'T';
  append_digits(of_day / 3600, 2, out);
  out += ':';
  append_digits(of_day / 60 % 60, 2, out);
  out += ':';
  append_digits(of_day % 60, 2, out);
  if (const auto fraction = static_cast<std::uint64_t>(ticks % model::kTicksPerSecond)) {
    out += '.';
    append_digits(fraction, 7, out);
    out.erase(out.find_last_not_of('0') + 1);
  }
  out += 'Z';
}

void append_timespan(std::int64_t ticks, std::string& out) {
  auto left = static_cast<std::uint64_t>(ticks);
  if (ticks < 0) {
    out += '-';
    left = 0 - left;  // that of the smallest number, too
  }
  constexpr std::uint64_t kSecond = model::kTicksPerSecond;
  if (const std::uint64_t days = left / (86'400 * kSecond)) {
    append_number(days, out);
    out += '.';
  }
  append_digits(left / (3600 * kSecond) % 24, 2, out);
  out += ':';
  append_digits(left / (60 * kSecond) % 60, 2, out);
  out += ':';
  append_digits(left / kSecond % 60, 2, out);
  if (left % kSecond == 0) return;
  out += '.';
  append_digits(left % kSecond, 7, out);
}

base::Result<void> write_wire_table(std::string_view name, const model::ValueTable& table, const base::ByteSink& sink) {
  std::string out;
  out.reserve(kPiece + (4u << 10));
  out += "{\"name\":";
  append_json_text(name, out);
  out += ",\"columns\":[";
  append_columns(table, out);
  out += "],\"rows\":[";
  for (std::size_t row = 0; row < table.rows(); ++row) {
    out += row == 0 ? "[" : ",[";
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (i != 0) out += ',';
      append_value(table.columns[i], row, out);
    }
    out += ']';
    if (out.size() < kPiece) continue;
    TRY(sink(out));
    out.clear();
  }
  out += "]}";
  return sink(out);
}

}  // namespace workspace
