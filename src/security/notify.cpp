// SPDX-License-Identifier: Apache-2.0
// Puts events into the outbox.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/text.hpp"
#include "security/notifications.hpp"
#include "security/scopes.hpp"

namespace security {

namespace {

constexpr std::size_t kFindingsInMessage = 50;

struct NewFinding {
  std::string id, vulnerability, title, category, package, version, fixed_version;
  model::Severity severity = model::Severity::unknown;
  bool kev = false;
};

base::Result<void> put_event(store::Session& session, const Channel& channel, EventKind kind, const std::string& dedupe,
                             base::JsonObject data, store::Millis now) {
  const std::string unique = channel.key + "|" + dedupe;
  const std::string event = base::to_text(base::JsonObject{{"type", event_type(kind)}, {"data", std::move(data)}});
  return session.run(
      "INSERT INTO outbox (channel_key, dedupe, event, state, attempts, run_at, error, created_at) "
      "VALUES (?, ?, ?, 'pending', 0, ?, '', ?) ON CONFLICT (dedupe) DO NOTHING",
      {std::string_view(channel.key), std::string_view(unique), std::string_view(event), now, now});
}

// Image, registry and repository as people know them.
base::JsonObject resource_data(const std::string& resource_id) {
  base::JsonObject out{{"resourceId", resource_id}};
  if (const std::size_t machine = base::to_lower(resource_id).find("/microsoft.hybridcompute/machines/"); machine != std::string::npos)
    out["host"] = base::percent_decode(base::cut(std::string_view(resource_id).substr(machine + 34), "/").first);
  const std::size_t at = resource_id.find("/repositories/");
  if (at == std::string::npos) return out;
  const std::string_view rest = std::string_view(resource_id).substr(at + 14);
  const auto [repository, image] = base::cut(rest, "/images/");
  out["registry"] = resource_id.substr(resource_id.rfind('/', at - 1) + 1, at - resource_id.rfind('/', at - 1) - 1);
  out["repository"] = base::percent_decode(repository);
  if (!image.empty()) out["digest"] = base::percent_decode(image);
  return out;
}

base::Result<std::vector<NewFinding>> read_new_findings(store::Session& session, const Change& change) {
  const std::unordered_set<std::string> wanted(change.new_findings.begin(), change.new_findings.end());
  const std::string key = base::to_lower(change.subject.resource_id);
  std::vector<NewFinding> out;
  TRY(session.query(
      "SELECT f.finding_id, f.vulnerability, coalesce(v.title, ''), f.category, f.package, f.version, f.fixed_version, "
      "f.severity, coalesce(v.kev, 0) FROM assessments a JOIN findings f ON f.set_id = a.set_id LEFT JOIN vulnerabilities v ON "
      "v.id = f.vulnerability WHERE a.resource_key = ? AND a.assessment_key = ? ORDER BY f.severity DESC, f.vulnerability",
      {std::string_view(key), std::string_view(change.subject.assessment_key)}, [&](const store::Row& row) {
        if (wanted.count(std::string(row.text(0))) == 0) return;
        NewFinding finding;
        std::string* const texts[] = {&finding.id,      &finding.vulnerability, &finding.title,        &finding.category,
                                      &finding.package, &finding.version,       &finding.fixed_version};
        int column = 0;
        for (std::string* text : texts) *text = row.text(column++);
        finding.severity = static_cast<model::Severity>(row.integer(7));
        finding.kev = row.integer(8) != 0;
        out.push_back(std::move(finding));
      }));
  return out;
}

base::JsonObject finding_data(const NewFinding& finding) {
  return {{"id", finding.id},
          {"vulnerability", finding.vulnerability},
          {"title", finding.title},
          {"category", finding.category},
          {"severity", severity_label(finding.severity)},
          {"package", finding.package},
          {"version", finding.version},
          {"fixedVersion", finding.fixed_version},
          {"kev", finding.kev}};
}

base::JsonObject findings_data(const Change& change, const std::vector<NewFinding>& findings, model::Severity minimum,
                               std::size_t& count) {
  base::JsonArray listed;
  count = 0;
  for (const NewFinding& finding : findings) {
    if (finding.severity < minimum) continue;
    if (count++ < kFindingsInMessage) listed.push_back(finding_data(finding));
  }
  base::JsonObject out = resource_data(change.subject.resource_id);
  out["total"] = count;  // of which the first 50, the worst, are listed
  out["findings"] = std::move(listed);
  out["counts"] = to_json(change.counts);
  return out;
}

base::Result<std::vector<Channel>> channels_for(store::Session& session, EventKind kind, const std::string& resource_id) {
  std::vector<Channel> out;
  const std::string key = base::to_lower(resource_id);
  for (Channel& channel : TRY(load_channels(session)))
    if (channel.hears(kind) && at_or_below(channel.scope_key, key)) out.push_back(std::move(channel));
  return out;
}

}  // namespace

base::Result<void> notify_findings(store::Session& session, const Change& change, store::Millis now) {
  if (change.new_findings.empty()) return {};
  const auto channels = TRY(channels_for(session, EventKind::new_finding, change.subject.resource_id));
  if (channels.empty()) return {};
  const auto findings = TRY(read_new_findings(session, change));
  const std::string dedupe = fmt::format("finding|{}|{}", base::to_lower(change.subject.resource_id), now);
  for (const Channel& channel : channels) {
    std::size_t count = 0;
    base::JsonObject data = findings_data(change, findings, channel.minimum_severity, count);
    if (count > 0) TRY(put_event(session, channel, EventKind::new_finding, dedupe, std::move(data), now));
  }
  return {};
}

base::Result<void> notify_recommendation(store::Session& session, const Recommendation& recommendation, const Change& change,
                                         store::Millis now) {
  const std::string& resource_id = change.subject.resource_id;
  const std::string dedupe = fmt::format("recommendation|{}|{}|{}", recommendation.key, base::to_lower(resource_id), now);
  for (const Channel& channel : TRY(channels_for(session, EventKind::new_recommendation, resource_id))) {
    base::JsonObject data = resource_data(resource_id);
    data["key"] = recommendation.key;
    data["title"] = recommendation.title;
    data["severity"] = recommendation.severity;
    data["counts"] = to_json(change.counts);
    TRY(put_event(session, channel, EventKind::new_recommendation, dedupe, std::move(data), now));
  }
  return {};
}

base::Result<void> notify_scan_failed(store::Session& session, const std::string& resource_id, const std::string& error,
                                      store::Millis now) {
  const std::string dedupe = fmt::format("scan|{}|{}", base::to_lower(resource_id), now);
  for (const Channel& channel : TRY(channels_for(session, EventKind::scan_failed, resource_id))) {
    base::JsonObject data = resource_data(resource_id);
    data["error"] = error;
    TRY(put_event(session, channel, EventKind::scan_failed, dedupe, std::move(data), now));
  }
  return {};
}

}  // namespace security
