// SPDX-License-Identifier: Apache-2.0
// The plugins of `evaluate`, which take a table and make another (functions/*_plugins.cpp).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kql/plan/plan.hpp"
#include "kql/value.hpp"

namespace kql {

struct PluginCall {
  const Table& input;
  const Table* second = nullptr;             // of ipv4_lookup and its like
  std::span<const ScalarPtr> arguments;      // on the input's rows
  std::span<const std::string> words;        // an argument's text as it stands in the query: a column's name
};

struct Plugin {
  std::string_view name;
  // The schema follows from the rows: the binder runs the query up to here and goes on with what came.
  base::Result<Table> (*run)(const PluginCall& call) = nullptr;
};

const Plugin* plugin_named(std::string_view name);  // null where there is none
std::span<const Plugin> all_plugins();
// The operator reduce, which `evaluate` does not know: its arguments are the text, the threshold, the characters and
// whether the input's columns are kept.
const Plugin& reduce_plugin();

}  // namespace kql
