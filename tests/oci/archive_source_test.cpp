// SPDX-License-Identifier: Apache-2.0
// Layouts and archives: every shape must give the same layers.
#include "oci/archive_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/files.hpp"
#include "oci/layout_source.hpp"
#include "support/image_builder.hpp"

namespace {

namespace fs = std::filesystem;
using base::Kind;
using oci::ArchiveFlavour;
using testing::ElementsAre;
using testing::HasSubstr;

// Resolves, reads all layers and tells "path=content" for each.
base::Result<std::vector<std::string>> read_whole_image(base::Result<std::unique_ptr<oci::ImageSource>> source) {
  if (!source) return base::fail(source.error());
  const auto image = TRY((*source)->resolve(std::nullopt));
  std::vector<std::size_t> wanted;
  for (std::size_t i = 0; i < image.layers.size(); ++i) wanted.push_back(i);
  test::LayerLists lists(image.layers.size());
  const auto results = (*source)->read_layers(image, wanted, std::ref(lists), {});
  std::vector<std::string> out;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    TRY(results.at(i));
    for (const auto& [path, data] : lists.lists.at(i).data_of) out.push_back(path + "=" + data);
  }
  return out;
}

class Archive : public testing::Test {
 protected:
  base::TempDir dir_ = std::move(base::TempDir::create().value());
  const test::BuiltImage built_{{test::layer_tar("a", "1"), test::layer_tar("b", "2")}, test::gzip};

  std::string write(const std::string& name, const std::string& bytes) {
    const fs::path path = dir_.path() / name;
    EXPECT_TRUE(base::write_file_atomically(path, bytes));
    return path.string();
  }

  std::map<std::string, std::string> layout_files(const std::string& index) const {
    std::map<std::string, std::string> files{{"index.json", index}, {"oci-layout", R"({"imageLayoutVersion":"1.0.0"})"}};
    built_.add_blobs(files);
    return files;
  }

  auto read_archive(const std::string& reference, ArchiveFlavour flavour) const {
    return read_whole_image(oci::open_archive_source(reference, flavour, {}));
  }

  void expect_layers(const std::string& reference, ArchiveFlavour flavour) {
    const auto got = read_archive(reference, flavour);
    ASSERT_TRUE(got) << reference << ": " << got.error().message;
    EXPECT_THAT(*got, ElementsAre("a=1", "b=2")) << reference;
  }
};

TEST_F(Archive, layouts_are_read_by_tag_and_without) {
  for (const auto& [name, bytes] : layout_files(test::index_of(built_.descriptor(test::ref_name("v1"))))) write(name, bytes);
  const std::string folder = dir_.path().string();
  for (const std::string& reference : {folder, folder + ":v1"}) {
    const auto got = read_whole_image(oci::open_layout_source(reference, {}));
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_THAT(*got, ElementsAre("a=1", "b=2"));
  }
  const auto wrong = read_whole_image(oci::open_layout_source(folder + ":v2", {}));
  EXPECT_EQ(wrong.error().kind, Kind::not_found);
  EXPECT_THAT(wrong.error().message, HasSubstr("v1"));
  EXPECT_EQ(oci::open_layout_source(folder + "/none", {}).error().kind, Kind::not_found);
}

TEST_F(Archive, several_images_need_a_tag) {
  const test::BuiltImage other({test::layer_tar("z", "9")}, test::zstd);
  auto files = layout_files(
      test::index_of(built_.descriptor(test::ref_name("v1")) + "," + other.descriptor(test::ref_name("v2"))));
  other.add_blobs(files);
  const std::string path = write("two.tar", test::tar_of(files));
  const auto without = read_archive(path, ArchiveFlavour::oci);
  EXPECT_EQ(without.error().kind, Kind::invalid_input);
  EXPECT_THAT(without.error().message, HasSubstr("v1, v2"));
  expect_layers(path + ":v1", ArchiveFlavour::oci);
  EXPECT_THAT(read_archive(path + ":v2", ArchiveFlavour::oci).value(), ElementsAre("z=9"));
}

TEST_F(Archive, nested_indexes_and_attestations_are_understood) {
  const std::string inner = test::index_of(
      built_.descriptor(R"(,"platform":{"os":"unknown","architecture":"unknown"})") + "," +
      built_.descriptor(R"(,"platform":{"os":"linux","architecture":"amd64"})"));
  auto files = layout_files(test::index_of(fmt::format(
      R"({{"mediaType":"application/vnd.oci.image.index.v1+json","digest":"{}","size":{}}})", test::sha256(inner), inner.size())));
  files["blobs/sha256/" + base::sha256_hex(inner)] = inner;
  const std::string path = write("nested.tar", test::tar_of(files));
  const auto source = oci::open_archive_source(path, ArchiveFlavour::oci, {});
  ASSERT_TRUE(source);
  const auto image = (*source)->resolve(oci::Platform{"linux", "amd64", ""});
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(image->digest.text(), test::sha256(built_.manifest));
  EXPECT_EQ((*source)->resolve(oci::Platform{"linux", "s390x", ""}).error().kind, Kind::not_found);
}

TEST_F(Archive, compressed_archives_are_streamed) {
  const std::string tar = test::tar_of(layout_files(test::index_of(built_.descriptor())));
  expect_layers(write("plain.tar", tar), ArchiveFlavour::oci);
  expect_layers(write("image.tar.gz", test::gzip(tar)), ArchiveFlavour::oci);
  expect_layers(write("image.tar.zst", test::zstd(tar)), ArchiveFlavour::oci);
}

