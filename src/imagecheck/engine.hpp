// SPDX-License-Identifier: Apache-2.0
// Secrets, malware and misconfiguration in images: the rules, what they look for in each layer, and the findings that the
// layers of an image make together.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "imagecheck/layer_checker.hpp"
#include "imagecheck/layer_marks.hpp"
#include "model/inventory.hpp"
#include "sbom/layer_facts.hpp"

namespace imagecheck {

struct EngineOptions {
  bool secrets = true;
  bool malware = true;
  bool misconfiguration = true;
  std::filesystem::path secret_rules;  // folder of *.yaml, added to the built-in rules; empty: none
  std::filesystem::path yara_rules;    // folder of *.yar and *.yara, likewise
};

// One layer as the merge sees it, lowest first.
struct CheckedLayer {
  const sbom::LayerFacts* paths = nullptr;
  const LayerMarks* marks = nullptr;
};

// The document and the name of an image; a folder has no configuration.
struct CheckedImage {
  const base::Json* config = nullptr;  // null: no checks of the configuration
  std::string reference;
  base::Seconds now{};
};

// All rules, ready. Made once, used by any number of scans and threads.
class Engine {
 public:
  static constexpr std::size_t kFindingsPerImage = 2'000;  // secrets and malware
  static constexpr std::size_t kItemsShown = 20;           // of one misconfiguration

  // Errors carry file and line of every rule at fault.
  static base::Result<std::shared_ptr<const Engine>> create(const EngineOptions& options);
  ~Engine();

  // Changes with the rules and with what is looked for: marks of one key must not be used with another.
  const std::string& key() const;

  // Before the first layer_checker(): compiles what scans of cached layers do without. Any thread, any number of times.
  base::Result<void> prepare() const;

  // Collects the marks of one layer, to be used on one thread at a time; the engine outlives it. For `folder` what only
  // images are judged by is left out.
  std::unique_ptr<LayerChecker> layer_checker(bool folder = false) const;

  // The findings of an image, worst first. Secrets in files that a later layer deletes count, as the layer still has them;
  // everything else counts where it is still there. Warnings say what was left out.
  std::vector<model::Finding> findings(const CheckedImage& image, const std::vector<CheckedLayer>& layers,
                                       std::vector<std::string>& warnings) const;

 private:
  struct State;
  explicit Engine(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace imagecheck
