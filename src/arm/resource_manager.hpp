// SPDX-License-Identifier: Apache-2.0
// The resource manager: one pipeline for every request to a resource path.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "arm/access_control.hpp"
#include "arm/activity.hpp"
#include "arm/resource_type.hpp"
#include "identity/identity.hpp"
#include "net/server.hpp"
#include "store/database.hpp"

namespace arm {

// Thread-safe once its types are declared.
class ResourceManager {
 public:
  ResourceManager(store::Database& database, AccessControl& access, identity::Identity& identity)
      : database_(database), access_(access), identity_(identity) {}

  void declare(ResourceType type);  // at start, before the first request
  void serve_subscription(std::string id) { subscription_ = std::move(id); }  // at start; others are not found. Never called: all are served
  std::vector<const ResourceType*> types() const;  // in order of name

  // parse id → authenticate → authorize(action, scope) → validate → apply → store → activity log → response
  net::ServerResponse handle(const net::ServerRequest& request);

  // The same pipeline behind authentication: what the hub does in a caller's name (configuration as code). The caller's
  // rights are checked, and the activity log written, as for a request of its own.
  Reply run_as(const identity::Caller& caller, const Access& access, const std::string& method, const std::string& path,
               const base::Json& body);

  // The same authentication and authorization for the hub's own API: the caller with its access, or the refusal to send.
  struct Admitted {
    identity::Caller caller;
    Access access;
  };
  tl::expected<Admitted, net::ServerResponse> admit(const net::ServerRequest& request);
  // Refuses, and records, what the caller may not do. Nothing: go on.
  std::optional<net::ServerResponse> authorize(const net::ServerRequest& request, const Admitted& admitted,
                                               const std::string& action, const std::string& scope, Plane plane = Plane::control);
  // Records a write of the hub's own API, or a refusal.
  void record(const net::ServerRequest& request, const identity::Caller* caller, const std::string& operation,
              const std::string& resource_id, int status, const std::string& message);

 private:
  struct Route {
    const ResourceType* type = nullptr;
    const ResourceType::Action* action = nullptr;
    std::string action_name;
  };

  Reply run(Call& call);
  base::Result<Route> find_route(const Call& call) const;
  const ResourceType* find_type(const std::string& name) const;
  std::optional<Reply> refuse_request(const Call& call) const;
  Reply dispatch(Call& call, const Route& route);
  Reply get(const Call& call, const ResourceType& type);
  Reply list(const Call& call, const ResourceType& type);
  Reply write(Call& call, const ResourceType& type);
  Reply remove(const Call& call, const ResourceType& type);
  base::Result<Reply> store_resource(Call& call, const ResourceType& type, store::Session& session);
  base::Result<Reply> delete_stored(const Call& call, const ResourceType& type, store::Session& session);
  base::Result<Reply> list_stored(const Call& call, const ResourceType& type, store::Session& session);
  base::Result<base::JsonObject> shown(const Call& call, const ResourceType& type, store::Session& session,
                                       const Resource& resource);
  Activity activity_of(const Call& call, int status, std::string message) const;
  void keep_activity(const Activity& activity);

  store::Database& database_;
  AccessControl& access_;
  identity::Identity& identity_;
  std::map<std::string, ResourceType> types_;  // by name in lower case
  std::string subscription_;                   // empty: any
  std::mutex refusals_mutex_;                  // guards the two below
  std::map<std::string, int> refusals_;        // by address, in the minute
  store::Millis refusals_minute_ = 0;
};

// "Microsoft.ContainerRegistry/registries/write" and kin, from method and type.
std::string action_of(std::string_view method, const std::string& type);

}  // namespace arm
