// SPDX-License-Identifier: Apache-2.0
// Functions that take a URL, a path, a record of CSV, a version or a command line apart.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "kql/functions/command_line.hpp"
#include "kql/functions/function.hpp"
#include "kql/number.hpp"

namespace kql {

namespace {

constexpr std::string_view kQueryParameters = "Query Parameters";

base::JsonObject parameters_of(std::string_view query) {
  base::JsonObject out;
  if (query.substr(0, 1) == "?") query.remove_prefix(1);
  if (query.empty()) return out;
  for (const std::string_view pair : base::split(query, '&')) {
    if (pair.empty() || out.size() == kResultElements) continue;
    const auto [name, value] = base::cut(pair, "=");
    out.insert_or_assign(name, value);
  }
  return out;
}

// "user:password@host:port", the host an IPv6 address in brackets at times.
void add_authority(std::string_view authority, base::JsonObject& out) {
  const auto at = authority.rfind('@');
  const std::string_view user = at == std::string_view::npos ? std::string_view() : authority.substr(0, at);
  const std::string_view place = at == std::string_view::npos ? authority : authority.substr(at + 1);
  const auto colon = place.find(':', place.substr(0, 1) == "[" ? std::min(place.find(']'), place.size()) : 0);
  out["Host"] = place.substr(0, colon);
  out["Port"] = colon == std::string_view::npos ? std::string_view() : place.substr(colon + 1);
  const auto [name, password] = base::cut(user, ":");
  out["Username"] = name;
  out["Password"] = password;
}

Value url_parts(const Arguments& a) {
  std::string_view rest = a.text(0);
  base::JsonObject out;
  for (const std::string_view name : {"Scheme", "Host", "Port", "Path", "Username", "Password"}) out[name] = "";
  const auto [before_fragment, fragment] = base::cut(rest, "#");
  const auto [before_query, query] = base::cut(before_fragment, "?");
  rest = before_query;
  if (const auto scheme = rest.find("://"); scheme != std::string_view::npos) {
    out["Scheme"] = rest.substr(0, scheme);
    rest.remove_prefix(scheme + 3);
    const auto slash = std::min(rest.find('/'), rest.size());
    add_authority(rest.substr(0, slash), out);
    rest.remove_prefix(slash);
  }
  out["Path"] = rest;
  out[kQueryParameters] = parameters_of(query);
  out["Fragment"] = fragment;
  return Value::dynamic(std::move(out));
}

Value url_parameters(const Arguments& a) {
  base::JsonObject out;
  out[kQueryParameters] = parameters_of(a.text(0));
  return Value::dynamic(std::move(out));
}

bool is_drive(std::string_view text) { return text.size() >= 2 && text[1] == ':' && ((text[0] | 0x20) >= 'a' && (text[0] | 0x20) <= 'z'); }

// "C:" of a path that begins with a drive, be it behind the mark of a long path.
std::string_view root_of(std::string_view path) {
  if (path.substr(0, 4) == R"(\\?\)") path.remove_prefix(4);
  return is_drive(path) ? path.substr(0, 2) : std::string_view();
}

Value path_parts(const Arguments& a) {
  std::string_view path = a.text(0);
  base::JsonObject out;
  const auto scheme = path.find("://");
  out["Scheme"] = scheme == std::string_view::npos ? std::string_view() : path.substr(0, scheme);
  if (scheme != std::string_view::npos) path.remove_prefix(scheme + 3);
  const std::string_view root = root_of(path);
  const auto last = path.find_last_of("/\\");
  const std::string_view directory = last == std::string_view::npos ? std::string_view() : path.substr(0, last);
  const auto parent = directory.find_last_of("/\\");
  const std::string_view name = parent == std::string_view::npos ? directory : directory.substr(parent + 1);
  std::string_view file = last == std::string_view::npos ? path : path.substr(last + 1);
  if (last == std::string_view::npos && !root.empty()) file.remove_prefix(root.size());
  const auto [filename, stream] = base::cut(file, ":");
  const auto dot = filename.rfind('.');
  out["RootPath"] = root;
  out["DirectoryPath"] = directory;
  out["DirectoryName"] = name == root ? std::string_view() : name;
  out["Filename"] = filename;
  out["Extension"] = dot == std::string_view::npos ? std::string_view() : filename.substr(dot + 1);
  out["AlternateDataStreamName"] = stream;
  return Value::dynamic(std::move(out));
}

// The first record (RFC 4180): a field in quotes may hold commas and line feeds, and a quote written twice.
Value csv_fields(const Arguments& a) {
  const std::string_view text = a.text(0);
  base::JsonArray out;
  std::string field;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && text.substr(i + 1, 1) == "\"") field += text[++i];
    else if (c == '"' && (quoted || field.empty())) quoted = !quoted;
    else if (quoted || (c != ',' && c != '\n' && c != '\r')) field += c;
    else if (c != ',') break;
    else {
      out.emplace_back(field);
      field.clear();
      if (out.size() == kResultElements) return {};
    }
  }
  out.emplace_back(field);
  return Value::dynamic(std::move(out));
}

// "1.2.3.4" as a decimal of four parts with eight digits each.
Value version_number(const Arguments& a) {
  constexpr std::size_t kParts = 4;
  constexpr std::size_t kDigits = 8;
  const auto parts = base::split(a.text(0), '.');
  if (parts.size() > kParts) return {};
  std::string digits;
  for (std::size_t i = 0; i < kParts; ++i) {
    const std::string_view part = i < parts.size() ? parts[i] : std::string_view("0");
    if (!base::is_digits(part) || part.size() > kDigits) return {};
    digits.append(kDigits - part.size(), '0').append(part);
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  auto number = parse_decimal(digits);
  return number ? Value::text(std::move(*number)) : Value();
}

Value command_line_arguments(const Arguments& a) {
  if (a.text(1) != "windows") return {};
  base::JsonArray out;
  for (std::string& argument : windows_arguments(a.as_text(0))) out.emplace_back(std::move(argument));
  return out.size() > kResultElements ? Value() : Value::dynamic(std::move(out));
}

base::Result<void> check_command_line(const Arguments& constants) {
  if (!constants.has(1) || constants.text(1) == "windows") return {};
  return base::fail(base::Kind::invalid_input, fmt::format("parse_command_line() knows the parser \"windows\", not \"{}\"", constants.text(1)));
}

}  // namespace

std::span<const Function> parse_functions() {
  static constexpr Function kAll[] = {
      {.name = "parse_url", .signature = "(string) dynamic", .evaluate = url_parts},
      {.name = "parseurl", .signature = "(string) dynamic", .evaluate = url_parts},
      {.name = "parse_urlquery", .signature = "(string) dynamic", .evaluate = url_parameters},
      {.name = "parseurlquery", .signature = "(string) dynamic", .evaluate = url_parameters},
      {.name = "parse_path", .signature = "(string) dynamic", .evaluate = path_parts},
      {.name = "parse_csv", .signature = "(string) dynamic", .evaluate = csv_fields, .naming = Naming::first_argument},
      {.name = "parse_version", .signature = "(string) decimal", .evaluate = version_number},
      {.name = "parse_command_line", .signature = "(any, string) dynamic", .evaluate = command_line_arguments, .check = check_command_line},
  };
  return kAll;
}

}  // namespace kql
