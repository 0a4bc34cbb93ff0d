// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "imagecheck/layer_checker.hpp"
#include "oci/tar.hpp"
#include "sbom/layer_facts.hpp"

namespace scan {

// Shows the entries of one layer to those who want to see them.
class LayerVisitor : public oci::TarVisitor {
 public:
  std::unique_ptr<sbom::LayerAnalyzer> analyzer;         // null where the packages are known
  std::unique_ptr<imagecheck::LayerChecker> checker;     // null where the marks are known, or not wanted

  base::Result<bool> begin(const oci::TarEntry& entry) override {
    analyzer_reads_ = analyzer && TRY(analyzer->begin(entry));
    checker_reads_ = checker && TRY(checker->begin(entry));
    return analyzer_reads_ || checker_reads_;
  }

  // Both may wait for their turn to hold a big file; in this order always.
  base::Result<void> data(std::string_view chunk) override {
    if (analyzer_reads_) TRY(analyzer->data(chunk));
    if (checker_reads_) TRY(checker->data(chunk));
    return {};
  }

  base::Result<void> end() override {
    if (analyzer_reads_) TRY(analyzer->end());
    if (checker_reads_) TRY(checker->end());
    return {};
  }

  void abandoned() override {
    if (analyzer) analyzer->abandoned();
    if (checker) checker->abandoned();
  }

 private:
  bool analyzer_reads_ = false, checker_reads_ = false;
};

}  // namespace scan
