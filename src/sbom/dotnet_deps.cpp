// SPDX-License-Identifier: Apache-2.0
// .NET dependency files (dotnet/sdk, "Runtime Configuration Files", *.deps.json).
#include "base/json.hpp"
#include "base/text.hpp"
#include "sbom/catalogers_installed.hpp"

namespace sbom {
namespace {

constexpr std::size_t kMaxDepsJson = 16u << 20;

bool wants_dotnet(const FileHead& file) {
  return file.path.ends_with(".deps.json");
}

// Keys of `libraries` are "Name/Version". Packages and projects (which are packages too, built here) count; a runtime
// pack is the package behind its prefix; assembly references ("reference", "referenceassembly") carry the version of
// an assembly, not of a package.
base::Result<FileFacts> catalog_dotnet(std::span<const File> files) {
  constexpr std::string_view kRuntimePack = "runtimepack.";
  const File& file = files.front();
  FileFacts facts;
  facts.path = file.path;
  const base::Json json = TRY(base::parse_json(file.content, file.path));
  for (const auto& member : base::get_object(json, "libraries")) {
    const std::string type = base::to_lower(base::get_string(member.value(), "type"));
    if (type != "package" && type != "project" && type != "runtimepack") continue;
    auto [name, version] = base::cut_last(std::string_view(member.key()), "/");
    if (type == "runtimepack" && name.starts_with(kRuntimePack)) name.remove_prefix(kRuntimePack.size());
    model::Package package;
    package.name = name;
    package.version = version;
    package.type = "nuget";
    add_package(facts, std::move(package));
  }
  return facts;
}

}  // namespace

Cataloger dotnet_deps_cataloger() {
  return {.name = "dotnet-deps",
          .version = 1,
          .cap = kMaxDepsJson,
          .grouped = false,
          .wants = wants_dotnet,
          .catalog = catalog_dotnet};
}

}  // namespace sbom
