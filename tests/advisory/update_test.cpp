// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <charconv>
#include <map>

#include "advisory/database.hpp"
#include "advisory_support.hpp"
#include "base/base64.hpp"
#include "base/checksum.hpp"
#include "base/text.hpp"

namespace {

using advisory_test::Bench;
using advisory_test::kNow;
using advisory_test::osv_record;
using advisory_test::zip_of;
using testing::HasSubstr;
using testing::Not;

struct FakeFile {
  std::string bytes;
  std::string etag;
  bool ranges = true;
  std::string crc32c = {};  // x-goog-hash; empty: none
};

// A server of files with ETags and ranges.
class FakeServer : public net::HttpTransport {
 public:
  std::map<std::string, FakeFile> files;
  std::vector<std::string> log;
  int fail_after = -1;  // requests until the connection is gone
  std::size_t largest_piece = SIZE_MAX;

  base::Result<net::HttpResponse> send(const net::HttpRequest& request, const base::ByteSink& sink) override {
    std::string line = request.url.substr(request.url.rfind("//") + 2);
    for (const auto& [name, value] : request.headers) line += " " + name + ":" + value;
    log.push_back(line);
    if (fail_after == 0) return base::fail(base::Kind::unavailable, "cannot connect to osv.example");
    if (fail_after > 0) --fail_after;
    const auto found = files.find(request.url);
    net::HttpResponse response;
    response.status = 404;
    if (found == files.end()) return response;
    return answer(found->second, request, sink);
  }

 private:
  static std::string header(const net::HttpRequest& request, std::string_view name) {
    for (const auto& [key, value] : request.headers)
      if (key == name) return value;
    return {};
  }

  base::Result<net::HttpResponse> answer(const FakeFile& file, const net::HttpRequest& request, const base::ByteSink& sink) const {
    net::HttpResponse response;
    response.headers = {{"etag", file.etag}};
    if (!file.crc32c.empty()) response.headers.emplace_back("x-goog-hash", "crc32c=" + file.crc32c);
    response.status = 200;
    response.body = file.bytes;
    const auto if_range = header(request, "If-Range");
    const auto range = header(request, "Range");
    if (!file.etag.empty() && header(request, "If-None-Match") == file.etag) {
      response.status = 304;
      response.body.clear();
    } else if (file.ranges && !range.empty() && (if_range.empty() || if_range == file.etag)) {
      const auto [first, last] = base::cut(std::string_view(range).substr(6), "-");
      const auto begin = std::stoull(std::string(first));
      if (begin >= file.bytes.size()) {
        response.status = 416;
        response.body.clear();
        return response;
      }
      const auto count = std::min<std::size_t>(std::stoull(std::string(last)) - begin + 1, largest_piece);
      response.status = 206;
      response.body = file.bytes.substr(begin, count);
      response.headers.emplace_back("content-range", "bytes " + std::to_string(begin) + "-" + std::to_string(begin + response.body.size() - 1) +
                                                         "/" + std::to_string(file.bytes.size()));
    }
    if (sink && response.status == 200) {
      if (auto taken = sink(response.body); !taken) return base::fail(taken.error());
      response.body.clear();
    } else if (response.body.size() > request.body_cap) {
      return base::fail(base::Kind::too_large, "body over the cap");
    }
    return response;
  }
};

const std::string kNpm = "https://osv.example/npm/all.zip";

std::string archive(std::string_view id) { return zip_of({{"A.json", osv_record(id, "left", "2.0.0")}}); }

advisory::UpdateOptions options_of(const Bench& bench, std::vector<std::string> ecosystems = {"npm"}) {
  return {std::move(ecosystems), "https://osv.example/", bench.path("downloads")};
}

base::Result<advisory::ImportReport> run(const Bench& bench, FakeServer& server, std::vector<std::string> ecosystems = {"npm"}) {
  return advisory::update(bench.database(), server, options_of(bench, std::move(ecosystems)), {}, kNow);
}

TEST(Update, downloads_and_imports_archives_under_their_encoded_names) {
  const Bench bench;
  FakeServer server;
  server.files["https://osv.example/Rocky%20Linux/all.zip"] = {archive("RLSA-1"), "\"1\""};
  server.files[kNpm] = {archive("A"), "\"2\""};
  server.files["https://osv.example/epss_scores-current.csv.gz"] = {"cve,epss,percentile\nCVE-2024-1001,0.1,0.2\n", "\"3\""};
  const auto report = run(bench, server, {"npm", "Rocky Linux"});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->sources.size(), 2u);  // both archives speak of npm packages here; EPSS
  ASSERT_EQ(report->warnings.size(), 1u);
  EXPECT_THAT(report->warnings[0], HasSubstr("CISA KEV"));
}

