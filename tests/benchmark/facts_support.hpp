// SPDX-License-Identifier: Apache-2.0
// Recorded facts of hosts, changed one thing at a time and judged.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "base/text.hpp"
#include "benchmark/judge.hpp"

namespace test {

inline std::string read_text(const std::string& name) {
  std::ifstream file(std::string(BULWARK_SOURCE_DIR) + "/tests/benchmark/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// tests/benchmark/NAME.facts.json
inline base::Json recorded(const std::string& name) {
  auto json = base::parse_json(read_text(name + ".facts.json"), name);
  EXPECT_TRUE(json.has_value()) << json.error().message;
  return json ? *json : base::Json();
}

using Facts = std::unique_ptr<const benchmark::HostFacts>;

inline Facts facts_of(base::Json document) {
  auto facts = benchmark::HostFacts::from_json(std::move(document));
  EXPECT_TRUE(facts.has_value()) << facts.error().message;
  return facts ? std::move(*facts) : nullptr;
}

// Puts a value at a path of members and indices, "engine.info.value.Debug" or "containers.value.0.inspect"; members on the
// way are made. Texts of JSON; "-" takes the member away.
inline void edit(base::Json& document, std::string_view path, std::string_view value) {
  base::Json* at = &document;
  for (;;) {
    // A backslash before a dot keeps it in the name: "files./etc/docker/daemon\.json.mode".
    std::size_t dot = 0;
    while ((dot = path.find('.', dot)) != std::string_view::npos && dot > 0 && path[dot - 1] == '\\') ++dot;
    std::string name(path.substr(0, dot));
    for (auto slash = name.find("\\."); slash != std::string::npos; slash = name.find("\\.")) name.erase(slash, 1);
    const bool last = dot == std::string_view::npos;
    if (at->is_array()) {
      at = &at->get_array().at(std::stoul(name));
    } else {
      if (!at->is_object()) *at = base::JsonObject();
      if (last && value == "-") {
        at->get_object().erase(name);
        return;
      }
      at = &at->get_object()[name];
    }
    if (last) break;
    path.remove_prefix(dot + 1);
  }
  auto json = base::parse_json(value, "edit");
  ASSERT_TRUE(json.has_value()) << value;
  *at = std::move(*json);
}

inline const benchmark::Control& control(std::string_view id) {
  const auto* found = benchmark::cis_docker().find(id);
  EXPECT_NE(found, nullptr) << id;
  return *found;
}

inline std::string status_of(std::string_view id, base::Json document, const benchmark::Settings& settings = {}) {
  const Facts facts = facts_of(std::move(document));
  return std::string(status_name(judge(control(id), *facts, settings).status));
}

}  // namespace test
