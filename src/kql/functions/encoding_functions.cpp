// SPDX-License-Identifier: Apache-2.0
// Base64, percent-encoding, hexadecimal numbers and compressed text.
#include <fmt/format.h>

#include <algorithm>

#include "base/base64.hpp"
#include "base/compress.hpp"
#include "base/text.hpp"
#include "kql/functions/function.hpp"
#include "kql/time.hpp"
#include "kql/utf8.hpp"

namespace kql {

namespace {

// With its padding and nothing else in it (RFC 4648 section 4).
std::optional<std::string> strict_base64(std::string_view text) {
  const std::string_view digits = text.substr(0, std::min(text.find('='), text.size()));
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t padding = text.size() - digits.size();
  if (text.size() % 4 != 0 || padding > 2 || digits.find_first_not_of(kAlphabet) != std::string_view::npos) return std::nullopt;
  if (text.substr(digits.size()) != std::string_view("==").substr(0, padding)) return std::nullopt;
  return base::base64_decode(digits);
}

Value text_of_bytes(std::string bytes) { return is_utf8(bytes) ? Value::text(std::move(bytes)) : Value(); }

Value to_base64(const Arguments& a) { return Value::text(base::base64_encode(a.text(0))); }

Value of_base64(const Arguments& a) {
  auto bytes = strict_base64(a.text(0));
  return bytes ? text_of_bytes(std::move(*bytes)) : Value();
}

Value array_of_base64(const Arguments& a) {
  const auto bytes = strict_base64(a.text(0));
  if (!bytes || bytes->size() > kResultElements) return {};
  base::JsonArray out;
  for (const char c : *bytes) out.emplace_back(std::int64_t{static_cast<unsigned char>(c)});
  return Value::dynamic(std::move(out));
}

Value array_to_base64(const Arguments& a) {
  const auto* array = a.json(0).if_array();
  if (array == nullptr) return {};
  std::string bytes;
  for (const base::Json& item : *array) {
    const auto* number = item.if_int64();
    if (number == nullptr || *number < 0 || *number > 255) return {};
    bytes += static_cast<char>(*number);
  }
  return Value::text(base::base64_encode(bytes));
}

// The first three groups of a guid are kept with their low byte first.
std::string guid_order(std::string bytes) {
  std::reverse(bytes.begin(), bytes.begin() + 4);
  std::reverse(bytes.begin() + 4, bytes.begin() + 6);
  std::reverse(bytes.begin() + 6, bytes.begin() + 8);
  return bytes;
}

Value guid_of_base64(const Arguments& a) {
  auto bytes = strict_base64(a.text(0));
  if (!bytes || bytes->size() != 16) return {};
  std::string digits;
  for (const char c : guid_order(std::move(*bytes))) digits += fmt::format("{:02x}", static_cast<unsigned char>(c));
  auto guid = parse_guid(digits);
  return guid ? Value::text(std::move(*guid)) : Value();
}

Value guid_to_base64(const Arguments& a) {
  std::string percent;
  std::string digits = a.text(0);
  digits.erase(std::remove(digits.begin(), digits.end(), '-'), digits.end());
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) percent += "%" + digits.substr(i, 2);
  const std::string bytes = base::percent_decode(percent);
  return bytes.size() == 16 ? Value::text(base::base64_encode(guid_order(bytes))) : Value();
}

bool is_unreserved(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~'; }

// Unlike base::percent_encode, with small letters; a blank may be '+'.
Value percent_encoded(std::string_view text, bool plus_for_blank) {
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) out += c;
    else if (plus_for_blank && c == ' ') out += '+';
    else out += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    if (out.size() > kResultText) return {};
  }
  return Value::text(std::move(out));
}

Value to_url(const Arguments& a) { return percent_encoded(a.text(0), true); }
Value to_url_component(const Arguments& a) { return percent_encoded(a.text(0), false); }

Value of_url(const Arguments& a) {
  std::string text = a.text(0);
  std::replace(text.begin(), text.end(), '+', ' ');
  return text_of_bytes(base::percent_decode(text));
}

// The two's complement of the argument's type, with zeros before it.
Value hexadecimal(const Arguments& a) {
  constexpr std::int64_t kMostDigits = 16;
  const std::int64_t least = std::clamp<std::int64_t>(a.size() > 1 ? a.integer(1) : 1, 1, kMostDigits);
  const auto bits = static_cast<std::uint64_t>(a.integer(0)) & (a.types[0] == Type::int32 ? 0xffffffffu : ~std::uint64_t{0});
  return Value::text(fmt::format("{:0{}x}", bits, least));
}

using Compress = std::string (*)(std::string_view data);

template <Compress compress>
Value compressed(const Arguments& a) {
  if (a.text(0).size() > kResultText) return {};
  return Value::text(base::base64_encode(compress(a.text(0))));
}

Value of_zlib(const Arguments& a) {
  const auto bytes = strict_base64(a.text(0));
  if (!bytes || bytes->empty()) return {};
  auto text = base::inflate_zlib(*bytes, kResultText);
  return text ? text_of_bytes(std::move(*text)) : Value();
}

Value of_gzip(const Arguments& a) {
  const auto bytes = strict_base64(a.text(0));
  if (!bytes || base::sniff_compression(*bytes) != base::Compression::gzip) return {};
  auto text = base::decompress_whole(*bytes, kResultText, "the text");
  return text ? text_of_bytes(std::move(*text)) : Value();
}

}  // namespace

std::span<const Function> encoding_functions() {
  static constexpr Function kAll[] = {
      {.name = "base64_encode_tostring", .signature = "(string) string", .evaluate = to_base64, .sql = "base64Encode({0})"},
      {.name = "base64_encodestring", .signature = "(string) string", .evaluate = to_base64, .sql = "base64Encode({0})"},
      {.name = "base64_decode_tostring", .signature = "(string) string", .evaluate = of_base64},
      {.name = "base64_decodestring", .signature = "(string) string", .evaluate = of_base64},
      {.name = "base64_decode_toarray", .signature = "(string) dynamic", .evaluate = array_of_base64},
      {.name = "base64_encode_fromarray", .signature = "(dynamic) string", .evaluate = array_to_base64},
      {.name = "base64_decode_toguid", .signature = "(string) guid", .evaluate = guid_of_base64},
      {.name = "base64_encode_fromguid", .signature = "(guid) string", .evaluate = guid_to_base64},
      {.name = "url_encode", .signature = "(string) string", .evaluate = to_url},
      {.name = "url_encode_component", .signature = "(string) string", .evaluate = to_url_component},
      {.name = "url_decode", .signature = "(string) string", .evaluate = of_url},
      {.name = "tohex", .signature = "(whole, whole?) string", .evaluate = hexadecimal, .naming = Naming::first_argument},
      {.name = "gzip_compress_to_base64_string", .signature = "(string) string", .evaluate = compressed<base::compress_gzip>},
      {.name = "gzip_decompress_from_base64_string", .signature = "(string) string", .evaluate = of_gzip},
      {.name = "zlib_compress_to_base64_string", .signature = "(string) string", .evaluate = compressed<base::compress_zlib>},
      {.name = "zlib_decompress_from_base64_string", .signature = "(string) string", .evaluate = of_zlib},
  };
  return kAll;
}

}  // namespace kql
