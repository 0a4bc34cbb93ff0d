// SPDX-License-Identifier: Apache-2.0
#include "oci/registry_client.hpp"

#include <gtest/gtest.h>

#include "oci/fake_registry.hpp"
#include "oci/reference.hpp"

namespace {

using namespace std::chrono_literals;
using oci_test::Answer;
using oci_test::FakeRegistry;

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

class RegistryClient : public testing::Test {
 protected:
  oci::RegistryClient client(const char* reference = "registry.example.com/app:1") {
    oci::RegistryOptions options;
    options.transport = &registry_;
    options.retry.sleep = [this](std::chrono::milliseconds time) { waits_.push_back(time); };
    return oci::RegistryClient(*oci::Reference::parse(reference), options);
  }

  base::Result<std::string> read_blob(std::uint64_t size) {
    auto reader = client();
    auto source = reader.open_blob(oci_test::sha256_digest(blob_), size);
    return base::read_all(*source, 1 << 20, "blob");
  }

  FakeRegistry registry_;
  std::vector<std::chrono::milliseconds> waits_;
  const std::string blob_ = "0123456789abcdefghijklmnopqrstuvwxyz";
};

TEST_F(RegistryClient, gets_a_manifest_with_its_type_and_digest) {
  registry_.respond = [](const net::HttpRequest&) {
    return Answer{200,
                  "{}",
                  {{"content-type", "application/vnd.oci.image.manifest.v1+json; charset=utf-8"},
                   {"docker-content-digest", oci_test::sha256_digest("{}").text()}},
                  {},
                  {}};
  };
  const auto manifest = client().get_manifest("1");
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->text, "{}");
  EXPECT_EQ(manifest->content_type, "application/vnd.oci.image.manifest.v1+json");
  EXPECT_EQ(manifest->digest, oci_test::sha256_digest("{}"));
  ASSERT_EQ(registry_.requests.size(), 1u);
  EXPECT_EQ(registry_.requests[0].url, "https://registry.example.com/v2/app/manifests/1");
  EXPECT_TRUE(has(oci_test::header_of(registry_.requests[0], "Accept"), "application/vnd.oci.image.index.v1+json"));
}

TEST_F(RegistryClient, asks_docker_hub_where_its_api_is) {
  registry_.respond = [](const net::HttpRequest&) { return Answer{200, "{}", {}, {}, {}}; };
  ASSERT_TRUE(client("nginx").get_manifest("latest"));
  EXPECT_EQ(registry_.requests[0].url, "https://registry-1.docker.io/v2/library/nginx/manifests/latest");
}

TEST_F(RegistryClient, retries_after_429_with_retry_after) {
  registry_.respond = [&](const net::HttpRequest&) {
    return registry_.requests.size() == 1 ? Answer{429, "", {{"retry-after", "7"}}, {}, {}}
                                          : Answer{200, "{}", {}, {}, {}};
  };
  EXPECT_TRUE(client().get_manifest("1"));
  ASSERT_EQ(waits_.size(), 1u);
  EXPECT_EQ(waits_[0], 7000ms);
}

TEST_F(RegistryClient, does_not_wait_an_hour_for_a_registry_that_asks_for_it) {
  registry_.respond = [](const net::HttpRequest&) { return Answer{429, "", {{"retry-after", "3600"}}, {}, {}}; };
  const auto manifest = client().get_manifest("1");
  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().kind, base::Kind::unavailable);
  EXPECT_TRUE(has(manifest.error().message, "429")) << manifest.error().message;
  EXPECT_TRUE(waits_.empty());
}

TEST_F(RegistryClient, backs_off_from_a_failing_registry_and_gives_up) {
  registry_.respond = [](const net::HttpRequest&) {
    return Answer{500, R"({"errors":[{"code":"UNKNOWN","message":"disk full"}]})", {}, {}, {}};
  };
  const auto manifest = client().get_manifest("1");
  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().kind, base::Kind::unavailable);
  EXPECT_TRUE(has(manifest.error().message, "registry.example.com/app:1")) << manifest.error().message;
  EXPECT_TRUE(has(manifest.error().message, "UNKNOWN: disk full")) << manifest.error().message;
  EXPECT_EQ(registry_.requests.size(), 5u);
  ASSERT_EQ(waits_.size(), 4u);
  EXPECT_GT(waits_[3], waits_[0]);
}

