// SPDX-License-Identifier: Apache-2.0
#include "workspace/ingest/typed_value.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "base/text.hpp"
#include "kql/time.hpp"
#include "workspace/ingest/ingest_limits.hpp"
#include "workspace/ingest/json_text.hpp"
#include "workspace/ingest/number_text.hpp"

namespace workspace {

namespace {

// 1900-01-01 and 2300-01-01: what DateTime64 holds; it clamps silently to them.
constexpr std::int64_t kFirstTick = 599'266'080'000'000'000;
constexpr std::int64_t kEndTick = 725'493'888'000'000'000;

struct CivilDate {
  std::int64_t year, month, day;
};

// Of days since 0001-01-01 (the "civil from days" algorithm: eras of 400 years that begin in March).
CivilDate civil_date(std::int64_t days) {
  const std::int64_t shifted = days + 306;
  const std::int64_t era = shifted / 146'097, of_era = shifted % 146'097;
  const std::int64_t year_of_era = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

void put_digits(std::int64_t value, std::size_t count, char* at) {
  for (std::size_t i = count; i-- > 0; value /= 10) at[i] = static_cast<char>('0' + value % 10);
}

std::optional<bool> read_bool(std::string_view text) {
  if (base::equals_ignoring_case(text, "true") || text == "1") return true;
  if (base::equals_ignoring_case(text, "false") || text == "0") return false;
  return std::nullopt;
}

// A bool counts as 1 or 0 among numbers.
std::string_view as_number(std::string_view text) {
  if (base::equals_ignoring_case(text, "true")) return "1";
  if (base::equals_ignoring_case(text, "false")) return "0";
  return text;
}

// Whether a text is a JSON object or array.
bool is_json_container(std::string_view text) {
  JsonReader reader(text);
  const JsonForm form = reader.form();
  return (form == JsonForm::object || form == JsonForm::array) && !reader.value().empty() && reader.at_end();
}

ValueFate write_integer(std::string_view text, std::int64_t least, std::int64_t most, std::string& out) {
  const std::optional<std::int64_t> value = exact_integer(as_number(text));
  if (!value || *value < least || *value > most) return ValueFate::refused;
  fmt::format_to(std::back_inserter(out), "{}", *value);
  return ValueFate::written;
}

ValueFate write_real(std::string_view text, std::string& out) {
  const std::optional<double> value = nearest_double(as_number(text));
  if (!value) return ValueFate::refused;
  if (std::isfinite(*value)) fmt::format_to(std::back_inserter(out), "{}", *value);
  else fmt::format_to(std::back_inserter(out), "\"{}\"", *value);  // "nan", "inf", "-inf" as the engine reads them
  return ValueFate::written;
}

ValueFate write_quoted(std::string_view text, std::string& out) {
  if (text.empty()) return ValueFate::refused;
  out.append("\"").append(text).append("\"");
  return ValueFate::written;
}

}  // namespace

void append_time(std::int64_t ticks, std::string& out) {
  const CivilDate date = civil_date(ticks / kql::kTicksPerDay);
  const std::int64_t seconds = ticks % kql::kTicksPerDay / kql::kTicksPerSecond;
  char text[] = "\"0000-00-00 00:00:00.0000000\"";
  put_digits(date.year, 4, text + 1);
  put_digits(date.month, 2, text + 6);
  put_digits(date.day, 2, text + 9);
  put_digits(seconds / 3600, 2, text + 12);
  put_digits(seconds / 60 % 60, 2, text + 15);
  put_digits(seconds % 60, 2, text + 18);
  put_digits(ticks % kql::kTicksPerSecond, 7, text + 21);
  out.append(text, sizeof text - 1);
}

bool is_full_time(std::string_view text) {
  return text.size() >= 19 && text[4] == '-' && text[7] == '-' && (text[10] == 'T' || text[10] == ' ') && text[13] == ':' && kql::parse_datetime(text);
}

std::string canonical_guid(std::string_view text) { return kql::parse_guid(text).value_or(""); }

ValueFate ValueWriter::write_capped(std::string_view text, std::string& out) {
  const std::string_view kept = cut_utf8(text, kLongestValue);
  append_json_string(kept, out);
  return kept.size() < text.size() ? ValueFate::truncated : ValueFate::written;
}

// Into a column of type string.
ValueFate ValueWriter::write_text(JsonReader& value, std::string& out) {
  if (value.form() != JsonForm::string) {
    compact_json(value.value(), text_);
    return write_capped(text_, out);
  }
  const JsonString string = value.string();
  if (string.raw.empty()) return ValueFate::absent;
  if (!string.escaped && string.raw.size() <= kLongestValue) {
    out.append("\"").append(string.raw).append("\"");
    return ValueFate::written;
  }
  unescape(string, text_);
  return write_capped(text_, out);
}

ValueFate ValueWriter::write_dynamic(JsonReader& value, std::string& out) {
  bool is_json = true;
  if (value.form() == JsonForm::string) {
    unescape(value.string(), text_);
    if (text_.empty()) return ValueFate::absent;
    is_json = is_json_container(text_);
    if (is_json) compact_json(text_, json_);
  } else {
    compact_json(value.value(), json_);
  }
  if (is_json && json_.size() <= kLongestValue) {
    append_json_string(json_, out);
    return ValueFate::written;
  }
  // A plain text, or JSON that is too long to be kept whole and stays readable as a text.
  const std::string_view whole = is_json ? json_ : text_;
  const std::string_view kept = cut_utf8(whole, kLongestValue);
  std::string quoted;
  append_json_string(kept, quoted);
  append_json_string(quoted, out);
  return kept.size() < whole.size() ? ValueFate::truncated : ValueFate::written;
}

ValueFate ValueWriter::write_datetime(std::string_view text, std::string& out) {
  const std::optional<std::int64_t> ticks = kql::parse_datetime(text);
  if (!ticks) return ValueFate::refused;
  ticks_ = *ticks;
  if (*ticks < kFirstTick || *ticks >= kEndTick) return ValueFate::lost;
  append_time(*ticks, out);
  return ValueFate::written;
}

ValueFate ValueWriter::write_scalar(model::ColumnType type, std::string_view text, bool quoted, std::string& out) {
  switch (type) {
    case model::ColumnType::boolean: {
      const std::optional<bool> value = read_bool(text);
      if (!value) return ValueFate::refused;
      out += *value ? "true" : "false";
      return ValueFate::written;
    }
    case model::ColumnType::int32: return write_integer(text, INT32_MIN, INT32_MAX, out);
    case model::ColumnType::int64: return write_integer(text, INT64_MIN, INT64_MAX, out);
    case model::ColumnType::real: return write_real(text, out);
    case model::ColumnType::decimal: return write_quoted(decimal_text(as_number(text)).value_or(""), out);
    case model::ColumnType::guid: return write_quoted(quoted ? canonical_guid(text) : "", out);
    case model::ColumnType::datetime: return quoted ? write_datetime(text, out) : ValueFate::refused;
    case model::ColumnType::timespan: {
      const std::optional<std::int64_t> ticks = quoted ? kql::parse_timespan(text) : std::nullopt;
      if (!ticks) return ValueFate::refused;
      fmt::format_to(std::back_inserter(out), "{}", *ticks);
      return ValueFate::written;
    }
    default: return ValueFate::refused;  // string and dynamic, which are not scalars here
  }
}

ValueFate ValueWriter::write(model::ColumnType type, JsonReader& value, std::string& out) {
  const JsonForm form = value.form();
  if (form == JsonForm::null) {
    value.literal();
    return ValueFate::absent;
  }
  if (type == model::ColumnType::string) return write_text(value, out);
  if (type == model::ColumnType::dynamic) return write_dynamic(value, out);
  if (form == JsonForm::string) {
    unescape(value.string(), text_);
    const std::string_view text = base::trim(text_);
    return text.empty() ? ValueFate::absent : write_scalar(type, text, true, out);
  }
  const std::string_view text = value.value();
  return form == JsonForm::boolean || form == JsonForm::number ? write_scalar(type, text, false, out) : ValueFate::refused;
}

}  // namespace workspace
