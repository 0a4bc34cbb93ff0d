// SPDX-License-Identifier: Apache-2.0
// What a container may use of its host, and how it is kept alive (section 5).
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "benchmark/check.hpp"

namespace benchmark {

namespace {

using Type = Parameters::Type;

// Passes where one of some numbers is above zero: a limit is set. A number that is missing counts as none, unless all are.
Verdict limit_set(const Subject& subject, const Parameters& parameters) {
  Verdict out{Status::fail, {}};
  bool seen = false;
  for (const std::string& path : parameters.texts("paths")) {
    Field field = subject.in_container(path);
    const auto limit = field.number();
    if (field.faulty() && !field.missing()) return field.fault();
    if (!field.missing()) seen = true;
    if (limit > 0) return judged(true, field.evidence());
    out.because(field.evidence());
  }
  if (!seen) out.status = Status::error;
  return out;
}

Verdict judge_restart(std::string_view name, std::int64_t retries, std::int64_t most, Evidence evidence) {
  if (name.empty() || name == "no" || name == "none") return judged(true, std::move(evidence));
  if (name == "on-failure" && retries >= 1 && retries <= most) return judged(true, std::move(evidence));
  evidence.message = fmt::format("restarts without a limit of {} at most", most);
  return judged(false, std::move(evidence));
}

const base::Json* service_with(const Subject& subject, std::string_view id) {
  const Reading services = subject.host.engine("services");
  const auto* list = services.value ? services.value->if_array() : nullptr;
  if (!list) return nullptr;
  const auto at =
      std::find_if(list->begin(), list->end(), [id](const base::Json& service) { return base::get_string(service, "ID") == id; });
  return at == list->end() ? nullptr : &*at;
}

// Swarm starts tasks anew itself: what counts is the policy of the service.
Verdict judge_task(const Subject& subject, std::string_view service_id, std::int64_t most) {
  const base::Json* service = service_with(subject, service_id);
  if (!service)
    return verdict(Status::manual, "a task of a service that only a Swarm manager knows: look at its restart policy there");
  Field policy(*service, "GET /services", "Spec.TaskTemplate.RestartPolicy"),
      attempts(*service, "GET /services", "Spec.TaskTemplate.RestartPolicy.MaxAttempts");
  const auto& map = policy.object();
  if (policy.faulty()) return policy.fault();
  const base::Json* condition = map.if_contains("Condition");
  const std::string_view name = condition ? base::as_string(*condition) : "any";
  const auto most_attempts = attempts.number();
  if (attempts.faulty() && !attempts.missing()) return attempts.fault();
  return judge_restart(name == "any" ? "on-failure" : name, most_attempts, most, policy.evidence());
}

Verdict restart_limited(const Subject& subject, const Parameters& parameters) {
  const auto most = parameters.number("most");
  Field labels = subject.in_container("Config.Labels");
  const base::Json* service = labels.object().if_contains("com.docker.swarm.service.id");
  if (service) return judge_task(subject, base::as_string(*service), most);
  Field name = subject.in_container("HostConfig.RestartPolicy.Name"),
        retries = subject.in_container("HostConfig.RestartPolicy.MaximumRetryCount");
  const std::string_view text = name.text();
  const auto number = retries.number();
  if (name.faulty()) return name.fault();
  if (text == "on-failure" && retries.faulty()) return retries.fault();
  return judge_restart(text, number, most, subject.in_container("HostConfig.RestartPolicy").evidence());
}

Verdict ulimits_set(const Subject& subject, const Parameters&) {
  Field ulimits = subject.in_container("HostConfig.Ulimits");
  const bool own = !ulimits.list().empty();
  if (ulimits.faulty()) return ulimits.fault();
  if (own) return judged(true, ulimits.evidence());
  const DaemonOptions& daemon = subject.host.options();
  if (!daemon.values("default-ulimits").empty())
    return judged(true, daemon.evidence("default-ulimits", "the daemon's default applies"));
  return verdict(Status::manual,
                 ulimits.evidence("no limits of its own nor of the daemon: whether it needs some is for a person to say"));
}

bool has_check(Field& test) {
  const auto& words = test.list();
  return !words.empty() && base::as_string(words.front()) != "NONE";
}

Verdict health_checked(const Subject& subject, const Parameters&) {
  Field health = subject.in_container("State.Health"), config = subject.in_container("Config"),
        test = subject.in_container("Config.Healthcheck.Test");
  const bool runs = !health.object().empty();
  if (config.object().empty()) return config.fault();
  const bool configured = has_check(test);
  if (test.faulty() && !test.missing()) return test.fault();
  return judged(runs || configured, runs ? health.evidence() : test.evidence(configured ? "" : "no health check"));
}

}  // namespace

const std::vector<Check>& resource_checks() {
  static const std::vector<Check> checks{
      {"limit_set", Scope::container, kReadsContainer, limit_set, {{"paths", Type::texts, true}}},
      {"restart_limited", Scope::container, kReadsContainer, restart_limited, {{"most", Type::number, true}}},
      {"ulimits_set", Scope::container, kReadsContainer | kReadsOptions, ulimits_set, {}},
      {"health_checked", Scope::container, kReadsContainer, health_checked, {}},
  };
  return checks;
}

}  // namespace benchmark
