// SPDX-License-Identifier: Apache-2.0
#include "benchmark/check.hpp"

#include <algorithm>

namespace benchmark {

namespace {

const base::Json& value_or_null(const Reading& reading) {
  static const base::Json none;
  return reading.value ? *reading.value : none;
}

}  // namespace

std::string_view scope_name(Scope scope) {
  switch (scope) {
    case Scope::host: return "host";
    case Scope::container: return "container";
    case Scope::image: return "image";
    case Scope::network: return "network";
  }
  return "host";
}

Field Subject::version(std::string_view path) const { return {value_or_null(host.engine("version")), "GET /version", path}; }
Field Subject::info(std::string_view path) const { return {value_or_null(host.engine("info")), "GET /info", path}; }
Field Subject::in_container(std::string_view path) const {
  return {value_or_null(container->inspect), "GET /containers/{id}/json", path};
}
Field Subject::in_image(std::string_view path) const { return {value_or_null(image->inspect), "GET /images/{id}/json", path}; }
Field Subject::in_network(std::string_view path) const { return {*network, "GET /networks/{id}", path}; }

std::string_view Parameters::text(std::string_view name) const {
  const auto& all = texts(name);
  return all.empty() ? std::string_view() : std::string_view(all.front());
}

const std::vector<std::string>& Parameters::texts(std::string_view name) const {
  static const std::vector<std::string> none;
  const auto at = texts_.find(name);
  return at == texts_.end() ? none : at->second;
}

std::int64_t Parameters::number(std::string_view name, std::int64_t otherwise) const {
  const auto at = numbers_.find(name);
  return at == numbers_.end() ? otherwise : at->second;
}

const std::vector<Check>& all_checks() {
  static const std::vector<Check> all = [] {
    std::vector<Check> checks;
    for (const auto* some :
         {&host_checks(), &daemon_checks(), &transport_checks(), &file_checks(), &image_checks(), &isolation_checks(),
          &resource_checks(), &mount_checks(), &port_checks(), &running_checks(), &swarm_checks()})
      checks.insert(checks.end(), some->begin(), some->end());
    return checks;
  }();
  return all;
}

const Check* find_check(std::string_view name) {
  const auto& all = all_checks();
  const auto at = std::find_if(all.begin(), all.end(), [name](const Check& check) { return check.name == name; });
  return at == all.end() ? nullptr : &*at;
}

}  // namespace benchmark
