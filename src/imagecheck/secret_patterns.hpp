// SPDX-License-Identifier: Apache-2.0
// The compiled expressions of secret rules; apart, since RE2's headers are heavy.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <vector>

#include "imagecheck/secret_rules.hpp"

namespace imagecheck {

// RE2 with linear time, bounded memory and nothing on standard error.
inline std::unique_ptr<re2::RE2> compile_pattern(const std::string& pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(4 << 20);
  return std::make_unique<re2::RE2>(pattern, options);
}

struct SecretRules::Patterns {
  std::vector<std::unique_ptr<re2::RE2>> rules;    // by rule
  std::vector<std::unique_ptr<re2::RE2>> placeholders;  // whole values that are no secret
};

}  // namespace imagecheck
