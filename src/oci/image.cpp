// SPDX-License-Identifier: Apache-2.0
#include "oci/image.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cctype>

#include "base/text.hpp"

namespace oci {

using base::Kind;
using base::Result;

namespace {

bool is_digest_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_platform_word(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.';
  });
}

// The kernel's names, and the ones people use, as Go (GOARCH) and hence the image specification writes them.
void normalise_architecture(Platform& platform) {
  const std::string_view name = platform.architecture;
  if (name == "x86_64" || name == "x86-64") platform.architecture = "amd64";
  if (name == "i386" || name == "i486" || name == "i586" || name == "i686") platform.architecture = "386";
  if (name == "aarch64") platform.architecture = "arm64";
  if (name == "armhf") platform = {platform.os, "arm", "v7"};
  if (name == "armel") platform = {platform.os, "arm", "v6"};
  if (name.substr(0, 4) == "armv" && name.size() >= 5)
    platform = {platform.os, name[4] == '8' ? "arm64" : "arm", std::string("v") + name[4]};
  if (platform.architecture == "loongarch64") platform.architecture = "loong64";
}

}  // namespace

Result<Digest> Digest::parse(std::string_view text) {
  const auto [algorithm, hex] = base::cut(text, ":");
  const std::size_t length = algorithm == "sha256" ? 64 : algorithm == "sha512" ? 128 : 0;
  if (length == 0 || hex.size() != length || !is_digest_hex(hex))
    return base::fail(Kind::invalid_input,
                      fmt::format("'{}' is no digest such as sha256:<64 hexadecimal digits>", base::printable(text.substr(0, 200))));
  Digest digest;
  digest.text_ = text;
  return digest;
}

std::string_view Digest::algorithm() const { return base::cut(text_, ":").first; }

std::string_view Digest::hex() const { return base::cut(text_, ":").second; }

Result<Platform> Platform::parse(std::string_view text) {
  const auto parts = base::split(text, '/');
  const bool words = std::all_of(parts.begin(), parts.end(), is_platform_word);
  if (!words || parts.size() > 3)
    return base::fail(Kind::invalid_input, fmt::format("'{}' is no platform such as linux/amd64 or linux/arm/v7",
                                                       base::printable(text.substr(0, 200))));
  Platform platform{"linux", base::to_lower(parts[0]), ""};
  if (parts.size() > 1) platform = {base::to_lower(parts[0]), base::to_lower(parts[1]), ""};
  normalise_architecture(platform);
  if (parts.size() > 2) platform.variant = base::to_lower(parts[2]);
  return platform;
}

Platform Platform::host() {
  Platform platform{"linux", "amd64", ""};
  struct utsname names{};
  if (::uname(&names) == 0) platform.architecture = names.machine;
  normalise_architecture(platform);
  return platform;
}

std::string Platform::text() const {
  return variant.empty() ? fmt::format("{}/{}", os, architecture) : fmt::format("{}/{}/{}", os, architecture, variant);
}

}  // namespace oci
