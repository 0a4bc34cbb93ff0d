// SPDX-License-Identifier: Apache-2.0
// What the engine says over its API (Docker Engine API 1.24 and later), cut down to what checks read.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "benchmark/collect.hpp"
#include "benchmark/container_processes.hpp"
#include "benchmark/shapes.hpp"

namespace benchmark {

namespace {

constexpr std::size_t kMostExecs = 50;

// The body of a 2xx answer; what the engine says of anything else.
base::Result<base::Json> ask(HostReader& host, const std::string& path) {
  const EngineAnswer answer = TRY(host.get(path));
  auto json = base::parse_json(answer.body, "GET " + path);
  if (answer.status >= 200 && answer.status < 300) return json;
  const std::string_view message = json ? base::get_string(*json, "message") : std::string_view();
  return base::fail(answer.status == 404 ? base::Kind::not_found : base::Kind::unavailable,
                    fmt::format("the engine answered {}: {}", answer.status, base::printable(message.substr(0, 200))));
}

base::Json reading(base::Result<base::Json> answer, base::Json (*keep)(const base::Json&)) {
  return answer ? value_json(keep(*answer)) : error_json(answer.error().message);
}

template <const std::string_view& shape>
base::Json keep_shape(const base::Json& answer) {
  return keep_only(answer, shape);
}

bool manages_swarm(const base::Json& info) {
  const base::Json* value = base::find(info, "value");
  const base::Json* swarm = value ? base::find(*value, "Swarm") : nullptr;
  return swarm && base::get_bool(*swarm, "ControlAvailable");
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ':' || c == '_' || c == '-' ||
           c == '.';
  });
}

// The ids of a list of containers or images.
base::Result<std::vector<std::string>> ids_of(HostReader& host, const std::string& path, std::size_t most) {
  const base::Json list = TRY(ask(host, path));
  const auto* items = list.if_array();
  if (!items) return base::fail(base::Kind::invalid_input, fmt::format("GET {}: the answer is no list", path));
  if (items->size() > most)
    return base::fail(base::Kind::too_large, fmt::format("GET {}: {} entries, more than {}", path, items->size(), most));
  std::vector<std::string> ids;
  for (const base::Json& item : *items) {
    const std::string_view id = base::get_string(item, "Id");
    if (!is_id(id)) return base::fail(base::Kind::invalid_input, fmt::format("GET {}: an entry has no Id", path));
    ids.emplace_back(id);
  }
  return ids;
}

base::Json execs_of(HostReader& host, const base::Json& inspect) {
  const auto& ids = base::get_array(inspect, "ExecIDs");
  if (ids.empty()) return nullptr;
  base::JsonArray list;
  for (const base::Json& id : ids) {
    if (list.size() == kMostExecs || !is_id(base::as_string(id))) break;
    const auto exec = ask(host, fmt::format("/exec/{}/json", base::as_string(id)));
    if (exec) list.push_back(keep_only(*exec, kExecShape));
    else if (exec.error().kind != base::Kind::not_found) return error_json(exec.error().message);
  }
  return value_json(base::JsonObject{{"list", std::move(list)}});
}

// Nothing where the container went away meanwhile.
base::Json container_json(HostReader& host, const std::string& id, const ContainerProcesses& processes) {
  const auto inspect = ask(host, fmt::format("/containers/{}/json", id));
  if (!inspect && inspect.error().kind == base::Kind::not_found) return nullptr;
  base::JsonObject out{{"id", id}};
  if (!inspect) {
    out["inspect"] = error_json(inspect.error().message);
    return out;
  }
  const base::Json* state = base::find(*inspect, "State");
  out["inspect"] = value_json(kept_container(*inspect));
  if (state && base::get_bool(*state, "Running")) {
    out["process"] = first_process(host, base::get_int(*state, "Pid").value_or(0));
    out["commands"] = processes.commands(host, id);
  }
  if (base::Json execs = execs_of(host, *inspect); !execs.is_null()) out["execs"] = std::move(execs);
  return out;
}

base::Json image_json(HostReader& host, const std::string& id) {
  const auto inspect = ask(host, fmt::format("/images/{}/json", id));
  if (!inspect && inspect.error().kind == base::Kind::not_found) return nullptr;
  base::JsonObject out{{"id", id}};
  out["inspect"] = inspect ? value_json(kept_image(*inspect)) : error_json(inspect.error().message);
  out["history"] = reading(ask(host, fmt::format("/images/{}/history", id)), kept_history);
  return out;
}

}  // namespace

base::JsonObject collect_engine(HostReader& host) {
  base::JsonObject engine{{"socket", host.engine_socket()}};
  if (host.engine_socket().empty()) return engine;
  engine["version"] = reading(ask(host, "/version"), keep_shape<kVersionShape>);
  if (!base::find(engine["version"], "value")) return engine;
  engine["info"] = reading(ask(host, "/info"), keep_shape<kInfoShape>);
  engine["networks"] = collect_networks(host);
  if (!manages_swarm(engine["info"])) return engine;
  engine["swarm"] = reading(ask(host, "/swarm"), keep_shape<kSwarmShape>);
  engine["nodes"] = reading(ask(host, "/nodes"), keep_shape<kNodeShape>);
  engine["services"] = reading(ask(host, "/services"), keep_shape<kServiceShape>);
  engine["secrets"] = reading(ask(host, "/secrets"), keep_shape<kSecretShape>);
  return engine;
}

base::Json collect_containers(HostReader& host, std::size_t most) {
  const auto ids = ids_of(host, "/containers/json?all=1", most);
  if (!ids) return error_json(ids.error().message);
  const ContainerProcesses processes(host);
  base::JsonArray list;
  for (const std::string& id : *ids)
    if (base::Json container = container_json(host, id, processes); !container.is_null()) list.push_back(std::move(container));
  return value_json(std::move(list));
}

base::Json collect_container(HostReader& host, std::string_view id) {
  if (!is_id(id)) return nullptr;
  (void)host.reached();
  base::Json container = container_json(host, std::string(id), ContainerProcesses(host));
  const auto reached = host.reached();
  if (reached) return container;
  return base::JsonObject{{"id", id}, {"inspect", error_json(reached.error().message)}};
}

base::Json collect_image(HostReader& host, std::string_view id) {
  return is_id(id) ? image_json(host, std::string(id)) : base::Json();
}

base::Json collect_networks(HostReader& host) { return reading(ask(host, "/networks"), keep_shape<kNetworkShape>); }

base::Json collect_images(HostReader& host, std::size_t most) {
  const auto ids = ids_of(host, "/images/json", most);
  if (!ids) return error_json(ids.error().message);
  base::JsonArray list;
  for (const std::string& id : *ids)
    if (base::Json image = image_json(host, id); !image.is_null()) list.push_back(std::move(image));
  return value_json(std::move(list));
}

}  // namespace benchmark
