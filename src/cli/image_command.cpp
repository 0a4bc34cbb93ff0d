// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/console.hpp"
#include "cli/hub_connection.hpp"
#include "cli/rows.hpp"

namespace cli {

namespace {

const std::vector<Column> kImageDetails{
    {"Tags", "tags"},           {"Digest", "digest"},        {"Platform", "platform"}, {"System", "os"},
    {"Size", "size"},           {"Pushed", "pushed"},        {"Scan", "scanState"},    {"Scan error", "scanError"},
    {"Scanned", "scanned"},     {"Status", "status"},        {"Packages", "packages"}, {"Critical", "counts.critical"},
    {"High", "counts.high"},    {"Medium", "counts.medium"}, {"Low", "counts.low"},    {"Fixable", "counts.fixable"},
    {"User", "config.user"},    {"Id", "id"},                {"To delete", "deleteCommand"}};

base::Result<base::Json> known_image(const client::Connection& connection, const std::string& reference) {
  const auto name = TRY(parse_image_name(reference));
  return client::find_image(connection, name);
}

// Images of one registry after the other, each with the name it is pulled by.
base::Result<client::Rows> list_images(const client::Connection& connection, const ImageFlags& flags) {
  std::vector<client::RegistryEntry> all;
  if (flags.registry.empty()) all = TRY(client::registries(connection));
  else all.push_back(TRY(client::find_registry(connection, flags.registry)));
  client::Query query{{"repository", flags.repository}, {"tag", flags.tag}, {"scanState", flags.scan_state},
                      {"severity", TRY(hub_severities(flags.severities))}, {"sort", flags.list.sort}};
  if (flags.unhealthy) query.emplace_back("unhealthy", "true");
  const std::size_t limit = row_limit(flags.list);
  client::Rows rows;
  rows.total = 0;
  for (const auto& registry : all) {
    const std::size_t left = limit == 0 ? 0 : std::max<std::size_t>(limit - rows.value.size(), 1);
    const auto part = TRY(connection.list("/api/v1/registries/" + base::percent_encode(registry.name) + "/images", query, left));
    rows.total = *rows.total + part.total.value_or(static_cast<std::int64_t>(part.value.size()));
    rows.more = rows.more || part.more;
    for (const auto& row : part.value) {
      if (limit != 0 && rows.value.size() == limit) {  // this registry was asked for its total alone
        rows.more = true;
        break;
      }
      rows.value.push_back(row);
      if (row.is_object()) rows.value.back().get_object()["image"] = client::image_name_of(row, all);
    }
  }
  return rows;
}

base::Result<void> delete_images(const GlobalOptions& global, const ImageFlags& flags) {
  const auto connection = TRY(connect(flags.target));
  for (const auto& reference : flags.references) {
    const auto row = TRY(known_image(connection, reference));
    TRY_CONTEXT(connection.send("DELETE", base::get_string(row, "id")), "deleting " + reference);
    print_hint(global, fmt::format("{} is deleted at the registry: {}", reference, base::printable(cell(row, "digest"))));
  }
  return {};
}

}  // namespace

int run_image_list(const GlobalOptions& global, const ImageFlags& flags) {
  const auto formats = list_formats(flags.list);
  if (!formats) return usage_error(formats.error());
  if (const auto severities = hub_severities(flags.severities); !severities) return usage_error(severities.error());
  const auto connection = connect(flags.target);
  if (!connection) return fail_with(connection.error());
  const auto rows = list_images(*connection, flags);
  if (!rows) return fail_with(rows.error());
  const ListView view{"image", connection->url(),
                      {{"Registry", "registry"}, {"Repository", "repository"}, {"Tags", "tags"}, {"Digest", "digest"},
                       {"Platform", "platform"}, {"Scan", "scanState"}, {"Critical", "counts.critical"}, {"High", "counts.high"},
                       {"Fixable", "counts.fixable"}, {"Pushed", "pushed"}},
                      "image"};
  return print_rows(global, *formats, view, *rows);
}

int run_image_show(const GlobalOptions&, const ImageFlags& flags) {
  const auto formats = detail_formats(flags.list.formats);
  if (!formats) return usage_error(formats.error());
  const auto connection = connect(flags.target);
  if (!connection) return fail_with(connection.error());
  const auto row = known_image(*connection, flags.references.front());
  if (!row) return fail_with(row.error());
  const std::string path = fmt::format("/api/v1/registries/{}/images/{}", base::percent_encode(base::get_string(*row, "registry")),
                                       base::percent_encode(base::get_string(*row, "digest"), ":"));
  const auto image = connection->get(path, {{"repository", std::string(base::get_string(*row, "repository"))}});
  if (!image) return fail_with(image.error());
  return print_detail(*formats, flags.references.front() + "\n" + detail_lines(*image, kImageDetails), *image);
}

int run_image_delete(const GlobalOptions& global, const ImageFlags& flags) {
  if (!flags.yes)
    return usage_error({base::Kind::invalid_input,
                        fmt::format("this deletes {} at the registry, with every tag that leads there; add --yes to do it",
                                    base::printable(base::join(flags.references, ", ")))});
  const auto done = delete_images(global, flags);
  return done ? kDone : fail_with(done.error());
}

}  // namespace cli
