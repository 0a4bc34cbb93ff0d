// SPDX-License-Identifier: Apache-2.0
// How images are made (section 4), and how many lie about (section 6).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/glob.hpp"
#include "base/text.hpp"
#include "benchmark/check.hpp"
#include "benchmark/masking.hpp"

namespace benchmark {

namespace {

using Type = Parameters::Type;

Verdict image_trusted(const Subject& subject, const Parameters&) {
  const auto& trusted = subject.settings.trusted_images;
  if (trusted.empty()) return verdict(Status::manual, "nobody said which images are trusted (--trusted-image)");
  Field tags = subject.in_image("RepoTags");
  const auto names = tags.texts();
  if (tags.faulty()) return tags.fault();
  const bool is_trusted = std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    return std::any_of(trusted.begin(), trusted.end(),
                       [&](const std::string& pattern) { return base::Glob(pattern).matches(name); });
  });
  return judged(is_trusted, tags.evidence(is_trusted ? "" : "no name of it is among the trusted"));
}

Verdict image_health_check(const Subject& subject, const Parameters&) {
  Field config = subject.in_image("Config"), test = subject.in_image("Config.Healthcheck.Test");
  if (config.object().empty()) return config.fault();
  const auto& words = test.list();
  if (test.faulty() && !test.missing()) return test.fault();
  return judged(!words.empty() && base::as_string(words.front()) != "NONE", test.evidence(words.empty() ? "no HEALTHCHECK" : ""));
}

struct Step {
  std::size_t index;  // in the answer, newest first
  std::string_view line;
};

struct History {
  Field field;
  std::vector<Step> steps;
  bool faulty = false;

  Evidence evidence(const Step& step, std::string message) const {
    return field.evidence_of(fmt::format("[{}].CreatedBy", step.index), shortened(step.line), std::move(message));
  }
};

History history_of(const Subject& subject) {
  static const base::Json none;
  const Reading reading = subject.image->history;
  History history{{reading.value ? *reading.value : none, "GET /images/{id}/history", ""}, {}, false};
  std::size_t index = 0;
  for (const base::Json& entry : history.field.list()) {
    const base::Json* line = base::find(entry, "CreatedBy");
    if (!line || !line->is_string()) history.faulty = true;
    else history.steps.push_back({index, line->get_string()});
    ++index;
  }
  history.faulty = history.faulty || history.field.faulty() || history.steps.empty();
  return history;
}

Verdict faulty_history(const History& history) {
  return verdict(Status::error, history.field.evidence("is no history of an image"));
}

// Fails for each step that offends.
template <typename Offends>
Verdict judge_steps(const Subject& subject, Offends offends, const std::string& message) {
  const History history = history_of(subject);
  if (history.faulty) return faulty_history(history);
  Verdict out{Status::pass, {}};
  for (const Step& step : history.steps)
    if (offends(history, step)) out.because(history.evidence(step, message));
  if (out.evidence.empty()) return judged(true, {"GET /images/{id}/history", {}, history.steps.size(), "steps, none at fault"});
  out.status = Status::fail;
  return out;
}

bool runs(std::string_view line, std::string_view verb) {
  for (const std::string_view program : {"apt-get", "apt", "yum", "dnf", "microdnf", "apk", "zypper"}) {
    for (auto at = line.find(program); at != std::string_view::npos; at = line.find(program, at + 1)) {
      std::string_view rest = line.substr(at + program.size());
      if (!rest.starts_with(' ') || (at > 0 && std::string_view(" ;&|/\t(").find(line[at - 1]) == std::string_view::npos))
        continue;
      rest = rest.substr(0, rest.find_first_of(";&|"));
      for (const std::string_view word : base::split(rest, ' '))
        if (word == verb) return true;
    }
  }
  return false;
}

bool installs(std::string_view line) {
  constexpr std::array<std::string_view, 4> verbs{"install", "add", "upgrade", "dist-upgrade"};
  return std::any_of(verbs.begin(), verbs.end(), [line](std::string_view verb) { return runs(line, verb); });
}

