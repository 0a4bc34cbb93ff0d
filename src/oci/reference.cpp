// SPDX-License-Identifier: Apache-2.0
#include "oci/reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/text.hpp"

namespace oci {

namespace {

constexpr std::size_t kReferenceCap = 4096;
constexpr std::size_t kPathCap = 255;
constexpr std::size_t kTagCap = 128;

bool is_lower_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_alnum(char c) { return is_lower_alnum(c) || is_upper(c); }

tl::unexpected<base::Error> bad_reference(std::string_view text, std::string_view why) {
  return base::fail(base::Kind::invalid_input,
                    fmt::format("\"{}\" is no image reference: {}", base::printable(text.substr(0, 300)), why));
}

bool is_path_separator(std::string_view marks) {
  return marks == "." || marks == "_" || marks == "__" || marks.find_first_not_of('-') == std::string_view::npos;
}

// [a-z0-9]+ ((\.|_|__|-+) [a-z0-9]+)*
bool is_path_component(std::string_view part) {
  if (part.empty() || !is_lower_alnum(part.front()) || !is_lower_alnum(part.back())) return false;
  for (std::size_t i = 0; i < part.size();) {
    if (is_lower_alnum(part[i])) {
      ++i;
      continue;
    }
    const std::size_t start = i;
    while (!is_lower_alnum(part[i]))
      ++i;  // ends: the last byte is one
    if (!is_path_separator(part.substr(start, i - start))) return false;
  }
  return true;
}

bool is_domain_label(std::string_view label) {
  return !label.empty() && is_alnum(label.front()) && is_alnum(label.back()) &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_alnum(c) || c == '-'; });
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), port);
  return base::is_digits(text) && parsed.ec == std::errc() && port != 0;
}

bool is_ipv6_literal(std::string_view host) {
  return host.size() > 2 && host.back() == ']' && std::all_of(host.begin() + 1, host.end() - 1, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':';
         });
}

// Nothing where the domain is right, else what is wrong with it.
std::string_view domain_fault(std::string_view domain) {
  std::string_view host = domain;
  std::string_view port;
  bool has_port = false;
  const std::size_t after_bracket = domain.find(']');
  const std::size_t colon = domain.find(':', domain.front() == '[' ? std::min(after_bracket, domain.size()) : 0);
  if (colon != std::string_view::npos) {
    has_port = true;
    host = domain.substr(0, colon);
    port = domain.substr(colon + 1);
  }
  if (has_port && !is_port(port)) return "the port of the registry must be a number from 1 to 65535";
  if (host.empty()) return "the name of the registry is missing before its port";
  if (host.front() == '[') return is_ipv6_literal(host) ? "" : "the IPv6 address of the registry is not a valid one";
  if (host.size() > 253) return "the name of the registry is longer than 253 characters";
  for (const std::string_view label : base::split(host, '.'))
    if (!is_domain_label(label)) return "the name of the registry may hold letters, digits, '.' and '-' only";
  return {};
}

bool names_domain(std::string_view part) {
  return part.find_first_of(".:") != std::string_view::npos || part == "localhost" ||
         std::any_of(part.begin(), part.end(), is_upper);
}

std::string_view path_fault(std::string_view path) {
  if (path.empty()) return "the repository is missing behind the registry";
  if (path.size() > kPathCap) return "the repository is longer than 255 characters";
  if (std::any_of(path.begin(), path.end(), is_upper)) return "repository names are lower case";
  for (const std::string_view part : base::split(path, '/')) {
    if (part.empty()) return "the repository has an empty part";
    if (!is_path_component(part))
      return "repository parts hold a-z and 0-9 with single '.', '_', '__' or '-' between them";
  }
  return {};
}

std::string_view tag_fault(std::string_view tag) {
  if (tag.empty()) return "the tag is missing behind ':'";
  if (tag.size() > kTagCap) return "the tag is longer than 128 characters";
  const auto in_tag = [](char c) { return is_alnum(c) || c == '_' || c == '.' || c == '-'; };
  if (tag.front() == '.' || tag.front() == '-' || !std::all_of(tag.begin(), tag.end(), in_tag))
    return "a tag holds letters, digits, '_', '.' and '-', and starts with none of the last two";
  return {};
}

// Mistakes of people whose other tools want something else.
std::string_view habit_fault(std::string_view text) {
  if (text.empty()) return "it is empty";
  if (text.size() > kReferenceCap) return "it is too long";
  if (text.find("://") != std::string_view::npos) return "leave out the part up to and with \"://\"";
  if (text.find_first_of(" \t\r\n") != std::string_view::npos) return "it has a blank in it";
  const bool hex_only = text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (hex_only) return "64 hexadecimal digits are an image id; write repository@sha256:…";
  return {};
}

void split_domain(std::string_view name, Reference& reference) {
  const std::size_t slash = name.find('/');
  if (slash != std::string_view::npos && names_domain(name.substr(0, slash))) {
    reference.domain = name.substr(0, slash);
    name.remove_prefix(slash + 1);
  } else {
    reference.domain = "docker.io";
  }
  if (reference.domain == "index.docker.io") reference.domain = "docker.io";
  reference.path = name;
  if (reference.domain == "docker.io" && !name.empty() && name.find('/') == std::string_view::npos)
    reference.path = "library/" + reference.path;
}

}  // namespace

base::Result<Reference> Reference::parse(std::string_view text) {
  if (const auto fault = habit_fault(text); !fault.empty()) return bad_reference(text, fault);
  Reference reference;
  std::string_view name = text;
  if (const std::size_t at = name.find('@'); at != std::string_view::npos) {
    auto digest = Digest::parse(name.substr(at + 1));
    if (!digest) return bad_reference(text, digest.error().message);
    reference.digest = std::move(*digest);
    name = name.substr(0, at);
  }
  // A colon in front of the last slash belongs to a port.
  const std::size_t colon = name.rfind(':');
  const std::size_t slash = name.rfind('/');
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
    reference.tag = name.substr(colon + 1);
    name = name.substr(0, colon);
    if (const auto fault = tag_fault(reference.tag); !fault.empty()) return bad_reference(text, fault);
  }
  if (name.empty()) return bad_reference(text, "the repository is missing");
  split_domain(name, reference);
  if (const auto fault = domain_fault(reference.domain); !fault.empty()) return bad_reference(text, fault);
  if (const auto fault = path_fault(reference.path); !fault.empty()) return bad_reference(text, fault);
  if (reference.tag.empty() && reference.digest.empty()) reference.tag = "latest";
  return reference;
}

std::string Reference::text() const {
  std::string out = domain + "/" + path;
  if (!tag.empty()) out += ":" + tag;
  if (!digest.empty()) out += "@" + digest.text();
  return out;
}

std::string Reference::api_host() const { return domain == "docker.io" ? "registry-1.docker.io" : domain; }

}  // namespace oci
