// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_doc.hpp"

#include <gmock/gmock.h>

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

std::vector<std::string> faults_of(std::string_view text) {
  base::YamlFaults faults;
  base::parse_yaml_doc(text, "r.yaml", faults);
  return faults.list();
}

}  // namespace

TEST(YamlDoc, nodes_know_their_lines_and_scalars_stay_as_written) {
  base::YamlFaults faults;
  const auto documents = base::parse_yaml_doc("a: 1.10\nb:\n  - x\n  - {c: true}\n---\n- y\n", "r.yaml", faults);
  ASSERT_EQ(documents.size(), 2u);
  EXPECT_TRUE(faults.empty());
  EXPECT_EQ(documents[0].find("a")->text, "1.10");
  const auto& items = documents[0].find("b")->items;
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].line, 3);
  EXPECT_EQ(items[1].find("c")->line, 4);
  EXPECT_EQ(documents[1].items[0].line, 6);
}

TEST(YamlDoc, every_fault_is_told_with_file_and_line) {
  base::YamlFaults faults;
  const auto documents = base::parse_yaml_doc("name: ''\nsize: ten\nratio: 0.5\nyes: maybe\nlist: [a, [b]]\ntitel: x\nother: 1\n",
                                              "r.yaml", faults);
  base::YamlReader reader(documents.at(0), "r.yaml", faults);
  EXPECT_EQ(reader.text("name"), "");
  EXPECT_EQ(reader.text("missing"), "");
  EXPECT_EQ(reader.integer_or("size", 7, 0, 10), 7);
  EXPECT_EQ(reader.number_or("ratio", 0, 0, 1), 0.5);
  EXPECT_FALSE(reader.boolean_or("yes", false));
  EXPECT_THAT(reader.texts("list"), ElementsAre("a"));
  EXPECT_EQ(reader.text_or("title", "none"), "none");
  reader.finish();
  EXPECT_THAT(faults.list(),
              ElementsAre("r.yaml:1: \"name\" is missing or empty", "r.yaml:1: \"missing\" is missing or empty",
                          "r.yaml:2: \"size\" must be a whole number from 0 to 10",
                          "r.yaml:4: \"yes\" must be true or false",
                          "r.yaml:5: \"list\" must be a list of texts, none empty",
                          "r.yaml:6: \"titel\" is no member here; did you mean \"title\"?",
                          HasSubstr("r.yaml:7: \"other\" is no member here; there are name,")));
  EXPECT_FALSE(faults.result().has_value());
  EXPECT_THAT(faults.result().error().message, HasSubstr("\nr.yaml:4:"));
}

TEST(YamlDoc, what_is_no_map_is_told_once) {
  base::YamlFaults faults;
  const auto documents = base::parse_yaml_doc("\n- a\n", "r.yaml", faults);
  base::YamlReader reader(documents.at(0).items.at(0), "r.yaml", faults);
  reader.finish();
  EXPECT_THAT(faults.list(), ElementsAre(HasSubstr("r.yaml:2: a map of members")));
}

TEST(YamlDoc, repeated_keys_anchors_and_broken_text_are_faults) {
  EXPECT_THAT(faults_of("a: 1\nb: 2\na: 3\n"), ElementsAre("r.yaml:3: \"a\" stands here a second time"));
  EXPECT_THAT(faults_of("a: &x 1\nb: *x\n"), ElementsAre(HasSubstr("r.yaml:1: anchors"), HasSubstr("r.yaml:2: aliases")));
  EXPECT_THAT(faults_of("a: 1\nb: [1\nc: 'x\n"), ElementsAre(HasSubstr("not valid YAML")));
  EXPECT_THAT(faults_of("? [a, b]\n: 2\n"), ElementsAre("r.yaml:1: a key must be a plain text"));
  EXPECT_THAT(faults_of(std::string(1000, '[')), ElementsAre(HasSubstr("r.yaml:1: deeper than 32 levels")));
  EXPECT_THAT(faults_of(""), IsEmpty());
}

TEST(YamlDoc, faults_end_at_a_limit) {
  base::YamlFaults faults;
  for (int i = 0; i < 1'000; ++i) faults.add("r.yaml", i, "x");
  EXPECT_EQ(faults.list().size(), 200u);
  EXPECT_THAT(faults.result().error().message, HasSubstr("800 more"));
}
