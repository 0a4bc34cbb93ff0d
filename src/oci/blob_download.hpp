// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/stream.hpp"
#include "oci/image.hpp"
#include "oci/registry_session.hpp"

namespace oci {

// Fetches one blob to a sink, in order and without gaps, through as many requests as cuts make needed. A registry that
// does not honour ranges, or answers with another one, sends it from the start and what is known already is dropped.
class BlobDownload {
 public:
  // `size` is what the manifest says; a blob with more or less bytes is Kind::corrupt.
  BlobDownload(RegistrySession& session, const std::string& repository, const Digest& digest, std::uint64_t size);

  base::Result<void> run(const base::ByteSink& sink);

 private:
  struct Fault {
    base::Error error;
    bool again = false;  // another request may help
  };

  std::optional<Fault> request(const base::ByteSink& sink);
  base::Result<void> check_head(const net::HttpResponse& head);
  base::Result<void> deliver(std::string_view bytes, const base::ByteSink& sink);
  std::optional<Fault> judge(const net::HttpResponse& response);
  std::string what() const;

  RegistrySession& session_;
  const std::string repository_;
  const Digest digest_;
  const std::uint64_t size_;
  std::uint64_t received_ = 0;  // delivered to the sink
  std::uint64_t skip_ = 0;      // bytes of the running answer to drop
  bool use_ranges_ = true;
  bool final_ = false;  // no further request may help: the sink refused, or there are too many bytes
  std::optional<std::chrono::seconds> retry_after_;
};

}  // namespace oci
