// SPDX-License-Identifier: Apache-2.0
#include "sbom/document_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.hpp"
#include "base/text.hpp"

namespace sbom {

namespace {

void add_extra_field(DocumentProperties& fields, std::string_view key, std::string_view value) {
  if (!value.empty()) fields.emplace_back(key, document_text(value));
}

}  // namespace

std::string_view property(const DocumentProperties& properties, std::string_view name) {
  const auto found = std::find_if(properties.begin(), properties.end(), [&](const auto& entry) { return entry.first == name; });
  return found == properties.end() ? std::string_view() : std::string_view(found->second);
}

std::vector<std::string> property_values(const DocumentProperties& properties, std::string_view name) {
  std::vector<std::string> values;
  for (const auto& [key, value] : properties)
    if (key == name) values.push_back(value);
  return values;
}

DocumentProperties extra_fields(const model::Package& package) {
  DocumentProperties fields;
  for (const PackageField& field : kPackageFields) add_extra_field(fields, field.key, package.*field.member);
  if (package.dev) fields.emplace_back("dev", "true");
  return fields;
}

DocumentProperties extra_fields(const model::Distribution& os) {
  DocumentProperties fields;
  add_extra_field(fields, "os:codename", os.codename);
  add_extra_field(fields, "os:pretty_name", os.pretty_name);
  for (const std::string& like : os.like) add_extra_field(fields, "os:like", like);
  return fields;
}

DocumentProperties extra_fields(const model::Inventory& inventory) {
  DocumentProperties fields;
  add_extra_field(fields, "artifact:type", inventory.artifact.type);
  add_extra_field(fields, "artifact:digest", inventory.artifact.digest);
  add_extra_field(fields, "artifact:platform", inventory.artifact.platform);
  for (const std::string& layer : inventory.artifact.layers) add_extra_field(fields, "artifact:layer", layer);
  if (inventory.partial) fields.emplace_back("partial", "true");
  for (const std::string& warning : inventory.warnings) add_extra_field(fields, "warning", warning);
  return fields;
}

std::string tool_version_text() { return BULWARK_VERSION; }

std::string document_uuid(std::string_view content) {
  // The name space for URLs, and as the name the digest of the content.
  constexpr std::string_view kNamespace("\x6b\xa7\xb8\x11\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8", 16);
  base::Hasher hasher(base::Hasher::Algorithm::sha1);
  hasher.update(kNamespace);
  hasher.update("sha256:" + base::sha256_hex(content));
  std::string hex = hasher.hex().substr(0, 32);
  hex[12] = '5';
  constexpr std::string_view kVariant = "89ab";
  hex[16] = kVariant[static_cast<std::size_t>(hex[16]) % 4];
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4), hex.substr(16, 4), hex.substr(20));
}

std::string document_text(std::string_view text) { return base::printable(text); }

std::string bare_digest(std::string_view digest) {
  constexpr std::string_view kPrefix = "sha256:";
  if (!digest.starts_with(kPrefix) || digest.size() != kPrefix.size() + 64) return {};
  digest.remove_prefix(kPrefix.size());
  const bool hex = std::all_of(digest.begin(), digest.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  return hex ? std::string(digest) : std::string();
}

}  // namespace sbom
