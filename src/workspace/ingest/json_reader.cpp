// SPDX-License-Identifier: Apache-2.0
#include "workspace/ingest/json_reader.hpp"

#include <array>

#include "workspace/ingest/ingest_limits.hpp"

namespace workspace {

static_assert(kDeepestJson <= 64, "JsonReader keeps a bit for each level");

namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Bytes at which the scan of a string stops: quote, backslash, control characters.
constexpr std::array<bool, 256> string_stops() {
  std::array<bool, 256> out{};
  for (std::size_t c = 0; c < 0x20; ++c) out[c] = true;
  out['"'] = out['\\'] = true;
  return out;
}
constexpr std::array<bool, 256> kStringStops = string_stops();

// The bytes that an escape takes, its backslash at `at`; 0 where it is none.
std::size_t escape_size(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size()) return 0;
  const char c = text[at + 1];
  if (c != 'u') return std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos ? 0 : 2;
  if (at + 6 > text.size()) return 0;
  for (std::size_t i = at + 2; i < at + 6; ++i)
    if (!is_hex(text[i])) return 0;
  return 6;
}

}  // namespace

void JsonReader::skip_blanks() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) ++at_;
}

bool JsonReader::take(char c) {
  if (at_ >= text_.size() || text_[at_] != c) return false;
  ++at_;
  return true;
}

bool JsonReader::take_word(std::string_view word) {
  if (text_.substr(at_, word.size()) != word) return false;
  at_ += word.size();
  return true;
}

bool JsonReader::at_end() {
  skip_blanks();
  return !failed() && at_ == text_.size();
}

JsonForm JsonReader::form() {
  skip_blanks();
  switch (peek()) {
    case 'n': return JsonForm::null;
    case 't':
    case 'f': return JsonForm::boolean;
    case '"': return JsonForm::string;
    case '[': return JsonForm::array;
    case '{': return JsonForm::object;
    default: return peek() == '-' || is_digit(peek()) ? JsonForm::number : JsonForm::none;
  }
}

bool JsonReader::literal() {
  skip_blanks();
  if (take_word("true")) return true;
  if (!take_word("false") && !take_word("null")) fail("a value is none of JSON's");
  return false;
}

void JsonReader::take_digits() {
  if (!is_digit(peek())) return fail("a number lacks a digit");
  while (is_digit(peek())) ++at_;
}

std::string_view JsonReader::number() {
  skip_blanks();
  const std::size_t begin = at_;
  take('-');
  if (!take('0')) take_digits();
  if (take('.')) take_digits();
  if (peek() == 'e' || peek() == 'E') {
    ++at_;
    if (!take('+')) take('-');
    take_digits();
  }
  return failed() ? std::string_view() : text_.substr(begin, at_ - begin);
}

JsonString JsonReader::string() {
  skip_blanks();
  if (!take('"')) {
    fail("a string is missing");
    return {};
  }
  JsonString out;
  const std::size_t begin = at_;
  for (;;) {
    while (at_ < text_.size() && !kStringStops[static_cast<unsigned char>(text_[at_])]) ++at_;
    if (at_ >= text_.size()) break;
    if (text_[at_] == '"') {
      out.raw = text_.substr(begin, at_ - begin);
      ++at_;
      return out;
    }
    const std::size_t size = text_[at_] == '\\' ? escape_size(text_, at_) : 0;
    if (size == 0) {
      fail(text_[at_] == '\\' ? "a string has an escape that JSON does not know" : "a string has a control character that is not escaped");
      return {};
    }
    out.escaped = true;
    at_ += size;
  }
  fail("a string does not end");
  return {};
}

bool JsonReader::enter(char open, char close, bool object) {
  skip_blanks();
  if (!take(open)) {
    fail(object ? "an object is missing" : "an array is missing");
    return false;
  }
  if (depth_ == kDeepestJson) {
    fail("arrays and objects are nested too deeply");
    return false;
  }
  skip_blanks();
  if (take(close)) return false;
  const std::uint64_t bit = std::uint64_t{1} << depth_++;
  objects_ = object ? objects_ | bit : objects_ & ~bit;
  return true;
}

bool JsonReader::enter_object() { return enter('{', '}', true); }
bool JsonReader::enter_array() { return enter('[', ']', false); }

bool JsonReader::next() {
  skip_blanks();
  if (take(',')) return true;
  const bool object = depth_ > 0 && (objects_ >> (depth_ - 1) & 1) != 0;
  if (depth_ == 0 || !take(object ? '}' : ']')) fail(object ? "',' or '}' is missing" : "',' or ']' is missing");
  else --depth_;
  return false;
}

JsonString JsonReader::key() {
  const JsonString out = string();
  skip_blanks();
  if (!failed() && !take(':')) fail("':' is missing behind the name of a member");
  return out;
}

std::string_view JsonReader::value() {
  const JsonForm first = form();
  const std::size_t begin = at_;
  const std::size_t outer = depth_;
  // Goes down and up again without recursion: after each scalar or empty container, up to the next comma.
  for (bool value_next = true; value_next && !failed();) {
    bool entered = false;
    switch (form()) {
      case JsonForm::null:
      case JsonForm::boolean: literal(); break;
      case JsonForm::number: number(); break;
      case JsonForm::string: string(); break;
      case JsonForm::array: entered = enter_array(); break;
      case JsonForm::object: entered = enter_object(); break;
      case JsonForm::none: fail(first == JsonForm::none ? "a value is missing" : "a value is none of JSON's"); break;
    }
    if (failed()) break;
    value_next = entered;
    while (!value_next && depth_ > outer && !failed()) value_next = next();
    if (value_next && (objects_ >> (depth_ - 1) & 1) != 0) key();
  }
  return failed() ? std::string_view() : text_.substr(begin, at_ - begin);
}

}  // namespace workspace
