// SPDX-License-Identifier: Apache-2.0
// The highest sequence number that is stored of each source of a workspace, so that what is sent again is dropped.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"
#include "workspace/ingest/record_sink.hpp"

namespace workspace {

// Thread-safe. The marks are in a file as of the last save(); those after it are in the frames of the spool.
class SourceMarks {
 public:
  // 1 to 128 visible ASCII letters, none a blank.
  static bool is_source_id(std::string_view id);

  // Reads the file where there is one. Kind::corrupt where it is damaged.
  static base::Result<std::unique_ptr<SourceMarks>> open(std::filesystem::path file);

  enum class Verdict { fresh, repeated, under_way };

  // `fresh`: the caller stores the batch now and says how that went with end().
  Verdict begin(std::string_view workspace, const RecordSource& source);
  void end(std::string_view workspace, const RecordSource& source, bool stored);

  void note(std::string_view workspace, const RecordSource& source);  // is stored, as a frame of the spool says

  // Before frames are let go: their marks are in the file when it returns.
  base::Result<void> save();

 private:
  struct Mark {
    std::uint64_t stored = 0;
    std::uint64_t under_way = 0;  // 0: none
    std::uint64_t used = 0;       // by which the longest unused are forgotten
  };
  explicit SourceMarks(std::filesystem::path file) : file_(std::move(file)) {}
  base::Result<void> read(std::string_view text);
  std::string text() const;
  void forget_some();

  const std::filesystem::path file_;
  std::mutex mutex_;  // guards all below
  std::unordered_map<std::string, Mark> marks_;  // by workspace and source
  std::uint64_t uses_ = 0;
  bool changed_ = false;
};

}  // namespace workspace
