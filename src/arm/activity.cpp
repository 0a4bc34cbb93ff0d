// SPDX-License-Identifier: Apache-2.0
#include "arm/activity.hpp"

#include "arm/resource.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"

namespace arm {

namespace {

constexpr std::size_t kTextCap = 2048;

std::string short_text(std::string_view text) { return base::printable(text.substr(0, kTextCap)); }

}  // namespace

base::Result<void> record_activity(store::Session& session, const Activity& activity) {
  const bool failed = activity.http_status >= 400;
  const std::string event_id = base::uuid4();
  const std::string resource = short_text(activity.resource_id);
  const std::string resource_key = base::to_lower(resource);
  const std::string properties = base::to_text(base::Json(activity.properties));
  const std::string caller = short_text(activity.caller);
  const std::string operation = short_text(activity.operation);
  return session.run(
      "INSERT INTO activity (event_id, at, correlation_id, caller, caller_id, address, method, operation, resource_key, "
      "resource_id, category, level, status, http_status, properties) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {event_id, activity.at, activity.correlation_id, caller, activity.caller_id, activity.address, activity.method,
       operation, resource_key, resource, activity.category, std::string_view(failed ? "Warning" : "Informational"),
       std::string_view(failed ? "Failed" : "Succeeded"), std::int64_t{activity.http_status}, properties});
}

base::JsonObject activity_json(const store::Row& row) {
  const auto localized = [](std::string_view text) { return base::JsonObject{{"value", text}, {"localizedValue", text}}; };
  const auto properties = base::parse_json(row.text(13), "properties of an activity");
  return {{"eventDataId", row.text(0)},
          {"eventTimestamp", format_millis(row.integer(1))},
          {"submissionTimestamp", format_millis(row.integer(1))},
          {"correlationId", row.text(2)},
          {"caller", row.text(3)},
          {"claims", base::JsonObject{{"oid", row.text(4)}, {"ipaddr", row.text(5)}}},
          {"authorization", base::JsonObject{{"action", row.text(7)}, {"scope", row.text(8)}}},
          {"httpRequest", base::JsonObject{{"clientIpAddress", row.text(5)}, {"method", row.text(6)}}},
          {"operationName", localized(row.text(7))},
          {"resourceId", row.text(8)},
          {"category", localized(row.text(9))},
          {"level", row.text(10)},
          {"status", localized(row.text(11))},
          {"subStatus", localized(std::to_string(row.integer(12)))},
          {"properties", properties ? *properties : base::Json(nullptr)}};
}

}  // namespace arm
