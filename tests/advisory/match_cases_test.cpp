// SPDX-License-Identifier: Apache-2.0
// Runs every case of tests/advisory/match_*.test. A case is a block of lines `key: value`; lines that start with a blank go on
// with the value before:
//   case: what is shown
//   data: an advisory document in any form that can be imported (several are allowed)
//   os: ID VERSION_ID [codename=…] [pretty=…] [like=…]
//   package: TYPE NAME VERSION [source=…] [source_version=…] [modularity=…] [managed_by=…]
//   finding: ID PACKAGE [fixed=…] [status=…] [severity=…] [score=…] [aliases=a,b] [sources=a,b] [vendor=…] [kev=yes] [epss=…]
//   notice: text that the notice about the distribution contains
// The findings listed are all there are.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "advisory_support.hpp"
#include "base/text.hpp"

namespace {

using advisory_test::Bench;
using advisory_test::kNow;

struct MatchCase {
  std::string file;
  std::size_t line = 0;
  std::string name;
  std::vector<std::string> data;
  std::string os;
  std::vector<std::string> packages;
  std::vector<std::string> findings;
  std::string notice;
};

using Words = std::vector<std::string>;
using Options = std::map<std::string, std::string>;

// Words, and `key=value` pairs behind them.
std::pair<Words, Options> parse_words(std::string_view text) {
  Words words;
  Options options;
  for (const auto part : base::split(text, ' ')) {
    if (part.empty()) continue;
    const auto [key, value] = base::cut(part, "=");
    if (part.find('=') == std::string_view::npos)
      words.emplace_back(part);
    else
      options[std::string(key)] = value;
  }
  return {words, options};
}

void add_line(MatchCase& out, const std::string& key, const std::string& value) {
  if (key == "data") out.data.push_back(value);
  else if (key == "os") out.os = value;
  else if (key == "package") out.packages.push_back(value);
  else if (key == "finding") out.findings.push_back(value);
  else if (key == "notice") out.notice = value;
  else ADD_FAILURE() << out.file << ":" << out.line << ": unknown key " << key;
}

std::vector<MatchCase> read_cases(const std::filesystem::path& path) {
  std::vector<MatchCase> out;
  const auto text = *base::read_file(path);
  std::string key;
  std::string value;
  std::size_t number = 0;
  const auto flush = [&] {
    if (key == "case") {
      out.emplace_back();
      out.back().file = path.filename().string();
      out.back().line = number;
      out.back().name = value;
    } else if (!key.empty() && !out.empty()) {
      add_line(out.back(), key, value);
    }
    key.clear();
  };
  for (const auto line : base::split_lines(text)) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == ' ') {
      value += "\n" + std::string(base::trim(line));
      continue;
    }
    flush();
    const auto [name, rest] = base::cut(line, ":");
    key = name;
    value = base::trim(rest);
  }
  flush();
  return out;
}

model::Inventory inventory_of_case(const MatchCase& c) {
  model::Inventory out;
  if (!c.os.empty()) {
    const auto [words, options] = parse_words(c.os);
    out.os.emplace();
    out.os->id = words[0];
    out.os->version = words.size() > 1 ? words[1] : "";
    const auto get = [&, found = options](const char* key) { return found.count(key) ? found.at(key) : std::string(); };
    out.os->codename = get("codename");
    out.os->pretty_name = get("pretty");  // '_' stands for a blank
    std::replace(out.os->pretty_name.begin(), out.os->pretty_name.end(), '_', ' ');
    if (!get("like").empty()) out.os->like = {get("like")};
  }
  for (const auto& line : c.packages) {
    const auto parsed = parse_words(line);
    auto package = advisory_test::package_of(parsed.first.at(0), parsed.first.at(1), parsed.first.at(2));
    const auto get = [&](const char* key) { return parsed.second.count(key) ? parsed.second.at(key) : std::string(); };
    package.source = get("source");
    package.source_version = get("source_version");
    package.modularity = get("modularity");
    package.managed_by = get("managed_by");
    out.packages.push_back(package);
  }
  return out;
}

// The finding with just the attributes that the expectation names, in its words.
std::string describe(const model::Finding& finding, const Options& wanted) {
  std::string out = finding.id + " " + finding.package.name;
  for (const auto& [key, value] : wanted) {
    std::string actual = "?";
    if (key == "fixed") actual = finding.fixed_version;
    if (key == "status") actual = model::fix_status_name(finding.status);
    if (key == "severity") actual = model::severity_name(finding.severity);
    if (key == "score") actual = finding.score < 0 ? "" : fmt::format("{:.1f}", finding.score);
    if (key == "aliases") actual = base::join(finding.aliases, ",");
    if (key == "sources") actual = base::join(finding.sources, ",");
    if (key == "references") actual = base::join(finding.references, ",");
    if (key == "vendor") actual = finding.vendor_severity;
    if (key == "title") actual = finding.title;
    if (key == "kev") actual = finding.kev ? "yes" : "no";
    if (key == "epss") actual = fmt::format("{}", finding.epss);
    out += " " + key + "=" + actual;
  }
  return out;
}

void run_case(const MatchCase& c) {
  SCOPED_TRACE(fmt::format("{}: {}", c.file, c.name));
  const Bench bench;
  std::vector<std::filesystem::path> files;
  for (std::size_t i = 0; i < c.data.size(); ++i) files.push_back(bench.file(fmt::format("data-{:02}", i), c.data[i]));
  const auto report = advisory::import_files(bench.database(), files, kNow);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(base::join(report->warnings, "; "), "");
  const auto database = bench.open();
  const auto inventory = inventory_of_case(c);
  const auto findings = database.match(inventory);
  std::vector<std::string> expected;
  std::vector<std::string> actual;
  for (std::size_t i = 0; i < std::max(findings.size(), c.findings.size()); ++i) {
    Options options;
    if (i < c.findings.size()) {
      const auto parsed = parse_words(c.findings[i]);
      options = parsed.second;
      std::string line = parsed.first.at(0) + " " + parsed.first.at(1);
      for (const auto& [key, value] : options) line += " " + key + "=" + value;
      expected.push_back(line);
    }
    if (i < findings.size()) actual.push_back(describe(findings[i], options));
  }
  EXPECT_EQ(expected, actual);
  const auto notice = database.distribution_notice(inventory, kNow);
  if (!c.notice.empty()) {
    EXPECT_NE(notice.find(c.notice), std::string::npos) << notice;
  }
}

TEST(Match, agrees_with_every_case_file) {
  std::size_t cases = 0;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(BULWARK_SOURCE_DIR "/tests/advisory"))
    if (entry.path().extension() == ".test" && entry.path().filename().string().substr(0, 6) == "match_") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    for (const auto& c : read_cases(file)) {
      run_case(c);
      ++cases;
    }
  }
  EXPECT_GE(cases, 35u);
}

}  // namespace
