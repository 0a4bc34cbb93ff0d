// SPDX-License-Identifier: Apache-2.0
#include "imagecheck/issue_merge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "sbom/hidden_paths.hpp"

namespace imagecheck {

namespace {

constexpr std::size_t kDetailsShown = 3;  // of one rule in one file

template <typename Rule>
model::Finding words_of(const Rule& rule) {
  model::Finding finding;
  finding.id = rule.id;
  finding.title = rule.title;
  finding.description = rule.description;
  finding.remediation = rule.remediation;
  finding.impact = rule.impact;
  finding.severity = rule.severity;
  finding.references = rule.references;
  return finding;
}

std::string short_layer(const std::string& diff_id) { return diff_id.substr(0, 19); }  // "sha256:" and 12 digits

// "3: a, b, c", at most `shown` of them.
std::string list_items(const std::vector<std::string>& items, std::size_t shown) {
  std::vector<std::string> first(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(std::min(shown, items.size())));
  std::string text = base::join(first, ", ");
  if (items.size() > shown) text += fmt::format(" and {} more", items.size() - shown);
  return items.size() > 1 ? fmt::format("{}: {}", items.size(), text) : text;
}

}  // namespace

IssueMerge::IssueMerge(const std::vector<CheckedLayer>& layers) : layers_(layers) {
  place_marks();
  for (const Placed& placed : placed_) by_rule_[static_cast<std::size_t>(placed.mark->kind)][placed.mark->rule].push_back(&placed);
}

void IssueMerge::place_marks() {
  sbom::SymlinkMap links;
  const auto place_of = [&links](const std::string& path) { return links.resolve(path, false).value_or(path); };
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    if (const sbom::LayerFacts* paths = layers_[i].paths) {
      const sbom::HiddenPaths hidden(*paths, links);
      for (Placed& placed : placed_)
        if (placed.alive && hidden.contains(placed.place)) placed.alive = false;
      links.erase_if([&](const std::string& path) { return hidden.contains(path); });
      for (const auto& [path, target] : paths->symlinks) links.insert(place_of(path), target);
    }
    if (!layers_[i].marks) continue;
    for (const Mark& mark : layers_[i].marks->marks) placed_.push_back({&mark, i, place_of(mark.path), true});
  }
}

// One finding for each rule and path. A secret that is there no more is told of too, unless the same rule finds one at the
// path in a later layer.
void IssueMerge::add_found(model::Category category, Mark::Kind kind, const model::Finding& words) {
  const auto& all = by_rule_[static_cast<std::size_t>(kind)];
  const auto rule = all.find(words.id);
  if (rule == all.end()) return;
  std::map<std::string, std::vector<const Placed*>> by_place;
  for (const Placed* placed : rule->second) {
    auto& here = by_place[placed->place];
    if (!here.empty() && here.back()->layer != placed->layer) here.clear();
    here.push_back(placed);
  }
  for (const auto& [place, marks] : by_place) {
    const Placed& last = *marks.back();
    if (!last.alive && category != model::Category::secret) continue;
    if (found_ >= Engine::kFindingsPerImage) {
      ++left_out_;
      continue;
    }
    ++found_;
    model::Finding finding = words;
    finding.category = category;
    finding.package.path = base::printable(place);
    const std::string& diff_id = layers_[last.layer].marks->diff_id;
    finding.package.layer = diff_id;
    std::vector<std::string> details;
    for (const Placed* placed : marks) details.push_back(base::printable(placed->mark->detail));
    finding.evidence = list_items(details, kDetailsShown);
    if (!last.alive)
      finding.evidence += fmt::format("; removed in a later layer but still in layer {}", short_layer(diff_id));
    findings_.push_back(std::move(finding));
  }
}

void IssueMerge::add_secrets(const std::vector<SecretRule>& rules) {
  for (const SecretRule& rule : rules) add_found(model::Category::secret, Mark::Kind::secret, words_of(rule));
}

void IssueMerge::add_malware(const std::vector<MalwareRule>& rules) {
  for (const MalwareRule& rule : rules) add_found(model::Category::malware, Mark::Kind::malware, words_of(rule));
}

void IssueMerge::add_file_check(const ImageCheck& check) {
  const auto& all = by_rule_[static_cast<std::size_t>(Mark::Kind::file)];
  const auto rule = all.find(check.id);
  if (rule == all.end()) return;
  std::vector<std::pair<std::string, const Placed*>> items;
  for (const Placed* placed : rule->second) {
    if (!placed->alive) continue;
    std::string item = base::printable(placed->place);
    if (!placed->mark->detail.empty()) item += fmt::format(" ({})", base::printable(placed->mark->detail));
    items.emplace_back(std::move(item), placed);
  }
  if (items.empty()) return;
  std::sort(items.begin(), items.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  model::Finding finding = words_of(check);
  finding.category = model::Category::misconfiguration;
  std::vector<std::string> texts;
  for (const auto& item : items) texts.push_back(item.first);
  finding.evidence = list_items(texts, Engine::kItemsShown);
  const Placed& first = *items.front().second;
  const auto same = [&first](const auto& item) { return item.second->place == first.place; };
  if (std::all_of(items.begin(), items.end(), same)) {
    finding.package.path = base::printable(first.place);
    finding.package.layer = layers_[first.layer].marks->diff_id;
  }
  findings_.push_back(std::move(finding));
}

void IssueMerge::add_config_check(const ImageCheck& check, const std::vector<std::string>& items) {
  if (items.empty()) return;
  model::Finding finding = words_of(check);
  finding.category = model::Category::misconfiguration;
  finding.evidence = list_items(items, Engine::kItemsShown);
  findings_.push_back(std::move(finding));
}

std::vector<model::Finding> IssueMerge::finish(std::vector<std::string>& warnings) {
  for (const CheckedLayer& layer : layers_) {
    if (!layer.marks) continue;
    for (const std::string& text : layer.marks->warnings) {
      const std::string prefix = layer.marks->diff_id.empty() ? "" : fmt::format("layer {}: ", short_layer(layer.marks->diff_id));
      warnings.push_back(prefix + base::printable(text));
    }
  }
  if (left_out_ > 0)
    warnings.push_back(fmt::format("{} more secrets and malware files are left out: at most {} of an image are listed", left_out_,
                                   Engine::kFindingsPerImage));
  std::stable_sort(findings_.begin(), findings_.end(),
                   [](const model::Finding& a, const model::Finding& b) { return a.severity > b.severity; });
  return std::move(findings_);
}

}  // namespace imagecheck
