// SPDX-License-Identifier: Apache-2.0
#include "security/recommendations.hpp"

#include <gmock/gmock.h>

namespace {

using testing::HasSubstr;

constexpr std::string_view kControls = "controls:\n  - id: c\n    title: C\n    description: d\n    maxScore: 4\n";

std::string recommendation(std::string_view severity) {
  return "key: 0677209d-e675-2c6f-e91a-54cef2878663\ntitle: T\nseverity: " + std::string(severity) +
         "\ncontrol: c\nresourceType: A/b\ndescription: d\nuserImpact: Low\nimplementationEffort: Low\nremediation: [mend]\n";
}

TEST(Recommendations, the_embedded_ones_load_and_answer_to_their_aliases) {
  const auto loaded = security::Recommendations::load();
  ASSERT_TRUE(loaded) << loaded.error().message;
  const auto* images = loaded->find("C0B7CFC6-3172-465A-B378-53C7FF2CC0D5");
  ASSERT_NE(images, nullptr);
  EXPECT_EQ(images->key, security::kRegistryImages);
  EXPECT_EQ(images->title, "Vulnerabilities in Azure Container Registry images should be remediated");
  ASSERT_NE(loaded->find(security::kHostConfiguration), nullptr);
  ASSERT_NE(loaded->find(security::kDefenderForContainers), nullptr);
  for (const auto& control : loaded->controls()) {
    if (control.id == images->control) {
      EXPECT_EQ(control.max_score, 6);
    } else if (control.id == loaded->find(security::kHostConfiguration)->control) {
      EXPECT_EQ(control.max_score, 4);
    }
  }
}

TEST(Recommendations, faults_name_file_and_line) {
  const std::string text = recommendation("Huge");
  const security::RecommendationFile files[] = {{"recommendations/controls.yaml", kControls}, {"recommendations/a.yaml", text}};
  const auto read = security::Recommendations::read(files);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("recommendations/a.yaml:3: "));
  EXPECT_THAT(read.error().message, HasSubstr("'Huge' is none of High, Medium, Low"));
}

TEST(Recommendations, a_key_belongs_to_one_recommendation) {
  const std::string text = recommendation("High");
  const security::RecommendationFile files[] = {
      {"recommendations/controls.yaml", kControls}, {"recommendations/a.yaml", text}, {"recommendations/b.yaml", text}};
  const auto read = security::Recommendations::read(files);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("recommendations/b.yaml:1: "));
}

}  // namespace
