// SPDX-License-Identifier: Apache-2.0
// The same random questions to the native tools and to us. BULWARK_SEED repeats a run.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "advisory/oracles.hpp"
#include "advisory/version.hpp"
#include "advisory/versions_table.hpp"
#include "base/files.hpp"
#include "base/process.hpp"
#include "base/text.hpp"

namespace {

using advisory::Scheme;
using VersionWords = std::vector<std::string_view>;

struct Question {
  std::string a;
  std::string b;
};

// Versions out of a few building blocks, and slips of the pen in them.
class VersionMaker {
 public:
  VersionMaker(std::uint32_t seed, VersionWords separators, VersionWords words)
      : random_(seed), separators_(std::move(separators)), words_(std::move(words)) {}

  bool chance(unsigned percent) { return random_() % 100 < percent; }
  std::string pick(const VersionWords& words) { return std::string(words[random_() % words.size()]); }
  std::string number() {
    static const VersionWords kNumbers = {"0",  "1",  "2",   "9",        "10",      "11",
                                   "00", "01", "010", "20230101", "9007199", "123456789012345678901234567890"};
    return pick(kNumbers);
  }

  std::string dotted(std::size_t most) {
    std::string text = number();
    for (std::size_t parts = random_() % most; parts > 0; --parts) text += "." + number();
    return text;
  }

  // Numbers and words in a row with any separators between.
  std::string mixed(std::size_t most) {
    std::string text = number();
    for (std::size_t parts = random_() % (most + 1); parts > 0; --parts) {
      text += pick(separators_);
      text += chance(60) ? number() : pick(words_);
    }
    return text;
  }

  std::string mutate(std::string text) {
    const std::string piece = chance(50) ? pick(separators_) : chance(50) ? pick(words_) : std::string(1, "019"[random_() % 3]);
    const std::size_t at = random_() % (text.size() + 1);
    switch (random_() % 3) {
      case 0:
        return text.insert(at, piece);
      case 1:
        return text.replace(at, 1, piece);
      default:
        return text.erase(at, 1);
    }
  }

  // Half of the questions are about two near versions.
  template <typename Make>
  std::vector<Question> questions(std::size_t count, Make make) {
    std::vector<Question> out;
    while (out.size() < count) {
      Question question{make(*this), {}};
      question.b = chance(50) ? mutate(question.a) : make(*this);
      out.push_back(std::move(question));
    }
    return out;
  }

 private:
  std::mt19937 random_;
  VersionWords separators_;
  VersionWords words_;
};

std::string as_lines(const std::vector<Question>& questions) {
  std::string text;
  for (const Question& question : questions) text += question.a + "\t" + question.b + "\n";
  return text;
}

// One sign a line, "!" where the tool refuses the question. Most questions have to be answered.
void expect_agreement(Scheme scheme, const std::vector<Question>& questions, const base::Result<base::ProcessOutput>& answer) {
  ASSERT_TRUE(answer) << answer.error().message;
  const auto lines = base::split_lines(answer->out);
  ASSERT_EQ(lines.size(), questions.size()) << answer->err;
  std::size_t answered = 0;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (lines[i] == "!") continue;
    ++answered;
    const char sign = advisory::order_sign(advisory::compare_versions(scheme, questions[i].a, questions[i].b));
    EXPECT_EQ(std::string(1, sign), lines[i]) << questions[i].a << "  against  " << questions[i].b;
  }
  EXPECT_GT(answered, questions.size() / 3);
}

std::string dpkg_version(VersionMaker& maker) {
  std::string text = maker.chance(25) ? maker.pick({"0:", "1:", "2:", "10:"}) : "";
  text += maker.mixed(5);
  if (maker.chance(60)) text += "-" + maker.mixed(3);
  return text;
}

TEST(Differential, dpkg) {
  if (!tests::runs({"dpkg", "--version"})) GTEST_SKIP() << "there is no dpkg here";
  VersionMaker maker(tests::random_seed(), {".", ".", "+", "~", "", "-"}, {"a", "Z", "dfsg", "~", "b", "deb", "ubuntu", "rc", "+"});
  const auto questions = maker.questions(600, dpkg_version);
  const std::string script =
      "while IFS='\t' read -r a b; do "
      "if ! dpkg --validate-version \"$a\" || ! dpkg --validate-version \"$b\"; then echo '!'; "
      "elif dpkg --compare-versions \"$a\" lt \"$b\"; then echo '<'; "
      "elif dpkg --compare-versions \"$a\" gt \"$b\"; then echo '>'; else echo '='; fi; done 2>/dev/null";
  expect_agreement(Scheme::debian, questions, base::run_process({"sh", "-c", script}, as_lines(questions), std::chrono::seconds(120)));
}

std::string rpm_version(VersionMaker& maker) {
  std::string text = maker.chance(30) ? maker.pick({"0:", "1:", "02:", ":"}) : "";
  text += maker.mixed(5);
  if (maker.chance(70)) text += "-" + maker.mixed(3);
  return text;
}

