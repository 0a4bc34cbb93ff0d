// SPDX-License-Identifier: Apache-2.0
#include "providers/property_checks.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace providers {

tl::unexpected<base::Error> must_be(const Holder& holder, std::string_view name, std::string_view what) {
  return base::fail(base::Kind::invalid_input, fmt::format("{}.{} must be {}.", holder.path, name, what));
}

base::Result<void> check_text(const Holder& holder, std::string_view name, std::size_t cap) {
  const auto* value = base::find(holder.json, name);
  if (!value || (value->is_string() && value->get_string().size() <= cap)) return {};
  return must_be(holder, name, fmt::format("a text of at most {} bytes", cap));
}

base::Result<void> check_flag(const Holder& holder, std::string_view name) {
  const auto* value = base::find(holder.json, name);
  if (!value || value->is_bool()) return {};
  return must_be(holder, name, "true or false");
}

base::Result<void> check_whole(const Holder& holder, std::string_view name, std::int64_t least, std::int64_t most) {
  const auto* value = base::find(holder.json, name);
  if (!value) return {};
  const auto number = base::get_int(holder.json, name);
  if (number && *number >= least && *number <= most) return {};
  return must_be(holder, name, fmt::format("a whole number from {} to {}", least, most));
}

base::Result<void> check_texts(const Holder& holder, std::string_view name, std::size_t most) {
  const auto* value = base::find(holder.json, name);
  if (!value || value->is_null()) return {};
  const bool fine = value->is_array() && value->get_array().size() <= most &&
                    std::all_of(value->get_array().begin(), value->get_array().end(),
                                [](const base::Json& entry) { return entry.is_string() && entry.get_string().size() <= 10'000; });
  if (!fine) return must_be(holder, name, fmt::format("a list of at most {} texts", most));
  return {};
}

base::Result<void> check_word(const Holder& holder, std::string_view name, std::span<const std::string_view> words) {
  const auto* value = base::find(holder.json, name);
  if (!value || std::find(words.begin(), words.end(), base::as_string(*value)) != words.end()) return {};
  return must_be(holder, name, fmt::format("one of {}", fmt::join(words, ", ")));
}

base::Result<void> check_object(const Holder& holder, std::string_view name) {
  const auto* value = base::find(holder.json, name);
  if (!value || value->is_object()) return {};
  return must_be(holder, name, "an object");
}

base::Result<std::string> need_text(const Holder& holder, std::string_view name, std::size_t cap) {
  TRY(check_text(holder, name, cap));
  const auto text = base::get_string(holder.json, name);
  if (text.empty()) return must_be(holder, name, "given: a text that is not empty");
  return std::string(text);
}

}  // namespace providers
