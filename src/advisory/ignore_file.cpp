// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <optional>

#include "advisory/vex.hpp"
#include "base/text.hpp"

namespace advisory {
namespace {

struct IgnoreRule {
  Statement statement;
  std::optional<base::Seconds> until;  // the day, at its beginning; the rule holds through it
};

std::string_view take_word(std::string_view& line) {
  line = base::trim(line);
  const std::size_t end = line.find_first_of(" \t");
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(word.size());
  return word;
}

base::Result<void> read_ignore_option(std::string_view word, std::string_view& rest, IgnoreRule& rule) {
  const auto [key, value] = base::cut(word, "=");
  if (key == "reason") {
    rule.statement.justification = base::trim(std::string(value).append(rest));
    rest = {};
    return {};
  }
  if (value.empty()) {
    return base::fail(base::Kind::invalid_input, fmt::format("\"{}\" is no rule: after the id come package=NAME, "
                                                             "path=GLOB, until=YYYY-MM-DD and reason=TEXT",
                                                             base::printable(word.substr(0, 80))));
  }
  if (key == "package" && rule.statement.subcomponents.empty()) {
    rule.statement.subcomponents.emplace_back(value);
    return {};
  }
  if (key == "path" && rule.statement.path.empty()) {
    rule.statement.path = value;
    return {};
  }
  if (key == "until" && !rule.until) {
    const auto day = base::parse_time(value);
    if (!day || value.size() != 10) {
      return base::fail(base::Kind::invalid_input,
                        fmt::format("\"{}\" is no date; write until=YYYY-MM-DD", base::printable(value.substr(0, 40))));
    }
    rule.until = *day;
    return {};
  }
  const bool known = key == "package" || key == "path" || key == "until";
  return base::fail(base::Kind::invalid_input,
                    fmt::format("{} \"{}\"; a rule has package=NAME, path=GLOB, until=YYYY-MM-DD and reason=TEXT, each once at most",
                                known ? "second" : "unknown option", base::printable(key.substr(0, 40))));
}

base::Result<IgnoreRule> parse_ignore_rule(std::string_view line, std::string_view name) {
  IgnoreRule rule;
  rule.statement.by = name;
  rule.statement.status = "ignored";
  const std::string_view id = take_word(line);
  if (id.find('=') != std::string_view::npos) {
    return base::fail(base::Kind::invalid_input, "a rule begins with the id of a vulnerability, as in "
                                                 "`CVE-2024-1234 until=2027-01-31 reason=not reachable`");
  }
  rule.statement.vulnerabilities.emplace_back(id);
  while (true) {
    const std::string_view word = take_word(line);
    if (word.empty() || word.front() == '#') return rule;
    TRY(read_ignore_option(word, line, rule));
  }
}

}  // namespace

base::Result<IgnoreFile> read_ignore_file(std::string_view text, std::string_view name, base::Seconds now) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  IgnoreFile file;
  std::size_t number = 0;
  for (const std::string_view raw : base::split_lines(text)) {
    ++number;
    const std::string_view line = base::trim(raw);
    if (line.empty() || line.front() == '#') continue;
    const std::string where = fmt::format("{}:{}", base::printable(name), number);
    IgnoreRule rule = TRY_CONTEXT(parse_ignore_rule(line, name), where);
    if (rule.until && now >= *rule.until + std::chrono::hours(24)) {
      file.warnings.push_back(fmt::format("{}: the rule for {} ended on {} and does not apply; renew or remove it", where,
                                          base::printable(rule.statement.vulnerabilities.front()),
                                          base::format_date(*rule.until)));
      continue;
    }
    file.statements.push_back(std::move(rule.statement));
  }
  return file;
}

}  // namespace advisory
