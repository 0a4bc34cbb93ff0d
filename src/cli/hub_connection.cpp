// SPDX-License-Identifier: Apache-2.0
#include "cli/hub_connection.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <iostream>

#include "base/text.hpp"
#include "cli/console.hpp"
#include "client/contexts.hpp"
#include "oci/reference.hpp"

namespace cli {

namespace {

std::string environment_text(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// The context the words name, or one made up of a URL that no context has.
base::Result<client::Context> choose_context(const client::Contexts& contexts, const std::string& hub) {
  if (hub.empty()) {
    if (const auto* current = contexts.find(contexts.current)) return *current;
    return base::fail(base::Kind::denied,
                      "no hub is chosen; run: bulwark login URL (pipelines set BULWARK_HUB and BULWARK_TOKEN)");
  }
  if (const auto* named = contexts.find(hub)) return *named;
  client::Context context;
  context.url = TRY(client::normal_url(hub));
  if (const auto* known = contexts.find_by_url(context.url)) return *known;
  return context;
}

}  // namespace

base::Result<client::Connection> connect(const HubTarget& target) {
  const std::string token = environment_text("BULWARK_TOKEN");
  auto contexts = client::load_contexts(client::contexts_file());
  // A pipeline that brings everything along needs no file, and is not stopped by a bad one.
  if (!contexts && (token.empty() || target.hub.empty())) return base::fail(contexts.error());
  auto context = TRY(choose_context(contexts.value_or(client::Contexts()), target.hub));
  client::Target known;
  known.url = context.url;
  known.token = token.empty() ? context.token : token;
  known.ca_file = target.ca_file.empty() ? context.ca_file : target.ca_file;
  known.fingerprint = target.fingerprint.empty() ? context.fingerprint : target.fingerprint;
  known.user_agent = "bulwark/" + tool_version();
  if (known.token.empty())
    return base::fail(base::Kind::denied, fmt::format("you are not signed in to {0}; run: bulwark login {0}", context.url));
  return client::Connection::open(known);
}

base::Result<client::ImageName> parse_image_name(const std::string& reference) {
  const auto parsed = TRY(oci::Reference::parse(reference));
  client::ImageName name{parsed.domain, parsed.path, parsed.tag, {}};
  if (!parsed.digest.empty()) name.digest = parsed.digest.text();
  return name;
}

base::Result<std::string> hub_severities(const std::vector<std::string>& words) {
  std::vector<std::string> out;
  for (const auto& list : words) {
    for (const std::string_view word : base::split(list, ',')) {
      bool known = false;
      for (const auto* name : {"Critical", "High", "Medium", "Low", "Unknown"}) {
        if (!base::equals_ignoring_case(base::trim(word), name)) continue;
        out.emplace_back(name);
        known = true;
      }
      if (!known)
        return base::fail(base::Kind::invalid_input, fmt::format("'{}' is no severity; choose from unknown, low, medium, high, critical",
                                                                 base::printable(word)));
    }
  }
  return base::join(out, ",");
}

base::Result<std::string> read_secret_line(std::string_view what) {
  std::string line;
  std::getline(std::cin, line);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.pop_back();
  if (line.empty()) return base::fail(base::Kind::invalid_input, fmt::format("standard input brought no {}", what));
  return line;
}

int usage_error(const base::Error& error) {
  print_error(error);
  return kUsage;
}

}  // namespace cli
