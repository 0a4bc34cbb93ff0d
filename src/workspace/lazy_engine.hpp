// SPDX-License-Identifier: Apache-2.0
// An engine that is opened at its first use.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "workspace/sql_engine.hpp"

namespace workspace {

// Thread-safe. Where opening fails, every call does with Kind::unavailable, and the next one tries again.
class LazyEngine final : public SqlEngine {
 public:
  using Open = std::function<base::Result<std::unique_ptr<SqlEngine>>()>;
  using Prepare = std::function<base::Result<void>(SqlEngine& engine)>;
  explicit LazyEngine(Open open) : open_(std::move(open)) {}

  // To be done before anything else is asked: at once where the engine is open, else when it opens. A step that fails then
  // is said on standard error and keeps nobody from asking.
  base::Result<void> prepare(Prepare step);
  bool is_open() const;

  base::Result<void> execute(std::string_view sql) override;
  base::Result<QueryAnswer> query(const SqlQuery& query) override;
  base::Result<void> insert(const RowBatch& batch) override;
  base::Result<void> cancel(std::string_view query_id) override;  // success where it is not open: nothing runs

 private:
  base::Result<SqlEngine*> engine();

  const Open open_;
  mutable std::mutex mutex_;  // held while it is opened and prepared
  std::unique_ptr<SqlEngine> engine_;
  std::vector<Prepare> steps_;  // that wait for it
};

}  // namespace workspace
