// SPDX-License-Identifier: Apache-2.0
#include "agent/packages.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <fstream>

#include "agent/agent_support.hpp"
#include "base/files.hpp"
#include "benchmark/table_host.hpp"
#include "support/image_builder.hpp"
#include "uplink/inventory_json.hpp"

using agent::PackageWatch;
using agent::Spool;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

namespace {

std::string a_package(const std::string& name) {
  return "Package: " + name + "\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\n\n";
}

constexpr const char* kRelease = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n";

class PackagesTest : public testing::Test {
 protected:
  void SetUp() override {
    write("etc/os-release", kRelease);
    write("var/lib/dpkg/status", a_package("zlib1g"));
    serve();
  }
  void write(const std::string& name, const std::string& text) const {
    const auto path = folder_.path() / "root" / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  // An image of one layer in the engine.
  void serve() {
    const test::BuiltImage image(
        {test::tar_file("etc/os-release", kRelease) + test::tar_file("var/lib/dpkg/status", a_package("nginx")) + test::tar_end()},
        [](const std::string& tar) { return tar; });
    id_ = test::sha256(image.config);
    const std::string diff_id = test::sha256(image.tars[0]);
    host_.answers["/images/" + id_ + "/json"] = {
        200, R"({"Id":")" + id_ + R"(","Os":"linux","Architecture":"amd64","RootFS":{"Layers":[")" + diff_id + R"("]}})"};
    host_.answers["/images/" + id_ + "/history"] = {200, "[]"};
    host_.answers["/images/" + id_ + "/get"] = {200, test::tar_of({{diff_id.substr(7) + "/layer.tar", image.tars[0]},
                                                                    {diff_id.substr(7) + ".tar", image.tars[0]}})};
  }
  std::unique_ptr<PackageWatch> start() {
    PackageWatch::Parts parts{[this] { return std::make_unique<test::TableHost>(host_); },
                              *spool_,
                              problems_,
                              [this] { ++spooled_; },
                              folder_.path() / "catalogue.json",
                              (folder_.path() / "root").string(),
                              [](const std::string&) {}};
    agent::PackageTimes times;
    times.first = 1ms;
    times.look = 5ms;
    auto watch = std::make_unique<PackageWatch>(std::move(parts), times);
    watch->begin();
    return watch;
  }
  agent::Things with_image(std::vector<std::string> digests) const {
    agent::Things things;
    things.images[id_] = {id_, {"app:1"}, std::move(digests), 1, 1};
    return things;
  }
  // "image: packages", of all that was told.
  std::vector<std::string> told() {
    std::vector<std::string> out;
    const auto pending = spool_->peek(64u << 20, 1'000);
    for (const std::string& line : pending->lines) {
      const auto message = uplink::parse_message(line);
      const auto& packages = std::get<uplink::Packages>(message->body);
      const auto inventory = uplink::inventory_from_json(packages.inventory);
      std::string text = packages.image_id.empty() ? "host:" : "image:";
      for (const auto& package : inventory->packages) text += " " + package.name;
      EXPECT_EQ(inventory->os.value_or(model::Distribution{}).id, "debian");
      out.push_back(text);
    }
    return out;
  }

  base::TempDir folder_ = std::move(*base::TempDir::create("packages"));
  std::unique_ptr<Spool> spool_ = std::move(*Spool::open({folder_.path() / "spool", 64u << 20}));
  agent::Problems problems_{[](const std::string&) {}};
  test::TableHost host_ = test::docker_host();
  std::string id_;
  std::atomic<int> spooled_{0};
};

}  // namespace

TEST_F(PackagesTest, of_the_host_are_told_once_and_again_when_they_change) {
  {
    const auto watch = start();
    ASSERT_TRUE(test::eventually([&] { return spooled_ == 1; }));
    write("var/lib/dpkg/status", a_package("zlib1g") + a_package("curl"));
    ASSERT_TRUE(test::eventually([&] { return spooled_ == 2; }));
  }
  EXPECT_THAT(told(), ElementsAre("host: zlib1g", "host: curl zlib1g"));
  const auto watch = start();
  watch->know_images(with_image({}));
  ASSERT_TRUE(test::eventually([&] { return spooled_ == 3; }));
  EXPECT_EQ(told().back(), "image: nginx") << "a restart does not tell of the host again";
}

TEST_F(PackagesTest, of_images_that_stand_in_no_registry_are_told_once) {
  {
    const auto watch = start();
    watch->know_images(with_image({}));
    ASSERT_TRUE(test::eventually([&] { return spooled_ == 2; }));
  }
  EXPECT_THAT(told(), testing::UnorderedElementsAre("host: zlib1g", "image: nginx"));
  const auto watch = start();
  watch->know_images(with_image({}));
  watch->request(id_);
  ASSERT_TRUE(test::eventually([&] { return spooled_ == 3; })) << "but when the hub asks";
  EXPECT_EQ(told().back(), "image: nginx");
}

TEST_F(PackagesTest, of_images_of_registries_are_told_when_the_hub_asks) {
  const auto watch = start();
  watch->know_images(with_image({"app@sha256:bb"}));
  ASSERT_TRUE(test::eventually([&] { return spooled_ == 1; }));
  watch->request({});
  ASSERT_TRUE(test::eventually([&] { return spooled_ == 2; }));
  EXPECT_THAT(told(), ElementsAre("host: zlib1g", "host: zlib1g"));
  watch->request(id_);
  ASSERT_TRUE(test::eventually([&] { return spooled_ == 3; }));
  EXPECT_EQ(told().back(), "image: nginx");
}

TEST_F(PackagesTest, of_an_image_that_cannot_be_read_do_not_keep_the_others_waiting) {
  host_.answers.erase("/images/" + id_ + "/get");
  const auto watch = start();
  watch->know_images(with_image({}));
  ASSERT_TRUE(test::eventually([&] { return spooled_ == 1; }));
  write("var/lib/dpkg/status", a_package("curl"));
  ASSERT_TRUE(test::eventually([&] { return spooled_ == 2; }));
  EXPECT_THAT(told(), ElementsAre("host: zlib1g", "host: curl"));
}