TEST(Differential, rpm) {
  if (!tests::runs({"rpm", "--version"})) GTEST_SKIP() << "there is no rpm here: apt-get install rpm";
  VersionMaker maker(tests::random_seed(), {".", ".", "_", "~", "^", "", "+", ".."}, {"a", "rc", "el", "fc", "~", "^", "git", "B"});
  const auto questions = maker.questions(5000, rpm_version);
  const auto folder = base::TempDir::create();
  ASSERT_TRUE(folder) << folder.error().message;
  const auto file = folder->path() / "questions";
  ASSERT_TRUE(base::write_file_atomically(file, as_lines(questions)));
  const std::string script = "%{lua: for line in io.lines('" + file.string() +
                             "') do local tab = string.find(line, '\t', 1, true) "
                             "local ok, order = pcall(rpm.vercmp, string.sub(line, 1, tab - 1), string.sub(line, tab + 1)) "
                             "print((not ok) and '!\\n' or order < 0 and '<\\n' or order > 0 and '>\\n' or '=\\n') end}";
  auto answer = base::run_process({"rpm", "--eval", script});
  ASSERT_TRUE(answer) << answer.error().message;
  while (answer->out.ends_with("\n\n")) answer->out.pop_back();
  expect_agreement(Scheme::rpm, questions, answer);
}

std::string pypi_version(VersionMaker& maker) {
  const auto separator = [&maker] { return maker.pick({"", "", ".", "-", "_"}); };
  const auto ordinal = [&maker] { return maker.chance(70) ? maker.number() : std::string(); };
  std::string text = maker.pick({"", "", "", "", "1!", "0!", "v"}) + maker.dotted(4);
  if (maker.chance(40)) {
    text += separator() + maker.pick({"a", "b", "c", "rc", "alpha", "beta", "pre", "preview", "RC"}) + separator() + ordinal();
  }
  if (maker.chance(15)) text += "-" + maker.number();
  if (maker.chance(20)) text += separator() + maker.pick({"post", "rev", "r"}) + separator() + ordinal();
  if (maker.chance(30)) text += separator() + "dev" + separator() + ordinal();
  if (maker.chance(20)) text += "+" + maker.pick({"a", "1", "01", "Ubuntu"}) + maker.pick({"", ".1", "-x", "_2", ".a.b"});
  return text;
}

TEST(Differential, python_packaging) {
  const std::string python = tests::python_with("packaging.version");
  if (python.empty()) GTEST_SKIP() << "there is no python3 with packaging here: apt-get install python3-packaging";
  VersionMaker maker(tests::random_seed(), {".", "-", "_", "!", "+", ""}, {"a", "b", "rc", "dev", "post", "x"});
  const auto questions = maker.questions(5000, pypi_version);
  const std::string script = R"(
import sys
from packaging.version import InvalidVersion, Version
for line in sys.stdin:
    a, b = line.rstrip("\n").split("\t")
    try:
        a, b = Version(a), Version(b)
    except InvalidVersion:
        print("!")
        continue
    print("<" if a < b else ">" if a > b else "=")
)";
  const auto answer = base::run_process({python, "-c", script}, as_lines(questions));
  expect_agreement(Scheme::pypi, questions, answer);
  const auto lines = base::split_lines(answer->out);
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const bool valid = advisory::is_valid_version(Scheme::pypi, questions[i].a) && advisory::is_valid_version(Scheme::pypi, questions[i].b);
    EXPECT_EQ(valid, lines[i] != "!") << questions[i].a << "  and  " << questions[i].b;
  }
}

std::string semver_version(VersionMaker& maker) {
  const auto number = [&maker] { return maker.pick({"0", "1", "2", "9", "10", "20230101", "9007199254740991"}); };
  std::string text = maker.pick({"", "", "v"}) + number() + "." + number() + "." + number();
  if (maker.chance(60)) {
    text += "-";
    do {
      text += maker.chance(50) ? number() : maker.pick({"alpha", "beta", "rc", "rc1", "a-b", "-1", "0a", "X", "x"});
      text += ".";
    } while (maker.chance(50));
    text.pop_back();
  }
  if (maker.chance(20)) text += maker.pick({"+1", "+a.b", "+001"});
  return text;
}

TEST(Differential, node_semver) {
  const char* modules = std::getenv("BULWARK_NODE_MODULES");
  if (modules == nullptr) GTEST_SKIP() << "BULWARK_NODE_MODULES is not set: it names a node_modules folder with semver";
  if (!tests::runs({"node", "--version"})) GTEST_SKIP() << "there is no node here";
  VersionMaker maker(tests::random_seed(), {".", "-", "+"}, {"a", "rc", "v", "x"});
  const auto questions = maker.questions(5000, semver_version);
  const std::string script = R"(
const semver = require(process.argv[1]);
const lines = require('fs').readFileSync(0, 'utf8').split('\n').slice(0, -1);
const answers = lines.map((line) => {
  const [a, b] = line.split('\t');
  try {
    const order = semver.compare(a, b);
    return order < 0 ? '<' : order > 0 ? '>' : '=';
  } catch {
    return '!';
  }
});
process.stdout.write(answers.join('\n') + '\n');
)";
  expect_agreement(Scheme::semver, questions,
                   base::run_process({"node", "-e", script, std::string(modules) + "/semver"}, as_lines(questions)));
}

TEST(Differential, rubygems) {
  if (!tests::runs({"ruby", "--version"})) GTEST_SKIP() << "there is no ruby here";
  VersionMaker maker(tests::random_seed(), {".", ".", ".", "", "-"}, {"a", "b", "rc", "pre", "B", "beta", "alpha", "x"});
  const auto questions = maker.questions(5000, [](VersionMaker& self) { return self.mixed(5); });
  const std::string script = R"(
STDIN.each_line do |line|
  a, b = line.chomp.split("\t", -1)
  begin
    puts ["=", ">", "<"][Gem::Version.new(a) <=> Gem::Version.new(b)]
  rescue ArgumentError
    puts "!"
  end
end
)";
  expect_agreement(Scheme::rubygems, questions, base::run_process({"ruby", "-e", script}, as_lines(questions)));
}

}  // namespace
