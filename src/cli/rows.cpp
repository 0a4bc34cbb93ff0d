// SPDX-License-Identifier: Apache-2.0
#include "cli/rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cli/console.hpp"
#include "scan/text_table.hpp"

namespace cli {

namespace {

constexpr const char* kSeverityWords[] = {"Critical", "High", "Medium", "Low", "Unknown"};

std::string scalar_text(const base::Json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return std::string(base::as_string(value));
  if (value.is_bool()) return value.get_bool() ? "yes" : "no";
  if (value.is_double()) return fmt::format("{}", value.get_double());  // JSON text has it as "7.5E0"
  if (!value.is_array()) return base::to_text(value);
  std::vector<std::string> parts;
  for (const auto& entry : value.get_array()) parts.push_back(scalar_text(entry));
  return base::join(parts, ", ");
}

std::string colour_of(std::string_view severity) {
  if (severity == "Critical") return "\x1b[1;31m";
  if (severity == "High") return "\x1b[31m";
  if (severity == "Medium") return "\x1b[33m";
  if (severity == "Low") return "\x1b[34m";
  return "\x1b[2m";
}

std::string plural(std::size_t count, const std::string& noun) {
  if (count == 1) return "1 " + noun;
  if (noun.back() == 'y') return fmt::format("{} {}ies", count, noun.substr(0, noun.size() - 1));
  return fmt::format("{} {}s", count, noun);
}

// "Total: 12 findings (Critical: 1, High: 4)"; severities only where all rows are here to be counted.
std::string summary_line(const ListView& view, const client::Rows& rows) {
  const auto total = static_cast<std::size_t>(std::max<std::int64_t>(rows.total.value_or(0), static_cast<std::int64_t>(rows.value.size())));
  std::string line = "Total: " + plural(total, view.noun);
  if (rows.value.empty()) return line + " at " + view.place + "\n";
  std::vector<std::string> parts;
  if (total > rows.value.size()) parts.push_back(fmt::format("{} shown", rows.value.size()));
  else if (rows.more) parts.push_back("and more");
  for (const auto* severity : kSeverityWords) {
    std::size_t count = 0;
    for (const auto& row : rows.value) count += base::get_string(row, "severity") == severity ? 1u : 0u;
    if (count > 0 && parts.size() < 6 && total == rows.value.size() && !rows.more) parts.push_back(fmt::format("{}: {}", severity, count));
  }
  return line + (parts.empty() ? "" : " (" + base::join(parts, ", ") + ")") + "\n";
}

std::string rows_table(const ListView& view, const client::Rows& rows, const scan::TableStyle& style) {
  const std::string summary = summary_line(view, rows);
  if (rows.value.empty()) return summary;
  std::vector<std::string> titles;
  std::size_t coloured = 0;
  for (const auto& column : view.columns) {
    if (column.path == "severity") coloured = titles.size();
    titles.push_back(column.title);
  }
  scan::TextTable table(titles);
  std::vector<std::string> colours;
  for (const auto& row : rows.value) {
    std::vector<std::string> cells;
    for (const auto& column : view.columns) cells.push_back(cell(row, column.path));
    table.add_row(std::move(cells));
    const auto severity = base::get_string(row, "severity");
    colours.push_back(style.colour && !severity.empty() ? colour_of(severity) : "");
  }
  return summary + "\n" + table.text(style.width, style.unicode, colours, coloured);
}

// RFC 4180. A spreadsheet takes a cell that begins with one of these marks for a formula; scoped package names ("@a/b")
// and numbers, which can do nothing, stay as they are.
std::string csv_cell(std::string text) {
  const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos &&
                       text.find_first_of("(!|") != std::string::npos;
  if (formula) text.insert(text.begin(), '\'');
  text = base::printable(text);
  if (text.find_first_of(",\"") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string rows_csv(const ListView& view, const client::Rows& rows) {
  std::string out;
  const auto line = [&](auto&& text_of_column) {
    bool first = true;
    for (const auto& column : view.columns) {
      out += first ? "" : ",";
      out += csv_cell(text_of_column(column));
      first = false;
    }
    out += "\r\n";
  };
  line([](const Column& column) { return column.path; });
  for (const auto& row : rows.value) line([&](const Column& column) { return cell(row, column.path); });
  return out;
}

std::string rows_names(const ListView& view, const client::Rows& rows) {
  std::string out;
  for (const auto& row : rows.value) out += base::printable(cell(row, view.name_path)) + "\n";
  return out;
}

std::string rows_json(const client::Rows& rows) {
  base::JsonObject document{{"schemaVersion", 1}};
  if (rows.total) document["total"] = *rows.total;
  document["more"] = rows.more;
  document["value"] = rows.value;
  return base::to_pretty_text(std::move(document));
}

std::string rendered(const GlobalOptions& global, const OutputFormat& format, const ListView& view, const client::Rows& rows) {
  if (format.name == "json") return rows_json(rows);
  if (format.name == "csv") return rows_csv(view, rows);
  if (format.name == "name") return rows_names(view, rows);
  scan::TableStyle style = table_style(global);
  if (!format.file.empty()) style.colour = style.unicode = false;
  return rows_table(view, rows, style);
}

}  // namespace

std::string cell(const base::Json& row, std::string_view path) {
  const base::Json* value = &row;
  for (const std::string_view part : base::split(path, '.'))
    if (value) value = base::find(*value, part);
  return value ? scalar_text(*value) : std::string();
}

base::Result<std::vector<OutputFormat>> list_formats(const ListFlags& flags) {
  return parse_formats({flags.formats, {}}, {"table", "json", "csv", "name"}, "table");
}

std::size_t row_limit(const ListFlags& flags) { return flags.all ? 0 : flags.limit; }

int print_rows(const GlobalOptions& global, const std::vector<OutputFormat>& formats, const ListView& view,
               const client::Rows& rows) {
  for (const auto& format : formats)
    if (const auto written = write_output(rendered(global, format, view, rows), format.file); !written)
      return fail_with(written.error());
  if (rows.more) print_hint(global, fmt::format("The first {} are shown; --all shows the rest, --limit N more of them.", rows.value.size()));
  return kDone;
}

base::Result<std::vector<OutputFormat>> detail_formats(const std::vector<std::string>& formats) {
  return parse_formats({formats, {}}, {"table", "json"}, "table");
}

int print_detail(const std::vector<OutputFormat>& formats, const std::string& text, const base::Json& json) {
  for (const auto& format : formats) {
    std::string out = text;
    if (format.name == "json") {
      base::JsonObject document{{"schemaVersion", 1}};
      if (json.is_object())
        for (const auto& member : json.get_object()) document[member.key()] = member.value();
      out = base::to_pretty_text(std::move(document));
    }
    if (const auto written = write_output(out, format.file); !written) return fail_with(written.error());
  }
  return kDone;
}

std::string detail_lines(const base::Json& row, const std::vector<Column>& columns) {
  std::size_t width = 0;
  for (const auto& column : columns) width = std::max(width, column.title.size());
  std::string out;
  for (const auto& column : columns)
    if (const std::string text = cell(row, column.path); !text.empty())
      out += fmt::format("{:<{}} {}\n", column.title + ":", width + 1, base::printable(text));
  return out;
}

std::string printable_lines(std::string_view text, std::string_view indent) {
  std::string out;
  for (const auto line : base::split_lines(text)) out += fmt::format("{}{}\n", indent, base::printable(line));
  return out;
}

std::string advice_text(const base::Json& row) {
  std::string out;
  if (const auto text = base::get_string(row, "description"); !text.empty()) out += "\n" + printable_lines(text);
  const auto& steps = base::get_array(row, "remediation");
  if (!steps.empty()) out += "\nRemediation:\n";
  for (const auto& step : steps) out += printable_lines(base::as_string(step), "  ");
  return out;
}

}  // namespace cli
