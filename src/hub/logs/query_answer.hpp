// SPDX-License-Identifier: Apache-2.0
// Answers of the Log Analytics query API.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "arm/reply.hpp"
#include "net/server.hpp"
#include "workspace/query_service.hpp"

namespace hub {

// What a client asks for in `Prefer: wait=600, include-statistics=true, include-render=true, include-dataSources=true`. Unknown
// words are passed over.
struct Preferences {
  std::chrono::seconds wait{180};
  bool statistics = false, render = false, sources = false;
};
inline constexpr std::chrono::seconds kLongestQueryWait{600};
Preferences read_preferences(std::string_view header);

// {tables, statistics?, render?, dataSources?, error?} in pieces. An error is the sink's.
base::Result<void> write_answer(const workspace::QueryOutcome& outcome, const Preferences& preferences, const base::ByteSink& sink);

// The same as an answer, compressed where the client takes that.
net::ServerResponse answer_response(const workspace::QueryOutcome& outcome, const Preferences& preferences, const net::ServerRequest& request);

// Code, status and innererrors with line and position as the service has them.
arm::Reply failure_reply(const workspace::QueryFailure& failure);

// JSON that is there as a text, compressed where the client takes that and it is worth it.
net::ServerResponse compressed_response(std::string json, const net::ServerRequest& request);

bool takes_gzip(const net::ServerRequest& request);

}  // namespace hub
