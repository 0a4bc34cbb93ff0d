// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/text.hpp"
#include "cli/console.hpp"
#include "cli/hub_connection.hpp"
#include "cli/rows.hpp"

namespace cli {

namespace {

using WaitClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFirstWait{250};
constexpr std::chrono::milliseconds kLongestWait{5'000};

base::Result<client::Query> gate_query(const GateFlags& flags) {
  client::Query query{{"severity", TRY(hub_severities({flags.severity}))}, {"onlyFixed", flags.only_fixed ? "true" : "false"}};
  if (flags.max_age_days > 0) query.emplace_back("maxAgeDays", std::to_string(flags.max_age_days));
  if (flags.require_approval) query.emplace_back("requireApproval", "true");
  if (flags.require_signature) query.emplace_back("requireSignature", "true");
  return query;
}

// Of one tag, an image for each platform. A digest may be that of an index, which is no row of a list.
base::Result<std::vector<std::string>> ids_to_ask(const client::Connection& connection, const client::ImageName& name) {
  std::vector<std::string> ids;
  if (!name.digest.empty()) {
    ids.push_back(client::image_id(TRY(client::find_registry(connection, name.host)), name.repository, name.digest));
    return ids;
  }
  for (const auto& row : TRY(client::find_images(connection, name))) ids.emplace_back(base::get_string(row, "id"));
  return ids;
}

// All have to be let through; the worst is told of each.
base::Json joined_verdict(base::JsonArray verdicts) {
  if (verdicts.size() == 1) return verdicts[0];
  base::JsonObject joined{{"allowed", true}, {"scanned", true}};
  base::JsonArray reasons;
  for (const auto& verdict : verdicts) {
    for (const auto* member : {"allowed", "scanned"})
      if (!base::get_bool(verdict, member)) joined[member] = false;
    const auto digest = base::get_string(verdict, "digest");
    for (const auto& reason : base::get_array(verdict, "reasons"))
      reasons.emplace_back(fmt::format("{}: {}", digest, base::as_string(reason)));
  }
  joined["reasons"] = std::move(reasons);
  joined["images"] = std::move(verdicts);
  return joined;
}

// What the hub says now; nothing where it does not know the image yet.
base::Result<std::optional<base::Json>> ask_gate(const client::Connection& connection, const client::ImageName& name,
                                                 const client::Query& query) {
  base::JsonArray verdicts;
  for (const auto& id : TRY(ids_to_ask(connection, name))) {
    auto verdict = connection.get(id + "/gate", query);
    if (!verdict && verdict.error().kind == base::Kind::not_found) return std::optional<base::Json>();
    if (!verdict) return base::fail(verdict.error());
    if (verdict->is_object()) verdict->get_object()["digest"] = base::cut_last(id, "/").second;
    verdicts.push_back(std::move(*verdict));
  }
  if (verdicts.empty()) return std::optional<base::Json>();
  return std::optional<base::Json>(joined_verdict(std::move(verdicts)));
}

// Asks until the image was scanned or the time is over: a pipeline asks right after its push.
base::Result<std::optional<base::Json>> wait_for_gate(const GateFlags& flags, const client::ImageName& name, const client::Query& query) {
  const auto connection = TRY(connect(flags.target));
  const auto end = WaitClock::now() + std::chrono::seconds(flags.wait_seconds);
  for (auto wait = kFirstWait;; wait = std::min(wait * 2, kLongestWait)) {
    auto verdict = TRY(ask_gate(connection, name, query));
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - WaitClock::now());
    if ((verdict && base::get_bool(*verdict, "scanned")) || left.count() <= 0) return verdict;
    std::this_thread::sleep_for(std::min(wait, left));
  }
}

std::string gate_text(const base::Json& verdict, const std::string& image) {
  const bool allowed = base::get_bool(verdict, "allowed");
  std::string out = fmt::format("{}: {}\n", allowed ? "ALLOWED" : "REFUSED", image);
  for (const auto& reason : base::get_array(verdict, "reasons")) out += fmt::format("  {}\n", base::printable(base::as_string(reason)));
  return out + detail_lines(verdict, {{"Critical", "counts.critical"}, {"High", "counts.high"}, {"Medium", "counts.medium"},
                                      {"Low", "counts.low"}, {"Fixable", "counts.fixable"}, {"Approved", "approved"},
                                      {"Signed", "signed"}, {"Scanned", "scannedAt"}, {"Digest", "digest"}});
}

}  // namespace

int run_gate(const GlobalOptions&, const GateFlags& flags) {
  const auto formats = detail_formats(flags.formats);
  if (!formats) return usage_error(formats.error());
  const auto name = parse_image_name(flags.reference);
  if (!name) return usage_error(name.error());
  const auto query = gate_query(flags);
  if (!query) return usage_error(query.error());
  const auto verdict = wait_for_gate(flags, *name, *query);
  if (!verdict) return fail_with(verdict.error());
  if (!*verdict)
    return fail_with({base::Kind::not_found,
                      fmt::format("the hub does not know the image {}; push it, give the hub time with --wait SECONDS, or run: "
                                  "bulwark registry scan {}", name->text(), name->host)});
  const int printed = print_detail(*formats, gate_text(**verdict, name->text()), **verdict);
  if (printed != kDone) return printed;
  return base::get_bool(**verdict, "allowed") ? kDone : kThresholdCrossed;
}

}  // namespace cli
