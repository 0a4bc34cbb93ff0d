// SPDX-License-Identifier: Apache-2.0
// Owners and modes of files (section 3), and audit rules on them (1.1.3 to 1.1.18).
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "benchmark/check.hpp"
#include "benchmark/places.hpp"

namespace benchmark {

namespace {

using Type = Parameters::Type;

struct Found {
  std::vector<const FileFacts*> files;
  Verdict otherwise;  // where there is no file to judge
};

Found nothing_found(Verdict why) { return {{}, std::move(why)}; }

// Where a place is depends on what the daemon was told: its arguments name daemon.json, both together the others.
std::optional<Verdict> place_unknown(const Subject& subject, std::string_view name) {
  const bool by_options = name.starts_with("tls_") || name == "docker_sockets";
  if (!by_options && name != "daemon_json") return std::nullopt;
  if (const Reading daemon = subject.host.host("daemon"); !daemon.value)
    return verdict(Status::error, fmt::format("the daemon's arguments: {}", daemon.absent() ? "were not read" : daemon.error));
  if (by_options && !subject.host.options_error().empty())
    return verdict(Status::error, std::string(subject.host.options_error()));
  return std::nullopt;
}

// The files of a place that count on this host.
Found files_of(const Subject& subject, std::string_view name) {
  if (auto why = place_unknown(subject, name)) return nothing_found(std::move(*why));
  const Place place = place_of(name, subject.host);
  if (place.paths.empty()) return nothing_found(verdict(Status::not_applicable, "the daemon's configuration names no such file"));
  Found found;
  found.otherwise = verdict(Status::not_applicable, fmt::format("no {} on this host", place.paths.back()));
  bool looked = false;
  for (const std::string& path : place.paths) {
    const FileFacts* file = subject.host.file(path);
    if (!file) continue;
    looked = true;
    if (!file->error.empty()) return nothing_found(verdict(Status::error, file->evidence()));
    if (!file->exists) continue;
    if (place.below) {
      for (const FileFacts* below : subject.host.files_below(path))
        if (below->type != "dir") found.files.push_back(below);
    } else {
      found.files.push_back(file);
    }
    if (!place.each) break;
  }
  if (!looked) return nothing_found(verdict(Status::error, fmt::format("nobody looked at {}", place.paths.front())));
  return found;
}

using FileIsRight = bool (*)(const Subject&, const Parameters&, const FileFacts&);

// Fails for each file that is not right; an unreadable one is an error.
Verdict judge_files(const Subject& subject, const Parameters& parameters, FileIsRight right, const std::string& wanted) {
  const Found found = files_of(subject, parameters.text("place"));
  if (found.files.empty()) return found.otherwise;
  Verdict out{Status::not_applicable, {}};
  std::vector<Evidence> good;
  for (const FileFacts* file : found.files) {
    const Status status = !file->error.empty() ? Status::error : right(subject, parameters, *file) ? Status::pass : Status::fail;
    out.status = worst(out.status, status);
    if (status != Status::pass)
      out.because(file->evidence(status == Status::fail ? wanted : std::string()));
    else
      good.push_back(file->evidence());
  }
  if (out.evidence.empty()) out.evidence = std::move(good);
  return out;
}

std::int64_t number_of(const base::Json& object, std::string_view member) { return base::get_int(object, member).value_or(-1); }

// The daemon of a user who is not root owns its own files.
bool is_daemons_own(const Subject& subject, std::int64_t id, std::string_view member) {
  const Reading daemon = subject.host.host("daemon");
  return subject.host.rootless() && daemon.value && id >= 0 && number_of(*daemon.value, member) == id;
}

bool owner_is_right(const Subject& subject, const Parameters& parameters, const FileFacts& file) {
  if (file.uid != 0 && !is_daemons_own(subject, file.uid, "uid")) return false;
  const std::string_view wanted = parameters.text("group");
  if (wanted.empty() || wanted == "root") return file.gid == 0 || is_daemons_own(subject, file.gid, "gid");
  if (is_daemons_own(subject, file.gid, "gid")) return true;
  if (!file.group.empty()) return file.group == wanted;
  const Reading groups = subject.host.host("groups");
  const base::Json* group = groups.value ? base::find(*groups.value, wanted) : nullptr;
  return group && number_of(*group, "gid") == file.gid;
}

Verdict owned_by_root(const Subject& subject, const Parameters& parameters) {
  const std::string_view group = parameters.text("group");
  return judge_files(subject, parameters, owner_is_right, fmt::format("must belong to root:{}", group.empty() ? "root" : group));
}

bool mode_is_right(const Subject&, const Parameters& parameters, const FileFacts& file) {
  return (file.mode & ~static_cast<std::uint32_t>(parameters.number("mode"))) == 0;
}

Verdict mode_within(const Subject& subject, const Parameters& parameters) {
  return judge_files(subject, parameters, mode_is_right,
                     fmt::format("must have no permission beyond {:04o}", parameters.number("mode")));
}

std::string why_not_covered(const AuditRule* rule, std::string_view path) {
  if (!rule) return fmt::format("no rule watches {}", path);
  if (rule->never) return "the rule keeps events from being recorded";
  if (!rule->narrowed.empty()) return fmt::format("the rule misses events: {}", rule->narrowed);
  return "the rule does not record both writes and changes of attributes (-p wa)";
}

Verdict judge_audit(const Subject& subject, const FileFacts& file) {
  const auto& rules = subject.host.audit_rules();
  std::string path = subject.host.canonical(file.path);
  const AuditRule* rule = rule_for(rules, path);
  if ((!rule || !covers(*rule)) && !file.real_path.empty()) {
    const AuditRule* other = rule_for(rules, subject.host.canonical(file.real_path));
    if (other && (!rule || covers(*other))) rule = other;
  }
  Evidence evidence;
  const Reading audit = subject.host.audit();
  evidence.source = fmt::format("audit rules ({})", audit.value ? base::get_string(*audit.value, "source", "kernel") : "kernel");
  if (rule) evidence.value = shortened(rule->text);
  const bool covered = rule && covers(*rule);
  evidence.message = covered ? fmt::format("watches {}", file.path) : why_not_covered(rule, file.path);
  return judged(covered, std::move(evidence));
}

Verdict audited(const Subject& subject, const Parameters& parameters) {
  const Found found = files_of(subject, parameters.text("place"));
  if (found.files.empty()) return found.otherwise;
  if (!found.files.front()->error.empty()) return verdict(Status::error, found.files.front()->evidence());
  return judge_audit(subject, *found.files.front());
}

}  // namespace

const std::vector<Check>& file_checks() {
  static const std::vector<Check> checks{
      {"owned_by_root", Scope::host, kReadsFiles | kReadsOptions, owned_by_root,
       {{"place", Type::text, true}, {"group", Type::text, false}}},
      {"mode_within", Scope::host, kReadsFiles | kReadsOptions, mode_within,
       {{"place", Type::text, true}, {"mode", Type::octal, true}}},
      {"audited", Scope::host, kReadsFiles | kReadsAudit, audited, {{"place", Type::text, true}}},
  };
  return checks;
}

}  // namespace benchmark
