// SPDX-License-Identifier: Apache-2.0
#include "oci/tar_pax.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"

namespace oci {

namespace {

// "1350244992.023960108", "-5.5" → whole seconds.
std::optional<std::int64_t> pax_time(std::string_view text) {
  text = text.substr(0, text.find('.'));
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

bool set_pax_text(std::string_view value, std::optional<std::string>& field) {
  if (value.find('\0') != std::string_view::npos) return false;
  // An empty value takes an earlier one back.
  if (value.empty())
    field.reset();
  else
    field = value;
  return true;
}

bool set_pax_number(std::string_view value, std::optional<std::uint64_t>& field) {
  if (value.empty()) {
    field.reset();
    return true;
  }
  field = decimal_number(value);
  return field.has_value();
}

// GNU.sparse.map of format 0.1: "offset,length,offset,length".
bool set_sparse_map(std::string_view value, std::vector<SparseExtent>& map) {
  map.clear();
  if (value.empty()) return true;
  const auto numbers = base::split(value, ',');
  if (numbers.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < numbers.size(); i += 2) {
    const auto offset = decimal_number(numbers[i]);
    const auto length = decimal_number(numbers[i + 1]);
    if (!offset || !length) return false;
    map.push_back({*offset, *length});
  }
  return true;
}

bool set_sparse_field(std::string_view key, std::string_view value, PaxFields& fields) {
  if (key == "name") return set_pax_text(value, fields.sparse_name);
  if (key == "realsize" || key == "size") return set_pax_number(value, fields.sparse_real_size);
  if (key == "map") return set_sparse_map(value, fields.sparse_map);
  if (key == "major") {
    fields.sparse_major = value == "0" ? 0 : value == "1" ? 1 : 2;
    return true;
  }
  if (key == "offset") return !fields.sparse_pending && set_pax_number(value, fields.sparse_pending);
  if (key == "numbytes") {
    const auto length = decimal_number(value);
    if (!length || !fields.sparse_pending) return false;
    fields.sparse_map.push_back({*fields.sparse_pending, *length});
    fields.sparse_pending.reset();
  }
  return true;
}

bool set_pax_field(std::string_view key, std::string_view value, PaxFields& fields) {
  constexpr std::string_view kSparse = "GNU.sparse.";
  if (key == "path") return set_pax_text(value, fields.path);
  if (key == "linkpath") return set_pax_text(value, fields.link);
  if (key == "size") return set_pax_number(value, fields.size);
  if (key == "mtime") {
    fields.mtime = pax_time(value);
    return true;
  }
  if (key.substr(0, kSparse.size()) == kSparse) return set_sparse_field(key.substr(kSparse.size()), value, fields);
  return true;
}

}  // namespace

std::optional<std::uint64_t> decimal_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size() && value <= INT64_MAX;
  return whole ? std::optional(value) : std::nullopt;
}

base::Result<void> apply_pax_records(std::string_view records, PaxFields& fields) {
  const auto bad = [] { return base::fail(base::Kind::corrupt, "a PAX record that is none"); };
  while (!records.empty() && records[0] != '\0') {
    const auto blank = records.find(' ');
    const auto length = decimal_number(records.substr(0, blank));
    if (blank == std::string_view::npos || !length || *length < blank + 3 || *length > records.size()) return bad();
    const std::string_view record = records.substr(blank + 1, *length - blank - 1);
    const auto equals = record.find('=');
    if (record.back() != '\n' || equals == std::string_view::npos || equals == 0) return bad();
    const std::string_view value = record.substr(equals + 1, record.size() - equals - 2);
    if (!set_pax_field(record.substr(0, equals), value, fields))
      return base::fail(base::Kind::corrupt,
                        fmt::format("a PAX record '{}' with an invalid value", base::printable(record.substr(0, equals))));
    if (fields.sparse_map.size() > kSparseExtentCap)
      return base::fail(base::Kind::too_large, fmt::format("a sparse file of more than {} pieces", kSparseExtentCap));
    records.remove_prefix(*length);
  }
  return {};
}

}  // namespace oci
