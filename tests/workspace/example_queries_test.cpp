// SPDX-License-Identifier: Apache-2.0
#include "workspace/example_queries.hpp"

#include <gmock/gmock.h>

#include "workspace/table_spec.hpp"

using testing::HasSubstr;

namespace workspace {
namespace {

base::Result<std::vector<ExampleQuery>> read_examples(std::string_view text) {
  const ExampleFile files[] = {{"queries/q.yaml", text}};
  return read_example_queries(files);
}

TEST(ExampleQueries, have_a_category_a_name_and_lines) {
  const auto examples = read_examples(
      "category: Hosts\nqueries:\n  - id: a\n    name: Silent machines\n    description: Since when.\n    tables: [Heartbeat]\n"
      "    query: |\n      Heartbeat\n      | count\n");
  ASSERT_TRUE(examples) << examples.error().message;
  ASSERT_EQ(examples->size(), 1u);
  const ExampleQuery& only = examples->front();
  EXPECT_EQ(only.category, "Hosts");
  EXPECT_EQ(only.text, "Heartbeat\n| count");
  EXPECT_EQ(only.tables, std::vector<std::string>{"Heartbeat"});
}

TEST(ExampleQueries, faults_name_file_and_line) {
  const auto examples = read_examples(
      "category: Hosts\nqueries:\n  - {id: a, name: A, description: A., query: Heartbeat}\n  - {id: a, name: B, description: B., query: Heartbeat}\n"
      "  - {id: c, name: C, qery: Heartbeat}\n");
  ASSERT_FALSE(examples);
  for (const char* expected : {"queries/q.yaml:4: \"id\" query 'a' is there already", "queries/q.yaml:5: \"description\"", "queries/q.yaml:5: \"query\"", "\"qery\" is no member here"})
    EXPECT_THAT(examples.error().message, HasSubstr(expected));
}

TEST(ExampleQueries, of_the_content_read_tables_that_are_there) {
  const auto examples = load_example_queries();
  const auto tables = TableSpecs::load();
  ASSERT_TRUE(examples) << examples.error().message;
  ASSERT_TRUE(tables) << tables.error().message;
  EXPECT_GE(examples->size(), 12u);
  for (const ExampleQuery& example : *examples)
    for (const std::string& table : example.tables) {
      EXPECT_NE(tables->find(table), nullptr) << example.id;
      EXPECT_THAT(example.text, HasSubstr(table)) << example.id;
    }
}

}  // namespace
}  // namespace workspace
