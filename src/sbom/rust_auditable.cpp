// SPDX-License-Identifier: Apache-2.0
#include "sbom/rust_auditable.hpp"

#include "base/compress.hpp"
#include "base/json.hpp"

namespace sbom {
namespace {

constexpr std::size_t kMaxRustAuditText = 16u << 20;

}  // namespace

base::Result<std::vector<model::Package>> rust_audit_packages(const ObjectImage& image) {
  std::vector<model::Package> packages;
  const ImageRange* section = image.section(".dep-v0");
  if (section == nullptr || section->content.empty()) return packages;
  const std::string text = TRY_CONTEXT(base::inflate_zlib(section->content, kMaxRustAuditText), "section .dep-v0");
  const base::Json json = TRY(base::parse_json(text, "section .dep-v0"));
  for (const base::Json& crate : base::get_array(json, "packages")) {
    model::Package package;
    package.name = base::get_string(crate, "name");
    package.version = base::get_string(crate, "version");
    package.type = "cargo";
    package.dev = base::get_string(crate, "kind", "runtime") == "build";
    if (!package.name.empty() && !package.version.empty()) packages.push_back(std::move(package));
  }
  return packages;
}

}  // namespace sbom
