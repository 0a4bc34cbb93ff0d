// SPDX-License-Identifier: Apache-2.0
#include "sbom/symlink_map.hpp"

#include <algorithm>
#include <vector>

#include "base/hash.hpp"
#include "base/text.hpp"

namespace sbom {

namespace {

constexpr int kHopCap = 40;  // MAXSYMLINKS of Linux
constexpr std::uint64_t kWorkCap = 200'000'000;

// A path that grows and shrinks by whole parts and knows its fnv1a all the time.
class HashedPath {
 public:
  void clear() {
    text_.clear();
    ends_.clear();
    hash_ = base::fnv1a("");
  }

  void push(std::string_view part) {
    ends_.push_back({text_.size(), hash_});
    if (!text_.empty()) {
      text_ += '/';
      hash_ = base::fnv1a("/", hash_);
    }
    text_ += part;
    hash_ = base::fnv1a(part, hash_);
  }

  void pop() {
    if (ends_.empty()) return;
    text_.resize(ends_.back().length);
    hash_ = ends_.back().hash;
    ends_.pop_back();
  }

  std::uint64_t hash() const { return hash_; }
  std::string& text() { return text_; }

 private:
  struct End {
    std::size_t length;
    std::uint64_t hash;
  };
  std::string text_;
  std::vector<End> ends_;
  std::uint64_t hash_ = base::fnv1a("");
};

// Parts of `path` in reverse, on top of what waits already; the first one is taken first.
void push_parts(std::string_view path, std::vector<std::string_view>& waiting) {
  const auto from = static_cast<std::ptrdiff_t>(waiting.size());
  for (std::string_view part : base::split(path, '/'))
    if (!part.empty() && part != ".") waiting.push_back(part);
  std::reverse(waiting.begin() + from, waiting.end());
}

}  // namespace

void SymlinkMap::insert(std::string path, std::string target) {
  const auto fingerprint = base::fnv1a(path);
  links_[fingerprint] = {std::move(path), std::move(target)};
}

void SymlinkMap::erase(std::string_view path) { links_.erase(base::fnv1a(path)); }

std::optional<std::string> SymlinkMap::resolve(std::string_view path, bool follow_last) const {
  if (links_.empty()) return std::string(path);
  std::vector<std::string_view> waiting;
  push_parts(path, waiting);
  HashedPath out;
  int hops = 0;
  while (!waiting.empty()) {
    if (++work_ > kWorkCap) return std::nullopt;
    const std::string_view part = waiting.back();
    waiting.pop_back();
    if (part == "..") {
      out.pop();
      continue;
    }
    out.push(part);
    if (waiting.empty() && !follow_last) break;
    const auto link = links_.find(out.hash());
    if (link == links_.end()) continue;
    if (++hops > kHopCap) return std::nullopt;
    if (link->second.target.starts_with('/')) out.clear();
    else out.pop();
    push_parts(link->second.target, waiting);
  }
  return std::move(out.text());
}

}  // namespace sbom
