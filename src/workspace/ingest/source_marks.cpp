// SPDX-License-Identifier: Apache-2.0
#include "workspace/ingest/source_marks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/checksum.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "workspace/ingest/spool_files.hpp"

namespace workspace {

namespace {

constexpr std::size_t kMostSources = 100'000;
constexpr std::size_t kForgottenAtOnce = kMostSources / 10;
constexpr std::size_t kLongestSourceId = 128;
constexpr std::string_view kMarksHead = "bulwark sources 1 ";

// Neither has a blank. A source of one workspace has no say over one of the same name in another.
std::string mark_key(std::string_view workspace, std::string_view source) { return fmt::format("{} {}", workspace, source); }

}  // namespace

bool SourceMarks::is_source_id(std::string_view id) {
  return !id.empty() && id.size() <= kLongestSourceId && std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

base::Result<std::unique_ptr<SourceMarks>> SourceMarks::open(std::filesystem::path file) {
  std::unique_ptr<SourceMarks> out(new SourceMarks(std::move(file)));
  std::error_code error;
  if (!std::filesystem::exists(out->file_, error)) return out;
  TRY(out->read(TRY(base::read_file(out->file_))));
  return out;
}

// A head line with the checksum of the rest, then a line "<stored> <workspace> <id>" a source, the longest unused first.
std::string SourceMarks::text() const {
  std::vector<const std::pair<const std::string, Mark>*> order;
  for (const auto& mark : marks_)
    if (mark.second.stored > 0) order.push_back(&mark);
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) { return a->second.used < b->second.used; });
  std::string lines;
  for (const auto* mark : order) lines += fmt::format("{} {}\n", mark->second.stored, mark->first);
  return fmt::format("{}{:08x}\n{}", kMarksHead, base::crc32c(lines), lines);
}

base::Result<void> SourceMarks::read(std::string_view text) {
  const auto [head, lines] = base::cut(text, "\n");
  if (head != fmt::format("{}{:08x}", kMarksHead, base::crc32c(lines)))
    return base::fail(base::Kind::corrupt,
                      fmt::format("{} is damaged; without it batches that are sent again are stored again. Move it away to go on", file_.string()));
  for (const std::string_view line : base::split_lines(lines)) {
    const auto [number, id] = base::cut(line, " ");
    Mark mark;
    std::from_chars(number.data(), number.data() + number.size(), mark.stored);
    mark.used = ++uses_;
    marks_.emplace(id, mark);
  }
  return {};
}

SourceMarks::Verdict SourceMarks::begin(std::string_view workspace, const RecordSource& source) {
  const std::string key = mark_key(workspace, source.id);
  const std::lock_guard lock(mutex_);
  if (marks_.size() >= kMostSources && marks_.find(key) == marks_.end()) forget_some();
  Mark& mark = marks_[key];
  mark.used = ++uses_;
  if (source.sequence <= mark.stored) return Verdict::repeated;
  if (mark.under_way != 0) return Verdict::under_way;
  mark.under_way = source.sequence;
  return Verdict::fresh;
}

void SourceMarks::end(std::string_view workspace, const RecordSource& source, bool stored) {
  const std::lock_guard lock(mutex_);
  Mark& mark = marks_[mark_key(workspace, source.id)];
  mark.under_way = 0;
  if (!stored) return;
  mark.stored = std::max(mark.stored, source.sequence);
  changed_ = true;
}

void SourceMarks::note(std::string_view workspace, const RecordSource& source) {
  if (source.id.empty()) return;
  const std::lock_guard lock(mutex_);
  Mark& mark = marks_[mark_key(workspace, source.id)];
  if (source.sequence <= mark.stored) return;
  mark.stored = source.sequence;
  mark.used = ++uses_;
  changed_ = true;
}

void SourceMarks::forget_some() {
  std::vector<std::uint64_t> uses;
  for (const auto& mark : marks_) uses.push_back(mark.second.used);
  std::nth_element(uses.begin(), uses.begin() + kForgottenAtOnce, uses.end());
  const std::uint64_t oldest_kept = uses[kForgottenAtOnce];
  for (auto at = marks_.begin(); at != marks_.end();)
    at = at->second.used < oldest_kept && at->second.under_way == 0 ? marks_.erase(at) : std::next(at);
}

base::Result<void> SourceMarks::save() {
  std::string text_now;
  {
    const std::lock_guard lock(mutex_);
    if (!changed_) return {};
    text_now = text();
    changed_ = false;
  }
  base::Result<void> done = base::write_file_atomically(file_, text_now, 0600);
  if (done) done = sync_folder(file_.parent_path());
  if (done) return done;
  const std::lock_guard lock(mutex_);
  changed_ = true;
  return done;
}

}  // namespace workspace
