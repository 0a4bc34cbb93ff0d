// SPDX-License-Identifier: Apache-2.0
#include "workspace/ingest/json_text.hpp"

#include <charconv>
#include <cstdint>
#include <cstring>

#include "base/json_escape.hpp"
#include "base/text.hpp"

namespace workspace {

namespace {

constexpr std::uint32_t kReplacement = 0xfffd;

// Length of the letter at the front, 0 where it is none.
std::size_t letter_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0u) == 0x80u; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    if (!follows(1) || !follows(2) || (first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f)) return 0;
    return 3;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if (!follows(1) || !follows(2) || !follows(3) || (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f)) return 0;
    return 4;
  }
  return 0;
}

std::uint32_t hex_code(std::string_view digits) {
  std::uint32_t code = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  return code;
}

// The code point of "\uXXXX" at `at`, with the second half of a pair where one follows. `at` moves past it.
std::uint32_t escaped_code(std::string_view raw, std::size_t& at) {
  const std::uint32_t code = hex_code(raw.substr(at + 2, 4));
  at += 6;
  if (code < 0xd800 || code > 0xdfff) return code;
  if (code > 0xdbff || raw.substr(at, 2) != "\\u" || raw.size() < at + 6) return kReplacement;
  const std::uint32_t second = hex_code(raw.substr(at + 2, 4));
  if (second < 0xdc00 || second > 0xdfff) return kReplacement;
  at += 6;
  return 0x10000 + ((code - 0xd800) << 10) + (second - 0xdc00);
}

char plain_escape(char letter) {
  switch (letter) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return letter;  // quote, backslash, slash
  }
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    while (text.size() >= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data(), sizeof word);
      if ((word & 0x8080808080808080u) != 0) break;
      text.remove_prefix(8);
    }
    if (text.empty()) return true;
    const std::size_t size = letter_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

void unescape(const JsonString& string, std::string& out) {
  out.clear();
  const std::string_view raw = string.raw;
  for (std::size_t at = 0; at < raw.size();) {
    const std::size_t backslash = string.escaped ? std::min(raw.find('\\', at), raw.size()) : raw.size();
    out.append(raw.substr(at, backslash - at));
    at = backslash;
    if (at + 1 >= raw.size()) break;
    if (raw[at + 1] == 'u') {
      base::append_utf8(escaped_code(raw, at), out);
    } else {
      out += plain_escape(raw[at + 1]);
      at += 2;
    }
  }
}

void append_json_string(std::string_view text, std::string& out) {
  out += '"';
  std::size_t copied = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text.substr(copied, i - copied));
    base::append_json_escape(c, out);
    copied = i + 1;
  }
  out.append(text.substr(copied));
  out += '"';
}

std::string_view whole_pairs(std::string_view value, std::string& room) {
  if (value.find("\\ud") == std::string_view::npos && value.find("\\uD") == std::string_view::npos) return value;
  room.clear();
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '"') {
      room += value[i];
      continue;
    }
    const std::size_t begin = i + 1;
    for (i = begin; i < value.size() && value[i] != '"'; ++i)
      if (value[i] == '\\') ++i;
    unescape({value.substr(begin, i - begin), true}, text);
    append_json_string(text, room);
  }
  return room;
}

void compact_json(std::string_view value, std::string& out) {
  out.clear();
  bool in_string = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (!in_string && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) continue;
    out += c;
    if (c == '"') in_string = !in_string;
    else if (c == '\\' && i + 1 < value.size()) out += value[++i];
  }
}

std::string_view cut_utf8(std::string_view text, std::size_t cap) {
  if (text.size() <= cap) return text;
  while (cap > 0 && (static_cast<unsigned char>(text[cap]) & 0xc0u) == 0x80u) --cap;
  return text.substr(0, cap);
}

}  // namespace workspace
