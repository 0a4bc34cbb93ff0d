// SPDX-License-Identifier: Apache-2.0
// Checks of single members of a resource's properties; a member that is missing passes. Kind::invalid_input names the member
// and what it must be.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"

namespace providers {

inline constexpr std::size_t kPropertyTextCap = 64u << 10;
inline constexpr std::size_t kPropertyListCap = 200;

// What is checked: an object, and where it stands, for the message: "properties", "properties.dataFlows[0]".
struct Holder {
  const base::Json& json;
  std::string path = "properties";
};

tl::unexpected<base::Error> must_be(const Holder& holder, std::string_view name, std::string_view what);

base::Result<void> check_text(const Holder& holder, std::string_view name, std::size_t cap = kPropertyTextCap);
base::Result<void> check_flag(const Holder& holder, std::string_view name);
base::Result<void> check_whole(const Holder& holder, std::string_view name, std::int64_t least, std::int64_t most);
base::Result<void> check_texts(const Holder& holder, std::string_view name, std::size_t most = kPropertyListCap);  // a list of texts
base::Result<void> check_word(const Holder& holder, std::string_view name, std::span<const std::string_view> words);
base::Result<void> check_object(const Holder& holder, std::string_view name);

// The same, and there it must be, and not be empty.
base::Result<std::string> need_text(const Holder& holder, std::string_view name, std::size_t cap = kPropertyTextCap);

}  // namespace providers
