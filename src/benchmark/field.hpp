// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "benchmark/verdict.hpp"

namespace benchmark {

// One member of a document that nobody vouches for, read by its path ("HostConfig.Privileged"). A look-up that finds
// something else than was expected makes the field faulty: the check then answers with fault(), which is an error and
// never a pass. null counts as the empty list, object or text and as zero, as Go writes it. Points into the document.
class Field {
 public:
  Field(const base::Json& root, std::string_view source, std::string_view path);

  // What stands there; false, zero or empty where it is not of that type, and then faulty() is true.
  bool boolean();
  std::int64_t number();
  std::string_view text();
  const base::JsonArray& list();
  const base::JsonObject& object();
  std::vector<std::string_view> texts();  // of a list of texts

  bool missing() const { return value_ == nullptr; }
  bool null() const { return value_ && value_->is_null(); }
  bool faulty() const { return !expected_.empty(); }
  Verdict fault() const;

  Evidence evidence(std::string message = {}) const;
  Evidence evidence_of(std::string_view below, base::Json value, std::string message = {}) const;  // "[0].Source"

 private:
  std::string json_path() const;
  const base::Json* of_kind(bool (*is)(const base::Json&), std::string_view expected);

  const base::Json* value_ = nullptr;
  std::string_view source_, path_;
  std::string_view expected_;  // what it should have been; empty: nothing is wrong
};

}  // namespace benchmark
