// SPDX-License-Identifier: Apache-2.0
#include "cli/inventory_options.hpp"

#include <fmt/format.h>

#include <iostream>

#include "base/files.hpp"
#include "cli/console.hpp"
#include "net/url.hpp"

namespace cli {

namespace {

// Lets only connections to this machine through.
class OfflineTransport : public net::HttpTransport {
 public:
  explicit OfflineTransport(std::unique_ptr<net::HttpTransport> inner) : inner_(std::move(inner)) {}

  base::Result<net::HttpResponse> send(const net::HttpRequest& request, const base::ByteSink& sink) override {
    const auto url = TRY(net::Url::parse(request.url));
    if (request.unix_socket.empty() && !net::is_loopback_host(url.host))
      return base::fail(base::Kind::denied,
                        fmt::format("--offline forbids the connection to {}; leave the flag out, or scan an archive of "
                                    "the image (docker-archive:, oci-archive:)",
                                    url.authority()));
    return inner_->send(request, sink);
  }

 private:
  std::unique_ptr<net::HttpTransport> inner_;
};

}  // namespace

std::filesystem::path cache_path(const GlobalOptions& global) {
  return global.cache_dir.empty() ? base::cache_dir() : std::filesystem::path(global.cache_dir);
}

std::filesystem::path database_path(const GlobalOptions& global, const std::string& flag) {
  return flag.empty() ? cache_path(global) / "advisories.db" : std::filesystem::path(flag);
}

base::Result<InventorySetup> prepare_inventory(const GlobalOptions& global, const SourceFlags& flags,
                                               ProgressLine& progress) {
  InventorySetup setup;
  net::TransportOptions transport;
  transport.ca_file = flags.ca_file;
  transport.user_agent = "bulwark/" + tool_version();
  setup.transport = net::curl_transport(transport);
  if (flags.offline) setup.transport = std::make_unique<OfflineTransport>(std::move(setup.transport));
  setup.options.source.transport = setup.transport.get();
  setup.options.source.insecure = flags.insecure;
  setup.options.source.username = flags.username;
  if (flags.password_stdin) std::getline(std::cin, setup.options.source.password);
  if (!flags.platform.empty()) setup.options.platform = TRY(oci::Platform::parse(flags.platform));
  if (!flags.no_cache) setup.options.cache_dir = cache_path(global);
  setup.options.progress = progress.callback();
  return setup;
}

}  // namespace cli
