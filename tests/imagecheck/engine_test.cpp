// SPDX-License-Identifier: Apache-2.0
#include "imagecheck/engine.hpp"

#include <gmock/gmock.h>

#include "base/files.hpp"
#include "imagecheck/check_support.hpp"
#include "imagecheck/samples.hpp"

using imagecheck::Engine;
using imagecheck::EngineOptions;
using test::CheckedFiles;
using test::finding_of;
using test::ids_and_paths;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

namespace {

const Engine& every_check() {
  static const auto engine = *Engine::create({});
  return *engine;
}

EngineOptions only(bool secrets, bool malware, bool misconfiguration) {
  EngineOptions options;
  options.secrets = secrets;
  options.malware = malware;
  options.misconfiguration = misconfiguration;
  return options;
}

// A token that no file holds whole.
const std::string kToken = std::string("npm") + "_q7Tz1WdkL0aVbE5yRxPm3HsJ8uNcG2fiYoK4";
const std::string kTokenLine = "//registry.npmjs.org/:_auth" "Token=" + kToken + "\n";

}  // namespace

TEST(Engine, finds_secrets_malware_and_odd_files_with_their_layer) {
  CheckedFiles image(every_check());
  image.layer({{"etc/app.conf", "x\n" + kTokenLine}, {"srv/notes", test::eicar()}}).layer({{"opt/tool", "\x7f" "ELF", 04755}});
  const auto findings = image.findings();
  EXPECT_THAT(ids_and_paths(findings), UnorderedElementsAre("npm-token etc/app.conf", "eicar_test_file srv/notes", "BWI-101 opt/tool"));
  const auto* secret = finding_of(findings, "npm-token");
  EXPECT_EQ(secret->category, model::Category::secret);
  EXPECT_EQ(secret->evidence, "line 2: npm_****");
  EXPECT_EQ(secret->package.layer, "sha256:" + std::string(64, 'a'));
  EXPECT_FALSE(secret->remediation.empty());
  EXPECT_EQ(finding_of(findings, "BWI-101")->evidence, "opt/tool (mode 4755)");
  EXPECT_EQ(finding_of(findings, "BWI-101")->package.layer, "sha256:" + std::string(64, 'b'));
  EXPECT_EQ(finding_of(findings, "eicar_test_file")->category, model::Category::malware);
}

TEST(Engine, no_evidence_holds_a_secret) {
  CheckedFiles image(every_check());
  image.layer({{"etc/app.conf", kTokenLine}});
  const base::Json config = {{"config", {{"Env", {"NPM_TOKEN=" + kToken}}, {"Labels", {{"x", kToken}}}}},
                             {"history", {{{"created_by", "RUN |1 NPM_TOKEN=" + kToken + " /bin/sh -c npm ci"}},
                                          {{"created_by", "ADD http://user:" + kToken + "@host/x /x"}}}}};
  const auto findings = image.findings(&config);
  EXPECT_THAT(ids_and_paths(findings), AllOf(Contains("BWI-002"), Contains("BWI-003"), Contains("BWI-004"), Contains("BWI-005"), Contains("BWI-006")));
  for (const auto& finding : findings) EXPECT_THAT(finding.evidence, Not(HasSubstr(kToken.substr(4, 8)))) << finding.id;
}

TEST(Engine, a_secret_deleted_later_stays_a_finding_and_all_else_vanishes) {
  CheckedFiles image(every_check());
  image.layer({{"etc/app.conf", kTokenLine}, {"srv/bad", test::eicar()}, {"opt/tool", "x", 04755}})
      .layer({test::whiteout("etc/", "app.conf"), test::whiteout("srv/", "bad"), test::whiteout("opt/", "tool")});
  const auto findings = image.findings();
  EXPECT_THAT(ids_and_paths(findings), ElementsAre("npm-token etc/app.conf"));
  EXPECT_EQ(findings[0].evidence, "line 1: npm_****; removed in a later layer but still in layer sha256:aaaaaaaaaaaa");
}

TEST(Engine, a_file_written_anew_is_judged_by_what_it_is_now) {
  CheckedFiles image(every_check());
  image.layer({{"opt/tool", "x", 04755}, {"etc/app.conf", kTokenLine}, {"srv", "", 0777, test::EntryType::directory}})
      .layer({{"opt/tool", "x", 0755}, {"etc/app.conf", "\n\n" + kTokenLine}, {"srv", "", 0755, test::EntryType::directory}});
  const auto findings = image.findings();
  EXPECT_THAT(ids_and_paths(findings), ElementsAre("npm-token etc/app.conf"));
  EXPECT_EQ(findings[0].evidence, "line 3: npm_****");
}

TEST(Engine, malware_lives_on_in_a_hard_link_to_a_deleted_file) {
  CheckedFiles image(every_check());
  image.layer({{"srv/a", test::eicar()}, {"srv/b", "srv/a", 0644, test::EntryType::hard_link}}).layer({test::whiteout("srv/", "a")});
  EXPECT_THAT(ids_and_paths(image.findings()), ElementsAre("eicar_test_file srv/b"));
}

TEST(Engine, a_later_entry_of_the_same_layer_counts) {
  CheckedFiles image(every_check());
  image.layer({{"srv/a", test::eicar()}, {"srv/a", "clean"}, {"b", "x", 04755}, {"b", "target", 0777, test::EntryType::symlink}});
  EXPECT_THAT(image.findings(), IsEmpty());
}

