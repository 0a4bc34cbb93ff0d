// SPDX-License-Identifier: Apache-2.0
// open_registry_source against Debian's docker-registry.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "oci/live_registry.hpp"
#include "oci/registry_source.hpp"
#include "support/compressors.hpp"
#include "support/tar_builder.hpp"

namespace {

using oci_test::LiveRegistry;

constexpr const char* kManifestType = "application/vnd.oci.image.manifest.v1+json";
constexpr const char* kIndexType = "application/vnd.oci.image.index.v1+json";

// Keeps all files of a layer.
class FileKeeper final : public oci::TarVisitor {
 public:
  std::map<std::string, std::string> files;

  base::Result<bool> begin(const oci::TarEntry& entry) override {
    path_ = entry.path;
    return entry.type == oci::TarEntry::Type::file;
  }
  base::Result<void> data(std::string_view chunk) override {
    files[path_] += chunk;
    return {};
  }
  base::Result<void> end() override { return {}; }

 private:
  std::string path_;
};

struct TestLayer {
  std::string tar, blob;
};

TestLayer make_layer(const std::string& name, const std::string& content) {
  test::TarHeaderFields file;
  file.name = name;
  TestLayer layer;
  layer.tar = test::tar_member(file, content) + std::string(1024, '\0');
  layer.blob = test::gzip(layer.tar);
  return layer;
}

std::string descriptor(const char* type, const std::string& digest, std::size_t size, const std::string& more = {}) {
  return fmt::format(R"({{"mediaType":"{}","digest":"{}","size":{}{}}})", type, digest, size, more);
}

class LiveRegistryTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* program : {"docker-registry", "openssl"})
      if (!oci_test::has_program(program)) GTEST_SKIP() << program << " is not installed";
  }

  void start(LiveRegistry::Options options) {
    registry_ = std::make_unique<LiveRegistry>(options);
    ASSERT_TRUE(registry_->ready()) << "docker-registry did not start";
  }

  // Pushes an image with one layer for each of `contents`; returns the manifest's digest and size as a descriptor.
  std::string push_image(const std::string& tag, const std::string& architecture,
                         const std::vector<std::string>& contents) {
    std::string layers, diff_ids;
    for (std::size_t i = 0; i < contents.size(); ++i) {
      const TestLayer layer = make_layer(fmt::format("file{}", i), contents[i]);
      last_layer_ = registry_->push_blob("team/app", layer.blob);
      layers += (i > 0 ? "," : "") +
                descriptor("application/vnd.oci.image.layer.v1.tar+gzip", last_layer_, layer.blob.size());
      diff_ids += fmt::format(R"({}"sha256:{}")", i > 0 ? "," : "", base::sha256_hex(layer.tar));
    }
    const std::string config = fmt::format(
        R"({{"os":"linux","architecture":"{}","rootfs":{{"type":"layers","diff_ids":[{}]}}}})", architecture, diff_ids);
    const std::string manifest = fmt::format(
        R"({{"schemaVersion":2,"mediaType":"{}","config":{},"layers":[{}]}})", kManifestType,
        descriptor("application/vnd.oci.image.config.v1+json", registry_->push_blob("team/app", config), config.size()),
        layers);
    const std::string digest = registry_->push_manifest("team/app", tag, manifest, kManifestType);
    EXPECT_FALSE(digest.empty()) << "push failed";
    return descriptor(kManifestType, digest, manifest.size(),
                      fmt::format(R"(,"platform":{{"os":"linux","architecture":"{}"}})", architecture));
  }

  base::Result<oci::Image> resolve(const std::string& name, const std::optional<oci::Platform>& platform = {}) {
    if (!transport_) transport_ = net::curl_transport(transport_options_);
    options_.transport = transport_.get();
    source_ = TRY(oci::open_registry_source(registry_->host() + "/" + name, options_));
    return source_->resolve(platform);
  }

  std::vector<base::Result<void>> read(const oci::Image& image) {
    std::vector<std::size_t> wanted;
    for (std::size_t i = 0; i < image.layers.size(); ++i)
      wanted.push_back(i);
    keepers_.clear();
    keepers_.resize(wanted.size());
    return source_->read_layers(image, wanted, [&](std::size_t i) -> oci::TarVisitor& { return keepers_[i]; }, {});
  }

  std::unique_ptr<LiveRegistry> registry_;
  net::TransportOptions transport_options_;
  std::unique_ptr<net::HttpTransport> transport_;
  oci::SourceOptions options_;
  std::unique_ptr<oci::ImageSource> source_;
  std::vector<FileKeeper> keepers_;
  std::string last_layer_;
};

