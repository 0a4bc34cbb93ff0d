// SPDX-License-Identifier: Apache-2.0
// format_datetime, format_timespan and format_bytes.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "kql/functions/date_parts.hpp"
#include "kql/functions/function.hpp"
#include "kql/number.hpp"
#include "kql/time.hpp"

namespace kql {

namespace {

constexpr std::string_view kDelimiters = " /-:,._[]";
constexpr std::size_t kMostFractionDigits = 7;

std::size_t run_length(std::string_view format) {
  const std::size_t end = format.find_first_not_of(format.front());
  return end == std::string_view::npos ? format.size() : end;
}

// The first digits of seven. `F` leaves out zeros at the end.
std::string fraction_text(std::int64_t fraction, std::size_t digits, bool without_zeros) {
  std::string text = fmt::format("{:07}", fraction).substr(0, digits);
  if (without_zeros) text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::string padded(std::int64_t number, std::size_t digits) { return fmt::format("{:0{}}", number, digits); }

// How often a letter may stand side by side in the two kinds of formats.
struct Specifier {
  char letter;
  std::size_t most;
};
constexpr std::array kDatetimeSpecifiers{Specifier{'d', 2}, Specifier{'f', 7}, Specifier{'F', 7}, Specifier{'h', 2}, Specifier{'H', 2},
                                         Specifier{'m', 2}, Specifier{'M', 2}, Specifier{'s', 2}, Specifier{'y', 4}, Specifier{'t', 2}};
constexpr std::array kTimespanSpecifiers{Specifier{'d', 8}, Specifier{'f', 7}, Specifier{'F', 7}, Specifier{'h', 2},
                                         Specifier{'H', 2}, Specifier{'m', 2}, Specifier{'s', 2}};

std::string specifier_error(std::string_view format, std::span<const Specifier> specifiers) {
  if (format.empty()) return "the format is empty";
  for (std::size_t i = 0, length = 0; i < format.size(); i += length) {
    length = run_length(format.substr(i));
    const std::string_view run = format.substr(i, length);
    if (kDelimiters.find(run.front()) != std::string_view::npos) continue;
    const auto at = std::find_if(specifiers.begin(), specifiers.end(), [&](const Specifier& known) { return known.letter == run.front(); });
    const bool known = at != specifiers.end() && length <= at->most && run != "yyy" && run != "t";
    if (!known) return fmt::format("the format has '{}', which is no format specifier and none of the delimiters '{}'", run, kDelimiters);
  }
  return {};
}

template <const auto& specifiers>
base::Result<void> check_format(const Arguments& constants) {
  if (!constants.has(1)) return {};
  std::string error = specifier_error(constants.text(1), specifiers);
  if (error.empty()) return {};
  return base::fail(base::Kind::invalid_input, std::move(error));
}

std::string datetime_part_text(std::int64_t ticks, char letter, std::size_t length) {
  switch (letter) {
    case 'd': return padded(day_of_month_of(ticks), length);
    case 'f':
    case 'F': return fraction_text(ticks % kTicksPerSecond, std::min(length, kMostFractionDigits), letter == 'F');
    case 'h': return padded((hour_of(ticks) + 11) % 12 + 1, length);
    case 'H': return padded(hour_of(ticks), length);
    case 'm': return padded(minute_of(ticks), length);
    case 'M': return padded(month_of(ticks), length);
    case 's': return padded(second_of(ticks), length);
    case 'y': return padded(length < 4 ? year_of(ticks) % 100 : year_of(ticks), length);
    case 't': return hour_of(ticks) < 12 ? "AM" : "PM";
    default: return std::string(length, letter);
  }
}

Value formatted_datetime(const Arguments& a) {
  std::string out;
  const std::string_view format = a.text(1);
  if (!specifier_error(format, kDatetimeSpecifiers).empty()) return {};
  for (std::size_t i = 0, length = 0; i < format.size(); i += length) {
    length = run_length(format.substr(i));
    out += datetime_part_text(a.integer(0), format[i], length);
  }
  return Value::text(std::move(out));
}

std::string timespan_part_text(std::uint64_t size, char letter, std::size_t length) {
  const auto of_day = static_cast<std::int64_t>(size % static_cast<std::uint64_t>(kTicksPerDay));
  switch (letter) {
    case 'd': return padded(static_cast<std::int64_t>(size / static_cast<std::uint64_t>(kTicksPerDay)), length);
    case 'f':
    case 'F': return fraction_text(of_day % kTicksPerSecond, std::min(length, kMostFractionDigits), letter == 'F');
    case 'h':
    case 'H': return padded(hour_of(of_day), length);
    case 'm': return padded(minute_of(of_day), length);
    case 's': return padded(second_of(of_day), length);
    default: return std::string(length, letter);
  }
}

Value formatted_timespan(const Arguments& a) {
  const std::string_view format = a.text(1);
  if (!specifier_error(format, kTimespanSpecifiers).empty()) return {};
  const std::int64_t ticks = a.integer(0);
  // Without a sign: the smallest number has no positive twin.
  const std::uint64_t size = ticks < 0 ? 0 - static_cast<std::uint64_t>(ticks) : static_cast<std::uint64_t>(ticks);
  std::string out = ticks < 0 ? "-" : "";
  for (std::size_t i = 0, length = 0; i < format.size(); i += length) {
    length = run_length(format.substr(i));
    out += timespan_part_text(size, format[i], length);
  }
  return Value::text(std::move(out));
}

constexpr std::array<std::string_view, 7> kByteUnits{"Bytes", "KB", "MB", "GB", "TB", "PB", "EB"};

std::optional<std::size_t> byte_unit(const Arguments& a, double size) {
  if (a.size() > 2 && !a.text(2).empty()) {
    const std::string wanted = base::to_lower(a.text(2));
    for (std::size_t i = 0; i < kByteUnits.size(); ++i)
      if (base::to_lower(kByteUnits[i]) == wanted) return i;
    return std::nullopt;
  }
  std::size_t unit = 0;
  for (double rest = std::abs(size); rest >= 1024 && unit + 1 < kByteUnits.size(); rest /= 1024) ++unit;
  return unit;
}

Value formatted_bytes(const Arguments& a) {
  const double size = a.number(0);
  const auto unit = byte_unit(a, size);
  if (!unit || !std::isfinite(size) || (a.size() > 1 && std::isnan(a.number(1)))) return {};
  const double digits = a.size() > 1 ? std::min(std::max(a.number(1), 0.0), 15.0) : 0;
  std::string number = fmt::format("{:.{}f}", round_to_digits(size / std::pow(1024.0, static_cast<double>(*unit)), digits), static_cast<int>(digits));
  if (number.find('.') != std::string::npos) {
    number.erase(number.find_last_not_of('0') + 1);
    if (number.back() == '.') number.pop_back();
  }
  return Value::text(fmt::format("{} {}", number, kByteUnits[*unit]));
}

base::Result<void> check_byte_unit(const Arguments& constants) {
  if (!constants.has(2) || byte_unit(constants, 0)) return {};
  return base::fail(base::Kind::invalid_input, fmt::format("there is no unit '{}'; it is one of Bytes, KB, MB, GB, TB, PB, EB", constants.text(2)));
}

constexpr Naming kFirst = Naming::first_argument;

constexpr Function kFunctions[] = {
    {.name = "format_datetime", .signature = "(datetime, const string) string", .evaluate = formatted_datetime, .naming = kFirst, .check = check_format<kDatetimeSpecifiers>},
    {.name = "format_timespan", .signature = "(timespan, const string) string", .evaluate = formatted_timespan, .naming = kFirst, .check = check_format<kTimespanSpecifiers>},
    {.name = "format_bytes", .signature = "(number, const number?, const string?) string", .evaluate = formatted_bytes, .naming = kFirst, .check = check_byte_unit},
};

}  // namespace

std::span<const Function> format_functions() { return kFunctions; }

}  // namespace kql
