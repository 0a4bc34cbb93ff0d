// SPDX-License-Identifier: Apache-2.0
#include "oci/registry_admin.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "oci/link_header.hpp"
#include "oci/reference.hpp"
#include "oci/registry_client.hpp"

namespace oci {

namespace {

constexpr std::size_t kNamesCap = 100'000;
constexpr std::size_t kPagesCap = 4'000;
constexpr std::size_t kPageBytesCap = 16u << 20;  // some registries give all tags in one

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

std::uint64_t content_length(const net::HttpResponse& response) {
  const std::string_view text = response.header("content-length");
  std::uint64_t size = 0;
  std::from_chars(text.data(), text.data() + text.size(), size);
  return size;
}

}  // namespace

base::Result<std::unique_ptr<RegistryAdmin>> RegistryAdmin::open(std::string_view registry, RegistryOptions options) {
  if (!options.transport) return base::fail(base::Kind::internal, "a registry needs a transport");
  const auto probe = Reference::parse(fmt::format("{}/library/probe:1", registry));
  if (!probe || probe->domain != registry)
    return base::fail(base::Kind::invalid_input,
                      fmt::format("\"{}\" names no registry; write its host and port as in registry.example.com:5000",
                                  base::printable(registry.substr(0, 300))));
  return std::unique_ptr<RegistryAdmin>(new RegistryAdmin(probe->domain, probe->api_host(), std::move(options)));
}

RegistryAdmin::RegistryAdmin(const std::string& domain, const std::string& api_host, RegistryOptions options)
    : domain_(domain),
      api_host_(api_host),
      transport_(options.transport),
      session_(domain, api_host, std::move(options)) {}

base::Result<void> RegistryAdmin::check_repository(const std::string& repository) const {
  const auto parsed = Reference::parse(domain_ + "/" + repository + ":1");
  if (!parsed) return base::fail(parsed.error());
  if (parsed->path == repository && parsed->tag == "1" && parsed->digest.empty()) return {};
  return base::fail(base::Kind::invalid_input,
                    fmt::format("\"{}\" is no repository; write its whole path, as in library/nginx",
                                base::printable(std::string_view(repository).substr(0, 300))));
}

base::Result<void> RegistryAdmin::check_tag(const std::string& repository, const std::string& tag) const {
  TRY(check_repository(repository));
  const auto parsed = Reference::parse(domain_ + "/" + repository + ":" + tag);
  if (!parsed) return base::fail(parsed.error());
  if (parsed->tag == tag && parsed->path == repository && parsed->digest.empty()) return {};
  return base::fail(base::Kind::invalid_input, fmt::format("\"{}\" is no tag", base::printable(tag.substr(0, 300))));
}

std::string RegistryAdmin::describe(const std::string& repository, const std::string& key) const {
  const bool is_digest = key.find(':') != std::string::npos;
  return fmt::format("{}/{}{}{}", domain_, repository, is_digest ? "@" : ":", key);
}

bool RegistryAdmin::is_azure() const {
  const std::string_view host = base::cut(api_host_, ":").first;
  return ends_with(host, ".azurecr.io") || ends_with(host, ".azurecr.cn") || ends_with(host, ".azurecr.us");
}

base::Result<void> RegistryAdmin::read_pages(RegistryRequest request, const std::string& what, const TakePage& take) {
  request.body_cap = kPageBytesCap;
  for (std::size_t page = 0; page < kPagesCap; ++page) {
    const net::HttpResponse response = TRY_CONTEXT(session_.send(request), what);
    if (response.status != 200) return base::fail(session_.failure(response, what));
    if (is_web_page(response))
      return base::fail(base::Kind::invalid_input, fmt::format("{}: {} answered with a web page; is it a registry?",
                                                               what, domain_));
    const base::Json document = TRY(base::parse_json(response.body, what));
    if (!TRY(take(document))) return {};
    const net::Url base = TRY(session_.base_url());
    std::string next = TRY(next_page(response, base));
    if (next.empty()) return {};
    if (next == request.path)
      return base::fail(base::Kind::invalid_input, fmt::format("{}: {} names the same page as the next one", what, domain_));
    request.path = std::move(next);
  }
  return base::fail(base::Kind::too_large, fmt::format("{}: more than {} pages", what, kPagesCap));
}

base::Result<NameList> RegistryAdmin::list_names(RegistryRequest request, const std::string& what,
                                                 std::string_view member,
                                                 const std::function<bool(const std::string&)>& is_name) {
  NameList list;
  const TakePage take = [&](const base::Json& page) -> base::Result<bool> {
    if (!base::find(page, member))
      return base::fail(base::Kind::invalid_input, fmt::format("{}: the answer has no \"{}\"", what, member));
    for (const base::Json& entry : base::get_array(page, member)) {
      std::string name(base::as_string(entry));
      if (!is_name(name)) {
        ++list.ignored;
      } else if (list.names.size() == kNamesCap) {
        list.complete = false;
        return false;
      } else {
        list.names.push_back(std::move(name));
      }
    }
    return true;
  };
  TRY(read_pages(std::move(request), what, take));
  return list;
}

base::Result<NameList> RegistryAdmin::list_repositories(std::size_t page_size) {
  RegistryRequest request;
  request.path = fmt::format("/v2/_catalog?n={}", page_size);
  request.scope = "registry:catalog:*";
  return list_names(request, fmt::format("the catalog of {}", domain_), "repositories",
                    [this](const std::string& name) { return check_repository(name).has_value(); });
}

base::Result<NameList> RegistryAdmin::list_tags(const std::string& repository) {
  TRY(check_repository(repository));
  RegistryRequest request;
  request.path = fmt::format("/v2/{}/tags/list?n=1000", repository);
  request.scope = fmt::format("repository:{}:{}", repository, is_azure() ? "metadata_read" : "pull");
  return list_names(request, fmt::format("{}/{}", domain_, repository), "tags",
                    [&](const std::string& tag) { return check_tag(repository, tag).has_value(); });
}

base::Result<ManifestHead> RegistryAdmin::head_manifest(const std::string& repository, const std::string& key) {
  if (const auto digest = Digest::parse(key))
    TRY(check_repository(repository));
  else
    TRY(check_tag(repository, key));
  const std::string what = describe(repository, key);
  RegistryRequest request;
  request.method = "HEAD";
  request.path = fmt::format("/v2/{}/manifests/{}", repository, key);
  request.scope = fmt::format("repository:{}:pull", repository);
  request.headers = {{"Accept", std::string(kAcceptedManifests)}};
  net::HttpResponse response = TRY_CONTEXT(session_.send(request), what);
  if (response.status != 200) return base::fail(session_.failure(response, what));
  ManifestHead head;
  head.size = content_length(response);
  std::string digest(response.header("docker-content-digest"));
  if (digest.empty()) {  // only recommended by the specification: it is the text's
    request.method = "GET";
    response = TRY_CONTEXT(session_.send(request), what);
    if (response.status != 200) return base::fail(session_.failure(response, what));
    digest = "sha256:" + base::sha256_hex(response.body);
    head.size = response.body.size();
  }
  head.digest = TRY_CONTEXT(Digest::parse(digest), what);
  head.media_type = base::trim(base::cut(response.header("content-type"), ";").first);
  return head;
}

// A status that is none of success, to a request that changes something.
base::Error RegistryAdmin::change_failure(const net::HttpResponse& response, const std::string& what) const {
  const std::string said = registry_message(response);
  if (response.status == 401 || response.status == 403)
    return {base::Kind::denied, fmt::format("{}: {} does not let these credentials change it{}{}{}; give the account "
                                            "the right to",
                                            what, domain_, said.empty() ? "" : " (", said, said.empty() ? "" : ")")};
  if (response.status == 405)
    return {base::Kind::unsupported, fmt::format("{}: {} does not delete; enable delete in the registry's configuration "
                                                 "(storage.delete.enabled)",
                                                 what, domain_)};
  return session_.failure(response, what);
}

base::Result<void> RegistryAdmin::delete_manifest(const std::string& repository, const Digest& digest) {
  TRY(check_repository(repository));
  const std::string what = describe(repository, digest.text());
  RegistryRequest request;
  request.method = "DELETE";
  request.path = fmt::format("/v2/{}/manifests/{}", repository, digest.text());
  request.scope = fmt::format("repository:{}:delete", repository);
  const net::HttpResponse response = TRY_CONTEXT(session_.send(request), what);
  if (response.status / 100 == 2) return {};
  return base::fail(change_failure(response, what));
}

base::Result<void> RegistryAdmin::delete_tag(const std::string& repository, const std::string& tag) {
  TRY(check_tag(repository, tag));
  const std::string what = describe(repository, tag);
  RegistryRequest request;
  request.method = "DELETE";
  request.path = is_azure() ? fmt::format("/acr/v1/{}/_tags/{}", repository, tag)
                            : fmt::format("/v2/{}/manifests/{}", repository, tag);
  request.scope = fmt::format("repository:{}:delete", repository);
  const net::HttpResponse response = TRY_CONTEXT(session_.send(request), what);
  if (response.status / 100 == 2) return {};
  // Docker Distribution 2 takes the tag for a broken digest.
  if (response.status == 400)
    return base::fail(base::Kind::unsupported,
                      fmt::format("{}: {} does not delete a tag alone; delete its manifest by digest, and with it all "
                                  "of its tags, or use Distribution 3",
                                  what, domain_));
  return base::fail(change_failure(response, what));
}

}  // namespace oci
