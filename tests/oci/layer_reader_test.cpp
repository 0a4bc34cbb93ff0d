// SPDX-License-Identifier: Apache-2.0
#include "oci/layer_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oci/parallel_layers.hpp"
#include "support/image_builder.hpp"

namespace {

using base::Kind;
using testing::ElementsAre;
using testing::HasSubstr;

oci::Layer honest_layer(const std::string& blob, const std::string& tar) {
  oci::Layer layer;
  layer.digest = oci::Digest::parse(test::sha256(blob)).value();
  layer.diff_id = oci::Digest::parse(test::sha256(tar)).value();
  layer.size = blob.size();
  return layer;
}

base::Result<void> read_blob(const std::string& blob, const oci::Layer& layer, oci::TarVisitor& visitor,
                             const oci::LayerLimits& limits = {}) {
  return oci::read_layer(test::in_pieces(blob, 5'000), layer, visitor, limits);
}

TEST(LayerReader, reads_every_compression_whatever_the_media_type_says) {
  const std::string tar = test::layer_tar("etc/issue", test::sample_text(2'000'000));
  for (const std::string& blob : {tar, test::gzip(tar), test::zstd(tar), test::gzip(tar) + test::gzip("")}) {
    oci::Layer layer = honest_layer(blob, tar);
    layer.media_type = "application/vnd.oci.image.layer.v1.tar";
    test::TarList list;
    const auto result = read_blob(blob, layer, list);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_THAT(list.paths(), ElementsAre("etc/issue"));
  }
}

TEST(LayerReader, checks_sha512_too) {
  const std::string tar = test::layer_tar("a", "x");
  oci::Layer layer = honest_layer(tar, tar);
  base::Hasher hasher(base::Hasher::Algorithm::sha512);
  hasher.update(tar);
  layer.digest = oci::Digest::parse("sha512:" + hasher.hex()).value();
  test::TarList list;
  EXPECT_TRUE(read_blob(tar, layer, list));
  layer.digest = oci::Digest::parse("sha512:" + std::string(128, 'a')).value();
  EXPECT_EQ(read_blob(tar, layer, list).error().kind, Kind::corrupt);
}

TEST(LayerReader, a_wrong_blob_digest_is_named) {
  const std::string tar = test::layer_tar("a", "x");
  const std::string blob = test::gzip(tar);
  oci::Layer layer = honest_layer(blob, tar);
  layer.digest = oci::Digest::parse("sha256:" + std::string(64, 'a')).value();
  test::TarList list;
  const auto result = read_blob(blob, layer, list);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Kind::corrupt);
  EXPECT_THAT(result.error().message, HasSubstr(layer.digest.text()));
  EXPECT_THAT(result.error().message, HasSubstr(test::sha256(blob)));
}

TEST(LayerReader, a_wrong_diff_id_is_named) {
  const std::string tar = test::layer_tar("a", "x");
  oci::Layer layer = honest_layer(tar, tar);
  layer.diff_id = oci::Digest::parse("sha256:" + std::string(64, 'b')).value();
  test::TarList list;
  const auto result = read_blob(tar, layer, list);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Kind::corrupt);
  EXPECT_THAT(result.error().message, HasSubstr(layer.diff_id.text()));
}

TEST(LayerReader, a_blob_shorter_or_longer_than_announced_is_corrupt) {
  const std::string tar = test::layer_tar("a", test::sample_text(100'000));
  for (const std::string& blob : {test::gzip(tar), test::zstd(tar), tar}) {
    const oci::Layer layer = honest_layer(blob, tar);
    test::TarList list;
    const auto cut = read_blob(blob.substr(0, blob.size() - 412), layer, list);
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().kind, Kind::corrupt);
    EXPECT_THAT(cut.error().message, HasSubstr("412 bytes shorter"));
    const auto longer = read_blob(blob + std::string(2'000, '\0'), layer, list);
    ASSERT_FALSE(longer);
    EXPECT_EQ(longer.error().kind, Kind::corrupt);
  }
}

TEST(LayerReader, the_digest_covers_what_stands_behind_the_archive) {
  const std::string tar = test::layer_tar("a", "x") + "tail";
  const std::string blob = test::gzip(tar) + std::string(100'000, '\0');
  test::TarList list;
  EXPECT_TRUE(read_blob(blob, honest_layer(blob, tar), list));
}

TEST(LayerReader, empty_digests_are_not_checked) {
  const std::string tar = test::layer_tar("a", "x");
  test::TarList list;
  EXPECT_TRUE(read_blob(test::gzip(tar), oci::Layer(), list));
}

TEST(LayerReader, bombs_are_stopped) {
  const std::string tar = test::layer_tar("zeros", std::string(100u << 20, '\0'));
  const std::string blob = test::zstd(tar);
  const oci::Layer layer = honest_layer(blob, tar);
  test::TarList list;
  list.keep = 0;
  ASSERT_GT(tar.size() / blob.size(), 5'000u);
  oci::LayerLimits limits;
  limits.ratio_from = 64u << 20;
  EXPECT_EQ(read_blob(blob, layer, list, limits).error().kind, Kind::too_large);
  limits.ratio = 1'000'000;
  EXPECT_TRUE(read_blob(blob, layer, list, limits));
  limits.uncompressed_bytes = 10u << 20;
  EXPECT_EQ(read_blob(blob, layer, list, limits).error().kind, Kind::too_large);
}

TEST(LayerReader, errors_of_download_and_visitor_are_handed_on) {
  const std::string tar = test::layer_tar("a", test::sample_text(50'000));
  const base::Error broken{Kind::unavailable, "the line is cut"};
  test::TarList list;
  auto source = std::make_unique<test::PieceSource>(tar.substr(0, 10'000), 1'000, broken);
  EXPECT_EQ(oci::read_layer(std::move(source), honest_layer(tar, tar), list).error().kind, Kind::unavailable);

  struct Refusing : test::TarList {
    base::Result<bool> begin(const oci::TarEntry&) override { return base::fail(Kind::cancelled, "enough"); }
  } refusing;
  EXPECT_EQ(read_blob(tar, honest_layer(tar, tar), refusing).error().kind, Kind::cancelled);
}

TEST(ParallelLayers, each_layer_gets_its_own_result) {
  const test::BuiltImage built({test::layer_tar("a", "1"), test::layer_tar("b", "2"), test::layer_tar("c", "3")}, test::gzip);
  oci::Image image;
  for (std::size_t i = 0; i < 3; ++i) image.layers.push_back(honest_layer(built.blobs[i], built.tars[i]));
  image.layers.push_back(image.layers[0]);
  image.layers[3].foreign = true;
  const auto open = [&](std::size_t layer) -> base::Result<base::SourcePtr> {
    if (layer == 1) return base::fail(Kind::denied, "not yours");
    return base::memory_source(built.blobs[layer]);
  };
  test::LayerLists lists(4);
  std::atomic<std::uint64_t> bytes{0};
  const auto results = oci::read_layers_in_parallel(
      image, {3, 2, 1, 0}, open, std::ref(lists), [&](std::size_t, std::uint64_t done, std::uint64_t) { bytes += done; }, 2);
  ASSERT_EQ(results.size(), 4u);
  EXPECT_EQ(results[0].error().kind, Kind::unsupported);
  EXPECT_TRUE(results[1]);
  EXPECT_EQ(results[2].error().kind, Kind::denied);
  EXPECT_TRUE(results[3]);
  EXPECT_THAT(lists.lists.at(2).paths(), ElementsAre("c"));
  EXPECT_EQ(bytes, built.blobs[0].size() + built.blobs[2].size());
}

}  // namespace
