// SPDX-License-Identifier: Apache-2.0
// Import: files → documents → record sets → one merged set → a new database file in place of the old one.
#include <fmt/format.h>
#include <sys/file.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <unordered_set>

#include "advisory/database.hpp"
#include "advisory/importers.hpp"
#include "advisory/index_reader.hpp"
#include "advisory/index_writer.hpp"
#include "base/compress.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "base/zip.hpp"

namespace advisory {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 2'000'000;
constexpr int kDeepestFolder = 32;

// Held while a database file is rewritten, so that two imports do not lose each other's records. The lock file stays.
class ImportLock {
 public:
  static base::Result<ImportLock> take(const fs::path& database) {
    std::error_code error;
    if (database.has_parent_path()) fs::create_directories(database.parent_path(), error);
    if (error) return base::fail(base::errno_error(error.value(), "cannot create", database.parent_path()));
    const fs::path path = database.string() + ".lock";
    ImportLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (lock.fd_ < 0) return base::fail(base::errno_error(errno, "cannot open", path));
    while (::flock(lock.fd_, LOCK_EX) != 0)
      if (errno != EINTR) return base::fail(base::errno_error(errno, "cannot lock", path));
    return lock;
  }
  ImportLock(ImportLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ImportLock& operator=(ImportLock&&) = delete;
  ~ImportLock() {
    if (fd_ >= 0) ::close(fd_);
  }

 private:
  explicit ImportLock(int fd) : fd_(fd) {}
  int fd_;
};

base::Result<void> list_files(const fs::path& path, int depth, bool named, std::vector<fs::path>& out) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (error || !fs::exists(status))
    return base::fail(base::Kind::not_found, fmt::format("there is no file or folder {}", path.string()));
  if (!fs::is_directory(status)) {
    if (named || fs::is_regular_file(status)) out.push_back(path);
    return {};
  }
  if (depth > kDeepestFolder || out.size() > kMostFiles)
    return base::fail(base::Kind::too_large, fmt::format("{} holds too many files or folders too deep", path.string()));
  std::vector<fs::path> children;
  for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) children.push_back(it->path());
  if (error) return base::fail(base::errno_error(error.value(), "cannot read", path));
  std::sort(children.begin(), children.end());
  for (const auto& child : children) {
    const bool hidden = child.filename().string().substr(0, 1) == ".";
    if (!hidden && !fs::is_symlink(child, error)) TRY(list_files(child, depth + 1, false, out));
  }
  return {};
}

// What an import gathers before it is merged: one set a file, and one for all loose records.
class Gathering {
 public:
  void file(const fs::path& path, bool named) {
    const std::string name = base::printable(path.string());
    const auto added = read(path, name, named);
    if (!added) refusals_.add(name, added.error().message);
  }

  std::vector<RecordSet>& sets() { return sets_; }
  const Refusals& refusals() const { return refusals_; }

 private:
  base::Result<void> read(const fs::path& path, const std::string& name, bool named) {
    const auto mapped = TRY(base::MappedFile::open(path));
    if (base::looks_like_zip(mapped.bytes())) return archive(mapped.bytes(), name);
    if (base::sniff_compression(mapped.bytes().substr(0, 16)) == base::Compression::none) return document(mapped.bytes(), name, named);
    const auto text = TRY(base::decompress_whole(mapped.bytes(), kLargestDocument, name));
    return document(text, name, named);
  }

  // Told by its first JSON entry: records of OSV, or documents of another format.
  base::Result<void> archive(std::string_view bytes, const std::string& name) {
    const auto zip = TRY_CONTEXT(base::ZipReader::open(bytes, kMostFiles), name);
    for (const auto& entry : zip.entries()) {
      if (entry.size == 0) continue;
      const auto text = TRY_CONTEXT(zip.read(entry, kLargestDocument), name);
      if (detect_format(text) != Format::osv) break;
      RecordSet set;
      TRY(import_osv_archive(bytes, name, set, refusals_));
      sets_.push_back(std::move(set));
      return {};
    }
    for (const auto& entry : zip.entries()) {
      if (entry.size == 0) continue;
      const std::string inner = name + "!/" + base::printable(entry.name);
      const auto text = zip.read(entry, kLargestDocument);
      const auto added = text ? document(*text, inner, false) : base::fail(text.error());
      if (!added) refusals_.add(inner, added.error().message);
    }
    return {};
  }

  base::Result<void> document(std::string_view text, const std::string& name, bool named) {
    const Format format = detect_format(text);
    // A folder may hold other things too; only what was named itself has to be advisories.
    if (format == Format::unknown && !named && !looks_meant(name)) return {};
    if (format == Format::osv || format == Format::csaf) return import_document(format, text, name, loose(), refusals_);
    RecordSet set;  // not kept where the document fails: it would replace good records by none
    TRY(import_document(format, text, name, set, refusals_));
    sets_.push_back(std::move(set));
    return {};
  }

