// SPDX-License-Identifier: Apache-2.0
#include "advisory/cvss.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "advisory/oracles.hpp"
#include "base/process.hpp"
#include "base/text.hpp"

namespace {

struct ScoredVector {
  std::string_view vector;
  double score;
};

TEST(Cvss, scores_of_known_vectors) {
  constexpr std::array kKnown = std::to_array<ScoredVector>({
      {"AV:N/AC:L/Au:N/C:C/I:C/A:C", 10.0},
      {"(AV:N/AC:L/Au:N/C:P/I:P/A:P)", 7.5},
      {"AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8},
      {"AV:L/AC:H/Au:N/C:C/I:C/A:C", 6.2},
      {"AV:N/AC:L/Au:N/C:N/I:N/A:N", 0.0},
      {"AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C", 7.8},
      {"CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1},
      {"CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", 7.5},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0},
      {"CVSS:3.1/A:H/I:H/C:H/S:U/UI:N/PR:N/AC:L/AV:N/E:P", 9.8},
      {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3},
      {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10.0},
      {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0.0},
      {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U", 8.1},
  });
  for (const ScoredVector& known : kKnown) {
    const auto score = advisory::cvss_score(known.vector);
    ASSERT_TRUE(score) << known.vector;
    EXPECT_DOUBLE_EQ(*score, known.score) << known.vector;
  }
}

// The two differ in how they round; on base scores only binary fractions could make a difference.
TEST(Cvss, versions_3_0_and_3_1_agree_on_every_base_vector) {
  std::vector<std::string> vectors = {""};
  for (const std::string_view metric : {"AV:NALP", "AC:LH", "PR:NLH", "UI:NR", "S:UC", "C:HLN", "I:HLN", "A:HLN"}) {
    const auto [name, values] = base::cut(metric, ":");
    std::vector<std::string> longer;
    for (const std::string& vector : vectors) {
      for (const char value : values) longer.push_back(fmt::format("{}/{}:{}", vector, name, value));
    }
    vectors = std::move(longer);
  }
  EXPECT_EQ(vectors.size(), 2592u);
  for (const std::string& vector : vectors) {
    EXPECT_EQ(advisory::cvss_score("CVSS:3.0" + vector), advisory::cvss_score("CVSS:3.1" + vector)) << vector;
  }
}

TEST(Cvss, incomplete_and_unknown_vectors_have_no_score) {
  for (const std::string_view vector :
       {"", "()", "CVSS:3.1/", "CVSS:3.1/AV:N", "CVSS:3.2/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/", "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/ZZ:H",
        "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "AV:N/AC:L/Au:N/C:C/I:C", "9.8", "HIGH",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:S/SA:N"}) {
    EXPECT_FALSE(advisory::cvss_score(vector)) << vector;
  }
}

class VectorMaker {
 public:
  explicit VectorMaker(std::uint32_t seed) : random_(seed) {}

  std::string make() {
    switch (pick(4)) {
      case 0:
        return fields("", "AV:LAN AC:HML Au:MSN C:NPC I:NPC A:NPC", "");
      case 1:
        return fields("CVSS:3.0/", kBase3, "E:XHFPU RL:XUWTO RC:XCRU");
      case 2:
        return fields("CVSS:3.1/", kBase3, "CR:XHML IR:XHML MAV:XNALP MC:XHLN");
      default:
        return fields("CVSS:4.0/", "AV:NALP AC:LH AT:NP PR:NLH UI:NPA VC:HLN VI:HLN VA:HLN SC:HLN SI:HLN SA:HLN",
                      "E:XAPU CR:XHML IR:XHML AR:XHML MAV:XNALP MAC:XLH MAT:XNP MPR:XNLH MUI:XNPA MVC:XHLN MVI:XHLN "
                      "MVA:XHLN MSC:XHLN MSI:XSHLN MSA:XSHLN S:XNP AU:XNY R:XAUI V:XDC RE:XLMH");
    }
  }

 private:
  static constexpr std::string_view kBase3 = "AV:NALP AC:LH PR:NLH UI:NR S:UC C:HLN I:HLN A:HLN";

  std::size_t pick(std::size_t count) { return random_() % count; }

  std::string fields(std::string_view prefix, std::string_view base, std::string_view optional) {
    std::vector<std::string> parts;
    for (const std::string_view spec : {base, optional}) {
      if (spec.empty()) continue;
      for (const std::string_view metric : base::split(spec, ' ')) {
        if (spec == optional && pick(3) != 0) continue;
        const auto [name, values] = base::cut(metric, ":");
        parts.push_back(fmt::format("{}:{}", name, values[pick(values.size())]));
      }
    }
    return std::string(prefix) + base::join(parts, "/");
  }

  std::mt19937 random_;
};

constexpr std::string_view kPythonScores = R"(
import sys, warnings
warnings.simplefilter("ignore")
from cvss import CVSS2, CVSS3, CVSS4
for line in sys.stdin:
    line = line.strip()
    kind = CVSS4 if line.startswith("CVSS:4") else CVSS3 if line.startswith("CVSS:3") else CVSS2
    print("%.1f" % float(kind(line).base_score))
)";

TEST(Cvss, random_vectors_score_as_in_the_python_package_cvss) {
  const std::string python = tests::python_with("cvss");
  if (python.empty()) GTEST_SKIP() << "no python3 here has the package cvss; ./check makes one, or: pip install cvss";
  VectorMaker maker(tests::random_seed());
  std::vector<std::string> vectors(2000);
  for (std::string& vector : vectors) vector = maker.make();
  const auto answer = base::run_process({python, "-c", std::string(kPythonScores)}, base::join(vectors, "\n") + "\n");
  ASSERT_TRUE(answer) << answer.error().message;
  const auto lines = base::split_lines(answer->out);
  ASSERT_EQ(lines.size(), vectors.size()) << answer->err;
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    const auto score = advisory::cvss_score(vectors[i]);
    EXPECT_EQ(score ? fmt::format("{:.1f}", *score) : "none", lines[i]) << vectors[i];
  }
}

}  // namespace
