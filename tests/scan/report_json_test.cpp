// SPDX-License-Identifier: Apache-2.0
#include "scan/report_json.hpp"

#include <gmock/gmock.h>

#include "base/files.hpp"
#include "report_testing.hpp"

using testing::ElementsAre;

namespace {

std::vector<std::string> member_names(const base::Json& object) {
  std::vector<std::string> names;
  for (const auto& member : object.as_object()) names.emplace_back(member.key());
  return names;
}

// Members that the schema requires at `object` and their types, as far as both are written plainly.
void expect_matches_schema(const base::Json& value, const base::Json& schema, const base::Json& root,
                           const std::string& where) {
  if (const std::string_view reference = base::get_string(schema, "$ref"); !reference.empty()) {
    const std::string name(reference.substr(std::string_view("#/$defs/").size()));
    expect_matches_schema(value, base::get_object(root, "$defs").at(name), root, where);
    return;
  }
  for (const base::Json& required : base::get_array(schema, "required"))
    EXPECT_NE(base::find(value, base::as_string(required)), nullptr) << where << "." << base::as_string(required);
  if (const auto* object = value.if_object()) {
    const base::JsonObject& properties = base::get_object(schema, "properties");
    for (const auto& member : *object) {
      const std::string path = where + "." + std::string(member.key());
      const base::Json* described = properties.if_contains(member.key());
      ASSERT_NE(described, nullptr) << path << " is not in the schema";
      EXPECT_FALSE(base::get_string(*described, "description").empty() && !base::find(*described, "$ref")) << path;
      expect_matches_schema(member.value(), *described, root, path);
    }
  }
  const base::Json* items = base::find(schema, "items");
  if (const auto* array = value.if_array(); array && items)
    for (const base::Json& element : *array) expect_matches_schema(element, *items, root, where + "[]");
}

}  // namespace

TEST(ReportJson, holds_what_the_schema_describes_and_nothing_else) {
  const auto text = base::read_file(std::filesystem::path(BULWARK_SOURCE_DIR) / "docs" / "report.schema.json");
  ASSERT_TRUE(text) << text.error().message;
  const auto schema = base::parse_json(*text, "report.schema.json");
  ASSERT_TRUE(schema) << schema.error().message;
  expect_matches_schema(scan::to_report_json(sample_inventory(), sample_findings(), sample_context()), *schema, *schema,
                        "report");
}

TEST(ReportJson, says_what_was_looked_at) {
  const base::Json report = scan::to_report_json(sample_inventory(), sample_findings(), sample_context());
  EXPECT_EQ(base::get_int(report, "schemaVersion"), 1);
  const base::Json& artifact = *base::find(report, "artifact");
  EXPECT_EQ(base::get_string(artifact, "name"), "registry.example/app:1");
  EXPECT_EQ(base::get_string(*base::find(artifact, "os"), "prettyName"), "Debian GNU/Linux 12 (bookworm)");
  EXPECT_EQ(base::get_int(*base::find(report, "database"), "advisories"), 12);
  EXPECT_EQ(base::to_text(*base::find(report, "warnings")), R"(["layer 2 was left out"])");
  EXPECT_TRUE(base::get_bool(report, "partial"));
}

TEST(ReportJson, unknown_numbers_are_null_and_rare_members_absent) {
  const base::Json report = scan::to_report_json(sample_inventory(), sample_findings(), sample_context());
  const base::JsonArray& findings = base::get_array(report, "findings");
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(base::find(findings[0], "score")->as_double(), 9.8);
  EXPECT_EQ(base::find(findings[0], "suppressed"), nullptr);
  EXPECT_TRUE(base::find(findings[1], "score")->is_null());
  EXPECT_TRUE(base::find(findings[1], "epss")->is_null());
  EXPECT_EQ(base::to_text(*base::find(findings[1], "suppressed")),
            R"({"by":".bulwarkignore","reason":"not reachable","status":"ignored"})");
  const base::JsonArray& packages = base::get_array(report, "packages");
  EXPECT_EQ(base::find(packages[0], "managedBy"), nullptr);
  EXPECT_EQ(base::get_string(packages[1], "managedBy"), "dpkg");
}

TEST(ReportJson, nothing_known_is_said_with_null) {
  const base::Json report = scan::to_report_json({}, {}, {});
  EXPECT_TRUE(base::find(report, "database")->is_null());
  EXPECT_TRUE(base::find(*base::find(report, "artifact"), "os")->is_null());
  EXPECT_THAT(member_names(report), ElementsAre("schemaVersion", "tool", "created", "artifact", "database", "partial",
                                                "notices", "warnings", "packages", "findings"));
}

TEST(ReportJson, is_valid_text_whatever_an_archive_names_its_files) {
  model::Inventory inventory = sample_inventory();
  inventory.packages[0].path = "a\xff\x01/b";
  const std::string text = base::to_text(scan::to_report_json(inventory, {}, {}));
  EXPECT_TRUE(base::parse_json(text, "report"));
  EXPECT_EQ(text.find('\xff'), std::string::npos);
}
