// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <utility>

#include "base/text.hpp"
#include "oci/image_source.hpp"

namespace oci {

namespace {

constexpr std::array<std::pair<std::string_view, SourceRef::Kind>, 7> kSchemes{{
    {"docker:", SourceRef::Kind::docker},
    {"oci:", SourceRef::Kind::oci_layout},
    {"oci-archive:", SourceRef::Kind::oci_archive},
    {"docker-archive:", SourceRef::Kind::docker_archive},
    {"dir:", SourceRef::Kind::directory},
    {"sbom:", SourceRef::Kind::sbom},
    {"registry:", SourceRef::Kind::registry},
}};

base::Result<void> refuse_local_path(const std::string& text) {
  std::error_code error;
  const auto status = std::filesystem::status(text, error);
  if (error || !std::filesystem::exists(status)) return {};
  const bool folder = std::filesystem::is_directory(status);
  return base::fail(base::Kind::invalid_input,
                    folder ? fmt::format("{0} is a folder here: write dir:{0} to scan its files, oci:{0} for an OCI "
                                         "layout, or registry:{0} for an image of that name", base::printable(text))
                           : fmt::format("{0} is a file here: write docker-archive:{0} or oci-archive:{0} for an image "
                                         "archive, sbom:{0} for a bill of materials", base::printable(text)));
}

}  // namespace

base::Result<SourceRef> SourceRef::parse(std::string_view text) {
  for (const auto& [scheme, kind] : kSchemes) {
    if (text.substr(0, scheme.size()) != scheme) continue;
    SourceRef ref{kind, std::string(text.substr(scheme.size()))};
    if (ref.value.empty())
      return base::fail(base::Kind::invalid_input, fmt::format("nothing stands behind '{}'", scheme));
    if (kind == Kind::docker && ref.value.substr(0, 2) == "//")
      return base::fail(base::Kind::invalid_input,
                        fmt::format("docker: reads from the Docker daemon; for a registry write registry:{}",
                                    base::printable(ref.value.substr(2))));
    return ref;
  }
  if (text.empty()) return base::fail(base::Kind::invalid_input, "no image was named");
  TRY(refuse_local_path(std::string(text)));
  return SourceRef{Kind::registry, std::string(text)};
}

}  // namespace oci
