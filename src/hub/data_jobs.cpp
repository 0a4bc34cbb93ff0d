// SPDX-License-Identifier: Apache-2.0
#include "hub/data_jobs.hpp"

#include <algorithm>

#include "arm/resource.hpp"
#include "base/time.hpp"
#include "providers/container_registry/match_again.hpp"

namespace hub {

namespace {

constexpr std::size_t kSetsAtOnce = 50;
constexpr std::string_view kRefreshState = "data.refresh";
constexpr store::Millis kRefreshHour = 3'600'000, kAfterFailure = kRefreshHour / 2;

// What became of the last refresh; `at` 0: there was none.
struct LastRefresh {
  store::Millis at = 0;
  std::string error;
};

base::Result<LastRefresh> last_refresh(store::Session& session) {
  const auto text = TRY(store::query_text(session, "SELECT value FROM settings WHERE name = ?", {kRefreshState}));
  if (!text) return LastRefresh{};
  const auto state = TRY(base::parse_json(*text, "the state of the refresh"));
  return LastRefresh{base::get_int(state, "at").value_or(0), std::string(base::get_string(state, "error"))};
}

// When the schedule asks for the next one.
store::Millis next_refresh(const LastRefresh& last, int refresh_hours) {
  if (last.at == 0) return 0;
  const store::Millis interval = refresh_hours * kRefreshHour;
  return last.at + (last.error.empty() ? interval : std::min(interval, kAfterFailure));
}

base::Result<void> run_match(const Context& context) {
  std::size_t total = 0;
  for (;;) {
    const auto done = TRY(providers::match_again(context.services, kSetsAtOnce));
    total += done;
    if (done < kSetsAtOnce) break;
  }
  const auto data = context.services.data.current();
  if (total > 0 && data)
    context.events.publish("data", {{"built", base::format_time(data->database->built())},
                                    {"advisories", data->database->advisories()},
                                    {"rematched", total}});
  return {};
}

base::Result<void> keep_refresh(const Context& context, const std::string& error) {
  return context.database.write([&](store::Session& session) {
    const auto text = base::to_text(base::JsonObject{{"at", store::now_ms()}, {"error", error}});
    return session.run("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                       {kRefreshState, text});
  });
}

base::Result<void> run_refresh(const Context& context, net::HttpTransport& transport) {
  advisory::UpdateOptions options;
  options.base_url = context.options.update_url;
  options.download_dir = context.options.data_dir / "downloads";
  std::error_code ignored;
  std::filesystem::create_directories(options.download_dir, ignored);
  const auto report = context.services.data.refresh(transport, options);
  TRY(keep_refresh(context, report ? "" : report.error().message));
  if (!report) return base::fail(report.error());
  return queue_match(context);
}

}  // namespace

void add_data_jobs(JobRunner& jobs, const Context& context, net::HttpTransport& transport) {
  jobs.add(std::string(kMatchJob), {[&context](const store::Job&) { return run_match(context); }, {}, 6});
  jobs.add(std::string(kRefreshJob), {[&context, &transport](const store::Job&) { return run_refresh(context, transport); }, {}, 1});
}

base::Result<void> queue_match(const Context& context) {
  return context.database.write([&](store::Session& session) -> base::Result<void> {
    TRY(store::enqueue(session, std::string(kMatchJob), "all", "{}", store::now_ms()));
    session.after_commit(context.services.wake_jobs);
    return {};
  });
}

base::Result<void> queue_refresh(const Context& context, store::Millis at) {
  return context.database.write([&](store::Session& session) -> base::Result<void> {
    TRY(store::enqueue(session, std::string(kRefreshJob), "all", "{}", at));
    session.after_commit(context.services.wake_jobs);
    return {};
  });
}

base::Result<void> queue_due_refresh(const Context& context, store::Millis now) {
  if (context.options.refresh_hours <= 0) return {};
  bool due = false;
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    const auto job = TRY(store::last_job(session, std::string(kRefreshJob), "all"));
    const bool open = job && (job->state == "queued" || job->state == "running");
    due = !open && next_refresh(TRY(last_refresh(session)), context.options.refresh_hours) <= now;
    return {};
  }));
  return due ? queue_refresh(context, now) : base::Result<void>();
}

base::Result<base::JsonObject> data_status(const Context& context) {
  base::JsonObject status{{"built", nullptr}, {"advisories", 0}, {"sources", base::JsonArray{}}, {"lastRefresh", nullptr}, {"lastError", ""}, {"next", nullptr}};
  if (const auto data = context.services.data.current()) {
    status["built"] = base::format_time(data->database->built());
    status["advisories"] = data->database->advisories();
    base::JsonArray sources;
    for (const auto& source : data->database->sources())
      sources.emplace_back(base::JsonObject{{"name", source.name}, {"advisories", source.records}, {"updated", source.newest.empty() ? source.imported : source.newest}});
    status["sources"] = std::move(sources);
  }
  TRY(context.database.read([&](store::Session& session) -> base::Result<void> {
    const auto last = TRY(last_refresh(session));
    if (last.at == 0) return {};
    status["lastRefresh"] = arm::format_millis(last.at);
    status["lastError"] = last.error;
    if (context.options.refresh_hours > 0) status["next"] = arm::format_millis(next_refresh(last, context.options.refresh_hours));
    return {};
  }));
  return status;
}

}  // namespace hub