Verdict update_not_alone(const Subject& subject, const Parameters&) {
  return judge_steps(
      subject,
      [](const History&, const Step& step) {
        return (runs(step.line, "update") || runs(step.line, "makecache")) && !installs(step.line);
      },
      "package lists are updated in a step of their own, which is then cached");
}

Verdict copy_not_add(const Subject& subject, const Parameters&) {
  return judge_steps(
      subject,
      [](const History& history, const Step& step) {
        const bool lowest = step.index + 1 == history.steps.size();  // how base images come to be
        const bool adds = step.line.find("#(nop) ADD ") != std::string_view::npos || step.line.starts_with("ADD ");
        return adds && !lowest;
      },
      "ADD unpacks archives and fetches addresses");
}

Verdict no_secret_variables(const Subject& subject, const Parameters&) {
  Field env = subject.in_image("Config.Env");
  const auto variables = env.texts();
  if (env.faulty()) return env.fault();
  Verdict out{Status::fail, {}};
  for (const std::string_view variable : variables) {
    const auto [name, value] = base::cut(variable, "=");
    if (promises_secret(name) && !value.empty())
      out.because(
          env.evidence_of("", base::Json(base::printable(name) + "=****"), "a variable with the name of a secret has a value"));
  }
  const History history = history_of(subject);
  if (history.faulty) return faulty_history(history);
  for (const Step& step : history.steps)
    if (assigns_secret(step.line))
      out.because({"GET /images/{id}/history", fmt::format("$[{}].CreatedBy", step.index), shortened(masked(step.line)),
                   "a build step sets the name of a secret"});
  if (out.evidence.empty())
    return verdict(Status::manual, "no variable has the name of a secret; bulwark scan looks into the files of the image");
  return out;
}

// Images that no container was made from.
Verdict few_unused_images(const Subject& subject, const Parameters& parameters) {
  std::set<std::string_view> used;
  for (const ContainerFacts& container : subject.host.containers())
    if (container.inspect.value) used.insert(base::get_string(*container.inspect.value, "Image"));
  const auto& images = subject.host.images();
  const auto unused =
      std::count_if(images.begin(), images.end(), [&](const ImageFacts& image) { return image.id.empty() || !used.contains(image.id); });
  const auto percent = images.empty() ? 0 : unused * 100 / static_cast<std::ptrdiff_t>(images.size());
  Evidence evidence{"GET /images/json", {}, base::JsonObject{{"images", images.size()}, {"unused", unused}}, {}};
  if (percent <= parameters.number("percent")) return judged(true, std::move(evidence));
  evidence.message = fmt::format("{} % of the images have no container: are they needed?", percent);
  return verdict(Status::manual, std::move(evidence));
}

Verdict few_stopped_containers(const Subject& subject, const Parameters& parameters) {
  Field all = subject.info("Containers"), running = subject.info("ContainersRunning");
  const auto stopped = all.number() - running.number();
  if (all.faulty()) return all.fault();
  if (running.faulty()) return running.fault();
  return judged(stopped <= parameters.number("most"), {"GET /info", "$.Containers", stopped, "containers that do not run"});
}

}  // namespace

const std::vector<Check>& image_checks() {
  static const std::vector<Check> checks{
      {"image_trusted", Scope::image, kReadsImage, image_trusted, {}},
      {"image_health_check", Scope::image, kReadsImage, image_health_check, {}},
      {"update_not_alone", Scope::image, kReadsHistory, update_not_alone, {}},
      {"copy_not_add", Scope::image, kReadsHistory, copy_not_add, {}},
      {"no_secret_variables", Scope::image, kReadsImage | kReadsHistory, no_secret_variables, {}},
      {"few_unused_images",
       Scope::host,
       kReadsImages | kReadsContainers,
       few_unused_images,
       {{"percent", Type::number, true}},
       true},
      {"few_stopped_containers", Scope::host, kReadsInfo, few_stopped_containers, {{"most", Type::number, true}}, true},
  };
  return checks;
}

}  // namespace benchmark
