// SPDX-License-Identifier: Apache-2.0
// Layers made of files, shown to the checks as an image would be.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "imagecheck/engine.hpp"

namespace test {

using EntryType = oci::TarEntry::Type;

struct CheckEntry {
  std::string path, text;  // content, or target of a link
  std::uint32_t mode = 0644;
  EntryType type = EntryType::file;
};

inline CheckEntry whiteout(const std::string& folder, const std::string& name) { return {folder + ".wh." + name, ""}; }

// `chunk` bytes at a time.
inline void feed(oci::TarVisitor& visitor, const CheckEntry& entry, std::size_t chunk) {
  oci::TarEntry head;
  head.type = entry.type;
  head.path = entry.path;
  head.mode = entry.mode;
  const bool is_file = entry.type == EntryType::file;
  if (is_file) head.size = entry.text.size();
  else head.link = entry.text;
  if (!*visitor.begin(head) || !is_file) return;
  for (std::size_t at = 0; at < entry.text.size(); at += chunk)
    ASSERT_TRUE(visitor.data(std::string_view(entry.text).substr(at, chunk)).has_value());
  ASSERT_TRUE(visitor.end().has_value());
}

// An image in the making: layers lowest first.
class CheckedFiles {
 public:
  explicit CheckedFiles(const imagecheck::Engine& engine) : engine_(engine) { EXPECT_TRUE(engine.prepare().has_value()); }

  CheckedFiles& layer(const std::vector<CheckEntry>& entries, std::size_t chunk = 1u << 20) {
    const std::string diff_id = "sha256:" + std::string(64, static_cast<char>('a' + facts_.size()));
    sbom::LayerAnalyzer analyzer({});
    const auto checker = engine_.layer_checker();
    for (const CheckEntry& entry : entries) {
      feed(analyzer, entry, chunk);
      feed(*checker, entry, chunk);
    }
    facts_.push_back(analyzer.finish(diff_id));
    marks_.push_back(checker->finish(diff_id));
    return *this;
  }

  std::vector<model::Finding> findings(const base::Json* config = nullptr, std::string reference = "registry.example/app:1") {
    std::vector<imagecheck::CheckedLayer> layers;
    for (std::size_t i = 0; i < facts_.size(); ++i) layers.push_back({&facts_[i], &marks_[i]});
    warnings.clear();
    return engine_.findings({config, std::move(reference), *base::parse_time("2026-06-01")}, layers, warnings);
  }

  const std::deque<imagecheck::LayerMarks>& marks() const { return marks_; }
  std::vector<std::string> warnings;

 private:
  const imagecheck::Engine& engine_;
  std::deque<sbom::LayerFacts> facts_;
  std::deque<imagecheck::LayerMarks> marks_;
};

inline const model::Finding* finding_of(const std::vector<model::Finding>& findings, std::string_view id) {
  const auto at = std::find_if(findings.begin(), findings.end(), [id](const model::Finding& finding) { return finding.id == id; });
  return at == findings.end() ? nullptr : &*at;
}

// "id path" of every finding.
inline std::vector<std::string> ids_and_paths(const std::vector<model::Finding>& findings) {
  std::vector<std::string> out;
  for (const auto& finding : findings) out.push_back(finding.id + (finding.package.path.empty() ? "" : " " + finding.package.path));
  return out;
}

}  // namespace test
