// SPDX-License-Identifier: Apache-2.0
#include "oci/local_reference.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "base/text.hpp"

namespace oci {

base::Result<LocalReference> parse_local_reference(std::string_view text) {
  const auto exists = [](std::string_view path) {
    std::error_code error;
    return std::filesystem::exists(std::filesystem::path(path), error) && !error;
  };
  if (exists(text)) return LocalReference{std::string(text), ""};
  for (auto colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':', colon + 1))
    if (colon > 0 && exists(text.substr(0, colon)))
      return LocalReference{std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
  return base::fail(base::Kind::not_found, fmt::format("there is no file or folder {}", base::printable(text)));
}

bool names_image(std::string_view stored, std::string_view asked) {
  const auto ends_with_part = [](std::string_view whole, std::string_view part) {
    return !part.empty() && whole.size() > part.size() && whole.substr(whole.size() - part.size()) == part &&
           whole[whole.size() - part.size() - 1] == '/';
  };
  const auto [name, tag] = base::cut_last(stored, ":");
  if (stored.empty() || asked.empty()) return false;
  if (stored == asked || tag == asked || ends_with_part(stored, asked) || ends_with_part(asked, stored)) return true;
  return tag == "latest" && (name == asked || ends_with_part(name, asked));
}

}  // namespace oci
