// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/files.hpp"
#include "sbom/document.hpp"
#include "sbom/layer_facts.hpp"
#include "scan/layer_cache.hpp"
#include "scan/layer_visitor.hpp"
#include "scan/scan.hpp"

namespace scan {

namespace {

constexpr std::size_t kDocumentCap = 512u << 20;

std::vector<const sbom::Cataloger*> image_catalogers() {
  std::vector<const sbom::Cataloger*> all;
  for (const auto& cataloger : sbom::os_catalogers()) all.push_back(&cataloger);
  for (const auto& cataloger : sbom::installed_catalogers()) all.push_back(&cataloger);
  return all;
}

// One image's layers on their way to facts and marks.
class LayerRun {
 public:
  LayerRun(const oci::Image& image, const InventoryOptions& options)
      : image_(image),
        options_(options),
        catalogers_(image_catalogers()),
        cache_(options.cache_dir, "layers", sbom::catalogers_key(catalogers_)),
        marks_cache_(options.cache_dir, "checks", options.checks ? options.checks->key() : std::string()),
        facts_(image.layers.size()),
        marks_(image.layers.size()),
        visitors_(image.layers.size()) {}

  // What is cached already; the rest are the indexes returned.
  std::vector<std::size_t> load_cached() {
    std::vector<std::size_t> missing;
    for (std::size_t i = 0; i < image_.layers.size(); ++i) {
      if (image_.layers[i].foreign) {
        leave_out(i, "it is not distributed with the image (foreign layer)");
        continue;
      }
      if (!load(i)) missing.push_back(i);
    }
    return missing;
  }

  // Reads what no other scan is reading, waits for the others, and takes from the cache what they found.
  void read_shared(oci::ImageSource& source, const std::vector<std::size_t>& missing, LayerClaims& claims) {
    std::vector<std::string> wanted, others;
    for (std::size_t i : missing) wanted.push_back(image_.layers[i].diff_id.text());
    const auto mine = claims.claim(wanted);
    std::vector<std::size_t> own;
    for (std::size_t i : missing) {
      const std::string& diff_id = image_.layers[i].diff_id.text();
      if (std::find(mine.begin(), mine.end(), diff_id) != mine.end())
        own.push_back(i);
      else
        others.push_back(diff_id);
    }
    if (!own.empty()) read(source, own);
    claims.release(mine);
    if (others.empty()) return;
    claims.wait(others);
    const auto still_missing = load_missing(missing, own);
    if (!still_missing.empty()) read(source, still_missing);  // the other scan failed
  }

  void read(oci::ImageSource& source, const std::vector<std::size_t>& wanted) {
    for (std::size_t i : wanted) {
      if (!facts_[i]) visitors_[i].analyzer = std::make_unique<sbom::LayerAnalyzer>(catalogers_);
      if (options_.checks && !marks_[i]) visitors_[i].checker = options_.checks->layer_checker();
    }
    std::vector<std::size_t> again;
    const auto results = walk(source, wanted);
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      const std::size_t i = wanted[k];
      auto& analyzer = visitors_[i].analyzer;
      if (!results[k]) {
        leave_out(i, results[k].error().message);
        facts_[i].reset();
        failure_ = results[k].error();
        continue;
      }
      finish_checks(i);
      if (analyzer && analyzer->needs_second_pass()) {
        analyzer = analyzer->retry();
        again.push_back(i);
      } else {
        finish(i);
      }
    }
    if (!again.empty()) read_again(source, again);
  }

  base::Result<model::Inventory> merge() {
    model::Inventory inventory;
    inventory.artifact = {image_.name, "image", image_.digest.text(), image_.platform.text(), {}};
    std::vector<sbom::LayerFacts> present;
    std::vector<const imagecheck::LayerMarks*> marks;
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      inventory.artifact.layers.push_back(image_.layers[i].diff_id.text());
      if (!facts_[i]) continue;
      present.push_back(std::move(*facts_[i]));
      marks.push_back(marks_[i] ? &*marks_[i] : nullptr);
    }
    if (present.empty() && failure_) return base::fail(*failure_);
    sbom::merge_layers(present, inventory);
    inventory.warnings.insert(inventory.warnings.begin(), image_.warnings.begin(), image_.warnings.end());
    inventory.warnings.insert(inventory.warnings.end(), left_out_.begin(), left_out_.end());
    inventory.partial = inventory.partial || !left_out_.empty();
    if (options_.checks) add_issues(present, marks, inventory);
    return inventory;
  }

 private:
  bool load(std::size_t i) {
    const std::string& diff_id = image_.layers[i].diff_id.text();
    facts_[i] = cache_.load(diff_id, sbom::facts_from_json);
    if (options_.checks) marks_[i] = marks_cache_.load(diff_id, imagecheck::marks_from_json);
    return facts_[i] && (!options_.checks || marks_[i]);
  }

  // Of `wanted` without `done`, what is not in the cache.
  std::vector<std::size_t> load_missing(const std::vector<std::size_t>& wanted, const std::vector<std::size_t>& done) {
    std::vector<std::size_t> missing;
    for (std::size_t i : wanted)
      if (std::find(done.begin(), done.end(), i) == done.end() && !load(i)) missing.push_back(i);
    return missing;
  }

