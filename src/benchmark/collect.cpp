// SPDX-License-Identifier: Apache-2.0
#include "benchmark/collect.hpp"

#include "benchmark/facts.hpp"

namespace benchmark {

base::Json value_json(base::Json value) {
  base::JsonObject out;
  out.emplace("value", std::move(value));
  return out;
}

base::Json error_json(std::string_view message) { return base::JsonObject{{"error", shortened(message)}}; }

namespace {

// Of a host that was lost on the way, nothing was read.
void forget(base::Json& document, const base::Error& why) {
  base::JsonObject& members = document.get_object();
  for (const std::string_view member : {"containers", "images", "daemon", "daemonConfig", "auditRules", "mounts", "groups",
                                        "environment", "containerd"})
    members[member] = error_json(why.message);
  members["engine"] = base::JsonObject{{"socket", base::get_string(*base::find(document, "engine"), "socket")},
                                       {"version", error_json(why.message)}};
  members["files"].get_object().clear();
}

}  // namespace

base::Json collect(HostReader& host, const CollectOptions& options) {
  (void)host.reached();
  base::JsonObject document{{"schemaVersion", kFactsSchemaVersion},
                            {"collectedAt", base::format_time(options.now)},
                            {"collector", options.collector},
                            {"host", collect_host(host)}};
  base::Json daemon = collect_daemon(host);
  base::JsonObject engine = collect_engine(host);
  if (engine["socket"].get_string().empty() && daemon.is_object()) {
    engine["version"] = error_json("dockerd runs, and no socket of it was found; name it with --host");
  }
  const base::Json* version = engine.if_contains("version");
  if (version && base::find(*version, "value")) {
    document["containers"] = collect_containers(host, options.most_containers);
    document["images"] = collect_images(host, options.most_containers);
  }
  document["engine"] = std::move(engine);
  document["daemonConfig"] = collect_daemon_config(host, daemon);
  document["mounts"] = collect_mounts(host, daemon);
  document["daemon"] = std::move(daemon);
  document["auditRules"] = collect_audit(host);
  document["groups"] = collect_groups(host);
  document["environment"] = collect_environment(host);
  document["containerd"] = collect_containerd(host);
  document["links"] = collect_links(host);
  base::Json whole(std::move(document));
  base::JsonObject files = collect_files(host, whole);
  whole.get_object()["files"] = std::move(files);
  if (const auto reached = host.reached(); !reached) forget(whole, reached.error());
  return whole;
}

}  // namespace benchmark
