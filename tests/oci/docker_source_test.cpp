// SPDX-License-Identifier: Apache-2.0
#include "oci/docker_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/image_builder.hpp"

namespace {

using base::Kind;
using testing::ElementsAre;
using testing::HasSubstr;

// A daemon that has one image.
class FakeDocker : public net::HttpTransport {
 public:
  std::string inspect, history = "[]", archive;
  int archives_sent = 0;
  std::vector<std::string> urls;

  base::Result<net::HttpResponse> send(const net::HttpRequest& request, const base::ByteSink& sink) override {
    EXPECT_EQ(request.unix_socket, "/run/test.sock");
    urls.push_back(request.url);
    net::HttpResponse response;
    response.status = 200;
    const std::string_view url = request.url;
    if (url.substr(0, 30) != "http://localhost/images/demo:1") {
      response.status = 404;
      response.body = R"({"message":"No such image"})";
    } else if (url.substr(url.size() - 5) == "/json") {
      response.body = inspect;
    } else if (url.substr(url.size() - 8) == "/history") {
      response.body = history;
    } else {
      ++archives_sent;
      for (std::size_t at = 0; at < archive.size(); at += 1'000) {
        auto taken = sink(std::string_view(archive).substr(at, 1'000));
        if (!taken) return base::fail(taken.error());
      }
    }
    return response;
  }
};

class Docker : public testing::Test {
 protected:
  Docker() {
    options_.transport = &docker_;
    options_.docker_socket = "/run/test.sock";
    docker_.inspect = fmt::format(
        R"({{"Id":"{}","RepoDigests":["demo@sha256:{}"],"Os":"linux","Architecture":"amd64","Config":{{"User":"root"}},)"
        R"("RootFS":{{"Type":"layers","Layers":["{}","{}"]}}}})",
        test::sha256(built_.config), std::string(64, 'd'), test::sha256(built_.tars[0]), test::sha256(built_.tars[1]));
    docker_.history = R"([{"CreatedBy":"top","Size":9},{"CreatedBy":"ENV x","Size":0},{"CreatedBy":"bottom","Size":7}])";
  }

  // Reads the layers named; "path=content" of each, or the first error.
  base::Result<std::vector<std::string>> read(const std::vector<std::size_t>& wanted) {
    const auto source = TRY(oci::open_docker_source("demo:1", options_));
    const auto image = TRY(source->resolve(std::nullopt));
    test::LayerLists lists(image.layers.size());
    const auto results = source->read_layers(image, wanted, std::ref(lists), {});
    std::vector<std::string> out;
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      TRY(results.at(k));
      for (const auto& [path, data] : lists.lists.at(wanted[k]).data_of) out.push_back(path + "=" + data);
    }
    return out;
  }

  static std::string manifest_json(const std::string& config, const std::string& a, const std::string& b) {
    return test::tar_file("manifest.json", fmt::format(R"([{{"Config":"{}","RepoTags":["demo:1"],"Layers":["{}","{}"]}}])",
                                                       config, a, b));
  }

  FakeDocker docker_;
  oci::SourceOptions options_;
  const test::BuiltImage built_{{test::layer_tar("a", "1"), test::layer_tar("b", "2")}, test::gzip};
};

TEST_F(Docker, resolves_through_inspect_and_history) {
  const auto source = oci::open_docker_source("demo:1", options_);
  ASSERT_TRUE(source);
  const auto image = (*source)->resolve(std::nullopt);
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(image->platform.text(), "linux/amd64");
  EXPECT_EQ(image->digest.hex(), std::string(64, 'd'));
  EXPECT_EQ(image->config_digest.text(), test::sha256(built_.config));
  ASSERT_EQ(image->layers.size(), 2u);
  EXPECT_EQ(image->layers[0].created_by, "bottom");
  EXPECT_EQ(image->layers[1].created_by, "top");
  EXPECT_TRUE(image->layers[0].digest.empty());
  EXPECT_EQ(docker_.archives_sent, 0);
  const auto other = (*source)->resolve(oci::Platform{"linux", "arm64", ""});
  EXPECT_EQ(other.error().kind, Kind::not_found);
}

TEST_F(Docker, reads_layers_named_after_their_diff_id_in_one_pass) {
  docker_.archive = test::tar_file("blobs/sha256/" + base::sha256_hex(built_.tars[1]), built_.tars[1]) +
                    test::tar_file("blobs/sha256/" + base::sha256_hex(built_.tars[0]), built_.tars[0]) + test::tar_end();
  const auto got = read({0, 1});
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_THAT(*got, ElementsAre("a=1", "b=2"));
  EXPECT_EQ(docker_.archives_sent, 1);
}

TEST_F(Docker, reads_members_of_unknown_names_in_a_second_pass) {
  docker_.archive = test::tar_file("111/layer.tar", built_.tars[1]) + test::tar_file("222/layer.tar", built_.blobs[0]) +
                    test::tar_member({"333/layer.tar", '2', "../111/layer.tar"}) +
                    manifest_json("c.json", "222/layer.tar", "333/layer.tar") + test::tar_end();
  const auto got = read({0, 1});
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_THAT(*got, ElementsAre("a=1", "b=2"));
  EXPECT_EQ(docker_.archives_sent, 2);
}

TEST_F(Docker, cached_layers_are_not_asked_for) {
  EXPECT_THAT(read({}).value(), ElementsAre());
  EXPECT_EQ(docker_.archives_sent, 0);
}

TEST_F(Docker, a_stream_that_lies_or_ends_early_is_an_error) {
  docker_.archive = test::tar_file("x.tar", built_.tars[0]) + manifest_json("c.json", "x.tar", "x.tar") + test::tar_end();
  EXPECT_EQ(read({0, 1}).error().kind, Kind::corrupt);
  docker_.archive = test::tar_file(base::sha256_hex(built_.tars[0]) + ".tar", built_.tars[0]).substr(0, 700);
  EXPECT_EQ(read({0, 1}).error().kind, Kind::corrupt);
  docker_.archive = test::tar_end();
  EXPECT_EQ(read({0, 1}).error().kind, Kind::corrupt);
}

TEST_F(Docker, a_missing_image_names_the_mend) {
  const auto source = oci::open_docker_source("other:2", options_);
  ASSERT_TRUE(source);
  const auto image = (*source)->resolve(std::nullopt);
  EXPECT_EQ(image.error().kind, Kind::not_found);
  EXPECT_THAT(image.error().message, HasSubstr("docker pull other:2"));
  EXPECT_FALSE(oci::open_docker_source("../../containers", options_));
  EXPECT_FALSE(oci::open_docker_source("a b", options_));
}

}  // namespace
