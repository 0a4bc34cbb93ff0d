// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers_installed.hpp"

#include <array>

#include "base/text.hpp"

namespace sbom {
namespace {

bool is_package_word(std::string_view text) {
  constexpr std::size_t kMaxWord = 512;
  return !text.empty() && text.size() <= kMaxWord && base::printable(text) == text;
}

}  // namespace

bool add_package(FileFacts& facts, model::Package package) {
  if (!is_package_word(package.name) || !is_package_word(package.version)) return false;
  facts.packages.push_back(std::move(package));
  return true;
}

std::span<const Cataloger> installed_catalogers() {
  static const std::array table = {
      python_cataloger(),
      node_cataloger(),
      ruby_gemspec_cataloger(),
      java_cataloger(),
      executable_cataloger(),
      php_composer_cataloger(),
      dotnet_deps_cataloger(),
      conda_cataloger(),
  };
  return table;
}

}  // namespace sbom
