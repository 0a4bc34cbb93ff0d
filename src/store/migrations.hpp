// SPDX-License-Identifier: Apache-2.0
// The schema of the state store as the steps that lead to it. A step, once released, is never changed; a new one is
// appended. There is no way back: `bulwark hub backup` before an upgrade is the way back.
#pragma once

#include <span>
#include <string_view>

namespace store {

struct Migration {
  int version;           // 1, 2, 3 …
  std::string_view name;
  std::string_view sql;  // statements, separated by ';'
};

std::span<const Migration> migrations();  // in order of version

}  // namespace store