  static bool looks_meant(std::string_view name) {
    for (const std::string_view suffix : {".json", ".xml", ".csv", ".json.gz", ".json.zst", ".xml.zst", ".xml.gz", ".csv.gz"})
      if (name.size() > suffix.size() && name.substr(name.size() - suffix.size()) == suffix) return true;
    return false;
  }

  RecordSet& loose() {
    if (!loose_) {
      loose_ = sets_.size();
      sets_.emplace_back();
    }
    return sets_[*loose_];
  }

  std::vector<RecordSet> sets_;
  std::optional<std::size_t> loose_;
  Refusals refusals_;
};

// Which records of several parts survive: parts are given newest first.
class Survivors {
 public:
  RecordSet::Filter filter_for(const RecordView& part) {
    keep_source_.clear();
    keep_advisory_.assign(part.advisories.size(), true);
    for (std::size_t i = 0; i < part.sources.size(); ++i) {
      const auto row = part.sources[i];
      keep_source_.push_back(replaces_by_id(row.kind) || sources_.emplace(part.string(row.name)).second);
    }
    for (std::size_t i = part.advisories.size(); i-- > 0;) {
      const auto row = part.advisories[i];
      const auto source = part.sources[row.source];
      if (!replaces_by_id(source.kind)) continue;
      // A CSAF document with several vulnerabilities is several rows of one id, one after another.
      const auto next = i + 1 < part.advisories.size() ? part.advisories[i + 1] : index::AdvisoryRow{};
      const bool continues = next.id == row.id && next.source == row.source;
      const auto key = std::string(part.string(source.name)) + '\n' + std::string(part.string(row.id));
      keep_advisory_[i] = continues ? keep_advisory_[i + 1] : ids_.insert(key).second;
    }
    return {[this](std::uint32_t i) { return keep_source_[i]; }, [this](std::uint32_t i) { return keep_advisory_[i]; }};
  }

 private:
  std::unordered_set<std::string> sources_;
  std::unordered_set<std::string> ids_;
  std::vector<bool> keep_source_;
  std::vector<bool> keep_advisory_;
};

RecordSet merge_parts(std::vector<RecordSet>& brought, const RecordView* old) {
  RecordSet merged;
  Survivors survivors;
  for (std::size_t i = brought.size(); i-- > 0;) {
    const auto view = brought[i].view();
    merged.append(view, survivors.filter_for(view));
    brought[i] = RecordSet();
  }
  if (old) merged.append(*old, survivors.filter_for(*old));
  return merged;
}

std::vector<SourceStatus> stamp_sources(std::vector<RecordSet>& sets, const std::string& imported) {
  std::map<std::string, SourceStatus> by_name;
  for (auto& set : sets) {
    for (auto& row : set.sources) {
      row.imported = set.strings.intern(imported);
      const std::string name(set.strings[row.name]);
      by_name[name] = {name, row.records, std::string(set.strings[row.newest]), imported};
    }
  }
  std::vector<SourceStatus> out;
  for (auto& [name, status] : by_name) out.push_back(std::move(status));
  return out;
}

base::Result<void> rewrite_database(const fs::path& file, std::vector<RecordSet>& brought, base::Seconds now) {
  std::optional<base::MappedFile> mapped;
  std::optional<IndexReader> old;
  std::error_code error;
  if (fs::exists(file, error)) {
    mapped = TRY(base::MappedFile::open(file));
    old = TRY(IndexReader::open(mapped->bytes(), file.string()));
  }
  auto merged = merge_parts(brought, old ? &old->records() : nullptr);
  const auto bytes = TRY(write_index(std::move(merged), now));
  return base::write_file_atomically(file, bytes);
}

}  // namespace

base::Result<ImportReport> import_files(const fs::path& file, const std::vector<fs::path>& inputs, base::Seconds now) {
  Gathering gathering;
  for (const auto& input : inputs) {
    std::vector<fs::path> files;
    TRY(list_files(input, 0, true, files));
    for (const auto& path : files) gathering.file(path, path == input);
  }
  ImportReport report;
  report.warnings = gathering.refusals().warnings();
  report.refused = gathering.refusals().count();
  const bool nothing = std::all_of(gathering.sets().begin(), gathering.sets().end(), [](const RecordSet& set) { return set.sources.empty(); });
  if (nothing)
    return base::fail(base::Kind::invalid_input,
                      report.warnings.empty() ? "the files given hold no advisories in any known form (OSV, Debian tracker, secdb, OVAL, CSAF, KEV, EPSS)"
                                              : report.warnings.front());
  const auto lock = TRY(ImportLock::take(file));
  report.sources = stamp_sources(gathering.sets(), base::format_time(now));
  TRY(rewrite_database(file, gathering.sets(), now));
  return report;
}

}  // namespace advisory
