// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "sbom/layers_testing.hpp"

namespace {

using namespace layers_testing;

sbom::LayerFacts sample_facts() {
  auto facts = analyse({file("var/lib/dpkg/status", "Package: a\nVersion: 1:2~3\nMaintainer: J\xc3\xb6rg\n"),
                        file("var/lib/dpkg/info/a.list", "/usr/bin/a\n/usr/bin/b\n"), file("etc/os-release", "ID=debian\nID_LIKE=x\n"),
                        file("caf\xe9/packages.list", "x 1\nfail"), file("x/.wh.y", ""), file("z/.wh..wh..opq", ""),
                        soft_link("lib", "usr/l\xffib"), folder("d"), file("e/packages.list", ""), file("p.list\n", "")});
  facts.files[0].packages.resize(1);
  facts.files[0].packages[0].name = facts.files[0].packages[0].version = facts.files[0].packages[0].type = "q\x01";
  facts.files[0].packages[0].dev = true;
  facts.files[0].packages[0].modularity = "nodejs:18:1:x";
  facts.files[0].warnings = {"a\nb"};
  facts.warnings = {"careful"};
  return facts;
}

base::Json parsed(const std::string& text) { return base::parse_json(text, "test").value(); }

TEST(FactsJson, survives_a_round_trip) {
  const auto facts = sample_facts();
  const std::string text = base::to_text(sbom::to_json(facts));
  const auto again = sbom::facts_from_json(parsed(text));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(base::to_text(sbom::to_json(*again)), text);
  EXPECT_EQ(again->diff_id, facts.diff_id);
  ASSERT_EQ(again->files.size(), facts.files.size());
  for (std::size_t i = 0; i < facts.files.size(); ++i) {
    EXPECT_EQ(again->files[i].path, facts.files[i].path);
    EXPECT_EQ(again->files[i].owned, facts.files[i].owned);
    EXPECT_EQ(again->files[i].packages.size(), facts.files[i].packages.size());
    EXPECT_EQ(again->files[i].os.has_value(), facts.files[i].os.has_value());
    EXPECT_EQ(again->files[i].manager, facts.files[i].manager);
    EXPECT_EQ(again->files[i].warnings, facts.files[i].warnings);
  }
  EXPECT_TRUE(again->files[0].packages[0].dev);
  EXPECT_EQ(again->files[0].packages[0].name, "q\x01");
  EXPECT_EQ(again->whiteouts, facts.whiteouts);
  EXPECT_EQ(again->opaque, facts.opaque);
  EXPECT_EQ(again->replaced, facts.replaced);
  EXPECT_EQ(again->symlinks, facts.symlinks);
  EXPECT_EQ(again->non_folders, facts.non_folders);
  EXPECT_EQ(again->folders, facts.folders);
  EXPECT_EQ(again->warnings, facts.warnings);
}

TEST(FactsJson, gives_the_same_inventory_as_fresh_facts) {
  const auto facts = sample_facts();
  const auto again = sbom::facts_from_json(parsed(base::to_text(sbom::to_json(facts)))).value();
  model::Inventory fresh, cached;
  sbom::merge_layers({facts}, fresh);
  sbom::merge_layers({again}, cached);
  EXPECT_EQ(listed(fresh), listed(cached));
  EXPECT_EQ(fresh.warnings, cached.warnings);
}

TEST(FactsJson, refuses_what_it_has_not_written) {
  const base::Json good = sbom::to_json(sample_facts());
  for (const auto& member : good.get_object()) {
    base::Json broken = good;
    broken.get_object().erase(member.key());
    EXPECT_FALSE(sbom::facts_from_json(broken)) << "without " << std::string(member.key());
    broken = good;
    broken.get_object()[member.key()] = nullptr;
    EXPECT_FALSE(sbom::facts_from_json(broken)) << "null " << std::string(member.key());
  }
  base::Json broken = good;
  broken.get_object()["more"] = 1;
  EXPECT_FALSE(sbom::facts_from_json(broken));
  broken = good;
  broken.get_object()["nonFolders"] = "AAAA";
  EXPECT_FALSE(sbom::facts_from_json(broken));
  broken = good;
  broken.get_object()["format"] = 99;
  ASSERT_FALSE(sbom::facts_from_json(broken));
  EXPECT_EQ(sbom::facts_from_json(broken).error().kind, base::Kind::corrupt);
  broken = good;
  broken.get_object()["files"].get_array()[0].get_object()["packages"].get_array()[0].get_object().erase("name");
  EXPECT_FALSE(sbom::facts_from_json(broken));
  EXPECT_FALSE(sbom::facts_from_json(base::Json(nullptr)));
}

TEST(FactsJson, key_changes_with_set_and_versions_but_not_with_order) {
  sbom::Cataloger a = kListCataloger, b = kMagicCataloger;
  const std::string key = sbom::catalogers_key({&a, &b});
  EXPECT_EQ(key, sbom::catalogers_key({&b, &a}));
  EXPECT_NE(key, sbom::catalogers_key({&a}));
  b.version = 2;
  EXPECT_NE(key, sbom::catalogers_key({&a, &b}));
}

}  // namespace
