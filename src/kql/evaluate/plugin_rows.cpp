// SPDX-License-Identifier: Apache-2.0
#include "kql/evaluate/evaluator.hpp"
#include "kql/functions/plugin.hpp"

namespace kql {

base::Result<Rows> Evaluator::rows_of(const PluginRows& plugin, const Schema& schema) {
  const Table input{plugin.input->schema, TRY(run(*plugin.input))};
  std::optional<Table> second;
  if (plugin.second) second = Table{plugin.second->schema, TRY(run(*plugin.second))};
  Table out = TRY(plugin.plugin->run(PluginCall(input, second ? &*second : nullptr, plugin.arguments)));
  TRY(check(out.rows.size(), schema));
  return std::move(out.rows);
}

}  // namespace kql
