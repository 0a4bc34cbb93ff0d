// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace base {

// A pattern for paths: `*` any bytes but '/', `**` any bytes, `**/` also no folder at all, `?` one byte but '/'. A pattern
// without '/' is compared with the last part of the path. A leading '/' of either counts for nothing.
class Glob {
 public:
  explicit Glob(std::string_view pattern);

  // A few comparisons for nearly every path; time of pattern times path at worst.
  bool matches(std::string_view path) const;

 private:
  struct Token {
    enum class Kind { byte, one, part, rest, folders };
    Kind kind = Kind::byte;
    char byte = 0;
  };
  bool run(std::string_view path) const;

  bool name_only_ = false;
  std::vector<Token> tokens_;
  std::string prefix_, suffix_;  // what every path that matches begins and ends with
};

// Whether any pattern of a list matches.
bool matches_any(const std::vector<Glob>& globs, std::string_view path);

}  // namespace base
