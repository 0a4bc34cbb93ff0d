// SPDX-License-Identifier: Apache-2.0
// What keeps a container apart from its host (4.1 and much of section 5).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/text.hpp"
#include "benchmark/check.hpp"

namespace benchmark {

namespace {

using Type = Parameters::Type;

bool has(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

Verdict container_flag(const Subject& subject, const Parameters& parameters) {
  Field field = subject.in_container(parameters.text("path"));
  const bool value = field.boolean();
  if (field.faulty()) return field.fault();
  return judged(value == (parameters.text("wanted") == "true"), field.evidence());
}

Verdict container_text_not(const Subject& subject, const Parameters& parameters) {
  Field field = subject.in_container(parameters.text("path"));
  const std::string_view text = field.text();
  if (field.faulty()) return field.fault();
  return judged(!has(parameters.texts("forbidden"), text), field.evidence());
}

Verdict container_text_empty(const Subject& subject, const Parameters& parameters) {
  Field field = subject.in_container(parameters.text("path"));
  const bool empty = field.text().empty();
  if (field.faulty()) return field.fault();
  return judged(empty, field.evidence());
}

// The value of one security option ("seccomp=unconfined", in old notation "seccomp:unconfined"); empty text for a bare
// word, nothing where it is not given. The last one counts.
std::optional<std::string_view> security_opt(Field& options, std::string_view name) {
  std::optional<std::string_view> found;
  for (const std::string_view option : options.texts()) {
    const auto at = option.find_first_of("=:");
    if (option.substr(0, at) == name) found = at == std::string_view::npos ? std::string_view() : option.substr(at + 1);
  }
  return found;
}

// A number of the container's first process, where the host's /proc told it.
std::optional<std::int64_t> process_number(const Subject& subject, std::string_view name) {
  const Reading process = subject.container->process;
  return process.value ? base::get_int(*process.value, name) : std::nullopt;
}

Evidence process_evidence(std::string_view name, std::int64_t value, std::string message) {
  return {"/proc of the container's first process", std::string(name), value, std::move(message)};
}

bool is_root_name(std::string_view user) {
  return user.empty() || user == "root" || user.find_first_not_of('0') == std::string_view::npos;
}

Verdict user_not_root(const Subject& subject, const Parameters&) {
  Field field = subject.in_container("Config.User");
  const std::string_view user = base::cut(field.text(), ":").first;
  if (field.faulty()) return field.fault();
  if (is_root_name(user)) return judged(false, field.evidence(user.empty() ? "no user is set, which means root" : ""));
  if (const auto uid = process_number(subject, "containerUid"); uid == 0)
    return judged(false, process_evidence("Uid", 0, fmt::format("user {} is root", base::printable(user))))
        .because(field.evidence());
  return judged(true, field.evidence());
}

Verdict privileged_means_all(Field& privileged, std::string message) {
  return judged(false, privileged.evidence(std::move(message)));
}

Verdict apparmor_profile(const Subject& subject, const Parameters&) {
  Field security = subject.info("SecurityOptions");
  const auto engine_options = security.texts();
  if (security.faulty()) return security.fault();
  if (std::none_of(engine_options.begin(), engine_options.end(),
                   [](std::string_view option) { return base::cut(option, ",").first == "name=apparmor"; }))
    return verdict(Status::not_applicable, security.evidence("the host has no AppArmor"));
  Field profile = subject.in_container("AppArmorProfile"), options = subject.in_container("HostConfig.SecurityOpt"),
        privileged = subject.in_container("HostConfig.Privileged");
  const std::string_view name = profile.text();
  const auto told = security_opt(options, "apparmor");
  const bool is_privileged = privileged.boolean();
  for (Field* field : {&profile, &options, &privileged})
    if (field->faulty()) return field->fault();
  if (told == "unconfined") return judged(false, options.evidence());
  if (name == "unconfined") return judged(false, profile.evidence());
  if (!name.empty()) return judged(true, profile.evidence());
  if (is_privileged) return privileged_means_all(privileged, "privileged containers run unconfined");
  return judged(!subject.container->running,
                profile.evidence(subject.container->running ? "" : "gets Docker's profile when it starts"));
}

Verdict selinux_label(const Subject& subject, const Parameters&) {
  const std::string_view mode = subject.host.host_text("seLinux");
  if (mode != "enforcing" && mode != "permissive")
    return verdict(Status::not_applicable, {"kernel", "selinux", shortened(mode), "the host has no SELinux"});
  Field security = subject.info("SecurityOptions"), options = subject.in_container("HostConfig.SecurityOpt"),
        label = subject.in_container("ProcessLabel");
  const auto engine_options = security.texts();
  const auto told = security_opt(options, "label");
  const bool labelled = !label.text().empty();
  for (Field* field : {&security, &options, &label})
    if (field->faulty()) return field->fault();
  if (std::none_of(engine_options.begin(), engine_options.end(),
                   [](std::string_view option) { return base::cut(option, ",").first == "name=selinux"; }))
    return judged(false, security.evidence("the daemon runs without --selinux-enabled"));
  if (told == "disable") return judged(false, options.evidence());
  return judged(labelled || !subject.container->running, label.evidence());
}

constexpr std::array<std::string_view, 41> kCapabilities{"CHOWN",
                                                         "DAC_OVERRIDE",
                                                         "DAC_READ_SEARCH",
                                                         "FOWNER",
                                                         "FSETID",
                                                         "KILL",
                                                         "SETGID",
                                                         "SETUID",
                                                         "SETPCAP",
                                                         "LINUX_IMMUTABLE",
                                                         "NET_BIND_SERVICE",
                                                         "NET_BROADCAST",
                                                         "NET_ADMIN",
                                                         "NET_RAW",
                                                         "IPC_LOCK",
                                                         "IPC_OWNER",
                                                         "SYS_MODULE",
                                                         "SYS_RAWIO",
                                                         "SYS_CHROOT",
                                                         "SYS_PTRACE",
                                                         "SYS_PACCT",
                                                         "SYS_ADMIN",
                                                         "SYS_BOOT",
                                                         "SYS_NICE",
                                                         "SYS_RESOURCE",
                                                         "SYS_TIME",
                                                         "SYS_TTY_CONFIG",
                                                         "MKNOD",
                                                         "LEASE",
                                                         "AUDIT_WRITE",
                                                         "AUDIT_CONTROL",
                                                         "SETFCAP",
                                                         "MAC_OVERRIDE",
                                                         "MAC_ADMIN",
                                                         "SYSLOG",
                                                         "WAKE_ALARM",
                                                         "BLOCK_SUSPEND",
                                                         "AUDIT_READ",
                                                         "PERFMON",
                                                         "BPF",
                                                         "CHECKPOINT_RESTORE"};  // by number: capability.h of Linux

std::string capability_name(std::string_view text) {
  std::string name(text);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return name.starts_with("CAP_") ? name.substr(4) : name;
}

// Capabilities in force beyond those allowed.
base::JsonArray beyond(std::string_view mask_text, const std::vector<std::string>& allowed) {
  std::uint64_t mask = 0;
  std::from_chars(mask_text.data(), mask_text.data() + mask_text.size(), mask, 16);
  base::JsonArray out;
  for (std::size_t bit = 0; bit < kCapabilities.size(); ++bit)
    if ((mask >> bit & 1) != 0 && !has(allowed, kCapabilities[bit])) out.emplace_back(kCapabilities[bit]);
  return out;
}

Verdict capabilities_within(const Subject& subject, const Parameters& parameters) {
  const auto& allowed = parameters.texts("allowed");
  Field added = subject.in_container("HostConfig.CapAdd"), privileged = subject.in_container("HostConfig.Privileged");
  base::JsonArray too_many;
  for (const std::string_view capability : added.texts())
    if (!has(allowed, capability_name(capability))) too_many.push_back(shortened(capability));
  const bool is_privileged = privileged.boolean();
  if (added.faulty()) return added.fault();
  if (privileged.faulty()) return privileged.fault();
  if (is_privileged) return privileged_means_all(privileged, "privileged containers have all capabilities");
  if (!too_many.empty()) return judged(false, added.evidence_of("", too_many, "beyond Docker's defaults"));
  const Reading process = subject.container->process;
  const std::string_view effective = process.value ? base::get_string(*process.value, "capEff") : std::string_view();
  if (auto in_force = beyond(effective, allowed); !in_force.empty())
    return judged(false, {"/proc of the container's first process", "CapEff", shortened(in_force), "beyond Docker's defaults"});
  return judged(true, added.evidence());
}

Verdict seccomp_on(const Subject& subject, const Parameters&) {
  Field options = subject.in_container("HostConfig.SecurityOpt"), privileged = subject.in_container("HostConfig.Privileged");
  const auto profile = security_opt(options, "seccomp");
  const bool is_privileged = privileged.boolean();
  if (options.faulty()) return options.fault();
  if (privileged.faulty()) return privileged.fault();
  if (profile == "unconfined") return judged(false, options.evidence());
  if (is_privileged) return privileged_means_all(privileged, "privileged containers run without seccomp");
  if (const auto mode = process_number(subject, "seccomp"); mode && *mode != 2)
    return judged(false, process_evidence("Seccomp", *mode, "no filter is in force"));
  return judged(true, options.evidence());
}

Verdict no_new_privileges(const Subject& subject, const Parameters&) {
  Field options = subject.in_container("HostConfig.SecurityOpt");
  const auto told = security_opt(options, "no-new-privileges");
  if (options.faulty()) return options.fault();
  if (told) return judged(told->empty() || *told == "true", options.evidence());
  if (const auto in_force = process_number(subject, "noNewPrivs"))
    return judged(*in_force == 1, process_evidence("NoNewPrivs", *in_force, ""));
  if (const Reading process = subject.host.host("daemon"); !process.value || !subject.host.options_error().empty())
    return verdict(Status::error, options.evidence("what the daemon does by default is not known"));
  const DaemonOptions& daemon = subject.host.options();
  return judged(daemon.value("no-new-privileges") == "true", options.evidence()).because(daemon.evidence("no-new-privileges"));
}

Verdict no_host_userns(const Subject& subject, const Parameters&) {
  if (!subject.host.userns_remap())
    return verdict(Status::not_applicable,
                   subject.info("SecurityOptions").evidence("the daemon maps no users, so there is nothing to leave"));
  Field mode = subject.in_container("HostConfig.UsernsMode");
  const std::string_view text = mode.text();
  if (mode.faulty()) return mode.fault();
  return judged(text != "host", mode.evidence());
}

}  // namespace

const std::vector<Check>& isolation_checks() {
  static const std::vector<Check> checks{
      {"container_flag",
       Scope::container,
       kReadsContainer,
       container_flag,
       {{"path", Type::text, true}, {"wanted", Type::text, true}}},
      {"container_text_not",
       Scope::container,
       kReadsContainer,
       container_text_not,
       {{"path", Type::text, true}, {"forbidden", Type::texts, true}}},
      {"container_text_empty", Scope::container, kReadsContainer, container_text_empty, {{"path", Type::text, true}}},
      {"user_not_root", Scope::container, kReadsContainer | kReadsProcess, user_not_root, {}},
      {"apparmor_profile", Scope::container, kReadsContainer | kReadsInfo, apparmor_profile, {}},
      {"selinux_label", Scope::container, kReadsContainer | kReadsInfo, selinux_label, {}},
      {"capabilities_within",
       Scope::container,
       kReadsContainer | kReadsProcess,
       capabilities_within,
       {{"allowed", Type::texts, true}}},
      {"seccomp_on", Scope::container, kReadsContainer | kReadsProcess, seccomp_on, {}},
      {"no_new_privileges", Scope::container, kReadsContainer | kReadsProcess | kReadsOptions, no_new_privileges, {}},
      {"no_host_userns", Scope::container, kReadsContainer | kReadsInfo, no_host_userns, {}},
  };
  return checks;
}

}  // namespace benchmark
