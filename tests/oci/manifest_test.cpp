// SPDX-License-Identifier: Apache-2.0
#include "oci/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/image_builder.hpp"

namespace {

using base::Kind;
using oci::Platform;
using testing::HasSubstr;

const std::string kSomeDigest = "sha256:" + std::string(64, 'a');

std::string index_entry(const std::string& digit, const std::string& os, const std::string& architecture,
                        const std::string& variant = "") {
  return fmt::format(R"({{"digest":"sha256:{}","size":1,"platform":{{"os":"{}","architecture":"{}","variant":"{}"}}}})",
                     digit + std::string(63, '0'), os, architecture, variant);
}

base::Result<oci::Descriptor> pick(const std::string& entries, const std::optional<Platform>& platform) {
  const auto index = oci::parse_document(test::index_of(entries), "", "demo");
  if (!index) return base::fail(index.error());
  return oci::pick_platform(*index, platform, "demo");
}

base::Result<oci::Document> parse_config_type(const std::string& media_type, const std::string& more = "") {
  return oci::parse_document(
      fmt::format(R"({{"schemaVersion":2,"config":{{"mediaType":"{}","digest":"{}","size":2}},"layers":[]{}}})", media_type,
                  kSomeDigest, more), "", "demo");
}

TEST(Digest, parses_the_registered_algorithms_only) {
  EXPECT_EQ(oci::Digest::parse(kSomeDigest)->hex(), std::string(64, 'a'));
  EXPECT_EQ(oci::Digest::parse("sha512:" + std::string(128, '0'))->algorithm(), "sha512");
  for (const std::string& bad : {std::string("sha256:abc"), std::string("md5:") + std::string(32, 'a'), std::string(),
                                 "sha256:" + std::string(64, 'A'), "sha256:" + std::string(62, 'a') + "/."})
    EXPECT_FALSE(oci::Digest::parse(bad)) << bad;
}

TEST(Platform, parses_what_people_write) {
  EXPECT_EQ(Platform::parse("linux/arm64/v8")->text(), "linux/arm64/v8");
  EXPECT_EQ(Platform::parse("arm64")->text(), "linux/arm64");
  EXPECT_EQ(Platform::parse("linux/x86_64")->text(), "linux/amd64");
  EXPECT_EQ(Platform::parse("linux/aarch64")->text(), "linux/arm64");
  EXPECT_EQ(Platform::parse("armhf")->text(), "linux/arm/v7");
  EXPECT_EQ(Platform::parse("Linux/AMD64")->text(), "linux/amd64");
  for (const char* bad : {"", "a/b/c/d", "linux/", "linux/am d64"}) EXPECT_FALSE(Platform::parse(bad)) << bad;
}

TEST(Manifest, reads_a_manifest_and_puts_the_image_together) {
  const test::BuiltImage built({test::layer_tar("a", "1"), test::layer_tar("b", "2")}, test::gzip);
  const auto document = oci::parse_document(built.manifest, "", "demo");
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_FALSE(document->is_index);
  const auto image = oci::assemble_image(*document, built.config, "demo");
  ASSERT_TRUE(image) << image.error().message;
  ASSERT_EQ(image->layers.size(), 2u);
  EXPECT_EQ(image->platform.text(), "linux/amd64");
  EXPECT_EQ(image->layers[1].digest.text(), test::sha256(built.blobs[1]));
  EXPECT_EQ(image->layers[1].diff_id.text(), test::sha256(built.tars[1]));
  EXPECT_EQ(image->layers[1].size, built.blobs[1].size());
  EXPECT_EQ(image->layers[1].created_by, "step 2");
  EXPECT_EQ(image->config_digest.text(), test::sha256(built.config));
}

TEST(Manifest, layers_and_diff_ids_must_be_as_many) {
  const test::BuiltImage two({test::layer_tar("a", "1"), test::layer_tar("b", "2")}, test::gzip);
  const test::BuiltImage one({test::layer_tar("a", "1")}, test::gzip);
  const auto document = oci::parse_document(two.manifest, "", "demo");
  EXPECT_EQ(oci::assemble_image(*document, one.config, "demo").error().kind, Kind::corrupt);
}

TEST(Manifest, what_is_no_image_is_refused_with_its_name) {
  EXPECT_THAT(parse_config_type("application/vnd.cncf.helm.config.v1+json").error().message, HasSubstr("Helm chart"));
  EXPECT_THAT(parse_config_type("application/vnd.dev.cosign.artifact.sig.v1+json").error().message, HasSubstr("signature"));
  EXPECT_EQ(parse_config_type("application/vnd.oci.empty.v1+json", R"(,"artifactType":"application/spdx+json")").error().kind,
            Kind::unsupported);
  EXPECT_TRUE(parse_config_type("application/vnd.docker.container.image.v1+json"));
  EXPECT_TRUE(parse_config_type("application/vnd.oci.image.config.v1+json"));
  const auto schema1 = oci::parse_document(R"({"schemaVersion":1,"name":"x","fsLayers":[]})", "", "demo");
  EXPECT_EQ(schema1.error().kind, Kind::unsupported);
  EXPECT_THAT(schema1.error().message, HasSubstr("schema 1"));
}

TEST(Manifest, caps_and_damage_are_errors) {
  EXPECT_EQ(oci::parse_document(std::string(5u << 20, ' '), "", "demo").error().kind, Kind::too_large);
  EXPECT_FALSE(oci::parse_document("{", "", "demo"));
  EXPECT_FALSE(oci::parse_document("{}", "", "demo"));
  EXPECT_FALSE(oci::parse_document("[]", "", "demo"));
  EXPECT_FALSE(oci::parse_document(test::index_of(R"({"digest":"sha256:..","size":1})"), "", "demo"));
  EXPECT_FALSE(oci::parse_document(test::index_of(fmt::format(R"({{"digest":"{}","size":-1}})", kSomeDigest)), "", "demo"));
  std::string many = fmt::format(R"({{"digest":"{}","size":1}})", kSomeDigest);
  for (int i = 0; i < 10'000; ++i) many += fmt::format(R"(,{{"digest":"{}","size":1}})", kSomeDigest);
  EXPECT_EQ(oci::parse_document(test::index_of(many), "", "demo").error().kind, Kind::too_large);
}

TEST(Manifest, foreign_layers_are_marked) {
  const std::string layer = fmt::format(
      R"({{"mediaType":"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip","digest":"{}","size":1,"urls":["https://e.example/x"]}})",
      kSomeDigest);
  const auto document = oci::parse_document(
      fmt::format(R"({{"schemaVersion":2,"config":{{"digest":"{}","size":2}},"layers":[{}]}})", kSomeDigest, layer), "", "demo");
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_TRUE(document->layers.at(0).foreign);
  const auto image = oci::assemble_image(
      *document, fmt::format(R"({{"os":"windows","architecture":"amd64","rootfs":{{"diff_ids":["{}"]}}}})", kSomeDigest), "demo");
  ASSERT_TRUE(image);
  EXPECT_EQ(image->warnings.size(), 1u);
}

TEST(Manifest, an_index_picks_the_platform) {
  const std::string entries = index_entry("1", "linux", "amd64") + "," + index_entry("2", "linux", "arm64", "v8") + "," +
                              index_entry("3", "linux", "arm", "v6") + "," + index_entry("4", "linux", "arm", "v7") + "," +
                              index_entry("5", "unknown", "unknown");
  const auto picked = [&](const Platform& platform) {
    const auto entry = pick(entries, platform);
    return entry ? std::string(entry->digest.hex().substr(0, 1)) : entry.error().message;
  };
  EXPECT_EQ(picked({"linux", "amd64", ""}), "1");
  EXPECT_EQ(picked({"linux", "arm64", ""}), "2");
  EXPECT_EQ(picked({"linux", "arm64", "v8"}), "2");
  EXPECT_EQ(picked({"linux", "arm", "v6"}), "3");
  EXPECT_EQ(picked({"linux", "arm", ""}), "4");
  const std::string missing = picked({"linux", "s390x", ""});
  EXPECT_THAT(missing, HasSubstr("linux/amd64, linux/arm/v6, linux/arm/v7, linux/arm64/v8"));
  EXPECT_THAT(missing, testing::Not(HasSubstr("unknown")));
}

TEST(Manifest, the_only_entry_is_taken_when_nothing_was_asked_for) {
  EXPECT_TRUE(pick(index_entry("1", "linux", "s390x"), std::nullopt));
  EXPECT_FALSE(pick(index_entry("1", "linux", "s390x"), Platform{"linux", "amd64", ""}));
  EXPECT_TRUE(pick(fmt::format(R"({{"digest":"{}","size":1}})", kSomeDigest), Platform{"linux", "amd64", ""}));
  EXPECT_EQ(pick(index_entry("1", "unknown", "unknown"), std::nullopt).error().kind, Kind::not_found);
}

}  // namespace