TEST(Update, does_not_read_again_what_has_not_changed) {
  const Bench bench;
  FakeServer server;
  server.files[kNpm] = {archive("A"), "\"1\""};
  ASSERT_TRUE(run(bench, server));
  server.log.clear();
  ASSERT_TRUE(run(bench, server));
  EXPECT_THAT(server.log[0], HasSubstr("If-None-Match:\"1\""));
  server.files[kNpm] = {archive("B"), "\"2\""};
  ASSERT_TRUE(run(bench, server));
  EXPECT_EQ(bench.open().match(advisory_test::inventory_of({advisory_test::package_of("npm", "left", "1.0.0")}))[0].id, "B");
}

TEST(Update, goes_on_where_a_cut_download_ended) {
  const Bench bench;
  FakeServer server;
  server.files[kNpm] = {archive("A"), "\"1\""};
  server.largest_piece = 100;
  server.fail_after = 2;
  const auto cut = run(bench, server);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().kind, base::Kind::unavailable);
  server.fail_after = -1;
  server.log.clear();
  ASSERT_TRUE(run(bench, server));
  EXPECT_THAT(server.log[0], HasSubstr("Range:bytes=200-"));
  EXPECT_THAT(server.log[0], HasSubstr("If-Range:\"1\""));
  EXPECT_EQ(*base::read_file(bench.path("downloads/npm.zip")), server.files[kNpm].bytes);
  EXPECT_FALSE(std::filesystem::exists(bench.path("downloads/npm.zip.part")));
}

TEST(Update, starts_over_when_the_file_changed_since_the_cut) {
  const Bench bench;
  FakeServer server;
  server.files[kNpm] = {archive("A"), "\"1\""};
  server.largest_piece = 100;
  server.fail_after = 1;
  ASSERT_FALSE(run(bench, server));
  server.fail_after = -1;
  server.files[kNpm] = {archive("CHANGED"), "\"2\""};
  ASSERT_TRUE(run(bench, server));
  EXPECT_EQ(*base::read_file(bench.path("downloads/npm.zip")), server.files[kNpm].bytes);
}

TEST(Update, reads_from_servers_without_ranges_or_etags) {
  const Bench bench;
  FakeServer server;
  server.files[kNpm] = {archive("A"), ""};
  server.files[kNpm].ranges = false;
  ASSERT_TRUE(run(bench, server));
  EXPECT_EQ(bench.open().advisories(), 1u);
  std::vector<std::pair<std::string, std::string>> entries{{"A.json", osv_record("BIG", "left", "2.0.0")}, {"filler.txt", std::string(17u << 20, 'x')}};
  server.files[kNpm].bytes = zip_of(entries);
  const auto report = run(bench, server);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(std::filesystem::file_size(bench.path("downloads/npm.zip")), server.files[kNpm].bytes.size());
}

TEST(Update, verifies_the_checksum_of_the_storage) {
  const Bench bench;
  FakeServer server;
  FakeFile file{archive("A"), "\"1\""};
  const auto crc = base::crc32c(file.bytes);
  std::string big_endian;
  for (int shift = 24; shift >= 0; shift -= 8) big_endian += static_cast<char>(crc >> shift & 0xff);
  file.crc32c = base::base64_encode(big_endian);
  server.files[kNpm] = file;
  ASSERT_TRUE(run(bench, server));
  server.files[kNpm] = file;
  server.files[kNpm].etag = "\"2\"";
  server.files[kNpm].bytes[40] ^= 1;
  const auto report = run(bench, server);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, base::Kind::corrupt);
  EXPECT_THAT(report.error().message, HasSubstr("checksum"));
}

TEST(Update, says_how_to_bring_the_files_when_there_is_no_network) {
  const Bench bench;
  FakeServer server;
  server.fail_after = 0;
  const auto report = run(bench, server);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, base::Kind::unavailable);
  EXPECT_THAT(report.error().message, HasSubstr("osv.example"));
  EXPECT_THAT(report.error().message, HasSubstr("db import"));
}

TEST(Update, warns_of_an_ecosystem_that_does_not_exist_and_takes_the_others) {
  const Bench bench;
  FakeServer server;
  server.files[kNpm] = {archive("A"), "\"1\""};
  const auto report = run(bench, server, {"npm", "Nonsense"});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_THAT(base::join(report->warnings, "\n"), HasSubstr("OSV Nonsense"));
  const auto none = run(bench, server, {"Nonsense"});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, base::Kind::not_found);
}

}  // namespace
