// SPDX-License-Identifier: Apache-2.0
#include "base/toml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace base {

namespace {

constexpr std::size_t kTomlDepth = 64;

using TomlKey = std::vector<std::string>;

bool is_toml_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// Removes the underscores of a number; nothing where one does not stand between two digits.
std::optional<std::string> toml_digits(std::string_view token) {
  const auto digit = [&](std::size_t at) {
    return at < token.size() && token[at] != '_' && is_toml_bare(token[at]) && token[at] != '-';
  };
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '_')
      out += token[i];
    else if (i == 0 || !digit(i - 1) || !digit(i + 1))
      return std::nullopt;
  }
  return out;
}

template <typename T>
std::optional<T> toml_from_chars(std::string_view text, int base) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "+17", "-0", "0xff", "0o17", "0b1"; nothing for leading zeros, an empty text, or more than 64 bits.
std::optional<std::int64_t> toml_integer(std::string_view digits) {
  const std::string_view prefix = digits.substr(0, 2);
  const int base = prefix == "0x" ? 16 : prefix == "0o" ? 8 : prefix == "0b" ? 2 : 10;
  if (base != 10) {
    if (digits.substr(2, 1) == "-") return std::nullopt;
    return toml_from_chars<std::int64_t>(digits.substr(2), base);
  }
  const bool plus = digits.substr(0, 1) == "+";
  if (plus) digits.remove_prefix(1);
  const std::string_view magnitude = !plus && digits.substr(0, 1) == "-" ? digits.substr(1) : digits;
  if (!is_digits(magnitude) || (magnitude.size() > 1 && magnitude[0] == '0')) return std::nullopt;
  return toml_from_chars<std::int64_t>(digits, 10);
}

// "1.5", "-1e3", "6.626e-34", "inf", "+nan"; digits on both sides of the point. NaN for what has no JSON number.
std::optional<double> toml_float(std::string_view token) {
  const bool negative = token.substr(0, 1) == "-";
  if (negative || token.substr(0, 1) == "+") token.remove_prefix(1);
  if (token == "inf" || token == "nan") return NAN;
  const auto mark = std::min(token.find_first_of("eE"), token.size());
  const auto [whole, fraction] = cut(token.substr(0, mark), ".");
  const bool has_point = whole.size() < mark;
  if (!is_digits(whole) || (whole.size() > 1 && whole[0] == '0') || (has_point && !is_digits(fraction))) return std::nullopt;
  if (!has_point && mark == token.size()) return std::nullopt;
  std::string plain(token);
  if (plain.compare(mark, 2, "e+") == 0 || plain.compare(mark, 2, "E+") == 0) plain.erase(mark + 1, 1);
  double value = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (end != plain.data() + plain.size()) return std::nullopt;
  if (error != std::errc()) return NAN;
  return negative ? -value : value;
}

bool is_toml_time(std::string_view token) {
  const bool date = token.size() >= 10 && is_digits(token.substr(0, 4)) && token[4] == '-' && token[7] == '-';
  const bool time = token.size() >= 5 && is_digits(token.substr(0, 2)) && token[2] == ':';
  return (date || time) && token.find_first_not_of("0123456789-:.+ TtZz") == std::string_view::npos;
}

class TomlParser {
 public:
  TomlParser(std::string_view text, std::string_view what) : text_(text), what_(what) {}