  std::vector<base::Result<void>> walk(oci::ImageSource& source, const std::vector<std::size_t>& wanted) {
    const auto visitor_for = [this](std::size_t layer) -> oci::TarVisitor& { return visitors_[layer]; };
    return source.read_layers(image_, wanted, visitor_for, options_.progress);
  }

  void read_again(oci::ImageSource& source, const std::vector<std::size_t>& wanted) {
    const auto results = walk(source, wanted);
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      if (results[k])
        finish(wanted[k]);
      else
        leave_out(wanted[k], results[k].error().message);
    }
  }

  void finish(std::size_t i) {
    if (!visitors_[i].analyzer) return;
    facts_[i] = visitors_[i].analyzer->finish(image_.layers[i].diff_id.text());
    visitors_[i].analyzer.reset();
    cache_.store(*facts_[i]);
  }

  void finish_checks(std::size_t i) {
    if (!visitors_[i].checker) return;
    marks_[i] = visitors_[i].checker->finish(image_.layers[i].diff_id.text());
    visitors_[i].checker.reset();
    marks_cache_.store(*marks_[i]);
  }

  void add_issues(const std::vector<sbom::LayerFacts>& present, const std::vector<const imagecheck::LayerMarks*>& marks,
                  model::Inventory& inventory) {
    std::vector<imagecheck::CheckedLayer> layers;
    for (std::size_t i = 0; i < present.size(); ++i) layers.push_back({&present[i], marks[i]});
    inventory.issues =
        options_.checks->findings({&image_.config, image_.name, base::system_now()}, layers, inventory.warnings);
  }

  void leave_out(std::size_t i, const std::string& reason) {
    left_out_.push_back(fmt::format("layer {} of {} ({}) is left out: {}", i + 1, image_.layers.size(),
                                    image_.layers[i].diff_id.text(), reason));
  }

  const oci::Image& image_;
  const InventoryOptions& options_;
  std::vector<const sbom::Cataloger*> catalogers_;
  LayerCache cache_, marks_cache_;
  std::vector<std::optional<sbom::LayerFacts>> facts_;
  std::vector<std::optional<imagecheck::LayerMarks>> marks_;
  std::vector<LayerVisitor> visitors_;
  std::vector<std::string> left_out_;
  std::optional<base::Error> failure_;
};

// An image without an index is what it is: asking for another platform must not scan the wrong one silently.
base::Result<void> check_platform(const oci::Image& image, const std::optional<oci::Platform>& asked) {
  const oci::Platform& has = image.platform;
  if (!asked || has.architecture.empty()) return {};
  const bool same_variant = asked->variant.empty() || has.variant.empty() || asked->variant == has.variant;
  if (asked->os == has.os && asked->architecture == has.architecture && same_variant) return {};
  return base::fail(base::Kind::not_found, fmt::format("{} is for {} alone; there is no {}", image.name, has.text(), asked->text()));
}

base::Result<model::Inventory> inventory_of_image(const oci::SourceRef& ref, const InventoryOptions& options) {
  auto source = TRY(oci::open_source(ref, options.source));
  const oci::Image image = TRY(source->resolve(options.platform));
  if (options.on_image) options.on_image(image);
  TRY(check_platform(image, options.platform));
  LayerRun run(image, options);
  const auto missing = run.load_cached();
  if (!missing.empty()) {
    if (options.checks) TRY(options.checks->prepare());
    if (options.claims)
      run.read_shared(*source, missing, *options.claims);
    else
      run.read(*source, missing);
  }
  return run.merge();
}

base::Result<model::Inventory> inventory_of_directory(const std::string& path, const InventoryOptions& options) {
  if (!options.checks) return sbom::catalog_directory(path);
  TRY(options.checks->prepare());
  const auto checker = options.checks->layer_checker(true);
  model::Inventory inventory = TRY(sbom::catalog_directory(path, checker.get()));
  const imagecheck::LayerMarks marks = checker->finish("");
  inventory.issues = options.checks->findings({}, {{nullptr, &marks}}, inventory.warnings);
  return inventory;
}

base::Result<model::Inventory> inventory_of_document(const std::string& file) {
  const std::string text = TRY(base::read_file(file, kDocumentCap));
  return sbom::read_document(text, file);
}

}  // namespace

base::Result<model::Inventory> take_inventory(const std::string& reference, const InventoryOptions& options) {
  const auto ref = TRY(oci::SourceRef::parse(reference));
  base::Result<model::Inventory> inventory;
  if (ref.kind == oci::SourceRef::Kind::directory)
    inventory = inventory_of_directory(ref.value, options);
  else if (ref.kind == oci::SourceRef::Kind::sbom)
    inventory = inventory_of_document(ref.value);
  else
    inventory = inventory_of_image(ref, options);
  if (inventory) inventory->artifact.name = reference;
  return inventory;
}

}  // namespace scan
