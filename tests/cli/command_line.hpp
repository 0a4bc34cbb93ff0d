// SPDX-License-Identifier: Apache-2.0
// Runs the command line in this process, signed in to a hub whose answers the test writes.
#pragma once

#include <gtest/gtest.h>

#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "support/fake_hub.hpp"

namespace cli_test {

struct Run {
  int code = -1;
  std::string out, err;
};

inline Run run(std::vector<std::string> words, const std::string& input = {}) {
  words.insert(words.begin(), "bulwark");
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::istringstream typed(input);
  auto* const before = std::cin.rdbuf(typed.rdbuf());
  std::cin.clear();
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Run result;
  result.code = cli::run(static_cast<int>(words.size()), argv.data());
  std::fflush(stdout);
  std::fflush(stderr);
  result.out = testing::internal::GetCapturedStdout();
  result.err = testing::internal::GetCapturedStderr();
  std::cin.rdbuf(before);
  return result;
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

class HubCommands : public testing::Test {
 protected:
  void SetUp() override {
    auto folder = base::TempDir::create();
    ASSERT_TRUE(folder);
    folder_.emplace(std::move(*folder));
    config_.emplace("BULWARK_CONFIG", (folder_->path() / "contexts.json").string());
    hub_variable_.emplace("BULWARK_HUB", hub_.url());
    token_.emplace("BULWARK_TOKEN", "bwk_secret");
    hub_.on("GET /api/v1/session", R"({"user": {"name": "ada", "displayName": "Ada L"}, "csrf": "c5", "how": "token",
      "subscriptionId": "s1", "resourceGroup": "default", "capabilities": {"write": true, "administer": false}})");
    hub_.on("GET /api/v1/registries", R"({"value": [
      {"id": "/subscriptions/s1/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/prod", "name": "prod",
       "url": "https://registry.example.com", "state": "Ready", "images": 2, "counts": {"critical": 1, "high": 4}}],
       "total": 1, "next": null})");
  }

  test_support::FakeHub hub_;
  std::optional<base::TempDir> folder_;
  std::optional<test_support::Variable> config_, hub_variable_, token_;
};

}  // namespace cli_test
