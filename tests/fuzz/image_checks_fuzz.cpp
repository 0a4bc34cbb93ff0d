// SPDX-License-Identifier: Apache-2.0
// A file of checks; and, where the input is JSON, a configuration for the built-in ones: every finding is printable and
// bounded.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"
#include "imagecheck/engine.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto engine = imagecheck::Engine::create({});
  if (!engine) std::abort();
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (const auto config = base::parse_json(input, "input")) {
    std::vector<std::string> warnings;
    for (const auto& finding : (*engine)->findings({&*config, "registry.example/app", base::Seconds()}, {}, warnings))
      if (finding.evidence.empty() || base::printable(finding.evidence) != finding.evidence) std::abort();
    if (const auto marks = imagecheck::marks_from_json(*config)) (void)imagecheck::to_json(*marks);
  }
  const auto checks = imagecheck::load_image_checks({{"fuzz.yaml", std::string(input)}});
  if (!checks && checks.error().message.find("fuzz.yaml:") == std::string::npos) std::abort();
  return 0;
}
