// SPDX-License-Identifier: Apache-2.0
// What the host reader leaves out of an engine's answers is not what cataloguing an image needs.
#include <gtest/gtest.h>

#include "agent/engine_transport.hpp"
#include "agent/management.hpp"
#include "hostreader/reader_support.hpp"
#include "scan/scan.hpp"
#include "support/image_builder.hpp"

namespace {

// An image of one layer with one package, in the engine; its id.
std::string add_image(test::TableHost& host) {
  const test::BuiltImage image(
      {test::tar_file("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n") +
       test::tar_file("var/lib/dpkg/status",
                      "Package: nginx\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\n\n") +
       test::tar_end()},
      [](const std::string& tar) { return tar; });
  const std::string id = test::sha256(image.config), diff_id = test::sha256(image.tars[0]);
  host.answers["/images/" + id + "/json"] = {
      200, R"({"Id":")" + id + R"(","Os":"linux","Architecture":"amd64","RootFS":{"Layers":[")" + diff_id + R"("]}})"};
  host.answers["/images/" + id + "/history"] = {200, R"([{"CreatedBy":"COPY . /","Size":100}])"};
  host.answers["/images/" + id + "/get"] = {200, test::tar_of({{diff_id.substr(7) + "/layer.tar", image.tars[0]},
                                                               {diff_id.substr(7) + ".tar", image.tars[0]}})};
  return id;
}

}  // namespace

TEST(ThroughTheReader, an_image_is_catalogued) {
  test::TableHost engine = test::docker_host();
  const std::string id = add_image(engine);
  const test::Reader reader(engine);
  const auto host = reader.host();
  agent::EngineTransport transport(*host, [] { return true; });
  scan::InventoryOptions options;
  options.source.transport = &transport;
  options.source.docker_socket = host->engine_socket();
  const auto inventory = scan::take_inventory("docker:" + id, options);
  ASSERT_TRUE(inventory.has_value()) << inventory.error().message;
  ASSERT_EQ(inventory->packages.size(), 1u);
  EXPECT_EQ(inventory->packages[0].name, "nginx");
}

TEST(ThroughTheReader, a_managed_host_is_known) {
  test::TableHost managed = test::docker_host();
  managed.statuses["/var/lib/kubelet/config.yaml"] = {"file", 0, 0, 0600, "/var/lib/kubelet/config.yaml"};
  const test::Reader reader(managed);
  EXPECT_EQ(agent::management_of_files(*reader.host()).by, "kubelet");
}
