// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "sbom/catalogers_installed.hpp"
#include "sbom/go_buildinfo.hpp"
#include "sbom/object_image.hpp"
#include "sbom/rust_auditable.hpp"

namespace sbom {
namespace {

constexpr std::size_t kMaxExecutable = 256u << 20;
constexpr std::uint64_t kMinExecutable = 512;

bool wants_executable(const FileHead& file) {
  if (file.size < kMinExecutable || !has_object_magic(file.magic)) return false;
  // Objects, kernel modules and detached debug information hold neither; ELF's own type tells the rest later.
  return !file.path.ends_with(".o") && !file.path.ends_with(".ko") && !file.path.ends_with(".debug");
}

base::Result<FileFacts> catalog_executable(std::span<const File> files) {
  const File& file = files.front();
  FileFacts facts;
  facts.path = file.path;
  for (const ObjectImage& image : read_object_images(file.content)) {
    if (const auto go = find_go_build_info(image)) {
      for (model::Package& package : go_packages(*go)) add_package(facts, std::move(package));
    }
    auto crates = rust_audit_packages(image);
    if (!crates) {
      facts.warnings.push_back(file.path + ": the Rust crates of this program were left out: " +
                               crates.error().message);
      continue;
    }
    for (model::Package& package : *crates) add_package(facts, std::move(package));
  }
  // The architectures of a universal binary list the same modules.
  const auto key = [](const model::Package& p) { return std::tie(p.type, p.name, p.version, p.dev); };
  std::sort(facts.packages.begin(), facts.packages.end(),
            [&](const model::Package& a, const model::Package& b) { return key(a) < key(b); });
  const auto same = [&](const model::Package& a, const model::Package& b) { return key(a) == key(b); };
  facts.packages.erase(std::unique(facts.packages.begin(), facts.packages.end(), same), facts.packages.end());
  return facts;
}

}  // namespace

Cataloger executable_cataloger() {
  return {.name = "executable",
          .version = 1,
          .cap = kMaxExecutable,
          .grouped = false,
          .wants = wants_executable,
          .catalog = catalog_executable};
}

}  // namespace sbom
