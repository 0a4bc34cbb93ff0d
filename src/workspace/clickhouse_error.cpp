// SPDX-License-Identifier: Apache-2.0
#include "workspace/clickhouse_error.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"

namespace workspace {

namespace {

constexpr std::string_view kEngineErrorMark = "ClickHouse error ";
constexpr std::size_t kErrorTextCap = 4096;  // a parser's error quotes the statement, which may be long

int leading_number(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

base::Kind kind_of_code(int code) {
  switch (static_cast<ClickHouseCode>(code)) {
    case ClickHouseCode::unknown_table: return base::Kind::not_found;
    case ClickHouseCode::readonly: return base::Kind::denied;
    case ClickHouseCode::query_was_cancelled: return base::Kind::cancelled;
    case ClickHouseCode::timeout_exceeded:
    case ClickHouseCode::too_slow:
    case ClickHouseCode::memory_limit_exceeded:
    case ClickHouseCode::too_many_rows_or_bytes: return base::Kind::too_large;
    case ClickHouseCode::not_enough_space: return base::Kind::unavailable;
    default: break;
  }
  switch (code) {
    case 26: case 27: case 33: case 53: case 117:  // rows that cannot be read as the table's columns
      return base::Kind::invalid_input;
    case 81: return base::Kind::not_found;  // UNKNOWN_DATABASE
    case 192: case 193: case 194: case 497: case 516:  // user, password, rights
      return base::Kind::denied;
    case 202: case 209: case 210: case 242: case 252: case 279: case 999:  // busy, network, replicas, too many parts, Keeper
      return base::Kind::unavailable;
    case 40: case 228: case 246: return base::Kind::corrupt;
    default: return base::Kind::internal;
  }
}

// The name in brackets behind the text, before what is said of the version.
std::string_view code_name(std::string_view text) {
  const std::size_t close = text.rfind(')');
  const std::size_t open = text.rfind('(', close);
  if (close == std::string_view::npos || open == std::string_view::npos) return "UNKNOWN";
  const std::string_view name = text.substr(open + 1, close - open - 1);
  if (name.substr(0, 8) == "version ") return code_name(text.substr(0, open));
  return name;
}

}  // namespace

base::Error clickhouse_error(std::string_view text) {
  const std::string_view whole = base::trim(text);
  const std::string_view after_mark = base::cut(whole, "Code: ").second;
  const int code = leading_number(after_mark);
  std::string_view detail = base::cut(after_mark, "DB::Exception: ").second;
  if (detail.empty()) detail = whole;
  std::string shown = base::printable(detail.substr(0, kErrorTextCap));
  return {kind_of_code(code), fmt::format("{}{} ({}): {}", kEngineErrorMark, code, base::printable(code_name(whole)), shown)};
}

ClickHouseCode clickhouse_code(const base::Error& error) {
  const auto [before, after] = base::cut(error.message, kEngineErrorMark);
  return before.size() == error.message.size() ? ClickHouseCode::none : static_cast<ClickHouseCode>(leading_number(after));
}

}  // namespace workspace
