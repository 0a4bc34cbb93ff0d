// SPDX-License-Identifier: Apache-2.0
#include "sbom/purl.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace sbom {

namespace {

constexpr std::size_t kPurlCap = 16u << 10;

struct PurlTypeRule {
  std::string_view type;
  bool lower_namespace;
  bool lower_name;
};

// Types whose parts are not case sensitive (purl-spec types/*-definition.json), but for npm and golang.
constexpr PurlTypeRule kPurlTypeRules[] = {
    {"alpm", true, true},        {"apk", true, true},  {"bitbucket", true, true}, {"bitnami", false, true},
    {"composer", true, true},    {"deb", true, true},  {"github", true, true},    {"hex", true, true},
    {"luarocks", false, false},  {"oci", true, true},  {"opkg", true, false},     {"pub", true, true},
    {"pypi", true, true},        {"qpkg", true, false}, {"rpm", true, false},
};

std::string fold_pypi_name(std::string_view name) {
  std::string out;
  for (char c : name) {
    const bool separator = c == '-' || c == '_' || c == '.';
    if (!separator)
      out += c;
    else if (out.empty() || out.back() != '-')
      out += '-';
  }
  return out;
}

void normalise_purl(Purl& purl) {
  for (const auto& rule : kPurlTypeRules) {
    if (rule.type != purl.type) continue;
    if (rule.lower_namespace) purl.namespace_ = base::to_lower(purl.namespace_);
    if (rule.lower_name) purl.name = base::to_lower(purl.name);
  }
  if (purl.type == "pypi") purl.name = fold_pypi_name(purl.name);
  auto& qualifiers = purl.qualifiers;
  std::erase_if(qualifiers, [](const auto& qualifier) { return qualifier.second.empty(); });
  std::stable_sort(qualifiers.begin(), qualifiers.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
}

bool is_purl_type(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed) && !(text[0] >= '0' && text[0] <= '9');
}

bool is_qualifier_key(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed) && !(text[0] >= '0' && text[0] <= '9');
}

// Decodes a path and drops empty segments, in a subpath "." and ".." too. An encoded '/' separates like any other: no
// segment may hold one.
std::string decode_segments(std::string_view text, bool subpath) {
  std::string out;
  const std::string decoded = base::percent_decode(text);
  for (std::string_view segment : base::split(decoded, '/')) {
    if (segment.empty() || (subpath && (segment == "." || segment == ".."))) continue;
    if (!out.empty()) out += '/';
    out += segment;
  }
  return out;
}

std::string encode_segments(std::string_view text) {
  return base::percent_encode(text, ":/");
}

base::Result<void> read_qualifiers(std::string_view text, Purl& purl) {
  for (std::string_view pair : base::split(text, '&')) {
    if (pair.empty()) continue;
    const auto [raw_key, value] = base::cut(pair, "=");
    std::string key = base::to_lower(raw_key);
    if (!is_qualifier_key(key))
      return base::fail(base::Kind::invalid_input,
                        fmt::format("\"{}\" is no valid qualifier key of a package URL", base::printable(raw_key)));
    const bool seen = std::any_of(purl.qualifiers.begin(), purl.qualifiers.end(),
                                  [&](const auto& qualifier) { return qualifier.first == key; });
    if (seen)
      return base::fail(base::Kind::invalid_input, fmt::format("qualifier \"{}\" stands twice in a package URL", key));
    purl.qualifiers.emplace_back(std::move(key), base::percent_decode(value));
  }
  return {};
}

// Position of the '@' before the version: the last one that does not open a segment (an npm scope does).
std::size_t version_separator(std::string_view text) {
  for (std::size_t at = text.size(); at-- > 0;)
    if (text[at] == '@' && at > 0 && text[at - 1] != '/') return at;
  return std::string_view::npos;
}

// What follows "pkg:": type, namespace, name and version, without qualifiers and subpath.
base::Result<void> read_purl_path(std::string_view rest, Purl& purl) {
  while (!rest.empty() && rest.front() == '/') rest.remove_prefix(1);
  const auto slash = rest.find('/');
  purl.type = base::to_lower(rest.substr(0, slash));
  if (slash == std::string_view::npos || !is_purl_type(purl.type))
    return base::fail(base::Kind::invalid_input, "a package URL starts with pkg:TYPE/NAME");
  rest.remove_prefix(slash + 1);
  if (const auto at = version_separator(rest); at != std::string_view::npos) {
    purl.version = base::percent_decode(rest.substr(at + 1));
    rest = rest.substr(0, at);
  }
  while (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
  const auto last = rest.rfind('/');
  purl.name = base::percent_decode(last == std::string_view::npos ? rest : rest.substr(last + 1));
  if (last != std::string_view::npos) purl.namespace_ = decode_segments(rest.substr(0, last), false);
  if (purl.name.empty()) return base::fail(base::Kind::invalid_input, "the package URL has no name");
  return {};
}

}  // namespace

std::string_view Purl::qualifier(std::string_view key) const {
  for (const auto& [name_, value] : qualifiers)
    if (name_ == key) return value;
  return {};
}

base::Result<Purl> parse_purl(std::string_view text) {
  if (text.size() > kPurlCap) return base::fail(base::Kind::too_large, "a package URL longer than 16 KiB");
  const std::string what = fmt::format("package URL \"{}\"", base::printable(text.substr(0, 200)));
  Purl purl;
  if (!base::equals_ignoring_case(text.substr(0, 4), "pkg:"))
    return base::fail(base::Kind::invalid_input, fmt::format("{}: it does not start with \"pkg:\"", what));
  std::string_view rest = text.substr(4);
  if (const auto hash = rest.rfind('#'); hash != std::string_view::npos) {
    purl.subpath = decode_segments(rest.substr(hash + 1), true);
    rest = rest.substr(0, hash);
  }
  if (const auto question = rest.rfind('?'); question != std::string_view::npos) {
    TRY_CONTEXT(read_qualifiers(rest.substr(question + 1), purl), what);
    rest = rest.substr(0, question);
  }
  TRY_CONTEXT(read_purl_path(rest, purl), what);
  normalise_purl(purl);
  return purl;
}

std::string to_text(const Purl& purl) {
  std::string out = "pkg:" + purl.type + '/';
  if (!purl.namespace_.empty()) out += encode_segments(purl.namespace_) + '/';
  out += base::percent_encode(purl.name, ":");
  if (!purl.version.empty()) out += '@' + base::percent_encode(purl.version, ":");
  auto qualifiers = purl.qualifiers;
  std::erase_if(qualifiers, [](const auto& qualifier) { return qualifier.second.empty(); });
  std::sort(qualifiers.begin(), qualifiers.end());
  char separator = '?';
  for (const auto& [key, value] : qualifiers) {
    out += fmt::format("{}{}={}", separator, key, base::percent_encode(value, ":/"));
    separator = '&';
  }
  if (!purl.subpath.empty()) out += '#' + encode_segments(purl.subpath);
  return out;
}

std::string package_name(const Purl& purl) {
  const std::string& space = purl.namespace_;
  if (space.empty() || purl.type == "deb" || purl.type == "rpm" || purl.type == "apk" || purl.type == "opkg")
    return purl.name;
  return space + (purl.type == "maven" ? ':' : '/') + purl.name;
}

}  // namespace sbom
