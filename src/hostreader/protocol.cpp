// SPDX-License-Identifier: Apache-2.0
#include "hostreader/protocol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace hostreader {

namespace {

constexpr std::size_t kMessageBytes = 4u << 10;
constexpr std::size_t kReadCap = 64u << 20;

constexpr std::array<std::pair<Op, std::string_view>, 9> kOps{{{Op::socket, "socket"},
                                                              {Op::get, "get"},
                                                              {Op::follow, "follow"},
                                                              {Op::process, "process"},
                                                              {Op::stat, "stat"},
                                                              {Op::read, "read"},
                                                              {Op::link, "link"},
                                                              {Op::list, "list"},
                                                              {Op::audit, "audit"}}};

bool takes_path(Op op) { return op != Op::socket && op != Op::process && op != Op::audit; }

std::string length_of(std::size_t size) {
  std::string out;
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(size >> shift & 255);
  return out;
}

std::size_t length_at(std::string_view bytes) {
  std::size_t length = 0;
  for (const char byte : bytes.substr(0, 4)) length = length << 8 | static_cast<unsigned char>(byte);
  return length;
}

base::Kind kind_of(std::string_view name) {
  for (int kind = 0; kind <= static_cast<int>(base::Kind::internal); ++kind)
    if (base::kind_name(static_cast<base::Kind>(kind)) == name) return static_cast<base::Kind>(kind);
  return base::Kind::internal;
}

}  // namespace

std::string encode(const Request& request) {
  const auto op = std::find_if(kOps.begin(), kOps.end(), [&](const auto& entry) { return entry.first == request.op; });
  base::JsonObject json{{"op", op->second}};
  if (takes_path(request.op)) json.emplace("path", request.path);
  if (request.op == Op::read) json.emplace("cap", request.cap);
  const std::string text = base::to_text(json);
  return length_of(text.size()) + text;
}

base::Result<Request> parse_request(std::string_view json) {
  const base::Json value = TRY(base::parse_json(json, "the request"));
  const std::string_view name = base::get_string(value, "op");
  const auto op = std::find_if(kOps.begin(), kOps.end(), [name](const auto& entry) { return entry.second == name; });
  if (op == kOps.end())
    return base::fail(base::Kind::invalid_input, fmt::format("'{}' is nothing that the host reader does",
                                                             base::printable(name.substr(0, 40))));
  Request request;
  request.op = op->first;
  request.path = base::get_string(value, "path");
  const auto cap = base::get_int(value, "cap");
  const std::size_t members = 1u + (takes_path(request.op) ? 1 : 0) + (request.op == Op::read ? 1 : 0);
  const bool has_path = request.path.starts_with('/') && request.path.find('\0') == std::string::npos;
  const bool has_cap = cap && *cap > 0 && *cap <= static_cast<std::int64_t>(kReadCap);
  if (value.get_object().size() != members || has_path != takes_path(request.op) || (request.op == Op::read && !has_cap))
    return base::fail(base::Kind::invalid_input, fmt::format("the request to {} has the wrong members", name));
  if (request.op == Op::read) request.cap = static_cast<std::size_t>(*cap);
  return request;
}

std::string encode(FrameKind kind, std::string_view bytes) {
  return static_cast<char>(kind) + length_of(bytes.size()) + std::string(bytes);
}

std::string encode_value(const base::Json& value) {
  return encode(FrameKind::end, base::to_text(base::JsonObject{{"value", value}}));
}

std::string encode_error(const base::Error& error) {
  const std::string message = base::printable(std::string_view(error.message).substr(0, kMessageBytes));
  return encode(FrameKind::end,
                base::to_text(base::JsonObject{
                    {"error", base::JsonObject{{"kind", base::kind_name(error.kind)}, {"message", message}}}}));
}

base::Result<std::optional<std::string_view>> take_request(std::string_view& received) {
  if (received.size() < 4) return std::nullopt;
  const std::size_t length = length_at(received);
  if (length > kRequestBytes)
    return base::fail(base::Kind::invalid_input, fmt::format("a request of {} bytes is longer than {}", length, kRequestBytes));
  if (received.size() < 4 + length) return std::nullopt;
  const std::string_view request = received.substr(4, length);
  received.remove_prefix(4 + length);
  return request;
}

base::Result<std::optional<Frame>> take_frame(std::string_view& received) {
  if (received.empty()) return std::nullopt;
  const auto kind = static_cast<FrameKind>(received.front());
  if (kind != FrameKind::body && kind != FrameKind::end)
    return base::fail(base::Kind::invalid_input, "the host reader's answer is not in its protocol");
  if (received.size() < 5) return std::nullopt;
  const std::size_t length = length_at(received.substr(1));
  if (length > kFrameBytes)
    return base::fail(base::Kind::invalid_input, fmt::format("the host reader's frame of {} bytes is too long", length));
  if (received.size() < 5 + length) return std::nullopt;
  const Frame frame{kind, received.substr(5, length)};
  received.remove_prefix(5 + length);
  return frame;
}

base::Result<base::Json> parse_end(std::string_view json) {
  base::Json end = TRY(base::parse_json(json, "the host reader's answer"));
  if (const base::Json* error = base::find(end, "error"))
    return base::fail(kind_of(base::get_string(*error, "kind")), std::string(base::get_string(*error, "message")));
  const base::Json* value = base::find(end, "value");
  if (!value) return base::fail(base::Kind::invalid_input, "the host reader's answer has neither value nor error");
  return *value;
}

base::Json to_json(const benchmark::FileStatus& status) {
  return base::JsonObject{
      {"type", status.type}, {"uid", status.uid}, {"gid", status.gid}, {"mode", status.mode}, {"realPath", status.real_path}};
}

base::Result<benchmark::FileStatus> parse_status(const base::Json& value) {
  const auto uid = base::get_int(value, "uid"), gid = base::get_int(value, "gid"), mode = base::get_int(value, "mode");
  benchmark::FileStatus status;
  status.type = base::get_string(value, "type");
  status.real_path = base::get_string(value, "realPath");
  if (!uid || !gid || !mode || status.type.empty() || *mode < 0 || *mode > 07777)
    return base::fail(base::Kind::invalid_input, "the host reader's answer is no status of a file");
  status.uid = *uid;
  status.gid = *gid;
  status.mode = static_cast<std::uint32_t>(*mode);
  return status;
}

base::Json to_json(const std::vector<std::string>& texts) { return base::JsonArray(texts.begin(), texts.end()); }

base::Result<std::vector<std::string>> parse_texts(std::string_view json) {
  const base::Json value = TRY(base::parse_json(json, "the host reader's list"));
  const auto* items = value.if_array();
  if (!items) return base::fail(base::Kind::invalid_input, "the host reader's answer is no list");
  std::vector<std::string> texts;
  for (const base::Json& item : *items) {
    if (!item.is_string()) return base::fail(base::Kind::invalid_input, "the host reader's list has what is no text");
    texts.emplace_back(base::as_string(item));
  }
  return texts;
}

}  // namespace hostreader
