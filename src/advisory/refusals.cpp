// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "advisory/importers.hpp"

namespace advisory {

void Refusals::add(std::string_view where, std::string_view why) {
  ++count_;
  if (warnings_.size() < kMostWarnings) warnings_.push_back(fmt::format("{}: left out: {}", where, why));
}

void Refusals::merge(const Refusals& other) {
  count_ += other.count_;
  for (const auto& warning : other.warnings_)
    if (warnings_.size() < kMostWarnings) warnings_.push_back(warning);
}

}  // namespace advisory
