// SPDX-License-Identifier: Apache-2.0
// What a provider declares: its types of resources and what they do beyond being stored.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "arm/call.hpp"
#include "arm/resource.hpp"

namespace arm {

// A type whose resources are rows of `resources` needs a name alone; the hooks refine it. A type that is computed brings
// `get` and `list`. Hooks run inside the request's transaction; an error is the answer, and nothing is written.
struct ResourceType {
  std::string name;  // "Microsoft.ContainerRegistry/registries"
  std::vector<std::string> api_versions;  // whose contract it keeps, newest first, as "GET …/providers" tells them; any date is taken
  bool open = false;  // everybody who is signed in may get one: it is the same in every installation

  // --- stored types
  bool stored = true;
  // Before `prepare`: a refusal with a code of Azure's that no kind of error stands for; nothing where there is none.
  std::function<base::Result<std::optional<Reply>>(const Call&, store::Session&, const Resource* before, const Resource& after)> refuse;
  // Checks and normalises what a PUT or PATCH would store; `before` is null for a new one. Secrets leave the body here.
  std::function<base::Result<void>(const Call&, store::Session&, const Resource* before, Resource& after)> prepare;
  std::function<base::Result<void>(const Call&, store::Session&, const Resource&)> written;   // after it was stored
  std::function<base::Result<void>(const Call&, store::Session&, const Resource&)> removing;  // before it is deleted
  // Adds what is computed to what REST shows.
  std::function<base::Result<void>(const Call&, store::Session&, base::JsonObject& shown)> present;
  bool writable = true;
  int status_of_creation = 201;
  int status_of_change = 200;  // answer to a PUT on what is there already; some of Azure's types say 201 again
  int status_of_absence = 204;  // answer to a DELETE of what is not there
  // "PUT {group}/providers/{type}", without a name, makes one of this name: 201. Empty: there is no such request.
  std::function<std::string()> new_name;

  // --- computed types
  std::function<base::Result<Reply>(const Call&, store::Session&, const ResourceId&)> get;
  std::function<base::Result<Reply>(const Call&, store::Session&, const Target&)> list;  // for stored types: instead of the usual one
  std::function<base::Result<Reply>(const Call&, store::Session&, const ResourceId&)> put, remove;  // in a write transaction

  // Instead of `remove`, where it asks others and may take long: outside any transaction.
  std::function<base::Result<Reply>(const Call&, const ResourceId&)> remove_elsewhere;

  // --- actions: "POST {id}/NAME" or "GET {id}/NAME", authorized as "{type}/NAME/action" (GET: "{type}/NAME/read", DELETE: "{type}/NAME/delete"). They run
  // outside any transaction, since they may wait for others.
  struct Action {
    std::string method = "POST";
    std::function<base::Result<Reply>(const Call&, const ResourceId&)> run;
    Plane plane = Plane::control;  // data: the `*` of Owner and Contributor does not hold it, only a role's dataActions do
    bool on_list = false;  // "POST {scope}/providers/{type}/NAME", where the name of a resource stands else: `run` gets that as its id
  };
  std::map<std::string, Action> actions;  // names in lower case
};

}  // namespace arm
