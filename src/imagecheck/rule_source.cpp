// SPDX-License-Identifier: Apache-2.0
#include "imagecheck/rule_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "content/content.hpp"

namespace imagecheck {

namespace {

constexpr std::size_t kRuleFiles = 1'000;
constexpr std::size_t kRuleFileBytes = 4u << 20;

bool has_ending(std::string_view name, const std::vector<std::string_view>& endings) {
  const auto dot = name.rfind('.');
  return dot != std::string_view::npos && std::find(endings.begin(), endings.end(), name.substr(dot + 1)) != endings.end();
}

}  // namespace

std::vector<RuleSource> embedded_rules(std::string_view folder, const std::vector<std::string_view>& endings) {
  std::vector<RuleSource> sources;
  for (std::string_view path : content::list(folder))
    if (has_ending(path, endings))
      sources.push_back({"content/" + std::string(path), std::string(content::file(path).value_or(std::string_view()))});
  return sources;
}

base::Result<std::vector<RuleSource>> rules_in_folder(const std::filesystem::path& folder,
                                                      const std::vector<std::string_view>& endings) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (at->is_regular_file(ignored) && has_ending(at->path().filename().string(), endings)) files.push_back(at->path());
  }
  if (error) return base::fail(base::errno_error(error.value(), "reading rules in", folder));
  if (files.empty())
    return base::fail(base::Kind::not_found, fmt::format("{} has no rule file (*.{})", base::printable(folder.string()),
                                                         fmt::join(endings, ", *.")));
  if (files.size() > kRuleFiles)
    return base::fail(base::Kind::too_large, fmt::format("{} has {} rule files, more than the {} allowed",
                                                         base::printable(folder.string()), files.size(), kRuleFiles));
  std::sort(files.begin(), files.end());
  std::vector<RuleSource> sources;
  for (const auto& file : files) sources.push_back({file.string(), TRY(base::read_file(file, kRuleFileBytes))});
  return sources;
}

std::string rules_key(const std::vector<RuleSource>& sources) {
  base::Hasher hasher;
  for (const RuleSource& source : sources)
    hasher.update(fmt::format("{} {} {}\n", base::basename(source.name), source.text.size(), source.text));
  return hasher.hex();
}

}  // namespace imagecheck
