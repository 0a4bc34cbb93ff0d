// SPDX-License-Identifier: Apache-2.0
#include "workspace/lazy_engine.hpp"

#include <fmt/format.h>

namespace workspace {

base::Result<SqlEngine*> LazyEngine::engine() {
  const std::lock_guard lock(mutex_);
  if (engine_) return engine_.get();
  auto opened = open_();
  // Nothing is wrong with what is asked or with the rows in hand, whatever is wrong with the engine: they may wait for it.
  if (!opened) return base::fail(base::Kind::unavailable, opened.error().message);
  engine_ = std::move(*opened);
  for (const Prepare& step : steps_)
    if (const auto done = step(*engine_); !done) fmt::print(stderr, "bulwark: the engine of the workspace is open, but not as it should be: {}\n", done.error().message);
  steps_.clear();
  return engine_.get();
}

bool LazyEngine::is_open() const {
  const std::lock_guard lock(mutex_);
  return engine_ != nullptr;
}

base::Result<void> LazyEngine::prepare(Prepare step) {
  {
    const std::lock_guard lock(mutex_);
    if (!engine_) {
      steps_.push_back(std::move(step));
      return {};
    }
  }
  return step(*engine_);  // it stays open
}

base::Result<void> LazyEngine::execute(std::string_view sql) { return TRY(engine())->execute(sql); }
base::Result<QueryAnswer> LazyEngine::query(const SqlQuery& query) { return TRY(engine())->query(query); }
base::Result<void> LazyEngine::insert(const RowBatch& batch) { return TRY(engine())->insert(batch); }
base::Result<void> LazyEngine::cancel(std::string_view query_id) {
  if (!is_open()) return {};
  return TRY(engine())->cancel(query_id);
}

}  // namespace workspace
