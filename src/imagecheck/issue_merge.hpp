// SPDX-License-Identifier: Apache-2.0
// Marks of layers laid over one another become findings.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "imagecheck/engine.hpp"

namespace imagecheck {

class IssueMerge {
 public:
  explicit IssueMerge(const std::vector<CheckedLayer>& layers);  // lowest first; outlive it

  void add_secrets(const std::vector<SecretRule>& rules);
  void add_malware(const std::vector<MalwareRule>& rules);
  void add_file_check(const ImageCheck& check);
  void add_config_check(const ImageCheck& check, const std::vector<std::string>& items);

  // The findings, worst first; at most Engine::kFindingsPerImage secrets and malware.
  std::vector<model::Finding> finish(std::vector<std::string>& warnings);

 private:
  // A mark, where it lies with links in its folders resolved, and whether the image still shows it.
  struct Placed {
    const Mark* mark = nullptr;
    std::size_t layer = 0;
    std::string place;
    bool alive = true;
  };

  void place_marks();
  void add_found(model::Category category, Mark::Kind kind, const model::Finding& words);

  const std::vector<CheckedLayer>& layers_;
  std::vector<Placed> placed_;
  std::map<std::string, std::vector<const Placed*>> by_rule_[3];  // by kind
  std::vector<model::Finding> findings_;
  std::size_t left_out_ = 0, found_ = 0;
};

}  // namespace imagecheck