TEST_F(LiveRegistryTest, reads_an_image_by_tag_and_by_digest) {
  start({});
  push_image("1", "amd64", {"one", std::string(3 << 20, 'x'), "three"});
  const auto image = resolve("team/app:1", oci::Platform{"linux", "amd64", ""});
  ASSERT_TRUE(image) << image.error().message;
  ASSERT_EQ(image->layers.size(), 3u);
  for (const auto& result : read(*image))
    EXPECT_TRUE(result) << result.error().message;
  EXPECT_EQ(keepers_[0].files["file0"], "one");
  EXPECT_EQ(keepers_[1].files["file1"].size(), 3u << 20);
  EXPECT_EQ(keepers_[2].files["file2"], "three");
  const auto again = resolve("team/app@" + image->digest.text(), oci::Platform{"linux", "amd64", ""});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->digest, image->digest);
}

TEST_F(LiveRegistryTest, picks_the_platform_of_an_index) {
  start({});
  const std::string amd = push_image("amd", "amd64", {"for amd64"});
  const std::string arm = push_image("arm", "arm64", {"for arm64"});
  const std::string index =
      fmt::format(R"({{"schemaVersion":2,"mediaType":"{}","manifests":[{},{}]}})", kIndexType, amd, arm);
  ASSERT_FALSE(registry_->push_manifest("team/app", "both", index, kIndexType).empty());
  const auto image = resolve("team/app:both", oci::Platform{"linux", "arm64", ""});
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(image->platform.architecture, "arm64");
  for (const auto& result : read(*image))
    EXPECT_TRUE(result) << result.error().message;
  EXPECT_EQ(keepers_[0].files["file0"], "for arm64");
  const auto missing = resolve("team/app:both", oci::Platform{"linux", "s390x", ""});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, base::Kind::not_found);
}

TEST_F(LiveRegistryTest, names_a_missing_tag_and_a_missing_repository) {
  start({});
  push_image("1", "amd64", {"one"});
  for (const char* name : {"team/app:2", "team/nothing:1"}) {
    const auto image = resolve(name);
    ASSERT_FALSE(image);
    EXPECT_EQ(image.error().kind, base::Kind::not_found);
    EXPECT_NE(image.error().message.find(name), std::string::npos) << image.error().message;
  }
}

TEST_F(LiveRegistryTest, detects_a_layer_changed_in_the_registry) {
  start({});
  push_image("1", "amd64", {std::string(100'000, 'x')});
  const auto file = registry_->blob_file(last_layer_.substr(7));
  std::string bytes = base::read_file(file).value();
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  ASSERT_TRUE(base::write_file_atomically(file, bytes));
  const auto image = resolve("team/app:1", oci::Platform{"linux", "amd64", ""});
  ASSERT_TRUE(image) << image.error().message;
  const auto results = read(*image);
  ASSERT_FALSE(results[0]);
  EXPECT_EQ(results[0].error().kind, base::Kind::corrupt) << results[0].error().message;
}

TEST_F(LiveRegistryTest, needs_the_right_credentials) {
  start({.login = true});
  push_image("1", "amd64", {"one"});
  const oci::Platform platform{"linux", "amd64", ""};
  const auto folder = base::TempDir::create().value();
  options_.docker_config = folder.path();
  const auto anonymous = resolve("team/app:1", platform);
  ASSERT_FALSE(anonymous);
  EXPECT_EQ(anonymous.error().kind, base::Kind::denied);
  EXPECT_NE(anonymous.error().message.find("run docker login " + registry_->host()), std::string::npos)
      << anonymous.error().message;

  ASSERT_TRUE(base::write_file_atomically(
      folder.path() / "config.json", R"({"auths":{")" + registry_->host() + R"(":{"auth":"YW5uOnN3b3JkZmlzaA=="}}})"));
  const auto from_file = resolve("team/app:1", platform);
  ASSERT_TRUE(from_file) << from_file.error().message;
  EXPECT_TRUE(read(*from_file)[0]);

  options_.username = LiveRegistry::kUser;
  options_.password = "wrong";
  const auto wrong = resolve("team/app:1", platform);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, base::Kind::denied);
  EXPECT_EQ(wrong.error().message.find("wrong"), std::string::npos) << wrong.error().message;
  options_.password = LiveRegistry::kPassword;
  EXPECT_TRUE(resolve("team/app:1", platform));
}

TEST_F(LiveRegistryTest, trusts_the_authority_it_is_told_to) {
  start({.tls = true, .login = true});
  push_image("1", "amd64", {"one"});
  const oci::Platform platform{"linux", "amd64", ""};
  options_.username = LiveRegistry::kUser;
  options_.password = LiveRegistry::kPassword;
  const auto distrusted = resolve("team/app:1", platform);
  ASSERT_FALSE(distrusted);
  EXPECT_EQ(distrusted.error().kind, base::Kind::denied);
  EXPECT_NE(distrusted.error().message.find("certificate"), std::string::npos) << distrusted.error().message;

  transport_.reset();
  transport_options_.ca_file = registry_->ca_file();
  const auto image = resolve("team/app:1", platform);
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_TRUE(read(*image)[0]);

  transport_.reset();
  transport_options_ = {};
  transport_options_.skip_tls_verify = true;
  EXPECT_TRUE(resolve("team/app:1", platform));
}

}  // namespace
