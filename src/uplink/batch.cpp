// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "uplink/form.hpp"
#include "uplink/messages.hpp"

namespace uplink {

namespace {

constexpr std::int64_t kBatchFormat = 1;
constexpr std::size_t kMostProblems = 64;

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (hyphen ? text[i] != '-' : !hex) return false;
  }
  return true;
}

}  // namespace

template <typename Form, Like<AgentStatus> Value>
void describe(Form& form, Value& status) {
  form.text("version", status.version);
  form.number("startedAt", status.started_at);
  form.number("residentBytes", status.resident_bytes);
  form.number("cpuSeconds", status.cpu_seconds);
  form.number("spoolMessages", status.spool_messages);
  form.number("spoolBytes", status.spool_bytes);
  form.number("lostMessages", status.lost_messages);
  form.texts("problems", status.problems, kMostProblems);
}

template <typename Form, Like<BatchHeader> Value>
void describe(Form& form, Value& header) {
  form.required("stream", header.stream);
  form.member("status", header.status);
}

base::Json to_json(const BatchHeader& header) {
  base::JsonObject out = written(header);
  out["format"] = kBatchFormat;
  return out;
}

namespace {

base::Result<BatchHeader> parse_header(std::string_view line) {
  const base::Json json = TRY(base::parse_json(line, "the header"));
  if (base::get_int(json, "format") != kBatchFormat)
    return base::fail(base::Kind::unsupported, "format is not 1; agent and hub have versions that do not know each other");
  auto header = TRY(read_as<BatchHeader>(json, {}));
  if (!is_uuid(header.stream)) return base::fail(base::Kind::invalid_input, "stream must be a UUID in lower case");
  return header;
}

base::Result<void> append_message(std::string_view line, Batch& batch) {
  if (batch.messages.size() >= kBatchMessages)
    return base::fail(base::Kind::too_large, fmt::format("a batch has at most {} messages", kBatchMessages));
  Message message = TRY(parse_message(line));
  if (!batch.messages.empty() && message.sequence <= batch.messages.back().sequence)
    return base::fail(base::Kind::invalid_input, fmt::format("sequence {} does not come after {}", message.sequence,
                                                             batch.messages.back().sequence));
  batch.messages.push_back(std::move(message));
  return {};
}

}  // namespace

base::Result<Batch> parse_batch(std::string_view lines) {
  if (lines.size() > kBatchBytes)
    return base::fail(base::Kind::too_large, "the batch is larger than 16 MiB; its sender has to part it");
  Batch batch;
  std::size_t number = 0;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    const std::string_view line = base::trim(lines.substr(0, end));
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    const std::string step = fmt::format("line {}", ++number);
    if (number == 1) {
      batch.header = TRY_CONTEXT(parse_header(line), step);
    } else if (!line.empty()) {
      TRY_CONTEXT(append_message(line, batch), step);
    }
  }
  if (number == 0) return base::fail(base::Kind::invalid_input, "the batch is empty; its first line is a header");
  return batch;
}

}  // namespace uplink
