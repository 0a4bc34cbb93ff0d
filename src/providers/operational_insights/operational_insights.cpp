// SPDX-License-Identifier: Apache-2.0
#include "providers/operational_insights/operational_insights.hpp"

#include "providers/operational_insights/types.hpp"

namespace providers {

std::function<base::Result<arm::Reply>(const arm::Call&, store::Session&, const arm::Target&)> list_whole(std::string_view type) {
  return [type = std::string(type)](const arm::Call& call, store::Session& session, const arm::Target& target) -> base::Result<arm::Reply> {
    base::JsonArray value;
    for (const auto& resource : TRY(arm::load_resources(session, type, target.id.key())))
      if (call.may(call.action, resource.id)) value.emplace_back(arm::to_json(resource));
    return arm::list_reply(call, std::move(value), {});
  };
}

void declare_operational_insights(arm::ResourceManager& manager, const Services& services, const WorkspaceTables& tables) {
  manager.declare(workspaces_type(services, tables));
  manager.declare(tables_type(services, tables));
  manager.declare(saved_searches_type());
  manager.declare(query_packs_type());
  manager.declare(pack_queries_type(services));
  manager.declare(purge_operations_type());
  manager.declare(operation_statuses_type());
  manager.declare(intelligence_packs_type());
  for (auto& type : absent_types()) manager.declare(std::move(type));
  manager.declare(operation_list_type(manager));
}

}  // namespace providers
