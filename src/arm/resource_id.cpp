// SPDX-License-Identifier: Apache-2.0
#include "arm/resource_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace arm {

namespace {

using Segments = std::vector<std::string_view>;

constexpr std::size_t kLongestId = 2048;
// What stands unescaped in a segment (RFC 3986 pchar) beside the unreserved characters.
constexpr std::string_view kSegmentCharacters = "!$&'()*+,;=:@";

constexpr std::string_view kLacksName =
    "lacks a name or does not read /subscriptions/S/resourceGroups/G/providers/NAMESPACE/TYPE/NAME";
constexpr std::string_view kBadType = "has a namespace or type with other characters than letters, digits, '.', '-' and '_'";

bool is_word(std::string_view segment, std::string_view word) { return base::equals_ignoring_case(segment, word); }

tl::unexpected<base::Error> bad_id(std::string_view text, std::string_view why) {
  constexpr std::size_t kShown = 200;
  const bool cut = text.size() > kShown;
  return base::fail(base::Kind::invalid_input, fmt::format("resource id \"{}{}\" {}", base::printable(text.substr(0, kShown)),
                                                           cut ? "…" : "", why));
}

bool has_malformed_escape(std::string_view segment) {
  constexpr std::string_view kHex = "0123456789abcdefABCDEF";
  for (std::size_t i = segment.find('%'); i != std::string_view::npos; i = segment.find('%', i + 1))
    if (i + 2 >= segment.size() || kHex.find(segment[i + 1]) == std::string_view::npos ||
        kHex.find(segment[i + 2]) == std::string_view::npos)
      return true;
  return false;
}

// Why a segment may not stand anywhere; nothing where it may.
std::optional<std::string_view> fault_of(std::string_view segment) {
  if (segment.empty()) return "has an empty segment: leave one of the slashes out";
  if (has_malformed_escape(segment)) return "has a malformed escape: write '%' as \"%25\"";
  if (segment.find_first_of("?#") != std::string_view::npos) return "holds '?' or '#': escape it as \"%3F\" or \"%23\"";
  std::string decoded = base::percent_decode(segment);
  if (base::printable(decoded) != decoded) return "holds control characters or is no UTF-8";
  std::replace(decoded.begin(), decoded.end(), '\\', '/');
  for (const std::string_view part : base::split(decoded, '/'))
    if (part == "." || part == "..") return "has a segment \".\" or \"..\": write the whole path";
  return std::nullopt;
}

bool is_type_word(std::string_view segment) {
  return std::all_of(segment.begin(), segment.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  });
}

enum class EmptySegments { refused, folded };

// The segments of a path, each well-formed by itself; none of the tenant. The words in front are spelled as everybody spells them.
base::Result<Segments> segments_of(std::string_view text, EmptySegments empty) {
  if (text.size() > kLongestId) return bad_id(text, fmt::format("is longer than {} bytes", kLongestId));
  if (text.empty() || text[0] != '/') return bad_id(text, "does not begin with '/'");
  std::string_view rest = text.substr(std::min(text.find_first_not_of('/'), text.size()));
  if (rest.empty()) return Segments();
  if (rest.back() == '/') rest.remove_suffix(1);
  Segments segments = base::split(rest, '/');
  if (empty == EmptySegments::folded) segments.erase(std::remove(segments.begin(), segments.end(), std::string_view()), segments.end());
  for (const std::string_view segment : segments)
    if (const auto fault = fault_of(segment)) return bad_id(text, *fault);
  if (is_word(segments[0], "subscriptions")) {
    segments[0] = "subscriptions";
    if (segments.size() > 2 && is_word(segments[2], "resourceGroups")) segments[2] = "resourceGroups";
  }
  return segments;
}

std::string joined(const Segments& segments, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    out += '/';
    out += segments[i];
  }
  return out.empty() ? "/" : out;
}

// How the front of a path reads as an id, and what is left behind it.
struct Shape {
  std::size_t complete = 0;  // segments that make a whole id
  std::size_t front = 0;     // of them, those in front of the last "providers"
  std::size_t provider = 0;  // where the last "providers" stands, complete or not; 0 where front is everything
  bool in_provider = false;  // there is one
};

// Reads "subscriptions/S[/resourceGroups/G]"; returns how many segments that takes.
std::size_t read_front(const Segments& segments) {
  if (segments.size() < 2 || !is_word(segments[0], "subscriptions")) return 0;
  return segments.size() >= 4 && is_word(segments[2], "resourceGroups") ? 4 : 2;
}

// Reads as many whole pairs as there are. What is left of a valid id is nothing.
Shape read_shape(const Segments& segments) {
  Shape shape;
  shape.complete = shape.front = read_front(segments);
  while (shape.complete < segments.size() && is_word(segments[shape.complete], "providers")) {
    const std::size_t provider = shape.complete;
    std::size_t at = provider + 2;  // behind the namespace
    while (at + 1 < segments.size() && !is_word(segments[at], "providers")) at += 2;
    if (at == provider + 2) break;  // no pair
    shape.front = provider;
    shape.provider = provider;
    shape.in_provider = true;
    shape.complete = at;
  }
  return shape;
}

// Namespaces and types are plain words, so that no escape can stand for another type, or for "providers".
bool has_plain_types(const Segments& segments) {
  bool is_name = false;
  for (std::size_t at = read_front(segments); at < segments.size(); ++at) {
    if (!is_name && !is_type_word(segments[at])) return false;
    if (is_name || !is_word(segments[at], "providers"))
      is_name = !is_name;
    else if (++at < segments.size() && !is_type_word(segments[at]))  // the namespace
      return false;
  }
  return true;
}

