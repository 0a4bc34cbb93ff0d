// SPDX-License-Identifier: Apache-2.0
#include "providers/container_registry/registry_records.hpp"

#include "base/text.hpp"
#include "store/records.hpp"

namespace providers {

namespace {

// As Azure Container Registry's log names them.
std::string_view operation_of(events::Action action) {
  switch (action) {
    case events::Action::push: return "Push";
    case events::Action::pull: return "Pull";
    case events::Action::remove_manifest: return "Delete";
    case events::Action::remove_tag: return "Untag";
    case events::Action::quarantine: return "Quarantine";
    default: return {};
  }
}

// "192.0.2.7" of "192.0.2.7:4711", "2001:db8::1" of "[2001:db8::1]:4711".
std::string_view without_port(std::string_view address) {
  if (!address.empty() && address.front() == '[') return base::cut(address.substr(1), "]").first;
  const auto [host, port] = base::cut(address, ":");
  return base::is_digits(port) ? host : address;
}

}  // namespace

base::Result<void> record_event(store::Session& session, const Registry& registry, const events::RegistryEvent& event, store::Millis now) {
  const std::string_view operation = operation_of(event.action);
  if (operation.empty() || event.repository.empty()) return {};
  return store::queue_record(session, "ContainerRegistryRepositoryEvents",
                             {{"TimeGenerated", event.time.empty() ? store::record_time(now) : event.time},
                              {"OperationName", operation},
                              {"Category", "ContainerRegistryRepositoryEvents"},
                              {"CorrelationId", event.id},
                              {"LoginServer", registry.login_server},
                              {"Repository", event.repository},
                              {"Tag", event.tag},
                              {"Digest", event.digest},
                              {"MediaType", event.media_type},
                              {"Size", event.size},
                              {"Identity", event.actor},
                              {"CallerIpAddress", without_port(event.address)},
                              {"UserAgent", event.user_agent},
                              {"ResultType", "Succeeded"},
                              {"_ResourceId", registry.key()}});
}

}  // namespace providers
