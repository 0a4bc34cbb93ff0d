// SPDX-License-Identifier: Apache-2.0
#include "base/csv.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace base {

namespace {

class CsvReader {
 public:
  CsvReader(std::string_view text, char separator) : text_(text), separator_(separator) {}
  bool at_end() const { return position_ >= text_.size(); }

  Result<void> read_record(std::vector<std::string>& fields) {
    fields.clear();
    while (true) {
      fields.push_back(TRY(read_field()));
      if (at_end()) return {};
      const char next = text_[position_++];
      if (next == separator_) continue;
      if (next == '\r' && !at_end() && text_[position_] == '\n') ++position_;
      return {};
    }
  }

 private:
  Result<std::string> read_field() {
    if (at_end() || text_[position_] != '"') {
      const std::size_t begin = position_;
      while (!at_end() && text_[position_] != separator_ && text_[position_] != '\n' && text_[position_] != '\r') ++position_;
      return std::string(text_.substr(begin, position_ - begin));
    }
    const std::size_t begin = position_++;
    std::string out;
    while (true) {
      const std::size_t quote = text_.find('"', position_);
      if (quote == std::string_view::npos) return fail(Kind::invalid_input, fmt::format("line {}: a quoted field does not end", line_of(begin)));
      out += text_.substr(position_, quote - position_);
      position_ = quote + 1;
      if (at_end() || text_[position_] != '"') break;
      out += '"';
      ++position_;
    }
    if (!at_end() && text_[position_] != separator_ && text_[position_] != '\n' && text_[position_] != '\r')
      return fail(Kind::invalid_input, fmt::format("line {}: text stands behind a quoted field", line_of(position_)));
    return out;
  }

  std::size_t line_of(std::size_t offset) const {
    return 1 + static_cast<std::size_t>(std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
  }

  std::string_view text_;
  char separator_;
  std::size_t position_ = 0;
};

}  // namespace

Result<void> read_csv(std::string_view text, char separator, const std::function<bool(const std::vector<std::string>& fields)>& take) {
  if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
  CsvReader reader(text, separator);
  std::vector<std::string> fields;
  while (!reader.at_end()) {
    TRY(reader.read_record(fields));
    if (fields.size() == 1 && fields[0].empty()) continue;
    if (!take(fields)) break;
  }
  return {};
}

std::string csv_field(std::string_view text, char separator) {
  const bool plain = text.find_first_of("\"\r\n") == std::string_view::npos && text.find(separator) == std::string_view::npos;
  if (plain) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

}  // namespace base
