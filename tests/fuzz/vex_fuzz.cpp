// SPDX-License-Identifier: Apache-2.0
// Any document is read or refused, and what was read can be applied. Reading it twice gives the same suppressions.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "advisory/vex.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto statements = advisory::read_vex(text, "fuzz.json");
  if (!statements) return 0;
  model::Artifact artifact;
  artifact.name = "registry.example.com/team/app:1.2";
  artifact.type = "image";
  artifact.digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  artifact.platform = "linux/amd64";
  model::Finding finding;
  finding.id = "CVE-2024-1";
  finding.aliases = {"GHSA-x"};
  finding.package.name = "openssl";
  finding.package.purl = "pkg:deb/debian/openssl@3.0.11-1?arch=amd64&distro=debian-12";
  std::vector<model::Finding> findings = {finding};
  advisory::apply_statements(*statements, artifact, findings);
  const bool suppressed = findings[0].suppressed.has_value();
  advisory::apply_statements(*statements, artifact, findings);
  if (findings[0].suppressed.has_value() != suppressed) std::abort();
  return 0;
}
