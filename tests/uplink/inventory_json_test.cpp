// SPDX-License-Identifier: Apache-2.0
#include "uplink/inventory_json.hpp"

#include <gmock/gmock.h>

using namespace uplink;

namespace {

model::Inventory an_inventory() {
  model::Inventory inventory;
  inventory.os = model::Distribution{"debian", "12", "bookworm", "Debian GNU/Linux 12 (bookworm)", {"linux"}};
  model::Package package;
  package.name = "zlib1g";
  package.version = "1:1.2.13.dfsg-1";
  package.type = "deb";
  package.source = "zlib";
  package.source_version = package.version;
  package.dev = true;
  inventory.packages = {package};
  model::Finding issue;
  issue.category = model::Category::secret;
  issue.severity = model::Severity::high;
  issue.id = "aws-access-key";
  issue.description = "line one\nline two\x07";
  issue.package.path = "root/.aws/credentials";
  inventory.issues = {issue};
  inventory.warnings = {"a file was left out"};
  inventory.partial = true;
  return inventory;
}

}  // namespace

TEST(InventoryJson, is_read_as_it_was_written) {
  const base::Json json = inventory_to_json(an_inventory());
  const auto read = inventory_from_json(json);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_TRUE(read->os);
  EXPECT_EQ(read->os->codename, "bookworm");
  EXPECT_EQ(read->packages.at(0).source, "zlib");
  EXPECT_TRUE(read->packages.at(0).dev);
  EXPECT_EQ(read->issues.at(0).category, model::Category::secret);
  EXPECT_EQ(read->issues.at(0).severity, model::Severity::high);
  EXPECT_EQ(read->issues.at(0).description, "line one\nline two\xef\xbf\xbd");
  EXPECT_EQ(read->issues.at(0).package.path, "root/.aws/credentials");
  EXPECT_EQ(read->warnings.size(), 1u);
  EXPECT_TRUE(read->partial);
  EXPECT_EQ(base::to_text(inventory_to_json(*read)), base::to_text(json));
}

TEST(InventoryJson, without_a_distribution_has_none) {
  const auto read = inventory_from_json(inventory_to_json({}));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_FALSE(read->os);
}

TEST(InventoryJson, that_is_wrong_names_the_member) {
  EXPECT_EQ(inventory_from_json(base::JsonObject{}).error().kind, base::Kind::unsupported);
  const auto fault = inventory_from_json(base::JsonObject{{"format", 1}, {"packages", base::JsonArray{base::JsonObject{{"name", 1}}}}});
  ASSERT_FALSE(fault);
  EXPECT_EQ(fault.error().message, "inventory.packages[0].name must be a text");
}
