// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <re2/re2.h>

#include "imagecheck/image_checks.hpp"

namespace imagecheck {

struct CheckParameters::Values {
  std::map<std::string, std::vector<std::string>, std::less<>> texts;
  std::map<std::string, std::vector<base::Glob>, std::less<>> globs;
  std::map<std::string, std::int64_t, std::less<>> numbers;
  std::map<std::string, std::string, std::less<>> words;
  std::map<std::string, std::unique_ptr<re2::RE2>, std::less<>> patterns;
};

}  // namespace imagecheck
