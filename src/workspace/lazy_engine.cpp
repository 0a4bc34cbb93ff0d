// SPDX-License-Identifier: Apache-2.0
#include "workspace/lazy_engine.hpp"

namespace workspace {

base::Result<SqlEngine*> LazyEngine::engine() {
  const std::lock_guard lock(mutex_);
  if (!engine_) engine_ = TRY(open_());
  while (!steps_.empty()) {
    TRY(steps_.front()(*engine_));
    steps_.erase(steps_.begin());
  }
  return engine_.get();
}

bool LazyEngine::is_open() const {
  const std::lock_guard lock(mutex_);
  return engine_ != nullptr;
}

base::Result<void> LazyEngine::prepare(Prepare step) {
  {
    const std::lock_guard lock(mutex_);
    steps_.push_back(std::move(step));
    if (!engine_) return {};
  }
  TRY(engine());
  return {};
}

base::Result<void> LazyEngine::execute(std::string_view sql) { return TRY(engine())->execute(sql); }
base::Result<QueryAnswer> LazyEngine::query(const SqlQuery& query) { return TRY(engine())->query(query); }
base::Result<void> LazyEngine::insert(const RowBatch& batch) { return TRY(engine())->insert(batch); }
base::Result<void> LazyEngine::cancel(std::string_view query_id) {
  if (!is_open()) return {};
  return TRY(engine())->cancel(query_id);
}

}  // namespace workspace
