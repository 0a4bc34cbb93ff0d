// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/files.hpp"
#include "base/json.hpp"
#include "benchmark/table_host.hpp"

namespace test {

inline std::string answer_of(const base::Json& parent, std::string_view member) {
  const base::Json* entry = base::find(parent, member);
  const base::Json* value = entry ? base::find(*entry, "value") : nullptr;
  return value ? base::to_text(*value) : "null";
}

// A host whose engine answers as the one whose facts were recorded in tests/benchmark.
class FactsHost : public TableHost {
 public:
  explicit FactsHost(const std::string& name) : TableHost(docker_host()) {
    const auto text = base::read_file(std::string(BULWARK_SOURCE_DIR) + "/tests/benchmark/" + name + ".facts.json");
    document_ = base::parse_json(text.value(), name).value();
    answers.clear();
    const base::Json& engine = *base::find(document_, "engine");
    for (const char* member : {"version", "info", "networks", "swarm", "nodes", "services", "secrets"})
      answers[std::string("/") + member] = {200, answer_of(engine, member)};
    answers["/volumes"] = {200, R"({"Volumes":null})"};
    add("containers", containers);
    add("images", images);
    show_lists();
  }

  // Of a container or image, by id.
  std::map<std::string, base::Json> containers, images;

  // What the maps hold is what the engine answers.
  void show_lists() {
    std::erase_if(answers, [](const auto& answer) { return answer.first.starts_with("/containers/") || answer.first.starts_with("/images/"); });
    answers["/containers/json?all=1"] = {200, ids_of(containers)};
    answers["/images/json"] = {200, ids_of(images)};
    for (const auto& [id, entry] : containers) answers["/containers/" + id + "/json"] = {200, answer_of(entry, "inspect")};
    for (const auto& [id, entry] : images) {
      answers["/images/" + id + "/json"] = {200, answer_of(entry, "inspect")};
      answers["/images/" + id + "/history"] = {200, answer_of(entry, "history")};
    }
  }

  // Changes a member of a container's HostConfig.
  void configure(const std::string& id, std::string_view member, base::Json value) {
    containers[id].at("inspect").at("value").at("HostConfig").get_object()[member] = std::move(value);
    show_lists();
  }

 private:
  void add(std::string_view member, std::map<std::string, base::Json>& out) {
    for (const base::Json& entry : base::get_array(*base::find(document_, member), "value"))
      out[std::string(base::get_string(entry, "id"))] = entry;
  }
  static std::string ids_of(const std::map<std::string, base::Json>& entries) {
    base::JsonArray out;
    for (const auto& [id, entry] : entries) out.emplace_back(base::JsonObject{{"Id", id}});
    return base::to_text(out);
  }

  base::Json document_;
};

}  // namespace test
