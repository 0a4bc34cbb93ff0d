// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/files.hpp"
#include "store/database.hpp"

namespace store_testing {

// A database in a folder that goes with it.
class StoreTest : public testing::Test {
 protected:
  StoreTest() : folder_(std::move(*base::TempDir::create("bulwark-store"))) { reopen(); }

  std::filesystem::path file() const { return folder_.path() / "state.db"; }

  void reopen() {
    database_.reset();
    auto opened = store::open_sqlite({file()});
    ASSERT_TRUE(opened) << opened.error().message;
    database_ = std::move(*opened);
  }

  // Runs in one transaction and hands its value out.
  template <typename T>
  T write(const std::function<base::Result<T>(store::Session&)>& work) {
    T out{};
    const auto done = database_->write([&](store::Session& session) -> base::Result<void> {
      out = TRY(work(session));
      return {};
    });
    EXPECT_TRUE(done) << done.error().message;
    return out;
  }

  base::Result<void> run(std::string_view sql, const std::vector<store::Value>& parameters = {}) {
    return database_->write([&](store::Session& session) { return session.run(sql, parameters); });
  }

  std::int64_t count(std::string_view sql) {
    std::int64_t out = -1;
    const auto read = database_->read([&](store::Session& session) -> base::Result<void> {
      out = TRY(store::query_integer(session, sql)).value_or(-1);
      return {};
    });
    EXPECT_TRUE(read) << read.error().message;
    return out;
  }

  base::TempDir folder_;
  std::unique_ptr<store::Database> database_;
};

}  // namespace store_testing
