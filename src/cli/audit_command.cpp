// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "base/files.hpp"
#include "base/text.hpp"
#include "benchmark/collect.hpp"
#include "benchmark/judge.hpp"
#include "benchmark/report_json.hpp"
#include "cli/audit_report.hpp"
#include "cli/console.hpp"
#include "cli/formats.hpp"
#include "hostreader/remote_host.hpp"

namespace cli {

namespace {

const std::vector<std::string> kAuditFormats{"table", "json", "sarif", "junit"};

std::vector<std::string> words_of(const std::vector<std::string>& lists) {
  std::vector<std::string> words;
  for (const std::string& list : lists)
    for (const std::string_view word : base::split(list, ','))
      if (!base::trim(word).empty()) words.emplace_back(base::trim(word));
  return words;
}

struct AuditPlan {
  std::vector<OutputFormat> formats;
  benchmark::Filter filter;
  benchmark::Settings settings;
  std::optional<model::Severity> fail_on;
  std::string socket;
};

// A word that names no control nor section would silently judge nothing, or skip nothing.
base::Result<void> check_words(const std::vector<std::string>& words) {
  const auto& controls = benchmark::cis_docker().controls;
  for (const std::string& word : words) {
    benchmark::Filter alone;
    alone.ids = {word};
    if (std::none_of(controls.begin(), controls.end(),
                     [&alone](const benchmark::Control& control) { return alone.takes(control); }))
      return base::fail(base::Kind::invalid_input,
                        fmt::format("'{}' is no control or section of the benchmark; 5.4 and 1.1 are", base::printable(word)));
  }
  return {};
}

base::Result<AuditPlan> plan_audit(const AuditFlags& flags) {
  AuditPlan plan;
  plan.formats = TRY(parse_formats(flags.output, kAuditFormats, "table"));
  plan.filter = {words_of(flags.checks), words_of(flags.skipped), words_of(flags.sections), flags.level};
  for (const auto* words : {&plan.filter.ids, &plan.filter.skipped, &plan.filter.sections}) TRY(check_words(*words));
  plan.settings = {words_of(flags.trusted_users), words_of(flags.trusted_images)};
  if (!flags.fail_on.empty()) {
    plan.fail_on = model::parse_severity(flags.fail_on);
    if (!plan.fail_on)
      return base::fail(base::Kind::invalid_input, fmt::format("'{}' is no severity; choose from low, medium, high, critical",
                                                               base::printable(flags.fail_on)));
  }
  if (!flags.facts.empty() && (!flags.host.empty() || !flags.reader.empty() || !flags.save_facts.empty()))
    return base::fail(base::Kind::invalid_input, "--facts judges a file: --host, --reader and --save-facts are about this machine");
  if (!flags.host.empty() && !flags.reader.empty())
    return base::fail(base::Kind::invalid_input, "with --reader, the engine is the one that the host reader has: leave --host out");
  plan.socket = flags.host.starts_with("unix://") ? flags.host.substr(7) : flags.host;
  if (!plan.socket.empty() && !plan.socket.starts_with('/'))
    return base::fail(base::Kind::invalid_input,
                      "--host takes the path of a Unix socket: only on its own machine can a host be judged");
  return plan;
}

base::Result<std::unique_ptr<const benchmark::HostFacts>> facts_of(const AuditFlags& flags, const AuditPlan& plan) {
  if (!flags.facts.empty()) {
    const std::string text = TRY(base::read_file(flags.facts, benchmark::kFactsBytes));
    return benchmark::HostFacts::parse(text, flags.facts);
  }
  benchmark::LocalHostOptions local;
  local.socket = plan.socket;
  hostreader::RemoteOptions remote;
  remote.socket = flags.reader;
  const auto host = flags.reader.empty() ? benchmark::local_host(local) : hostreader::remote_host(remote);
  benchmark::CollectOptions options;
  options.collector = "bulwark " + tool_version();
  options.now = base::system_now();
  base::Json document = benchmark::collect(*host, options);
  if (!flags.save_facts.empty()) TRY(base::write_file_atomically(flags.save_facts, base::to_pretty_text(document), 0600));
  return benchmark::HostFacts::from_json(std::move(document));
}

base::Result<void> write_results(const GlobalOptions& global, const AuditPlan& plan, const benchmark::HostFacts& facts,
                                 const std::vector<benchmark::ControlResult>& results) {
  const auto& controls = benchmark::cis_docker();
  for (const OutputFormat& format : plan.formats) {
    scan::TableStyle style = table_style(global);
    if (!format.file.empty()) style.colour = style.unicode = false;
    const std::string text = format.name == "json"    ? base::to_pretty_text(benchmark::to_report_json(facts, controls, results))
                             : format.name == "sarif" ? audit_sarif(facts, results)
                             : format.name == "junit" ? benchmark::to_junit(facts, controls, results)
                                                      : audit_table(facts, controls, results, style);
    TRY(write_output(text, format.file));
  }
  return {};
}

int exit_code(const AuditPlan& plan, const AuditFlags& flags, const std::vector<benchmark::ControlResult>& results) {
  bool partial = false;
  for (const benchmark::ControlResult& result : results) {
    if (plan.fail_on && result.status == benchmark::Status::fail && result.control->severity >= *plan.fail_on)
      return kThresholdCrossed;
    partial = partial || std::any_of(result.resources.begin(), result.resources.end(),
                                     [](const auto& resource) { return resource.verdict.status == benchmark::Status::error; });
  }
  return partial && !flags.allow_partial ? kPartial : kDone;
}

}  // namespace

int run_audit(const GlobalOptions& global, const AuditFlags& flags) {
  const auto plan = plan_audit(flags);
  if (!plan) {
    print_error(plan.error());
    return kUsage;
  }
  const auto facts = facts_of(flags, *plan);
  if (!facts) {
    print_error(facts.error());
    return kFailed;
  }
  const auto results = benchmark::assess(**facts, benchmark::cis_docker(), plan->settings, plan->filter);
  if (auto written = write_results(global, *plan, **facts, results); !written) return fail_with(written.error());
  return exit_code(*plan, flags, results);
}

}  // namespace cli
