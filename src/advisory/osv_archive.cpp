// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "advisory/importers.hpp"
#include "advisory/osv.hpp"
#include "base/pool.hpp"
#include "base/text.hpp"
#include "base/zip.hpp"

namespace advisory {

namespace {

constexpr std::size_t kEntriesPerChunk = 256;
constexpr std::size_t kLargestRecord = 64u << 20;
constexpr std::size_t kMostEntries = 4'000'000;

struct ArchiveChunk {
  RecordSet records;
  Refusals refusals;
  std::map<std::string, std::size_t, std::less<>> ecosystems;  // records by the ecosystem they name first
};

bool is_record_entry(std::string_view name) {
  constexpr std::string_view kSuffix = ".json";
  return name.size() > kSuffix.size() && name.substr(name.size() - kSuffix.size()) == kSuffix;
}

void read_archive_entry(const base::ZipReader& zip, const base::ZipEntry& entry, simdjson::dom::parser& parser, ArchiveChunk& out) {
  const auto refuse = [&](std::string_view why) { out.refusals.add(base::printable(entry.name), why); };
  auto text = zip.read(entry, kLargestRecord);
  if (!text) return refuse(text.error().message);
  text->reserve(text->size() + simdjson::SIMDJSON_PADDING);
  json::Element root;
  if (const auto error = parser.parse(*text).get(root); error) return refuse(simdjson::error_message(error));
  const auto advisory = read_osv(root);
  if (!advisory) return refuse(advisory.error().message);
  if (const auto added = out.records.add(*advisory, 0); !added) return refuse(added.error().message);
  if (!advisory->affected.empty()) ++out.ecosystems[std::string(base::cut(advisory->affected[0].ecosystem, ":").first)];
}

// Chunks are read in any order and appended in theirs, so that the same archive always gives the same database.
class OrderedChunks {
 public:
  explicit OrderedChunks(RecordSet& into) : into_(into) {}

  void finish(std::size_t number, ArchiveChunk chunk) {
    const std::lock_guard lock(mutex_);
    waiting_.emplace(number, std::move(chunk));
    for (auto next = waiting_.find(next_); next != waiting_.end(); next = waiting_.find(++next_)) {
      into_.append(next->second.records.view(), {[](std::uint32_t) { return true; }, nullptr});
      refusals_.merge(next->second.refusals);
      for (const auto& [ecosystem, count] : next->second.ecosystems) ecosystems_[ecosystem] += count;
      waiting_.erase(next);
    }
  }

  const Refusals& refusals() const { return refusals_; }

  std::string main_ecosystem() const {
    const auto most = std::max_element(ecosystems_.begin(), ecosystems_.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == ecosystems_.end() ? std::string("archive") : most->first;
  }

 private:
  std::mutex mutex_;  // over all of the below
  RecordSet& into_;
  std::map<std::size_t, ArchiveChunk> waiting_;
  std::size_t next_ = 0;
  Refusals refusals_;
  std::map<std::string, std::size_t, std::less<>> ecosystems_;
};

}  // namespace

base::Result<void> import_osv_archive(std::string_view archive, std::string_view name, RecordSet& into, Refusals& refusals) {
  const auto zip = TRY_CONTEXT(base::ZipReader::open(archive, kMostEntries), name);
  std::vector<const base::ZipEntry*> entries;
  for (const auto& entry : zip.entries())
    if (is_record_entry(entry.name)) entries.push_back(&entry);
  RecordSet records;
  OrderedChunks chunks(records);
  const std::size_t count = (entries.size() + kEntriesPerChunk - 1) / kEntriesPerChunk;
  base::parallel_for(count, 0, [&](std::size_t number) {
    ArchiveChunk chunk;
    simdjson::dom::parser parser;
    chunk.records.add_source("OSV", index::SourceKind::osv);
    const std::size_t end = std::min(entries.size(), (number + 1) * kEntriesPerChunk);
    for (std::size_t i = number * kEntriesPerChunk; i < end; ++i) read_archive_entry(zip, *entries[i], parser, chunk);
    chunks.finish(number, std::move(chunk));
  });
  refusals.merge(chunks.refusals());
  if (records.advisories.empty())
    return base::fail(base::Kind::invalid_input, fmt::format("{}: the archive holds no usable OSV record", name));
  records.sources[0].name = records.strings.intern("OSV " + chunks.main_ecosystem());
  into.append(records.view(), {[](std::uint32_t) { return true; }, nullptr});
  return {};
}

}  // namespace advisory
