// SPDX-License-Identifier: Apache-2.0
#include "scan/text_table.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "base/text.hpp"

namespace scan {

namespace {

constexpr std::size_t kNarrowestColumn = 8;

std::size_t code_point_length(char lead) {
  const auto byte = static_cast<std::uint8_t>(lead);
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

// Wide blocks begin at U+1100; all of CJK, Hangul and full-width forms lie in three-byte sequences from e1 84 on.
bool is_wide(std::string_view code_point) {
  if (code_point.size() == 4) return true;
  if (code_point.size() < 3) return false;
  const auto lead = static_cast<std::uint8_t>(code_point[0]);
  return (lead >= 0xe3 && lead <= 0xed) || code_point.substr(0, 2) == "\xe2\xba";
}

// The longest prefix of at most `width` columns, at least one code point; at a blank where there is one.
std::size_t line_break(std::string_view text, std::size_t width) {
  std::size_t at = 0;
  std::size_t columns = 0;
  std::size_t blank = 0;
  while (at < text.size()) {
    const std::size_t length = std::min(code_point_length(text[at]), text.size() - at);
    const std::size_t wide = is_wide(text.substr(at, length)) ? 2 : 1;
    if (columns + wide > width && at > 0) return blank > 0 ? blank : at;
    if (text[at] == ' ') blank = at + 1;
    columns += wide;
    at += length;
  }
  return at;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  do {
    const std::size_t end = line_break(text, width);
    std::string_view line = text.substr(0, end);
    while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
    lines.emplace_back(line);
    text.remove_prefix(end);
  } while (!text.empty());
  return lines;
}

struct Frame {
  std::string_view left, cross, right, line;
};

std::string rule(const Frame& frame, const std::vector<std::size_t>& widths) {
  std::string out(frame.left);
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (i > 0) out += frame.cross;
    for (std::size_t k = 0; k < widths[i] + 2; ++k) out += frame.line;
  }
  return out.append(frame.right) + "\n";
}

// Takes columns from the widest until the table fits.
void shrink(std::vector<std::size_t>& widths, std::size_t width) {
  const std::size_t borders = widths.size() * 3 + 1;
  while (std::accumulate(widths.begin(), widths.end(), borders) > width) {
    auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= kNarrowestColumn) return;
    --*widest;
  }
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = std::min(code_point_length(text[at]), text.size() - at);
    columns += is_wide(text.substr(at, length)) ? 2u : 1u;
    at += length;
  }
  return columns;
}

void TextTable::add_row(std::vector<std::string> cells) {
  for (auto& cell : cells) cell = base::printable(cell);
  cells.resize(header_.size());
  rows_.push_back(std::move(cells));
}

std::string TextTable::text(std::size_t width, bool unicode, const std::vector<std::string>& colours,
                            std::size_t coloured_column) const {
  std::vector<std::size_t> widths;
  for (const auto& name : header_) widths.push_back(display_width(name));
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  shrink(widths, width);

  const std::string_view bar = unicode ? "│" : "|";
  const auto render = [&](const std::vector<std::string>& cells, const std::string& colour) {
    std::vector<std::vector<std::string>> wrapped;
    std::size_t height = 1;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      wrapped.push_back(wrap(cells[i], widths[i]));
      height = std::max(height, wrapped.back().size());
    }
    std::string out;
    for (std::size_t line = 0; line < height; ++line) {
      for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string& part = line < wrapped[i].size() ? wrapped[i][line] : std::string();
        const bool coloured = !colour.empty() && i == coloured_column && !part.empty();
        out.append(bar).append(" ");
        out += coloured ? colour + part + "\x1b[0m" : part;
        out.append(widths[i] - std::min(widths[i], display_width(part)) + 1, ' ');
      }
      out.append(bar).append("\n");
    }
    return out;
  };

  std::string out = rule(unicode ? Frame{"┌", "┬", "┐", "─"} : Frame{"+", "+", "+", "-"}, widths);
  out += render(header_, {});
  out += rule(unicode ? Frame{"├", "┼", "┤", "─"} : Frame{"+", "+", "+", "-"}, widths);
  for (std::size_t i = 0; i < rows_.size(); ++i) out += render(rows_[i], i < colours.size() ? colours[i] : std::string());
  out += rule(unicode ? Frame{"└", "┴", "┘", "─"} : Frame{"+", "+", "+", "-"}, widths);
  return out;
}

}  // namespace scan
