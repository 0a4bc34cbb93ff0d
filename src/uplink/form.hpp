// SPDX-License-Identifier: Apache-2.0
// One list of members for both directions: a message says them once, in describe(form, value), and the form either writes
// them as JSON or reads them from a hostile document.
#pragma once

#include <array>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace uplink {

// A text as it travels: safe to print, at most kTextBytes.
std::string travelling_text(std::string_view text);

// For overloads of describe() that take a shape to be written (const) and one to be filled.
template <typename Value, typename Shape>
concept Like = std::same_as<std::remove_const_t<Value>, Shape>;

// Leaves out what is empty, zero or false: a reader takes a missing member for that.
class FormWriter {
 public:
  void text(std::string_view key, const std::string& value);
  void required(std::string_view key, const std::string& value);
  void lines(std::string_view key, const std::string& value);  // line feeds are kept
  template <typename Number>
  void number(std::string_view key, Number value) {
    if (value != Number{}) out_[key] = value;
  }
  void optional_number(std::string_view key, const std::optional<int>& value);
  void flag(std::string_view key, bool value);
  void texts(std::string_view key, const std::vector<std::string>& values, std::size_t most);
  void pairs(std::string_view key, const std::vector<std::pair<std::string, std::string>>& values, std::size_t most);
  void any(std::string_view key, const base::Json& value);

  template <typename Enum, std::size_t count>
  void choice(std::string_view key, Enum value, const std::array<std::string_view, count>& names) {
    out_[key] = names[static_cast<std::size_t>(value)];
  }
  template <typename Value>
  void member(std::string_view key, const Value& value) {
    FormWriter below;
    describe(below, value);
    out_[key] = std::move(below.out_);
  }
  template <typename Value>
  void list(std::string_view key, const std::vector<Value>& values, std::size_t) {
    if (values.empty()) return;
    base::JsonArray array;
    array.reserve(values.size());
    for (const Value& value : values) {
      FormWriter below;
      describe(below, value);
      array.emplace_back(std::move(below.out_));
    }
    out_[key] = std::move(array);
  }

  base::JsonObject take() && { return std::move(out_); }

 private:
  base::JsonObject out_;
};

// The first member that is wrong stops the reading; what was read by then is not to be used.
class FormReader {
 public:
  // `fault` and `json` outlive the reader.
  FormReader(const base::Json& json, std::string_view name, std::optional<base::Error>& fault);

  void text(std::string_view key, std::string& value);
  void required(std::string_view key, std::string& value);
  void lines(std::string_view key, std::string& value) { text(key, value); }
  void number(std::string_view key, std::int64_t& value);
  void number(std::string_view key, std::uint64_t& value);
  void number(std::string_view key, double& value);
  void optional_number(std::string_view key, std::optional<int>& value);
  void flag(std::string_view key, bool& value);
  void texts(std::string_view key, std::vector<std::string>& values, std::size_t most);
  void pairs(std::string_view key, std::vector<std::pair<std::string, std::string>>& values, std::size_t most);
  void any(std::string_view key, base::Json& value);

  template <typename Enum, std::size_t count>
  void choice(std::string_view key, Enum& value, const std::array<std::string_view, count>& names) {
    value = static_cast<Enum>(index_of(key, names.data(), count));
  }
  template <typename Value>
  void member(std::string_view key, Value& value) {
    const base::Json* json = found(key);
    if (!json) return;
    FormReader below(*json, key, -1, this);
    describe(below, value);
  }
  template <typename Value>
  void list(std::string_view key, std::vector<Value>& values, std::size_t most) {
    const base::JsonArray* array = array_of(key, most);
    if (!array) return;
    values.reserve(array->size());
    long index = 0;
    for (const base::Json& json : *array) {
      FormReader below(json, key, index++, this);
      describe(below, values.emplace_back());
      if (fault_) return;
    }
  }

  // What no other member says: "must be …", "is missing".
  void fail(std::string_view key, std::string_view words, base::Kind kind = base::Kind::invalid_input);
  bool failed() const { return fault_.has_value(); }

 private:
  FormReader(const base::Json& json, std::string_view name, long index, const FormReader* parent);
  std::string path() const;
  const base::Json* found(std::string_view key);  // null where missing or null, or something failed before
  const base::JsonArray* array_of(std::string_view key, std::size_t most);
  std::size_t index_of(std::string_view key, const std::string_view* names, std::size_t count);

  const base::JsonObject* object_ = nullptr;
  std::string_view name_;
  long index_ = -1;
  const FormReader* parent_ = nullptr;
  std::optional<base::Error>& fault_;
};

template <typename Value>
base::JsonObject written(const Value& value) {
  FormWriter form;
  describe(form, value);
  return std::move(form).take();
}

// `name` stands in front of the member in the error; empty for the document itself.
template <typename Value>
base::Result<Value> read_as(const base::Json& json, std::string_view name) {
  std::optional<base::Error> fault;
  FormReader form(json, name, fault);
  Value value;
  describe(form, value);
  if (fault) return base::fail(std::move(*fault));
  return value;
}

}  // namespace uplink
