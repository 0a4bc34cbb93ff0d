// SPDX-License-Identifier: Apache-2.0
#include "sbom/facts_collector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "sbom/catalogers_os.hpp"

namespace sbom {

namespace {

constexpr std::size_t kPackagesPerLayer = 500'000;
constexpr std::size_t kWarningsPerLayer = 1'000;
constexpr std::size_t kReplacedPerLayer = 200'000;
constexpr std::uint64_t kGroupBytesPerLayer = std::uint64_t{512} << 20;

// A cataloger's answer; what it or a library throws becomes an error. Lack of memory is nobody's fault and goes on.
base::Result<FileFacts> ask_cataloger(const Cataloger& cataloger, std::span<const File> files) {
  try {
    return cataloger.catalog(files);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    return base::fail(base::Kind::internal, fmt::format("the {} cataloger failed: {}", cataloger.name, error.what()));
  } catch (...) {
    return base::fail(base::Kind::internal, fmt::format("the {} cataloger failed", cataloger.name));
  }
}

template <typename T>
void append(std::vector<T>& to, std::vector<T>&& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// What several catalogers told of one file.
void merge_facts(FileFacts&& from, FileFacts& into) {
  append(into.packages, std::move(from.packages));
  append(into.owned, std::move(from.owned));
  append(into.warnings, std::move(from.warnings));
  if (!into.os) into.os = std::move(from.os);
  if (into.manager.empty()) into.manager = std::move(from.manager);
  sort_unique(into.owned);
}

// The same facts at another path: packages of nested archives carry the path of the outermost file.
FileFacts facts_at(const FileFacts& facts, const std::string& path) {
  FileFacts copy = facts;
  copy.path = path;
  for (auto& package : copy.packages)
    if (package.path.starts_with(facts.path)) package.path = path + package.path.substr(facts.path.size());
  return copy;
}

bool has_grouped(const FactsCollector::Catalogers& catalogers) {
  return std::any_of(catalogers.begin(), catalogers.end(), [](const Cataloger* cataloger) { return cataloger->grouped; });
}

bool call_wants(const Cataloger& cataloger, const FileHead& head) {
  try {
    return cataloger.wants(head);
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

bool FactsCollector::Seen::empty() const {
  return facts.packages.empty() && facts.owned.empty() && facts.warnings.empty() && !facts.os;
}

FactsCollector::Catalogers FactsCollector::wanting(const FileHead& head) const {
  Catalogers found;
  for (const Cataloger* cataloger : catalogers_)
    if (call_wants(*cataloger, head)) found.push_back(cataloger);
  return found;
}

bool FactsCollector::looks_wanted(std::string_view path) const {
  FileHead head;
  head.path = path;
  head.size = 1u << 20;
  head.mode = 0755;
  return std::any_of(catalogers_.begin(), catalogers_.end(),
                     [&](const Cataloger* cataloger) { return call_wants(*cataloger, head); });
}

void FactsCollector::warn(std::string message) {
  if (warnings_.size() < kWarningsPerLayer)
    warnings_.push_back(std::move(message));
  else
    ++warnings_left_out_;
}

void FactsCollector::read(const File& file, const Catalogers& wanting) {
  Seen& seen = seen_[base::fnv1a(file.path)];  // stays where it is while the catalogers run
  seen = {};
  seen.size = file.content.size();
  seen.mode = file.mode;
  seen.magic = file.content.substr(0, 16);
  seen.readers = wanting;
  seen.facts.path = file.path;
  for (const Cataloger* cataloger : wanting) {
    if (cataloger->grouped)
      keep_for_group(*cataloger, file);
    else
      run(*cataloger, {&file, 1});
  }
  if (has_grouped(wanting) || !seen.empty()) return;
  // Millions of files that tell nothing must cost nothing.
  seen_.erase(base::fnv1a(file.path));
  add_replaced(file.path);
}

void FactsCollector::add_replaced(std::string_view path) {
  if (replaced_.size() < kReplacedPerLayer && looks_wanted(path)) replaced_.emplace_back(path);
}

void FactsCollector::leave_out(const Cataloger& cataloger, const std::string& path, const std::string& message) {
  FileFacts failed;
  failed.path = path;
  // A database without packages but with a warning: the merge knows it by that.
  if (cataloger.os_database) failed.manager = cataloger.name;
  const std::string shown = base::printable(path);
  failed.warnings.push_back(message.find(shown) != std::string::npos ? message : shown + ": " + message);
  keep(std::move(failed));
}

void FactsCollector::run(const Cataloger& cataloger, std::span<const File> files) {
  auto facts = ask_cataloger(cataloger, files);
  if (!facts) return leave_out(cataloger, files[0].path, facts.error().message);
  if (facts->path.empty()) facts->path = files[0].path;
  if (facts->packages.size() > kPackagesPerLayer - packages_) {
    facts->packages.resize(kPackagesPerLayer - packages_);
    warn(fmt::format("{}: the layer has more than {} packages; the rest is left out", base::printable(facts->path),
                     kPackagesPerLayer));
  }
  packages_ += facts->packages.size();
  keep(std::move(*facts));
}

void FactsCollector::keep(FileFacts facts) {
  // A million broken files must not become a million texts.
  if (facts.warnings.size() > kWarningsPerLayer - file_warnings_) {
    warnings_left_out_ += facts.warnings.size();
    facts.warnings.clear();
  }
  file_warnings_ += facts.warnings.size();
  const auto fingerprint = base::fnv1a(facts.path);
  const auto [at, fresh] = seen_.try_emplace(fingerprint);
  if (fresh) at->second.facts.path = facts.path;
  merge_facts(std::move(facts), at->second.facts);
}

void FactsCollector::keep_for_group(const Cataloger& cataloger, const File& file) {
  if (file.content.size() > kGroupBytesPerLayer - group_bytes_)
    return warn(fmt::format("{}: left out, as the {} files of this layer are larger than {} bytes together",
                            base::printable(file.path), cataloger.name, kGroupBytesPerLayer));
  group_bytes_ += file.content.size();
  groups_[Group(&cataloger, parent_path(file.path))].push_back(file);
}

void FactsCollector::forget(std::string_view path) {
  const auto at = seen_.find(base::fnv1a(path));
  if (at == seen_.end()) return;
  packages_ -= std::min(packages_, at->second.facts.packages.size());
  file_warnings_ -= std::min(file_warnings_, at->second.facts.warnings.size());
  for (const Cataloger* cataloger : at->second.readers) {
    if (!cataloger->grouped) continue;
    const auto group = groups_.find(Group(cataloger, parent_path(path)));
    if (group != groups_.end()) std::erase_if(group->second, [&](const File& file) {
      if (file.path != path) return false;
      group_bytes_ -= file.content.size();
      return true;
    });
  }
  seen_.erase(at);
}

void FactsCollector::copy_group_files(const Catalogers& readers, const std::string& path, const std::string& target) {
  for (const Cataloger* cataloger : readers) {
    if (!cataloger->grouped) continue;
    const auto group = groups_.find(Group(cataloger, parent_path(target)));
    if (group == groups_.end()) continue;
    const auto file = std::find_if(group->second.begin(), group->second.end(),
                                   [&](const File& candidate) { return candidate.path == target; });
    if (file == group->second.end()) continue;
    File copy = *file;
    copy.path = path;
    keep_for_group(*cataloger, copy);
  }
}

bool FactsCollector::link(const std::string& path, const std::string& target) {
  const auto found = seen_.find(base::fnv1a(target));
  if (found == seen_.end()) return !looks_wanted(path);
  const Seen& seen = found->second;
  FileHead head;
  head.path = path;
  head.size = seen.size;
  head.mode = seen.mode;
  head.magic = seen.magic;
  const Catalogers wanted = wanting(head);
  const auto was_asked = [&](const Cataloger* cataloger) {
    return std::find(seen.readers.begin(), seen.readers.end(), cataloger) != seen.readers.end();
  };
  if (!std::all_of(wanted.begin(), wanted.end(), was_asked)) return false;
  if (wanted.empty()) return true;
  Seen copy = seen;
  copy.readers = wanted;
  copy.facts = facts_at(seen.facts, path);
  copy.facts.warnings.clear();  // said of the target
  if (copy.empty() && !has_grouped(wanted)) {
    add_replaced(path);
    return true;
  }
  if (copy.facts.packages.size() > kPackagesPerLayer - packages_) {
    warn(fmt::format("{}: the layer has more than {} packages; this hard link is left out", base::printable(path),
                     kPackagesPerLayer));
    return true;
  }
  packages_ += copy.facts.packages.size();
  seen_[base::fnv1a(path)] = std::move(copy);
  copy_group_files(wanted, path, target);
  return true;
}

void FactsCollector::finish(LayerFacts& facts) {
  auto groups = std::move(groups_);
  for (auto& [group, files] : groups) {
    std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.path < b.path; });
    if (!files.empty()) run(*group.first, files);
    files.clear();
    files.shrink_to_fit();
  }
  for (auto& [fingerprint, seen] : seen_) {
    if (!seen.empty())
      facts.files.push_back(std::move(seen.facts));
    else
      add_replaced(seen.facts.path);
  }
  seen_.clear();
  std::sort(facts.files.begin(), facts.files.end(), [](const FileFacts& a, const FileFacts& b) { return a.path < b.path; });
  append(facts.replaced, std::move(replaced_));
  append(facts.warnings, std::move(warnings_));
  if (warnings_left_out_ > 0) facts.warnings.push_back(fmt::format("{} more warnings are left out", warnings_left_out_));
  replaced_.clear();
  warnings_.clear();
}

}  // namespace sbom
