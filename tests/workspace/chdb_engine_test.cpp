// SPDX-License-Identifier: Apache-2.0
#include "workspace/chdb_engine.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/files.hpp"
#include "workspace/chdb_api.hpp"

namespace workspace {
namespace {

TEST(ChdbEngine, answers_a_select_typed) {
  if (!std::filesystem::exists(find_chdb_library())) {
    if (std::getenv("BULWARK_ENGINE_REQUIRED")) FAIL() << "no file " << find_chdb_library();
    GTEST_SKIP() << "no file " << find_chdb_library() << "; npm ci in scripts/engine gives it";
  }
  auto dir = base::TempDir::create();
  ASSERT_TRUE(dir);
  ChdbOptions options;
  options.folder = dir->path();
  auto engine = open_chdb(options);
  ASSERT_TRUE(engine) << engine.error().message;
  SqlQuery query;
  query.sql = "SELECT 1";
  auto answer = (*engine)->query(query);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->table.columns.at(0).integer(0), 1);
}

}  // namespace
}  // namespace workspace
