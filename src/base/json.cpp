// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/src.hpp>
#include <cmath>
#include <iterator>

namespace base {

namespace {

// As people write it: 1.5, and 2.0 so that it stays a real; the library's own form is 1.5E0. The shortest digits that read back the same.
// JSON has no number that is not finite: null.
void append_real(double real, std::string& out) {
  if (!std::isfinite(real)) {
    out += "null";
    return;
  }
  const std::size_t begin = out.size();
  fmt::format_to(std::back_inserter(out), "{}", real);
  if (out.find_first_of(".e", begin) == std::string::npos) out += ".0";
}

enum class Layout { compact, indented };

void write(const Json& value, Layout layout, std::size_t depth, std::string& out) {
  const auto line = [&](std::size_t levels) {
    if (layout == Layout::indented) out.append("\n").append(levels * 2, ' ');
  };
  const auto next = [&, first = true]() mutable {
    if (!first) out += ',';
    first = false;
    line(depth + 1);
  };
  if (const auto* object = value.if_object(); object && !object->empty()) {
    out += '{';
    for (auto begin = next; const auto& member : *object) {
      begin();
      out += boost::json::serialize(member.key());
      out += layout == Layout::indented ? ": " : ":";
      write(member.value(), layout, depth + 1, out);
    }
    line(depth);
    out += '}';
  } else if (const auto* array = value.if_array(); array && !array->empty()) {
    out += '[';
    for (auto begin = next; const auto& element : *array) {
      begin();
      write(element, layout, depth + 1, out);
    }
    line(depth);
    out += ']';
  } else if (const auto* real = value.if_double()) {
    append_real(*real, out);
  } else {
    out += boost::json::serialize(value);
  }
}

bool has_real(const Json& value) {
  if (const auto* object = value.if_object()) return std::any_of(object->begin(), object->end(), [](const auto& member) { return has_real(member.value()); });
  if (const auto* array = value.if_array()) return std::any_of(array->begin(), array->end(), has_real);
  return value.is_double();
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view what) {
  if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
  boost::json::parse_options options;
  options.max_depth = 64;
  boost::json::stream_parser parser({}, options);
  boost::json::error_code error;
  std::size_t consumed = parser.write_some(text.data(), text.size(), error);
  if (!error && !parser.done()) parser.finish(error);
  if (!error && text.find_first_not_of(" \t\r\n", consumed) != std::string_view::npos)
    return fail(Kind::invalid_input, fmt::format("{}: text after the end of the JSON document at byte {}", what, consumed));
  if (error)
    return fail(Kind::invalid_input, fmt::format("{}: not valid JSON near byte {}: {}", what, consumed, error.message()));
  return parser.release();
}

const Json* find(const Json& value, std::string_view key) {
  const auto* object = value.if_object();
  return object ? object->if_contains(key) : nullptr;
}

std::string_view as_string(const Json& value) {
  const auto* text = value.if_string();
  return text ? std::string_view(text->data(), text->size()) : std::string_view();
}

std::string_view get_string(const Json& value, std::string_view key, std::string_view otherwise) {
  const Json* member = find(value, key);
  return member && member->is_string() ? as_string(*member) : otherwise;
}

std::optional<std::int64_t> get_int(const Json& value, std::string_view key) {
  const Json* member = find(value, key);
  if (!member) return std::nullopt;
  if (const auto* number = member->if_int64()) return *number;
  if (const auto* number = member->if_uint64(); number && *number <= INT64_MAX) return static_cast<std::int64_t>(*number);
  return std::nullopt;
}

bool get_bool(const Json& value, std::string_view key, bool otherwise) {
  const Json* member = find(value, key);
  const bool* flag = member ? member->if_bool() : nullptr;
  return flag ? *flag : otherwise;
}

const JsonArray& get_array(const Json& value, std::string_view key) {
  static const JsonArray none;
  const Json* member = find(value, key);
  const auto* array = member ? member->if_array() : nullptr;
  return array ? *array : none;
}

const JsonObject& get_object(const Json& value, std::string_view key) {
  static const JsonObject none;
  const Json* member = find(value, key);
  const auto* object = member ? member->if_object() : nullptr;
  return object ? *object : none;
}

void merge_patch(Json& target, const Json& patch) {
  if (!patch.is_object()) {
    target = patch;
    return;
  }
  if (!target.is_object()) target = JsonObject{};
  for (const auto& member : patch.get_object()) {
    if (member.value().is_null())
      target.get_object().erase(member.key());
    else
      merge_patch(target.get_object()[member.key()], member.value());
  }
}

std::string to_text(const Json& value) {
  if (!has_real(value)) return boost::json::serialize(value);  // in one go
  std::string out;
  write(value, Layout::compact, 0, out);
  return out;
}

std::string to_pretty_text(const Json& value) {
  std::string out;
  write(value, Layout::indented, 0, out);
  out += '\n';
  return out;
}

}  // namespace base
