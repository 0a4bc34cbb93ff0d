// SPDX-License-Identifier: Apache-2.0
#include "benchmark/audit_rules.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace benchmark {

namespace {

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!(line = base::trim(line)).empty()) {
    const auto end = std::min(line.find_first_of(" \t"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

std::string without_trailing_slash(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return std::string(path);
}

void set_permissions(AuditRule& rule, std::string_view letters) {
  rule.writes = letters.find('w') != std::string_view::npos;
  rule.attributes = letters.find('a') != std::string_view::npos;
}

// One -F field. What is no place, permission, key or architecture lets some events through unrecorded.
void take_field(AuditRule& rule, std::string_view field) {
  const auto at = field.find_first_of("=!<>&");
  const std::string_view name = field.substr(0, at);
  const bool equal = at != std::string_view::npos && field[at] == '=';
  const std::string_view value = equal ? field.substr(at + 1) : std::string_view();
  if (equal && (name == "path" || name == "dir")) {
    rule.path = without_trailing_slash(value);
    rule.below = name == "dir";
  } else if (equal && name == "perm") {
    set_permissions(rule, value);
  } else if (!(equal && (name == "key" || name == "arch"))) {
    rule.narrowed = field;
  }
}

void take_action(AuditRule& rule, std::string_view action) {
  const auto [first, second] = base::cut(action, ",");
  rule.never = first == "never" || second == "never";
  if (first != "exit" && second != "exit") rule.narrowed = action;
}

// Whether the option was understood; `value` is the word behind it.
bool take_option(AuditRule& rule, std::string_view option, std::string_view value) {
  if (option == "-w") {
    rule.path = without_trailing_slash(value);
    rule.below = true;
  } else if (option == "-p") {
    set_permissions(rule, value);
  } else if (option == "-F") {
    take_field(rule, value);
  } else if (option == "-a" || option == "-A") {
    take_action(rule, value);
  } else if (option == "-S") {
    if (value != "all") rule.narrowed = "-S " + std::string(value);
  } else if (option == "-C") {
    rule.narrowed = "-C " + std::string(value);
  } else {
    return option == "-k";
  }
  return true;
}

bool lies_at_or_below(std::string_view path, std::string_view folder) {
  if (folder == "/") return true;
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

}  // namespace

std::optional<AuditRule> parse_audit_rule(std::string_view line) {
  const auto words = words_of(line);
  if (words.size() < 2 || (words[0] != "-w" && words[0] != "-a" && words[0] != "-A")) return std::nullopt;
  AuditRule rule;
  rule.text = base::trim(line);
  rule.writes = rule.attributes = true;  // no permission filter: every access
  for (std::size_t at = 0; at < words.size(); at += 2) {
    const std::string_view value = at + 1 < words.size() ? words[at + 1] : std::string_view();
    if (!take_option(rule, words[at], value)) rule.narrowed = words[at];
  }
  return rule;
}

const AuditRule* rule_for(const std::vector<AuditRule>& rules, std::string_view path) {
  const AuditRule* best = nullptr;
  for (const AuditRule& rule : rules) {
    const bool watches = !rule.path.empty() && (rule.below ? lies_at_or_below(path, rule.path) : path == rule.path);
    if (!watches) continue;
    if (covers(rule)) return &rule;
    if (!best) best = &rule;
    if (rule.never && rule.narrowed.empty()) return &rule;
  }
  return best;
}

bool covers(const AuditRule& rule) { return !rule.never && rule.narrowed.empty() && rule.writes && rule.attributes; }

}  // namespace benchmark
