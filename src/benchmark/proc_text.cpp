// SPDX-License-Identifier: Apache-2.0
#include "benchmark/proc_text.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace benchmark {

std::string_view nth_word(std::string_view text, std::size_t n) {
  for (std::string_view rest = base::trim(text); !rest.empty(); rest = base::trim(rest)) {
    const auto end = std::min(rest.find_first_of(" \t"), rest.size());
    if (n-- == 0) return rest.substr(0, end);
    rest.remove_prefix(end);
  }
  return {};
}

std::string_view status_member(std::string_view status, std::string_view name) {
  for (const std::string_view line : base::split_lines(status)) {
    const auto [key, value] = base::cut(line, ":");
    if (key == name) return base::trim(value);
  }
  return {};
}

}  // namespace benchmark
