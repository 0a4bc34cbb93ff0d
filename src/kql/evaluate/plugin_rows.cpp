// SPDX-License-Identifier: Apache-2.0
#include "kql/evaluate/evaluator.hpp"
#include "kql/functions/plugin.hpp"

namespace kql {

base::Result<Rows> Evaluator::rows_of(const PluginRows& plugin, const Schema& schema) {
  const auto table_of = [this](const Relation& relation) -> base::Result<Table> {
    Rows rows = TRY(run(relation));
    return Table{relation.schema, std::move(rows)};
  };
  const Table input = TRY(table_of(*plugin.input));
  std::optional<Table> second;
  if (plugin.second) second = TRY(table_of(*plugin.second));
  Table out = TRY(plugin.plugin->run(PluginCall(input, second ? &*second : nullptr, plugin.arguments)));
  TRY(check(out.rows.size(), schema));
  return std::move(out.rows);
}

}  // namespace kql
