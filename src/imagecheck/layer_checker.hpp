// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "imagecheck/image_checks.hpp"
#include "imagecheck/layer_marks.hpp"
#include "imagecheck/malware_rules.hpp"
#include "imagecheck/secret_rules.hpp"
#include "oci/tar.hpp"
#include "sbom/big_file_turn.hpp"
#include "sbom/layer_facts.hpp"

namespace imagecheck {

// What a LayerChecker looks for; null is not looked for. All outlive it.
struct LayerRules {
  const SecretRules* secrets = nullptr;
  const MalwareRules* malware = nullptr;
  const FileChecks* files = nullptr;
  const KeywordFilter* filter = nullptr;  // the secrets' keywords, then the malware rules'
  std::size_t secret_keywords = 0;        // how many of the filter's are the secrets'
  bool malware_always = false;            // some malware rule names no keyword: every file may match
};

// Collects marks from the files of one layer (or of one folder) as they stream by. Looked at are: for secrets, texts up to
// kTextCap; for malware, files up to kTextCap, and programs and scripts of any size, of which the first kProgramCap
// bytes. A file that comes whole in one chunk is not copied; larger ones than kBigProgram are held one at a time in the
// process.
class LayerChecker : public sbom::FolderVisitor {
 public:
  static constexpr std::uint64_t kTextCap = 1u << 20;
  static constexpr std::uint64_t kProgramCap = 32u << 20;
  static constexpr std::uint64_t kBigProgram = 4u << 20;
  static constexpr std::size_t kMarksPerLayer = 20'000;
  static constexpr std::size_t kFindsPerLayer = 2'000;  // secrets and malware

  explicit LayerChecker(const LayerRules& rules);
  ~LayerChecker() override;

  base::Result<bool> begin(const oci::TarEntry& entry) override;
  base::Result<void> data(std::string_view chunk) override;
  base::Result<void> end() override;
  void abandoned() override;

  bool wants_more() const override { return wants_; }

  LayerMarks finish(std::string diff_id);

 private:
  void forget(const std::string& path);
  void add(Mark mark);
  void copy_marks(const std::string& from, const std::string& to);
  void look_at(std::string_view content);
  bool find_keywords(std::string_view content, bool text);
  void find_malware(std::string_view content);
  void warn(std::string message);
  void drop_buffer();

  LayerRules rules_;
  std::map<std::string, std::vector<Mark>> marks_;  // by path
  std::size_t mark_count_ = 0, find_count_ = 0;
  std::vector<std::string> warnings_;
  bool said_full_ = false;
  std::unique_ptr<MalwareScanner> scanner_;  // made for the first file that needs it

  std::string path_;  // of the current file
  std::uint64_t size_ = 0;
  bool wants_ = false, secrets_here_ = false, lines_here_ = false;
  std::string buffer_;
  sbom::BigFileTurn turn_;
};

}  // namespace imagecheck
