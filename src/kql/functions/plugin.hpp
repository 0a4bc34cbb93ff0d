// SPDX-License-Identifier: Apache-2.0
// The plugins of `evaluate`, which take a table and make another (functions/*_plugins.cpp).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kql/plan/plan.hpp"
#include "kql/value.hpp"

namespace kql {

// What a plugin works on. A parameter that is asked for has to be one of the plugin's.
class PluginCall {
 public:
  PluginCall(const Table& input, const Table* second, std::span<const PluginArgument> arguments)
      : input_(input), second_(second), arguments_(arguments) {}

  const Table& input() const { return input_; }
  const Table& second() const { return *second_; }
  std::vector<const PluginArgument*> all(std::string_view parameter) const;
  bool has(std::string_view parameter) const { return !all(parameter).empty(); }
  // Of parameters that take a column or a key.
  std::size_t column(std::string_view parameter) const;
  std::optional<std::size_t> optional_column(std::string_view parameter) const;
  std::vector<std::size_t> columns(std::string_view parameter) const;
  // Of those that take a constant; null where it was not given.
  Value value(std::string_view parameter, Type type) const;
  double number(std::string_view parameter, double otherwise) const;
  bool flag(std::string_view parameter) const;
  std::string text(std::string_view parameter) const;

 private:
  const Table& input_;
  const Table* second_;
  std::span<const PluginArgument> arguments_;
};

struct Plugin {
  std::string_view name;
  // "id column, from constant, radius real?, dimension column...": the name and what it takes. `column` is one of the
  // input, `table` the second table (the first argument), `key` a column of that; `value` and `condition` are computed on
  // each row; `constant` is one of any type, a type's name one of that type. "?" may be left out, "..." come again.
  std::string_view parameters;
  base::Result<Table> (*run)(const PluginCall& call) = nullptr;
  // The columns that come out depend on the rows that go in, and not on their schema alone: the binder runs the query up
  // to here and goes on with what came. Without rows `run` gives the columns that are known.
  bool from_rows = false;
  // What makes the further tables of a query that ends with this plugin, out of the same input and arguments.
  std::span<const Plugin> (*further)() = nullptr;
};

struct PluginParameter {
  std::string_view name;
  enum class Takes { column, table, key, value, condition, constant } takes = Takes::constant;
  std::optional<Type> type;  // of a constant; nothing: any
  bool optional = false, repeated = false;
};
std::vector<PluginParameter> parameters_of(const Plugin& plugin);

const Plugin* plugin_named(std::string_view name);  // null where there is none
// The operator reduce, which `evaluate` does not know: its arguments are the text, the threshold, the characters and
// whether the input's columns are kept.
const Plugin& reduce_plugin();
std::vector<std::string_view> plugin_names();       // sorted
// Why a plugin of the language is not here; empty where it is no plugin of the language.
std::string_view refused_plugin(std::string_view name);

std::span<const Plugin> table_plugins();
std::span<const Plugin> lookup_plugins();
std::span<const Plugin> geo_plugins();
std::span<const Plugin> pattern_plugins();
std::span<const Plugin> window_plugins();
std::span<const Plugin> activity_plugins();
std::span<const Plugin> schema_plugins();
std::span<const Plugin> sequence_plugins();
std::span<const Plugin> funnel_plugins();
std::span<const Plugin> text_pattern_plugins();

}  // namespace kql
