// SPDX-License-Identifier: Apache-2.0
// The host and the version of its engine (section 1), and what only people can judge.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/text.hpp"
#include "benchmark/check.hpp"

namespace benchmark {

namespace {

using Type = Parameters::Type;

Verdict left_to_people(const Subject&, const Parameters& parameters) {
  return verdict(Status::manual, std::string(parameters.text("reason")));
}

Verdict own_mount(const Subject& subject, const Parameters&) {
  Field root = subject.info("DockerRootDir");
  std::filesystem::path path(root.text());
  if (root.faulty() || !path.is_absolute()) return verdict(Status::error, root.evidence("is no absolute path"));
  if (subject.host.userns_remap()) path = path.parent_path();  // …/165536.165536
  const Reading mounts = subject.host.host("mounts");
  const auto* points = mounts.value->if_array();
  if (!points) return verdict(Status::error, "the list of mount points is none");
  const bool mounted = std::any_of(points->begin(), points->end(),
                                   [&](const base::Json& point) { return base::as_string(point) == path.string(); });
  return judged(mounted,
                {"mountinfo", {}, shortened(path.string()), mounted ? "is a mount point" : "is no mount point of its own"});
}

Verdict group_members_trusted(const Subject& subject, const Parameters& parameters) {
  const std::string_view name = parameters.text("group");
  const Reading groups = subject.host.host("groups");
  const base::Json* group = base::find(*groups.value, name);
  if (!group || group->is_null()) return verdict(Status::not_applicable, fmt::format("no group {} on this host", name));
  Field field(*group, "/etc/group", "members");
  const auto members = field.texts();
  if (field.faulty()) return field.fault();
  const auto& trusted = subject.settings.trusted_users;
  base::JsonArray strangers;
  for (const std::string_view member : members)
    if (std::find(trusted.begin(), trusted.end(), member) == trusted.end()) strangers.push_back(shortened(member));
  if (strangers.empty())
    return judged(true, field.evidence(members.empty() ? "the group has no members" : "every member is trusted"));
  if (trusted.empty())
    return verdict(Status::manual,
                   field.evidence("nobody said who is trusted (--trusted-user); these members are as good as root"));
  return judged(false, {"/etc/group", "$.members", strangers, "members who are not among the trusted"});
}

std::vector<int> version_numbers(std::string_view text) {
  std::vector<int> numbers;
  while (!text.empty()) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) break;
    numbers.push_back(number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.starts_with('.')) break;
    text.remove_prefix(1);
  }
  return numbers;
}

// Versions that mend the advisories, one for each branch ("25.0.6"): what is older in its branch, or in a branch that got
// no such version, is not current. A distribution mends its own builds under their old number.
Verdict engine_version_current(const Subject& subject, const Parameters& parameters) {
  Field field = subject.version("Version");
  const std::string_view version = field.text();
  const auto numbers = version_numbers(version);
  if (field.faulty() || numbers.size() < 2) return verdict(Status::error, field.evidence("is no version"));
  bool current = false;
  for (const std::string& fixed : parameters.texts("fixed")) {
    const auto least = version_numbers(fixed);
    if (least.size() >= 2 && least[0] == numbers[0] && least[1] == numbers[1]) current = current || numbers >= least;
  }
  current = current || numbers > version_numbers(parameters.text("newest"));
  const std::string advisories = base::join(parameters.texts("advisories"), ", ");
  if (current) return judged(true, field.evidence(fmt::format("not affected by {}", advisories)));
  if (version.find_first_of("+~-") != std::string_view::npos)
    return verdict(Status::manual,
                   field.evidence(fmt::format("a build of a distribution: ask its security tracker for {}", advisories)));
  return judged(false, field.evidence(fmt::format("affected by one of {}", advisories)));
}

Verdict content_trust(const Subject& subject, const Parameters&) {
  Field field(*subject.host.host("environment").value, "environment of all users", "DOCKER_CONTENT_TRUST");
  if (!field.missing() && field.text() == "1") return judged(true, field.evidence());
  if (field.faulty() && !field.missing()) return field.fault();
  return judged(false, field.evidence("images are pulled without a look at their signatures"));
}

}  // namespace

const std::vector<Check>& host_checks() {
  static const std::vector<Check> checks{
      {"left_to_people", Scope::host, kReadsNothing, left_to_people, {{"reason", Type::text, true}}, true},
      {"own_mount", Scope::host, kReadsInfo | kReadsMounts, own_mount, {}},
      {"group_members_trusted", Scope::host, kReadsGroups, group_members_trusted, {{"group", Type::text, true}}},
      {"engine_version_current", Scope::host, kReadsVersion, engine_version_current,
       {{"fixed", Type::texts, true}, {"newest", Type::text, true}, {"advisories", Type::texts, true}}},
      {"content_trust", Scope::host, kReadsEnvironment, content_trust, {}},
  };
  return checks;
}

}  // namespace benchmark
