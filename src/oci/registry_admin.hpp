// SPDX-License-Identifier: Apache-2.0
// What a registry offers beyond pulling: OCI distribution-spec 1.1 ("Content Discovery", "Content Management", "Listing
// Referrers"), the catalog of Docker Distribution, and the quarantine of Azure Container Registry.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "oci/registry_session.hpp"

namespace oci {

struct NameList {
  std::vector<std::string> names;  // of the grammar of repositories or tags
  std::size_t ignored = 0;         // not of it
  bool complete = true;            // false: there are more than the 100,000 that are read
};

struct ManifestHead {
  Digest digest;
  std::string media_type;
  std::uint64_t size = 0;
};

// An artifact that names a manifest as its subject.
struct Referrer {
  Digest digest;
  std::string media_type;
  std::string artifact_type;  // may be empty in indexes kept by tag
  std::uint64_t size = 0;
  std::map<std::string, std::string> annotations;
};

// "Test connection". Each is true only where all before it are.
struct ConnectionCheck {
  bool answers = false;
  bool is_registry = false;            // speaks version 2 of the API
  bool credentials_accepted = false;   // or none are needed
  bool catalog_listed = false;
  std::string message;  // what is wrong first, with the mend; or that all is well
};

// One registry. Thread-safe. Names and tags given are checked: Kind::invalid_input.
class RegistryAdmin {
 public:
  // "docker.io", "registry.example.com:5000". Kind::invalid_input where that names no registry.
  static base::Result<std::unique_ptr<RegistryAdmin>> open(std::string_view registry, RegistryOptions options);

  ConnectionCheck check_connection();

  // Asks for `page_size` names at a time; registries may give fewer.
  base::Result<NameList> list_repositories(std::size_t page_size = 1'000);
  base::Result<NameList> list_tags(const std::string& repository);  // Kind::not_found: no such repository

  // `key` is a tag or a digest. Kind::not_found where there is none.
  base::Result<ManifestHead> head_manifest(const std::string& repository, const std::string& key);

  // Kind::unsupported where the registry does not delete (the mend is in the message); Kind::not_found.
  base::Result<void> delete_manifest(const std::string& repository, const Digest& digest);
  base::Result<void> delete_tag(const std::string& repository, const std::string& tag);

  // Artifacts of `artifact_type` (empty: of any) about a manifest; asked of the referrers API, else read from the tag
  // that stands for it ("sha256-<hex>"). At most 1,000.
  base::Result<std::vector<Referrer>> list_referrers(const std::string& repository, const Digest& digest,
                                                     const std::string& artifact_type = {});

  // Azure Container Registry: ends the quarantine of an image. `details` is as quarantine_details() builds it.
  base::Result<void> set_quarantine(const std::string& repository, const Digest& digest, bool passed,
                                    std::string_view details);

 private:
  using TakePage = std::function<base::Result<bool>(const base::Json& page)>;  // false: no more pages, please

  RegistryAdmin(const std::string& domain, const std::string& api_host, RegistryOptions options);

  base::Result<void> check_repository(const std::string& repository) const;
  base::Result<void> check_tag(const std::string& repository, const std::string& tag) const;
  std::string describe(const std::string& repository, const std::string& key) const;
  bool is_azure() const;
  base::Result<void> read_pages(RegistryRequest request, const std::string& what, const TakePage& take);
  base::Result<NameList> list_names(RegistryRequest request, const std::string& what, std::string_view member,
                                    const std::function<bool(const std::string&)>& is_name);
  base::Error change_failure(const net::HttpResponse& response, const std::string& what) const;
  base::Result<std::vector<Referrer>> referrers_by_api(const std::string& repository, const Digest& digest,
                                                       const std::string& artifact_type);
  base::Result<std::vector<Referrer>> referrers_by_tag(const std::string& repository, const Digest& digest);
  std::string catalog_problem();

  const std::string domain_, api_host_;
  net::HttpTransport* const transport_;  // not owned
  RegistrySession session_;
};

// The entries of an index of referrers. Kind::invalid_input where it is none; hostile entries are left out.
base::Result<std::vector<Referrer>> parse_referrers(const base::Json& index, std::string_view what);

// What a scan found, for the details of a quarantine.
struct QuarantineReport {
  bool passed = false;
  std::uint64_t critical = 0, high = 0, medium = 0, low = 0, none = 0;  // findings
  std::string time;                                                     // RFC 3339, of the scan
  std::string reason;                                                   // may be empty
  std::string link;                                                     // to the report; may be empty
};

// The JSON text of quarantineDetails, after Azure's schema of it.
std::string quarantine_details(const QuarantineReport& report);

}  // namespace oci
