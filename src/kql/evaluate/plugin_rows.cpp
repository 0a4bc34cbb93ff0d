// SPDX-License-Identifier: Apache-2.0
#include "kql/evaluate/evaluator.hpp"
#include "kql/functions/plugin.hpp"

namespace kql {

base::Result<Rows> Evaluator::rows_of(const PluginRows& plugin, const Schema&) {
  const Table input{plugin.input->schema, TRY(run(*plugin.input))};
  if (!plugin.second) return TRY(plugin.plugin->run({input, nullptr, plugin.arguments, plugin.words})).rows;
  const Table second{plugin.second->schema, TRY(run(*plugin.second))};
  return TRY(plugin.plugin->run({input, &second, plugin.arguments, plugin.words})).rows;
}

}  // namespace kql
