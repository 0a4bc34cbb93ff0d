// SPDX-License-Identifier: Apache-2.0
#include "imagecheck/layer_checker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace imagecheck {

namespace {

constexpr std::size_t kCheckerWarnings = 100;
constexpr std::size_t kTextHead = 8'192;  // without a NUL byte: a text

std::binary_semaphore& programs_turn() {
  static std::binary_semaphore semaphore{1};
  return semaphore;
}

bool looks_like_program(std::string_view head) {
  constexpr std::array<std::string_view, 8> kMagics{"\x7f" "ELF", "MZ", "#!", "\xcf\xfa\xed\xfe", "\xce\xfa\xed\xfe",
                                                    "\xfe\xed\xfa\xcf", "\xfe\xed\xfa\xce", "\xca\xfe\xba\xbe"};
  return std::any_of(kMagics.begin(), kMagics.end(), [head](std::string_view magic) { return head.starts_with(magic); });
}

bool looks_like_text(std::string_view content) {
  return content.substr(0, kTextHead).find('\0') == std::string_view::npos;
}

}  // namespace

LayerChecker::LayerChecker(const LayerRules& rules) : rules_(rules), turn_(programs_turn()) {}

LayerChecker::~LayerChecker() = default;

void LayerChecker::warn(std::string message) {
  if (warnings_.size() < kCheckerWarnings) warnings_.push_back(std::move(message));
}

void LayerChecker::forget(const std::string& path) {
  if (marks_.empty()) return;
  const auto at = marks_.find(path);
  if (at == marks_.end()) return;
  mark_count_ -= at->second.size();
  for (const Mark& mark : at->second) find_count_ -= mark.kind == Mark::Kind::file ? 0u : 1u;
  marks_.erase(at);
}

void LayerChecker::add(Mark mark) {
  const bool is_find = mark.kind != Mark::Kind::file;
  if (mark_count_ >= kMarksPerLayer || (is_find && find_count_ >= kFindsPerLayer)) {
    if (!std::exchange(said_full_, true))
      warn(fmt::format("more than {} secrets and malware files or {} odd files: the rest of the layer is not listed",
                       kFindsPerLayer, kMarksPerLayer));
    return;
  }
  ++mark_count_;
  find_count_ += is_find ? 1u : 0u;
  std::string path = mark.path;
  marks_[std::move(path)].push_back(std::move(mark));
}

// A hard link has the content of its target, and lives on where the target is deleted.
void LayerChecker::copy_marks(const std::string& from, const std::string& to) {
  const auto at = marks_.find(from);
  if (at == marks_.end() || from == to) return;
  const std::vector<Mark> copies = at->second;
  for (Mark mark : copies) {
    if (mark.kind == Mark::Kind::file) continue;
    mark.path = to;
    add(std::move(mark));
  }
}

base::Result<bool> LayerChecker::begin(const oci::TarEntry& entry) {
  using EntryType = oci::TarEntry::Type;
  wants_ = false;
  if (base::basename(entry.path).starts_with(".wh.") || entry.path.size() > 4'096) return false;
  forget(entry.path);
  if (rules_.files)
    rules_.files->look_at_entry(entry, [&](const ImageCheck& check, std::string detail) {
      add({Mark::Kind::file, check.id, entry.path, std::move(detail)});
    });
  if (entry.type == EntryType::hard_link) copy_marks(entry.link, entry.path);
  if (entry.type != EntryType::file || entry.size == 0) return false;
  path_ = entry.path;
  size_ = entry.size;
  secrets_here_ = rules_.secrets && size_ <= kTextCap && !rules_.secrets->skips(path_);
  lines_here_ = rules_.files && rules_.files->wants_content(path_, size_);
  wants_ = secrets_here_ || lines_here_ || rules_.malware;
  return wants_;
}

base::Result<void> LayerChecker::data(std::string_view chunk) {
  if (!wants_ || chunk.empty()) return {};
  if (buffer_.empty()) {
    if (size_ > kTextCap && !looks_like_program(chunk)) {
      wants_ = false;
      return {};
    }
    if (chunk.size() >= size_) {
      look_at(chunk);
      wants_ = false;
      return {};
    }
    if (size_ > kBigProgram) turn_.take();
    buffer_.reserve(static_cast<std::size_t>(std::min(size_, kProgramCap)));
  }
  const std::size_t room = static_cast<std::size_t>(std::min(size_, kProgramCap)) - buffer_.size();
  buffer_.append(chunk.substr(0, room));
  // What is to come is of no interest, and the turn is for others to take.
  if (buffer_.size() >= kProgramCap) return end();
  return {};
}

base::Result<void> LayerChecker::end() {
  if (wants_ && !buffer_.empty()) look_at(buffer_);
  drop_buffer();
  return {};
}

void LayerChecker::drop_buffer() {
  wants_ = false;
  buffer_.clear();
  if (buffer_.capacity() > kBigProgram) buffer_ = std::string();
  turn_.release();
}

void LayerChecker::abandoned() { drop_buffer(); }

void LayerChecker::look_at(std::string_view content) {
  const bool text = looks_like_text(content);
  const bool malware_keyword = rules_.filter && find_keywords(content, text);
  if (rules_.malware && (malware_keyword || rules_.malware_always)) find_malware(content);
  if (lines_here_)
    rules_.files->look_at_content(path_, content, [this](const ImageCheck& check, std::string detail) {
      add({Mark::Kind::file, check.id, path_, std::move(detail)});
    });
}

// Marks the secrets; true where a keyword of a malware rule stands.
bool LayerChecker::find_keywords(std::string_view content, bool text) {
  bool malware_keyword = false;
  const bool wants_secrets = secrets_here_ && text;
  std::optional<SecretScan> scan;
  rules_.filter->scan(content, [&](std::size_t keyword, std::size_t offset) {
    if (keyword >= rules_.secret_keywords) {
      malware_keyword = true;
    } else if (wants_secrets) {
      if (!scan) scan.emplace(*rules_.secrets, path_, content);
      scan->hit(keyword, offset);
    }
  });
  if (!scan) return malware_keyword;
  for (const SecretMatch& match : scan->finish())
    add({Mark::Kind::secret, rules_.secrets->rules()[match.rule].id, path_, fmt::format("line {}: {}", match.line, match.masked)});
  return malware_keyword;
}

void LayerChecker::find_malware(std::string_view content) {
  if (!scanner_) scanner_ = std::make_unique<MalwareScanner>(*rules_.malware);
  auto matches = scanner_->scan(path_, content);
  if (!matches) return warn(matches.error().message);
  for (MalwareMatch& match : *matches)
    add({Mark::Kind::malware, rules_.malware->rules()[match.rule].id, path_, std::move(match.where)});
}

LayerMarks LayerChecker::finish(std::string diff_id) {
  LayerMarks out;
  out.diff_id = std::move(diff_id);
  for (auto& [path, marks] : marks_)
    out.marks.insert(out.marks.end(), std::make_move_iterator(marks.begin()), std::make_move_iterator(marks.end()));
  out.warnings = std::move(warnings_);
  marks_.clear();
  return out;
}

}  // namespace imagecheck
