// SPDX-License-Identifier: Apache-2.0
// Packages of a conda environment: conda-meta/<name>-<version>-<build>.json (docs.conda.io, "Prefix metadata").
#include "base/json.hpp"
#include "base/text.hpp"
#include "sbom/catalogers_installed.hpp"

namespace sbom {
namespace {

constexpr std::size_t kMaxCondaJson = 32u << 20;

bool wants_conda(const FileHead& file) {
  if (!file.path.ends_with(".json")) return false;
  return base::basename(base::cut_last(file.path, "/").first) == "conda-meta";
}

base::Result<FileFacts> catalog_conda(std::span<const File> files) {
  const File& file = files.front();
  FileFacts facts;
  facts.path = file.path;
  const base::Json json = TRY(base::parse_json(file.content, file.path));
  model::Package package;
  package.name = base::get_string(json, "name");
  package.version = base::get_string(json, "version");
  package.type = "conda";
  add_package(facts, std::move(package));
  return facts;
}

}  // namespace

Cataloger conda_cataloger() {
  return {.name = "conda",
          .version = 1,
          .cap = kMaxCondaJson,
          .grouped = false,
          .wants = wants_conda,
          .catalog = catalog_conda};
}

}  // namespace sbom