TEST_F(RegistryClient, has_less_patience_with_a_registry_that_never_answered) {
  registry_.respond = [](const net::HttpRequest&) {
    return Answer{0, "", {}, {}, base::Error{base::Kind::unavailable, "no route"}};
  };
  EXPECT_FALSE(client().get_manifest("1"));
  EXPECT_EQ(registry_.requests.size(), 2u);
}

TEST_F(RegistryClient, names_what_does_not_exist) {
  registry_.respond = [](const net::HttpRequest&) {
    return Answer{404, R"({"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]})", {}, {}, {}};
  };
  const auto manifest = client().get_manifest("1");
  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().kind, base::Kind::not_found);
  EXPECT_TRUE(has(manifest.error().message, "registry.example.com/app:1 does not exist")) << manifest.error().message;
}

TEST_F(RegistryClient, knows_a_web_page_from_a_registry) {
  registry_.respond = [](const net::HttpRequest&) {
    return Answer{200, "<!doctype html><html>", {{"content-type", "text/html"}}, {}, {}};
  };
  const auto manifest = client().get_manifest("1");
  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().kind, base::Kind::invalid_input);
  EXPECT_TRUE(has(manifest.error().message, "web page")) << manifest.error().message;
}

TEST_F(RegistryClient, refuses_a_manifest_with_another_digest_than_asked_for) {
  registry_.respond = [](const net::HttpRequest&) {
    return Answer{200, "{ }", {{"docker-content-digest", oci_test::sha256_digest("{}").text()}}, {}, {}};
  };
  for (const std::string& key : {oci_test::sha256_digest("{}").text(), std::string("1")}) {
    const auto manifest = client().get_manifest(key);
    ASSERT_FALSE(manifest) << key;
    EXPECT_EQ(manifest.error().kind, base::Kind::corrupt);
  }
  EXPECT_TRUE(client().get_manifest(oci_test::sha256_digest("{ }").text()));
}

TEST_F(RegistryClient, does_not_repeat_control_characters_of_an_error) {
  registry_.respond = [](const net::HttpRequest&) {
    return Answer{404, "{\"errors\":[{\"message\":\"\\u001b[31mred\"}]}", {}, {}, {}};
  };
  EXPECT_FALSE(has(client().get_manifest("1").error().message, "\x1b"));
}

TEST_F(RegistryClient, streams_a_blob) {
  registry_.respond = [&](const net::HttpRequest& request) { return oci_test::ranged(request, blob_); };
  const auto bytes = read_blob(blob_.size());
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_EQ(*bytes, blob_);
  EXPECT_TRUE(has(registry_.requests[0].url, "/v2/app/blobs/sha256:"));
}

TEST_F(RegistryClient, resumes_a_cut_blob_where_it_ended) {
  registry_.respond = [&](const net::HttpRequest& request) {
    Answer answer = oci_test::ranged(request, blob_);
    if (registry_.requests.size() < 4) answer.cut_after = 9;
    return answer;
  };
  const auto bytes = read_blob(blob_.size());
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_EQ(*bytes, blob_);
  ASSERT_EQ(registry_.requests.size(), 4u);
  EXPECT_EQ(oci_test::header_of(registry_.requests[1], "Range"), "bytes=9-");
  EXPECT_EQ(oci_test::header_of(registry_.requests[3], "Range"), "bytes=27-");
}

TEST_F(RegistryClient, drops_what_it_has_where_ranges_are_ignored) {
  registry_.respond = [&](const net::HttpRequest&) {
    Answer answer{200, blob_, {}, {}, {}};
    if (registry_.requests.size() == 1) answer.cut_after = 9;
    return answer;
  };
  EXPECT_EQ(read_blob(blob_.size()), blob_);
  EXPECT_EQ(registry_.requests.size(), 2u);
}

TEST_F(RegistryClient, does_not_trust_an_answer_with_another_range) {
  for (const char* lie : {"bytes 20-35/36", "bytes x-y/z", "", "items 9-35/36"}) {
    registry_.requests.clear();
    registry_.respond = [&](const net::HttpRequest& request) {
      if (registry_.requests.size() == 1) return Answer{200, blob_, {}, 9, {}};
      if (!oci_test::header_of(request, "Range").empty())
        return Answer{206, blob_.substr(20), {{"content-range", lie}}, {}, {}};
      return Answer{200, blob_, {}, {}, {}};
    };
    const auto bytes = read_blob(blob_.size());
    ASSERT_TRUE(bytes) << lie << ": " << bytes.error().message;
    EXPECT_EQ(*bytes, blob_) << lie;
    EXPECT_EQ(registry_.requests.size(), 3u);
  }
}

