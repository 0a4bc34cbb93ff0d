// SPDX-License-Identifier: Apache-2.0
#include "benchmark/verdict.hpp"

#include <utility>

#include "base/text.hpp"

namespace benchmark {

namespace {

constexpr std::size_t kShownBytes = 200;
constexpr std::size_t kShownMembers = 20;

int badness(Status status) {
  switch (status) {
    case Status::fail: return 4;
    case Status::error: return 3;
    case Status::manual: return 2;
    case Status::pass: return 1;
    case Status::not_applicable: return 0;
  }
  return 0;
}

base::Json shortened_at(const base::Json& value, int depth) {
  if (const auto* text = value.if_string()) return shortened(std::string_view(*text));
  if (const auto* items = value.if_array()) {
    base::JsonArray out;
    for (const base::Json& item : *items) {
      if (out.size() == kShownMembers || depth == 0) {
        out.emplace_back("…");
        break;
      }
      out.push_back(shortened_at(item, depth - 1));
    }
    return out;
  }
  if (const auto* members = value.if_object()) {
    base::JsonObject out;
    for (const auto& member : *members) {
      if (out.size() == kShownMembers || depth == 0) {
        out.emplace("…", "…");
        break;
      }
      out.emplace(base::printable(std::string_view(member.key()).substr(0, kShownBytes)),
                  shortened_at(member.value(), depth - 1));
    }
    return out;
  }
  return value;
}

}  // namespace

std::string_view status_name(Status status) {
  switch (status) {
    case Status::pass: return "pass";
    case Status::fail: return "fail";
    case Status::manual: return "manual";
    case Status::not_applicable: return "notApplicable";
    case Status::error: return "error";
  }
  return "error";
}

Verdict& Verdict::because(Evidence more) & {
  evidence.push_back(std::move(more));
  return *this;
}

Verdict&& Verdict::because(Evidence more) && { return std::move(because(std::move(more))); }

Verdict verdict(Status status, Evidence evidence) {
  Verdict out;
  out.status = status;
  out.evidence.push_back(std::move(evidence));
  return out;
}

Verdict judged(bool passes, Evidence evidence) { return verdict(passes ? Status::pass : Status::fail, std::move(evidence)); }

Verdict verdict(Status status, std::string reason) {
  Evidence evidence;
  evidence.message = std::move(reason);
  return verdict(status, std::move(evidence));
}

Status worst(Status a, Status b) { return badness(a) >= badness(b) ? a : b; }

base::Json shortened(std::string_view text) {
  if (text.size() <= kShownBytes) return base::Json(base::printable(text));
  return base::Json(base::printable(text.substr(0, kShownBytes)) + "…");
}

base::Json shortened(const base::Json& value) { return shortened_at(value, 4); }

}  // namespace benchmark
