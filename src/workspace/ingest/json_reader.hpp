// SPDX-License-Identifier: Apache-2.0
// Reads JSON (RFC 8259) front to back where it lies, without building values: rows keep the digits of their numbers that
// way, and an array of a million rows takes no memory besides its text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace workspace {

enum class JsonForm { null, boolean, number, string, array, object, none };

// What stands between the quotes of a string. `escaped`: with a backslash somewhere.
struct JsonString {
  std::string_view raw;
  bool escaped = false;
};

// Each reader moves past what it reads. Once something is not JSON every call says so, and error() says why. Bytes of 0x80
// and above pass as they are: whether they are UTF-8 is for the caller (json_text.hpp). Reads nothing but the text.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  bool failed() const { return error_ != nullptr; }
  const char* error() const { return error_ ? error_ : ""; }  // "a string does not end"
  std::size_t offset() const { return at_; }

  JsonForm form();             // of the value that comes next; `none` at the end of the text and where no value begins
  bool at_end();               // nothing but blanks is left
  bool literal();              // true, false or null; true for `true`
  std::string_view number();   // as written
  JsonString string();
  std::string_view value();    // any value as written, at most kDeepestJson levels deep

  // for (bool more = reader.enter_object(); more; more = reader.next()) { key = reader.key(); … the value is read … }
  bool enter_object();  // false where it is empty or no object
  bool enter_array();
  bool next();          // behind a value: past a comma, or past the end of the innermost array or object (false)
  JsonString key();

 private:
  void fail(const char* why) {
    if (!error_) error_ = why;
    at_ = text_.size();
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blanks();
  bool take(char c);
  bool take_word(std::string_view word);
  void take_digits();
  bool enter(char open, char close, bool object);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;       // arrays and objects that are open
  std::uint64_t objects_ = 0;   // bit n: level n is an object
  const char* error_ = nullptr;
};

}  // namespace workspace
