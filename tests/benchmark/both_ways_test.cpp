// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <map>
#include <set>
#include <sstream>

#include "benchmark/facts_support.hpp"

namespace {

struct Case {
  std::string line, id, status, host;
  std::vector<std::string> edits;
};

std::vector<Case> read_cases() {
  std::vector<Case> cases;
  const std::string text = test::read_text("both_ways.test");
  for (const std::string_view line : base::split_lines(text)) {
    if (line.empty() || line.starts_with('#')) continue;
    std::vector<std::string> parts;
    std::string_view rest = line;
    for (auto bar = rest.find(" | "); bar != std::string_view::npos; bar = rest.find(" | ")) {
      parts.emplace_back(rest.substr(0, bar));
      rest.remove_prefix(bar + 3);
    }
    parts.emplace_back(rest);
    Case one;
    one.line = line;
    std::istringstream(parts[0]) >> one.id >> one.status >> one.host;
    one.edits.assign(parts.begin() + 1, parts.end());
    cases.push_back(std::move(one));
  }
  return cases;
}

std::string full_path(std::string path) {
  const std::pair<const char*, const char*> names[] = {{"$info", "engine.info.value"},
                                                       {"$cfg", "daemonConfig.value.content"},
                                                       {"$c", "containers.value.0.inspect.value"},
                                                       {"$d", "containers.value.1.inspect.value"},
                                                       {"$i", "images.value.0.inspect.value"}};
  for (const auto& [name, place] : names)
    if (path.starts_with(std::string(name) + ".")) return place + path.substr(std::string_view(name).size());
  return path;
}

void keep_image(base::Json& document, std::size_t index) {
  auto& images = document.at("images").at("value").get_array();
  base::Json one = images.at(index);
  images = {std::move(one)};
}

std::string status_after(const Case& one) {
  base::Json document = test::recorded(one.host);
  benchmark::Settings settings;
  for (const std::string& change : one.edits) {
    const auto [path, value] = base::cut(change, "=");
    if (path == "trust") settings.trusted_users.emplace_back(value);
    else if (path == "image") settings.trusted_images.emplace_back(value);
    else if (path == "only_image") keep_image(document, std::stoul(std::string(value)));
    else test::edit(document, full_path(std::string(path)), value);
  }
  return test::status_of(one.id, std::move(document), settings);
}

}  // namespace

TEST(Controls, say_what_the_edited_facts_mean) {
  for (const Case& one : read_cases()) EXPECT_EQ(status_after(one), one.status) << one.line;
}

// What only people can judge has neither a pass nor a failure.
TEST(Controls, are_each_driven_both_ways) {
  const std::set<std::string_view> for_people{"1.2.1", "4.3", "4.4", "4.8", "4.11", "4.12", "7.6", "7.8", "7.9"};
  const std::map<std::string_view, std::pair<const char*, const char*>> half{
      {"2.8", {"pass", "manual"}},  {"4.10", {"manual", "fail"}}, {"5.9", {"pass", "manual"}}, {"5.18", {"pass", "manual"}},
      {"5.19", {"pass", "manual"}}, {"5.28", {"manual", "fail"}}, {"6.1", {"pass", "manual"}}, {"7.4", {"pass", "manual"}}};
  std::map<std::string, std::set<std::string>> seen;
  for (const Case& one : read_cases()) seen[one.id].insert(one.status);
  for (const auto& control : benchmark::cis_docker().controls) {
    if (for_people.contains(control.id)) continue;
    const auto at = half.find(control.id);
    const auto wanted = at == half.end() ? std::pair{"pass", "fail"} : at->second;
    EXPECT_TRUE(seen[control.id].contains(wanted.first)) << control.id << " is never " << wanted.first;
    EXPECT_TRUE(seen[control.id].contains(wanted.second)) << control.id << " is never " << wanted.second;
  }
}
