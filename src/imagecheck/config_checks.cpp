// SPDX-License-Identifier: Apache-2.0
// The check functions over an image's configuration (OCI image-spec config.md).
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "imagecheck/image_checks.hpp"

namespace imagecheck {

namespace {

using Items = std::vector<std::string>;
using Type = CheckParameters::Type;

constexpr std::size_t kConfigItems = 1'000;
constexpr std::size_t kShownBytes = 100;

const base::Json& settings_of(const ConfigSubject& subject) {
  static const base::Json none;
  const base::Json* settings = base::find(subject.config, "config");
  return settings ? *settings : none;
}

// A piece of the configuration that is safe to show: no credentials of addresses, printable, short.
std::string show_safely(std::string_view text) {
  std::string out = base::printable(text.substr(0, 4 * kShownBytes));
  for (auto at = out.find("://"); at != std::string::npos; at = out.find("://", at + 3)) {
    const auto end = out.find_first_of("/ \t\"'", at + 3);
    const auto sign = out.rfind('@', end == std::string::npos ? out.size() : end);
    if (sign != std::string::npos && sign > at + 3) out.replace(at + 3, sign - at - 3, "****");
  }
  return out.size() > kShownBytes ? base::printable(out.substr(0, kShownBytes)) + "…" : out;
}

struct HistoryStep {
  std::size_t number;  // from 1
  std::string_view line;
};

std::vector<HistoryStep> history_of(const ConfigSubject& subject) {
  std::vector<HistoryStep> steps;
  std::size_t number = 0;
  for (const base::Json& entry : base::get_array(subject.config, "history"))
    steps.push_back({++number, base::get_string(entry, "created_by")});
  return steps;
}

Items user_is_root(const ConfigSubject& subject, const CheckParameters&) {
  const std::string_view user = base::cut(base::get_string(settings_of(subject), "User"), ":").first;
  if (user.empty()) return {"no user is set, which means root"};
  if (user == "root" || (base::is_digits(user) && user.find_first_not_of('0') == std::string_view::npos))
    return {fmt::format("user {}", base::printable(user))};
  return {};
}

Items env_names(const ConfigSubject& subject, const CheckParameters& parameters) {
  Items items;
  for (const base::Json& entry : base::get_array(settings_of(subject), "Env")) {
    const auto [name, value] = base::cut(base::as_string(entry), "=");
    if (value.empty() || !parameters.matches("names", name) || parameters.matches("unless_name", name)) continue;
    if (parameters.matches("unless_value", value)) continue;
    items.push_back(fmt::format("ENV {}=****", show_safely(name)));
  }
  return items;
}

void add_secrets(const ConfigSubject& subject, std::string_view where, std::string_view text, Items& items) {
  for (const SecretMatch& match : find_secrets(*subject.secrets, "image-configuration", text))
    if (items.size() < kConfigItems)
      items.push_back(fmt::format("{}: {} {}", where, subject.secrets->rules()[match.rule].title, match.masked));
}

Items settings_secrets(const ConfigSubject& subject, const CheckParameters&) {
  Items items;
  if (!subject.secrets) return items;
  const base::Json& settings = settings_of(subject);
  for (const base::Json& entry : base::get_array(settings, "Env")) {
    const std::string_view text = base::as_string(entry);
    add_secrets(subject, "ENV " + show_safely(base::cut(text, "=").first), text, items);
  }
  for (const auto& [name, value] : base::get_object(settings, "Labels"))
    add_secrets(subject, "LABEL " + show_safely(name), base::as_string(value), items);
  for (const std::string_view member : {"Entrypoint", "Cmd"})
    for (const base::Json& entry : base::get_array(settings, member)) add_secrets(subject, member, base::as_string(entry), items);
  return items;
}

Items history_secrets(const ConfigSubject& subject, const CheckParameters&) {
  Items items;
  if (!subject.secrets) return items;
  for (const HistoryStep& step : history_of(subject)) add_secrets(subject, fmt::format("step {}", step.number), step.line, items);
  return items;
}

Items history_matching(const ConfigSubject& subject, const CheckParameters& parameters) {
  Items items;
  for (const HistoryStep& step : history_of(subject)) {
    if (items.size() >= kConfigItems || parameters.matches("unless", step.line)) continue;
    if (const auto shown = parameters.find("pattern", step.line))
      items.push_back(fmt::format("step {}: {}", step.number, show_safely(*shown)));
  }
  return items;
}

Items healthcheck_missing(const ConfigSubject& subject, const CheckParameters&) {
  const base::Json* check = base::find(settings_of(subject), "Healthcheck");
  const auto& test = check ? base::get_array(*check, "Test") : base::JsonArray();
  if (!test.empty() && base::as_string(test.front()) != "NONE") return {};
  return {test.empty() ? "no HEALTHCHECK" : "HEALTHCHECK NONE"};
}

Items base_not_pinned(const ConfigSubject& subject, const CheckParameters&) {
  const auto& labels = base::get_object(settings_of(subject), "Labels");
  const auto label = [&labels](std::string_view name) {
    const base::Json* value = labels.if_contains(name);
    return value ? base::as_string(*value) : std::string_view();
  };
  const std::string_view name = label("org.opencontainers.image.base.name");
  if (!label("org.opencontainers.image.base.digest").empty() || name.find("@sha256:") != std::string_view::npos) return {};
  if (name.empty()) return {"the labels name no base image"};
  return {fmt::format("base image {} without a digest", show_safely(name))};
}

Items ports_exposed(const ConfigSubject& subject, const CheckParameters& parameters) {
  Items items;
  const auto& wanted = parameters.texts("ports");
  for (const auto& [port, value] : base::get_object(settings_of(subject), "ExposedPorts"))
    if (std::find(wanted.begin(), wanted.end(), base::cut(port, "/").first) != wanted.end())
      items.push_back("port " + show_safely(port));
  return items;
}

Items volumes_at(const ConfigSubject& subject, const CheckParameters& parameters) {
  Items items;
  const auto& wanted = parameters.texts("paths");
  for (const auto& [path, value] : base::get_object(settings_of(subject), "Volumes")) {
    std::string_view place = path;
    while (place.size() > 1 && place.ends_with('/')) place.remove_suffix(1);
    if (std::find(wanted.begin(), wanted.end(), place) != wanted.end()) items.push_back("volume " + show_safely(path));
  }
  return items;
}

// A tag of a registry, daemon or local reference; none means "latest" for the first two.
Items tag_is_latest(const ConfigSubject& subject, const CheckParameters&) {
  std::string_view reference = subject.reference;
  if (reference.find("@sha256:") != std::string_view::npos) return {};
  const auto [scheme, rest] = base::cut(reference, ":");
  const bool is_file = scheme == "oci" || scheme == "oci-archive" || scheme == "docker-archive";
  if (is_file || scheme == "docker" || scheme == "registry") reference = rest;
  const auto [name, tag] = base::cut(base::basename(reference), ":");
  if (tag == "latest") return {"tag latest"};
  if (tag.empty() && !is_file) return {"no tag, which means latest"};
  return {};
}

Items older_than(const ConfigSubject& subject, const CheckParameters& parameters) {
  const auto created = base::parse_time(base::get_string(subject.config, "created"));
  const auto least = std::chrono::sys_days(std::chrono::year(1990) / 1 / 1);
  if (!created || *created < least) return {};  // reproducible builds say 1970 or 1980
  const auto days = std::chrono::duration_cast<std::chrono::days>(subject.now - *created).count();
  if (days <= parameters.number("days", 180)) return {};
  return {fmt::format("created {}, {} days ago", base::format_date(*created), days)};
}

}  // namespace

const std::vector<CheckFunctionDoc>& config_check_functions() {
  static const std::vector<CheckFunctionDoc> functions{
      {"user_is_root", user_is_root, std::nullopt, {}},
      {"env_names", env_names, std::nullopt,
       {{"names", Type::pattern, true}, {"unless_name", Type::pattern, false}, {"unless_value", Type::pattern, false}}},
      {"settings_secrets", settings_secrets, std::nullopt, {}},
      {"history_secrets", history_secrets, std::nullopt, {}},
      {"history_matching", history_matching, std::nullopt, {{"pattern", Type::pattern, true}, {"unless", Type::pattern, false}}},
      {"healthcheck_missing", healthcheck_missing, std::nullopt, {}},
      {"base_not_pinned", base_not_pinned, std::nullopt, {}},
      {"ports_exposed", ports_exposed, std::nullopt, {{"ports", Type::texts, true}}},
      {"volumes_at", volumes_at, std::nullopt, {{"paths", Type::texts, true}}},
      {"tag_is_latest", tag_is_latest, std::nullopt, {}},
      {"older_than", older_than, std::nullopt, {{"days", Type::number, false}}},
  };
  return functions;
}

}  // namespace imagecheck
