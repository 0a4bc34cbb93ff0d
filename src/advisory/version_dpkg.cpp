// SPDX-License-Identifier: Apache-2.0
// deb-version(7): [epoch:]upstream-version[-debian-revision].
#include "advisory/version_schemes.hpp"
#include "advisory/version_text.hpp"

namespace advisory {
namespace {

struct DpkgVersion {
  std::string_view epoch;
  std::string_view upstream;
  std::string_view revision;
};

// The digits of an epoch, which dpkg reads with strtol and so with a '+' in front.
bool is_dpkg_epoch(std::string_view& text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && all_digits(text);
}

// A colon with something other than a number before it belongs to the upstream version: dpkg refuses such a
// version, and the order here has to go on.
DpkgVersion split_dpkg(std::string_view text) {
  text = trim_ascii(text);
  DpkgVersion version;
  const std::size_t colon = text.find(':');
  std::string_view epoch = text.substr(0, colon);
  if (colon != std::string_view::npos && is_dpkg_epoch(epoch)) {
    version.epoch = epoch;
    text.remove_prefix(colon + 1);
  }
  const std::size_t hyphen = text.rfind('-');
  version.upstream = text.substr(0, hyphen);
  if (hyphen != std::string_view::npos) version.revision = text.substr(hyphen + 1);
  return version;
}

// Weight of the character at `i` within a run of non-digits: '~' before the end, the end (and any digit) before
// letters, letters before the rest.
int dpkg_weight(std::string_view text, std::size_t i) {
  if (i >= text.size() || is_ascii_digit(text[i])) return 0;
  if (text[i] == '~') return -1;
  const int byte = static_cast<unsigned char>(text[i]);
  return is_ascii_alpha(text[i]) ? byte : byte + 256;
}

std::strong_ordering compare_dpkg_part(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    std::size_t i = 0;
    for (; (i < a.size() && !is_ascii_digit(a[i])) || (i < b.size() && !is_ascii_digit(b[i])); ++i) {
      const int left = dpkg_weight(a, i);
      const int right = dpkg_weight(b, i);
      if (left != right) return left <=> right;
    }
    a.remove_prefix(i);
    b.remove_prefix(i);
    const auto order = compare_digits(take_digits(a), take_digits(b));
    if (order != 0) return order;
  }
  return std::strong_ordering::equal;
}

bool is_dpkg_text(std::string_view text, std::string_view punctuation) {
  for (const char c : text) {
    if (!is_ascii_alnum(c) && punctuation.find(c) == std::string_view::npos) return false;
  }
  return true;
}

}  // namespace

std::strong_ordering compare_dpkg(std::string_view a, std::string_view b) {
  const DpkgVersion left = split_dpkg(a);
  const DpkgVersion right = split_dpkg(b);
  if (const auto order = compare_digits(left.epoch, right.epoch); order != 0) return order;
  if (const auto order = compare_dpkg_part(left.upstream, right.upstream); order != 0) return order;
  return compare_dpkg_part(left.revision, right.revision);
}

// A version that does not start with a digit is taken, as dpkg takes it with a warning.
bool is_dpkg_version(std::string_view text) {
  const DpkgVersion version = split_dpkg(text);
  if (compare_digits(version.epoch, "2147483647") > 0) return false;
  const bool empty_revision = trim_ascii(text).ends_with('-');
  const std::string_view punctuation = version.epoch.empty() ? "-+.~" : "-+.~:";
  return !version.upstream.empty() && !empty_revision && is_dpkg_text(version.upstream, punctuation) &&
         is_dpkg_text(version.revision, "+.~");
}

}  // namespace advisory