  Result<Json> document() {
    Json root = JsonObject();
    JsonObject* table = &root.as_object();  // no other table grows while this one is written to
    std::size_t depth = 1;
    for (skip_space(); at_ < text_.size(); skip_space()) {
      if (peek() == '[') {
        table = TRY(header(root.as_object(), depth));
      } else {
        TRY(key_value(*table, depth));
      }
      skip_blanks();
      if (at_ < text_.size() && peek() != '\n' && peek() != '\r' && peek() != '#') return error("text after the value");
    }
    return root;
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool take(std::string_view token) {
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }

  tl::unexpected<Error> error(std::string_view message, Kind kind = Kind::invalid_input) const {
    const auto line = 1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, text_.size())), '\n');
    return fail(kind, fmt::format("{}: not valid TOML at line {}: {}", what_, line, message));
  }
  tl::unexpected<Error> too_deep() const {
    return error(fmt::format("deeper than {} levels", kTomlDepth), Kind::too_large);
  }

  void skip_blanks() {
    while (peek() == ' ' || peek() == '\t') ++at_;
  }
  void skip_space() {  // blanks, line ends and comments
    for (;;) {
      skip_blanks();
      if (peek() == '#')
        at_ = std::min(text_.find('\n', at_), text_.size());
      else if (peek() == '\n' || (peek() == '\r' && peek(1) == '\n'))
        at_ += peek() == '\n' ? 1u : 2u;
      else
        return;
    }
  }

  Result<TomlKey> key() {
    TomlKey parts;
    do {
      if (parts.size() >= kTomlDepth) return too_deep();
      skip_blanks();
      if (peek() == '"' || peek() == '\'') {
        parts.push_back(TRY(string(false)));
      } else {
        const std::size_t begin = at_;
        while (is_toml_bare(peek())) ++at_;
        if (at_ == begin) return error("a key was expected");
        parts.emplace_back(text_.substr(begin, at_ - begin));
      }
      skip_blanks();
    } while (take("."));
    return parts;
  }

  // The table that a member of `table` is or, for an array of tables, ends in; made where it is missing.
  JsonObject* inner_table(JsonObject& table, const std::string& name) {
    Json& member = table.emplace(name, JsonObject()).first->value();
    if (auto* array = member.if_array()) return array->empty() ? nullptr : array->back().if_object();
    return member.if_object();
  }

  // "[a.b]" or "[[a.b]]"; the table that the lines below it fill, and its depth.
  Result<JsonObject*> header(JsonObject& root, std::size_t& depth) {
    const bool element = take("[[");
    if (!element) ++at_;
    const TomlKey parts = TRY(key());
    if (!take(element ? "]]" : "]")) return error("a table's name is not closed");
    JsonObject* table = &root;
    for (std::size_t i = 0; i + (element ? 1 : 0) < parts.size(); ++i) {
      table = inner_table(*table, parts[i]);
      if (!table) return error(fmt::format("'{}' is no table", parts[i]));
    }
    depth = 1 + 2 * parts.size();  // each part may be an array with a table in it
    if (depth > kTomlDepth) return too_deep();
    if (!element) return table;
    auto* array = table->emplace(parts.back(), JsonArray()).first->value().if_array();
    if (!array) return error(fmt::format("'{}' is no array of tables", parts.back()));
    array->emplace_back(JsonObject());
    return &array->back().as_object();
  }

  // `depth` is the number of levels that `table` is on.
  Result<void> key_value(JsonObject& table, std::size_t depth) {
    const TomlKey parts = TRY(key());
    if (depth + parts.size() > kTomlDepth) return too_deep();
    if (!take("=")) return error("'=' was expected");
    skip_blanks();
    Json parsed = TRY(value(depth + parts.size()));
    JsonObject* inner = &table;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      inner = inner_table(*inner, parts[i]);
      if (!inner) return error(fmt::format("'{}' is no table", parts[i]));
    }
    if (!inner->emplace(parts.back(), std::move(parsed)).second)
      return error(fmt::format("'{}' is defined twice", parts.back()));
    return {};
  }

  Result<Json> value(std::size_t depth) {
    if (depth > kTomlDepth) return too_deep();
    if (peek() == '"' || peek() == '\'') return Json(TRY(string(true)));
    if (take("[")) return array(depth);
    if (take("{")) return inline_table(depth);
    return scalar();
  }

  Result<Json> array(std::size_t depth) {
    JsonArray out;
    for (skip_space(); !take("]"); skip_space()) {
      out.push_back(TRY(value(depth + 1)));
      skip_space();
      if (!take(",") && peek() != ']') return error("',' or ']' was expected");
    }
    return Json(std::move(out));
  }

  Result<Json> inline_table(std::size_t depth) {
    JsonObject out;
    for (skip_space(); !take("}"); skip_space()) {
      TRY(key_value(out, depth));
      skip_space();
      if (!take(",") && peek() != '}') return error("',' or '}' was expected");
    }
    return Json(std::move(out));
  }

  Result<Json> scalar() {
    auto end = std::min(text_.find_first_of(" \t\r\n,]}#", at_), text_.size());
    // "1979-05-27 07:32:00": a blank may stand between date and time.
    if (end - at_ == 10 && is_toml_time(text_.substr(at_, 10)) && end + 1 < text_.size() && text_[end] == ' ' &&
        is_digits(text_.substr(end + 1, 1)))
      end = std::min(text_.find_first_of(" \t\r\n,]}#", end + 1), text_.size());
    const std::string_view token = text_.substr(at_, end - at_);
    Json out;
    if (token == "true" || token == "false") {
      out = token == "true";
    } else if (is_toml_time(token)) {
      out = token;
    } else {
      const auto digits = toml_digits(token);
      const auto integer = digits ? toml_integer(*digits) : std::nullopt;
      const auto real = digits && !integer ? toml_float(*digits) : std::nullopt;
      if (!integer && !real) return error("a value was expected");
      if (integer) out = *integer;
      if (real && std::isfinite(*real)) out = *real;  // else null
    }
    at_ = end;
    return out;
  }

  // At a quote; strings over several lines only where `may_be_long`.
  Result<std::string> string(bool may_be_long) {
    const char quote = peek();
    const std::string three(3, quote);
    const bool is_long = may_be_long && take(three);
    if (!is_long) ++at_;
    if (is_long && !take("\n")) take("\r\n");
    std::string out;
    while (at_ < text_.size()) {
      if (is_long ? take(three) : take({&quote, 1})) {
        for (int extra = 0; is_long && extra < 2 && peek() == quote; ++extra, ++at_) out += quote;
        return out;
      }
      const char c = peek();
      const bool control = (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
      if (control && !(is_long && (c == '\n' || c == '\r'))) return error("a control character in a string");
      ++at_;
      if (c == '\\' && quote == '"') {
        TRY(escape(is_long, out));
      } else {
        out += c;
      }
    }
    return error("a string is not closed");
  }

  Result<void> escape(bool is_long, std::string& out) {
    constexpr std::string_view kNames = "btnfre\"\\";
    constexpr std::string_view kValues = "\b\t\n\f\r\x1b\"\\";
    if (const auto index = kNames.find(peek()); at_ < text_.size() && index != std::string_view::npos) {
      out += kValues[index];
      ++at_;
      return {};
    }
    const std::size_t length = peek() == 'u' ? 4 : peek() == 'U' ? 8 : 0;
    if (length > 0) {
      const std::string_view hex = text_.substr(at_ + 1, length);
      const auto code = toml_from_chars<std::uint32_t>(hex, 16);
      if (hex.size() != length || !code || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000))
        return error("no Unicode character");
      append_utf8(*code, out);
      at_ += 1 + length;
      return {};
    }
    const std::size_t line_end = text_.find_first_not_of(" \t\r", at_);
    if (!is_long || line_end == std::string_view::npos || text_[line_end] != '\n') return error("an unknown escape");
    at_ = std::min(text_.find_first_not_of(" \t\r\n", line_end), text_.size());
    return {};
  }

  std::string_view text_;
  std::string_view what_;
  std::size_t at_ = 0;
};

}  // namespace

Result<Json> parse_toml(std::string_view text, std::string_view what) {
  if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
  return TomlParser(text, what).document();
}

}  // namespace base
