// SPDX-License-Identifier: Apache-2.0
// Opening a spool: what an earlier process left is read, torn ends are cut off.
#include <fmt/format.h>

#include <filesystem>

#include "base/files.hpp"
#include "workspace/ingest/spool.hpp"
#include "workspace/ingest/spool_files.hpp"

namespace workspace {

namespace {

constexpr std::size_t kLargestSegmentFile = std::size_t{1} << 30;

// Whether there is nothing but zeros: the end of a file whose length the file system wrote and whose bytes it did not.
bool is_blank(std::string_view bytes) { return bytes.find_first_not_of('\0') == std::string_view::npos; }

// Of a segment that ends in bytes that are no frame: keeps a copy of all of it where frames may be among them.
base::Result<void> cut_torn_end(const std::filesystem::path& path, std::string_view bytes, std::uint64_t good, bool is_last) {
  if (!is_last && !is_blank(bytes.substr(good))) TRY(base::write_file_atomically(path.string() + ".damaged", bytes, 0600));
  std::error_code error;
  std::filesystem::resize_file(path, good, error);
  if (error) return base::fail(base::errno_error(error.value(), "cannot shorten", path));
  return sync_file(path);
}

}  // namespace

base::Result<std::unique_ptr<Spool>> Spool::open(SpoolOptions options, const std::function<void(const SpoolFrame&)>& seen) {
  if (!options.log) options.log = [](const std::string&) {};
  TRY(make_folder(options.folder));
  std::unique_ptr<Spool> spool(new Spool(std::move(options)));
  TRY(spool->recover(seen));
  return spool;
}

base::Result<void> Spool::recover(const std::function<void(const SpoolFrame&)>& seen) {
  const std::vector<SegmentFile> files = TRY(list_segments(options_.folder));
  for (const SegmentFile& file : files) {
    next_number_ = file.number + 1;
    TRY_CONTEXT(recover_segment(file, file.number == files.back().number, seen), "opening the spool of the workspace");
  }
  return sync_folder(options_.folder);
}

base::Result<void> Spool::recover_segment(const SegmentFile& file, bool is_last,
                                          const std::function<void(const SpoolFrame&)>& seen) {
  const std::filesystem::path& path = file.path;
  const std::string bytes = TRY(base::read_file(path, kLargestSegmentFile));
  const Segment read = read_segment(bytes);
  SpoolSegment segment;
  segment.path = file.path;
  segment.number = file.number;
  segment.bytes = read.good_bytes;
  for (const std::string_view payload : read.payloads) {
    const auto frame = decode_frame(payload);
    if (!frame) continue;  // the writer sets it aside, with a line in the log
    seen(*frame);
    segment.rows += frame->row_count();
    if (segment.oldest_ms == 0) segment.oldest_ms = frame->appended_ms;
  }
  if (read.good_bytes < bytes.size()) {
    TRY(cut_torn_end(path, bytes, read.good_bytes, is_last));
    options_.log(fmt::format("the last {} of {} bytes of {} are no whole frame and were cut off{}", bytes.size() - read.good_bytes, bytes.size(),
                             path.string(), is_last ? ": what was being written when the hub ended was not acknowledged" : "; a copy is beside it"));
  }
  if (read.payloads.empty()) {
    std::error_code error;
    std::filesystem::remove(path, error);
    return {};
  }
  bytes_ += segment.bytes;
  closed_.push_back(std::move(segment));
  return {};
}

}  // namespace workspace
