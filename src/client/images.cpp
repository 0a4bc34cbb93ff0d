// SPDX-License-Identifier: Apache-2.0
#include "client/images.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace client {

namespace {

// "https://registry.example.com:5000/" → "registry.example.com:5000".
std::string host_of(std::string_view url) {
  if (const auto at = url.find("://"); at != std::string_view::npos) url.remove_prefix(at + 3);
  while (!url.empty() && url.back() == '/') url.remove_suffix(1);
  return std::string(url);
}

bool has_tag(const base::Json& row, const std::string& tag) {
  const auto& tags = base::get_array(row, "tags");
  return std::any_of(tags.begin(), tags.end(), [&](const base::Json& entry) { return base::as_string(entry) == tag; });
}

}  // namespace

std::string ImageName::text() const {
  return fmt::format("{}/{}{}{}", host, repository, digest.empty() ? ":" : "@", digest.empty() ? tag : digest);
}

base::Result<std::vector<RegistryEntry>> registries(const Connection& connection) {
  const auto rows = TRY(connection.list("/api/v1/registries", {}, 0));
  std::vector<RegistryEntry> out;
  for (const auto& row : rows.value)
    out.push_back({std::string(base::get_string(row, "id")), std::string(base::get_string(row, "name")),
                   host_of(base::get_string(row, "url"))});
  return out;
}

base::Result<RegistryEntry> find_registry(const Connection& connection, const std::string& name_or_host) {
  const auto all = TRY(registries(connection));
  for (const auto& entry : all)
    if (base::equals_ignoring_case(entry.name, name_or_host)) return entry;
  for (const auto& entry : all)
    if (base::equals_ignoring_case(entry.host, host_of(name_or_host))) return entry;
  std::vector<std::string> known;
  for (const auto& entry : all) known.push_back(fmt::format("{} ({})", entry.name, entry.host));
  return base::fail(base::Kind::not_found,
                    fmt::format("{} has no registry '{}'; {}", connection.url(), base::printable(name_or_host),
                                known.empty() ? "add it with: bulwark registry add NAME HOST"
                                              : "it has " + base::printable(base::join(known, ", "))));
}

base::Result<std::vector<base::Json>> find_images(const Connection& connection, const ImageName& name) {
  const auto registry = TRY(find_registry(connection, name.host));
  const std::string path = "/api/v1/registries/" + base::percent_encode(registry.name) + "/images";
  std::vector<base::Json> found;
  if (!name.digest.empty()) {
    auto row = connection.get(path + "/" + base::percent_encode(name.digest, ":"), {{"repository", name.repository}});
    if (row) found.push_back(std::move(*row));
    else if (row.error().kind != base::Kind::not_found) return base::fail(row.error());
    return found;
  }
  const auto rows = TRY(connection.list(path, {{"repository", name.repository}, {"tag", name.tag}}, 0));
  for (const auto& row : rows.value)
    if (base::get_string(row, "repository") == name.repository && has_tag(row, name.tag)) found.push_back(row);
  return found;
}

base::Result<base::Json> find_image(const Connection& connection, const ImageName& name) {
  auto rows = TRY(find_images(connection, name));
  if (rows.empty())
    return base::fail(base::Kind::not_found,
                      fmt::format("{} does not know the image {}; bulwark image list names those it knows", connection.url(), name.text()));
  if (rows.size() == 1) return std::move(rows.front());
  std::vector<std::string> known;
  for (const auto& row : rows)
    known.push_back(fmt::format("{}/{}@{} ({})", name.host, name.repository, base::get_string(row, "digest"), base::get_string(row, "platform")));
  return base::fail(base::Kind::conflict, fmt::format("{} leads to several images; name one of them: {}", name.text(),
                                                      base::printable(base::join(known, ", "))));
}

std::string image_id(const RegistryEntry& registry, const std::string& repository, const std::string& digest) {
  return fmt::format("{}/repositories/{}/images/{}", registry.id, base::percent_encode(repository), digest);
}

std::string image_name_of(const base::Json& row, const std::vector<RegistryEntry>& registries) {
  const auto name = base::get_string(row, "registry");
  std::string host(name);
  for (const auto& entry : registries)
    if (base::equals_ignoring_case(entry.name, name)) host = entry.host;
  return fmt::format("{}/{}@{}", host, base::get_string(row, "repository"), base::get_string(row, "digest"));
}

}  // namespace client
