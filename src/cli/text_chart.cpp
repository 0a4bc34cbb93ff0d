// SPDX-License-Identifier: Apache-2.0
// Bars for categories, and a line of blocks for each series over time.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "cli/query_text.hpp"
#include "scan/text_table.hpp"

namespace cli {

namespace {

constexpr std::size_t kLongestLabel = 40;
constexpr std::size_t kMostBars = 60;
constexpr std::size_t kMostSeries = 20;
constexpr const char* kBlocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

std::optional<double> number_of(const kql::Value& value, kql::Type type) {
  const kql::Value real = kql::is_number(type) ? kql::convert(value, type, kql::Type::real) : kql::Value();
  return real.is_null() ? std::nullopt : std::optional(real.real());
}

std::string short_number(double number) { return fmt::format("{:.6g}", number); }

std::string padded(std::string text, std::size_t width) {
  const std::size_t is = scan::display_width(text);
  return is < width ? text + std::string(width - is, ' ') : text;
}

std::string label_of(const kql::Value& value, kql::Type type) {
  const std::string text = base::printable(kql::to_text(value, type));
  return text.size() <= kLongestLabel ? text : text.substr(0, kLongestLabel - 3) + "...";
}

std::string repeated(std::string_view block, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += block;
  return out;
}

std::optional<std::size_t> first_column(const kql::Table& table, bool (*fits)(kql::Type), std::size_t except = SIZE_MAX) {
  for (std::size_t i = 0; i < table.schema.size(); ++i)
    if (i != except && fits(table.schema[i].type)) return i;
  return std::nullopt;
}

bool is_label(kql::Type type) { return !kql::is_number(type) && type != kql::Type::dynamic; }
bool is_time(kql::Type type) { return type == kql::Type::datetime; }

std::string bars(const kql::Table& table, const scan::TableStyle& style) {
  const auto label = first_column(table, is_label).value_or(0);
  const auto number = first_column(table, kql::is_number, label);
  if (!number) return {};
  struct Bar {
    std::string label;
    double value;
  };
  std::vector<Bar> all;
  double largest = 0;
  std::size_t width = 0;
  for (const kql::Row& row : table.rows) {
    if (all.size() == kMostBars) break;
    const double value = number_of(row[*number], table.schema[*number].type).value_or(0);
    all.push_back({label_of(row[label], table.schema[label].type), value});
    largest = std::max(largest, value);
    width = std::max(width, scan::display_width(all.back().label));
  }
  const std::size_t room = style.width > width + 20 ? style.width - width - 16 : 10;
  std::string out;
  for (const Bar& bar : all) {
    const auto length = largest > 0 && bar.value > 0 ? static_cast<std::size_t>(bar.value / largest * static_cast<double>(room) + 0.5) : 0;
    out += fmt::format("{}  {} {}\n", padded(bar.label, width), repeated(style.unicode ? "█" : "#", length), short_number(bar.value));
  }
  if (table.rows.size() > all.size()) out += fmt::format("and {} more\n", table.rows.size() - all.size());
  return out;
}

using Points = std::map<std::int64_t, double>;

// Series by their name: the text columns of a row, or the number's name where there is no text.
std::map<std::string, Points> series_of(const kql::Table& table, std::size_t time) {
  std::map<std::string, Points> out;
  const auto label = first_column(table, [](kql::Type type) { return type == kql::Type::string; }, time);
  for (const kql::Row& row : table.rows) {
    if (row[time].is_null()) continue;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto number = number_of(row[i], table.schema[i].type);
      if (i == time || !number) continue;
      const std::string name = label ? label_of(row[*label], table.schema[*label].type) : table.schema[i].name;
      out[name][row[time].integer()] += *number;
    }
  }
  return out;
}

// The mean of each of `columns` equal spans; nothing where no point lies in one.
std::vector<std::optional<double>> sampled(const Points& points, std::int64_t begin, std::int64_t end, std::size_t columns) {
  std::vector<double> sums(columns);
  std::vector<std::size_t> counts(columns);
  for (const auto& [time, value] : points) {
    const double place = end > begin ? static_cast<double>(time - begin) / static_cast<double>(end - begin) : 0;
    const std::size_t column = std::min(columns - 1, static_cast<std::size_t>(place * static_cast<double>(columns)));
    sums[column] += value;
    ++counts[column];
  }
  std::vector<std::optional<double>> out(columns);
  for (std::size_t i = 0; i < columns; ++i)
    if (counts[i] > 0) out[i] = sums[i] / static_cast<double>(counts[i]);
  return out;
}

std::string lines(const kql::Table& table, const scan::TableStyle& style) {
  const auto time = first_column(table, is_time);
  if (!time) return {};
  const auto series = series_of(table, *time);
  if (series.empty()) return {};
  std::int64_t begin = INT64_MAX, end = INT64_MIN;
  std::size_t width = 0;
  double largest = 0;
  for (const auto& [name, points] : series) {
    begin = std::min(begin, points.begin()->first);
    end = std::max(end, points.rbegin()->first);
    width = std::max(width, scan::display_width(name));
    for (const auto& [at, value] : points) largest = std::max(largest, value);
  }
  const std::size_t columns = std::max<std::size_t>(10, style.width > width + 24 ? style.width - width - 14 : 10);
  std::string out;
  std::size_t shown = 0;
  for (const auto& [name, points] : series) {
    if (++shown > kMostSeries) break;
    std::string line;
    for (const auto& value : sampled(points, begin, end, columns)) {
      if (!value) line += ' ';
      else if (!style.unicode) line += "_.-=+*#@"[largest > 0 ? std::clamp(static_cast<int>(*value / largest * 7), 0, 7) : 0];
      else line += kBlocks[largest > 0 ? std::clamp(static_cast<int>(*value / largest * 7), 0, 7) : 0];
    }
    double most = points.begin()->second;
    for (const auto& [at, value] : points) most = std::max(most, value);
    out += fmt::format("{}  {} max {}\n", padded(name, width), line, short_number(most));
  }
  if (series.size() > kMostSeries) out += fmt::format("and {} more\n", series.size() - kMostSeries);
  const std::string from = kql::to_text(kql::Value::integer(begin), kql::Type::datetime).substr(0, 19);
  const std::string to = kql::to_text(kql::Value::integer(end), kql::Type::datetime).substr(0, 19);
  return out + std::string(width + 2, ' ') + from + (columns > 40 ? std::string(columns - 38, ' ') : " ") + to + "\n";
}

}  // namespace

std::string text_chart(const kql::Table& table, const kql::Visualization& visualization, const scan::TableStyle& style) {
  static constexpr std::string_view kBars[] = {"barchart", "columnchart", "piechart"};
  static constexpr std::string_view kLines[] = {"timechart", "linechart", "areachart", "stackedareachart", "anomalychart"};
  const auto is_one_of = [&](const auto& kinds) { return std::find(std::begin(kinds), std::end(kinds), visualization.kind) != std::end(kinds); };
  if (is_one_of(kBars)) return bars(table, style);
  return is_one_of(kLines) ? lines(table, style) : std::string();
}

}  // namespace cli