TEST_F(RegistryClient, uses_a_range_that_starts_earlier) {
  registry_.respond = [&](const net::HttpRequest&) {
    if (registry_.requests.size() == 1) return Answer{200, blob_, {}, 9, {}};
    return Answer{206, blob_.substr(4), {{"content-range", "bytes 4-35/36"}}, {}, {}};
  };
  EXPECT_EQ(read_blob(blob_.size()), blob_);
}

TEST_F(RegistryClient, gives_up_a_blob_that_makes_no_progress) {
  registry_.respond = [&](const net::HttpRequest& request) {
    Answer answer = oci_test::ranged(request, blob_);
    answer.cut_after = registry_.requests.size() == 1 ? 9 : 0;
    return answer;
  };
  const auto bytes = read_blob(blob_.size());
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().kind, base::Kind::unavailable);
  EXPECT_TRUE(has(bytes.error().message, "blob sha256:")) << bytes.error().message;
  EXPECT_LE(registry_.requests.size(), 7u);
}

TEST_F(RegistryClient, refuses_a_blob_longer_than_its_manifest_says) {
  registry_.respond = [&](const net::HttpRequest& request) { return oci_test::ranged(request, blob_); };
  const auto bytes = read_blob(20);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().kind, base::Kind::corrupt);
  EXPECT_TRUE(has(bytes.error().message, "longer")) << bytes.error().message;
  EXPECT_EQ(registry_.requests.size(), 1u);
}

TEST_F(RegistryClient, refuses_a_blob_shorter_than_its_manifest_says) {
  for (const bool ranges : {true, false}) {
    registry_.requests.clear();
    registry_.respond = [&](const net::HttpRequest& request) {
      return ranges ? oci_test::ranged(request, blob_) : Answer{200, blob_, {}, {}, {}};
    };
    const auto bytes = read_blob(100);
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().kind, base::Kind::corrupt);
    EXPECT_TRUE(has(bytes.error().message, "64 bytes shorter")) << bytes.error().message;
    EXPECT_EQ(registry_.requests.size(), 2u);
  }
}

TEST_F(RegistryClient, waits_as_asked_in_the_middle_of_a_blob) {
  registry_.respond = [&](const net::HttpRequest& request) {
    Answer answer = oci_test::ranged(request, blob_);
    if (registry_.requests.size() == 1) answer.cut_after = 9;
    if (registry_.requests.size() == 2) answer = {503, "", {{"retry-after", "11"}}, {}, {}};
    return answer;
  };
  EXPECT_EQ(read_blob(blob_.size()), blob_);
  ASSERT_EQ(waits_.size(), 2u);
  EXPECT_EQ(waits_[1], 11'000ms);
}

TEST_F(RegistryClient, tells_a_missing_blob) {
  registry_.respond = [](const net::HttpRequest&) { return Answer{404, "", {}, {}, {}}; };
  const auto bytes = read_blob(10);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().kind, base::Kind::not_found);
}

TEST_F(RegistryClient, ends_a_download_that_nobody_reads_on) {
  const std::string large(32 << 20, 'x');
  registry_.respond = [&](const net::HttpRequest&) { return Answer{200, large, {}, {}, {}}; };
  auto reader = client();
  auto source = reader.open_blob(oci_test::sha256_digest("x"), large.size());
  ASSERT_TRUE(source->next());
  source.reset();
  EXPECT_EQ(registry_.requests.size(), 1u);
}

TEST_F(RegistryClient, verifies_and_caps_a_blob_held_in_memory) {
  registry_.respond = [&](const net::HttpRequest&) { return Answer{200, blob_, {}, {}, {}}; };
  EXPECT_EQ(client().get_blob(oci_test::sha256_digest(blob_), blob_.size(), 100), blob_);
  EXPECT_EQ(client().get_blob(oci_test::sha256_digest("other"), blob_.size(), 100).error().kind, base::Kind::corrupt);
  registry_.requests.clear();
  EXPECT_EQ(client().get_blob(oci_test::sha256_digest(blob_), 1000, 100).error().kind, base::Kind::too_large);
  EXPECT_TRUE(registry_.requests.empty());
}

}  // namespace