// "Microsoft.Security/assessments/subAssessments" of the segments from a "providers" up to `end`.
std::string type_from(const Segments& segments, std::size_t provider, std::size_t end) {
  std::string type(segments[provider + 1]);
  for (std::size_t i = provider + 2; i < end; i += 2) {
    type += '/';
    type += segments[i];
  }
  return type;
}

std::string type_of(const Segments& segments, const Shape& shape) {
  if (shape.in_provider) return type_from(segments, shape.provider, shape.complete);
  if (shape.complete == 4) return "Microsoft.Resources/resourceGroups";
  return shape.complete == 2 ? "Microsoft.Resources/subscriptions" : "";
}

// Of an id that was parsed: never fails.
Segments segments_of_id(std::string_view text) {
  return text.size() <= 1 ? Segments() : base::split(text.substr(1), '/');
}

std::string escape_name(std::string_view name) {
  std::string out = base::percent_encode(name, kSegmentCharacters);
  if (out == "." || out == "..") return out == "." ? "%2E" : "%2E%2E";  // never a step; refused where it is parsed
  return out;
}

std::string resources_type(std::string_view segment) {
  for (const std::string_view word : {"subscriptions", "resourceGroups", "providers"})
    if (is_word(segment, word)) return fmt::format("Microsoft.Resources/{}", word);
  return fmt::format("Microsoft.Resources/{}", segment);
}

// What the segments behind a whole id ask for; nothing where they are no list and no action.
std::optional<std::string> type_of_rest(const Segments& segments, const Shape& shape) {
  const std::size_t left = segments.size() - shape.complete;
  const std::string_view first = segments[shape.complete];
  if (left == 1 && (!shape.in_provider || is_word(first, "providers"))) return resources_type(first);
  if (is_word(first, "providers")) {  // behind a whole id: "providers/NS" or "providers/NS/type"
    if (left > 3) return std::nullopt;
    return left == 2 ? std::string(segments.back()) : fmt::format("{}/{}", segments[shape.complete + 1], segments.back());
  }
  if (left == 1) return fmt::format("{}/{}", type_of(segments, shape), first);
  return std::nullopt;
}

}  // namespace

base::Result<ResourceId> ResourceId::parse(std::string_view text) {
  const Segments segments = TRY(segments_of(text, EmptySegments::refused));
  const Shape shape = read_shape(segments);
  if (shape.complete != segments.size()) return bad_id(text, kLacksName);
  if (!has_plain_types(segments)) return bad_id(text, kBadType);
  return ResourceId(joined(segments, segments.size()));
}

std::string ResourceId::key() const {
  std::string out;
  for (const std::string_view segment : segments_of_id(text_)) {
    out += '/';
    for (const char c : base::percent_decode(segment)) {
      if (std::string_view("/%?#").find(c) == std::string_view::npos)
        out += c;
      else
        out += fmt::format("%{:02x}", c);
    }
  }
  return out.empty() ? "/" : base::to_lower(out);
}

std::string ResourceId::subscription() const {
  const Segments segments = segments_of_id(text_);
  return read_front(segments) >= 2 ? base::percent_decode(segments[1]) : "";
}

std::string ResourceId::resource_group() const {
  const Segments segments = segments_of_id(text_);
  return read_front(segments) >= 4 ? base::percent_decode(segments[3]) : "";
}

std::string ResourceId::type() const {
  const Segments segments = segments_of_id(text_);
  return type_of(segments, read_shape(segments));
}

std::string ResourceId::name() const {
  const Segments segments = segments_of_id(text_);
  return segments.empty() ? "" : base::percent_decode(segments.back());
}

std::vector<std::string> ResourceId::names() const {
  const Segments segments = segments_of_id(text_);
  const Shape shape = read_shape(segments);
  std::vector<std::string> names;
  if (!shape.in_provider) {
    if (!segments.empty()) names.push_back(name());
    return names;
  }
  for (std::size_t i = shape.provider + 3; i < segments.size(); i += 2) names.push_back(base::percent_decode(segments[i]));
  return names;
}

ResourceId ResourceId::parent() const {
  const Segments segments = segments_of_id(text_);
  const Shape shape = read_shape(segments);
  if (segments.size() < 2) return ResourceId();
  const bool is_only_pair = shape.in_provider && segments.size() == shape.provider + 4;
  return ResourceId(joined(segments, is_only_pair ? shape.front : segments.size() - 2));
}

ResourceId ResourceId::child(std::string_view type, std::string_view name) const {
  return ResourceId(fmt::format("{}/{}/{}", is_tenant() ? "" : text_, type, escape_name(name)));
}

ResourceId ResourceId::extension(std::string_view provider_type, std::string_view name) const {
  return ResourceId(fmt::format("{}/providers/{}/{}", is_tenant() ? "" : text_, provider_type, escape_name(name)));
}

bool is_scope_of(std::string_view scope_key, std::string_view id_key) {
  if (scope_key == "/") return true;
  if (scope_key.empty() || id_key.substr(0, scope_key.size()) != scope_key) return false;
  return id_key.size() == scope_key.size() || id_key[scope_key.size()] == '/';
}

base::Result<Target> parse_target(std::string_view path) {
  const Segments segments = TRY(segments_of(path, EmptySegments::folded));
  const Shape shape = read_shape(segments);
  if (!has_plain_types(segments)) return bad_id(path, kBadType);
  const std::string id = joined(segments, shape.complete);
  Target target;
  target.id = TRY(ResourceId::parse(id));
  target.is_list = shape.complete < segments.size();
  if (!target.is_list) {
    target.type = type_of(segments, shape);
    return target;
  }
  auto type = type_of_rest(segments, shape);
  if (!type) return bad_id(path, kLacksName);
  target.type = std::move(*type);
  return target;
}

}  // namespace arm