TEST_F(Archive, docker_save_of_old_is_read) {
  const std::string config_name = base::sha256_hex(built_.config) + ".json";
  const std::string top = test::layer_tar("b", "2");
  const std::string tar =
      test::tar_file(config_name, built_.config) + test::tar_member({"111/layer.tar", '2', "../222/layer.tar"}) +
      test::tar_file("222/layer.tar", built_.tars[0]) + test::tar_file("222/VERSION", "1.0") +
      test::tar_file("333/layer.tar", built_.tars[1]) +
      test::tar_file("manifest.json", fmt::format(R"([{{"Config":"{}","RepoTags":["demo:1","demo:latest"],)"
                                                  R"("Layers":["111/layer.tar","333/layer.tar"]}}])", config_name)) +
      test::tar_end();
  for (const std::string& path : {write("save.tar", tar), write("save.tgz", test::gzip(tar))}) {
    expect_layers(path, ArchiveFlavour::docker);
    expect_layers(path + ":demo:1", ArchiveFlavour::docker);
    expect_layers(path + ":docker.io/library/demo:1", ArchiveFlavour::docker);
    expect_layers(path + ":demo", ArchiveFlavour::docker);
    expect_layers(path, ArchiveFlavour::oci);
    EXPECT_EQ(read_archive(path + ":other:2", ArchiveFlavour::docker).error().kind, Kind::not_found);
  }
}

TEST_F(Archive, docker_save_of_today_is_read_and_its_digests_checked) {
  auto files = layout_files(test::index_of(built_.descriptor()));
  const auto blob = [](const std::string& bytes) { return "blobs/sha256/" + base::sha256_hex(bytes); };
  files["manifest.json"] = fmt::format(R"([{{"Config":"{}","RepoTags":null,"Layers":["{}","{}"]}}])", blob(built_.config),
                                       blob(built_.blobs[0]), blob(built_.blobs[1]));
  const std::string tar = test::tar_of(files);
  expect_layers(write("save.tar", tar), ArchiveFlavour::docker);
  expect_layers(write("save.tar.gz", test::gzip(tar)), ArchiveFlavour::docker);
  files[blob(built_.blobs[1])] = test::gzip(built_.tars[1] + std::string(512, '\0'));
  const std::string lying = test::tar_of(files);
  for (const std::string& path : {write("lie.tar", lying), write("lie.tar.gz", test::gzip(lying))})
    EXPECT_EQ(read_archive(path, ArchiveFlavour::docker).error().kind, Kind::corrupt);
}

TEST_F(Archive, one_blob_may_stand_for_several_layers) {
  const test::BuiltImage twice({test::layer_tar("a", "1"), test::layer_tar("b", "2"), test::layer_tar("a", "1")}, test::gzip);
  std::map<std::string, std::string> files{{"index.json", test::index_of(twice.descriptor())}};
  twice.add_blobs(files);
  for (const std::string& path : {write("t.tar", test::tar_of(files)), write("t.tgz", test::gzip(test::tar_of(files)))})
    EXPECT_THAT(read_archive(path, ArchiveFlavour::oci).value(), ElementsAre("a=1", "b=2", "a=1"));
}

TEST_F(Archive, missing_and_cut_things_are_named) {
  auto files = layout_files(test::index_of(built_.descriptor()));
  files.erase("blobs/sha256/" + base::sha256_hex(built_.blobs[1]));
  const std::string tar = test::tar_of(files);
  for (const std::string& path : {write("m.tar", tar), write("m.tgz", test::gzip(tar))})
    EXPECT_EQ(read_archive(path, ArchiveFlavour::oci).error().kind, Kind::not_found);
  EXPECT_EQ(read_archive(write("cut.tgz", test::gzip(tar).substr(0, 600)), ArchiveFlavour::oci).error().kind, Kind::corrupt);
  EXPECT_EQ(read_archive(write("text", "no archive at all"), ArchiveFlavour::oci).error().kind, Kind::corrupt);
  EXPECT_EQ(read_archive(write("x.tar", test::layer_tar("a", "1")), ArchiveFlavour::oci).error().kind, Kind::invalid_input);
  EXPECT_EQ(read_archive(dir_.path().string(), ArchiveFlavour::oci).error().kind, Kind::invalid_input);
  auto wrong_config = layout_files(test::index_of(built_.descriptor()));
  wrong_config["blobs/sha256/" + base::sha256_hex(built_.config)] += " ";
  EXPECT_EQ(read_archive(write("w.tar", test::tar_of(wrong_config)), ArchiveFlavour::oci).error().kind, Kind::corrupt);
}

TEST_F(Archive, what_skopeo_writes_is_read) {
  if (std::system("command -v skopeo >/dev/null 2>&1") != 0) GTEST_SKIP() << "no skopeo";
  for (const auto& [name, bytes] : layout_files(test::index_of(built_.descriptor(test::ref_name("v1"))))) write("l/" + name, bytes);
  const std::string from = "skopeo --insecure-policy copy -q oci:" + (dir_.path() / "l").string() + ":v1 ";
  const std::string target = (dir_.path() / "s.tar").string();
  for (const std::string kind : {"oci-archive", "docker-archive"}) {
    fs::remove(target);
    if (std::system((from + kind + ":" + target + ":demo:v9 2>/dev/null").c_str()) != 0) GTEST_SKIP() << "skopeo fails";
    const auto flavour = kind == "oci-archive" ? ArchiveFlavour::oci : ArchiveFlavour::docker;
    expect_layers(target, flavour);
    expect_layers(target + ":demo:v9", flavour);
  }
}

}  // namespace