TEST(Engine, chunks_of_any_size_give_the_same_marks) {
  const std::string large = std::string("#!/bin/sh\n") + std::string(3u << 20, '\n') + test::eicar();
  const std::vector<test::CheckEntry> entries{{"etc/app.conf", kTokenLine}, {"usr/bin/large", large, 0755}, {"etc/shadow", "a::1:\n"}};
  CheckedFiles whole(every_check()), pieces(every_check());
  whole.layer(entries, 64u << 20);
  pieces.layer(entries, 7);
  EXPECT_EQ(whole.marks()[0].marks, pieces.marks()[0].marks);
  EXPECT_THAT(whole.marks()[0].marks, SizeIs(3));
}

TEST(Engine, large_data_files_are_left_alone_and_the_head_of_large_programs_is_read) {
  CheckedFiles image(every_check());
  const std::string filler(40u << 20, 'x');
  image.layer({{"data.bin", "\x01" + test::eicar() + filler}, {"program", "\x7f" "ELF" + test::eicar() + filler}});
  EXPECT_THAT(ids_and_paths(image.findings()), ElementsAre("eicar_test_file program"));
}

TEST(Engine, binaries_and_skipped_paths_yield_no_secrets) {
  CheckedFiles image(every_check());
  image.layer({{"usr/share/doc/x/README", kTokenLine}, {"bin/x", std::string("\x7f" "ELF\0", 5) + kTokenLine}});
  EXPECT_THAT(image.findings(), IsEmpty());
}

TEST(Engine, odd_files_become_one_finding_a_check_with_a_count_and_a_limit) {
  CheckedFiles image(every_check());
  std::vector<test::CheckEntry> entries;
  for (int i = 10; i < 40; ++i) entries.push_back({"opt/f" + std::to_string(i), "x", 0666});
  image.layer(entries);
  const auto findings = image.findings();
  EXPECT_THAT(ids_and_paths(findings), ElementsAre("BWI-103"));
  EXPECT_THAT(findings[0].evidence, AllOf(testing::StartsWith("30: opt/f10 (mode 0666), "), testing::EndsWith(" and 10 more")));
}

TEST(Engine, an_image_full_of_secrets_yields_a_bounded_list_and_says_so) {
  CheckedFiles image(every_check());
  std::vector<test::CheckEntry> entries;
  for (int i = 0; i < 2'500; ++i) entries.push_back({"srv/f" + std::to_string(i), kTokenLine});
  image.layer(entries).layer({{"srv/more", kTokenLine}});
  EXPECT_THAT(image.findings(), SizeIs(Engine::kFindingsPerImage));
  EXPECT_THAT(image.warnings, ElementsAre(HasSubstr("the rest of the layer is not listed"), HasSubstr("at most 2000 of an image")));
}

TEST(Engine, keys_tell_what_is_looked_for) {
  const auto all = *Engine::create({});
  const auto secrets = *Engine::create(only(true, false, false));
  const auto malware = *Engine::create(only(false, true, false));
  EXPECT_NE(all->key(), secrets->key());
  EXPECT_NE(secrets->key(), malware->key());
  EXPECT_EQ(all->key(), (*Engine::create({}))->key());
  CheckedFiles image(*malware);
  image.layer({{"etc/app.conf", kTokenLine}, {"srv/bad", test::eicar()}, {"opt/tool", "x", 04755}});
  EXPECT_THAT(ids_and_paths(image.findings()), ElementsAre("eicar_test_file srv/bad"));
}

TEST(Engine, rules_of_the_user_join_the_built_in_ones) {
  const auto folder = *base::TempDir::create();
  EngineOptions options;
  options.secret_rules = options.yara_rules = folder.path();
  ASSERT_FALSE(Engine::create(options).has_value());
  ASSERT_TRUE(base::write_file_atomically(folder.path() / "a.yaml",
                                          "rules:\n  - {id: house-key, title: T, severity: low, description: D, remediation: R, "
                                          "keywords: [hk_], regex: 'hk_[0-9]{4}'}\n").has_value());
  ASSERT_TRUE(base::write_file_atomically(folder.path() / "a.yar", "rule house { strings: $a = \"bad house\" condition: $a }").has_value());
  const auto engine = Engine::create(options);
  ASSERT_TRUE(engine.has_value()) << engine.error().message;
  EXPECT_NE((*engine)->key(), every_check().key());
  CheckedFiles image(**engine);
  image.layer({{"a", "hk_1234"}, {"b", "a bad house"}, {"c", kTokenLine}});
  EXPECT_THAT(ids_and_paths(image.findings()), UnorderedElementsAre("house-key a", "house b", "npm-token c"));
  ASSERT_TRUE(base::write_file_atomically(folder.path() / "b.yar", "rule\n").has_value());
  const auto broken = Engine::create(options);
  ASSERT_FALSE(broken.has_value());
  EXPECT_THAT(broken.error().message, HasSubstr("b.yar:"));
}

TEST(LayerMarks, survive_the_cache_whatever_the_names_of_files) {
  imagecheck::LayerMarks marks;
  marks.diff_id = "sha256:1";
  marks.marks = {{imagecheck::Mark::Kind::secret, "a", "x/\xff%2f \n", "line 1: ****"}, {imagecheck::Mark::Kind::malware, "b", "y", ""}};
  marks.warnings = {"w\xfe"};
  const auto text = base::to_text(imagecheck::to_json(marks));
  const auto again = imagecheck::marks_from_json(*base::parse_json(text, "marks"));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->marks, marks.marks);
  EXPECT_EQ(again->warnings, marks.warnings);
  EXPECT_EQ(again->diff_id, marks.diff_id);
  EXPECT_FALSE(imagecheck::marks_from_json(*base::parse_json("{}", "marks")).has_value());
  EXPECT_FALSE(imagecheck::marks_from_json(*base::parse_json(R"({"format":1,"marks":[["x","a","b","c"]],"warnings":[]})", "m")).has_value());
}
