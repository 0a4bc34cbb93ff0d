// SPDX-License-Identifier: Apache-2.0
#include "benchmark/field.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace benchmark {

Field::Field(const base::Json& root, std::string_view source, std::string_view path)
    : value_(&root), source_(source), path_(path) {
  while (value_ && !path.empty()) {
    const auto [name, rest] = base::cut(path, ".");
    value_ = base::find(*value_, name);
    path = rest;
  }
}

const base::Json* Field::of_kind(bool (*is)(const base::Json&), std::string_view expected) {
  if (value_ && is(*value_)) return value_;
  if (!null()) expected_ = expected;
  return nullptr;
}

bool Field::boolean() {
  const base::Json* value = value_ && value_->is_bool() ? value_ : nullptr;
  if (!value) expected_ = "true or false";
  return value && value->get_bool();
}

std::int64_t Field::number() {
  const base::Json* value = of_kind([](const base::Json& json) { return json.is_number(); }, "a number");
  if (!value) return 0;
  if (value->is_double()) return value->get_double() > 0 ? 1 : value->get_double() < 0 ? -1 : 0;  // beyond 64 bits: the sign
  return value->is_uint64() ? INT64_MAX : value->get_int64();
}

std::string_view Field::text() {
  const base::Json* value = of_kind([](const base::Json& json) { return json.is_string(); }, "a text");
  return value ? std::string_view(value->get_string()) : std::string_view();
}

const base::JsonArray& Field::list() {
  static const base::JsonArray none;
  const base::Json* value = of_kind([](const base::Json& json) { return json.is_array(); }, "a list");
  return value ? value->get_array() : none;
}

const base::JsonObject& Field::object() {
  static const base::JsonObject none;
  const base::Json* value = of_kind([](const base::Json& json) { return json.is_object(); }, "an object");
  return value ? value->get_object() : none;
}

std::vector<std::string_view> Field::texts() {
  std::vector<std::string_view> out;
  for (const base::Json& item : list()) {
    if (!item.is_string()) expected_ = "a list of texts";
    else out.emplace_back(item.get_string());
  }
  return out;
}

Verdict Field::fault() const {
  return verdict(Status::error, evidence(missing() ? fmt::format("the answer lacks {}", path_)
                                                   : fmt::format("{} is not {}", path_, expected_)));
}

std::string Field::json_path() const { return path_.empty() ? "$" : fmt::format("$.{}", path_); }

Evidence Field::evidence(std::string message) const {
  return {std::string(source_), json_path(), value_ ? shortened(*value_) : base::Json(), std::move(message)};
}

Evidence Field::evidence_of(std::string_view below, base::Json value, std::string message) const {
  return {std::string(source_), json_path().append(below), shortened(value), std::move(message)};
}

}  // namespace benchmark
