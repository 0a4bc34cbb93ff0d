// SPDX-License-Identifier: Apache-2.0
// What runs in containers, is run in them, and whether their image is the newest (section 5).
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "benchmark/check.hpp"

namespace benchmark {

namespace {

using Type = Parameters::Type;

// "sshd: user@pts/0" and "/bin/sh /usr/sbin/sshd" are sshd.
bool is_program(std::string_view command, std::string_view name) {
  const auto words = base::split(command, ' ');
  for (std::size_t at = 0; at < std::min<std::size_t>(2, words.size()); ++at) {
    std::string_view word = base::basename(words[at]);
    if (word.ends_with(':')) word.remove_suffix(1);
    if (word == name) return true;
  }
  return false;
}

Verdict runs_no_program(const Subject& subject, const Parameters& parameters) {
  if (!subject.container->running)
    return verdict(Status::not_applicable, subject.in_container("State.Running").evidence("the container does not run"));
  const Reading commands = subject.container->commands;
  if (!commands.value)
    return verdict(Status::error, commands.absent() ? "its processes were not listed" : std::string(commands.error));
  Field list(*commands.value, "GET /containers/{id}/top", "");
  const auto programs = list.texts();
  if (list.faulty()) return list.fault();
  const auto found = std::find_if(programs.begin(), programs.end(),
                                  [&](std::string_view command) { return is_program(command, parameters.text("program")); });
  if (found != programs.end()) return judged(false, {"GET /containers/{id}/top", {}, shortened(*found), "runs in the container"});
  return judged(true, {"GET /containers/{id}/top", {}, {}, fmt::format("none of {} processes", programs.size())});
}

bool is_root_user(std::string_view user) {
  user = base::cut(user, ":").first;
  return user == "root" || (!user.empty() && user.find_first_not_of('0') == std::string_view::npos);
}

bool exec_offends(const base::Json& exec, std::string_view what) {
  const base::Json* process = base::find(exec, "ProcessConfig");
  const base::Json& config = process ? *process : exec;
  if (what == "privileged") return base::get_bool(config, "privileged");
  return is_root_user(base::get_string(config, "user"));
}

// Commands that run now are seen by anyone; those of the past by an agent that listens to events alone.
Verdict no_exec(const Subject& subject, const Parameters& parameters) {
  const std::string_view what = parameters.text("as");
  const Reading execs = subject.container->execs;
  if (!execs.error.empty()) return verdict(Status::error, std::string(execs.error));
  std::size_t seen = 0;
  if (execs.value) {
    for (const base::Json& exec : base::get_array(*execs.value, "list")) {
      ++seen;
      if (exec_offends(exec, what))
        return judged(false,
                      {"GET /exec/{id}/json", "$.ProcessConfig", shortened(exec), fmt::format("a command was run as {}", what)});
    }
  }
  const std::string_view since = execs.value ? base::get_string(*execs.value, "observedSince") : std::string_view();
  if (!since.empty())
    return judged(true, {"engine events", {}, seen, fmt::format("none of the commands since {}", base::printable(since))});
  return verdict(Status::manual, "commands of the past are not known without an agent that listens to events");
}

const ImageFacts* image_tagged(const Subject& subject, std::string_view name) {
  const std::string with_tag =
      base::basename(name).find(':') == std::string_view::npos ? fmt::format("{}:latest", name) : std::string(name);
  for (const ImageFacts& image : subject.host.images()) {
    if (!image.inspect.value) continue;
    for (const base::Json& tag : base::get_array(*image.inspect.value, "RepoTags"))
      if (base::as_string(tag) == with_tag) return &image;
  }
  return nullptr;
}

Verdict image_up_to_date(const Subject& subject, const Parameters&) {
  Field id = subject.in_container("Image"), name = subject.in_container("Config.Image");
  const std::string_view runs = id.text(), wanted = name.text();
  if (id.faulty()) return id.fault();
  if (name.faulty()) return name.fault();
  const ImageFacts* tagged = image_tagged(subject, wanted);
  if (tagged && tagged->id != runs)
    return judged(false, id.evidence(fmt::format("{} is another image on this host by now: {}", base::printable(wanted),
                                                 base::printable(tagged->id))));
  return verdict(Status::manual, name.evidence("whether its registry has a newer image was not asked"));
}

}  // namespace

const std::vector<Check>& running_checks() {
  static const std::vector<Check> checks{
      {"runs_no_program", Scope::container, kReadsContainer | kReadsProcess, runs_no_program, {{"program", Type::text, true}}},
      {"no_exec", Scope::container, kReadsContainer | kReadsExecs, no_exec, {{"as", Type::text, true}}},
      {"image_up_to_date", Scope::container, kReadsContainer | kReadsImages, image_up_to_date, {}},
  };
  return checks;
}

}  // namespace benchmark
